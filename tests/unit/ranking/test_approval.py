"""Approvals: from which day they count, and whose history and disease their wording covers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import Approval
from app.ranking.approval import in_force, in_stages
from tests.support.knowledge import answer_of, approval, drug, guidance, knowledge, option_of, options_of

RELEASED = dt.date(2026, 11, 24)


def holds(day: str, **given: Any) -> bool:
    return in_force(Approval.model_validate(approval(**given)), dt.date.fromisoformat(day), RELEASED)


@pytest.mark.parametrize(
    ("start", "before", "from_then_on"),
    [
        ("2024-11-19", "2024-11-18", "2024-11-19"),
        ("2024", "2024-12-31", "2025-01-01"),
        ("2024-05", "2024-05-31", "2024-06-01"),
        ("2024-12", "2024-12-31", "2025-01-01"),
        ("2026-10", "2026-10-31", "2026-11-01"),
        ("2026-11", "2026-11-23", "2026-11-24"),
        ("2026", "2026-11-23", "2026-11-24"),
        ("2026-12", "2026-12-31", "2027-01-01"),
    ],
)
def test_a_start_without_a_day_counts_from_its_end_or_from_the_release_that_states_it(
    start: str, before: str, from_then_on: str
) -> None:
    assert not holds(before, start=start)
    assert holds(from_then_on, start=start)


@pytest.mark.parametrize(("end", "still", "no_more"), [
    ("2024-11-19", "2024-11-18", "2024-11-19"),
    ("2024", "2023-12-31", "2024-01-01"),
    ("2024-05", "2024-04-30", "2024-05-01"),
])  # fmt: skip
def test_an_end_without_a_day_counts_from_its_first(end: str, still: str, no_more: str) -> None:
    assert holds(still, end=end)
    assert not holds(no_more, end=end)


def test_an_application_without_a_day_counts_from_the_release_and_a_licence_always() -> None:
    assert not holds("2016-01-01", status="under_review")
    assert not holds("2026-11-23", status="under_review")
    assert holds("2026-11-24", status="under_review")
    assert holds("2026-04-01", status="under_review", start="2026-03")
    assert holds("2016-01-01", status="approved")


def test_a_stage_without_a_letter_holds_its_subdivisions_and_not_the_other_way_round() -> None:
    assert in_stages("IA", ("I",))
    assert in_stages("IIIA", ("III",))
    assert not in_stages("I", ("IB",))
    assert not in_stages("IIIA", ("II", "IV"))


# --- earlier inhibitors -----------------------------------------------------------------------------------------


def licensed(**wording: Any) -> KnowledgeIndex:
    one = drug("gammatinib", "after_third_generation", approvals=[approval("EU", settings=["tki_naive"], **wording)])
    return knowledge(one, guidance("tki_naive", gammatinib="preferred"))


def of_gammatinib(index: KnowledgeIndex, *treatments: dict[str, Any], **more: Any) -> tuple[str, list[str]]:
    answer = answer_of(index, jurisdiction="EU", treatments=list(treatments), **more)
    found = option_of(answer, "gammatinib")
    return found["category"], [one["code"] for one in found["cautions"] if one["code"] == "off_label"]


def stopped(name: str, reason: str = "toxicity") -> dict[str, Any]:
    return {"drugs": [name], "stop_reason": reason}


FREE, OFF_LABEL = ("recommended", []), ("consider", ["off_label"])


@pytest.mark.parametrize("reason", ["toxicity", "completed", "patient_choice", "other"])
def test_a_wording_without_an_earlier_inhibitor_does_not_hold_after_one_whatever_ended_it(reason: str) -> None:
    index = licensed(none_before="any")
    assert of_gammatinib(index) == FREE
    assert of_gammatinib(index, stopped("carboplatin", reason)) == FREE
    assert of_gammatinib(index, stopped("betatinib", reason)) == OFF_LABEL
    assert of_gammatinib(licensed(), stopped("betatinib", reason)) == FREE


def test_a_wording_may_rule_out_named_inhibitors_only() -> None:
    index = licensed(none_before=["alphatinib"])
    assert of_gammatinib(index, stopped("betatinib")) == FREE
    assert of_gammatinib(index, stopped("alphatinib")) == OFF_LABEL


def test_a_drug_that_is_being_given_is_not_earlier_than_itself() -> None:
    index = licensed(none_before="any")
    given = {"drugs": ["gammatinib"], "started": "2025-06-01"}
    before = {**stopped("betatinib"), "started": "2025-01-01", "ended": "2025-05-01"}
    first = {**stopped("gammatinib", "other"), "started": "2024-01-01", "ended": "2024-12-01"}
    assert of_gammatinib(index, given) == FREE
    assert of_gammatinib(index, before, given) == OFF_LABEL
    assert of_gammatinib(index, first, before, given) == FREE
    assert of_gammatinib(index, first) == OFF_LABEL


def test_an_inhibitor_that_ended_for_any_reason_opens_a_wording_that_asks_for_it() -> None:
    licence = [approval("EU", settings=["after_second_generation"], only_after=[{"first_any": ["betatinib"]}])]
    one = drug("gammatinib", "after_third_generation", approvals=licence)
    index = knowledge(one, guidance("tki_naive", gammatinib="preferred"))
    assert of_gammatinib(index, stopped("betatinib", "completed")) == FREE
    assert of_gammatinib(index) == OFF_LABEL


def test_what_was_not_tolerated_alone_brings_a_drug_of_later_lines_without_other_support() -> None:
    licence = [approval("EU", settings=["after_second_generation"])]
    index = knowledge(drug("gammatinib", "after_third_generation", approvals=licence))
    assert of_gammatinib(index, stopped("betatinib"))[0] == "consider"
    done = answer_of(index, jurisdiction="EU", treatments=[stopped("betatinib", "completed")])
    assert "gammatinib" not in options_of(done)


# --- disease ----------------------------------------------------------------------------------------------------

CHEMORADIATION = {
    "drugs": ["carboplatin", {"name": "chemoradiation of the chest", "class": "radiotherapy"}],
    "stop_reason": "completed",
    "best_response": "PR",
}
ADVICE = guidance(
    "tki_naive", gammatinib={"standing": "preferred", "when": {"disease": "adjuvant", "stages": ["II", "IIIA"]}}
)


def of_stage(stage: str, *treatments: dict[str, Any], **wording: Any) -> tuple[str, list[str]]:
    approvals = [approval("EU", indication="Metastatic", stages=["IV"]), approval("EU", **wording)]
    index = knowledge(
        drug("gammatinib", "after_third_generation", approvals=approvals),
        guidance("tki_naive", gammatinib="preferred"),
        ADVICE,
    )
    return of_gammatinib(index, *treatments, disease={"stage": stage})


ADJUVANT = {"disease": "adjuvant", "stages": ["IB", "II", "IIIA"]}


@pytest.mark.parametrize(
    ("stage", "found"),
    [
        ("IA2", OFF_LABEL),
        ("I", OFF_LABEL),
        ("IB", ("consider", [])),
        ("IIB", FREE),
        ("IIIA", FREE),
    ],
)
def test_an_adjuvant_licence_holds_in_the_stages_of_its_wording(stage: str, found: tuple[str, list[str]]) -> None:
    assert of_stage(stage, **ADJUVANT) == found


def test_after_radiotherapy_neither_advice_nor_licence_after_a_resection_holds() -> None:
    assert of_stage("IIIA", CHEMORADIATION, **ADJUVANT) == OFF_LABEL
    assert of_stage("IIIA", CHEMORADIATION, indication="Advanced") == OFF_LABEL


@pytest.mark.parametrize("stage", ["III", "IIIB", "IIIC"])
def test_irradiated_disease_beyond_resection_is_not_metastatic(stage: str) -> None:
    assert of_stage(stage, CHEMORADIATION, **ADJUVANT) == OFF_LABEL
    assert of_stage(stage, CHEMORADIATION, indication="Locally advanced or metastatic") == ("consider", [])
    assert of_stage(stage, **ADJUVANT) == FREE


def test_radiotherapy_after_which_the_disease_came_back_is_of_the_past() -> None:
    relapsed = {**CHEMORADIATION, "stop_reason": "progression"}
    told = {**CHEMORADIATION, "progression_sites": ["bone"]}
    assert of_stage("IIIB", relapsed, **ADJUVANT) == FREE
    assert of_stage("IIIB", told, **ADJUVANT) == FREE
    assert of_stage("IV", CHEMORADIATION, **ADJUVANT) == FREE
