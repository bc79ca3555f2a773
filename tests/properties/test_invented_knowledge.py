"""The same promises on random invented knowledge, so that they rest on the logic and not on what happens to be known."""

from __future__ import annotations

import dataclasses
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.knowledge.index import KnowledgeIndex
from tests.support.knowledge import (
    answer_of,
    approval,
    cells,
    drug,
    effect,
    failed,
    guidance,
    interpretation_of,
    knowledge,
    outcome,
    sample,
    seen,
)

ANY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
NAMES = ("p.G11R", "p.L13M", "p.T3M")
DRUGS = ("alphatinib", "betatinib", "gammatinib", "deltatinib")
SETTINGS = ("tki_naive", "after_first_generation", "after_second_generation", "after_third_generation")
ITEMS = (
    lambda verdict: [seen(verdict)],
    lambda verdict: [seen(verdict, "case_report", "D")],
    lambda verdict: [cells(verdict)],
    lambda verdict: [cells(verdict), cells(verdict, citation="poe-2021")],
    lambda verdict: [seen(verdict, "case_report", "D"), cells("sensitive")],
)


@st.composite
def worlds(draw: st.DrawFn, approvals: list[dict[str, Any]] | None = None) -> KnowledgeIndex:
    """Random evidence of every drug against every change and every pair, and random guidance and results."""
    records: list[Any] = []
    for changes in (*((name,) for name in NAMES), NAMES[:2], (NAMES[2], NAMES[0])):
        about = {}
        for name in DRUGS:
            verdict = draw(st.sampled_from(["sensitive", "reduced", "resistant", None]))
            if verdict is not None:
                about[name] = draw(st.sampled_from(ITEMS))(verdict)
        if about:
            records.append(effect(*changes, **about))
    for setting in SETTINGS:
        advised = {name: draw(st.sampled_from(["preferred", "alternative", "against", None])) for name in DRUGS}
        if any(advised.values()):
            records.append(guidance(setting, **{name: what for name, what in advised.items() if what}))
        tried = draw(st.sampled_from([*DRUGS, None]))
        if tried:
            records.append(outcome(tried, setting, months=draw(st.integers(1, 50))))
    if approvals is not None:
        development = draw(st.sampled_from(["licensed", "investigational", "repurposed"]))
        records.append(drug("gammatinib", "after_third_generation", development, approvals=approvals))
    return knowledge(*records)


@st.composite
def situations(draw: st.DrawFn) -> dict[str, Any]:
    """What failed and what was found."""
    findings: list[Any] = ["EML4::ALK"]
    for place, name in enumerate(NAMES):
        if draw(st.booleans()):
            phase = draw(st.sampled_from([{}, {"in_cis_with": []}]))
            findings.append(
                {"type": "small_variant", "gene": "ALK", "protein_change": name, **phase} if place else f"ALK {name}"
            )
    return {
        "treatments": [
            failed(name) for name in draw(st.sampled_from([(), DRUGS[:1], DRUGS[:2], DRUGS[1:2], DRUGS[2:3]]))
        ],
        "samples": [sample(*findings)],
    }


@given(index=worlds(), case=situations())
@ANY
def test_a_resisted_drug_never_stands_above_one_that_covers_every_clone(
    index: KnowledgeIndex, case: dict[str, Any]
) -> None:
    readings = interpretation_of(index, **case).situation.readings
    ranked = [one["regimen_id"] for one in answer_of(index, **case)["options"] if one["kind"] == "tki"]
    calls = {name: [[index.call("ALK", profile, name) for profile in one] for one in readings] for name in ranked}
    resisted = [name for name in ranked if readings and all(any(call.strong for call in one) for one in calls[name])]
    covering = [name for name in ranked if all(call.activity == "sensitive" for one in calls[name] for call in one)]
    assert not [(bad, good) for bad in resisted for good in covering if ranked.index(bad) < ranked.index(good)]


@given(index=worlds(), case=situations())
@ANY
def test_what_failed_is_not_offered_and_nothing_is_lost(index: KnowledgeIndex, case: dict[str, Any]) -> None:
    answer = answer_of(index, **case)
    offered = {one["regimen_id"] for one in answer["options"]}
    assert offered.isdisjoint(name for line in case["treatments"] for name in line["drugs"])
    found = [one["regimen_id"] for one in (*answer["options"], *answer["not_recommended"])]
    assert sorted(found) == sorted(one.id for one in index.regimens["ALK"])


APPROVALS = (
    approval("US"),
    approval("CN"),
    approval("US", settings=["tki_naive"]),
    approval("US", gene="other"),
    approval("CN", gene="ROS1"),
    approval("US", status="under_review"),
)


@st.composite
def withdrawals(draw: st.DrawFn) -> tuple[KnowledgeIndex, KnowledgeIndex]:
    """A world, and the same one in which one approval of gammatinib has ended."""
    held = draw(st.lists(st.sampled_from(APPROVALS), min_size=1, max_size=3))
    place = draw(st.integers(0, len(held) - 1))
    fewer = [*held[:place], {**held[place], "end": "2020"}, *held[place + 1 :]]
    world = draw(worlds(approvals=held))
    return world, _with_drug(world, drug("gammatinib", "after_third_generation", _development(world), approvals=fewer))


@given(both=withdrawals(), case=situations(), jurisdiction=st.sampled_from(["US", "CN", None]))
@ANY
def test_withdrawing_an_approval_never_improves_a_drug(
    both: tuple[KnowledgeIndex, KnowledgeIndex], case: dict[str, Any], jurisdiction: str | None
) -> None:
    before, after = (_standing(answer_of(index, **case, jurisdiction=jurisdiction), "gammatinib") for index in both)
    assert after >= before, f"from {before} to {after}"


def _development(index: KnowledgeIndex) -> str:
    return index.drugs["gammatinib"].ranked_for[0].development


def _with_drug(index: KnowledgeIndex, record: Any) -> KnowledgeIndex:
    return dataclasses.replace(index, drugs={**index.drugs, record.inn: record})


def _standing(answer: dict[str, Any], name: str) -> tuple[int, int]:
    """Category, then place: smaller is better."""
    order = ("recommended", "consider", "investigational")
    for one in answer["options"]:
        if one["regimen_id"] == name:
            return order.index(one["category"]), one["rank"]
    return len(order), 0
