"""rank(situation, index): gates first, then the criteria of the policy, one after the other (decision step 7)."""

from __future__ import annotations

from msgspec.structs import replace

from app.domain.interpretation import Flag, Situation
from app.domain.recommendation import ApprovalStatus, CloneActivity, Exclusion, Grade, Option, Ranking, Reason
from app.knowledge.index import KnowledgeIndex
from app.knowledge.policy import CriteriaOrder
from app.knowledge.records import Approval
from app.ranking.assessment import Assessment, assess, state_to_treat
from app.ranking.baseline import baseline_tests
from app.ranking.criteria import Candidate, evidence_level, grade
from app.ranking.eligibility import judge
from app.ranking.rationale import cautions_of, rationale_of
from app.ranking.words import indication_of, listed

Place = tuple[Candidate, tuple[Grade, ...]]


def rank(situation: Situation, index: KnowledgeIndex) -> Ranking:
    """Keep or exclude every regimen of the driver, then order and explain what is kept. Pure."""
    placed, excluded = place(situation, index)
    excluded = tuple(_removable(one, situation, index) for one in excluded)
    recommended = [one.assessment.regimen for one, _ in placed if one.category == "recommended"]
    recommended = recommended or [one.assessment.regimen for one, _ in placed[:1]]
    return Ranking(
        _options(placed, situation, index),
        excluded,
        _evidence_flags(placed, situation, index),
        baseline_tests(recommended, situation, index),
    )


def _removable(exclusion: Exclusion, situation: Situation, index: KnowledgeIndex) -> Exclusion:
    """Says of a drug that only a co-medication rules out that it would stand first without: the medicine may be the easier one to change."""
    alone = {reason.code for reason in exclusion.reasons} == {"contraindicated"}
    if not alone or not situation.interactions or not index.speaks("rationale", "led_without_medicine"):
        return exclusion
    without, _ = place(replace(situation, interactions=()), index)
    if not without or without[0][0].assessment.regimen.id != exclusion.regimen_id:
        return exclusion
    label = index.label(without[0][0].assessment.regimen.id, situation.language)
    cautions = assess(without[0][0].assessment.regimen, situation, index).cautions
    names = listed(dict.fromkeys(because for one, because in cautions if one.severity == "contraindicated" and because))
    text, _ = index.say("rationale", "led_without_medicine", situation.language, regimen=label, name=names)
    first, *rest = exclusion.reasons
    return Exclusion(
        exclusion.regimen_id,
        exclusion.kind,
        (Reason(first.code, f"{first.text} {text}", first.citations), *rest),
    )


def place(situation: Situation, index: KnowledgeIndex) -> tuple[list[Place], tuple[Exclusion, ...]]:
    """The kept regimens in order, with their grades, and the excluded ones: the ranking without its explanations."""
    order = _order(situation, index)
    placed: list[Place] = []
    excluded: list[Exclusion] = []
    for regimen in index.regimens[situation.gene]:
        assessment = assess(regimen, situation, index)
        verdict = judge(assessment, situation, index)
        if verdict.category is None:
            excluded.append(Exclusion(regimen.id, regimen.kind, verdict.reasons))
            continue
        candidate = Candidate(assessment, verdict.category)
        placed.append((candidate, tuple(grade(name, candidate, situation, index) for name in order)))
    placed.sort(key=lambda one: (tuple(each.place for each in one[1]), one[0].assessment.regimen.id))
    return placed, tuple(excluded)


def _order(situation: Situation, index: KnowledgeIndex) -> tuple[str, ...]:
    state = state_to_treat(situation, index)
    if state == "none_yet" and situation.readings:
        state = "on_target"
    orders: CriteriaOrder = next(one for one in index.policy.orders if state in one.resistance)
    return orders.order_with_cns_disease if situation.cns_disease else orders.order


