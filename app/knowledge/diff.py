"""Two states of the knowledge to what was added, revised and retired: as values, and in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.knowledge.kinds import KINDS, kind_of
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.records import Record

Kind = Literal["added", "revised", "retired"]
Plain = Mapping[str, object]

_NAMES = (
    *(("jurisdiction", "gene", "disease"), ("jurisdiction", "gene", "disease", "start")),
    *(("measure",), ("measure", "unit", "comparator")),
    *((key,) for key in ("id", "code", "name", "inn", "therapy", "regimen", "gene", "variant")),
)
"""Keys that name a thing inside a record, the surest first. Things without a name are known by their position."""
_LONGEST_VALUE = 160


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that moved. ``None`` means that there was none."""

    field: str
    before: object
    after: object

    def __str__(self) -> str:
        if self.before is None:
            return f"{self.field} is now {_say(self.after)}"
        if self.after is None:
            return f"{self.field} was dropped (it was {_say(self.before)})"
        return f"{self.field} moved from {_say(self.before)} to {_say(self.after)}"


@dataclass(frozen=True, slots=True)
class Change:
    """One record, or one item of a record, that differs between two states."""

    kind: Kind
    record: str
    item: str | None
    """Id of the item inside the record; absent when the whole record is meant."""
    fields: tuple[FieldChange, ...] = ()
    citations: tuple[str, ...] = ()
    """Sources of what was added, or of the revised item as it now stands."""
    about: str = ""
    """Summary of an item, label of a record, or the reason of a retirement."""

    @property
    def translation(self) -> bool:
        """True when nothing but a Chinese wording came or moved."""
        return self.kind == "revised" and all(one.field.endswith("_zh") for one in self.fields)

    @property
    def sentence(self) -> str:
        """Say the change in plain words, naming record, item and fields."""
        name = f"{self.record}, item {self.item}" if self.item else self.record
        about = f": {self.about}" if self.about else ""
        sources = f" [{', '.join(self.citations)}]" if self.citations else ""
        if self.kind == "revised":
            return f"{name}: {'; '.join(map(str, self.fields))}{_stop(self.fields)}{sources}"
        return f"{name}{about}{'' if about.endswith('.') else '.'}{sources}"


@dataclass(frozen=True, slots=True)
class KnowledgeDiff:
    """Everything that differs between two states, each part ordered by kind, record and item."""

    before: str | None
    after: str
    added: tuple[Change, ...]
    revised: tuple[Change, ...]
    retired: tuple[Change, ...]

    @property
    def empty(self) -> bool:
        """True when nothing differs."""
        return not (self.added or self.revised or self.retired)

    def counts(self) -> dict[str, int]:
        """Count the changes of each kind."""
        return {"added": len(self.added), "revised": len(self.revised), "retired": len(self.retired)}

    def view(self) -> dict[str, object]:
        """As JSON values."""
        changes = [
            {
                "kind": change.kind,
                "record": change.record,
                "item": change.item,
                "sentence": change.sentence,
                "citations": list(change.citations),
            }
            for change in (*self.added, *self.revised, *self.retired)
        ]
        return {"before": self.before, "after": self.after, "changes": changes}

    def markdown(self) -> str:
        """Write the changes as the notes of a release."""
        since = f"since {self.before}" if self.before else "first release"
        parts = [f"# Knowledge {self.after}, {since}\n"]
        told = [change for change in self.revised if not change.translation]
        for title, changes in (("Added", self.added), ("Revised", told), ("Retired", self.retired)):
            if changes:
                parts.append(f"## {title}\n\n" + "".join(f"- {change.sentence}\n" for change in changes))
        translated = len(self.revised) - len(told)
        if translated:
            parts.append(f"## Translated\n\n- Sentences and names with a new Chinese wording: {translated}.\n")
        if self.empty:
            parts.append("Nothing changed.\n")
        return "\n".join(parts)


def compare(
    before: KnowledgeRecords | None,
    after: KnowledgeRecords,
    *,
    names: tuple[str | None, str] = (None, "working"),
    reasons: Mapping[str, str] | None = None,
) -> KnowledgeDiff:
    """Compare the active records of two states.

    ``names`` are the release versions. ``reasons`` says why a record was retired, by record id; by default it is read
    from the retired records of ``after``.
    """
    old = {record.id: record for record in before.active()} if before else {}
    new = {record.id: record for record in after.active()}
    why = {record.id: _retirement(record) for record in after} if reasons is None else reasons
    found: list[Change] = []
    for name in sorted(old.keys() | new.keys(), key=lambda name: (_place(old.get(name) or new[name]), name)):
        found.extend(between(old.get(name), new.get(name), why.get(name, "")))
    return KnowledgeDiff(
        *names,
        added=tuple(change for change in found if change.kind == "added"),
        revised=tuple(change for change in found if change.kind == "revised"),
        retired=tuple(change for change in found if change.kind == "retired"),
    )


