"""compare(case, ground): what moved between two states of the knowledge, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from app.adapters.native import to_case
from app.comparison.causes import Explainer, Explanation
from app.comparison.differences import DateChange, Difference, RecordChange, Side
from app.comparison.replay import Ground, Replays
from app.comparison.states import NOT_KNOWN, State, States, shifted_only, states_of
from app.domain.errors import InvalidCase, Problem
from app.service import Engine, recommend
from app.wire.case import Case

MOST_REPLAYS = 1000
"""Replays that one comparison may take, some 7 ms each."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One regimen that stands elsewhere."""

    regimen: str
    before: State
    after: State
    shifted_only: bool
    why: Explanation


@dataclass(frozen=True, slots=True)
class Comparison:
    """One case under two states of the knowledge."""

    before: Mapping[str, Any]
    """The whole answer, as callers get it."""
    after: Mapping[str, Any]
    moved: tuple[Moved, ...]
    unchanged: int
    examined: int
    """Differences of the knowledge that were replayed one by one."""
    replays: int
    complete: bool
    """False when not all could be replayed."""


def compare(given: Case, ground: Ground, language: str, most_replays: int = MOST_REPLAYS) -> Comparison:
    """Answer a case from both states and explain what differs. Pure.

    Raises InvalidCase when one of the two cannot read the case.
    """
    answers = [_answer(given, side, language) for side in (ground.before, ground.after)]
    before, after = (_states(given, side, language) for side in (ground.before, ground.after))
    names = sorted(before.keys() | after.keys(), key=lambda name: _order(name, before, after))
    elsewhere = [name for name in names if before.get(name, NOT_KNOWN) != after.get(name, NOT_KNOWN)]
    relevant = [one for one in ground.differences if _concerns(one, given)]
    replays = Replays(given, language, ground, most_replays)
    explainer = Explainer(replays, relevant, before, after)
    moved = (
        Moved(
            name,
            before.get(name, NOT_KNOWN),
            after.get(name, NOT_KNOWN),
            shifted_only(name, before, after),
            explainer.explain(name),
        )
        for name in elsewhere
    )
    return Comparison(
        before=answers[0],
        after=answers[1],
        moved=tuple(sorted(moved, key=lambda one: one.shifted_only)),
        unchanged=len(names) - len(elsewhere),
        examined=len(relevant),
        replays=replays.done,
        complete=explainer.complete,
    )


def _order(name: str, before: States, after: States) -> tuple[int, int, str]:
    """By the place now, then by the place before."""
    last = len(before) + len(after)
    return (after.get(name, NOT_KNOWN).rank or last, before.get(name, NOT_KNOWN).rank or last, name)


def _concerns(change: Difference, given: Case) -> bool:
    if isinstance(change, RecordChange):
        return change.concerns(given.driver.gene)
    return given.as_of is None or not isinstance(change, DateChange)


def _states(given: Case, side: Side, language: str) -> States:
    _, ranking = recommend(to_case(given, side.index, language), side.index)
    return states_of(ranking)


def _answer(given: Case, side: Side, language: str) -> Mapping[str, Any]:
    index = side.index
    version = index.release.version
    try:
        case = to_case(given, index, language)
    except InvalidCase as error:
        raise InvalidCase([Problem(one.pointer, f"under {version}: {one.detail}") for one in error.problems]) from None
    answer: dict[str, Any] = orjson.loads(Engine({version: index}, version).answer(case, index).body)
    return answer
