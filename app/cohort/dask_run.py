"""A cohort through Dask: Parquet in, Parquet out, a partition at a time, on this machine or on any scheduler."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dask.dataframe as dd
import pyarrow as pa
from distributed import Client, LocalCluster

from app.batch.rows import INTEGERS
from app.batch.sources import CASE_COLUMN
from app.cohort.partition import ANSWER_COLUMNS, Question, answer_frame, empty_answer


class CohortError(Exception):
    """The cohort cannot run. Says why and what to do."""


@dataclass(frozen=True, slots=True)
class Cohort:
    """What to answer, and where to."""

    source: str
    """A Parquet file, folder, glob or URL."""
    target: str
    """A folder or URL for the Parquet files."""
    question: Question
    partitions: int | None = None
    """How many to make; the row groups of the input when not given."""
    overwrite: bool = False


def run(cohort: Cohort) -> int:
    """Answer the cohort on the Dask client at hand; gives the number of partitions. Raises CohortError."""
    keep = cohort.question.keep
    taken = [name for name in keep if name in (CASE_COLUMN, *ANSWER_COLUMNS)]
    if taken:
        msg = f"the answers have a column {', '.join(taken)} of their own; it cannot be carried over under that name"
        raise CohortError(msg)
    frame: Any = dd.read_parquet(cohort.source, split_row_groups=True)
    missing = [name for name in (CASE_COLUMN, *keep) if name not in frame.columns]
    if missing:
        msg = f"the input has no column {', '.join(missing)}; it has: {', '.join(frame.columns)}"
        raise CohortError(msg)
    frame = frame[[CASE_COLUMN, *keep]]
    if cohort.partitions:
        frame = frame.repartition(npartitions=cohort.partitions)
    answers = frame.map_partitions(
        answer_frame,
        cohort.question,
        meta=empty_answer(frame.dtypes, keep),
        enforce_metadata=False,
    )
    with _written_whole(cohort) as folder:
        answers.to_parquet(folder, write_index=False, schema=_schema(), overwrite=cohort.overwrite)
    return int(answers.npartitions)


def _schema() -> dict[str, Any]:
    return {name: pa.int64() if name in INTEGERS else pa.string() for name in ANSWER_COLUMNS}


@contextmanager
def _written_whole(cohort: Cohort) -> Iterator[str]:
    """On this machine's disk the folder gets its name once it is whole; elsewhere it is written in place."""
    if "://" in cohort.target:
        yield cohort.target
        return
    target = Path(cohort.target).absolute()
    partial = target.with_name(target.name + ".partial")
    if target.exists():
        if not cohort.overwrite:
            msg = f"{cohort.target} is there already; --overwrite replaces it"
            raise CohortError(msg)
        if not target.is_dir():
            msg = f"{cohort.target} is not a folder"
            raise CohortError(msg)
    shutil.rmtree(partial, ignore_errors=True)
    yield str(partial)
    if target.exists():
        shutil.rmtree(target)
    partial.rename(target)


@contextmanager
def client(scheduler: str | None, workers: int) -> Iterator[Client]:
    """A client of a running scheduler, or of a cluster of processes on this machine."""
    if scheduler:
        with Client(scheduler, timeout="30s") as found:
            yield found
        return
    with (
        LocalCluster(n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster) as found,
    ):
        yield found
