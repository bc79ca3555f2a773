"""A local overlay: what one hospital adds to a release. It restricts and annotates; it never overrules a fact.

An overlay is a folder of records of one kind, ``formulary/*.yaml``, checked like the knowledge itself. Its digest stands in every answer that it touches.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import Field

from app.knowledge.records import DriverGene, Model, Record


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
    unavailable: Mapping[str, Restriction]
    """By regimen id."""
    notes: Mapping[str, tuple[LocalNote, ...]]


def compile_overlay(document: OverlayDocument, digest: str) -> Overlay:
    """Look-ups of one overlay. Of two restrictions of one regimen the first by record id stands; both restrict all the same."""
    unavailable: dict[str, Restriction] = {}
    notes: dict[str, list[LocalNote]] = {}
    for record in sorted(document.formularies, key=lambda one: one.id):
        for restriction in record.unavailable:
            unavailable.setdefault(restriction.regimen, restriction)
        for note in record.notes:
            notes.setdefault(note.regimen, []).append(note)
    return Overlay(document.name, digest, unavailable, {name: tuple(found) for name, found in notes.items()})
