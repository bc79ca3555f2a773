"""Cases out of a file, one at a time, with how far into the file they reach."""

from __future__ import annotations

import csv
import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from app.batch.errors import BatchError
from app.batch.formats import Format
from app.batch.lines import Line, split

CASE_COLUMN = "case"
"""Of a CSV or Parquet input: the case as JSON text."""
_PIECE = 262_144
_ROWS = 256

Opened = BinaryIO | gzip.GzipFile
Sourced = tuple[Line, float]
"""A case, and the share of the file that was read by then, 0..1."""


@contextmanager
def cases_in(path: Path, form: Format, limit: int, after: int = 0) -> Iterator[Iterator[Sourced]]:
    """The cases of a file, without those up to line ``after``. A case longer than ``limit`` bytes is marked as too long."""
    with path.open("rb") as raw, ExitStack() as opened:
        share = _Share(raw, max(path.stat().st_size, 1))
        if form.kind == "parquet":
            found = _parquet(raw)
        elif form.kind == "csv":
            text = io.TextIOWrapper(_plain(raw, form), encoding="utf-8-sig", errors="surrogateescape", newline="")
            opened.callback(text.detach)
            found = ((line, share()) for line in _csv(text))
        else:
            found = ((line, share()) for line in split(_pieces(_plain(raw, form)), limit))
        yield ((_limited(line, limit), reached) for line, reached in found if line.number > after)


@dataclass(frozen=True, slots=True)
class _Share:
    raw: BinaryIO
    size: int

    def __call__(self) -> float:
        return self.raw.tell() / self.size


def _plain(raw: BinaryIO, form: Format) -> Opened:
    return gzip.GzipFile(fileobj=raw) if form.gzip else raw


def _pieces(opened: Opened) -> Iterator[bytes]:
    try:
        while piece := opened.read(_PIECE):
            yield piece
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        msg = f"the gzip input is damaged: {error}"
        raise BatchError(msg) from None


def _csv(text: io.TextIOWrapper) -> Iterator[Line]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        rows = csv.reader(text)
        column = _case_column(next(rows, []))
        for number, row in enumerate(rows, start=1):
            given = row[column] if column < len(row) else ""
            yield Line(number, given.encode(errors="surrogateescape").strip())
    except (EOFError, gzip.BadGzipFile, zlib.error, csv.Error) as error:
        msg = f"the CSV input is damaged: {error}"
        raise BatchError(msg) from None


def _case_column(header: list[str]) -> int:
    if CASE_COLUMN not in header:
        msg = f"the input needs a column named {CASE_COLUMN!r} with each case as JSON; it has: {', '.join(header) or 'none'}"
        raise BatchError(msg)
    return header.index(CASE_COLUMN)


def _parquet(raw: BinaryIO) -> Iterator[Sourced]:
    try:
        from pyarrow import parquet
    except ImportError:
        msg = "Parquet needs pyarrow, which is not installed: pip install -r requirements-cohort.txt"
        raise BatchError(msg) from None
    opened = parquet.ParquetFile(raw)
    _case_column(opened.schema_arrow.names)
    rows, number = max(opened.metadata.num_rows, 1), 0
    for batch in opened.iter_batches(batch_size=_ROWS, columns=[CASE_COLUMN]):
        for given in batch.column(0).to_pylist():
            number += 1
            text = given.encode() if isinstance(given, str) else given or b""
            yield Line(number, text.strip()), number / rows


def _limited(line: Line, limit: int) -> Line:
    return Line(line.number, b"", too_long=True) if len(line.content) > limit else line
