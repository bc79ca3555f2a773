"""Two steps ahead: for each TKI option, how the tumour may come back and what would then be left."""

from __future__ import annotations

from msgspec import Struct

from app.domain.interpretation import Situation
from app.knowledge.index import KnowledgeIndex
from app.planning.futures import Future, futures_after, overlapping, situation_after
from app.ranking.assessment import assess
from app.ranking.category import ACTIVE
from app.ranking.criteria import Candidate
from app.ranking.rank import place


class Step(Struct, frozen=True):
    """One future and the best option in it."""

    future: Future
    best: str | None
    """First option, of any kind; None where the state is too vague to rank."""
    category: str | None
    targeted: str | None
    """First TKI of the driver with evidence of activity; None when none is left."""


class Plan(Struct, frozen=True):
    """What one option leads to."""

    regimen_id: str
    steps: tuple[Step, ...]
    with_active_option: float | None
    """Least share of futures in which an active targeted option remains; None when no cohort gives shares that can be added up."""
    not_known: float | None
    """Share of futures whose mechanism the cohort does not name, so that nobody can tell what works then; None likewise."""
    burns_bridges: bool | None
    """True when no mechanism that the cohort names leaves an active targeted option; None when it names none that is known here."""


def plan_option(regimen_id: str, situation: Situation, index: KnowledgeIndex) -> Plan:
    """Look one option ahead. Pure."""
    futures = futures_after(situation.gene, regimen_id, index, first_line=not situation.failed)
    resisted = _resisted(situation, index)
    steps = tuple(_step(future, regimen_id, situation, resisted, index) for future in futures)
    known = [step for step in steps if step.future.probability is not None]
    defined = [step for step in known if step.future.defined]
    burns = not any(step.targeted for step in defined) if defined else None
    if not known or overlapping(futures):
        return Plan(regimen_id, steps, None, None, burns)
    active = sum(step.future.probability or 0.0 for step in known if step.targeted)
    vague = sum(step.future.probability or 0.0 for step in known if not step.future.defined)
    return Plan(regimen_id, steps, round(active, 4), round(vague, 4), burns)


def _resisted(situation: Situation, index: KnowledgeIndex) -> frozenset[str]:
    """Inhibitors of the driver that a clone found now resists: the clone does not leave with the next relapse, so none is promised after it."""
    assessed = (assess(one, situation, index) for one in index.regimens[situation.gene] if one.ranked)
    return frozenset(
        one.regimen.id for one in assessed if one.overall is not None and one.overall.activity == "resistant"
    )


def _step(future: Future, drug: str, situation: Situation, resisted: frozenset[str], index: KnowledgeIndex) -> Step:
    if not future.specific:
        return Step(future, None, None, None)
    kept, _ = place(situation_after(situation, drug, future, index), index)
    placed = [one for one in kept if one[0].assessment.regimen.id not in resisted]
    best: Candidate | None = placed[0][0] if placed else None
    targeted = (one.assessment for one, _ in placed if one.assessment.regimen.kind == "tki")
    active = next((one.regimen.id for one in targeted if one.molecular in ACTIVE), None)
    return Step(future, best.assessment.regimen.id if best else None, best.category if best else None, active)
