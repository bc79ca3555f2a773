"""The sentences behind an option: each one a curated fact with its source, or a cited notice."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.interpretation import Profile, Situation
from app.domain.recommendation import Sentence, Warned
from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import Approval, Caution, EvidenceItem, OutcomeResult
from app.knowledge.weighing import Call
from app.ranking.approval import opened_by_use, recorded
from app.ranking.assessment import Assessment, decisive_bypass, driver_inhibitor
from app.ranking.criteria import Candidate
from app.ranking.gates import continues_inhibitor, kept, label_of_toxicity, part_spent, repeated
from app.ranking.safety import subject_of
from app.ranking.words import indication_of, lines_text, listed, local_citation, of_gene, said

_ITEMS_PER_CLONE = 3
"""Deciding evidence shown per clone; the rest is under ``activity_by_clone`` and the evidence route."""


def rationale_of(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> tuple[Sentence, ...]:
    """Why this option stands here: molecular evidence first, then guidance, results, approval."""
    assessment = candidate.assessment
    found = [
        *_molecular(assessment, situation, index),
        *_mechanism(assessment, situation, index),
        *_guidance(assessment, situation),
        *_results(assessment, situation),
        *_approval(candidate, situation, index),
    ]
    if not found and assessment.regimen.record is not None:
        found = [
            Sentence(said(item, situation.language), (item.citation,), "regimen")
            for item in assessment.regimen.record.evidence[:_ITEMS_PER_CLONE]
        ]
    once: dict[tuple[str, tuple[str, ...]], Sentence] = {}
    for sentence in (*found, *_local_notes(assessment, situation, index)):
        once.setdefault((sentence.text, sentence.citations), sentence)
    return tuple(once.values())


def _local_notes(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Sentence]:
    if index.overlay is None:
        return []
    notes = index.overlay.notes.get(assessment.regimen.id, ())
    return [
        Sentence(
            one.text_zh if situation.language == "zh-CN" and one.text_zh else one.text,
            (local_citation(index),),
            "local",
        )
        for one in notes
        if not one.genes or situation.gene in one.genes
    ]


def _molecular(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Sentence]:
    label, language = index.label(assessment.regimen.id, situation.language), situation.language
    driver = driver_inhibitor(assessment.regimen, situation.gene, index)
    found: list[Sentence] = []
    for (clone, call), profile in zip(assessment.calls, assessment.deciding, strict=True):
        found += _verdict(label, driver or "", clone, profile, call, situation, index)
        own = index.call(situation.gene, clone, driver) if driver and profile != clone else call
        items = dict.fromkeys((*_shown(call), *_shown(own)))
        found += [Sentence(said(item, language), (item.citation,), "effect") for item in items]
    if len(situation.readings) > 1 and assessment.calls:
        names = listed(["+".join(profile) for profile in situation.readings[0]], situation.gene)
        found.append(_notice("both_readings", situation, index, alterations=names))
    gates = index.policy_of(situation.gene, situation.setting).variant_gates
    reached = situation.setting != index.settings[situation.gene][0]
    if reached and not gates and assessment.regimen.ranked and assessment.positive:
        found.append(_notice("no_gate_after_first_generation", situation, index))
    failed_before = assessment.regimen.id in dict(situation.failed)
    if failed_before and any(call.resensitises for _, call in assessment.calls):
        found.append(_notice("rechallenge_evidence", situation, index, regimen=label))
    if situation.resistance == "not_assessable" and assessment.positive:
        text, citations = index.say("rationale", "history_alone", language)
        found.append(Sentence(text, citations, "rationale"))
    return found


def _verdict(
    label: str, driver: str, clone: Profile, profile: Profile, call: Call, situation: Situation, index: KnowledgeIndex
) -> list[Sentence]:
    """What a verdict lacks: evidence of its own, a part of the compound, or any verdict. Names the profile that was judged."""
    name = listed(["+".join(profile)], situation.gene)
    if call.inferred_from:
        parts = [
            part
            for part in index.calls[situation.gene]
            if set(part) < set(profile) and index.call(situation.gene, part, driver).activity != "unknown"
        ]
        all_known = {change for part in parts for change in part} >= set(profile)
        if not all_known and index.speaks("rationale", "inferred_from_some"):
            known = listed(("+".join(part) for part in parts), situation.gene)
            return [_notice("inferred_from_some", situation, index, regimen=label, alterations=name, known=known)]
        return [_notice("inferred_from_singles", situation, index, regimen=label, alterations=name)]
    if call.activity != "unknown":
        return []
    items = [item for item in call.items if item.status != "unverified"]
    if (items or profile != clone) and index.speaks("rationale", "not_settled"):
        return [_notice("not_settled", situation, index, regimen=label, alterations=name)]
    if call.items and index.speaks("rationale", "only_unverified"):
        found = _notice("only_unverified", situation, index, regimen=label, alterations=name)
        return [replace(found, citations=tuple(dict.fromkeys(item.citation for item in call.items)))]
    return [_notice("no_evidence", situation, index, regimen=label, alterations=name)]


def _shown(call: Call) -> list[EvidenceItem]:
    """Deciding items, of several kinds of observation where there are, and the strongest item of the other side when sources disagree."""
    items = [item for item in call.items if item.status != "unverified"]
    agreeing = [item for item in items if item.activity == call.activity]
    kinds = {item.basis: item for item in reversed(agreeing)}  # the weightiest of each kind
    firsts = [item for item in agreeing if kinds[item.basis] is item]
    shown = list(dict.fromkeys((*firsts, *agreeing, *items)))[:_ITEMS_PER_CLONE]
    if call.conflicting:
        other = next((item for item in items if item.activity not in (call.activity, "unknown")), None)
        if other is not None and other not in shown:
            shown.append(other)
    return shown


def _mechanism(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Sentence]:
    found = [
        Sentence(said(item, situation.language), (item.citation,), "mechanism")
        for call in assessment.responses
        for item in of_gene(call, situation.gene)[:_ITEMS_PER_CLONE]
    ]
    alone = assessment.regimen.kind == "tki" and not assessment.responses
    if alone and situation.resistance in ("off_target", "on_and_off_target") and decisive_bypass(situation, index):
        for name in situation.mechanisms:
            items = of_gene(index.mechanisms[name].resistance, situation.gene)
            found += [Sentence(said(item, situation.language), (item.citation,), "mechanism") for item in items[:1]]
    return found


def _guidance(assessment: Assessment, situation: Situation) -> list[Sentence]:
    return [
        Sentence(said(one, situation.language), (one.citation,), "guidance")
        for one in assessment.guidance[:_ITEMS_PER_CLONE]
    ]


def _results(assessment: Assessment, situation: Situation) -> list[Sentence]:
    results: list[tuple[OutcomeResult | None, str]] = [(assessment.outcome, "outcome"), (assessment.cns, "cns")]
    return [Sentence(said(one, situation.language), (one.citation,), rule) for one, rule in results if one is not None]


def _approval(candidate: Candidate, situation: Situation, index: KnowledgeIndex) -> list[Sentence]:
    assessment = candidate.assessment
    label = index.label(assessment.regimen.id, situation.language)
    review = next(
        (
            one
            for one in assessment.approvals
            if one.status == "under_review" and situation.jurisdiction in (None, one.jurisdiction)
        ),
        None,
    )
    found: list[Sentence] = []
    if review is not None:
        due = review.decision_due.isoformat() if review.decision_due else "?"
        dated = review.decision_due is not None or not index.speaks("rationale", "under_review_undated")
        values = {"regimen": label, "jurisdiction": review.jurisdiction, **({"date": due} if dated else {})}
        notice = "under_review" if dated else "under_review_undated"
        overdue = review.decision_due is not None and review.decision_due < situation.as_of
        if overdue and index.speaks("rationale", "under_review_overdue"):
            notice = "under_review_overdue"
        text, _ = index.say("rationale", notice, situation.language, **values)
        found.append(Sentence(text, (review.citation,), "approval"))
    elif (opened := _opened(assessment, situation, index)) is not None:
        text, _ = index.say(
            "rationale",
            "opened_by_use",
            situation.language,
            regimen=label,
            jurisdiction=opened.jurisdiction,
            why=indication_of(opened, situation.language),
        )
        found.append(Sentence(text, (opened.citation,), "approval"))
    return found


def _opened(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> Approval | None:
    """The wording for later lines that holds before any failure, since an inhibitor was given and not tolerated."""
    supported = assessment.positive or assessment.outcome is not None
    if supported or situation.resistance != "none_yet" or not index.speaks("rationale", "opened_by_use"):
        return None
    return opened_by_use(assessment.regimen.id, assessment.approvals, situation, index)


def _off_label(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[str, tuple[str, ...]]:
    """The sentence on use outside the approvals on record, with the sources of that record."""
    where = situation.jurisdiction or index.say("word", "any_jurisdiction", situation.language)[0]
    label = index.label(assessment.regimen.id, situation.language)
    text, citations = index.say("rationale", "off_label", situation.language, regimen=label, jurisdiction=where)
    return text, recorded(assessment.regimen.id, index, situation.jurisdiction) or citations


def off_label(assessment: Assessment) -> bool:
    """True when the use is outside the approvals on record where the case is."""
    return assessment.regulatory in ("off_label", "approved_here")


def cautions_of(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> tuple[Warned, ...]:
    """The label's cautions for this patient, and off-label use."""
    found: list[Warned] = []
    for caution, because in assessment.cautions:
        found.append(Warned(caution.code, caution.severity, _named(caution, because, situation), (caution.citation,)))
    for caution, because in assessment.unverified:
        found.append(_unverified(caution, because, situation, index))
    if assessment.unread and index.speaks("rationale", "caution_unread"):
        subjects = listed(_subject(one, index, situation) for one in assessment.unread)
        label = index.label(assessment.regimen.id, situation.language)
        text, citations = index.say("rationale", "caution_unread", situation.language, regimen=label, name=subjects)
        found.append(Warned("label_not_read", "warning", text, citations))
    found += _given_again(assessment, situation, index)
    if assessment.regimen.ranked and off_label(assessment):
        text, citations = _off_label(assessment, situation, index)
        found.append(Warned("off_label", "warning", text, citations))
    return tuple(dict.fromkeys(found))


