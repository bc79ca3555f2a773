"""The order of the options, and what decided it."""

from __future__ import annotations

from tests.support.knowledge import (
    AFTER_SECOND,
    answer_of,
    caution,
    cells,
    codes_of,
    drug,
    effect,
    failed,
    guidance,
    knowledge,
    label,
    option_of,
    options_of,
    outcome,
    sample,
    seen,
)

FIRST_LINE = guidance("tki_naive", alphatinib="preferred", betatinib="preferred", gammatinib="preferred")


def test_guidance_leads_before_any_drug_failed() -> None:
    index = knowledge(guidance("tki_naive", alphatinib="alternative", betatinib="preferred", gammatinib="recommended"))
    assert options_of(answer_of(index))[:3] == ["betatinib", "gammatinib", "alphatinib"]


def test_among_equals_the_larger_outcome_leads_and_is_named() -> None:
    index = knowledge(
        FIRST_LINE, outcome("gammatinib", "tki_naive", months=40), outcome("alphatinib", "tki_naive", months=11)
    )
    answer = answer_of(index)
    assert options_of(answer)[:2] == ["gammatinib", "alphatinib"]
    assert option_of(answer, "alphatinib")["decided_by"] == "outcome"


def test_numbers_of_one_band_do_not_decide() -> None:
    index = knowledge(
        FIRST_LINE, outcome("gammatinib", "tki_naive", months=25), outcome("alphatinib", "tki_naive", months=35)
    )
    answer = answer_of(index)
    assert option_of(answer, "alphatinib")["tier"] == option_of(answer, "gammatinib")["tier"]


def test_with_brain_metastases_intracranial_activity_comes_before_the_outcome() -> None:
    index = knowledge(
        FIRST_LINE,
        outcome("gammatinib", "tki_naive", months=40, ic_orr=30),
        outcome("alphatinib", "tki_naive", months=11, ic_orr=80),
    )
    assert options_of(answer_of(index))[0] == "gammatinib"
    assert options_of(answer_of(index, disease={"brain_metastases": True}))[0] == "alphatinib"


def test_with_a_clone_activity_against_it_leads() -> None:
    index = knowledge(
        effect(
            "p.G11R", betatinib=[seen("resistant")], alphatinib=[seen("sensitive")], gammatinib=[cells("sensitive")]
        ),
        guidance("after_second_generation", gammatinib="alternative"),
    )
    answer = answer_of(index, treatments=AFTER_SECOND, samples=[sample("ALK G11R")])
    assert options_of(answer)[:2] == ["alphatinib", "gammatinib"]
    assert option_of(answer, "gammatinib")["decided_by"] == "molecular_activity"


def test_what_can_be_prescribed_stands_above_what_is_only_in_trials() -> None:
    index = knowledge(effect("p.G11R", gammatinib=[cells("sensitive")], deltatinib=[seen("sensitive")]))
    found = options_of(answer_of(index, treatments=AFTER_SECOND, samples=[sample("ALK G11R")]))
    assert found.index("gammatinib") < found.index("deltatinib")


def test_a_warning_for_this_patient_lowers_a_drug() -> None:
    index = knowledge(FIRST_LINE, caution("alphatinib", "warning", comorbidity="bradycardia"))
    patient = {"comorbidities": ["bradycardia"]}
    assert options_of(answer_of(index))[0] == "alphatinib"
    found = answer_of(index, patient=patient)
    assert options_of(found)[2] == "alphatinib"
    assert option_of(found, "alphatinib")["cautions"][0]["severity"] == "warning"


def test_a_warning_for_everybody_lowers_nothing() -> None:
    index = knowledge(FIRST_LINE, caution("alphatinib", "warning"))
    assert options_of(answer_of(index))[0] == "alphatinib"


def test_a_drug_whose_label_was_not_read_is_not_taken_to_be_safe() -> None:
    index = knowledge(FIRST_LINE, label("alphatinib", read=False))
    assert options_of(answer_of(index))[0] == "alphatinib"
    assert options_of(answer_of(index, patient={"comorbidities": ["bradycardia"]}))[2] == "alphatinib"


def test_a_cleared_clone_lowers_what_it_resists() -> None:
    index = knowledge(
        effect("p.G11R", alphatinib=[seen("resistant")]),
        guidance("after_second_generation", alphatinib="recommended", gammatinib="recommended"),
    )
    cleared = [sample("ALK G11R", "EML4::ALK", collected="2024-01-01"), sample("EML4::ALK", collected="2025-01-01")]
    assert options_of(answer_of(index, treatments=AFTER_SECOND))[:2] == ["alphatinib", "gammatinib"]
    assert options_of(answer_of(index, treatments=AFTER_SECOND, samples=cleared))[:2] == ["gammatinib", "alphatinib"]


def test_ties_share_a_tier_and_stand_in_the_order_of_their_names() -> None:
    answer = answer_of(knowledge(FIRST_LINE))
    found = [option_of(answer, name) for name in ("alphatinib", "betatinib", "gammatinib")]
    assert [(one["rank"], one["tier"], one["decided_by"]) for one in found] == [
        (1, 1, None),
        (2, 1, "name"),
        (3, 1, "name"),
    ]


