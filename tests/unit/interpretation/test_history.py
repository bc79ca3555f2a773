"""Failed, not tolerated, ongoing: the sequence as the treatments tell it."""

from __future__ import annotations

from typing import Any

import pytest

from app.interpretation.history import History, read_history, setting_after
from app.knowledge.records import InhibitorOf
from tests.support.knowledge import SOURCE, case_of, drug, failed, knowledge, situation_of

INDEX = knowledge()


def read(*treatments: dict[str, Any]) -> History:
    return read_history(case_of({"treatments": list(treatments)}, INDEX), INDEX)


def line(*drugs: str, **more: Any) -> dict[str, Any]:
    return {"drugs": list(drugs), **more}


def test_without_treatment_the_first_line_is_to_come() -> None:
    found = read()
    assert (found.line_of_therapy, found.failed, found.ongoing, found.last_change) == (1, (), (), None)


def test_progression_is_failure() -> None:
    found = read(failed("alphatinib"), failed("betatinib"))
    assert found.failed == (("alphatinib", "1"), ("betatinib", "2"))
    assert found.line_of_therapy == 3


def test_a_drug_that_failed_twice_names_both_lines() -> None:
    assert read(failed("alphatinib"), failed("betatinib"), failed("alphatinib")).failed[0] == ("alphatinib", "1, 3")


def test_toxicity_is_not_failure() -> None:
    found = read(line("alphatinib", stop_reason="toxicity"))
    assert (found.failed, found.not_tolerated, found.ended) == ((), (("alphatinib", "1"),), ())


@pytest.mark.parametrize("reason", ["completed", "patient_choice", "other"])
def test_other_ends_are_neither_failure_nor_intolerance(reason: str) -> None:
    found = read(line("alphatinib", stop_reason=reason))
    assert (found.failed, found.not_tolerated, found.ongoing) == ((), (), ())
    assert [drug for drug, _ in found.ended] == ["alphatinib"]


@pytest.mark.parametrize("reason", [None, "completed", "patient_choice", "other"])
def test_primary_progression_is_failure_whatever_the_reason_for_stopping(reason: str | None) -> None:
    found = read(line("alphatinib", best_response="PD", **({"stop_reason": reason} if reason else {})))
    assert found.failed == (("alphatinib", "1"),)


@pytest.mark.parametrize("reason", [None, "toxicity", "patient_choice", "other"])
def test_a_line_on_which_the_disease_grew_somewhere_failed_whatever_the_reason_for_stopping(reason: str | None) -> None:
    found = read(line("betatinib", stop_reason=reason, progression_sites=["brain"]))
    assert (found.failed, found.cns_sites) == ((("betatinib", "1"),), ("brain",))


def test_the_sites_of_a_completed_line_are_those_of_the_relapse_that_followed() -> None:
    found = read(line("betatinib", stop_reason="completed", progression_sites=["brain"]))
    assert (found.failed, found.cns_sites) == ((), ("brain",))


def test_primary_progression_that_was_also_toxic_is_both() -> None:
    found = read(line("alphatinib", best_response="PD", stop_reason="toxicity"))
    assert (found.failed, found.not_tolerated) == ((("alphatinib", "1"),), (("alphatinib", "1"),))


def test_a_drug_given_again_after_toxicity_is_tolerated_until_it_ends() -> None:
    stopped, again = line("alphatinib", stop_reason="toxicity"), line("alphatinib")
    found = read(stopped, again)
    assert (found.not_tolerated, found.resumed, found.ongoing) == ((), (("alphatinib", "1"),), ("alphatinib",))
    ended = read(stopped, line("alphatinib", stop_reason="progression"))
    assert (ended.not_tolerated, ended.resumed) == ((("alphatinib", "1"),), ())


def test_a_completed_adjuvant_line_is_no_line_of_therapy() -> None:
    assert read(line("alphatinib", stop_reason="completed")).line_of_therapy == 1