def _given_again(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Warned]:
    """What became of a drug when it was given before, where it is being given again or would be."""
    drug = assessment.regimen.id
    before = {"toxicity_before": dict(situation.resumed), "progression_before": dict(situation.failed)}
    again = [(code, code, lines[drug]) for code, lines in before.items() if drug in lines and drug in situation.ongoing]
    partners = [one for one in situation.ongoing if one not in index.inhibitors[situation.gene]]
    given_with = bool(partners) and drug in situation.ongoing and index.speaks("rationale", "given_with")
    found = [_warned("given_with", "given_with", assessment, situation, index, drug=partners[0])] if given_with else []
    found += [
        _warned(code, notice, assessment, situation, index, lines=lines)
        for code, notice, lines in again
        if index.speaks("rationale", notice)
    ]
    return [*found, *_of_chemotherapy(assessment, situation, index)]


def _of_chemotherapy(assessment: Assessment, situation: Situation, index: KnowledgeIndex) -> list[Warned]:
    """What became of a part of a chemotherapy when it was given before, and which inhibitor would be kept on beside it."""
    found = []
    course, spent = repeated(assessment, situation, index), part_spent(assessment, situation, index)
    if course is not None:
        found.append(
            _warned("chemotherapy_repeated", f"repeated_{course[0]}", assessment, situation, index, lines=course[1])
        )
    if spent is not None:
        part, drug, lines = spent
        found.append(_warned(f"{part}_before", f"{part}_before", assessment, situation, index, lines=lines, drug=drug))
    inhibitor = kept(situation, index) if continues_inhibitor(assessment, index) else None
    if inhibitor is not None and index.speaks("rationale", "inhibitor_kept"):
        beside_chemotherapy = assessment.regimen.kind == "chemotherapy" or not index.speaks(
            "rationale", "inhibitor_kept_beside"
        )
        notice = "inhibitor_kept" if beside_chemotherapy else "inhibitor_kept_beside"
        one = _warned("inhibitor_kept", notice, assessment, situation, index, drug=inhibitor)
        sources = one.citations if beside_chemotherapy else label_of_toxicity(inhibitor, index) or one.citations
        found.append(replace(one, severity="monitor", citations=sources))
    return found


