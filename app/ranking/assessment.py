"""One regimen in one situation: its molecular standing, guidance, approval and cautions, before anything is compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from app.domain.interpretation import Profile, Situation
from app.knowledge.index import KnowledgeIndex, Regimen
from app.knowledge.records import Approval, Caution, GuidanceStatement, OutcomeResult, When
from app.knowledge.weighing import Call, worst

POSITIVE = ("preferred", "recommended")
_STANDINGS = ("preferred", "recommended", "alternative", "fallback")
_GRANTED = ("approved", "conditional")


class Assessment(Struct, frozen=True):
    """Everything that eligibility, category and criteria look at."""

    regimen: Regimen
    calls: tuple[tuple[Profile, Call], ...]
    """Per clone of the stated reading, the most cautious verdict over all readings. For a combination, of its driver inhibitor."""
    overall: Call | None
    gated: bool
    """Strong resistance under every reading of the phase."""
    resistant_throughout: bool
    """Resistance of any strength under every reading of the phase."""
    molecular: str
    responses: tuple[Call, ...]
    """What the regimen did against the off-target mechanisms present."""
    guidance: tuple[GuidanceStatement, ...]
    standing: str
    standing_of: str
    """``licensed``, ``off_label``, ``investigational`` or ``unavailable`` where and when the case is."""
    regulatory: str
    approvals: tuple[Approval, ...]
    cautions: tuple[tuple[Caution, str], ...]
    """Cautions that this patient brings up, with the co-medication that does where there is one."""
    outcome: OutcomeResult | None
    cns: OutcomeResult | None

    @property
    def positive(self) -> bool:
        """Guidance recommends it in this situation."""
        return self.standing in POSITIVE


def assess(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> Assessment:
    """Assess one regimen. Pure."""
    guidance = guidance_for(regimen.id, situation, index)
    standing = _standing(guidance)
    calls, gated, throughout = _calls(regimen, situation, index)
    overall = worst(call for _, call in calls) if calls else None
    responses = _responses(regimen, situation, index)
    approvals = _approvals(regimen, situation, index)
    regulatory = _regulatory(regimen, situation, approvals, index)
    key = (situation.gene, regimen.id, situation.setting)
    return Assessment(
        regimen=regimen,
        calls=calls,
        overall=overall,
        gated=gated,
        resistant_throughout=throughout,
        molecular=_molecular(regimen, situation, calls, overall, responses, standing, index),
        responses=responses,
        guidance=guidance,
        standing=standing,
        standing_of=_availability(regimen, situation, regulatory, approvals),
        regulatory=regulatory,
        approvals=approvals,
        cautions=_cautions(regimen, situation, index),
        outcome=index.deciding.get((*key, "outcome")),
        cns=index.deciding.get((*key, "cns")),
    )


# --- guidance ---------------------------------------------------------------------------------------------------


def guidance_for(regimen_id: str, situation: Situation, index: KnowledgeIndex) -> tuple[GuidanceStatement, ...]:
    """What is said of a regimen in this situation: advice against it first, then the best standing."""
    found = index.guidance.get((situation.gene, situation.setting), {}).get(regimen_id, ())
    usable = [one for one in found if one.status != "unverified" and _holds(one.when, situation)]
    order = {name: place for place, name in enumerate(("against", *_STANDINGS))}
    return tuple(sorted(usable, key=lambda one: (order[one.standing], one.id)))


def _holds(when: When, situation: Situation) -> bool:
    failed = {drug for drug, _ in situation.failed}
    return (
        (not when.resistance or situation.resistance in when.resistance)
        and (not when.failed_any or bool(failed.intersection(when.failed_any)))
        and not failed.intersection(when.not_failed)
        and (when.brain_metastases is None or when.brain_metastases == situation.cns_disease)
        and when.disease != "adjuvant"
        and (not when.histology or situation.histology in when.histology)
        and (not when.jurisdictions or situation.jurisdiction in when.jurisdictions)
    )


def _standing(guidance: tuple[GuidanceStatement, ...]) -> str:
    """The best standing that any body gives; advice against it, where it holds, comes before all praise."""
    return guidance[0].standing if guidance else "none"


# --- molecular activity -----------------------------------------------------------------------------------------


def _calls(
    regimen: Regimen, situation: Situation, index: KnowledgeIndex
) -> tuple[tuple[tuple[Profile, Call], ...], bool, bool]:
    drug = driver_inhibitor(regimen, situation.gene, index)
    if drug is None or not situation.readings:
        return (), False, False
    verdicts = [
        [(profile, index.call(situation.gene, profile, drug)) for profile in reading] for reading in situation.readings
    ]
    calls = tuple(
        (clone, worst(call for reading in verdicts for profile, call in reading if set(clone) <= set(profile)))
        for clone in situation.readings[0]
    )
    gated = all(any(call.strong for _, call in reading) for reading in verdicts)
    throughout = all(any(call.activity == "resistant" for _, call in reading) for reading in verdicts)
    return calls, gated, throughout


def driver_inhibitor(regimen: Regimen, gene: str, index: KnowledgeIndex) -> str | None:
    """The component that inhibits the driver: the regimen itself, or the one part of a combination that is ranked for the gene."""
    ranked = {one.id for one in index.regimens[gene] if one.ranked and one.ranked.development != "repurposed"}
    if regimen.ranked:
        return regimen.id
    if regimen.kind != "combination":
        return None
    return max(
        (drug for drug in regimen.drugs if drug in ranked), key=lambda drug: _advance(drug, gene, index), default=None
    )


def _advance(drug: str, gene: str, index: KnowledgeIndex) -> tuple[int, str]:
    """How advanced a driver inhibitor is: in a pair of two, the more advanced one has to hold the kinase."""
    ranked = next(one.ranked for one in index.regimens[gene] if one.id == drug)
    return (index.settings[gene].index(ranked.setting_after) if ranked else 0, drug)


def _responses(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> tuple[Call, ...]:
    found = (index.mechanisms[name].responses.get(regimen.id) for name in situation.mechanisms)
    return tuple(call for call in found if call is not None)


def decisive_bypass(situation: Situation, index: KnowledgeIndex) -> bool:
    """True when an off-target mechanism with enough evidence to lower drugs of the driver is present."""
    found = (index.mechanisms[name] for name in situation.mechanisms)
    return any(one.decisive and situation.gene in one.record.genes for one in found)


def _molecular(
    regimen: Regimen,
    situation: Situation,
    calls: tuple[tuple[Profile, Call], ...],
    overall: Call | None,
    responses: tuple[Call, ...],
    standing: str,
    index: KnowledgeIndex,
) -> str:
    if regimen.kind in ("chemotherapy", "trial"):
        return "independent"
    off_target = situation.resistance in ("off_target", "on_and_off_target")
    if regimen.kind == "combination" or (off_target and responses and decisive_bypass(situation, index)):
        return _against_mechanism(responses, overall)
    if overall is None:
        return "unknown"
    if off_target and overall.activity == "sensitive" and decisive_bypass(situation, index):
        return "partial"
    if overall.activity == "sensitive":
        return _strength([call for _, call in calls], supported=standing in POSITIVE)
    if overall.activity in ("reduced", "unknown") and standing in POSITIVE:
        return "guideline_only"
    if overall.activity == "unknown" and any(call.activity == "sensitive" for _, call in calls):
        return "partial"
    return overall.activity


def _against_mechanism(responses: tuple[Call, ...], overall: Call | None) -> str:
    if overall is not None and overall.activity in ("resistant", "reduced"):
        return overall.activity
    worked = [call for call in responses if call.activity == "sensitive"]
    if not worked:
        return "reduced" if any(call.activity == "reduced" for call in responses) else "unknown"
    return min((_strength([call], supported=False) for call in worked), key=_STRENGTHS.index)


_STRENGTHS = ("active_clinical", "active_case", "active_preclinical")
_SEVERAL_PATIENTS = "C"
"""Evidence of this level or better rests on more than a single case."""


def _strength(calls: list[Call], *, supported: bool) -> str:
    """How well activity against every clone is supported: by several patients or by guidance, by a case, or by models only."""
    if any(call.inferred_from for call in calls):
        return "active_preclinical"
    if supported or all(call.clinical and call.level <= _SEVERAL_PATIENTS for call in calls):
        return "active_clinical"
    return "active_case" if all(call.clinical for call in calls) else "active_preclinical"


# --- approval ---------------------------------------------------------------------------------------------------


def _in_force(approval: Approval, as_of: dt.date) -> bool:
    """Partial dates count from the end of their period's text: '2024' is in force from 2024 on."""
    day = as_of.isoformat()
    started = approval.start is None or approval.start <= day[: len(approval.start)]
    return started and (approval.end is None or approval.end > day[: len(approval.end)])


