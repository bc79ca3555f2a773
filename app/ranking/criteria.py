"""One small function per criterion of the policy: the grade of an option and the sentence behind it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from app.domain.interpretation import Situation
from app.domain.recommendation import Grade
from app.knowledge.index import KnowledgeIndex
from app.knowledge.policy import Bands
from app.knowledge.records import OutcomeResult
from app.knowledge.weighing import Call
from app.ranking.assessment import Assessment, archived_resists
from app.ranking.safety import subject_of
from app.ranking.words import of_gene, said


class Candidate(Struct, frozen=True):
    """A regimen that passed the gates."""

    assessment: Assessment
    category: str


_RULES = frozenset({"ongoing", "recommended_first", "availability", "category"})
"""Criteria whose grade follows from a rule of the policy rather than from one fact: the rule is the reason."""
Found = tuple[str, str | None, tuple[str, ...]]
"""Grade, sentence (None: the policy's own reason) and citations."""


def grade(name: str, candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Grade:
    """The candidate's grade on one criterion."""
    policy = next(one for one in index.policy.criteria if one.name == name)
    found, because, citations = _CRITERIA[name](candidate, situation, index)
    place = policy.place(found) if policy.grades else 0
    if because is None and name in _RULES:
        chinese = situation.language == "zh-CN" and policy.because_zh
        because, citations = chinese or policy.because, citations or policy.citations
    return Grade(name, found, place, because or "", citations)


def _recommended_first(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    return ("yes" if candidate.category == "recommended" else "no"), None, ()


def _ongoing(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    """What is being given stays first while nothing progresses but findings in ctDNA, which do not end it (ESMO)."""
    unchanged = situation.settled or (situation.liquid_only and situation.holding)
    goes_on = unchanged and candidate.assessment.regimen.id in situation.ongoing
    return ("yes", None, ()) if goes_on else ("no", "", ())


def _availability(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    in_trials = candidate.category == "investigational" or candidate.assessment.regimen.kind == "trial"
    return ("investigational" if in_trials else "available"), None, ()


def _molecular_activity(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    assessment = candidate.assessment
    call = _deciding_call(assessment)
    items = of_gene(call, situation.gene) if call is not None else []
    if not items:
        return assessment.molecular, None, ()
    item = items[0]
    return assessment.molecular, said(item, situation.language), (item.citation,)


def _deciding_call(assessment: Assessment) -> Call | None:
    worked = [call for call in assessment.responses if call.activity == "sensitive"]
    if assessment.regimen.kind == "combination" or worked:
        return next(iter((*worked, *assessment.responses)), None)
    return assessment.overall


def _category(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    return candidate.category, None, ()


def _guidance(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    guidance = candidate.assessment.guidance
    if not guidance:
        return "none", None, ()
    best = guidance[0]
    standing: str = best.standing
    if situation.early is not None and best.when.disease == "advanced":
        standing = _OF_ADVANCED_DISEASE.get(standing, standing)
    return standing, said(best, situation.language), (best.citation,)


_OF_ADVANCED_DISEASE = {"preferred": "fallback", "recommended": "none", "alternative": "none", "fallback": "none"}
"""What its standing in advanced disease is worth in early disease: it comes behind all advice on early disease."""


def _cns(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    return _banded(candidate.assessment.cns, index.policy.cns, None, situation)


def outcome_grade(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> str:
    """The outcome band of a regimen in the setting; ``unknown`` without a deciding result."""
    return _banded(assessment.outcome, index.policy.outcome, index.policy.outcome_by_response, situation)[0]


def _outcome(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    return _banded(candidate.assessment.outcome, index.policy.outcome, index.policy.outcome_by_response, situation)


def _banded(result: OutcomeResult | None, bands: Bands, fallback: Bands | None, situation: Situation) -> Found:
    if result is None:
        return "unknown", None, ()
    found = _band(result, bands) or (_band(result, fallback) if fallback else None)
    return found or "unknown", said(result, situation.language), (result.citation,)


def _band(result: OutcomeResult, bands: Bands) -> str | None:
    if result.n is not None and result.n < bands.smallest_n:
        return None
    for measure in result.measures:
        if measure.measure == bands.measure:
            if measure.qualifier == "not_reached" and bands.not_reached:
                return bands.not_reached
            if measure.value is not None:
                value = measure.value
                return next((band.grade for band in bands.bands if value >= band.at_least), None)
    return None


def _patient_cautions(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    """The heaviest thing that the labels say of this patient; what nobody read on a subject that the patient brings up is heaviest."""
    assessment = candidate.assessment
    own = [caution for caution, _ in assessment.cautions if subject_of(caution)]
    reported = [caution for caution, _ in assessment.unverified if subject_of(caution)]
    doubted = next((caution for caution in reported if caution.severity != "monitor"), None)
    if assessment.unread or doubted:
        return "unknown", said(doubted, situation.language) if doubted else None, (doubted.citation,) if doubted else ()
    for wanted in ("warning", "monitor"):
        for caution in (*own, *reported):
            if caution.severity == wanted:
                return wanted, said(caution, situation.language), (caution.citation,)
    return "none", None, ()


def _archived_resistance(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    call = archived_resists(candidate.assessment.regimen, situation, index)
    if call is None:
        return "no", None, ()
    item = call.items[0]
    return "yes", said(item, situation.language), (item.citation,)


def _evidence_level(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    return evidence_level(candidate.assessment), None, ()


def evidence_level(assessment: Assessment) -> str:
    """With a clone, the level of the verdict on the worst one; without, the best level of guidance or outcome in the setting."""
    call = _deciding_call(assessment)
    if call is not None and call.activity != "unknown":
        return call.level
    levels = [one.level for one in assessment.guidance if one.standing != "against"]
    if assessment.outcome is not None:
        levels.append(assessment.outcome.level)
    return min(levels, default="E")


def _regulatory(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    assessment = candidate.assessment
    cited = tuple(
        dict.fromkeys(
            one.citation for one in assessment.approvals if situation.jurisdiction in (None, one.jurisdiction)
        )
    )
    return assessment.regulatory, None, cited


def _tolerability(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    regimen = candidate.assessment.regimen
    record = index.safety.get(regimen.id)
    burden = record.burden if record else None
    if burden is None or burden.status == "unverified":
        return "unknown", None, ()
    return burden.grade, said(burden, situation.language), (burden.citation,)


def _name(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> Found:
    return candidate.assessment.regimen.id, None, ()


_CRITERIA: dict[str, Callable[[Candidate, Situation, KnowledgeIndex], Found]] = {
    "ongoing": _ongoing,
    "recommended_first": _recommended_first,
    "availability": _availability,
    "molecular_activity": _molecular_activity,
    "category": _category,
    "guidance": _guidance,
    "cns": _cns,
    "patient_cautions": _patient_cautions,
    "archived_resistance": _archived_resistance,
    "evidence_level": _evidence_level,
    "outcome": _outcome,
    "regulatory": _regulatory,
    "tolerability": _tolerability,
    "name": _name,
}
