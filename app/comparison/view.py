"""A comparison as JSON values: what moved, the facts behind it in sentences, and their sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.comparison.causes import Cause
from app.comparison.compare import Comparison, Moved
from app.comparison.differences import DateChange, OverlayChange, RecordChange
from app.comparison.replay import Ground
from app.knowledge.diff import Change, between
from app.knowledge.records import DrugRecord
from app.presenters.native import cited_in, source_views
from app.ranking.approval import in_force


def comparison_view(found: Comparison, ground: Ground) -> dict[str, Any]:
    """The whole answer."""
    view: dict[str, Any] = {
        "case_id": found.after["case_id"],
        "engine_version": found.after["engine_version"],
        "from": _side(found.before),
        "to": _side(found.after),
        "changes": [_moved(one, ground) for one in found.moved],
        "unchanged": found.unchanged,
        "flags": _apart(found.before["interpretation"]["flags"], found.after["interpretation"]["flags"]),
        "next_tests": _apart(found.before["next_tests"], found.after["next_tests"]),
        "replay": {"facts_examined": found.examined, "replays": found.replays, "complete": found.complete},
        "disclaimer": found.after["disclaimer"],
    }
    names = set(cited_in(view))
    view["citations"] = source_views(names, ground.before.index) | source_views(names, ground.after.index)
    return view


def _side(answer: Mapping[str, Any]) -> dict[str, Any]:
    options = answer["options"]
    return {
        "knowledge": answer["knowledge"],
        "recommendation_id": answer["recommendation_id"],
        "as_of": answer["as_of"],
        "first_option": options[0]["regimen_id"] if options else None,
    }


def _apart(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "gone": [one for one in before if one not in after],
        "new": [one for one in after if one not in before],
    }


def _moved(one: Moved, ground: Ground) -> dict[str, Any]:
    return {
        "regimen_id": one.regimen,
        "before": one.before.view(),
        "after": one.after.view(),
        "shifted_only": one.shifted_only,
        "cause": one.why.cause,
        "because": [entry for cause in one.why.because for entry in _because(cause, ground)],
    }


def _because(cause: Cause, ground: Ground) -> list[dict[str, Any]]:
    alone = cause.alone.view() if cause.alone else None
    match cause.change:
        case RecordChange():
            return [_fact(change, cause.change, alone) for change in between(cause.change.old, cause.change.new)]
        case OverlayChange():
            return [_restriction(cause.change, ground, alone)]
        case DateChange():
            return [_date(cause.change, ground, alone)]


def _fact(change: Change, of: RecordChange, alone: dict[str, Any] | None) -> dict[str, Any]:
    sentence, citations = change.sentence, change.citations
    if change.kind == "retired" and of.old is not None and of.new is None:
        sentence = f"{change.record} was retired."
        citations = tuple(one for added in between(None, of.old) for one in added.citations)
    return {
        "record": change.record,
        "item": change.item,
        "kind": change.kind,
        "sentence": sentence,
        "alone": alone,
        "citations": citations or _sources_of(of),
    }


def _sources_of(change: RecordChange) -> tuple[str, ...]:
    """The sources of the record as it now stands, for a value that names none of its own."""
    return tuple(one for added in between(None, change.new) for one in added.citations)


def _restriction(change: OverlayChange, ground: Ground, alone: dict[str, Any] | None) -> dict[str, Any]:
    overlay = (ground.after if change.new else ground.before).index.overlay
    said = " ".join(f"{one.because} ({one.source})" for one in change.new or change.old)
    kind = "revised" if change.old and change.new else "added" if change.new else "retired"
    name = overlay.citation if overlay else ""
    return {
        "record": name,
        "item": change.regimen,
        "kind": kind,
        "sentence": said if change.new else f"The local restriction was lifted: {said}",
        "alone": alone,
        "citations": [name],
    }


def _date(change: DateChange, ground: Ground, alone: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "record": "release",
        "item": None,
        "kind": "revised",
        "sentence": f"Approvals are read as of {change.new} instead of {change.old}, the days of the two releases.",
        "alone": alone,
        "citations": sorted(set(_turned(ground.after.records.drugs, change))),
    }


def _turned(drugs: Iterable[DrugRecord], change: DateChange) -> Iterable[str]:
    """Sources of the approvals that began or ended between the two days."""
    for drug in drugs:
        for approval in drug.approvals:
            before, after = (in_force(approval, day, change.new) for day in (change.old, change.new))
            if before is not after:
                yield approval.citation