def between(before: Record | None, after: Record | None, why: str = "") -> tuple[Change, ...]:
    """What differs between two states of one record. ``why`` says for what reason it was retired."""
    if after is None:
        return (Change("retired", before.id, None, about=why),) if before else ()
    if before is None:
        return (_whole("added", after),)
    return tuple(_inside(before, after)) if before != after else ()


def _place(record: Record) -> int:
    """Facts first, sources and policy last."""
    return list(KINDS).index(kind_of(record).folder)


def _retirement(record: Record) -> str:
    curation = record.curation
    replaced = f"; replaced by {curation.replaced_by}" if curation.replaced_by else ""
    return f"{curation.retired_because}{replaced}" if curation.retired_because else ""


def _whole(kind: Kind, record: Record) -> Change:
    items = _items(record)
    own = items.pop("")
    label = next((str(own[key]) for key in ("label", "title", "about") if own.get(key)), "")
    count = f"{len(items)} item{'s' if len(items) != 1 else ''}" if items else ""
    sources = sorted({source for item in (own, *items.values()) for source in _citations(item)})
    return Change(
        kind, record.id, None, citations=tuple(sources), about=", ".join(part for part in (label, count) if part)
    )


def _inside(old: Record, new: Record) -> Iterator[Change]:
    """Give what differs inside one record: items that came or went, and values that moved."""
    before, after = _items(old), _items(new)
    for item in (*before, *(name for name in after if name not in before)):
        if item not in before:
            found = after[item]
            yield Change(
                "added",
                new.id,
                item,
                citations=_citations(found),
                about=str(found.get("summary") or found.get("text") or ""),
            )
        elif item not in after:
            yield Change("retired", new.id, item, citations=_citations(before[item]), about="the item was taken out")
        else:
            moved = tuple(_moved(before[item], after[item]))
            if moved:
                yield Change("revised", new.id, item or None, moved, _citations(after[item]) if item else ())


def _moved(before: Plain, after: Plain) -> Iterator[FieldChange]:
    for key in (*before, *(name for name in after if name not in before)):
        if before.get(key) != after.get(key):
            yield FieldChange(key, before.get(key), after.get(key))


def _items(record: Record) -> dict[str, dict[str, object]]:
    """Take a record apart: its own values under ``""``, each item's under the id of the item; flat, by field name."""
    found: dict[str, dict[str, object]] = {"": {}}
    _take_apart(record.model_dump(mode="json", exclude_none=True), "", found, "")
    return found


def _take_apart(value: object, path: str, found: dict[str, dict[str, object]], item: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _take_apart(inner, f"{path}.{key}" if path else key, found, item)
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        for position, one in enumerate(value):
            own_id = one.get("id") or one.get("code") if path.endswith(_ITEM_LISTS) else None
            if own_id:
                found[str(own_id)] = {}
                _take_apart(one, "", found, str(own_id))
            else:
                _take_apart(one, f"{path}[{_name(one, position, value)}]", found, item)
    elif value != []:  # no list and an empty one say the same
        found[item][path] = value


_ITEM_LISTS = ("evidence", "statements", "results", "frequencies", "cautions", "notices")


def _name(one: Plain, position: int, among: Iterable[Plain]) -> str:
    """Name a thing of a list by what makes it differ from the others, so that a new one in front moves nothing."""
    siblings = list(among)
    for keys in _NAMES:
        names = [" ".join(str(other[key]) for key in keys if key in other) for other in siblings]
        if keys[0] in one and names.count(names[position]) == 1:
            return names[position]
    return str(position + 1)


def _citations(item: Plain) -> tuple[str, ...]:
    named: list[str] = []
    for key, value in item.items():
        last = key.rpartition(".")[2]
        if last == "citation":
            named.append(str(value))
        elif last == "citations" and isinstance(value, list):
            named += map(str, value)
    return tuple(sorted(set(named)))


def _say(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "nothing"
    text = str(value)
    short = text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE].rstrip()}…"
    return f"“{short}”" if " " in text else short


def _stop(fields: tuple[FieldChange, ...]) -> str:
    return "" if str(fields[-1]).endswith((".", ".”")) else "."
