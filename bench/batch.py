"""What a batch costs: rate and memory of many cases, and how the cost grows with samples, findings and processes.

    python bench/batch.py [--lines 1000000] [--keep FOLDER] [--plot docs/batch-cost.svg] [--json FILE]

Cases are invented from a fixed seed, so that every run answers the same ones: routine ones (1 to 3 samples, 0 to 3
findings each) in the many-line part, and a fiftieth as many of 20 samples with 4 findings each. Times are of a machine
that may do other things; compare the ratios. The plot needs requirements-bench.txt, all else runs without it.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.service import Engine  # noqa: E402 - after the path
from app.settings import Settings  # noqa: E402
from app.startup import load  # noqa: E402

ALK = ("G1202R", "I1171N", "L1196M", "F1174L", "G1269A", "C1156Y", "D1203N", "V1180L", "I1171S", "E1210K")
ROS1 = ("G2032R", "D2033N", "L2026M", "S1986F", "L2086F", "F2004C")
BEFORE = {"ALK": ("crizotinib", "alectinib", "brigatinib", "lorlatinib"), "ROS1": ("crizotinib", "entrectinib")}
BYPASS = ("MET amplification", "KRAS p.G12C", "BRAF p.V600E", "TP53 p.R273H")
SAMPLES, FINDINGS = 20, 4


def case(number: int, samples: int, findings: int) -> dict[str, Any]:
    """One case: a series of plasma samples, each with its findings, on one or two inhibitors."""
    luck = random.Random(number)
    gene = "ALK" if luck.random() < 0.75 else "ROS1"
    pool = [f"{gene} p.{change}" for change in (ALK if gene == "ALK" else ROS1)] + list(BYPASS)
    drugs = luck.sample(BEFORE[gene], luck.randint(1, 2))
    return {
        "case_id": f"bench-{number}",
        "driver": {"gene": gene},
        "treatments": [
            {
                "drugs": [drug],
                "started": f"{2020 + 2 * place}-01-10",
                "ended": f"{2021 + 2 * place}-12-01",
                "stop_reason": "progression",
            }
            for place, drug in enumerate(drugs)
        ],
        "samples": [
            {
                "sample_id": f"P{place}",
                "collected": f"{2020 + place // 6}-{place % 6 * 2 + 1:02}-20",
                "specimen": "plasma",
                "findings": [
                    f"{one} {luck.uniform(0.1, 9):.1f}%" if "p." in one else one
                    for one in luck.sample(pool, min(findings, len(pool)))
                ],
            }
            for place in range(samples)
        ],
    }


def routine(count: int) -> Iterator[bytes]:
    """Cases as a laboratory has them."""
    for number in range(count):
        luck = random.Random(-number)
        yield json.dumps(case(number, luck.randint(1, 3), luck.randint(0, 3))).encode() + b"\n"


def lines(count: int, samples: int = SAMPLES, findings: int = FINDINGS) -> Iterator[bytes]:
    """Cases of one shape."""
    for number in range(count):
        yield json.dumps(case(number, samples, findings)).encode() + b"\n"


def grown(engine: Engine, rounds: int) -> dict[str, dict[int, float]]:
    """Processor microseconds per case by number of samples and of findings.

    Shapes take turns; of each case its best time counts, of each shape the median of 40 cases, as others may disturb.
    """
    shapes = [("samples", count, count, 4) for count in (1, 2, 5, 10, 20, 40)]
    shapes += [("findings", count, 5, count) for count in (0, 1, 2, 4, 8)]
    bodies = {shape: [line.strip() for line in lines(40, shape[2], shape[3])] for shape in shapes}
    best: dict[tuple[str, int, int], float] = {}
    for _ in range(rounds):
        for shape, cases in bodies.items():
            for place, body in enumerate(cases):
                started = time.thread_time_ns()
                engine.recommend_bytes(body)
                key = (shape[0], shape[1], place)
                best[key] = min(best.get(key, float("inf")), (time.thread_time_ns() - started) / 1000)
    found: dict[str, dict[int, float]] = {"samples": {}, "findings": {}}
    for what, count, _, _ in shapes:
        taken = [spent for key, spent in best.items() if key[:2] == (what, count)]
        found[what][count] = round(statistics.median(taken), 1)
    return found


class Watch:
    """The most memory that a process and its children held together, in MiB."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            self.peak = max(self.peak, sum(_resident(pid) for pid in _family(self._pid)))

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return round(self.peak, 1)


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in task.read_text().split():
                found += _family(int(child))
    return found


