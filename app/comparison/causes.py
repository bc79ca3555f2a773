"""Which changes moved a regimen. Nothing is guessed: a cause is named because replaying it moves the regimen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from app.comparison.differences import DateChange, Difference, OverlayChange, RecordChange, single_items
from app.comparison.replay import OutOfReplaysError, Replays
from app.comparison.states import NOT_KNOWN, State, States

SINGLE, TOGETHER, OVERLAY, RELEASE_DATE = "single_facts", "together", "overlay", "release_date"
ENGINE, NOT_EXAMINED = "engine", "not_examined"


@dataclass(frozen=True, slots=True)
class Cause:
    """One change behind a move."""

    change: Difference
    alone: State | None
    """Where the regimen stands with this change and no other; None where only several together move it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one regimen moved."""

    cause: str
    because: tuple[Cause, ...]


@dataclass
class Explainer:
    """Explains every move of one case. Replays are shared between the regimens."""

    replays: Replays
    differences: Sequence[Difference]
    before: States
    after: States
    complete: bool = True
    _parts: dict[int, list[RecordChange]] = field(default_factory=dict)

    def explain(self, regimen: str) -> Explanation:
        """Why the regimen stands elsewhere."""
        alone: list[Difference] = []
        try:
            alone = [one for one in self.differences if self._moves(regimen, (one,))]
            return self._explain(regimen, alone)
        except OutOfReplaysError:
            self.complete = False
            return Explanation(NOT_EXAMINED, self._alone(regimen, alone, refine=False))

    def _explain(self, regimen: str, alone: Sequence[Difference]) -> Explanation:
        enough = [one for one in alone if self._reaches(regimen, (one,))]
        if enough:  # what else moves it somewhere is of no effect beside these
            return Explanation(_kind(enough, SINGLE), self._alone(regimen, enough, refine=True))
        if alone and self._reaches(regimen, alone):
            return Explanation(_kind(alone, SINGLE), self._alone(regimen, alone, refine=True))
        everything = tuple(self.differences)
        if not self._reaches(regimen, everything):
            return Explanation(ENGINE, ())
        needed = [
            one for one in everything if not self._reaches(regimen, [other for other in everything if other is not one])
        ]
        found = [one for one in everything if one in alone or one in needed]
        if not self._reaches(regimen, found):
            found = _least(everything, lambda some: self._reaches(regimen, some))
        because = (Cause(one, self._state(regimen, one) if one in alone else None) for one in found)
        return Explanation(_kind(found, TOGETHER), tuple(because))

    def _moves(self, regimen: str, changes: Sequence[Difference]) -> bool:
        states = self.replays.states(changes)
        return states is not None and states.get(regimen, NOT_KNOWN) != self.before.get(regimen, NOT_KNOWN)

    def _reaches(self, regimen: str, changes: Sequence[Difference]) -> bool:
        states = self.replays.states(changes)
        return states is not None and states.get(regimen, NOT_KNOWN) == self.after.get(regimen, NOT_KNOWN)

    def _alone(self, regimen: str, changes: Sequence[Difference], *, refine: bool) -> tuple[Cause, ...]:
        """The changes, each broken down to the items of its record that move the regimen, where single ones do."""
        found: list[Cause] = []
        for change in changes:
            items: list[Difference] = []
            if refine and isinstance(change, RecordChange):
                items = [one for one in self._items(change) if self._moves(regimen, (one,))]
            found += [Cause(one, self._state(regimen, one)) for one in items or [change]]
        return tuple(found)

    def _items(self, change: RecordChange) -> list[RecordChange]:
        key = id(change)
        if key not in self._parts:
            self._parts[key] = single_items(change)
        return self._parts[key]

    def _state(self, regimen: str, change: Difference) -> State:
        states = self.replays.states((change,)) or {}
        return states.get(regimen, NOT_KNOWN)


def _kind(changes: Sequence[Difference], otherwise: str) -> str:
    if all(isinstance(one, OverlayChange) for one in changes):
        return OVERLAY
    return RELEASE_DATE if all(isinstance(one, DateChange) for one in changes) else otherwise


def _least(changes: Sequence[Difference], holds: Callable[[Sequence[Difference]], bool]) -> list[Difference]:
    """A set of which none can be left out: parts are dropped, large ones first, as long as the rest still holds."""
    kept, size = list(changes), max(1, len(changes) // 2)
    while size:
        start = 0
        while start < len(kept):
            rest = kept[:start] + kept[start + size :]
            if rest and holds(rest):
                kept = rest
            else:
                start += size
        size //= 2
    return kept
