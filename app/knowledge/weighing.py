"""From evidence items to one verdict: the weightiest observations decide, disagreement is kept and shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.domain.terms import Activity, EvidenceLevel
from app.knowledge.policy import EvidenceWeighing
from app.knowledge.records import EvidenceItem

_WORST_FIRST: tuple[Activity, ...] = ("resistant", "reduced", "sensitive")


@dataclass(frozen=True, slots=True)
class Call:
    """The verdict on one regimen against one profile or mechanism, with everything it rests on."""

    activity: Activity
    level: EvidenceLevel
    clinical: bool
    """Observed in patients."""
    strong: bool
    """Resistance that says something of similar drugs, too: clinical, or in concordant independent preclinical sources."""
    conflicting: bool
    """Both sensitivity and resistance were reported."""
    items: tuple[EvidenceItem, ...]
    """Deciding items first, then the rest by weight; unverified ones last."""
    resensitises: bool = False
    inferred_from: tuple[str, ...] = ()
    """Profiles from which the verdict was inferred, when the profile has no evidence of its own."""


UNKNOWN = Call("unknown", "E", clinical=False, strong=False, conflicting=False, items=())


def resolve(items: Iterable[EvidenceItem], weighing: EvidenceWeighing, years: Mapping[str, int | None]) -> Call:
    """Weigh the items by the policy.

    Unverified items and items without a verdict do not count. Inside the weightiest class present the verdict seen in more
    patients (or sources) stands; on a tie the more cautious one. ``years`` gives the year of each citation.
    """
    rank = {basis: position for position, group in enumerate(weighing.classes) for basis in group}

    def weight(item: EvidenceItem) -> tuple[float, int, int, str]:
        other = 0.5 if item.tumour == "other" else 0.0
        return (rank[item.basis] + other, -(item.n or 1), -(years.get(item.citation) or 0), item.id)

    everything = sorted(items, key=weight)
    usable = [item for item in everything if item.status != "unverified" and item.activity != "unknown"]
    if not usable:
        return Call("unknown", "E", clinical=False, strong=False, conflicting=False, items=tuple(everything))
    top_class = weight(usable[0])[0]
    top = [item for item in usable if weight(item)[0] == top_class]
    votes = {verdict: sum(item.n or 1 for item in top if item.activity == verdict) for verdict in _WORST_FIRST}
    verdict = max(_WORST_FIRST, key=lambda one: votes[one])
    deciding = [item for item in top if item.activity == verdict]
    seen = {item.activity for item in usable}
    clinical = deciding[0].basis in weighing.clinical
    return Call(
        activity=verdict,
        level=min(item.level for item in deciding),
        clinical=clinical,
        strong=verdict == "resistant" and _is_strong(usable, weighing),
        conflicting={"sensitive", "resistant"} <= seen,
        items=(*deciding, *(item for item in everything if item not in deciding)),
    )


def _is_strong(usable: list[EvidenceItem], weighing: EvidenceWeighing) -> bool:
    against = [item for item in usable if item.activity == "resistant"]
    if any(item.basis in weighing.clinical for item in against):
        return True
    sources = {item.citation for item in against}
    contradicted = any(item.activity == "sensitive" for item in usable)
    return len(sources) >= weighing.strong_preclinical_sources and not contradicted


def worst(calls: Iterable[Call]) -> Call:
    """The most cautious of several calls: resistant, then reduced, then unknown, then sensitive."""
    order = {"resistant": 0, "reduced": 1, "unknown": 2, "sensitive": 3}
    return min(calls, key=lambda call: (order[call.activity], not call.strong, call.clinical))
