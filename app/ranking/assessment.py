"""One regimen in one situation: its molecular standing, guidance, approval and cautions, before anything is compared."""

from __future__ import annotations

from msgspec import Struct

from app.domain.interpretation import Profile, Situation
from app.domain.variant import residue
from app.knowledge.index import KnowledgeIndex, Regimen
from app.knowledge.records import (
    Approval,
    Caution,
    GuidanceStatement,
    OutcomeResult,
    When,
)
from app.knowledge.weighing import Call, worst
from app.ranking.approval import approvals_of, availability_of, in_stages, regulatory_of
from app.ranking.safety import cautions_for

POSITIVE = ("preferred", "recommended")
STANDINGS = ("preferred", "recommended", "alternative", "fallback")


class Assessment(Struct, frozen=True):
    """Everything that eligibility, category and criteria look at."""

    regimen: Regimen
    calls: tuple[tuple[Profile, Call], ...]
    """Per clone of the stated reading, the most cautious verdict over all readings. For a combination, of its driver inhibitor."""
    deciding: tuple[Profile, ...]
    """Per clone, the profile whose verdict that is: the clone, or a compound that a reading makes of it."""
    overall: Call | None
    resistant_throughout: bool
    """A clone resists it under every reading of the phase."""
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
    unverified: tuple[tuple[Caution, str], ...]
    """Likewise, where the caution was not read at a source and nothing that was read speaks of the same subject."""
    unread: tuple[str, ...]
    """Subjects that this patient brings up and on which no statement of the drug was read: a name of a co-medication, a condition."""
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
    calls, deciding, throughout = _calls(regimen, situation, index)
    overall = worst(call for _, call in calls) if calls else None
    responses = _responses(regimen, situation, index)
    approvals = approvals_of(regimen, situation, index)
    regulatory = regulatory_of(regimen, situation, approvals, index)
    cautions, unverified, unread = cautions_for(regimen, situation, index)
    return Assessment(
        regimen=regimen,
        calls=calls,
        deciding=deciding,
        overall=overall,
        resistant_throughout=throughout,
        molecular=_molecular(regimen, situation, calls, deciding, responses, standing, index),
        responses=responses,
        guidance=guidance,
        standing=standing,
        standing_of=availability_of(regimen, situation, regulatory, approvals),
        regulatory=regulatory,
        approvals=approvals,
        cautions=cautions,
        unverified=unverified,
        unread=unread,
        outcome=_deciding(regimen.id, "outcome", situation, index),
        cns=_deciding(regimen.id, "cns", situation, index),
    )


def _deciding(regimen_id: str, criterion: str, situation: Situation, index: KnowledgeIndex) -> OutcomeResult | None:
    """The result by which a criterion is graded. Those of advanced disease say nothing of what to add to a resection or to radiotherapy."""
    if situation.early is None:
        return index.deciding.get((situation.gene, regimen_id, situation.setting, criterion))
    record = index.outcomes.get((situation.gene, regimen_id))
    disease = "consolidation" if situation.irradiated else "adjuvant"
    for one in record.results if record else ():
        studied = not one.stages or in_stages(situation.early, one.stages)
        fits = one.disease == disease and situation.setting in one.settings and criterion in one.decides
        if fits and studied and one.status != "unverified":
            return one
    return None


# --- guidance ---------------------------------------------------------------------------------------------------


def guidance_for(regimen_id: str, situation: Situation, index: KnowledgeIndex) -> tuple[GuidanceStatement, ...]:
    """What is said of a regimen in this situation: advice against it first, then the best standing."""
    found = index.guidance.get((situation.gene, situation.setting), {}).get(regimen_id, ())
    state = state_to_treat(situation, index)
    usable = [one for one in found if one.status != "unverified" and _holds(one.when, situation, state)]
    order = {name: place for place, name in enumerate(("against", *STANDINGS))}
    early = situation.early is not None

    def place(one: GuidanceStatement) -> tuple[bool, int, bool, str]:
        """In early disease advice on it comes first, whatever is said of advanced disease."""
        aside = early and one.when.disease == "advanced" and one.standing != "against"
        return aside, order[one.standing], one.when.disease != "adjuvant", one.id

    return tuple(sorted(usable, key=place))


