"""The batch route of a real server, over real connections."""

from __future__ import annotations

import gzip
import http.client
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from tests.support.batches import ENVIRONMENT, cases, command
from tests.trees import REPOSITORY

PATH = "/v1/recommendations/batch"
HEADERS = {"Content-Type": "application/x-ndjson"}


class Server:
    """A running ``tki serve``."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process, self.port = process, port

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def single(self, body: bytes) -> bytes:
        connection = self.connect()
        connection.request("POST", "/v1/recommendations", body, {"Content-Type": "application/json"})
        found = connection.getresponse().read()
        connection.close()
        return found

    def status(self, name: str) -> int:
        """A line of /proc, such as VmHWM, in kB."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in text.splitlines() if line.startswith(name)).split()[1])

    def cpu(self) -> int:
        """Ticks of processor time so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        command("serve", "--port", str(port)), cwd=REPOSITORY, env=ENVIRONMENT, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            time.sleep(0.05)
    yield Server(process, port)
    process.terminate()
    process.wait(30)


def post(server: Server, lines: Iterator[bytes] | list[bytes], headers: dict[str, str] | None = None) -> list[bytes]:
    """Sends on one thread and reads on another, as callers of a long batch have to."""
    connection = server.connect()
    connection.putrequest("POST", PATH)
    for name, value in (HEADERS | {"Transfer-Encoding": "chunked"} | (headers or {})).items():
        connection.putheader(name, value)
    connection.endheaders()

    def send() -> None:
        for line in lines:
            connection.send(b"%x\r\n%s\r\n" % (len(line), line))
        connection.send(b"0\r\n\r\n")

    sender = threading.Thread(target=send)
    sender.start()
    body = connection.getresponse().read()
    sender.join()
    connection.close()
    return body.splitlines(keepends=True)


def test_answers_are_the_very_bytes_of_single_answers_in_their_order(server: Server):
    bodies = cases(100)
    found = post(server, [body + b"\n" for body in bodies])
    assert len(found) == 100
    for number, (body, line) in enumerate(zip(bodies, found, strict=True), start=1):
        single = server.single(body)
        given = orjson.loads(line)
        if "problem" in given:
            assert given["line"] == number
            alone = orjson.loads(single)
            assert given["problem"] == {name: alone[name] for name in given["problem"]}
        else:
            assert line == single + b"\n"


def test_gzip_both_ways(server: Server):
    bodies = b"\n".join(cases(50))
    connection = server.connect()
    packed = {"Content-Encoding": "gzip", "Accept-Encoding": "gzip"}
    connection.request("POST", PATH, gzip.compress(bodies), HEADERS | packed)
    answer = connection.getresponse()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.read()).splitlines(keepends=True) == post(server, [bodies])
    connection.close()


def test_a_whole_body_at_once_is_taken_though_it_is_larger_than_a_single_case_may_be(server: Server):
    many = b"\n".join(body for body in cases(200) for _ in range(30))
    assert len(many) > 1_048_576
    assert len(post(server, [many])) == 6000


def test_memory_does_not_grow_with_the_number_of_lines(server: Server):
    bodies = [body + b"\n" for body in cases(300)]
    post(server, bodies)
    before = server.status("VmHWM")
    post(server, (body for _ in range(20) for body in bodies))
    assert server.status("VmHWM") - before < 8_000


def test_each_answer_comes_before_the_next_case_is_sent(server: Server):
    connection = socket.create_connection(("127.0.0.1", server.port), 30)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    connection.sendall(head.encode())
    case = b'{"driver":{"gene":"EGFR"}}\n'
    for number in range(1, 4):
        connection.sendall(b"%x\r\n%s\r\n" % (len(case), case))
        found = b""
        while b'"line":%d' % number not in found:
            piece = connection.recv(65_536)
            assert piece
            found += piece
    connection.close()


def test_others_are_answered_meanwhile(server: Server):
    bodies = [body + b"\n" for body in cases(300)]
    running = threading.Thread(target=post, args=(server, (body for _ in range(15) for body in bodies)))
    running.start()
    waits = []
    while running.is_alive():
        started = time.perf_counter()
        server.single(b'{"driver":{"gene":"ALK"}}')
        waits.append(time.perf_counter() - started)
    running.join()
    assert len(waits) > 10
    assert sorted(waits)[len(waits) // 2] < 0.25


def test_a_caller_who_goes_away_stops_the_work(server: Server):
    many = b"\n".join(body for body in cases(200) for _ in range(100))
    connection = socket.create_connection(("127.0.0.1", server.port), 30)
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: {len(many)}\r\n\r\n"
    )
    connection.sendall(head.encode() + many[:400_000])
    connection.recv(1000)
    connection.close()
    time.sleep(1)
    before = server.cpu()
    time.sleep(1)
    assert server.cpu() - before < 20  # of 100 ticks in a second


def test_refusals_are_problems(server: Server):
    connection = server.connect()
    connection.request("POST", PATH, b"{}", {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Content-Type"]) == (415, "application/problem+json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.read()
    connection.request("GET", PATH)
    assert connection.getresponse().status == 405
    connection.close()


def test_metrics_name_the_route(server: Server):
    post(server, [b"{}\n"])
    connection = server.connect()
    connection.request("GET", "/metrics")
    assert f'path="{PATH}",status="200"' in connection.getresponse().read().decode()
    connection.close()
