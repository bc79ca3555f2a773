"""Two steps ahead: for each TKI option, how the tumour may come back and what would then be left."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.interpretation import Situation
from app.knowledge.index import KnowledgeIndex
from app.planning.futures import Future, futures_after, overlapping, situation_after
from app.ranking.criteria import Candidate, outcome_grade
from app.ranking.eligibility import ACTIVE
from app.ranking.rank import place


@dataclass(frozen=True, slots=True)
class Step:
    """One future and the best option in it."""

    future: Future
    best: str | None
    """First option, of any kind; None where the state is too vague to rank."""
    category: str | None
    targeted: str | None
    """First TKI of the driver with evidence of activity; None when none is left."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one option leads to."""

    regimen_id: str
    steps: tuple[Step, ...]
    with_active_option: float | None
    """Least share of futures in which an active targeted option remains; None when no cohort gives shares that can be added up."""
    not_known: float | None
    """Share of futures that no cohort attributes to a state that can be ranked; None likewise."""
    burns_bridges: bool | None
    """True when no state that the cohort names and that can be ranked leaves an active targeted option; None when it names none."""


def plan_option(regimen_id: str, situation: Situation, index: KnowledgeIndex) -> Plan:
    """Look one option ahead. Pure."""
    futures = futures_after(situation.gene, regimen_id, index, first_line=not situation.failed)
    steps = tuple(_step(future, regimen_id, situation, index) for future in futures)
    known = [step for step in steps if step.future.probability is not None]
    ranked = [step for step in known if step.future.specific]
    burns = not any(step.targeted for step in ranked) if ranked else None
    if not known or overlapping(futures):
        return Plan(regimen_id, steps, None, None, burns)
    active = sum(step.future.probability or 0.0 for step in known if step.targeted)
    vague = sum(step.future.probability or 0.0 for step in known if not step.future.specific)
    return Plan(regimen_id, steps, round(active, 4), round(vague, 4), burns)


def _step(future: Future, drug: str, situation: Situation, index: KnowledgeIndex) -> Step:
    if not future.specific:
        return Step(future, None, None, None)
    after = situation_after(situation, drug, future, index)
    placed, _ = place(after, index)
    best: Candidate | None = placed[0][0] if placed else None
    active = (one.assessment.regimen.id for one, _ in placed if _active(one, after, index))
    return Step(future, best.assessment.regimen.id if best else None, best.category if best else None, next(active, None))


def _active(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> bool:
    """A TKI of the driver that works against the state; with no change of the driver to go by, one that guidance or results in the setting support."""
    assessment = candidate.assessment
    if assessment.regimen.kind != "tki":
        return False
    if situation.resistance == "none_detected":
        return assessment.positive or outcome_grade(assessment, situation, index) in index.policy.supported_outcomes
    return assessment.molecular in ACTIVE