def state_to_treat(situation: Situation, index: KnowledgeIndex) -> str:
    """The state of resistance on which order and guidance rest: a bypass whose part is unproven is read as if it had not been found."""
    state = situation.resistance
    if state in ("off_target", "on_and_off_target") and not decisive_bypass(situation, index):
        return "on_target" if situation.readings else "none_detected"
    return state


def _holds(when: When, situation: Situation, state: str) -> bool:
    failed = {drug for drug, _ in situation.failed}
    return (
        (not when.resistance or state in when.resistance)
        and (not when.failed_any or bool(failed.intersection(when.failed_any)))
        and not failed.intersection(when.not_failed)
        and (when.brain_metastases is None or when.brain_metastases == situation.cns_disease)
        and (when.cns_only is None or when.cns_only == situation.cns_only)
        and _holds_disease(when, situation)
        and (not when.histology or situation.histology in when.histology)
        and (not when.jurisdictions or situation.jurisdiction in when.jurisdictions)
    )


def _holds_disease(when: When, situation: Situation) -> bool:
    if when.disease == "adjuvant" and (situation.early is None or situation.irradiated):
        return False
    if when.disease == "consolidation" and not situation.irradiated:
        return False
    return not when.stages or (situation.early is not None and in_stages(situation.early, when.stages))


def _standing(guidance: tuple[GuidanceStatement, ...]) -> str:
    """The best standing that any body gives; advice against it, where it holds, comes before all praise."""
    return guidance[0].standing if guidance else "none"


# --- molecular activity -----------------------------------------------------------------------------------------


def _calls(
    regimen: Regimen, situation: Situation, index: KnowledgeIndex
) -> tuple[tuple[tuple[Profile, Call], ...], tuple[Profile, ...], bool]:
    drug = driver_inhibitor(regimen, situation.gene, index)
    if drug is None or not situation.readings:
        return (), (), False
    verdicts = [
        [(profile, index.call(situation.gene, profile, drug)) for profile in reading] for reading in situation.readings
    ]
    calls = tuple(
        (clone, worst(call for reading in verdicts for profile, call in reading if set(clone) <= set(profile)))
        for clone in situation.readings[0]
    )
    throughout = all(any(call.activity == "resistant" for _, call in reading) for reading in verdicts)
    deciding = tuple(_decided_by(clone, call, verdicts) for clone, call in calls)
    return calls, deciding, throughout


def _decided_by(clone: Profile, call: Call, verdicts: list[list[tuple[Profile, Call]]]) -> Profile:
    """The smallest profile with that verdict which holds the clone."""
    found = [profile for reading in verdicts for profile, one in reading if set(clone) <= set(profile) and one == call]
    return min(found, key=len)


def driver_inhibitor(regimen: Regimen, gene: str, index: KnowledgeIndex) -> str | None:
    """The component that inhibits the driver: the regimen itself, or the one part of a combination that is ranked for the gene."""
    if regimen.ranked:
        return regimen.id
    if regimen.kind != "combination":
        return None
    ranked = {one.id: one.ranked.development != "repurposed" for one in index.regimens[gene] if one.ranked}
    parts = [drug for drug in regimen.drugs if drug in ranked]
    meant = [drug for drug in parts if ranked[drug]] or parts
    return max(meant, key=lambda drug: _advance(drug, gene, index), default=None)


def _advance(drug: str, gene: str, index: KnowledgeIndex) -> tuple[int, str]:
    """How advanced a driver inhibitor is: in a pair of two, the more advanced one has to hold the kinase."""
    ranked = next(one.ranked for one in index.regimens[gene] if one.id == drug)
    return (index.settings[gene].index(ranked.setting_after) if ranked else 0, drug)


