"""Names, ids and files agree, and nothing is stated twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.kinds import kind_of
from app.knowledge.records import (
    DrugRecord,
    EffectRecord,
    FrequencyRecord,
    GeneRecord,
    GuidanceRecord,
    InteractionClassRecord,
    NoticesRecord,
    OutcomeRecord,
    Record,
    RegimenRecord,
    SafetyRecord,
    Sourced,
)
from app.knowledge.strict_yaml import Loc

NOTICE_IDS: Mapping[str, str] = {
    "flag": "flags",
    "reason": "reasons",
    "next_test": "next_tests",
    "warning": "warnings",
    "rationale": "rationale",
    "criterion": "criteria",
    "disclaimer": "disclaimer",
    "word": "words",
}
"""File of each kind of notice."""


def ids_match_paths(facts: Facts) -> Iterator[Complaint]:
    """The id of a record names its file."""
    for record in facts.records:
        kind, path = kind_of(record), facts.records.source(record).path
        if kind.prefix and not record.id.startswith(f"{kind.prefix}:"):
            yield facts.complain(record, ("id",), f"id {record.id!r} does not start with {kind.prefix!r} and a colon")
        elif kind.path(record.id) != path:
            yield facts.complain(
                record, ("id",), f"id {record.id!r} belongs in {kind.path(record.id)}", "change the id or move the file"
            )


def contents_match_ids(facts: Facts) -> Iterator[Complaint]:
    """The id of a record says what is in it."""
    for record in facts.records:
        expected = _id_from_content(record)
        if expected is not None and record.id != expected:
            yield facts.complain(
                record, ("id",), f"id {record.id!r} does not fit the content", f"the content asks for {expected!r}"
            )


def _id_from_content(record: Record) -> str | None:
    match record:
        case EffectRecord(molecular_profile=profile):
            changes = "+".join(change.removeprefix("p.") for change in profile.protein_changes)
            return f"effect:{profile.gene}:{changes or profile.event}"
        case GuidanceRecord():
            return f"guidance:{record.gene}:{record.setting}"
        case OutcomeRecord():
            return f"outcome:{record.gene}:{record.regimen}"
        case FrequencyRecord():
            return f"frequency:{record.gene}:{record.drug}"
        case SafetyRecord():
            return f"safety:{record.drug}"
        case InteractionClassRecord():
            return f"interaction:{record.class_id}"
        case RegimenRecord():
            return f"regimen:{record.regimen_id}"
        case GeneRecord():
            return f"gene:{record.symbol}"
        case NoticesRecord():
            return f"notices:{NOTICE_IDS[record.kind]}"
        case DrugRecord():
            return f"drug:{record.inn}"
    return None


def profiles_are_one_thing(facts: Facts) -> Iterator[Complaint]:
    """An effect is of protein changes or of one event of the gene, never of both or neither."""
    for record in facts.records.effects:
        profile = record.molecular_profile
        if bool(profile.protein_changes) == bool(profile.event):
            yield facts.complain(
                record, ("molecular_profile",), "give either protein_changes or event", "drop or add one of the two"
            )


def record_ids_are_unique(facts: Facts) -> Iterator[Complaint]:
    """No two records share an id."""
    yield from _repeated(facts, ((record.id, record, ("id",)) for record in facts.records), "record id")


def item_ids_are_unique(facts: Facts) -> Iterator[Complaint]:
    """No two items of the whole folder share an id."""
    items = ((str(one.id), record, (*at, "id")) for record, at, one in facts.every(Sourced) if hasattr(one, "id"))
    yield from _repeated(facts, items, "item id")


def notice_codes_are_unique(facts: Facts) -> Iterator[Complaint]:
    """No two notices of one kind share a code."""
    for record in facts.records.notices:
        codes = ((one.code, record, ("notices", n, "code")) for n, one in enumerate(record.notices))
        yield from _repeated(facts, codes, "notice code")


def each_thing_is_stated_once(facts: Facts) -> Iterator[Complaint]:
    """A drug or regimen has one statement per record, a drug one entry per gene that it inhibits."""
    for effect in facts.records.effects:
        named = ((one.therapy, effect, ("statements", n, "therapy")) for n, one in enumerate(effect.statements))
        yield from _repeated(facts, named, "therapy")
    for mechanism in facts.records.mechanisms:
        told = ((one.regimen, mechanism, ("responses", n, "regimen")) for n, one in enumerate(mechanism.responses))
        yield from _repeated(facts, told, "regimen")
    for drug in facts.records.drugs:
        ranked = [(one.gene, drug, ("ranked_for", n, "gene")) for n, one in enumerate(drug.ranked_for)]
        counted = [(one.gene, drug, ("inhibits", n, "gene")) for n, one in enumerate(drug.inhibits)]
        yield from _repeated(facts, [*ranked, *counted], "gene")


def _repeated(facts: Facts, names: Iterable[tuple[str, Record, Loc]], what: str) -> Iterator[Complaint]:
    first: dict[str, str] = {}
    for name, record, at in names:
        source = facts.records.source(record)
        if name in first:
            yield facts.complain(
                record, at, f"{what} {name!r} is already used in {first[name]}", "make it differ, or join the two"
            )
        first.setdefault(name, f"{source.path}:{source.line(at)}")


CHECKS = (
    ids_match_paths,
    contents_match_ids,
    profiles_are_one_thing,
    record_ids_are_unique,
    item_ids_are_unique,
    notice_codes_are_unique,
    each_thing_is_stated_once,
)
