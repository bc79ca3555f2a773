"""What a batch has done so far, beside its output, so that it can be killed at any moment and go on.

The output grows in ``OUT.partial``. Whatever was added there is forced to the disk before a row in ``OUT.journal`` says
so; what stands in the partial file beyond the last such row is cut off when the batch goes on. The first row identifies
the input, the knowledge and the engine: with any other, it does not go on. The journal stays as the record of the run.
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from app.batch.errors import BatchError

_FORM = 1


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is."""

    line: int = 0
    """The last line of the input that was answered."""
    bytes: int = 0
    """Length of the partial output."""
    cases: int = 0
    refused: int = 0


class Journal:
    """One per output. Held exclusively while open, so that two runs cannot write the same output."""

    def __init__(self, path: Path, identity: dict[str, Any], *, restart: bool = False) -> None:
        """Open or begin. Raises BatchError when another run holds it, or when it was begun for something else."""
        self.path = path
        self.progress = Progress()
        self.ends: list[int] = []
        """Where each part of the partial output ends."""
        self.finishing = self.complete = False
        self._file = path.open("a+b")
        try:
            _hold(self._file, path)
            if restart:
                self._file.truncate(0)
            self._open({"journal": _FORM, **identity})
        except BaseException:
            self._file.close()
            raise

    def _open(self, identity: dict[str, Any]) -> None:
        self._file.seek(0)
        rows, sound = _rows(self._file.read())
        self._file.truncate(sound)
        if not rows:
            self._write(identity)
            sync_folder(self.path)
            return
        differing = [name for name, value in identity.items() if rows[0].get(name) != value]
        if differing:
            msg = f"{self.path.name} was begun with another {', '.join(differing)}; --restart begins anew"
            raise BatchError(msg)
        for row in rows[1:]:
            if "state" in row:
                self.finishing, self.complete = True, row["state"] == "complete"
            else:
                self.progress = Progress(**row)
                self.ends.append(self.progress.bytes)

    def add(self, progress: Progress) -> None:
        """What is now safe on the disk."""
        self._write(asdict(progress))
        self.progress = progress
        self.ends.append(progress.bytes)

    def finish(self) -> None:
        """All lines are answered; the partial output is about to become the output."""
        if not self.finishing:
            self._write({"state": "finishing"})
            self.finishing = True

    def close_as_complete(self, size: int) -> None:
        """The output stands, with its length."""
        self._write({"state": "complete", "bytes": size, **_totals(self.progress)})
        self.complete = True

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _write(self, row: dict[str, Any]) -> None:
        self._file.write(orjson.dumps(row) + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())


def _totals(progress: Progress) -> dict[str, int]:
    return {"cases": progress.cases, "refused": progress.refused}


def _rows(content: bytes) -> tuple[list[dict[str, Any]], int]:
    """The rows that were written to their end, and the length of those."""
    rows, sound = [], 0
    for line in content.splitlines(keepends=True):
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError:
            break
        if not line.endswith(b"\n"):
            break
        rows.append(row)
        sound += len(line)
    return rows, sound


def _hold(file: BinaryIO, path: Path) -> None:
    if sys.platform == "win32":
        return
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        msg = f"another run is writing this output: it holds {path.name}"
        raise BatchError(msg) from None


def sync_folder(path: Path) -> None:
    """Make the names in the folder of ``path`` safe on the disk."""
    if sys.platform == "win32":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