def _responses(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> tuple[Call, ...]:
    """What the regimen did against what is there. Of an inhibitor alone in a tumour that has changed, only what it did in such a tumour."""
    present = [index.mechanisms[name] for name in situation.mechanisms]
    if regimen.kind == "tki" and situation.resistance == "histologic_transformation":
        present = [one for one in present if one.record.kind == "phenotype"]
    found = (one.responses.get(regimen.id) for one in present)
    return tuple(call for call in found if call is not None)


def decisive_bypass(situation: Situation, index: KnowledgeIndex) -> bool:
    """True when an off-target mechanism with enough evidence to lower drugs of the driver is present."""
    return index.proven(situation.mechanisms, situation)


def _molecular(
    regimen: Regimen,
    situation: Situation,
    calls: tuple[tuple[Profile, Call], ...],
    deciding: tuple[Profile, ...],
    responses: tuple[Call, ...],
    standing: str,
    index: KnowledgeIndex,
) -> str:
    overall = worst(call for _, call in calls) if calls else None
    if regimen.kind in ("chemotherapy", "trial"):
        return "independent"
    off_target = situation.resistance in ("off_target", "on_and_off_target")
    changed = situation.resistance == "histologic_transformation"
    if regimen.kind == "combination" or (responses and (changed or (off_target and decisive_bypass(situation, index)))):
        return _against_mechanism(responses, overall)
    if overall is None:
        return "unknown"
    if off_target and decisive_bypass(situation, index):  # guidance for the setting does not carry a drug past a bypass
        return "partial" if overall.activity == "sensitive" else overall.activity
    if overall.activity == "sensitive":
        strength = _strength([call for _, call in calls], supported=standing in POSITIVE)
        # A clone that was cleared may come back: models of the clone that is there do not outweigh it.
        return (
            "partial" if strength == "active_preclinical" and archived_resists(regimen, situation, index) else strength
        )
    if standing in POSITIVE and (
        overall.activity == "reduced"
        or (overall.activity == "unknown" and _may_be_open(regimen, situation.gene, calls, deciding, index))
    ):
        return "guideline_only"
    if overall.activity == "unknown" and any(call.activity == "sensitive" for _, call in calls):
        return "partial"
    return overall.activity


def archived_resists(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> Call | None:
    """The verdict against a clone that was seen earlier and cleared, where an inhibitor of the driver fails against it."""
    drug = driver_inhibitor(regimen, situation.gene, index)
    if drug is None:
        return None
    calls = (index.call(situation.gene, profile, drug) for profile in situation.archived)
    return next((call for call in calls if call.activity == "resistant" and call.items), None)


def _may_be_open(
    regimen: Regimen,
    gene: str,
    calls: tuple[tuple[Profile, Call], ...],
    deciding: tuple[Profile, ...],
    index: KnowledgeIndex,
) -> bool:
    """True when guidance may carry a drug over clones for which nobody settled what it does.

    Not where a drug of the same standing in the sequence fails against such a clone, or against a part of it that this drug is not known to
    cover: then silence is no sign of activity.
    """
    unsettled = [profile for (_, call), profile in zip(calls, deciding, strict=True) if call.activity == "unknown"]
    parts = {
        part
        for profile in unsettled
        for part in (profile, *index.calls[gene])
        if set(part) <= set(profile) and index.call(gene, part, regimen.id).activity != "sensitive"
    }
    alike = _drugs_alike(regimen, gene, index)
    return not any(
        call.strong and not call.inferred_from and not _told_apart(part, drug, regimen, gene, index)
        for part in parts
        for drug, call in ((drug, index.call(gene, part, drug)) for drug in alike)
    )


def _told_apart(part: Profile, drug: str, regimen: Regimen, gene: str, index: KnowledgeIndex) -> bool:
    """True when this very residue is known to tell the two drugs apart: another change of it defeats the one and not the other."""
    if len(part) != 1:
        return False
    place = residue(part[0])
    return any(
        len(other) == 1
        and residue(other[0])[0] == place[0]
        and index.call(gene, other, drug).activity == "resistant"
        and index.call(gene, other, regimen.id).activity == "sensitive"
        for other in index.calls[gene]
    )


def _drugs_alike(regimen: Regimen, gene: str, index: KnowledgeIndex) -> list[str]:
    """The inhibitors of the driver whose failure brings the same setting: those with which a drug shares its resistance."""
    place = index.inhibitors[gene].get(regimen.id)
    return [drug for drug, other in index.inhibitors[gene].items() if other == place and drug != regimen.id]


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
