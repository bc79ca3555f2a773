"""Two invented states of the knowledge, complete enough to answer, compare and serve."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from app.catalogue import Catalogue, ReleaseRow
from app.comparison.differences import Side
from app.knowledge.compiler import compile_index
from app.knowledge.index import Release
from app.knowledge.loader import load_tree
from app.knowledge.overlay import FormularyRecord, Overlay, OverlayDocument, compile_overlay
from app.knowledge.records import Record
from app.service import Engine
from app.startup import Loaded
from tests.support.knowledge import records_with
from tests.trees import REPOSITORY

_REAL = load_tree(REPOSITORY / "knowledge").active()
CURATION = {"status": "active", "curated_by": "a pharmacist", "checked_on": "2026-01-02"}


def side(*added: Record, version: str = "2026.1.0", on: dt.date | None = None, overlay: Overlay | None = None) -> Side:
    """The invented knowledge with the records of a test, and the real sentences and sources."""
    invented = records_with(*added)
    known = {one.id for one in invented.citations}
    citations = (*invented.citations, *(one for one in _REAL.citations if one.id not in known))
    records = replace(invented, notices=_REAL.notices, citations=citations)
    release = Release(version, on or dt.date(2026, 1, 20), f"sha256:{version}")
    return Side(records, compile_index(records, release).with_overlay(overlay))


def serving_both(before: Side, after: Side) -> Loaded:
    """An engine and a catalogue that hold both."""
    sides = {one.index.release.version: one for one in (before, after)}
    newest = after.index.release.version
    indexes = {version: one.index for version, one in sides.items()}
    rows = tuple(
        ReleaseRow(one.release.version, one.release.released.isoformat(), one.release.digest)
        for one in reversed(indexes.values())
    )
    records = {version: one.records for version, one in sides.items()}
    return Loaded(Engine(indexes, newest), Catalogue(rows, newest, records, indexes))


def formulary(**fields: Any) -> dict[str, Any]:
    """One record of an overlay, as JSON."""
    return {
        "schema_version": "1.0",
        "id": "formulary:here",
        "owner": "a pharmacy",
        "curation": CURATION,
        **fields,
    }


def without(*regimens: str, **more: Any) -> dict[str, Any]:
    """A record that restricts regimens."""
    said = {"because": "It is not stocked here.", "because_zh": "本院未备药。", "source": "decision 7"}
    return formulary(unavailable=[{"regimen": one, **said, **more} for one in regimens])


def overlay_of(*records: dict[str, Any], name: str = "here") -> Overlay:
    """A compiled overlay."""
    found = tuple(FormularyRecord.model_validate(one) for one in records)
    return compile_overlay(OverlayDocument(name=name, formularies=found))
