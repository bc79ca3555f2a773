"""Two steps ahead: shares only from one cited cohort, unaltered, and unknown where there is none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.knowledge.index import KnowledgeIndex
from app.planning.plan import Plan, plan_option
from app.service import Engine
from tests.support.knowledge import (
    effect,
    failed,
    frequencies,
    guidance,
    knowledge,
    outcome,
    sample,
    seen,
    situation_of,
)

G11R = effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")])
K8R = effect("p.K8R", betatinib=[seen("resistant")], gammatinib=[seen("resistant", "trial", "B")])
ADVISED = (
    guidance("tki_naive", betatinib="preferred"),
    guidance("after_second_generation", gammatinib="recommended", chemotherapy="recommended"),
)


def plan(index: KnowledgeIndex, drug: str = "betatinib", **given: Any) -> Plan:
    return plan_option(drug, situation_of(index, **given), index)


def states(found: Plan) -> dict[str, float | None]:
    return {step.future.name: step.future.probability for step in found.steps}


def test_shares_are_the_cohort_s_own_and_the_rest_is_not_attributed() -> None:
    found = plan(knowledge(G11R, K8R, *ADVISED, frequencies("betatinib", G11R=0.4, K8R=0.1)))
    assert states(found) == {"not_attributed": 0.5, "p.G11R": 0.4, "p.K8R": 0.1}
    assert [step.targeted for step in found.steps] == [None, "gammatinib", None]
    assert (found.with_active_option, found.not_known, found.burns_bridges) == (0.4, 0.5, False)


def test_what_held_while_the_drug_worked_does_not_hold_once_it_failed() -> None:
    index = knowledge(G11R, *ADVISED, frequencies("betatinib", G11R=0.4))
    for given in (
        {"treatments": [{"drugs": "betatinib", "started": "2024-01-01", "best_response": "PR"}]},
        {"disease": {"stage": "II"}},
    ):
        found = plan(index, **given)
        (step,) = (one for one in found.steps if one.future.name == "p.G11R")
        assert (step.best, step.category) == ("gammatinib", "recommended")


def test_without_a_cohort_nothing_is_known() -> None:
    found = plan(knowledge(G11R, *ADVISED))
    assert found == Plan("betatinib", (), None, None, None)


def test_what_was_only_observed_has_no_share() -> None:
    record = frequencies("betatinib", G11R=0.4)
    seen_once = record.frequencies[0].model_copy(update={"frequency": None, "count": "1 patient"})
    found = plan(knowledge(G11R, *ADVISED, record.model_copy(update={"frequencies": (seen_once,)})))
    assert states(found) == {"p.G11R": None}
    assert found.steps[0].targeted == "gammatinib"
    assert (found.with_active_option, found.not_known, found.burns_bridges) == (None, None, None)


def test_states_that_overlap_are_not_added_up() -> None:
    record = frequencies("betatinib", any_on_target=0.5, none_on_target=0.5, G11R=0.45, K8R=0.2)
    met = record.frequencies[0].model_copy(update={"id": "fr-met", "alteration": "MET", "frequency": 0.5})
    index = knowledge(G11R, K8R, *ADVISED, record.model_copy(update={"frequencies": (*record.frequencies, met)}))
    found = plan(index)
    assert states(found)["p.G11R"] == 0.45, "the cohort's own number stands"
    assert (found.with_active_option, found.not_known) == (None, None)
    assert found.burns_bridges is False


def test_totals_of_a_cohort_are_no_states() -> None:
    record = frequencies("betatinib", any_on_target=0.6, G11R=0.4)
    extra = [
        record.frequencies[0].model_copy(update={"id": f"fr-{name}", "alteration": name, "frequency": 0.3})
        for name in ("compound", "two_or_more_on_target", "acquired_on_target", "new_alteration")
    ]
    index = knowledge(G11R, *ADVISED, record.model_copy(update={"frequencies": (*record.frequencies, *extra)}))
    assert states(plan(index)) == {"none_on_target": 0.4, "p.G11R": 0.4, "other_on_target": 0.2}


def test_no_change_of_the_driver_is_ranked_but_its_mechanism_is_not_known() -> None:
    index = knowledge(G11R, *ADVISED, frequencies("betatinib", any_on_target=0.0))
    found = plan(index)
    assert states(found) == {"none_on_target": 1.0}
    assert found.steps[0].best is not None
    assert (found.with_active_option, found.not_known, found.burns_bridges) == (0.0, 1.0, None)


def test_a_drug_that_leaves_nothing_burns_bridges() -> None:
    index = knowledge(K8R, *ADVISED, frequencies("betatinib", K8R=0.3))
    found = plan(index)
    assert (found.with_active_option, found.not_known, found.burns_bridges) == (0.0, 0.7, True)


def test_specimens_and_sources_are_not_mixed() -> None:
    record = frequencies("betatinib", any_on_target=0.6, G11R=0.4)
    whole, one = record.frequencies
    plasma = whole.model_copy(update={"id": "fr-plasma", "specimen": "plasma", "frequency": 0.2})
    index = knowledge(G11R, *ADVISED, record.model_copy(update={"frequencies": (whole, one, plasma)}))
    assert states(plan(index)) == {"none_on_target": 0.4, "p.G11R": 0.4, "other_on_target": 0.2}


def test_the_cohort_of_the_line_comes_first() -> None:
    first, later = frequencies("betatinib", line="first_line", n=9, K8R=0.1), frequencies("betatinib", n=90, G11R=0.4)
    both = first.model_copy(update={"frequencies": (*first.frequencies, *later.frequencies)})
    index = knowledge(G11R, K8R, *ADVISED, both)
    assert states(plan(index)) == {"not_attributed": 0.9, "p.K8R": 0.1}
    assert "p.G11R" in states(plan(index, treatments=[failed("alphatinib")]))


def test_unverified_numbers_are_not_used() -> None:
    record = frequencies("betatinib", G11R=0.4)
    recalled = record.frequencies[0].model_copy(update={"status": "unverified"})
    assert plan(knowledge(G11R, record.model_copy(update={"frequencies": (recalled,)}))).steps == ()


@pytest.mark.parametrize("gene", ["ALK", "ROS1"])
@pytest.mark.parametrize("failed_drug", [None, "crizotinib", "lorlatinib"])
def test_plans_of_the_real_knowledge_keep_to_their_cohorts(
    gene: str, failed_drug: str | None, engine: Engine, real_index: KnowledgeIndex
) -> None:
    given: dict[str, Any] = {"driver": {"gene": gene}}
    if failed_drug:
        given["treatments"] = [failed(failed_drug)]
    answer = json.loads(engine.plan_bytes(json.dumps(given).encode()).body)
    assert answer["plans"]
    for one in answer["plans"]:
        cohort = real_index.frequencies.get((gene, one["regimen_id"]), ())
        numbers = {(found.alteration, found.frequency) for found in cohort}
        for future in one["futures"]:
            assert future["probability"] is None or 0 < future["probability"] <= 1
            if future["mechanism_known"]:
                assert (future["alteration"], future["probability"]) in {*numbers, (future["alteration"], None)}
            assert set(future["citations"]) <= set(answer["citations"])
            assert bool(future["citations"]) == (future["alteration"] != "unknown")
        shares = (one["share_with_active_option"], one["share_not_known"])
        assert all(share is None or 0 <= share <= 1.01 for share in shares)
        assert all(sentence["citations"] for sentence in one["sentences"])


def test_an_option_says_that_it_burns_bridges() -> None:
    index = knowledge(K8R, *ADVISED, outcome("betatinib", "tki_naive", 30), frequencies("betatinib", K8R=0.3))
    body = json.dumps({"driver": {"gene": "ALK"}, "samples": [sample()]}).encode()
    engine = Engine({"test": index}, "test")
    found = json.loads(engine.plan_bytes(body).body)
    first = next(one for one in found["plans"] if one["regimen_id"] == "betatinib")
    assert first["burns_bridges"] is True
    assert [one["rule"] for one in first["sentences"]] == ["plan_shares", "plan_burns_bridges"]
    told = json.loads(engine.recommend_bytes(body).body)
    outlook = next(one["outlook"] for one in told["options"] if one["regimen_id"] == "betatinib")
    assert outlook["burns_bridges"] is True
    assert outlook["share_not_known"] == 0.7


def test_no_answer_estimates_survival(engine: Engine) -> None:
    answer = json.loads(engine.plan_bytes(b'{"driver":{"gene":"ALK"}}').body)
    fields = {key for one in answer["plans"] for key in one} | {
        key for one in answer["plans"] for f in one["futures"] for key in f
    }
    assert not any(word in field for field in fields for word in ("surviv", "pfs", "os_", "months"))


def test_what_a_clone_resists_now_is_not_promised_after_the_next_relapse() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("resistant")], betatinib=[seen("sensitive")]),
        effect("p.K8R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")]),
        *ADVISED,
        frequencies("betatinib", K8R=0.4),
    )
    free = plan(index, treatments=[failed("alphatinib")], samples=[sample("EML4::ALK 3%")])
    held = plan(index, treatments=[failed("alphatinib")], samples=[sample("ALK G11R")])
    assert "gammatinib" in [step.targeted for step in free.steps]
    assert "gammatinib" not in [step.targeted for step in held.steps]
