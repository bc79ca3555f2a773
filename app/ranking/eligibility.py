"""Gates and category: may this regimen be an option here, and of which kind (decision steps 5 and 6)."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from app.domain.interpretation import Situation
from app.domain.recommendation import Reason
from app.knowledge.index import KnowledgeIndex
from app.ranking.approval import GRANTED, line_numbers, opened_by_use, recorded
from app.ranking.assessment import POSITIVE, Assessment, assess, decisive_bypass, guidance_for
from app.ranking.criteria import outcome_grade
from app.ranking.safety import subject_of
from app.ranking.words import indication_of, lines_text, listed, local_citation, said, speaks

Category = str
_SEEN_IN_PATIENTS = ("active_clinical", "active_case")
ACTIVE = (*_SEEN_IN_PATIENTS, "active_preclinical")


class Eligibility(Struct, frozen=True):
    """``category`` when the regimen is an option; otherwise the reasons why not."""

    category: Category | None
    reasons: tuple[Reason, ...] = ()


def judge(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Eligibility:
    """Apply the gates, then find the category. Every gate that closes gives its reason."""
    reasons = [
        *_contraindicated(assessment, situation, index),
        *_failed(assessment, situation, index),
        *_not_tolerated(assessment, situation, index),
        *_resistant(assessment, situation, index),
        *_not_available(assessment, situation, index),
        *_restricted_locally(assessment, situation, index),
    ]
    if reasons:
        return Eligibility(None, tuple(reasons))
    category, why_not = _category(assessment, situation, index)
    if category == "recommended" and _not_now(assessment, situation):
        category = "consider"
    if category is None:
        return Eligibility(None, (_no_rationale(why_not, assessment, situation, index),))
    left_out = category == "investigational" or assessment.regimen.kind == "trial"
    if left_out and not situation.include_investigational:
        return Eligibility(None, (_reason("not_approved", "investigational_excluded", assessment, situation, index),))
    return Eligibility(category)


def _not_now(assessment: Assessment, situation: Situation) -> bool:
    """True for what advice on later or on advanced disease does not recommend today: in early disease, or while another inhibitor holds."""
    if situation.settled and not _still_given(assessment, situation):
        return True
    return situation.early is not None and not _for_early_disease(assessment)


def _for_early_disease(assessment: Assessment) -> bool:
    """True when guidance on early disease itself speaks for the regimen; advice for advanced disease does not carry over."""
    return any(one.when.disease == "adjuvant" and one.standing in POSITIVE for one in assessment.guidance)


# --- gates ------------------------------------------------------------------------------------------------------


def _reason(
    code: str, notice: str, assessment: Assessment, situation: Situation, index: KnowledgeIndex, **values: str
) -> Reason:
    label = index.label(assessment.regimen.id, situation.language)
    text, citations = index.say("reason", notice, situation.language, regimen=label, **values)
    return Reason(code, text, citations)


def _contraindicated(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    found = []
    for caution, because in assessment.cautions:
        if caution.severity == "contraindicated":
            words = said(caution, situation.language)
            named = f"{words} ({because})" if because else words
            text, _ = index.say(
                "reason",
                "contraindicated",
                situation.language,
                regimen=index.label(assessment.regimen.id, situation.language),
                caution=named,
            )
            found.append(Reason("contraindicated", text, (caution.citation,)))
    return found


def _failed(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    regimen = assessment.regimen
    lines = dict(situation.failed)
    if regimen.kind == "combination":
        spent = [one for one in situation.failed_lines if regimen.drugs and set(regimen.drugs) <= set(one)]
        failed = [lines[regimen.drugs[0]]] if spent else []
    elif _continues_inhibitor(assessment, index):
        spent = [
            one
            for one in situation.failed_lines
            if set(regimen.drugs) <= set(one) and _with_driver(one, situation, index)
        ]
        failed = [lines[regimen.drugs[0]]] if spent and regimen.drugs else []
    else:
        failed = [lines[drug] for drug in regimen.drugs if drug in lines]
    if not failed or (_resensitised(assessment) and not _failed_last(failed[0], situation)):
        return []
    period = lines_text(failed[0], situation.language)
    return [_reason("progressed_on", "progressed_on", assessment, situation, index, period=period)]


def _continues_inhibitor(assessment: Assessment, index: KnowledgeIndex) -> bool:
    """True for chemotherapy given together with an inhibitor of the driver: chemotherapy alone does not spend it."""
    record = assessment.regimen.record
    parts = {one.drug_class for one in record.components} if record else set()
    return bool(parts & {f"{gene.lower()}_inhibitor" for gene in index.settings})


def _with_driver(drugs: tuple[str, ...], situation: Situation, index: KnowledgeIndex) -> bool:
    return any(drug in index.ranked[situation.gene] for drug in drugs)


def _failed_last(lines: str, situation: Situation) -> bool:
    """True when the drug failed in the latest line that failed: then nothing has changed since that could have restored it."""
    latest = max((_last_line(one) for _, one in situation.failed), default=0)
    return _last_line(lines) >= latest


def _last_line(lines: str) -> int:
    return max(line_numbers(lines), default=0)


def _resensitised(assessment: Assessment) -> bool:
    """True when evidence shows the drug working again against a clone found here and covering the others."""
    calls = [call for _, call in assessment.calls]
    return (
        bool(calls) and all(call.activity == "sensitive" for call in calls) and any(call.resensitises for call in calls)
    )


def _not_tolerated(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    lines = dict(situation.not_tolerated)
    stopped = [drug for drug in assessment.regimen.drugs if drug in lines]
    if not stopped:
        return []
    period = lines_text(lines[stopped[0]], situation.language)
    reason = _reason("not_tolerated", "not_tolerated", assessment, situation, index, period=period)
    return [replace(reason, citations=_label_of_toxicity(stopped[0], index) or reason.citations)]


def _label_of_toxicity(drug: str, index: KnowledgeIndex) -> tuple[str, ...]:
    """The source from which the warnings of this very drug were read."""
    record = index.safety.get(drug)
    read = [one for one in record.cautions if one.status != "unverified"] if record else []
    general = next((one for one in read if not subject_of(one)), None)
    return (general.citation,) if general else tuple(one.citation for one in read[:1])


def _resistant(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    if not assessment.gated or _still_given(assessment, situation):
        return []
    return [_resistant_clone(assessment, situation, index)]


def _resistant_clone(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """Names the clones that resist, and only those, with the evidence that weighs most against each."""
    clones = [
        "+".join(profile)
        for (_, call), profile in zip(assessment.calls, assessment.deciding, strict=True)
        if call.activity == "resistant"
    ]
    calls = [call for _, call in assessment.calls if call.activity == "resistant"]
    items = [call.items[0] for call in calls if call.items]
    label, names = index.label(assessment.regimen.id, situation.language), listed(clones, situation.gene)
    parts = dict.fromkeys(part for call in calls for part in call.inferred_from)
    if calls and all(call.inferred_from for call in calls) and speaks(index, "reason", "resistant_clone_inferred"):
        known = listed(parts, situation.gene)
        text, citations = index.say(
            "reason", "resistant_clone_inferred", situation.language, regimen=label, alterations=names, known=known
        )
    else:
        text, citations = index.say("reason", "resistant_clone", situation.language, regimen=label, alterations=names)
    evidence = " ".join(dict.fromkeys(said(item, situation.language) for item in items))
    sources = tuple(dict.fromkeys(item.citation for item in items)) or citations
    return Reason("resistant_clone", f"{text} {evidence}".strip(), sources)


def _still_given(assessment: Assessment, situation: Situation) -> bool:
    """True for a drug that is being given and has not failed: findings in ctDNA alone do not end it."""
    return assessment.regimen.id in situation.ongoing


def _not_available(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    if assessment.standing_of != "unavailable":
        return []
    where = situation.jurisdiction or index.say("word", "any_jurisdiction", situation.language)[0]
    reason = _reason("not_approved", "not_approved", assessment, situation, index, jurisdiction=where)
    return [replace(reason, citations=recorded(assessment.regimen.id, index) or reason.citations)]


def _restricted_locally(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    """A regimen, or a part of it, that the local overlay says cannot be had."""
    if index.overlay is None:
        return []
    found = []
    for name in dict.fromkeys((assessment.regimen.id, *assessment.regimen.drugs)):
        for restriction in index.overlay.unavailable.get(name, ()):
            if not restriction.genes or situation.gene in restriction.genes:
                chinese = situation.language == "zh-CN"
                words = (restriction.because_zh if chinese else None) or restriction.because
                found.append(
                    Reason("not_available_locally", f"{words} ({restriction.source})", (local_citation(index),))
                )
    return found


# --- category ---------------------------------------------------------------------------------------------------


def _category(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[Category | None, str]:
    """The category, or None with the name of the reason."""
    kind = assessment.regimen.kind
    if kind == "trial":
        return "consider", ""
    if kind == "chemotherapy":
        return _chemotherapy(assessment), "no_rationale"
    if kind == "combination":
        if assessment.molecular == "resistant":
            return None, "resistant_clone"
        return ("investigational" if assessment.molecular in ACTIVE else None), "no_rationale"
    return _tki(assessment, situation, index)


def _chemotherapy(assessment: Assessment) -> Category | None:
    if assessment.positive:
        return "recommended"
    return "consider" if assessment.standing in ("alternative", "fallback") else None


def _tki(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[Category | None, str]:
    state = situation.resistance
    policy = index.policy_of(situation.gene, situation.setting)
    gates = policy.variant_gates
    if assessment.standing == "against":
        seen = assessment.molecular in _SEEN_IN_PATIENTS and not policy.uncertain
        return (_at_most("consider", assessment), "") if seen else (None, "no_rationale")
    if state == "histologic_transformation":
        # A response in such a tumour was seen after the drugs of the first setting; it says nothing of one that defeated more.
        if not gates and assessment.responses and assessment.molecular in _SEEN_IN_PATIENTS:
            return _at_most("consider", assessment), ""
        return None, "no_rationale_transformation"
    holds = situation.settled and _still_given(assessment, situation)
    if state in ("off_target", "on_and_off_target") and decisive_bypass(situation, index) and not holds:
        return _bypassed(assessment)
    if state == "none_yet" and index.outside_the_trials(situation.histology):
        return (_at_most("consider", assessment) if assessment.positive else None), "outside_the_trials"
    if assessment.calls and _still_given(assessment, situation):
        return _at_most("consider", assessment), ""
    if assessment.calls:
        return _by_variant(assessment, gates=gates, uncertain=policy.uncertain)
    tried = assessment.outcome is not None and assessment.outcome.design == "case_series"
    supported = tried or outcome_grade(assessment, situation, index) in index.policy.supported_outcomes
    # Without a failure nothing but the wording of a licence says what a drug for later lines is worth after one that was not tolerated.
    opened = state == "none_yet" and opened_by_use(assessment.approvals, situation, index) is not None
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
    gates = (_contraindicated, _not_tolerated, _not_available, _restricted_locally)
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


def _also_inhibits(drug: str, situation: Situation, index: KnowledgeIndex) -> bool:
    """True for a drug whose targets hold a gene through which resistance runs, under a release that has words for it."""
    if not speaks(index, "reason", "no_rationale_off_target_untried"):
        return False
    genes = {match.gene for name in situation.mechanisms for match in index.mechanisms[name].record.matches}
    return not genes.isdisjoint(index.drugs[drug].targets)


def _by_variant(assessment: Assessment, *, gates: bool, uncertain: bool) -> tuple[Category | None, str]:
    grade = assessment.molecular
    if grade == "resistant":
        open_question = assessment.positive and not (gates and assessment.resistant_throughout)
        return (_at_most("consider", assessment), "") if open_question else (None, "resistant_clone")
    if assessment.positive and (grade in ACTIVE or (not gates and grade not in ("partial", "unknown"))):
        return _at_most("recommended", assessment), ""
    if gates and grade == "active_clinical":
        return _at_most("consider" if uncertain else "recommended", assessment), ""
    if assessment.standing_of == "off_label" and grade in ("active_preclinical", "partial"):
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


def _no_rationale(why: str, assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """The reason for a regimen that no gate closed on and that nothing supports."""
    against = next((one for one in assessment.guidance if one.standing == "against"), None)
    if against is not None:
        return Reason("no_rationale", said(against, situation.language), (against.citation,))
    if why == "resistant_clone":
        return _resistant_clone(assessment, situation, index)
    if why == "no_rationale_off_target":
        found = _labels(situation.mechanisms, situation, index)
        untried = _also_inhibits(assessment.regimen.id, situation, index)
        why = "no_rationale_off_target_untried" if untried else why
        return _reason("no_rationale", why, assessment, situation, index, alterations=found)
    if why == "outside_the_trials" and speaks(index, "reason", why):
        return _reason("no_rationale", why, assessment, situation, index)
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
        reason = _reason("superseded", "superseded", assessment, situation, index, better=names)
        return replace(reason, citations=sources)
    return _unsupported(assessment, situation, index)


def _transformed(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """Names the histology of the case, with the evidence on that very change of histology."""
    if not speaks(index, "reason", "no_rationale_transformed"):
        return _reason("no_rationale", "no_rationale_transformation", assessment, situation, index)
    found = [index.mechanisms[name] for name in situation.mechanisms]
    changed = [one for one in found if one.record.kind == "phenotype"]
    names = _labels(tuple(one.record.id for one in changed), situation, index)
    items = [item for one in changed for item in one.resistance.items if item.status != "unverified"]
    reason = _reason("no_rationale", "no_rationale_transformed", assessment, situation, index, histology=names)
    return replace(reason, citations=tuple(dict.fromkeys(item.citation for item in items[:2])) or reason.citations)


def _approved_otherwise(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason | None:
    """For a drug that is approved here for another place in the sequence and that nothing else supports: the wording that says so."""
    where = situation.jurisdiction
    here = [one for one in assessment.approvals if one.jurisdiction == where and one.status in GRANTED]
    if assessment.regulatory != "approved_here" or not here or not speaks(index, "reason", "not_approved_for_setting"):
        return None
    wording = "; ".join(dict.fromkeys(indication_of(one, situation.language) for one in here))
    label = index.label(assessment.regimen.id, situation.language)
    text, _ = index.say(
        "reason", "not_approved_for_setting", situation.language, regimen=label, jurisdiction=where or "", why=wording
    )
    return Reason("not_approved", text, tuple(dict.fromkeys(one.citation for one in here)))


def _better(situation: Situation, index: KnowledgeIndex) -> list[str]:
    """The TKIs of the driver that guidance recommends in this situation."""
    found = {name: guidance_for(name, situation, index) for name in index.ranked[situation.gene]}
    return sorted(name for name, guidance in found.items() if guidance and guidance[0].standing in POSITIVE)


def _unsupported(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """Aimed at something not found, chemotherapy that no guidance names here, or a switch without support."""
    record = assessment.regimen.record
    if record is not None and record.mechanisms:
        aims = _labels(record.mechanisms, situation, index)
        label = index.label(assessment.regimen.id, situation.language)
        notice = _why_not_against(record.mechanisms, situation)
        notice = notice if speaks(index, "reason", notice) else "mechanism_not_found"
        text, citations = index.say("reason", notice, situation.language, regimen=label, alterations=aims)
        sources = tuple(dict.fromkeys(item.citation for item in record.evidence))[:1]
        return Reason("no_rationale", text, sources or citations)
    state = index.say("word", f"state_{situation.resistance}", situation.language)[0]
    first = situation.setting == index.settings[situation.gene][0]
    notice = "no_guidance" if assessment.regimen.kind == "chemotherapy" or first else "no_rationale"
    reason = _reason("no_rationale", notice, assessment, situation, index, state=state)
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
