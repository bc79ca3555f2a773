"""Sequence plans as JSON values: for each TKI option how the tumour may come back, and what would then be left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.domain.case import Case
from app.domain.interpretation import Interpretation, Situation
from app.domain.recommendation import Option, Ranking
from app.knowledge.index import KnowledgeIndex
from app.planning.plan import Plan, Step
from app.presenters.native import cited_in, clone_view, opening, source_views

UNKNOWN = "unknown"
_UNKNOWN_FUTURE: dict[str, Any] = {
    "alteration": UNKNOWN,
    "mechanism_known": False,
    "probability": None,
    "n": None,
    "best_option": None,
    "category": None,
    "active_targeted_option": None,
    "citations": (),
}


def plans_view(
    case: Case,
    interpretation: Interpretation,
    ranking: Ranking,
    plans: Mapping[str, Plan],
    index: KnowledgeIndex,
    recommendation_id: str,
    engine_version: str,
) -> dict[str, Any]:
    """The whole answer."""
    situation = interpretation.situation
    view: dict[str, Any] = {"recommendation_id": recommendation_id, "case_id": case.case_id}
    view |= opening(situation, index, engine_version)
    view["interpretation"] |= {
        "line_of_therapy": interpretation.line_of_therapy,
        "decisive_samples": interpretation.decisive_samples,
        "clones": [clone_view(clone) for clone in interpretation.clones],
    }
    view["plans"] = [
        _plan(option, plans[option.regimen_id], situation, index)
        for option in ranking.options
        if option.regimen_id in plans
    ]
    disclaimer, sources = index.say("disclaimer", "disclaimer", situation.language)
    view["disclaimer"] = disclaimer
    view["citations"] = source_views({*cited_in(view), *sources}, index)
    return view


def _plan(option: Option, plan: Plan, situation: Situation, index: KnowledgeIndex) -> dict[str, Any]:
    return {
        "regimen_id": option.regimen_id,
        "rank": option.rank,
        "category": option.category,
        "futures": [_future(step) for step in plan.steps] or [_UNKNOWN_FUTURE],
        "share_with_active_option": plan.with_active_option,
        "share_not_known": plan.not_known,
        "burns_bridges": plan.burns_bridges,
        "sentences": _sentences(plan, situation, index),
    }


def _future(step: Step) -> dict[str, Any]:
    future = step.future
    return {
        "alteration": future.name,
        "mechanism_known": future.defined,
        "probability": future.probability,
        "n": future.n,
        "best_option": step.best,
        "category": step.category,
        "active_targeted_option": step.targeted,
        "citations": future.citations,
    }


def _sentences(plan: Plan, situation: Situation, index: KnowledgeIndex) -> list[dict[str, Any]]:
    """What the plan amounts to. A sentence about a cohort cites that cohort."""
    cohort = tuple(dict.fromkeys(name for step in plan.steps for name in step.future.citations))

    def say(code: str, **values: str) -> dict[str, Any]:
        text, sources = index.say("rationale", code, situation.language, regimen=plan.regimen_id, **values)
        return {"text": text, "rule": code, "citations": cohort or sources}

    if not plan.steps:
        return [say("plan_unknown")]
    if all(step.future.probability is None for step in plan.steps):
        return [say("plan_observed", alterations=", ".join(step.future.name for step in plan.steps))]
    if plan.burns_bridges is None:
        return [say("plan_not_named")]
    if plan.with_active_option is None or plan.not_known is None:
        found = [say("plan_overlap")]
    else:
        found = [say("plan_shares", share=_percent(plan.with_active_option), unknown=_percent(plan.not_known))]
    return [*found, say("plan_burns_bridges")] if plan.burns_bridges else found


def _percent(share: float) -> str:
    return f"{share:.0%}"
