"""Work on several processes, its results in the order of the input, with few pieces of either in memory."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import Any, Generic, TypeVar

from app.batch.errors import BatchError

Given = TypeVar("Given")
Made = TypeVar("Made")
_AHEAD = 2
"""Pieces handed out for each process: one to work on, one to take next."""


def ordered(
    make: Callable[[], Callable[[Given], Made]], pieces: Iterable[Given], processes: int
) -> Generator[Made, None, None]:
    """The result of each piece, in order. ``make`` runs once in each process and gives the function that does the work.

    Both have to be picklable. With one process the work is done here. Raises BatchError when a process dies.
    """
    if processes == 1:
        yield from map(make(), pieces)
        return
    executor = ProcessPoolExecutor(
        processes, multiprocessing.get_context("spawn"), initializer=_Worker.start, initargs=(make,)
    )
    try:
        yield from _in_order(executor, pieces, processes * _AHEAD)
    except BrokenProcessPool:
        msg = "a process died (above may stand why; else, out of memory?); the same command goes on where it stopped, --workers 1 needs least memory"
        raise BatchError(msg) from None
    finally:
        executor.shutdown(cancel_futures=True)


def _in_order(executor: ProcessPoolExecutor, pieces: Iterable[Given], ahead: int) -> Iterator[Any]:
    running: deque[Future[Any]] = deque()
    for piece in pieces:
        with _interrupts_held():
            running.append(executor.submit(_Worker.work, piece))
        if len(running) == ahead:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold an interrupt back while processes start: in the midst of it, it would leave them without what they are to do.

    They inherit that it is blocked here, so that a terminal does not interrupt them either.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _: held.append(number))  # another thread may receive it
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        signal.signal(signal.SIGINT, handler)
    if held:
        raise KeyboardInterrupt


class _Worker(Generic[Given, Made]):
    """What a process holds."""

    _do: Callable[[Any], Any]

    @classmethod
    def start(cls, make: Callable[[], Callable[[Any], Any]]) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted too, and ends the work
        threading.Thread(target=_end_with_parent, daemon=True).start()
        cls._do = staticmethod(make())

    @classmethod
    def work(cls, piece: Any) -> Any:
        return cls._do(piece)


def _end_with_parent() -> None:
    """A killed parent cannot end its processes, and they would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
