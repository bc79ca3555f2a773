"""What moved between two states of the knowledge, and the proof of why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.comparison.causes import _least
from app.comparison.compare import compare
from app.comparison.differences import Side
from app.comparison.replay import Ground
from app.comparison.view import comparison_view
from app.domain.errors import InvalidCase
from app.wire.case import Case
from tests.support.knowledge import approval, drug, effect, failed, guidance, outcome, sample, seen
from tests.support.sides import overlay_of, side, without

RELAPSE = {"treatments": [failed("betatinib")], "samples": [sample("ALK p.G11R")]}
LATER = dt.date(2026, 2, 20)
ADVISED = guidance("after_second_generation", gammatinib="preferred", chemotherapy="recommended")


def g11r(gammatinib: list[dict[str, Any]], **others: list[dict[str, Any]]) -> Any:
    return effect("p.G11R", betatinib=[RESISTANT], gammatinib=gammatinib, **others)


RESISTANT = seen("resistant")
WORKS = seen("sensitive")
FAILS = seen("resistant", "trial", "B")


def compared(before: Side, after: Side, given: dict[str, Any] = RELAPSE, most: int = 1000) -> dict[str, Any]:
    case = Case.model_validate({"driver": {"gene": "ALK"}, **given})
    ground = Ground(before, after)
    return comparison_view(compare(case, ground, "en", most), ground)


def moved(view: dict[str, Any], regimen: str) -> dict[str, Any]:
    return next(one for one in view["changes"] if one["regimen_id"] == regimen)


def test_nothing_moves_between_equal_states() -> None:
    view = compared(side(g11r([WORKS]), ADVISED), side(g11r([WORKS]), ADVISED, version="2026.1.1"))
    assert view["changes"] == []
    assert view["unchanged"] == 6
    assert view["replay"] == {"facts_examined": 0, "replays": 0, "complete": True}


def test_one_new_item_is_named_with_its_source_and_its_proof() -> None:
    view = compared(side(g11r([WORKS]), ADVISED), side(g11r([WORKS, FAILS]), ADVISED, version="2026.1.1"))
    assert (view["from"]["first_option"], view["to"]["first_option"]) == ("gammatinib", "chemotherapy")
    change = moved(view, "gammatinib")
    assert change["before"]["listed"] is True
    assert change["after"] == {
        "listed": False,
        "rank": None,
        "tier": None,
        "category": None,
        "activity": None,
        "reasons": ("resistant_clone",),
    }
    assert change["cause"] == "single_facts"
    (because,) = change["because"]
    assert (because["record"], because["item"], because["kind"]) == ("effect:ALK:p.G11R", FAILS["id"], "added")
    assert FAILS["summary"] in because["sentence"]
    assert because["alone"] == change["after"]
    assert because["citations"] == ("doe-2020",)
    assert "doe-2020" in view["citations"]


def test_what_only_moves_up_is_told_apart_and_stands_last() -> None:
    view = compared(side(g11r([WORKS]), ADVISED), side(g11r([WORKS, FAILS]), ADVISED, version="2026.1.1"))
    assert [one["shifted_only"] for one in view["changes"]] == sorted(one["shifted_only"] for one in view["changes"])
    assert moved(view, "chemotherapy")["shifted_only"] is True
    assert moved(view, "gammatinib")["shifted_only"] is False


def test_facts_that_move_nothing_are_never_named() -> None:
    noise = effect("p.K8R", betatinib=[seen("resistant")])
    after = side(g11r([WORKS, FAILS]), ADVISED, noise, version="2026.1.1")
    view = compared(side(g11r([WORKS]), ADVISED), after)
    named = {because["record"] for change in view["changes"] for because in change["because"]}
    assert named == {"effect:ALK:p.G11R"}
    assert view["replay"]["facts_examined"] == 2


def test_the_cause_can_be_guidance() -> None:
    before = side(guidance("after_first_generation", betatinib="preferred"))
    after = side(guidance("after_first_generation", gammatinib="preferred"), version="2026.1.1")
    view = compared(before, after, {"treatments": [failed("alphatinib")]})
    assert (view["from"]["first_option"], view["to"]["first_option"]) == ("betatinib", "gammatinib")
    for regimen in ("betatinib", "gammatinib"):
        change = moved(view, regimen)
        assert change["cause"] in ("single_facts", "together")
        assert {one["record"] for one in change["because"]} == {"guidance:ALK:after_first_generation"}


def test_a_retired_record_is_named() -> None:
    view = compared(side(g11r([WORKS, FAILS]), ADVISED), side(ADVISED, version="2026.1.1"))
    (because,) = moved(view, "gammatinib")["because"]
    assert (because["kind"], because["sentence"]) == ("retired", "effect:ALK:p.G11R was retired.")
    assert because["citations"] == ("doe-2020",)


def test_facts_that_work_only_together_are_said_to() -> None:
    """A new drug, and what it does to the clone: either alone leaves the regimen out."""
    before = side(g11r([WORKS]), ADVISED)
    new_drug = drug("epsilontinib", "after_third_generation")
    met = effect("p.G11R", betatinib=[RESISTANT], gammatinib=[WORKS], epsilontinib=[WORKS])
    view = compared(before, side(met, ADVISED, new_drug, version="2026.1.1"))
    change = moved(view, "epsilontinib")
    assert change["before"]["reasons"] == ("not_in_this_knowledge",)
    assert change["cause"] == "together"
    assert {one["record"] for one in change["because"]} == {"drug:epsilontinib", "effect:ALK:p.G11R"}


def test_an_approval_that_begins_between_the_releases_is_the_date() -> None:
    approved = drug("gammatinib", "after_third_generation", approvals=[approval(start="2026-02-01")])
    facts = (g11r([WORKS]), ADVISED, approved)
    here = {**RELAPSE, "jurisdiction": "US"}
    view = compared(side(*facts), side(*facts, version="2026.2.0", on=LATER), here)
    change = moved(view, "gammatinib")
    assert change["cause"] == "release_date"
    (because,) = change["because"]
    assert because["record"] == "release"
    assert because["citations"] == ["label-of-a-drug"]
    pinned = compared(side(*facts), side(*facts, version="2026.2.0", on=LATER), {**here, "as_of": "2026-01-15"})
    assert pinned["changes"] == []


def test_a_local_restriction_is_the_overlay() -> None:
    facts = (g11r([WORKS]), ADVISED)
    view = compared(side(*facts), side(*facts, overlay=overlay_of(without("gammatinib"))))
    change = moved(view, "gammatinib")
    assert change["cause"] == "overlay"
    assert change["after"]["reasons"] == ("not_available_locally",)
    (because,) = change["because"]
    assert because["record"] == "overlay:here"
    assert because["sentence"] == "It is not stocked here. (decision 7)"
    assert view["citations"]["overlay:here"]["type"] == "local"
    assert view["to"]["knowledge"]["overlay"]["name"] == "here"
    lifted = compared(side(*facts, overlay=overlay_of(without("gammatinib"))), side(*facts))
    (because,) = moved(lifted, "gammatinib")["because"]
    assert because["sentence"].startswith("The local restriction was lifted:")


def test_the_joint_replay_of_what_is_named_gives_what_is_so() -> None:
    """Several facts at once: an outcome, an approval and a verdict."""
    before = side(g11r([WORKS]), ADVISED, outcome("deltatinib", "after_second_generation", 4))
    more = effect("p.G11R", betatinib=[RESISTANT], gammatinib=[WORKS], deltatinib=[seen("sensitive", "trial", "B")])
    after = side(more, ADVISED, outcome("deltatinib", "after_second_generation", 30), version="2026.1.1")
    view = compared(before, after)
    assert view["replay"]["complete"] is True
    assert all(one["cause"] in ("single_facts", "together") for one in view["changes"])
    assert all(one["because"] for one in view["changes"])


def test_the_most_replays_are_kept_and_said() -> None:
    view = compared(side(g11r([WORKS]), ADVISED), side(g11r([WORKS, FAILS]), ADVISED, version="2026.1.1"), most=0)
    assert view["replay"] == {"facts_examined": 1, "replays": 0, "complete": False}
    assert {one["cause"] for one in view["changes"]} == {"not_examined"}


def test_what_no_fact_explains_is_laid_to_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = side(g11r([WORKS]), ADVISED), side(g11r([WORKS, FAILS]), ADVISED, version="2026.1.1")
    monkeypatch.setattr("app.comparison.replay.differences", lambda *_: [])
    assert {one["cause"] for one in compared(before, after)["changes"]} == {"engine"}


def test_flags_and_tests_that_differ_are_told() -> None:
    before = side(ADVISED)
    view = compared(before, side(g11r([WORKS]), ADVISED, version="2026.1.1"))
    codes = {one["code"] for one in (*view["flags"]["gone"], *view["flags"]["new"])}
    assert "variant_of_unknown_significance" in codes


def test_a_case_that_one_side_cannot_read_says_which() -> None:
    before = side(g11r([WORKS]), ADVISED)
    after = side(g11r([WORKS]), ADVISED, drug("epsilontinib"), version="2026.1.1")
    with pytest.raises(InvalidCase) as caught:
        compared(before, after, {"treatments": [failed("epsilontinib")]})
    assert caught.value.problems[0].detail.startswith("under 2026.1.0: ")


def test_a_comparison_is_the_same_every_time() -> None:
    before, after = side(g11r([WORKS]), ADVISED), side(g11r([WORKS, FAILS]), ADVISED, version="2026.1.1")
    assert compared(before, after) == compared(before, after)


def test_the_least_set_has_nothing_to_spare() -> None:
    wanted = {3, 11, 12}
    assert _least(range(20), lambda some: wanted <= set(some)) == sorted(wanted)  # type: ignore[arg-type,comparison-overlap]
