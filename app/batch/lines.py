"""Bytes in pieces of any size, out as numbered lines. Holds one line at a time, and never more of it than the limit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One case as it was sent."""

    number: int
    """From 1; blank lines count."""
    content: bytes
    """Without its end; empty when it was too long to be kept."""
    too_long: bool = False


class LineSplitter:
    """Cuts pieces into lines. Blank lines are passed over; a line longer than ``limit`` bytes is dropped and marked."""

    def __init__(self, limit: int) -> None:
        self.number = 1
        """The line that is being read."""
        self._limit = limit
        self._parts: list[bytes] = []
        self._length = 0

    def feed(self, piece: bytes) -> Iterator[Line]:
        """The lines that end in this piece. Take all of them before the next piece is fed."""
        start = 0
        while (end := piece.find(b"\n", start)) >= 0:
            self._keep(piece[start:end])
            line = self._finish()
            start = end + 1
            if line is not None:
                yield line
        self._keep(piece[start:])

    def end(self) -> Iterator[Line]:
        """The last line, when nothing ended it."""
        if self._length:
            line = self._finish()
            if line is not None:
                yield line

    def _keep(self, part: bytes) -> None:
        self._length += len(part)
        if self._length > self._limit + 1:  # one more: the carriage return before the line's end
            self._parts.clear()
        elif part:
            self._parts.append(part)

    def _finish(self) -> Line | None:
        number, too_long = self.number, self._length > self._limit + 1
        content = b"".join(self._parts)
        if number == 1:
            content = content.removeprefix(_BYTE_ORDER_MARK)
        content = content.strip()
        self.number += 1
        self._parts.clear()
        self._length = 0
        if too_long or len(content) > self._limit:
            return Line(number, b"", too_long=True)
        return Line(number, content) if content else None


def split(pieces: Iterable[bytes], limit: int) -> Iterator[Line]:
    """The lines of a text that comes in pieces, one at a time."""
    splitter = LineSplitter(limit)
    for piece in pieces:
        yield from splitter.feed(piece)
    yield from splitter.end()
