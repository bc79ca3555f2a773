"""Keep-alive load from a process of its own: ``load.py PORT CONCURRENCY SECONDS BODIES``. Prints one line of JSON.

Each connection sends the next body as soon as the answer to the last one is whole. Written on bare asyncio protocols, so
that it is not what is measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle
from pathlib import Path

import uvloop


class Connection(asyncio.Protocol):
    """One keep-alive connection."""

    def __init__(self, requests: list[bytes], offset: int, until: float, done: asyncio.Future[None]) -> None:
        self.requests = cycle(requests[offset:] + requests[:offset])
        self.until = until
        self.done = done
        self.latencies: list[float] = []
        self.failures = 0
        self.buffer = bytearray()
        self.expected = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.send()

    def send(self) -> None:
        self.sent = time.perf_counter()
        self.transport.write(next(self.requests))  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.expected:
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            head = bytes(self.buffer[:end]).lower()
            self.failures += not head.startswith(b"http/1.1 200")
            start = head.index(b"content-length: ") + 16
            self.expected = end + 4 + int(head[start : head.find(b"\r", start) if b"\r" in head[start:] else None])
        if len(self.buffer) < self.expected:
            return
        now = time.perf_counter()
        self.latencies.append(now - self.sent)
        self.buffer.clear()
        self.expected = 0
        if now < self.until:
            self.send()
        else:
            self.transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)


async def main(port: int, concurrency: int, seconds: float, bodies: list[bytes]) -> None:
    loop = asyncio.get_running_loop()
    head = "POST /v1/recommendations HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n"
    requests = [head.format(len(body)).encode() + body for body in bodies]
    started = time.perf_counter()
    connections = []
    for number in range(concurrency):
        done = loop.create_future()
        factory = Connection(requests, number % len(requests), started + seconds, done)
        await loop.create_connection(lambda made=factory: made, "127.0.0.1", port)  # type: ignore[misc]
        connections.append(factory)
    await asyncio.gather(*(connection.done for connection in connections))
    spent = time.perf_counter() - started
    latencies = sorted(latency for connection in connections for latency in connection.latencies)
    result = {
        "requests": len(latencies),
        "failures": sum(connection.failures for connection in connections),
        "per_second": len(latencies) / spent,
        "p50_us": latencies[len(latencies) // 2] * 1e6,
        "p99_us": latencies[int(len(latencies) * 0.99)] * 1e6,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    port, concurrency, seconds, path = sys.argv[1:5]
    uvloop.run(main(int(port), int(concurrency), float(seconds), Path(path).read_bytes().splitlines()))
