"""Order, few pieces in memory, and an end when a process dies."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.batch.errors import BatchError
from app.batch.pool import ordered


def slow_square(number: int) -> tuple[int, int]:
    time.sleep(random.random() / 200)
    return number * number, os.getpid()


def make() -> Callable[[int], tuple[int, int]]:
    return slow_square


def meet(folder: str) -> int:
    """Waits for another process that does the same."""
    (Path(folder) / str(os.getpid())).touch()
    until = time.monotonic() + 60
    while (met := len(list(Path(folder).iterdir()))) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    return met


def make_meeting() -> Callable[[str], int]:
    return meet


def die(_: int) -> int:
    os._exit(9)


def make_dying() -> Callable[[int], int]:
    return die


class Taken:
    """Counts what is taken out of it."""

    def __init__(self, count: int) -> None:
        self.count, self.taken = count, 0

    def __iter__(self) -> Iterator[int]:
        for number in range(self.count):
            self.taken += 1
            yield number


@pytest.mark.parametrize("processes", [1, 3])
def test_results_come_in_order_and_little_is_taken_ahead(processes: int):
    pieces = Taken(60)
    seen = []
    for result, _ in ordered(make, pieces, processes):
        seen.append(result)
        assert pieces.taken - len(seen) <= 2 * processes
    assert seen == [number * number for number in range(60)]


def test_several_processes_work(tmp_path: Path):
    assert list(ordered(make_meeting, [str(tmp_path)] * 4, 2)) == [2] * 4


def test_a_process_that_dies_is_told():
    with pytest.raises(BatchError, match="a process died"):
        list(ordered(make_dying, range(5), 2))
