"""The gates: what takes a regimen away whatever speaks for it (decision step 6). Every gate that closes gives its reason."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.interpretation import Situation
from app.domain.lines import last_line
from app.domain.recommendation import Reason
from app.knowledge.index import KnowledgeIndex, Regimen
from app.ranking.approval import recorded
from app.ranking.assessment import Assessment, assess
from app.ranking.safety import subject_of
from app.ranking.words import lines_text, listed, local_citation, said


def closed(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[Reason, ...]:
    """The reasons of every gate that is closed to the regimen; empty when it may be an option."""
    return (
        *contraindicated(assessment, situation, index),
        *failed(assessment, situation, index),
        *not_tolerated(assessment, situation, index),
        *resistant(assessment, situation, index),
        *not_available(assessment, situation, index),
        *restricted_locally(assessment, situation, index),
    )


def why_not(
    code: str, notice: str, assessment: Assessment, situation: Situation, index: KnowledgeIndex, **values: str
) -> Reason:
    """A reason with the sentence and the sources of its notice."""
    label = index.label(assessment.regimen.id, situation.language)
    text, citations = index.say("reason", notice, situation.language, regimen=label, **values)
    return Reason(code, text, citations)


def contraindicated(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    """What a label forbids in this patient."""
    found = []
    for caution, because in assessment.cautions:
        if caution.severity == "contraindicated":
            words = said(caution, situation.language)
            named = f"{words.rstrip('.')} ({because})." if because else words
            text, _ = index.say(
                "reason",
                "contraindicated",
                situation.language,
                regimen=index.label(assessment.regimen.id, situation.language),
                caution=named,
            )
            found.append(Reason("contraindicated", text, (caution.citation,)))
    return found


def failed(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    """The disease progressed on it, and nothing shows that the tumour became sensitive to it again."""
    regimen = assessment.regimen
    holds = situation.settled or (situation.liquid_only and situation.holding)
    if holds and still_given(assessment, situation):  # it is being given again, and it holds
        return []
    lines = dict(situation.failed)
    if regimen.kind == "combination":
        spent = [one for one in situation.failed_lines if regimen.drugs and set(regimen.drugs) <= set(one)]
        failed = [lines[regimen.drugs[0]]] if spent else []
    elif continues_inhibitor(assessment, index):
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
    return [_of_part("progressed_on", failed[0], situation.failed, assessment, situation, index)]


def _of_part(
    code: str,
    lines: str,
    spent: tuple[tuple[str, str], ...],
    assessment: Assessment,
    situation: Situation,
    index: KnowledgeIndex,
) -> Reason:
    """The reason, naming the part of a regimen that it is about where not all of its drugs are concerned."""
    period = lines_text(lines, situation.language)
    had = [drug for drug in assessment.regimen.drugs if drug in dict(spent)]
    whole = len(had) == len(assessment.regimen.drugs) and assessment.regimen.kind == "tki"
    if whole or not index.speaks("reason", f"{code}_part"):
        return why_not(code, code, assessment, situation, index, period=period)
    part = listed([index.label(drug, situation.language) for drug in had])
    return why_not(code, f"{code}_part", assessment, situation, index, period=period, drug=part)


def continues_inhibitor(assessment: Assessment, index: KnowledgeIndex) -> bool:
    """True for chemotherapy given together with an inhibitor of the driver: chemotherapy alone does not spend it."""
    record = assessment.regimen.record
    parts = {one.drug_class for one in record.components} if record else set()
    return bool(parts & {f"{gene.lower()}_inhibitor" for gene in index.settings})


def _with_driver(drugs: tuple[str, ...], situation: Situation, index: KnowledgeIndex) -> bool:
    return any(drug in index.inhibitors[situation.gene] for drug in drugs)


def _failed_last(lines: str, situation: Situation) -> bool:
    """True when the drug failed in the latest line that failed: then nothing has changed since that could have restored it."""
    latest = max((last_line(one) for _, one in situation.failed), default=0)
    return last_line(lines) >= latest


def _resensitised(assessment: Assessment) -> bool:
    """True when evidence shows the drug working again against a clone found here and covering the others."""
    calls = [call for _, call in assessment.calls]
    return (
        bool(calls) and all(call.activity == "sensitive" for call in calls) and any(call.resensitises for call in calls)
    )


def not_tolerated(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    """It was stopped for toxicity."""
    lines = dict(situation.not_tolerated)
    stopped = [drug for drug in assessment.regimen.drugs if drug in lines]
    if not stopped:
        return []
    reason = _of_part("not_tolerated", lines[stopped[0]], situation.not_tolerated, assessment, situation, index)
    return [replace(reason, citations=label_of_toxicity(stopped[0], index) or reason.citations)]


def label_of_toxicity(drug: str, index: KnowledgeIndex) -> tuple[str, ...]:
    """The source from which the warnings of this very drug were read."""
    record = index.safety.get(drug)
    read = [one for one in record.cautions if one.status != "unverified"] if record else []
    general = next((one for one in read if not subject_of(one)), None)
    return (general.citation,) if general else tuple(one.citation for one in read[:1])


def resistant(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    """A clone resists it under every reading of the phase; a drug that is being given is not taken away for that."""
    if not assessment.resistant_throughout or still_given(assessment, situation):
        return []
    return [resistant_clone(assessment, situation, index)]


def resistant_clone(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Reason:
    """Names the clones that resist, and only those, with the evidence that weighs most against each."""
    deciding = zip(assessment.calls, assessment.deciding, strict=True)
    clones = dict.fromkeys("+".join(profile) for (_, call), profile in deciding if call.activity == "resistant")
    calls = [call for _, call in assessment.calls if call.activity == "resistant"]
    items = [call.items[0] for call in calls if call.items]
    label, names = index.label(assessment.regimen.id, situation.language), listed(clones, situation.gene)
    parts = dict.fromkeys(part for call in calls for part in call.inferred_from)
    if calls and all(call.inferred_from for call in calls) and index.speaks("reason", "resistant_clone_inferred"):
        known = listed(parts, situation.gene)
        text, citations = index.say(
            "reason", "resistant_clone_inferred", situation.language, regimen=label, alterations=names, known=known
        )
    else:
        text, citations = index.say("reason", "resistant_clone", situation.language, regimen=label, alterations=names)
    evidence = " ".join(dict.fromkeys(said(item, situation.language) for item in items))
    sources = tuple(dict.fromkeys(item.citation for item in items)) or citations
    return Reason("resistant_clone", f"{text} {evidence}".strip(), sources)


def still_given(assessment: Assessment, situation: Situation) -> bool:
    """True for a drug that is being given and has not failed: findings in ctDNA alone do not end it."""
    return assessment.regimen.id in situation.ongoing


def repeated(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[str, str] | None:
    """A drug of a chemotherapy that was given before and did not fail, with its lines as text, where the release says what a second course gives."""
    if assessment.regimen.kind != "chemotherapy":
        return None
    lines = dict(situation.ended)
    given = [
        drug for drug in assessment.regimen.drugs if drug in lines and index.speaks("rationale", f"repeated_{drug}")
    ]
    return (given[0], lines[given[0]]) if given else None


def part_spent(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[str, str, str] | None:
    """A class of drugs in a chemotherapy of which one failed or was not tolerated: the class, that drug, its lines as text.

    Chemotherapy that is not named may have held any class. Not so for a regimen against a change of phenotype, which the earlier tumour was not.
    """
    record = assessment.regimen.record
    if assessment.regimen.kind != "chemotherapy" or record is None or record.mechanisms:
        return None
    parts = [one.drug_class for one in record.components if one.drug_class]
    for part in parts:
        if not index.speaks("rationale", f"{part}_before"):
            continue
        for drug, lines in (*situation.failed, *situation.not_tolerated):
            if drug in (part, assessment.regimen.kind) or index.vocabulary.drug_classes.get(drug) == part:
                return part, drug, lines
    return None


def kept(situation: Situation, index: KnowledgeIndex) -> str | None:
    """The inhibitor of the driver that chemotherapy would be given beside.

    The last one given, where it can be had, carries no warning here and is not resisted by a clone; one of an earlier line is not kept, it
    would be started again.
    """
    lines = dict((*situation.ended, *situation.failed))
    spent = dict(situation.not_tolerated)
    latest = max((last_line(lines[name]) for name in lines if name in index.inhibitors[situation.gene]), default=0)
    found = [
        (one.id in situation.ongoing, last_line(lines.get(one.id, "")), one.id)
        for one in index.regimens[situation.gene]
        if one.ranked
        and (one.id in situation.ongoing or (one.id in lines and last_line(lines[one.id]) == latest))
        and last_line(spent.get(one.id, "")) <= last_line(lines.get(one.id, ""))  # not stopped for toxicity at the last
        and _untroubled(one, situation, index)
    ]
    return max(found)[2] if found else None


def _untroubled(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> bool:
    found = assess(regimen, situation, index)
    warned = found.unverified or found.unread or any(one.severity != "monitor" for one, _ in found.cautions)
    resisted = found.overall is not None and found.overall.activity == "resistant"
    return found.standing_of != "unavailable" and not warned and not resisted


def not_available(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
    """It cannot be prescribed where the case is."""
    if assessment.standing_of != "unavailable":
        return []
    where = situation.jurisdiction or index.say("word", "any_jurisdiction", situation.language)[0]
    reason = why_not("not_approved", "not_approved", assessment, situation, index, jurisdiction=where)
    return [replace(reason, citations=recorded(assessment.regimen.id, index) or reason.citations)]


def restricted_locally(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Reason]:
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
