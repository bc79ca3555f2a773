"""What labels ask to be tested before the first dose."""

from __future__ import annotations

from typing import Any

from tests.support.knowledge import LABEL, SOURCE, answer_of, baseline, guidance, knowledge

FIRST_LINE = guidance("tki_naive", alphatinib="preferred", betatinib="recommended")


def baseline_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in answer["next_tests"] if one["code"].startswith("baseline_")]


def test_a_test_that_several_labels_ask_for_is_named_once_with_all_of_them() -> None:
    index = knowledge(
        FIRST_LINE,
        baseline("alphatinib", ecg="baseline_ecg", liver="baseline_liver"),
        baseline("betatinib", SOURCE, ecg="baseline_ecg"),
    )
    assert baseline_of(answer_of(index)) == [
        {"code": "baseline_ecg", "text": "baseline_ecg regimens=alphatinib, betatinib", "citations": [LABEL, SOURCE]},
        {"code": "baseline_liver", "text": "baseline_liver regimens=alphatinib", "citations": [LABEL]},
    ]


def test_what_it_cites_is_among_the_sources() -> None:
    index = knowledge(FIRST_LINE, baseline("alphatinib", "poe-2021", ecg="baseline_ecg"))
    assert "poe-2021" in answer_of(index)["citations"]


def test_drugs_that_are_not_recommended_ask_for_nothing() -> None:
    index = knowledge(FIRST_LINE, baseline("deltatinib", ecg="baseline_ecg"))
    assert baseline_of(answer_of(index)) == []


def test_where_nothing_is_recommended_the_first_option_asks() -> None:
    index = knowledge(guidance("tki_naive", alphatinib="alternative"), baseline("alphatinib", ecg="baseline_ecg"))
    assert [one["code"] for one in baseline_of(answer_of(index))] == ["baseline_ecg"]


def test_a_drug_that_is_being_given_was_started_before() -> None:
    index = knowledge(FIRST_LINE, baseline("alphatinib", ecg="baseline_ecg"))
    assert baseline_of(answer_of(index, treatments=[{"drugs": ["alphatinib"]}])) == []


def test_what_was_not_verified_is_not_asked_for() -> None:
    index = knowledge(FIRST_LINE, baseline("alphatinib", status="unverified", ecg="baseline_ecg"))
    assert baseline_of(answer_of(index)) == []


def test_a_pregnant_patient_needs_no_test_for_it() -> None:
    index = knowledge(FIRST_LINE, baseline("alphatinib", pregnancy="baseline_pregnancy_test", ecg="baseline_ecg"))
    asked = [one["code"] for one in baseline_of(answer_of(index, patient={"pregnant": True}))]
    assert asked == ["baseline_ecg"]
