"""What resistance a drug may leave behind: states with probabilities from cited cohorts, and only from those (decision step 8)."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct
from msgspec.structs import replace

from app.domain.interpretation import Profile, Situation
from app.interpretation.history import setting_after
from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import Frequency

ANY_ON_TARGET, NO_ON_TARGET = "any_on_target", "none_on_target"
OTHER_ON_TARGET, NOT_ATTRIBUTED = "other_on_target", "not_attributed"
_TOTALS = frozenset(
    {ANY_ON_TARGET, NO_ON_TARGET, "acquired_on_target", "compound", "new_alteration", "two_or_more_on_target"}
)
"""Names of cohorts for several states together; each overlaps the states that it counts."""
_ROUNDING = 0.01
"""Shares of one cohort are rounded to a percent; differences below it say nothing."""


class Future(Struct, frozen=True):
    """One state in which the tumour may come back.

    ``probability`` is the share of relapses in the cohort; None when no cohort gives one.
    """

    name: str
    probability: float | None
    n: int | None
    citations: tuple[str, ...]
    profile: Profile | None = None
    mechanism: str | None = None

    @property
    def specific(self) -> bool:
        """True when the state can be ranked: a known change of the driver, a known mechanism, or no change of the driver at all."""
        return self.defined or self.name == NO_ON_TARGET

    @property
    def defined(self) -> bool:
        """True when the mechanism of resistance is known. Without a change of the driver it may still be one that was not looked for."""
        return self.profile is not None or self.mechanism is not None


def futures_after(gene: str, drug: str, index: KnowledgeIndex, *, first_line: bool) -> tuple[Future, ...]:
    """The states after failure of a drug, most likely first, from the one cohort that describes them best.

    Cohorts are never mixed and their numbers never altered: the largest verified one of the line that names single alterations is used, and what
    it does not attribute stays unattributed. Without any, alterations that were only observed come without a probability.
    """
    verified = [
        one for one in index.frequencies.get((gene, drug), ()) if one.status != "unverified" and not one.fusion_variant
    ]
    cohort = _best_cohort(verified, first_line=first_line)
    if not cohort:
        observed = {one.alteration: one for one in reversed(verified) if one.alteration not in _TOTALS}
        found = (_future(one, None, gene, index) for one in reversed(observed.values()))
        return tuple(future for future in found if future.specific)
    return _shares(cohort, gene, index)


def _best_cohort(found: list[Frequency], *, first_line: bool) -> list[Frequency]:
    """The members of one cohort: one source, one line, one kind of specimen."""
    cohorts: defaultdict[tuple[str, str, str], list[Frequency]] = defaultdict(list)
    for one in found:
        if one.frequency is not None:
            cohorts[one.citation, one.line, one.specimen or ""].append(one)
    wanted = "first_line" if first_line else "later_line"

    def weight(item: tuple[tuple[str, str, str], list[Frequency]]) -> tuple[bool, bool, int, str, str]:
        (citation, line, specimen), members = item
        names_some = any(one.alteration.startswith("p.") for one in members)
        return (line == wanted, names_some, max(one.n or 0 for one in members), citation, specimen)

    usable = [item for item in cohorts.items() if item[0][1] in (wanted, "any")]
    return max(usable, key=weight)[1] if usable else []


def _shares(cohort: list[Frequency], gene: str, index: KnowledgeIndex) -> tuple[Future, ...]:
    """Every state with the cohort's own number; then what is left of it, where its states do not overlap."""
    named = [one for one in cohort if one.alteration not in _TOTALS and one.frequency]
    futures = [_future(one, one.frequency, gene, index) for one in named]
    citation, n = (cohort[0].citation,), max((one.n or 0 for one in cohort), default=0) or None
    whole = next((one.frequency for one in cohort if one.alteration == ANY_ON_TARGET), None)
    on_target = sum(one.frequency or 0.0 for one in named if one.alteration.startswith("p."))
    off_target = sum(one.frequency or 0.0 for one in named) - on_target
    if whole is None:
        left = {NOT_ATTRIBUTED: 1.0 - on_target - off_target}
    else:
        beyond = NOT_ATTRIBUTED if off_target else NO_ON_TARGET
        left = {OTHER_ON_TARGET: whole - on_target, beyond: 1.0 - whole - off_target}
    futures += [Future(name, round(share, 4), n, citation) for name, share in left.items() if share > _ROUNDING / 2]
    return tuple(sorted(futures, key=lambda one: (-(one.probability or 0.0), one.name)))


def overlapping(futures: tuple[Future, ...]) -> bool:
    """True when the states of the cohort overlap, so that their shares cannot be added up."""
    return sum(one.probability or 0.0 for one in futures) > 1.0 + _ROUNDING


def _future(one: Frequency, probability: float | None, gene: str, index: KnowledgeIndex) -> Future:
    profile: Profile | None = None
    if one.alteration.startswith("p."):
        changes = tuple(one.alteration.split("+"))
        profile = changes if index.known_changes[gene].issuperset(changes) else None
    mechanism = index.mechanism_of_label.get(one.alteration.casefold())
    return Future(one.alteration, probability, one.n, (one.citation,), profile, mechanism)


def situation_after(situation: Situation, drug: str, future: Future, index: KnowledgeIndex) -> Situation:
    """The situation of the same patient once the drug has failed in this state."""
    failed = tuple(sorted({**dict(situation.failed), drug: "+1"}.items()))
    readings: tuple[tuple[Profile, ...], ...] = ()
    if future.profile is not None:
        resistance, readings = "on_target", ((future.profile,),)
    else:
        resistance = "off_target" if future.mechanism is not None else "none_detected"
    return replace(
        situation,
        setting=setting_after(situation.gene, tuple(name for name, _ in failed), index),
        resistance=resistance,
        readings=readings,
        mechanisms=(future.mechanism,) if future.mechanism else (),
        archived=(),
        failed=failed,
        failed_lines=tuple(sorted({*situation.failed_lines, (drug,)})),
        ongoing=(),
        resumed=(),
        early=None,
        cns_only=False,
        irradiated=False,
        settled=False,
        second_driver=False,
        liquid_only=False,
        holding=False,
    )