def _options(placed: list[Place], situation: Situation, index: KnowledgeIndex) -> tuple[Option, ...]:
    makes_tier: set[str] = {one.name for one in index.policy.criteria if one.makes_tier}
    options: list[Option] = []
    tier = 0
    above: tuple[Grade, ...] | None = None
    for position, (candidate, grades) in enumerate(placed, start=1):
        decided_by = None if above is None else _first_difference(above, grades)
        if above is None or decided_by in makes_tier or _differs_on_tier(above, grades, makes_tier):
            tier += 1
        assessment = candidate.assessment
        options.append(
            Option(
                rank=position,
                tier=tier,
                regimen_id=assessment.regimen.id,
                kind=assessment.regimen.kind,
                category=candidate.category,
                activity=_activity(assessment, situation),
                activity_by_clone=tuple(
                    CloneActivity(
                        profile, call.activity, tuple(item.id for item in call.items if item.status != "unverified")
                    )
                    for profile, call in assessment.calls
                ),
                evidence_level=evidence_level(assessment),
                approvals=tuple(_approval(one, situation.language) for one in assessment.approvals),
                criteria=grades,
                decided_by=decided_by,
                rationale=rationale_of(candidate, situation, index),
                cautions=cautions_of(assessment, situation, index),
            )
        )
        above = grades
    return tuple(options)


def _first_difference(above: tuple[Grade, ...], below: tuple[Grade, ...]) -> str:
    return next((one.name for one, other in zip(above, below, strict=True) if one.place != other.place), below[-1].name)


def _differs_on_tier(above: tuple[Grade, ...], below: tuple[Grade, ...], makes_tier: set[str]) -> bool:
    return any(one.name in makes_tier and one.place != other.place for one, other in zip(above, below, strict=True))


def _activity(assessment: Assessment, situation: Situation) -> str:
    """Against the worst clone; before any TKI failed and without a clone, against the unmutated fusion, as trials of the setting show."""
    if assessment.overall is not None:
        return assessment.overall.activity
    shown = assessment.regimen.ranked is not None and (assessment.outcome is not None or assessment.positive)
    return "sensitive" if shown and situation.resistance == "none_yet" else "unknown"


def _approval(approval: Approval, language: str) -> ApprovalStatus:
    return ApprovalStatus(
        jurisdiction=approval.jurisdiction,
        status=approval.status,
        indication=indication_of(approval, language),
        date=approval.start,
        decision_due=approval.decision_due.isoformat() if approval.decision_due else None,
        citation=approval.citation,
    )


def _uncertain(first: Assessment, situation: Situation, index: KnowledgeIndex) -> bool:
    """The first option rests on single cases, models or inference, or what resistance means in this setting is not settled.

    Or it is an inhibitor that leads where mutations decide although no patient with a clone that was found is on record.
    """
    if first.regimen.kind == "trial":
        return False
    policy = index.policy_of(situation.gene, situation.setting)
    unstudied = policy.variant_gates and any(not call.clinical for _, call in first.calls)
    inferred = any(call.inferred_from for _, call in first.calls)
    return policy.uncertain or unstudied or inferred or first.molecular in ("active_preclinical", "active_case")


def _evidence_flags(placed: list[Place], situation: Situation, index: KnowledgeIndex) -> tuple[Flag, ...]:
    flags: list[Flag] = []
    clones = {
        "+".join(profile) for candidate, _ in placed for profile, call in candidate.assessment.calls if call.conflicting
    }
    disputed = [
        index.label(candidate.assessment.regimen.id, situation.language)
        for candidate, _ in placed
        if any(call.conflicting for _, call in candidate.assessment.calls)
    ]
    if disputed:
        values = (("regimens", listed(disputed)), ("alterations", listed(sorted(clones), situation.gene)))
        flags.append(Flag("conflicting_evidence", values))
    first = placed[0][0].assessment if placed else None
    if first is not None and _uncertain(first, situation, index):
        flags.append(Flag("uncertain_evidence", (("regimens", index.label(first.regimen.id, situation.language)),)))
    return tuple(flags)