def _approvals(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> tuple[Approval, ...]:
    """What regulators say of a TKI for this driver in advanced disease on the day."""
    if not regimen.ranked:
        return ()
    return tuple(
        approval
        for approval in index.drugs[regimen.id].approvals
        if approval.gene == situation.gene and approval.disease == "advanced" and _in_force(approval, situation.as_of)
    )


def recorded(assessment: Assessment, index: KnowledgeIndex) -> tuple[str, ...]:
    """The sources of every approval on record for a TKI: what its absence somewhere was read from."""
    return tuple(dict.fromkeys(one.citation for one in index.drugs[assessment.regimen.id].approvals))


def _regulatory(regimen: Regimen, situation: Situation, approvals: tuple[Approval, ...], index: KnowledgeIndex) -> str:
    if not regimen.ranked:
        return "none"
    where = situation.jurisdiction
    granted = [one for one in approvals if one.status in _GRANTED]
    here = [one for one in granted if where is None or one.jurisdiction == where]
    if any(not one.settings or situation.setting in one.settings for one in here):
        return "approved_here_for_setting"
    if here:
        return "approved_here"
    if _marketed_for_other(regimen, situation, index):
        return "off_label"
    if granted:
        return "approved_elsewhere"
    return "under_review" if _under_review(situation, approvals) else "none"


def _under_review(situation: Situation, approvals: tuple[Approval, ...]) -> bool:
    return any(one.status == "under_review" and situation.jurisdiction in (None, one.jurisdiction) for one in approvals)


def _marketed_for_other(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> bool:
    """True when the drug can be prescribed there for something else, and so off label for this."""
    drug = index.drugs[regimen.id]
    elsewhere = [
        one
        for one in drug.approvals
        if one.gene != situation.gene and one.status in _GRANTED and _in_force(one, situation.as_of)
    ]
    if any(situation.jurisdiction in (None, one.jurisdiction) for one in elsewhere):
        return True
    return regimen.ranked is not None and regimen.ranked.development == "repurposed"


def _availability(regimen: Regimen, situation: Situation, regulatory: str, approvals: tuple[Approval, ...]) -> str:
    if not regimen.ranked:
        return "licensed"
    if regulatory == "approved_here_for_setting" or (regulatory == "approved_here" and situation.jurisdiction is None):
        return "licensed"
    if regulatory in ("off_label", "approved_here") or regimen.ranked.development == "repurposed":
        return "off_label"
    if regimen.ranked.development == "investigational" or _under_review(situation, approvals):
        return "investigational"
    return "unavailable"


# --- safety -----------------------------------------------------------------------------------------------------


def _cautions(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> tuple[tuple[Caution, str], ...]:
    found: list[tuple[Caution, str]] = []
    for drug in regimen.drugs:
        record = index.safety.get(drug)
        if record is not None:
            for caution in record.cautions:
                if caution.status != "unverified":
                    found += [(caution, because) for because in _brought_up(caution, situation)]
    severity = {"contraindicated": 0, "warning": 1, "monitor": 2}
    return tuple(sorted(found, key=lambda one: (severity[one[0].severity], one[0].id, one[1])))


def _brought_up(caution: Caution, situation: Situation) -> Iterable[str]:
    when = caution.when
    if when.interaction_class is not None:
        return [name for class_id, name in situation.interactions if class_id == when.interaction_class]
    if when.comorbidity is not None:
        return [""] if when.comorbidity in situation.comorbidities else []
    if when.pregnant is not None:
        return [""] if situation.pregnant else []
    if when.ecog_at_least is not None:
        return [""] if situation.ecog is not None and situation.ecog >= when.ecog_at_least else []
    return [""]
