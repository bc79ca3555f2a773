"""Where a regimen stands in one answer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from app.domain.recommendation import Ranking


@dataclass(frozen=True, slots=True)
class State:
    """The place of one regimen: in the order, or not recommended and why."""

    listed: bool
    rank: int | None = None
    tier: int | None = None
    category: str | None = None
    activity: str | None = None
    reasons: tuple[str, ...] = ()

    def view(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


NOT_KNOWN = State(listed=False, reasons=("not_in_this_knowledge",))
"""Of a regimen that the other state of the knowledge does not have."""
States = dict[str, State]


def states_of(ranking: Ranking) -> States:
    """Where every regimen stands, by id."""
    found = {one.regimen_id: State(True, one.rank, one.tier, one.category, one.activity) for one in ranking.options}
    for excluded in ranking.not_recommended:
        reasons = tuple(dict.fromkeys(reason.code for reason in excluded.reasons))
        found[excluded.regimen_id] = State(listed=False, reasons=reasons)
    return found


def shifted_only(regimen: str, before: States, after: States) -> bool:
    """True when only its number moved: it stands as firmly as before, in the same order with all that are listed on both sides."""
    old, new = before.get(regimen, NOT_KNOWN), after.get(regimen, NOT_KNOWN)
    if not (old.listed and new.listed) or (old.category, old.activity) != (new.category, new.activity):
        return False
    both = [name for name, state in before.items() if state.listed and after.get(name, NOT_KNOWN).listed]
    above = {name for name in both if (before[name].rank or 0) < (old.rank or 0)}
    return above == {name for name in both if (after[name].rank or 0) < (new.rank or 0)}
