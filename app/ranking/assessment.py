"""One regimen in one situation: its molecular standing, guidance, approval and cautions, before anything is compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from app.domain.interpretation import Profile, Situation
from app.knowledge.index import KnowledgeIndex, Regimen
from app.knowledge.records import (
    Approval,
    Caution,
    CautionWhen,
    EarlierUse,
    GuidanceStatement,
    OutcomeResult,
    SafetyRecord,
    When,
)
from app.knowledge.weighing import Call, worst

POSITIVE = ("preferred", "recommended")
_STANDINGS = ("preferred", "recommended", "alternative", "fallback")
GRANTED = ("approved", "conditional")
"""States of an approval under which the drug is on the market."""


class Assessment(Struct, frozen=True):
    """Everything that eligibility, category and criteria look at."""

    regimen: Regimen
    calls: tuple[tuple[Profile, Call], ...]
    """Per clone of the stated reading, the most cautious verdict over all readings. For a combination, of its driver inhibitor."""
    deciding: tuple[Profile, ...]
    """Per clone, the profile whose verdict that is: the clone, or a compound that a reading makes of it."""
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
    calls, deciding, gated, throughout = _calls(regimen, situation, index)
    overall = worst(call for _, call in calls) if calls else None
    responses = _responses(regimen, situation, index)
    approvals = _approvals(regimen, situation, index)
    regulatory = _regulatory(regimen, situation, approvals, index)
    key = (situation.gene, regimen.id, situation.setting)
    cautions, unverified, unread = _cautions(regimen, situation, index)
    return Assessment(
        regimen=regimen,
        calls=calls,
        deciding=deciding,
        overall=overall,
        gated=gated,
        resistant_throughout=throughout,
        molecular=_molecular(regimen, situation, calls, deciding, responses, standing, index),
        responses=responses,
        guidance=guidance,
        standing=standing,
        standing_of=_availability(regimen, situation, regulatory, approvals),
        regulatory=regulatory,
        approvals=approvals,
        cautions=cautions,
        unverified=unverified,
        unread=unread,
        # Results of advanced disease say nothing of what to add to a resection.
        outcome=None if situation.early else index.deciding.get((*key, "outcome")),
        cns=None if situation.early else index.deciding.get((*key, "cns")),
    )


# --- guidance ---------------------------------------------------------------------------------------------------


def guidance_for(regimen_id: str, situation: Situation, index: KnowledgeIndex) -> tuple[GuidanceStatement, ...]:
    """What is said of a regimen in this situation: advice against it first, then the best standing."""
    found = index.guidance.get((situation.gene, situation.setting), {}).get(regimen_id, ())
    usable = [one for one in found if one.status != "unverified" and _holds(one.when, situation)]
    order = {name: place for place, name in enumerate(("against", *_STANDINGS))}
    return tuple(sorted(usable, key=lambda one: (order[one.standing], one.when.disease != "adjuvant", one.id)))


def _holds(when: When, situation: Situation) -> bool:
    failed = {drug for drug, _ in situation.failed}
    return (
        (not when.resistance or situation.resistance in when.resistance)
        and (not when.failed_any or bool(failed.intersection(when.failed_any)))
        and not failed.intersection(when.not_failed)
        and (when.brain_metastases is None or when.brain_metastases == situation.cns_disease)
        and (when.disease != "adjuvant" or situation.early is not None)
        and (not when.stages or situation.early in when.stages)
        and (not when.histology or situation.histology in when.histology)
        and (not when.jurisdictions or situation.jurisdiction in when.jurisdictions)
    )


def _standing(guidance: tuple[GuidanceStatement, ...]) -> str:
    """The best standing that any body gives; advice against it, where it holds, comes before all praise."""
    return guidance[0].standing if guidance else "none"


# --- molecular activity -----------------------------------------------------------------------------------------


def _calls(
    regimen: Regimen, situation: Situation, index: KnowledgeIndex
) -> tuple[tuple[tuple[Profile, Call], ...], tuple[Profile, ...], bool, bool]:
    drug = driver_inhibitor(regimen, situation.gene, index)
    if drug is None or not situation.readings:
        return (), (), False, False
    verdicts = [
        [(profile, index.call(situation.gene, profile, drug)) for profile in reading] for reading in situation.readings
    ]
    calls = tuple(
        (clone, worst(call for reading in verdicts for profile, call in reading if set(clone) <= set(profile)))
        for clone in situation.readings[0]
    )
    gated = all(any(call.strong for _, call in reading) for reading in verdicts)
    throughout = all(any(call.activity == "resistant" for _, call in reading) for reading in verdicts)
    deciding = tuple(_decided_by(clone, call, verdicts) for clone, call in calls)
    return calls, deciding, gated, throughout


def _decided_by(clone: Profile, call: Call, verdicts: list[list[tuple[Profile, Call]]]) -> Profile:
    """The smallest profile with that verdict which holds the clone."""
    found = [profile for reading in verdicts for profile, one in reading if set(clone) <= set(profile) and one == call]
    return min(found, key=len)


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
    """What the regimen did against what is there. Of an inhibitor alone in a tumour that has changed, only what it did in such a tumour."""
    present = [index.mechanisms[name] for name in situation.mechanisms]
    if regimen.kind == "tki" and situation.resistance == "histologic_transformation":
        present = [one for one in present if one.record.kind == "phenotype"]
    found = (one.responses.get(regimen.id) for one in present)
    return tuple(call for call in found if call is not None)


def decisive_bypass(situation: Situation, index: KnowledgeIndex) -> bool:
    """True when an off-target mechanism with enough evidence to lower drugs of the driver is present."""
    found = (index.mechanisms[name] for name in situation.mechanisms)
    return any(one.decisive and situation.gene in one.record.genes for one in found)


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
    if off_target and overall.activity == "sensitive" and decisive_bypass(situation, index):
        return "partial"
    if overall.activity == "sensitive":
        return _strength([call for _, call in calls], supported=standing in POSITIVE)
    if standing in POSITIVE and (
        overall.activity == "reduced"
        or (overall.activity == "unknown" and _may_be_open(regimen, situation.gene, calls, deciding, index))
    ):
        return "guideline_only"
    if overall.activity == "unknown" and any(call.activity == "sensitive" for _, call in calls):
        return "partial"
    return overall.activity


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
        call.strong and not call.inferred_from
        for part in parts
        for call in (index.call(gene, part, drug) for drug in alike)
    )


def _drugs_alike(regimen: Regimen, gene: str, index: KnowledgeIndex) -> list[str]:
    """The inhibitors of the driver whose failure brings the same setting: those with which a drug shares its resistance."""
    place = index.ranked[gene].get(regimen.id)
    return [drug for drug, other in index.ranked[gene].items() if other == place and drug != regimen.id]


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
    """What regulators say of a TKI for this driver on the day: in advanced disease, and in early disease where that is the case."""
    if not regimen.ranked:
        return ()
    return tuple(
        approval
        for approval in index.drugs[regimen.id].approvals
        if approval.gene == situation.gene
        and (approval.disease == "advanced" or situation.early is not None)
        and _in_force(approval, situation.as_of)
    )


def recorded(assessment: Assessment, index: KnowledgeIndex) -> tuple[str, ...]:
    """The sources of every approval on record for a TKI: what its absence somewhere was read from."""
    return tuple(dict.fromkeys(one.citation for one in index.drugs[assessment.regimen.id].approvals))


def _regulatory(regimen: Regimen, situation: Situation, approvals: tuple[Approval, ...], index: KnowledgeIndex) -> str:
    if not regimen.ranked:
        return "none"
    where = situation.jurisdiction
    granted = [one for one in approvals if one.status in GRANTED]
    here = [one for one in granted if where is None or one.jurisdiction == where]
    if any(covers(one, situation, index) for one in here):
        return "approved_here_for_setting"
    if here:
        return "approved_here"
    if _marketed_for_other(regimen, situation, index):
        return "off_label"
    if granted:
        return "approved_elsewhere"
    return "under_review" if _under_review(situation, approvals) else "none"


def covers(approval: Approval, situation: Situation, index: KnowledgeIndex) -> bool:
    """True when the wording of an approval covers this patient's disease and place in the sequence.

    A wording speaks of drugs that were given, so one that was stopped for toxicity opens it as one that failed does.
    """
    if (approval.disease == "adjuvant") is not (situation.early is not None):
        return False
    had = _had(situation, index)
    if approval.only_after and not any(_holds_use(use, had) for use in approval.only_after):
        return False
    places = {situation.setting, index.settings[situation.gene][max((place for _, _, place in had), default=0)]}
    return not approval.settings or not places.isdisjoint(approval.settings)


Had = tuple[int, str, int]
"""First line in which an inhibitor of the driver was given, its name, the place of the setting that its failure brings."""


def _had(situation: Situation, index: KnowledgeIndex) -> list[Had]:
    """The inhibitors of the driver that failed or were not tolerated, in the order in which they were first given."""
    lines: dict[str, int] = {}
    for drug, text in (*situation.failed, *situation.not_tolerated):
        first = first_line(text)
        lines[drug] = min(first, lines.get(drug, first))
    ranked = index.ranked[situation.gene]
    return sorted((line, drug, ranked[drug]) for drug, line in lines.items() if drug in ranked)


_LOOKED_AHEAD = 100
"""Line number of a drug of a future that is only looked at (``+1``)."""


def line_numbers(lines: str) -> list[int]:
    """The lines of ``"1, 3"``; a line of a future that is only looked at counts after all that were given."""
    found = (one.strip() for one in lines.split(","))
    return [_LOOKED_AHEAD + int(one[1:]) if one.startswith("+") else int(one) for one in found if one]


def first_line(lines: str) -> int:
    """The first of the lines."""
    return min(line_numbers(lines), default=0)


def _holds_use(use: EarlierUse, had: list[Had]) -> bool:
    names = [drug for _, drug, _ in had]
    return (
        len(names) >= use.at_least
        and set(use.had_all) <= set(names)
        and (not use.first_any or (bool(names) and names[0] in use.first_any))
    )


def opened_by_use(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Approval | None:
    """The wording in force here that asks for an earlier inhibitor of the driver, where this patient has had one."""
    first = index.settings[situation.gene][0]
    return next(
        (
            one
            for one in assessment.approvals
            if one.status in GRANTED
            and situation.jurisdiction in (None, one.jurisdiction)
            and (one.settings or one.only_after)
            and first not in one.settings
            and covers(one, situation, index)
        ),
        None,
    )


def _under_review(situation: Situation, approvals: tuple[Approval, ...]) -> bool:
    return any(one.status == "under_review" and situation.jurisdiction in (None, one.jurisdiction) for one in approvals)


def _marketed_for_other(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> bool:
    """True when the drug can be prescribed there for something else, and so off label for this."""
    drug = index.drugs[regimen.id]
    elsewhere = [
        one
        for one in drug.approvals
        if one.gene != situation.gene and one.status in GRANTED and _in_force(one, situation.as_of)
    ]
    return any(situation.jurisdiction in (None, one.jurisdiction) for one in elsewhere)


def _availability(regimen: Regimen, situation: Situation, regulatory: str, approvals: tuple[Approval, ...]) -> str:
    if not regimen.ranked:
        return "licensed"
    if regulatory == "approved_here_for_setting" or (
        regulatory == "approved_here" and situation.jurisdiction is None and situation.early is None
    ):
        return "licensed"
    if regulatory in ("off_label", "approved_here"):
        return "off_label"
    if regimen.ranked.development == "investigational" or _under_review(situation, approvals):
        return "investigational"
    return "unavailable"


# --- safety -----------------------------------------------------------------------------------------------------


Raised = tuple[tuple[Caution, str], ...]


def _cautions(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> tuple[Raised, Raised, tuple[str, ...]]:
    """What the labels of the drugs say of this patient: what was read, what was only reported, and the subjects on which nothing was read."""
    found: list[tuple[Caution, str]] = []
    reported: list[tuple[Caution, str]] = []
    unread: list[str] = []
    for drug in regimen.drugs:
        record = index.safety.get(drug)
        raised = [
            (one, because) for one in (record.cautions if record else ()) for because in _brought_up(one, situation)
        ]
        read = [(one, because) for one, because in raised if one.status != "unverified"]
        settled = {one.when for one, _ in read if subject_of(one)}
        found += read
        reported += [
            (one, because)
            for one, because in raised
            if one.status == "unverified"
            and one.when not in settled
            and (subject_of(one) or record is None or not record.label_read)
        ]
        if regimen.kind == "tki":
            spoken = {one.when for one, _ in raised}
            unread += [
                name for when, name in _subjects(situation) if when not in spoken and not _label_settles(when, record)
            ]
    severity = {"contraindicated": 0, "warning": 1, "monitor": 2}

    def order(one: tuple[Caution, str]) -> tuple[int, str, str]:
        return (severity[one[0].severity], one[0].id, one[1])

    return tuple(sorted(found, key=order)), tuple(sorted(reported, key=order)), tuple(dict.fromkeys(unread))


def subject_of(caution: Caution) -> bool:
    """True when the caution is of something in the patient rather than of everybody on the drug."""
    return caution.when != CautionWhen()


def _subjects(situation: Situation) -> list[tuple[CautionWhen, str]]:
    """What this patient brings up, each with a name to show."""
    found = [(CautionWhen(interaction_class=class_id), name) for class_id, name in situation.interactions]
    found += [(CautionWhen(comorbidity=one), one) for one in situation.comorbidities]
    return [*found, (CautionWhen(pregnant=True), "pregnancy")] if situation.pregnant else found


def _label_settles(when: CautionWhen, record: SafetyRecord | None) -> bool:
    """True when a label was read whose silence says that nothing is asked for.

    Every label of these drugs has a section on pregnancy, so silence on it means that the section was not read.
    """
    return record is not None and record.label_read and when.pregnant is None


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
