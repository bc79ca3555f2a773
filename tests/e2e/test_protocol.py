"""The hot route is answered by the HTTP protocol itself, and in everything that it leaves to the application as the application does."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_server import Server, running

PATH = "/v1/recommendations"
CASES = (b'{"driver":{"gene":"ALK"}}', b'{"driver":{"gene":"ROS1"},"language":"zh-CN"}')


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running(tmp_path_factory.mktemp("protocol")) as server:
        yield server


def posted(body: bytes, *headers: str, length: int | None = None, version: str = "1.1") -> bytes:
    lines = (f"POST {PATH} HTTP/{version}", "Host: x", "Content-Type: application/json", *headers)
    return "\r\n".join((*lines, f"Content-Length: {len(body) if length is None else length}", "", "")).encode() + body


def answers(raw: socket.socket, count: int) -> list[tuple[bytes, dict[bytes, bytes], bytes]]:
    """Status line, headers and body of so many answers, in their order."""
    file, found = raw.makefile("rb"), []
    for _ in range(count):
        status = file.readline().strip()
        headers = {}
        while line := file.readline().strip():
            name, _, value = line.partition(b": ")
            headers[name] = value
        found.append((status, headers, file.read(int(headers[b"content-length"]))))
    return found


def exchange(server: Server, *sent: bytes, count: int | None = None) -> list[tuple[bytes, dict[bytes, bytes], bytes]]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        for part in sent:
            raw.sendall(part)
            time.sleep(0.02)
        return answers(raw, len(sent) if count is None else count)


@pytest.mark.parametrize("case", CASES)
def test_an_answer_is_the_same_whoever_gives_it(server: Server, case: bytes):
    """A connection that is to close is left to the application."""
    given = "X-Request-ID: one"
    ((status, headers, body),) = exchange(server, posted(case, given))
    ((status_2, headers_2, body_2),) = exchange(server, posted(case, given, "Connection: close"))
    assert status == status_2 == b"HTTP/1.1 200 OK"
    assert body == body_2
    assert headers_2.pop(b"connection") == b"close"
    assert abs(int(headers.pop(b"date")[-6:-4]) - int(headers_2.pop(b"date")[-6:-4])) in (0, 1, 59)
    assert headers == headers_2
    assert headers[b"x-request-id"] == b"one"


def test_requests_sent_in_one_piece_are_answered_in_their_order(server: Server):
    """Whichever way each goes: the first and the last at once, the others by the application."""
    ready = b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"
    first, second = CASES
    found = exchange(server, posted(first) + ready + posted(b"{") + posted(second), count=4)
    assert [status[9:12] for status, _, _ in found] == [b"200", b"200", b"400", b"200"]
    genes = [json.loads(body).get("interpretation", {}).get("setting") for _, _, body in found]
    assert genes == ["tki_naive", None, None, "tki_naive"]
    assert "ready" in found[1][2].decode()
    assert found[0][2] != found[3][2]


def test_a_body_may_come_in_pieces(server: Server):
    whole = posted(CASES[0])
    ((status, _, body),) = exchange(server, whole[:-20], whole[-20:-5], whole[-5:], count=1)
    assert status.endswith(b"200 OK")
    assert body == exchange(server, whole)[0][2]


def test_a_request_begun_in_the_segment_of_another_has_its_time(server: Server):
    """Longer than a connection is kept open without a request."""
    whole = posted(CASES[0])
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
        raw.sendall(whole + whole[:-10])
        time.sleep(5.5)
        raw.sendall(whole[-10:])
        assert [status[9:12] for status, _, _ in answers(raw, 2)] == [b"200", b"200"]


def test_a_caller_of_http_1_0_is_told_that_the_connection_closes(server: Server):
    ((_, headers, _),) = exchange(server, posted(CASES[0], "Connection: keep-alive", version="1.0"))
    assert headers[b"connection"] == b"close"


def test_a_long_body_is_left_to_the_application_and_answered_alike(server: Server):
    padded = CASES[0] + b" " * 200_000
    assert exchange(server, posted(padded))[0][2] == exchange(server, posted(CASES[0]))[0][2]


def test_a_body_in_chunks_and_a_caller_of_http_1_0_are_answered(server: Server):
    case = CASES[0]
    chunked = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    chunked += b"%x\r\n%b\r\n0\r\n\r\n" % (len(case), case)
    bodies = [exchange(server, request)[0][2] for request in (chunked, posted(case, version="1.0"), posted(case))]
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (posted(b"{"), b"400"),
        (posted(b'{"driver":{"gene":"KRAS"}}'), b"422"),
        (posted(CASES[0], "Accept: text/html"), b"406"),
        (posted(CASES[0], "Content-Encoding: br"), b"415"),
        (posted(b""), b"400"),
        (
            posted(CASES[0]).replace(b"Content-Length: ", b"Content-Length: " + b"0" * 4400).replace(b"gene", b"gone"),
            b"422",
        ),
        (posted(CASES[0]).replace(b"recommendations ", b"recommendations?x=1 "), b"422"),
        (posted(CASES[0]).replace(b"POST", b"PUT"), b"405"),
    ],
)
def test_a_refusal_is_said_by_the_application(server: Server, request_: bytes, status: bytes):
    ((line, headers, body),) = exchange(server, request_)
    assert line.split()[1] == status
    assert headers[b"content-type"] == b"application/problem+json"
    assert json.loads(body)["request_id"].encode() == headers[b"x-request-id"]


def test_each_request_is_counted_and_logged_once(tmp_path: Path):
    with running(tmp_path) as server:
        exchange(server, posted(CASES[0], "X-Request-ID: good"), posted(b"{", "X-Request-ID: bad"))
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
            raw.sendall(posted(b'{"driver"', "X-Request-ID: gone", length=50))
        for _ in range(100):
            time.sleep(0.1)
            lines = [line for line in server.lines() if line.get("path") == PATH]
            if len(lines) >= 3:
                break
        metrics = server.request("GET", "/metrics")[2].decode()
    assert {(line["request_id"], line["status"]) for line in lines} == {("good", 200), ("bad", 400), ("gone", 499)}
    assert len(lines) == 3
    for status in (200, 400, 499):
        assert f'tki_requests_total{{method="POST",path="{PATH}",status="{status}"}} 1\n' in metrics


def test_a_request_whose_body_is_still_coming_is_answered_before_the_end(tmp_path: Path):
    with running(tmp_path) as server:
        whole = posted(CASES[0])
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as raw:
            raw.sendall(whole[:-5])
            time.sleep(0.2)
            os.kill(server.process.pid, signal.SIGTERM)
            time.sleep(0.5)
            raw.sendall(whole[-5:])
            ((status, headers, _),) = answers(raw, 1)
        assert status.endswith(b"200 OK")
        assert headers[b"connection"] == b"close"
        assert server.process.wait(timeout=10) in (0, -signal.SIGTERM)
