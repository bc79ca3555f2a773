"""What is wrong with the knowledge, and where: every complaint at once, each with file, line and cure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Complaint:
    """One thing that must be mended before the knowledge can be used."""

    path: str
    """File, relative to the knowledge folder."""
    line: int
    """Line in the file, counted from 1; 0 when the complaint is about the whole file."""
    what: str
    cure: str = ""
    check: str = ""
    """Name of the invariant that was broken; empty for files that cannot be read."""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        cure = f" ({self.cure})" if self.cure else ""
        name = f" [{self.check}]" if self.check else ""
        return f"{place}: {self.what}{cure}{name}"


class KnowledgeError(Exception):
    """The knowledge cannot be used. Carries every complaint, sorted by file and line."""

    def __init__(self, complaints: Iterable[Complaint]) -> None:
        self.complaints = tuple(sorted(set(complaints)))
        super().__init__("\n".join(str(complaint) for complaint in self.complaints))
