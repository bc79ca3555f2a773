"""Sources."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.knowledge.records.base import Record


class CitationRecord(Record):
    """One source. ``id`` is its short name (``gainor-2016``); it must carry something a reader can look up."""

    type: Literal["article", "abstract", "label", "guideline", "registry", "database", "news", "regulator", "report"]
    title: str
    title_is_descriptive: bool = False
    """True when the exact title was not read and ``title`` describes the source."""
    journal: str | None = None
    year: int | None = None
    pmid: str | None = Field(default=None, pattern=r"^\d{1,9}$")
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$")
    nct: str | None = Field(default=None, pattern=r"^NCT\d{8}(; NCT\d{8})*$")
    pmc: str | None = Field(default=None, pattern=r"^PMC\d+$")
    registry: str | None = None
    civic_eids: tuple[str, ...] = ()
    url: str | None = None
    regulator: str | None = None
    seen: tuple[str, ...] = ()
    """Where the curator read it (public address, or repository and path)."""
    retracted: bool = False
    note: str | None = None
