"""A real server in a process of its own, over real HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.wire.case import CASE_EXAMPLE
from tests.trees import REPOSITORY


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, dict, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json", **headers} if body else headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(folder: Path, **environment: str) -> Iterator[Server]:
    port, log = free_port(), folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--port", str(port)],
            cwd=REPOSITORY,
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    server = Server(process, port, log)
    try:
        for _ in range(300):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            with contextlib.suppress(OSError):
                if server.request("GET", "/readyz")[0] == 200:
                    break
            time.sleep(0.05)
        yield server
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("server"), TKI_MAX_BODY_BYTES="100000") as server:
        yield server


def test_a_case_is_answered_over_http(server: Server):
    status, headers, body = server.request("POST", "/v1/recommendations", json.dumps(CASE_EXAMPLE).encode())
    assert status == 200
    assert headers["content-type"] == "application/json"
    assert "server" not in headers
    assert json.loads(body)["options"][0]["rank"] == 1


def test_the_command_line_gives_the_same_bytes(server: Server, tmp_path: Path):
    case = tmp_path / "case.json"
    case.write_text(json.dumps(CASE_EXAMPLE), encoding="utf-8")
    command = [sys.executable, "-m", "app", "recommend", str(case), "--compact"]
    said = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True).stdout
    assert said == server.request("POST", "/v1/recommendations", case.read_bytes())[2]


def test_a_connection_serves_many_requests(server: Server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for body in (b'{"driver":{"gene":"ALK"}}', b"{", b'{"driver":{"gene":"ROS1"}}'):
        connection.request("POST", "/v1/recommendations", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        assert answer.status == (400 if body == b"{" else 200)
    connection.close()


def test_a_client_that_asks_first_is_refused_before_it_sends(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        head = "POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n"
        raw.sendall(f"{head}Expect: 100-continue\r\n\r\n".encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_a_client_that_sends_five_megabytes_at_once_reads_why_they_were_refused(server: Server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("POST", "/v1/recommendations", b" " * 5_000_000, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"at most" in answer.read()
    connection.close()


def test_a_body_that_declares_gigabytes_is_refused_unread(server: Server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        head = "POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000000000\r\n\r\n"
        raw.sendall(head.encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 413")


def test_a_chunked_body_over_the_limit_is_refused(server: Server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    pieces = (b" " * 60_000 for _ in range(3))
    with contextlib.suppress(OSError):
        connection.request(
            "POST", "/v1/recommendations", pieces, {"Content-Type": "application/json"}, encode_chunked=True
        )
    assert connection.getresponse().status == 413
    connection.close()


def test_what_goes_wrong_is_a_problem(server: Server):
    for method, path, expected in (
        ("GET", "/nope", 404),
        ("PUT", "/v1/drugs", 405),
        ("GET", "/v1/recommendations", 405),
    ):
        status, headers, body = server.request(method, path)
        assert status == expected
        assert headers["content-type"] == "application/problem+json"
        assert json.loads(body)["status"] == expected


def test_logs_are_json_and_hold_nothing_of_the_case(tmp_path: Path):
    with running(tmp_path) as server:
        case = {**CASE_EXAMPLE, "case_id": "SECRET"}
        server.request("POST", "/v1/recommendations", json.dumps(case).encode(), **{"X-Request-ID": "abc"})
        server.request("POST", "/v1/recommendations", b'{"driver":{"gene":"SECRET"}}')
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=20) in {0, -signal.SIGTERM}
        lines = server.lines()
        assert "SECRET" not in server.log.read_text(encoding="utf-8")
    access = [line for line in lines if line["logger"] == "tki.access" and line["method"] == "POST"]
    assert [line["status"] for line in access] == [200, 422]
    assert access[0]["request_id"] == "abc"
    assert any(line["message"] == "ready" for line in lines if "message" in line)


def test_knowledge_that_cannot_be_served_stops_the_start_and_says_why(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "app", "serve", "--port", str(free_port())],
        cwd=REPOSITORY,
        env={**os.environ, "TKI_KNOWLEDGE_RELEASE": "1999.1.0"},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert b"there is no release 1999.1.0" in done.stdout


def test_several_workers_serve_one_port(tmp_path: Path):
    with running(tmp_path, TKI_WORKERS="2") as server:
        assert server.request("POST", "/v1/recommendations", b'{"driver":{"gene":"ROS1"}}')[0] == 200
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=30)
