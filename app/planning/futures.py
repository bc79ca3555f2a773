"""What resistance a drug may leave behind: states with probabilities from cited cohorts, and only from those (decision step 8)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from app.domain.interpretation import Profile, Situation
from app.interpretation.history import setting_after
from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import Frequency

ANY_ON_TARGET, NO_ON_TARGET = "any_on_target", "none_on_target"
OTHER_ON_TARGET, NOT_ATTRIBUTED = "other_on_target", "not_attributed"


@dataclass(frozen=True, slots=True)
class Future:
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
        return self.profile is not None or self.mechanism is not None or self.name == NO_ON_TARGET


def futures_after(gene: str, drug: str, index: KnowledgeIndex, *, first_line: bool) -> tuple[Future, ...]:
    """The states after failure of a drug, most likely first, from the one cohort that describes them best.

    Cohorts are never mixed: the largest verified one of the line that names single alterations is used, and what it does not attribute stays unattributed.
    Without any, alterations that were only observed come without a probability.
    """
    verified = [one for one in index.frequencies.get((gene, drug), ()) if one.status != "unverified" and not one.fusion_variant]
    cohort = _best_cohort(verified, first_line=first_line)
    if not cohort:
        observed = [_future(one, None, gene, index) for one in verified]
        return tuple(future for future in observed if future.specific)
    return _shares(cohort, gene, index)


def _best_cohort(found: list[Frequency], *, first_line: bool) -> list[Frequency]:
    cohorts: defaultdict[tuple[str, str], list[Frequency]] = defaultdict(list)
    for one in found:
        if one.frequency is not None:
            cohorts[one.citation, one.line].append(one)
    wanted = "first_line" if first_line else "later_line"

    def weight(item: tuple[tuple[str, str], list[Frequency]]) -> tuple[bool, bool, int, str]:
        (citation, line), members = item
        names_some = any(one.alteration.startswith("p.") for one in members)
        return (line == wanted, names_some, max(one.n or 0 for one in members), citation)

    usable = [item for item in cohorts.items() if item[0][1] in (wanted, "any")]
    return max(usable, key=weight)[1] if usable else []


def _shares(cohort: list[Frequency], gene: str, index: KnowledgeIndex) -> tuple[Future, ...]:
    """Single alterations with their shares, and what is left. Summaries that overlap them (``compound``, ``two_or_more_on_target``) are not states.

    Where a tumour may hold several, the shares add up to more than the whole and are scaled to it.
    """
    total = {one.alteration: one for one in cohort}
    on_target = [one for one in cohort if one.alteration.startswith("p.")]
    futures = [_future(one, one.frequency, gene, index) for one in cohort if one in on_target or ("_" not in one.alteration and " " in one.alteration)]
    named = sum(one.frequency or 0.0 for one in on_target)
    whole = total.get(ANY_ON_TARGET)
    citation, n = (cohort[0].citation,), max(one.n or 0 for one in cohort) or None
    if whole is not None and whole.frequency is not None:
        if named > whole.frequency > 0:
            scale = whole.frequency / named
            futures = [replace(one, probability=round((one.probability or 0) * scale, 4)) if one.name.startswith("p.") else one for one in futures]
        elif whole.frequency - named > 0.005:
            futures.append(Future(OTHER_ON_TARGET, round(whole.frequency - named, 4), n, citation))
    total_share = sum(one.probability or 0.0 for one in futures)
    if total_share > 1:
        futures = [replace(one, probability=round((one.probability or 0.0) / total_share, 4)) for one in futures]
    left = 1.0 - sum(one.probability or 0.0 for one in futures)
    if left > 0.005:
        name = NO_ON_TARGET if whole is not None else NOT_ATTRIBUTED
        futures.append(Future(name, round(left, 4), n, citation))
    return tuple(sorted(futures, key=lambda one: (-(one.probability or 0.0), one.name)))


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
    if future.profile is not None:
        resistance, readings = "on_target", ((future.profile,),)
    elif future.mechanism is not None:
        resistance, readings = "off_target", ()
    else:
        resistance, readings = "none_detected", ()
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
    )
