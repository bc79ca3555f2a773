"""A local overlay: what one hospital adds to a release. It restricts and annotates; it never overrules a fact.

An overlay is a folder of records of one kind, ``formulary/*.yaml``, checked like the knowledge itself. Its digest stands in every answer.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import Field

from app.domain.terms import DriverGene
from app.knowledge.records import Model, Record


class Restriction(Model):
    """A regimen that cannot be had here, and why."""

    regimen: str
    genes: tuple[DriverGene, ...] = ()
    """Driver genes for which it is restricted; empty: all."""
    because: str
    because_zh: str | None = None
    source: str
    """Local document that says so, such as the number of a committee decision."""


class LocalNote(Model):
    """A sentence shown beside a regimen, such as where a trial recruits. It does not move the regimen."""

    regimen: str
    genes: tuple[DriverGene, ...] = ()
    text: str
    text_zh: str | None = None
    source: str


Named = TypeVar("Named", Restriction, LocalNote)


class FormularyRecord(Record):
    """Local availability and notes."""

    owner: str
    """Who is responsible for it."""
    unavailable: tuple[Restriction, ...] = ()
    notes: tuple[LocalNote, ...] = ()


class OverlayDocument(Model):
    """All records of one overlay; also the form in which one can be sent with a request."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")
    formularies: tuple[FormularyRecord, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Overlay:
    """A compiled overlay."""

    name: str
    digest: str
    unavailable: Mapping[str, tuple[Restriction, ...]]
    """By regimen id or drug."""
    notes: Mapping[str, tuple[LocalNote, ...]]
    """By regimen id."""

    @property
    def citation(self) -> str:
        """The id under which answers cite it."""
        return f"overlay:{self.name}"


def compile_overlay(document: OverlayDocument) -> Overlay:
    """Look-ups of the active records of one overlay, in order of their ids."""
    active = sorted((one for one in document.formularies if one.curation.status == "active"), key=lambda one: one.id)
    unavailable = _by_regimen(restriction for record in active for restriction in record.unavailable)
    notes = _by_regimen(note for record in active for note in record.notes)
    return Overlay(document.name, overlay_digest(document), unavailable, notes)


def overlay_digest(document: OverlayDocument) -> str:
    """SHA-256 over the canonical JSON of name and active records: keys sorted, records by id, no blanks, no ``null``."""
    active = sorted((one for one in document.formularies if one.curation.status == "active"), key=lambda one: one.id)
    held = {"name": document.name, "formularies": [one.model_dump(mode="json", exclude_none=True) for one in active]}
    text = json.dumps(held, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _by_regimen(found: Iterable[Named]) -> dict[str, tuple[Named, ...]]:
    by: defaultdict[str, list[Named]] = defaultdict(list)
    for one in found:
        by[one.regimen].append(one)
    return {name: tuple(ones) for name, ones in by.items()}
