"""``tki batch`` killed again and again, as no handler can see, and started again: nothing is lost, nothing is there twice."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.batches import ENVIRONMENT, cases, command, tki, write
from tests.trees import REPOSITORY

COUNT = 1500


def children(pid: int) -> list[int]:
    """The processes that a process started, and theirs."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("output", ["out.ndjson", "out.parquet"])
def test_killed_at_random_moments(tmp_path: Path, output: str):
    source = write(tmp_path / "in.ndjson.gz", cases(COUNT))
    whole = tki("batch", source, tmp_path / f"whole.{output}", "--workers", "1")
    assert whole.returncode == 0, whole.stderr
    moments, kills = random.Random(output), 0
    journal = tmp_path / f"{output}.journal"
    while kills < 3:
        started = subprocess.Popen(
            command("batch", source, tmp_path / output, "--workers", "2", "--quiet"), cwd=REPOSITORY, env=ENVIRONMENT
        )
        parts = journal.read_bytes().count(b"\n") if journal.exists() else 0
        while started.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") <= parts):
            time.sleep(0.005)  # until it has added something, so that the kills bring it to its end
        time.sleep(moments.random() * 0.3)
        if started.poll() is not None:
            break
        family = children(started.pid)
        started.send_signal(signal.SIGKILL)
        started.wait()
        kills += 1
        until = time.monotonic() + 10
        while any(map(runs, family)):
            assert time.monotonic() < until, "a process outlived its killed parent"
            time.sleep(0.01)
    assert kills >= 2
    last = tki("batch", source, tmp_path / output, "--workers", "2")
    assert last.returncode == 0, last.stderr
    assert f"{COUNT} cases" in last.stderr
    assert (tmp_path / output).read_bytes() == (tmp_path / f"whole.{output}").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {
        source.name,
        *(name + end for name in (output, f"whole.{output}") for end in ("", ".journal")),
    }


def test_interrupted_it_says_how_to_go_on(tmp_path: Path):
    many = 4 * COUNT  # far from its end when the first part is down
    source = write(tmp_path / "in.ndjson", cases(many))
    journal = tmp_path / "out.ndjson.journal"
    started = subprocess.Popen(
        command("batch", source, tmp_path / "out.ndjson", "--workers", "2"),
        cwd=REPOSITORY,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 60
    while (not journal.exists() or b"\n" not in journal.read_bytes()) and time.monotonic() < until:
        time.sleep(0.01)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=30)
    assert started.returncode == 130
    assert "the same command goes on" in said
    assert "Traceback" not in said
    assert tki("batch", source, tmp_path / "out.ndjson").returncode == 0
    assert (tmp_path / "out.ndjson").read_bytes().count(b"\n") == many


def test_refusals_are_told_in_one_line(tmp_path: Path):
    refused = tki("batch", tmp_path / "in.ndjson", tmp_path / "out.txt")
    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 1
