"""Gzip, opened piece by piece, with a guard against bodies that grow out of all proportion."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_PIECE = 65_536
_GZIP = 31
SLACK = 1_048_576
"""Bytes that may come out before the ratio is judged."""


class InflateError(Exception):
    """The gzip stream is broken, cut short, or grows beyond the ratio."""


class Inflater:
    """Opens a gzip stream of one or more members. What comes out may be ``max_ratio`` times what went in."""

    def __init__(self, max_ratio: int) -> None:
        self._max_ratio = max_ratio
        self._taken = self._given = 0
        self._member = zlib.decompressobj(_GZIP)
        self._begun = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """What this piece holds, at most 64 KiB at a time. Raises InflateError."""
        self._taken += len(piece)
        rest = piece
        while rest:
            if self._member.eof:
                rest = rest.lstrip(b"\0")  # padding after a member
                if not rest:
                    return
                self._member = zlib.decompressobj(_GZIP)
            self._begun = True
            given = self._open(rest)
            if given:
                yield given
            rest = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def _open(self, rest: bytes) -> bytes:
        try:
            given = self._member.decompress(rest, _PIECE)
        except zlib.error:
            msg = "The body is not gzip, though Content-Encoding says so, or it was damaged on the way."
            raise InflateError(msg) from None
        self._given += len(given)
        if self._given > SLACK and self._given > self._taken * self._max_ratio:
            msg = f"The body grows to more than {self._max_ratio} times its size when it is opened."
            raise InflateError(msg)
        return given

    def end(self) -> Iterator[bytes]:
        """What is left once all was fed. Raises InflateError when the stream was cut short."""
        while self._begun and not self._member.eof:
            given = self._open(self._member.unconsumed_tail)
            if not given:
                break
            yield given
        if self._begun and not self._member.eof:
            msg = "The gzip stream was cut short: its end is missing."
            raise InflateError(msg)
