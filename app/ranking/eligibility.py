"""May this regimen be an option here, and of which category (decision steps 5 and 6)."""

from __future__ import annotations

from msgspec import Struct

from app.domain.interpretation import Situation
from app.domain.recommendation import Reason
from app.knowledge.index import KnowledgeIndex
from app.ranking.assessment import POSITIVE, Assessment
from app.ranking.category import Category, category_of
from app.ranking.gates import closed, part_spent, repeated, still_given, why_not
from app.ranking.unsupported import no_rationale


class Eligibility(Struct, frozen=True):
    """``category`` when the regimen is an option; otherwise the reasons why not."""

    category: Category | None
    reasons: tuple[Reason, ...] = ()


def judge(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Eligibility:
    """Apply the gates, then find the category. Every gate that closes gives its reason."""
    reasons = closed(assessment, situation, index)
    if reasons:
        return Eligibility(None, reasons)
    category, why = category_of(assessment, situation, index)
    if category == "recommended" and (_not_now(assessment, situation, index) or _had(assessment, situation, index)):
        category = "consider"
    if category is None:
        return Eligibility(None, (no_rationale(why, assessment, situation, index),))
    left_out = category == "investigational" or assessment.regimen.kind == "trial"
    if left_out and not situation.include_investigational:
        return Eligibility(None, (why_not("not_approved", "investigational_excluded", assessment, situation, index),))
    return Eligibility(category)


def _had(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> bool:
    """True for chemotherapy of which a part was given before: what guidance says of a first course does not carry over."""
    return any(found(assessment, situation, index) is not None for found in (repeated, part_spent))


def _not_now(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> bool:
    """True for what advice on later or on advanced disease does not recommend today.

    In early disease; while another inhibitor holds; where only liquid samples tell that it may cease to, since treatment is not changed
    on them alone; and beside a second driver, since which of the two to treat is not settled (flags ``co_driver``,
    ``driver_acquired``).
    """
    if situation.second_driver and index.speaks("flag", "co_driver"):
        return True
    if (situation.settled or situation.liquid_only) and not still_given(assessment, situation):
        return True
    return situation.early is not None and not _for_early_disease(assessment)


def _for_early_disease(assessment: Assessment) -> bool:
    """True when guidance on early disease itself speaks for the regimen; advice for advanced disease does not carry over."""
    return any(
        one.when.disease in ("adjuvant", "consolidation") and one.standing in POSITIVE for one in assessment.guidance
    )