def _warned(
    code: str,
    notice: str,
    assessment: Assessment,
    situation: Situation,
    index: KnowledgeIndex,
    *,
    lines: str = "",
    drug: str = "",
) -> Warned:
    label = index.label(assessment.regimen.id, situation.language)
    text, citations = index.say(
        "rationale",
        notice,
        situation.language,
        regimen=label,
        period=lines_text(lines, situation.language),
        drug=index.label(drug, situation.language),
    )
    return Warned(code, "warning", text, citations)


def _named(caution: Caution, because: str, situation: Situation) -> str:
    words = said(caution, situation.language)
    return f"{because}: {words}" if because else words


def _unverified(caution: Caution, because: str, situation: Situation, index: KnowledgeIndex) -> Warned:
    """A caution that nobody read at its source: shown with that mark, and never as a contraindication."""
    text = _named(caution, because, situation)
    if subject_of(caution) and index.speaks("rationale", "caution_unverified"):
        text, _ = index.say("rationale", "caution_unverified", situation.language, caution=text)
    severity = "warning" if caution.severity == "contraindicated" else caution.severity
    return Warned(caution.code, severity, text, (caution.citation,))


def _subject(name: str, index: KnowledgeIndex, situation: Situation) -> str:
    """A co-medication by its name; a condition by its word, where the knowledge has one."""
    if index.speaks("word", name):
        return index.say("word", name, situation.language)[0]
    return name.replace("_", " ")


def _notice(code: str, situation: Situation, index: KnowledgeIndex, **values: str) -> Sentence:
    text, citations = index.say("rationale", code, situation.language, **values)
    return Sentence(text, citations, "rationale")
