"""The category of a regimen that passed the gates, or the name of the reason why it has none (decision step 5)."""

from __future__ import annotations

from app.domain.interpretation import Situation
from app.knowledge.index import KnowledgeIndex
from app.ranking.approval import opened_by_use
from app.ranking.assessment import STANDINGS, Assessment, assess, decisive_bypass, guidance_for
from app.ranking.criteria import outcome_grade
from app.ranking.gates import (
    closed,
    continues_inhibitor,
    contraindicated,
    kept,
    not_available,
    not_tolerated,
    restricted_locally,
    still_given,
)

Category = str
_SEEN_IN_PATIENTS = ("active_clinical", "active_case")
ACTIVE = (*_SEEN_IN_PATIENTS, "active_preclinical")


def category_of(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[Category | None, str]:
    """The category, or None with the name of the reason."""
    kind = assessment.regimen.kind
    if kind == "trial":
        return "consider", ""
    if kind == "chemotherapy":
        beside = continues_inhibitor(assessment, index) and index.speaks("reason", "no_inhibitor_to_keep")
        if beside and assessment.standing in STANDINGS and kept(situation, index) is None:
            return None, "no_inhibitor_to_keep"
        return _chemotherapy(assessment, situation, index), "no_rationale"
    if kind == "combination":
        if assessment.molecular == "resistant":
            return None, "resistant_clone"
        return ("investigational" if assessment.molecular in ACTIVE else None), "no_rationale"
    return _tki(assessment, situation, index)


def _chemotherapy(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Category | None:
    if assessment.positive:
        return "recommended"
    if assessment.standing in ("alternative", "fallback"):
        return "consider"
    untreated = situation.resistance == "none_yet" and situation.early is None
    fits = (
        assessment.standing == "none"
        and assessment.outcome is not None
        and not index.outside_the_trials(situation.histology)
    )
    return "consider" if untreated and fits and not _inhibitor_left(situation, index) else None


def _inhibitor_left(situation: Situation, index: KnowledgeIndex) -> bool:
    """True when an inhibitor of the driver that can be prescribed is an option, and not one of which nobody knows what it does to a clone found."""
    ranked = [assess(one, situation, index) for one in index.regimens[situation.gene] if one.ranked]
    return any(
        _tki(one, situation, index)[0] in ("recommended", "consider") and not closed(one, situation, index)
        for one in ranked
        if not (one.calls and one.molecular == "unknown")
    )


def _holding(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[Category | None, str]:
    """The drug that is being given, and holds: an option whatever is known of its kind, ``recommended`` where guidance for the setting says so."""
    again = assessment.regimen.id in dict(situation.failed)
    outside = situation.resistance == "none_yet" and index.outside_the_trials(situation.histology)
    advised = assessment.positive and not (again or outside or assessment.calls)
    return _at_most("recommended" if advised else "consider", assessment), ""


def _tki(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[Category | None, str]:
    state = situation.resistance
    policy = index.policy_of(situation.gene, situation.setting)
    gates = policy.variant_gates
    if situation.settled and still_given(assessment, situation):
        return _holding(assessment, situation, index)
    if assessment.standing == "against":
        seen = assessment.molecular in _SEEN_IN_PATIENTS and not policy.uncertain
        return (_at_most("consider", assessment), "") if seen else (None, "no_rationale")
    if state == "histologic_transformation":
        # A response in such a tumour was seen after the drugs of the first setting; it says nothing of one that defeated more.
        if not gates and assessment.responses and assessment.molecular in _SEEN_IN_PATIENTS:
            return _at_most("consider", assessment), ""
        return None, "no_rationale_transformation"
    if state in ("off_target", "on_and_off_target") and decisive_bypass(situation, index):
        return _bypassed(assessment)
    if state == "none_yet" and index.outside_the_trials(situation.histology):
        return (_at_most("consider", assessment) if assessment.positive else None), "outside_the_trials"
    if assessment.calls and still_given(assessment, situation):
        return _at_most("consider", assessment), ""
    if assessment.calls:
        return _by_variant(assessment, gates=gates, uncertain=policy.uncertain)
    tried = assessment.outcome is not None and assessment.outcome.design == "case_series"
    supported = tried or outcome_grade(assessment, situation, index) in index.policy.supported_outcomes
    # Without a failure nothing but the wording of a licence says what a drug for later lines is worth after one that was not tolerated.
    opened = (
        state == "none_yet" and opened_by_use(assessment.regimen.id, assessment.approvals, situation, index) is not None
    )
    found = _by_guidance(assessment, gates=gates, supported=supported, opened=opened)
    # Where the inhibitors that guidance names cannot be given, one that was tried in the setting is better than none of its class.
    licensed = assessment.regimen.ranked is not None and assessment.regimen.ranked.development == "licensed"
    if found[0] is None and gates and licensed and assessment.outcome is not None and _advised_spent(situation, index):
        return _at_most("consider", assessment), ""
    return found


def _advised_spent(situation: Situation, index: KnowledgeIndex) -> bool:
    """True when guidance recommends inhibitors of the driver in this situation and this patient cannot take or get any of them.

    One that failed is none of these: its failure says something of the next one.
    """
    ranked = [one for one in index.regimens[situation.gene] if one.ranked]
    named = [assess(one, situation, index) for one in ranked if guidance_for(one.id, situation, index)]
    advised = [one for one in named if one.positive]
    gates = (contraindicated, not_tolerated, not_available, restricted_locally)
    return bool(advised) and all(any(gate(one, situation, index) for gate in gates) for one in advised)


def _bypassed(assessment: Assessment) -> tuple[Category | None, str]:
    """A driver inhibitor alone when the driver is bypassed: never more than to be considered."""
    if assessment.overall is not None and assessment.overall.activity == "resistant":
        return None, "no_rationale_off_target"
    if assessment.responses and assessment.molecular in ACTIVE:
        return _at_most("consider", assessment), ""
    if assessment.positive or assessment.molecular == "partial":
        return _at_most("consider", assessment), ""
    return None, "no_rationale_off_target"


def _by_variant(assessment: Assessment, *, gates: bool, uncertain: bool) -> tuple[Category | None, str]:
    grade = assessment.molecular
    if grade == "resistant":
        return (_at_most("consider", assessment), "") if assessment.positive else (None, "resistant_clone")
    if assessment.positive and (grade in ACTIVE or (not gates and grade not in ("partial", "unknown"))):
        return _at_most("recommended", assessment), ""
    if gates and grade == "active_clinical":
        return _at_most("consider" if uncertain else "recommended", assessment), ""
    if (
        assessment.standing == "none"
        and assessment.standing_of == "off_label"
        and grade in ("active_preclinical", "partial")
    ):
        return "investigational", ""
    if assessment.standing != "none" or grade in (*ACTIVE, "partial"):
        return _at_most("consider", assessment), ""
    if grade == "reduced" and assessment.standing_of == "licensed":
        return "consider", ""
    if assessment.outcome is not None and (assessment.standing_of == "investigational" or not gates):
        return _at_most("consider", assessment), ""
    return None, "no_rationale" if gates else "superseded"


def _by_guidance(assessment: Assessment, *, gates: bool, supported: bool, opened: bool) -> tuple[Category | None, str]:
    if assessment.positive:
        return _at_most("recommended", assessment), ""
    if assessment.standing in ("alternative", "fallback"):
        return _at_most("consider", assessment), ""
    tried_here = assessment.outcome is not None
    if opened:
        return _at_most("consider", assessment), ""
    if supported or (tried_here and (assessment.standing_of == "investigational" or not gates)):
        return _at_most("consider", assessment), ""
    return None, "no_rationale" if gates else "superseded"


def _at_most(category: Category, assessment: Assessment) -> Category:
    """An investigational drug stays investigational; an off-label one is never more than to be considered."""
    if assessment.standing_of == "investigational":
        return "investigational"
    if assessment.standing_of == "off_label":
        return "consider"
    return category