def _resident(pid: int) -> float:
    with contextlib.suppress(OSError, StopIteration):
        text = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in text if line.startswith("VmRSS")).split()[1]) / 1024
    return 0.0


def batch(source: Path, workers: int, count: int, folder: Path) -> dict[str, Any]:
    """One run of ``tki batch``: rate, and the most memory of all its processes."""
    target = folder / "out.ndjson.gz"
    for path in folder.glob("out.*"):
        path.unlink()
    command = [sys.executable, "-m", "app", "batch", str(source), str(target), "--workers", str(workers), "--quiet"]
    started, spent = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, cwd=ROOT)
    watch = Watch(process.pid)
    if process.wait():
        raise SystemExit(1)
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - spent.ru_utime - spent.ru_stime
    found = {
        "lines": count,
        "workers": workers,
        "cases": source.stem.rpartition("-")[0],
        "seconds": round(seconds, 1),
        "cases_per_second": round(count / seconds),
        "processor_seconds": round(processor, 1),
        "cases_per_processor_second": round(count / processor),
        "peak_mib": watch.stop(),
        "output_mib": round(target.stat().st_size / 2**20, 1),
    }
    print(json.dumps(found), flush=True)
    target.unlink()
    return found


def written(folder: Path, name: str, made: Iterator[bytes]) -> Path:
    path = folder / f"{name}.ndjson"
    if not path.exists():
        beside = path.with_suffix(".writing")
        with beside.open("wb") as file:
            file.writelines(made)
        beside.rename(path)
    return path


def plot(found: dict[str, Any], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["svg.hashsalt"] = "batch"
    from matplotlib import pyplot

    figure, (samples, findings, cores) = pyplot.subplots(1, 3, figsize=(11, 3.4), layout="constrained")
    for axes, what, word in (
        (samples, "samples", "samples (4 findings each)"),
        (findings, "findings", "findings per sample (5 samples)"),
    ):
        taken = found["growth"][what]
        axes.plot([int(count) for count in taken], list(taken.values()), "o-", color="#1f5a94")
        axes.set(xlabel=word, ylabel="processor µs per case" if axes is samples else "", ylim=(0, None))
        axes.grid(alpha=0.3)
    runs = found["cores"]
    cores.bar(
        [str(run["workers"]) for run in runs], [run["cases_per_second"] for run in runs], color="#1f5a94", width=0.5
    )
    cores.set(xlabel=f"processes ({os.cpu_count()} cores)", ylabel="cases per second, with start-up")
    cores.grid(alpha=0.3, axis="y")
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000, help="cases of the many-line part (default: %(default)s)")
    parser.add_argument("--steps", type=int, nargs="*", default=[1, 2], help="numbers of processes to compare")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--keep", type=Path, help="folder for the inputs, kept for the next run")
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--json", type=Path, help="write what was measured")
    arguments = parser.parse_args()
    engine = load(Settings()).engine
    gc.collect()
    gc.freeze()  # as the service and the batch do
    found: dict[str, Any] = {"growth": grown(engine, arguments.rounds)}
    print(json.dumps(found), flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        tenth, fiftieth, most = max(arguments.lines // 10, 1), max(arguments.lines // 50, 1), max(arguments.steps)
        few = written(folder, f"routine-{tenth}", routine(tenth))
        many = written(folder, f"routine-{arguments.lines}", routine(arguments.lines))
        long = written(folder, f"twenty-samples-{fiftieth}", lines(fiftieth))
        found["cores"] = [batch(few, workers, tenth, folder) for workers in arguments.steps]
        found["twenty_samples"] = batch(long, most, fiftieth, folder)
        found["many"] = batch(many, most, arguments.lines, folder)
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n")
    if arguments.plot:
        plot(found, arguments.plot)


if __name__ == "__main__":
    main()
