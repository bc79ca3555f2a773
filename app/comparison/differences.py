"""What differs between two states of the knowledge, taken apart into single changes that can be replayed one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.knowledge.index import KnowledgeIndex
from app.knowledge.kinds import KINDS
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.overlay import Restriction
from app.knowledge.records import CitationRecord, EffectRecord, GuidanceRecord, OutcomeRecord, Record

_INERT_KINDS = frozenset({"citations", "frequencies", "notices"})
"""Kinds that move no option: sources, the look-ahead, and the service's own sentences."""
_INERT_KEYS = frozenset(
    {"curation", "locator", "note", "summary", "summary_zh", "indication_zh", "because_zh", "label_zh"}
)
"""Words and provenance: shown, never ranked on."""
_NAMED_BY = ("id", "code", "therapy", "regimen", "jurisdiction", "gene", "disease", "start", "name", "inn", "body")


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the knowledge: its records, and the look-ups made of them."""

    records: KnowledgeRecords
    index: KnowledgeIndex


@dataclass(frozen=True, eq=False, slots=True)
class RecordChange:
    """One record that came, went or changed."""

    folder: str
    id: str
    old: Record | None
    new: Record | None

    def concerns(self, gene: str) -> bool:
        """False for facts of the other driver gene."""
        record = self.new or self.old
        if isinstance(record, EffectRecord):
            return record.molecular_profile.gene == gene
        if isinstance(record, GuidanceRecord | OutcomeRecord):
            return record.gene == gene
        return True


@dataclass(frozen=True, eq=False, slots=True)
class OverlayChange:
    """One regimen that the local overlays treat differently."""

    regimen: str
    old: tuple[Restriction, ...]
    new: tuple[Restriction, ...]


@dataclass(frozen=True, eq=False, slots=True)
class DateChange:
    """The day for which approvals are read, where it is the day of the release."""

    old: dt.date
    new: dt.date


Difference = RecordChange | OverlayChange | DateChange


def differences(before: Side, after: Side) -> list[Difference]:
    """Every single change that could move an option, in a fixed order."""
    found: list[Difference] = []
    for folder in KINDS:
        found += _of_kind(folder, before.records, after.records)
    old, new = before.index.overlay, after.index.overlay
    restricted = [dict(one.unavailable) if one else {} for one in (old, new)]
    for regimen in sorted(restricted[0].keys() | restricted[1].keys()):
        pair = restricted[0].get(regimen, ()), restricted[1].get(regimen, ())
        if pair[0] != pair[1]:
            found.append(OverlayChange(regimen, *pair))
    if before.index.release.released != after.index.release.released:
        found.append(DateChange(before.index.release.released, after.index.release.released))
    return found


def _of_kind(folder: str, before: KnowledgeRecords, after: KnowledgeRecords) -> Iterator[RecordChange]:
    old, new = by_id(before, folder), by_id(after, folder)
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if folder in _INERT_KINDS:
            if isinstance(one, CitationRecord) and isinstance(other, CitationRecord) and one.year != other.year:
                yield RecordChange(folder, name, one, other)  # of two sources the newer one weighs more
        elif one is None or other is None or (one is not other and one != other and bearing(one) != bearing(other)):
            yield RecordChange(folder, name, one, other)


def by_id(records: KnowledgeRecords, folder: str) -> dict[str, Record]:
    """The records of one kind."""
    held = getattr(records, folder)
    return {one.id: one for one in held} if isinstance(held, tuple) else {held.id: held}


def bearing(record: Record) -> object:
    """What of a record bears on the order, without words and provenance."""
    return _bearing(record.model_dump(mode="json", exclude_none=True))


def _bearing(value: object) -> object:
    if isinstance(value, dict):
        return {key: _bearing(inner) for key, inner in value.items() if key not in _INERT_KEYS}
    return [_bearing(one) for one in value] if isinstance(value, list) else value


# --- single items of one record ---------------------------------------------------------------------------------

Plain = dict[str, Any]
Path = tuple[str, ...]


def single_items(change: RecordChange) -> list[RecordChange]:
    """The change of a revised record as several: the old record with one item, or one value, as in the new one."""
    if change.old is None or change.new is None:
        return []
    before, after = (one.model_dump(mode="json", exclude_none=True) for one in (change.old, change.new))
    paths = list(_paths(before, after, ()))
    found = []
    for path in paths:
        try:
            edited = type(change.old).model_validate(_edited(before, after, path))
        except ValidationError:
            continue  # it cannot stand without the others
        found.append(RecordChange(change.folder, change.id, change.old, edited))
    return found


def _paths(before: Plain, after: Plain, at: Path) -> Iterator[Path]:
    for key in dict.fromkeys((*before, *after)):
        if key in _INERT_KEYS or before.get(key) == after.get(key):
            continue
        old, new = before.get(key, []), after.get(key, [])
        if not (_holds_things(old) or _holds_things(new)):
            yield (*at, key)
            continue
        was, now = _by_name(old), _by_name(new)
        for name in dict.fromkeys((*was, *now)):
            one, other = was.get(name), now.get(name)
            if _bearing(one) == _bearing(other):
                continue
            if one and other and any(_holds_things(inner) and "id" in inner[0] for inner in other.values()):
                yield from _paths(one, other, (*at, key, name))
            else:
                yield (*at, key, name)


def _edited(before: Plain, after: Plain, path: Path) -> Plain:
    key, *rest = path
    if not rest:
        kept = {name: value for name, value in before.items() if name != key}
        return kept | {key: after[key]} if key in after else kept
    name, *deeper = rest
    members, others = _by_name(before.get(key, [])), _by_name(after.get(key, []))
    if deeper:
        members[name] = _edited(members[name], others[name], tuple(deeper))
    elif name in others:
        members[name] = others[name]
    else:
        del members[name]
    return {**before, key: list(members.values())}


def _holds_things(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _by_name(things: Sequence[Mapping[str, Any]]) -> dict[str, Plain]:
    """Things of a list by what names them; things that share a name by their position, too."""
    found: dict[str, Plain] = {}
    for position, one in enumerate(things):
        own = one.get("id") or one.get("code") or " ".join(str(one[key]) for key in _NAMED_BY if key in one)
        name = str(own) if own and own not in found else f"{own} {position + 1}"
        found[name] = dict(one)
    return found
