"""Why a regimen is left out that no gate closed on and that nothing supports."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.interpretation import Situation
from app.domain.recommendation import Reason
from app.knowledge.index import KnowledgeIndex
from app.ranking.approval import GRANTED
from app.ranking.assessment import POSITIVE, Assessment, guidance_for
from app.ranking.gates import resistant_clone, why_not
from app.ranking.words import indication_of, listed, said


def no_rationale(why: str, assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """The reason for a regimen that no gate closed on and that nothing supports."""
    against = next((one for one in assessment.guidance if one.standing == "against"), None)
    if against is not None:
        return Reason("no_rationale", said(against, situation.language), (against.citation,))
    if why == "no_inhibitor_to_keep":
        return why_not("no_rationale", why, assessment, situation, index)
    if why == "resistant_clone":
        return resistant_clone(assessment, situation, index)
    if why == "no_rationale_off_target":
        found = _labels(situation.mechanisms, situation, index)
        untried = _also_inhibits(assessment.regimen.id, situation, index)
        why = "no_rationale_off_target_untried" if untried else why
        return why_not("no_rationale", why, assessment, situation, index, alterations=found)
    if why == "outside_the_trials" and index.speaks("reason", why):
        return why_not("no_rationale", why, assessment, situation, index)
    if why == "no_rationale_transformation":
        return _transformed(assessment, situation, index)
    narrower = _approved_otherwise(assessment, situation, index)
    if narrower is not None:
        return narrower
    settled = why == "superseded" and assessment.regulatory == "approved_here_for_setting"
    better = _better(situation, index) if settled else []
    if better:
        sources = tuple(dict.fromkeys(guidance_for(name, situation, index)[0].citation for name in better))
        names = listed(index.label(name, situation.language) for name in better)
        reason = why_not("superseded", "superseded", assessment, situation, index, better=names)
        return replace(reason, citations=sources)
    return _unsupported(assessment, situation, index)


def _transformed(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """Names the histology of the case, with the evidence on that very change of histology."""
    if not index.speaks("reason", "no_rationale_transformed"):
        return why_not("no_rationale", "no_rationale_transformation", assessment, situation, index)
    found = [index.mechanisms[name] for name in situation.mechanisms]
    changed = [one for one in found if one.record.kind == "phenotype"]
    names = _labels(tuple(one.record.id for one in changed), situation, index)
    items = [item for one in changed for item in one.resistance.items if item.status != "unverified"]
    reason = why_not("no_rationale", "no_rationale_transformed", assessment, situation, index, histology=names)
    return replace(reason, citations=tuple(dict.fromkeys(item.citation for item in items[:2])) or reason.citations)


def _approved_otherwise(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason | None:
    """For a drug that is approved here for another place in the sequence and that nothing else supports: the wording that says so."""
    where = situation.jurisdiction
    here = [one for one in assessment.approvals if one.jurisdiction == where and one.status in GRANTED]
    if assessment.regulatory != "approved_here" or not here or not index.speaks("reason", "not_approved_for_setting"):
        return None
    wording = "; ".join(dict.fromkeys(indication_of(one, situation.language) for one in here))
    label = index.label(assessment.regimen.id, situation.language)
    text, _ = index.say(
        "reason", "not_approved_for_setting", situation.language, regimen=label, jurisdiction=where or "", why=wording
    )
    return Reason("not_approved", text, tuple(dict.fromkeys(one.citation for one in here)))


def _better(situation: Situation, index: KnowledgeIndex) -> list[str]:
    """The TKIs of the driver that guidance recommends in this situation."""
    found = {name: guidance_for(name, situation, index) for name in index.inhibitors[situation.gene]}
    return sorted(name for name, guidance in found.items() if guidance and guidance[0].standing in POSITIVE)


def _unsupported(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """Aimed at something not found, chemotherapy that no guidance names here, or a switch without support."""
    record = assessment.regimen.record
    if record is not None and record.mechanisms:
        aims = _labels(record.mechanisms, situation, index)
        label = index.label(assessment.regimen.id, situation.language)
        notice = _why_not_against(record.mechanisms, situation)
        notice = notice if index.speaks("reason", notice) else "mechanism_not_found"
        text, citations = index.say("reason", notice, situation.language, regimen=label, alterations=aims)
        sources = tuple(dict.fromkeys(item.citation for item in record.evidence))[:1]
        return Reason("no_rationale", text, sources or citations)
    state = index.say("word", f"state_{situation.resistance}", situation.language)[0]
    first = situation.setting == index.settings[situation.gene][0]
    notice = "no_guidance" if assessment.regimen.kind == "chemotherapy" or first else "no_rationale"
    reason = why_not("no_rationale", notice, assessment, situation, index, state=state)
    why = index.policy_of(situation.gene, situation.setting).citations
    return replace(reason, citations=why or reason.citations)


def _why_not_against(mechanisms: tuple[str, ...], situation: Situation) -> str:
    """Why a regimen against a bypass is none here: nothing failed yet, nothing was looked at, it is not there, or it is and nothing helped."""
    if situation.resistance == "none_yet":
        return "mechanism_none_yet"
    if situation.resistance == "not_assessable":
        return "mechanism_not_assessable"
    return "mechanism_without_result" if set(mechanisms) & set(situation.mechanisms) else "mechanism_not_found"


def _labels(mechanisms: tuple[str, ...], situation: Situation, index: KnowledgeIndex) -> str:
    records = [index.mechanisms[name].record for name in mechanisms if name in index.mechanisms]
    chinese = situation.language == "zh-CN"
    return listed((one.label_zh if chinese else None) or one.label for one in records)


def _also_inhibits(drug: str, situation: Situation, index: KnowledgeIndex) -> bool:
    """True for a drug whose targets hold a gene through which resistance runs, under a release that has words for it."""
    if not index.speaks("reason", "no_rationale_off_target_untried"):
        return False
    genes = {match.gene for name in situation.mechanisms for match in index.mechanisms[name].record.matches}
    return not genes.isdisjoint(index.drugs[drug].targets)