def test_a_completed_line_after_a_failure_is_one() -> None:
    failed_first = line("alphatinib", stop_reason="progression")
    assert read(failed_first, line("betatinib", stop_reason="completed")).line_of_therapy == 3


def test_a_line_without_end_and_reason_is_ongoing() -> None:
    found = read(failed("alphatinib"), line("betatinib"))
    assert (found.ongoing, found.line_of_therapy, found.assumed_lines) == (("betatinib",), 2, ())


def test_a_line_with_an_end_and_no_reason_is_read_as_failed_and_said_so() -> None:
    found = read(line("alphatinib", ended="2025-01-01"))
    assert (found.failed, found.assumed_lines) == ((("alphatinib", "1"),), ("1",))


def test_a_driver_drug_that_another_replaced_is_read_as_failed_and_said_so() -> None:
    found = read(line("alphatinib"), line("betatinib"))
    assert (found.failed, found.ongoing, found.assumed_lines) == ((("alphatinib", "1"),), ("betatinib",), ("1",))


def test_chemotherapy_that_another_line_followed_is_over_and_not_failed() -> None:
    found = read(line("carboplatin", "pemetrexed"), line("alphatinib"))
    assert (found.failed, found.ongoing) == ((), ("alphatinib",))


def test_a_combination_fails_as_such() -> None:
    assert read(failed("pemetrexed", "carboplatin")).failed_lines == (("carboplatin", "pemetrexed"),)


def test_the_last_change_is_the_end_of_the_last_failure() -> None:
    found = read(
        failed("alphatinib", started="2023-01-01", ended="2023-06-01"),
        failed("betatinib", started="2023-06-10", ended="2024-06-01"),
    )
    assert (str(found.last_change), found.last_change_is_start) == ("2024-06-01", False)


def test_the_last_change_is_the_start_of_what_is_ongoing() -> None:
    found = read(
        failed("alphatinib", started="2023-01-01", ended="2023-06-01"), line("betatinib", started="2023-06-10")
    )
    assert (str(found.last_change), found.last_change_is_start) == ("2023-06-10", True)


def test_dated_lines_are_read_by_date_whatever_the_order_given() -> None:
    lines = [failed("alphatinib", started="2023-01-01"), line("betatinib", started="2024-01-01")]
    assert read(*lines) == read(*lines[::-1])


@pytest.mark.parametrize(
    ("status", "setting"), [("read_in_primary", "after_first_generation"), ("unverified", "tki_naive")]
)
def test_an_inhibitor_that_is_no_option_counts_once_its_place_was_read(status: str, setting: str) -> None:
    place = InhibitorOf.model_validate(
        {"gene": "ALK", "setting_after": "after_first_generation", "citation": SOURCE, "status_read": status}
    )
    index = knowledge(drug("omegatinib").model_copy(update={"ranked_for": (), "approvals": (), "inhibits": (place,)}))
    situation = situation_of(index, treatments=[failed("omegatinib")])
    assert situation.setting == setting
    assert "omegatinib" not in [one.id for one in index.regimens["ALK"]]


def test_sites_are_those_of_the_last_progression() -> None:
    found = read(
        failed("alphatinib", progression_sites=["liver"]), failed("betatinib", progression_sites=["brain", "bone"])
    )
    assert (found.progression_sites, found.cns_sites) == (("bone", "brain"), ("brain",))


@pytest.mark.parametrize(
    ("drugs", "setting"),
    [
        ((), "tki_naive"),
        (("chemotherapy",), "tki_naive"),
        (("alphatinib",), "after_first_generation"),
        (("betatinib",), "after_second_generation"),
        (("gammatinib", "alphatinib"), "after_third_generation"),
        (("sigmatinib",), "tki_naive"),
    ],
)
def test_the_most_advanced_drug_that_failed_makes_the_setting(drugs: tuple[str, ...], setting: str) -> None:
    assert setting_after("ALK", drugs, INDEX) == setting
