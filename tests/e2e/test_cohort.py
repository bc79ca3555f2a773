"""``tki cohort`` on real Dask clusters of several processes."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from tests.support.batches import ENVIRONMENT, cases, tki, write
from tests.trees import REPOSITORY

COUNT = 80


def expected(tmp_path: Path, source: Path) -> pd.DataFrame:
    """The same cohort, answered without Dask."""
    done = tki("batch", source, tmp_path / "alone.parquet", "--workers", "1")
    assert done.returncode == 0, done.stderr
    return pd.read_parquet(tmp_path / "alone.parquet")


def check(answers: Path, alone: pd.DataFrame) -> None:
    found = pd.read_parquet(answers)
    assert list(found["patient"]) == list(alone["line"] - 1)
    pd.testing.assert_frame_equal(
        found.drop(columns="patient"), alone.drop(columns="line"), check_dtype=False, check_index_type=False
    )


def test_on_a_cluster_of_this_machine(tmp_path: Path):
    source = write(tmp_path / "in.parquet", cases(COUNT))
    done = tki("cohort", source, tmp_path / "answers", "--workers", "2", "--keep", "patient")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "answers").glob("*.parquet"))) == 4
    check(tmp_path / "answers", expected(tmp_path, source))
    again = tki("cohort", source, tmp_path / "answers")
    assert again.returncode == 1
    assert "is there already" in again.stderr


@contextmanager
def cluster(tmp_path: Path, workers: int, **environment: str) -> Iterator[str]:
    """A scheduler and its workers, each a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
    python = [sys.executable, "-m"]
    quiet = {"cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    path = {"PYTHONPATH": str(REPOSITORY)}
    scheduler = [*python, "distributed.cli.dask_scheduler", "--host", address, "--no-dashboard"]
    worker = [*python, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    processes = [subprocess.Popen(scheduler, env=ENVIRONMENT | path, **quiet)]
    time.sleep(2)
    processes += [subprocess.Popen(worker, env=ENVIRONMENT | path | environment, **quiet) for _ in range(workers)]
    try:
        yield address
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.wait()


def test_on_a_scheduler_that_is_named(tmp_path: Path):
    source = write(tmp_path / "in.parquet", cases(COUNT))
    with cluster(tmp_path, 2) as address:
        done = tki("cohort", source, tmp_path / "answers", "--scheduler", address, "--keep", "patient")
    assert done.returncode == 0, done.stderr
    check(tmp_path / "answers", expected(tmp_path, source))


def test_the_example_runs(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "examples/cohort.py", tmp_path / "cohort", "--cases", "40"],
        cwd=REPOSITORY,
        env=ENVIRONMENT | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "lorlatinib" in done.stdout
