"""A batch from file to file, on all cores, that can be killed at any moment and started again."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.batch.assemble import assemble_parquet
from app.batch.errors import BatchError
from app.batch.formats import Format, encode, format_of
from app.batch.journal import Journal, Progress, sync_folder
from app.batch.lines import Line
from app.batch.pool import ordered
from app.batch.sources import Sourced, cases_in

CHUNK_CASES = 128
CHUNK_BYTES = 4_194_304
_PIECE = 1_048_576


@dataclass(frozen=True, slots=True)
class Chunk:
    """Cases that are answered together, by one process."""

    lines: tuple[Line, ...]
    share: float
    """Of the input, read up to its end."""
    first: bool


@dataclass(frozen=True, slots=True)
class Part:
    """The output of a chunk."""

    content: bytes
    line: int
    cases: int
    refused: int
    share: float


Answerer = Callable[[Line], tuple[bytes, bool]]
"""A case to its answer, and whether it was refused."""


@dataclass(frozen=True, slots=True)
class MakeParts:
    """Made in each process from ``make``: answers chunks, and writes them as the output wants them."""

    make: Callable[[], Answerer]
    target: Format

    def __call__(self) -> Callable[[Chunk], Part]:
        """Load what answers."""
        answer = self.make()

        def work(chunk: Chunk) -> Part:
            answered = [(line, *answer(line)) for line in chunk.lines]
            content = encode(self.target, ((line, body) for line, body, _ in answered), first=chunk.first)
            refused = sum(refused for _, _, refused in answered)
            return Part(content, chunk.lines[-1].number, len(answered), refused, chunk.share)

        return work


@dataclass(frozen=True, slots=True)
class Batch:
    """What to answer, where to, and how."""

    source: Path
    target: Path
    make: Callable[[], Answerer]
    """Picklable; runs once in each process."""
    identity: dict[str, Any]
    """All beside the input that the answers depend on."""
    max_line_bytes: int
    processes: int
    restart: bool = False

    @property
    def journal(self) -> Path:
        """The journal beside the output."""
        return self.target.with_name(self.target.name + ".journal")

    @property
    def partial(self) -> Path:
        """The output while it grows."""
        return self.target.with_name(self.target.name + ".partial")


def run(batch: Batch, tell: Callable[[Progress, float], None] = lambda *_: None) -> Progress:
    """Answer every case once, or what is left of them. ``tell`` hears of progress and the share of the input read.

    Raises BatchError.
    """
    source, target = format_of(batch.source), format_of(batch.target)
    if not batch.source.is_file():
        msg = f"there is no file {batch.source}"
        raise BatchError(msg)
    before = batch.source.stat()
    identity = {"input": fingerprint(batch.source), "output": target.name, **batch.identity}
    _refuse_to_overwrite(batch)
    journal = Journal(batch.journal, identity, restart=batch.restart)
    with closing(journal):
        if journal.complete and batch.target.exists():
            return journal.progress
        if not journal.finishing:
            with cases_in(batch.source, source, batch.max_line_bytes, journal.progress.line) as cases:
                _grow(batch, target, journal, cases, tell)
            after = batch.source.stat()
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
                msg = "the input changed while it was read; --restart begins anew"
                raise BatchError(msg)
            journal.finish()
        _finish(batch, target, journal)
        return journal.progress


def _refuse_to_overwrite(batch: Batch) -> None:
    if batch.target.exists() and not batch.journal.exists() and not batch.restart:
        msg = f"{batch.target.name} is there already, and no journal says that this batch made it; --restart overwrites it"
        raise BatchError(msg)


def _grow(
    batch: Batch, target: Format, journal: Journal, cases: Iterable[Sourced], tell: Callable[[Progress, float], None]
) -> None:
    parts = ordered(MakeParts(batch.make, target), chunks(cases, first=not journal.ends), batch.processes)
    with batch.partial.open("ab") as file, closing(parts):
        file.truncate(journal.progress.bytes)
        sync_folder(batch.partial)
        for part in parts:
            _append(file, journal, part)
            tell(journal.progress, part.share)
        if not journal.ends:  # no case at all: the output still has its form
            _append(file, journal, Part(encode(target, (), first=True), 0, 0, 0, 1.0))


def _append(file: Any, journal: Journal, part: Part) -> None:
    file.write(part.content)
    file.flush()
    os.fsync(file.fileno())
    done = journal.progress
    journal.add(
        Progress(part.line, done.bytes + len(part.content), done.cases + part.cases, done.refused + part.refused)
    )


def _finish(batch: Batch, target: Format, journal: Journal) -> None:
    """Turn the partial output into the output. May be cut off and done again at any point."""
    if batch.partial.exists():
        if target.kind == "parquet":
            assemble_parquet(batch.partial, journal.ends, batch.target)
            sync_folder(batch.target)
            batch.partial.unlink()
        else:
            batch.partial.replace(batch.target)
        sync_folder(batch.target)
    elif not batch.target.exists():
        msg = f"{batch.target.name} is gone, and so is what it was made of; --restart begins anew"
        raise BatchError(msg)
    if not journal.complete:
        journal.close_as_complete(batch.target.stat().st_size)


def chunks(cases: Iterable[Sourced], *, first: bool) -> Iterator[Chunk]:
    """Cases put together in chunks of limited number and size."""
    lines: list[Line] = []
    length, share = 0, 0.0
    for line, share in cases:
        lines.append(line)
        length += len(line.content)
        if len(lines) == CHUNK_CASES or length >= CHUNK_BYTES:
            yield Chunk(tuple(lines), share, first)
            lines, length, first = [], 0, False
    if lines:
        yield Chunk(tuple(lines), share, first)


def fingerprint(path: Path) -> dict[str, Any]:
    """Length and SHA-256 of a file."""
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            length += len(piece)
    return {"bytes": length, "sha256": digest.hexdigest()}
