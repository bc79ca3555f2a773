"""The file formats of a batch, told by the end of a name, and how answers are written in each."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from app.batch.errors import BatchError
from app.batch.lines import Line
from app.batch.rows import COLUMNS, INTEGERS, Row, rows_of

Kind = Literal["ndjson", "csv", "parquet"]
_ENDS: dict[str, Kind] = {
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
    ".csv": "csv",
    ".parquet": "parquet",
}
_LEVEL = 1


@dataclass(frozen=True, slots=True)
class Format:
    """How a file is written: its kind, and whether gzip is around it."""

    kind: Kind
    gzip: bool

    @property
    def name(self) -> str:
        """As in the journal."""
        return f"{self.kind}.gz" if self.gzip else self.kind


def format_of(path: Path) -> Format:
    """The format that the name of a file tells. Raises BatchError for any other name."""
    zipped = path.suffix.lower() == ".gz"
    kind = _ENDS.get((path.with_suffix("") if zipped else path).suffix.lower())
    if kind is None or (zipped and kind == "parquet"):
        known = ".ndjson, .jsonl, .csv (each also with .gz) or .parquet"
        msg = f"{path.name}: the name must end in {known}"
        raise BatchError(msg)
    return Format(kind, zipped)


def encode(target: Format, answers: Iterable[tuple[Line, bytes]], *, first: bool) -> bytes:
    """A part of the output. Parts are put one after another; ``first`` is the one that begins it."""
    if target.kind == "ndjson":
        content = b"".join(answer + b"\n" for _, answer in answers)
    else:
        rows = [row for line, answer in answers for row in rows_of(line.number, line.content, answer)]
        content = _csv(rows, header=first) if target.kind == "csv" else arrow_stream(rows)
    return gzip.compress(content, _LEVEL, mtime=0) if target.gzip else content


def _csv(rows: list[Row], *, header: bool) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def arrow_schema() -> Any:
    """The columns of a Parquet output."""
    pa = _arrow()
    return pa.schema([pa.field(name, pa.int64() if name in INTEGERS else pa.string()) for name in COLUMNS])


def arrow_stream(rows: list[Row]) -> bytes:
    """Rows as one Arrow stream: what a Parquet file is made of in the end, as its own end cannot be written in parts."""
    pa = _arrow()
    buffer = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with pa.ipc.new_stream(buffer, arrow_schema(), options=options) as writer:
        writer.write_table(pa.Table.from_pylist(rows, schema=arrow_schema()))
    return bytes(buffer.getvalue())


def _arrow() -> Any:
    try:
        import pyarrow
        import pyarrow.ipc
    except ImportError:
        msg = "Parquet needs pyarrow, which is not installed: pip install -r requirements-cohort.txt"
        raise BatchError(msg) from None
    return pyarrow