def test_a_difference_that_matters_makes_a_new_tier() -> None:
    answer = answer_of(knowledge(guidance("tki_naive", alphatinib="preferred", betatinib="recommended")))
    assert [option_of(answer, name)["tier"] for name in ("alphatinib", "betatinib")] == [1, 2]


def test_every_option_is_graded_on_every_criterion_in_order() -> None:
    answer = answer_of(knowledge(FIRST_LINE))
    orders = {tuple(one["name"] for one in found["criteria"]) for found in answer["options"]}
    assert len(orders) == 1
    assert orders.pop()[-1] == "name"


def test_activity_is_told_by_clone_in_the_order_of_the_clones() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("sensitive")]),
        effect("p.L13M", gammatinib=[seen("reduced")]),
        effect(gammatinib=[cells("sensitive")]),
    )
    apart = {"type": "small_variant", "gene": "ALK", "protein_change": "L13M", "in_trans_with": ["G11R"]}
    answer = answer_of(index, treatments=AFTER_SECOND, samples=[sample("ALK G11R", apart, "ALK amplification")])
    clones = [clone["alterations"] for clone in answer["interpretation"]["clones"]]
    told = option_of(answer, "gammatinib")["activity_by_clone"]
    assert {tuple(clones[one["clone"]]): one["activity"] for one in told} == {
        ("p.G11R",): "sensitive",
        ("p.L13M",): "reduced",
        ("amplification",): "sensitive",
    }


def test_disagreement_is_kept_and_flagged() -> None:
    index = knowledge(effect("p.G11R", gammatinib=[seen("sensitive"), cells("resistant")]))
    answer = answer_of(index, treatments=AFTER_SECOND, samples=[sample("ALK G11R")])
    assert "conflicting_evidence" in {one["code"] for one in answer["interpretation"]["flags"]}
    assert len([one for one in option_of(answer, "gammatinib")["rationale"] if one["rule"] == "effect"]) == 2


def test_models_do_not_outweigh_a_cleared_clone_that_the_drug_fails_against() -> None:
    index = knowledge(
        effect("p.G11R", alphatinib=[seen("resistant")]),
        effect("p.L13M", alphatinib=[cells("sensitive")]),
        guidance("after_third_generation", chemotherapy="recommended"),
    )
    after = [failed("gammatinib", started="2023-01-01", ended="2024-06-01")]
    now = [sample("ALK L13M", collected="2024-06-05")]
    before = [sample("ALK G11R", collected="2023-02-01")]
    alone = options_of(answer_of(index, treatments=after, samples=now))
    assert alone.index("alphatinib") < alone.index("chemotherapy")
    archived = options_of(answer_of(index, treatments=after, samples=[*before, *now]))
    assert archived.index("chemotherapy") < archived.index("alphatinib")


def test_evidence_from_models_only_is_flagged_as_uncertain() -> None:
    index = knowledge(effect("p.G11R", gammatinib=[cells("sensitive")]))
    answer = answer_of(index, treatments=AFTER_SECOND, samples=[sample("ALK G11R")])
    assert "uncertain_evidence" in {one["code"] for one in answer["interpretation"]["flags"]}


def test_a_guideline_drug_that_leads_against_a_mutation_nobody_studied_with_it_is_flagged_as_uncertain() -> None:
    index = knowledge(
        effect("p.G11R", betatinib=[seen("resistant")]),
        guidance("after_second_generation", gammatinib="recommended"),
        guidance("after_first_generation", gammatinib="recommended", betatinib="alternative"),
    )
    after_second = answer_of(index, treatments=AFTER_SECOND, samples=[sample("ALK G11R")])
    assert options_of(after_second)[0] == "gammatinib"
    assert "uncertain_evidence" in codes_of(after_second["interpretation"]["flags"])
    after_first = answer_of(index, treatments=[failed("alphatinib")], samples=[sample("ALK G11R")])
    assert options_of(after_first)[0] == "gammatinib"
    assert "uncertain_evidence" not in codes_of(after_first["interpretation"]["flags"])  # there no mutation gates


def test_an_unverified_fact_is_shown_nowhere_and_moves_nothing() -> None:
    with_it = knowledge(
        effect("p.G11R", gammatinib=[cells("sensitive"), seen("resistant", status="unverified", level="E")])
    )
    answer = answer_of(with_it, treatments=AFTER_SECOND, samples=[sample("ALK G11R")])
    assert option_of(answer, "gammatinib")["activity"] == "sensitive"
    assert "found resistant" not in str(option_of(answer, "gammatinib")["rationale"])


def test_a_drug_of_the_other_driver_is_no_regimen_here() -> None:
    answer = answer_of(knowledge(drug("onlyros", gene="ROS1", setting_after="after_rhotinib")))
    assert "onlyros" not in str(answer["options"]) + str(answer["not_recommended"])
