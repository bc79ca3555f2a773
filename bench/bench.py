"""How fast, in ratios: engine in process, service over HTTP, and a bare FastAPI route that validates the same body.

The bare route runs twice: silent, and with uvicorn's access log, as the service writes one.

All in one run, interleaved round by round, so that a busy machine slows all alike. ``make bench`` or
``make bench ARGS="--rounds 3 --seconds 1"``.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import orjson
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.service import Engine  # noqa: E402 - after the path
from app.settings import Settings  # noqa: E402
from app.startup import load  # noqa: E402

CONCURRENCIES = (1, 32)
_WARM_UP_SECONDS = 5
"""Before the first round: every ranking of the mix is made once. What the first one costs is told by 'every ranking anew'."""


def cases() -> list[bytes]:
    """The vignettes of the tests that are answered rather than refused, as request bodies."""
    paths = sorted((ROOT / "tests" / "cases").glob("*.yaml"))
    vignettes = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths)
    return [orjson.dumps(one["case"]) for one in vignettes if "error" not in one["expect"]]


def engine_times(engine: Engine, bodies: list[bytes], seconds: float, *, keep: bool) -> list[float]:
    """Microseconds per case. ``keep=False`` forgets kept rankings before every case, as if each were the first of its kind."""
    times = []
    if keep:
        for body in bodies:
            engine.recommend_bytes(body)
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        for body in bodies:
            if not keep:
                engine._ranking.cache_clear()  # noqa: SLF001 - what is measured is the work without it
                engine._picture.cache_clear()  # noqa: SLF001
            started = time.perf_counter_ns()
            engine.recommend_bytes(body)
            times.append((time.perf_counter_ns() - started) / 1000)
    return times


@contextlib.contextmanager
def server(arguments: list[str], environment: dict[str, str]) -> Iterator[int]:
    """A server on a free port, until it answers; ended on the way out."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, *arguments, "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        _await_port(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await_port(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            sys.exit("the server ended before it answered")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.2):
            return
        time.sleep(0.05)
    sys.exit("the server did not answer in time")


def hit(port: int, concurrency: int, seconds: float, bodies: Path) -> dict[str, float]:
    """One burst of load from a process of its own."""
    command = [sys.executable, str(ROOT / "bench" / "load.py"), str(port), str(concurrency), str(seconds), str(bodies)]
    result: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    if result["failures"]:
        sys.exit(f"{result['failures']:.0f} answers were not 200")
    return result


def start_time_and_memory() -> tuple[float, float]:
    """Seconds until ready and megabytes resident of a fresh worker."""
    started = time.perf_counter()
    with server(["-m", "app", "serve"], {}) as port:
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1)
                break
        seconds = time.perf_counter() - started
        text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5).read().decode()
    resident = next((float(line.split()[1]) for line in text.splitlines() if line.startswith("process_resident")), 0.0)
    return seconds, resident / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement in each round")
    arguments = parser.parse_args()
    bodies = cases()
    if len(bodies) < 20:
        sys.exit(f"{len(bodies)} cases in tests/cases; at least 20 are needed for a mix that means something")
    engine = load(Settings()).engine
    gc.collect()
    gc.freeze()  # as the service does once the knowledge is loaded
    sizes = [len(engine.recommend_bytes(body).body) for body in bodies]
    answer_bytes = int(statistics.mean(sizes))
    print(
        f"{len(bodies)} cases of {statistics.mean(map(len, bodies)):.0f} bytes, answers of {answer_bytes} bytes (means)"
    )
    seconds, megabytes = start_time_and_memory()
    print(f"ready after {seconds:.2f} s, {megabytes:.0f} MB resident\n")

    kept: list[float] = []
    fresh: list[float] = []
    rates: dict[tuple[str, int], list[dict[str, float]]] = {}
    bare = ["-m", "uvicorn", "bench.bare:app"]
    silent = [*bare, "--no-access-log", "--log-level", "warning"]
    canned = {"BENCH_ANSWER_BYTES": str(answer_bytes)}
    with (
        tempfile.TemporaryDirectory() as folder,
        server(["-m", "app", "serve"], {"TKI_LOG_LEVEL": "warning"}) as service_port,
        server(silent, canned) as silent_port,
        server(bare, canned) as logging_port,
    ):
        ports = {"service": service_port, "bare, silent": silent_port, "bare, access log": logging_port}
        path = Path(folder) / "bodies"
        path.write_bytes(b"\n".join(bodies))
        for port in ports.values():
            hit(port, 8, _WARM_UP_SECONDS, path)
        for number in range(arguments.rounds):
            kept += engine_times(engine, bodies, arguments.seconds / 2, keep=True)
            fresh += engine_times(engine, bodies, arguments.seconds / 2, keep=False)
            for concurrency in CONCURRENCIES:
                for name, port in ports.items():
                    found = hit(port, concurrency, arguments.seconds, path)
                    rates.setdefault((name, concurrency), []).append(found)
            print(f"round {number + 1} of {arguments.rounds} done", file=sys.stderr)
    _report(kept, fresh, rates)


def _report(kept: list[float], fresh: list[float], rates: dict[tuple[str, int], list[dict[str, float]]]) -> None:
    print("engine in process           median        p99")
    for name, times in (("rankings kept", kept), ("every ranking anew", fresh)):
        ordered = sorted(times)
        print(f"  {name:<22}{statistics.median(ordered):>8.0f} µs{ordered[int(len(ordered) * 0.99)]:>8.0f} µs")
    print("\nover HTTP, one worker, keep-alive           req/s       p50       p99")
    for (name, concurrency), found in rates.items():
        middle = {key: statistics.median(one[key] for one in found) for key in ("per_second", "p50_us", "p99_us")}
        label = f"{name}, concurrency {concurrency}"
        print(f"  {label:<38}{middle['per_second']:>9.0f}{middle['p50_us']:>8.0f} µs{middle['p99_us']:>8.0f} µs")
    print("\nratio service : bare route (1.0 or more is the aim), median over rounds")
    for name, concurrency in rates:
        if name != "service":
            pairs = zip(rates["service", concurrency], rates[name, concurrency], strict=True)
            ratios = [ours["per_second"] / theirs["per_second"] for ours, theirs in pairs]
            rounds = ", ".join(f"{one:.2f}" for one in ratios)
            print(f"  {name}, concurrency {concurrency:<3} {statistics.median(ratios):.2f}  (rounds: {rounds})")


if __name__ == "__main__":
    main()
