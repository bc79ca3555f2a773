"""A Parquet file out of the parts that a batch wrote. Holds a few parts at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.batch.formats import arrow_schema

_ROWS = 65_536
"""Of one row group, about."""


def assemble_parquet(partial: Path, ends: list[int], target: Path) -> None:
    """Write ``target`` whole, then give it its name: there is never half a file of that name."""
    import pyarrow as pa
    from pyarrow import parquet

    beside = target.with_name(target.name + ".assembling")
    with beside.open("wb") as file:
        with parquet.ParquetWriter(file, arrow_schema(), compression="zstd") as writer:
            waiting: list[Any] = []
            for table in _tables(partial, ends):
                waiting.append(table)
                if sum(one.num_rows for one in waiting) >= _ROWS:
                    writer.write_table(pa.concat_tables(waiting))
                    waiting.clear()
            if waiting:
                writer.write_table(pa.concat_tables(waiting))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(target)


def _tables(partial: Path, ends: list[int]) -> Iterator[Any]:
    import pyarrow as pa

    begin = 0
    with partial.open("rb") as file:
        for end in ends:
            with pa.ipc.open_stream(pa.BufferReader(file.read(end - begin))) as reader:
                yield reader.read_all()
            begin = end
