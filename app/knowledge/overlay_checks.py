"""What an overlay must fulfil: names that the knowledge knows, sentences that read well, a local source for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.knowledge.index import KnowledgeIndex
from app.knowledge.overlay import FormularyRecord, LocalNote, OverlayDocument, Restriction

LONGEST_SENTENCE = 400
Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with an overlay."""

    record: int
    """Place of the record in the document."""
    at: Loc
    """The way to the value inside the record."""
    what: str
    cure: str


@dataclass(frozen=True)
class KnownNames:
    """The names that an overlay may use."""

    regimens: Mapping[str, frozenset[str]]
    """Regimen id to the driver genes for which it can be an option."""
    parts: Mapping[str, frozenset[str]]
    """Drug to the driver genes for which a regimen holds it."""


def known_names(indexes: Iterable[KnowledgeIndex]) -> KnownNames:
    """The names that at least one of the releases knows."""
    regimens: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for index in indexes:
        for gene, found in index.regimens.items():
            for regimen in found:
                regimens.setdefault(regimen.id, set()).add(gene)
                for drug in regimen.drugs:
                    parts.setdefault(drug, set()).add(gene)
    frozen = ({name: frozenset(genes) for name, genes in one.items()} for one in (regimens, parts))
    return KnownNames(*frozen)


def overlay_faults(document: OverlayDocument, known: KnownNames, on: dt.date | None = None) -> list[Fault]:
    """Everything that is wrong. ``on`` is the day by which check dates are judged; without it they are not."""
    found = [fault for place, record in enumerate(document.formularies) for fault in _record(place, record, known, on)]
    if not any(record.curation.status == "active" for record in document.formularies):
        found.append(Fault(0, ("curation", "status"), "no record is active", "an overlay without one says nothing"))
    return found + _repeated(document)


def _repeated(document: OverlayDocument) -> list[Fault]:
    first: set[str] = set()
    found = []
    for place, record in enumerate(document.formularies):
        if record.id in first:
            found.append(Fault(place, ("id",), f"record id {record.id!r} stands twice", "give each record its own"))
        first.add(record.id)
    return found


def _record(place: int, record: FormularyRecord, known: KnownNames, on: dt.date | None) -> Iterator[Fault]:
    if not record.id.startswith("formulary:"):
        yield Fault(place, ("id",), f"id {record.id!r} does not start with 'formulary:'", "write formulary:<file name>")
    if not record.owner.strip():
        yield Fault(place, ("owner",), "the owner is empty", "name who is responsible for it")
    if not record.unavailable and not record.notes:
        yield Fault(place, (), "the record says nothing", "add 'unavailable' or 'notes', or remove it")
    if on is not None and record.curation.checked_on > on:
        what = f"checked_on {record.curation.checked_on} lies after {on}"
        yield Fault(place, ("curation", "checked_on"), what, "give the day it was done")
    for position, restriction in enumerate(record.unavailable):
        at: Loc = ("unavailable", position)
        names = {**known.parts, **known.regimens}
        yield from _named(place, at, restriction, names)
        yield from _sentence(place, (*at, "because"), restriction.because, ".")
        yield from _sentence(place, (*at, "because_zh"), restriction.because_zh, "。")
    for position, note in enumerate(record.notes):
        at = ("notes", position)
        yield from _named(place, at, note, known.regimens)
        yield from _sentence(place, (*at, "text"), note.text, ".")
        yield from _sentence(place, (*at, "text_zh"), note.text_zh, "。")


def _named(place: int, at: Loc, one: Restriction | LocalNote, names: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    if one.regimen not in names:
        what = f"regimen {one.regimen!r} is not known to the knowledge"
        yield Fault(place, (*at, "regimen"), what, "name one INN, or the regimen_id as answers give it")
    else:
        for position, gene in enumerate(one.genes):
            if gene not in names[one.regimen]:
                what = f"{one.regimen} is no option for {gene}"
                cure = f"it is one for {', '.join(sorted(names[one.regimen]))}"
                yield Fault(place, (*at, "genes", position), what, cure)
    if not one.source.strip():
        yield Fault(place, (*at, "source"), "the source is empty", "name the local document that says so")


def _sentence(place: int, at: Loc, text: str | None, stop: str) -> Iterator[Fault]:
    if text is None:
        return
    if not text.endswith(stop):
        yield Fault(place, at, f"{at[-1]} does not end with a full stop", f"end it with {stop!r}")
    if text != text.strip() or "\n" in text:
        yield Fault(place, at, f"{at[-1]} holds a line break or blanks at its ends", "write it on one line")
    if len(text) > LONGEST_SENTENCE:
        what = f"{at[-1]} has {len(text)} characters, more than {LONGEST_SENTENCE}"
        yield Fault(place, at, what, "say one thing, or split it")
