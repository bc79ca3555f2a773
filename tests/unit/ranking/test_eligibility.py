"""The gates, and the category of what passes them."""

from __future__ import annotations

from typing import Any

import pytest

from app.knowledge.index import KnowledgeIndex
from tests.support.knowledge import (
    AFTER_FIRST,
    AFTER_SECOND,
    LABEL,
    MET_AMPLIFICATION,
    SOURCE,
    answer_of,
    approval,
    caution,
    cells,
    drug,
    effect,
    failed,
    guidance,
    knowledge,
    mechanism,
    outcome,
    reasons_of,
    regimen,
    sample,
    seen,
)

G11R = [sample("ALK G11R")]


def category(name: str, index: KnowledgeIndex, **given: Any) -> str:
    """The category of an option, or the first reason why it is none."""
    answer = answer_of(index, **given)
    found = {one["regimen_id"]: one["category"] for one in answer["options"]}
    return str(found.get(name) or reasons_of(answer)[name][0])


def reasons(name: str, index: KnowledgeIndex, **given: Any) -> list[str]:
    return reasons_of(answer_of(index, **given)).get(name, [])


def test_a_contraindicated_drug_is_never_an_option() -> None:
    index = knowledge(
        guidance("tki_naive", gammatinib="preferred"), caution("gammatinib", "contraindicated", pregnant=True)
    )
    assert category("gammatinib", index) == "recommended"
    assert category("gammatinib", index, patient={"pregnant": True}) == "contraindicated"


def test_a_combination_with_a_contraindicated_part_is_never_an_option() -> None:
    index = knowledge(
        regimen("gammatinib+metinib", "combination", "gammatinib", "metinib"),
        mechanism("MET amplification", MET_AMPLIFICATION, responses={"gammatinib+metinib": [seen("sensitive")]}),
        caution("metinib", "contraindicated", comorbidity="pancreatitis"),
    )
    given = {"treatments": AFTER_SECOND, "samples": [sample("MET amplification")]}
    assert category("gammatinib+metinib", index, **given) == "investigational"
    assert (
        category("gammatinib+metinib", index, **given, patient={"comorbidities": ["pancreatitis"]}) == "contraindicated"
    )


def test_a_drug_that_failed_is_not_offered_again() -> None:
    index = knowledge(guidance("after_second_generation", betatinib="preferred"))
    assert category("betatinib", index, treatments=AFTER_SECOND) == "progressed_on"


def test_a_drug_that_failed_comes_back_on_resensitisation_evidence() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("resistant")], alphatinib=[seen("sensitive")], resensitises=["alphatinib"])
    )
    given = {"treatments": [failed("alphatinib"), failed("gammatinib")], "samples": G11R}
    assert category("alphatinib", index, **given) == "recommended"


def test_sensitivity_alone_does_not_bring_a_failed_drug_back() -> None:
    index = knowledge(effect("p.G11R", gammatinib=[seen("resistant")], alphatinib=[seen("sensitive")]))
    given = {"treatments": [failed("alphatinib"), failed("gammatinib")], "samples": G11R}
    assert category("alphatinib", index, **given) == "progressed_on"


def test_a_drug_comes_back_only_when_it_covers_every_clone() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("resistant")], alphatinib=[seen("sensitive")], resensitises=["alphatinib"]),
        effect("p.L13M", alphatinib=[cells("resistant")]),
    )
    given = {"treatments": [failed("alphatinib"), failed("gammatinib")], "samples": [sample("ALK G11R", "ALK L13M")]}
    assert category("alphatinib", index, **given) == "progressed_on"


def test_a_combination_is_spent_only_when_it_failed_as_such() -> None:
    met = mechanism("MET amplification", MET_AMPLIFICATION, responses={"gammatinib+metinib": [seen("sensitive")]})
    pair = regimen("gammatinib+metinib", "combination", "gammatinib", "metinib")
    index = knowledge(met, pair, drug("metinib", "after_rhotinib", gene="ROS1"))
    given = {"samples": [sample("MET amplification")]}
    assert category("gammatinib+metinib", index, treatments=[failed("gammatinib")], **given) == "investigational"
    both = [failed("gammatinib", "metinib")]
    assert category("gammatinib+metinib", index, treatments=both, **given) == "progressed_on"


def test_a_drug_that_was_not_tolerated_is_not_offered() -> None:
    index = knowledge(guidance("tki_naive", betatinib="preferred"))
    given = [{"drugs": "betatinib", "stop_reason": "toxicity"}]
    assert category("betatinib", index, treatments=given) == "not_tolerated"


def test_a_drug_that_is_given_again_and_holds_is_an_option_and_its_past_is_said() -> None:
    again = [{"drugs": "betatinib", "best_response": "PR"}]
    chemotherapy = [{"drugs": "chemotherapy", "stop_reason": "completed"}]
    index = knowledge(
        guidance("after_second_generation", gammatinib="preferred"), guidance("tki_naive", betatinib="preferred")
    )
    toxic = [{"drugs": "betatinib", "stop_reason": "toxicity"}]
    for history, found, said in (
        ([*toxic, *again], "recommended", "toxicity_before"),
        ([*AFTER_SECOND, *chemotherapy, *again], "consider", "progression_before"),
    ):
        options = {one["regimen_id"]: one for one in answer_of(index, treatments=history)["options"]}
        assert options["betatinib"]["category"] == found
        assert said in [one["code"] for one in options["betatinib"]["cautions"]]
    grows = [{"drugs": "betatinib", "progression_sites": ["liver"]}]
    assert category("betatinib", index, treatments=[*AFTER_SECOND, *chemotherapy, *grows]) == "progressed_on"


def test_a_drug_that_holds_is_an_option_whatever_is_known_of_its_kind() -> None:
    index = knowledge(
        guidance("after_third_generation", betatinib="against"),
        guidance("after_second_generation", gammatinib="preferred"),
    )
    history = [*AFTER_SECOND, failed("gammatinib"), {"drugs": "alphatinib", "best_response": "PR"}]
    assert category("alphatinib", index, treatments=history) == "consider"
    assert category("alphatinib", index, treatments=history[:2]) not in ("consider", "recommended")


def test_of_a_regimen_the_part_that_failed_or_was_not_tolerated_is_named() -> None:
    index = knowledge(regimen("pair", "chemotherapy", "onemab", "twomab"), guidance("tki_naive", pair="preferred"))
    for reason, code in (("progression", "progressed_on"), ("toxicity", "not_tolerated")):
        answer = answer_of(index, treatments=[{"drugs": [{"name": "onemab", "class": "other"}], "stop_reason": reason}])
        (found,) = next(one["reasons"] for one in answer["not_recommended"] if one["regimen_id"] == "pair")
        assert (found["code"], "drug=onemab" in found["text"]) == (code, True)


def test_a_drug_that_a_clone_resists_is_not_offered() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("resistant")]), guidance("after_second_generation", gammatinib="preferred")
    )
    assert category("gammatinib", index, treatments=AFTER_SECOND, samples=G11R) == "resistant_clone"


def test_the_reason_names_only_the_clones_that_resist() -> None:
    index = knowledge(
        effect("p.G11R", deltatinib=[cells("resistant", "poe-2021")]), effect("p.L13M", deltatinib=[seen("sensitive")])
    )
    apart = {"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_trans_with": ["L13M"]}
    answer = answer_of(index, treatments=AFTER_SECOND, samples=[sample(apart, "ALK L13M")])
    (reason,) = next(one["reasons"] for one in answer["not_recommended"] if one["regimen_id"] == "deltatinib")
    assert reason["code"] == "resistant_clone"
    assert "p.G11R" in reason["text"]
    assert "p.L13M" not in reason["text"]
    assert "poe-2021" in reason["citations"]


def test_every_gate_that_closes_gives_its_reason() -> None:
    index = knowledge(
        effect("p.G11R", betatinib=[seen("resistant")]),
        caution("betatinib", "contraindicated", pregnant=True),
        drug("betatinib", "after_second_generation", approvals=[approval("CN")]),
    )
    found = reasons(
        "betatinib", index, treatments=AFTER_SECOND, samples=G11R, patient={"pregnant": True}, jurisdiction="US"
    )
    assert found == ["contraindicated", "progressed_on", "resistant_clone", "not_approved"]


@pytest.mark.parametrize(
    ("standing", "found"),
    [
        ("preferred", "recommended"),
        ("recommended", "recommended"),
        ("alternative", "consider"),
        ("fallback", "consider"),
        ("against", "no_rationale"),
    ],
)
def test_without_a_clone_guidance_gives_the_category(standing: str, found: str) -> None:
    index = knowledge(guidance("after_second_generation", gammatinib=standing))
    assert category("gammatinib", index, treatments=AFTER_SECOND) == found


def test_after_a_second_generation_drug_a_switch_needs_support() -> None:
    assert category("gammatinib", knowledge(), treatments=AFTER_SECOND) == "no_rationale"


@pytest.mark.parametrize(
    ("items", "found"),
    [
        ([seen("sensitive")], "recommended"),
        ([seen("sensitive", "case_report", "D")], "consider"),
        ([cells("sensitive")], "consider"),
        ([seen("reduced")], "consider"),
        ([cells("resistant")], "resistant_clone"),
        ([seen("unknown")], "no_rationale"),
    ],
)
def test_with_a_clone_the_variant_gives_the_category(items: list[dict[str, Any]], found: str) -> None:
    index = knowledge(effect("p.G11R", betatinib=[seen("resistant")], gammatinib=items))
    assert category("gammatinib", index, treatments=AFTER_SECOND, samples=G11R) == found


def test_after_a_first_generation_drug_the_variant_does_not_gate() -> None:
    index = knowledge(
        effect("p.G11R", alphatinib=[seen("resistant")]), guidance("after_first_generation", betatinib="recommended")
    )
    assert category("betatinib", index, treatments=AFTER_FIRST, samples=G11R) == "recommended"


def test_an_investigational_drug_stays_investigational() -> None:
    index = knowledge(effect("p.G11R", deltatinib=[seen("sensitive")]))
    assert category("deltatinib", index, treatments=AFTER_SECOND, samples=G11R) == "investigational"


def test_investigational_options_can_be_left_out() -> None:
    index = knowledge(effect("p.G11R", deltatinib=[seen("sensitive")]))
    given = {"treatments": AFTER_SECOND, "samples": G11R, "include_investigational": False}
    assert category("deltatinib", index, **given) == "not_approved"
    assert category("clinical_trial", index, **given) == "not_approved"


def test_an_off_label_drug_is_never_more_than_to_be_considered() -> None:
    other = drug("gammatinib", "after_third_generation", approvals=[approval("US", gene="ROS1")])
    index = knowledge(other, effect("p.G11R", gammatinib=[seen("sensitive")]))
    assert category("gammatinib", index, treatments=AFTER_SECOND, samples=G11R, jurisdiction="US") == "consider"


def test_off_label_use_cites_what_is_approved_where_the_case_is() -> None:
    wordings = [approval("US", gene="ROS1"), approval("CN", citation=SOURCE)]
    index = knowledge(
        drug("gammatinib", "after_third_generation", approvals=wordings),
        effect("p.G11R", gammatinib=[seen("sensitive")]),
    )
    answer = answer_of(index, treatments=AFTER_SECOND, samples=G11R, jurisdiction="US")
    (option,) = (one for one in answer["options"] if one["regimen_id"] == "gammatinib")
    assert [one["citations"] for one in option["cautions"] if one["code"] == "off_label"] == [[LABEL]]


def test_a_licensed_drug_that_is_not_approved_where_the_case_is_is_not_offered() -> None:
    index = knowledge(
        drug("gammatinib", "after_third_generation", approvals=[approval("CN")]),
        guidance("tki_naive", gammatinib="preferred"),
    )
    assert category("gammatinib", index, jurisdiction="US") == "not_approved"
    assert category("gammatinib", index, jurisdiction="CN") == "recommended"


@pytest.mark.parametrize(
    ("standing", "found"), [("recommended", "recommended"), ("fallback", "consider"), ("against", "no_rationale")]
)
def test_chemotherapy_follows_guidance(standing: str, found: str) -> None:
    index = knowledge(guidance("after_second_generation", chemotherapy=standing))
    assert category("chemotherapy", index, treatments=AFTER_SECOND) == found


def test_a_trial_is_always_to_be_considered() -> None:
    assert category("clinical_trial", knowledge()) == "consider"


def test_a_bypassed_driver_makes_its_inhibitor_at_most_to_be_considered() -> None:
    index = knowledge(
        mechanism("MET amplification", MET_AMPLIFICATION), guidance("after_second_generation", gammatinib="preferred")
    )
    given = {"treatments": AFTER_SECOND, "samples": [sample("MET amplification")]}
    assert category("gammatinib", index, **given) == "consider"
    assert category("deltatinib", index, **given) == "no_rationale"


def test_a_bypass_caps_the_inhibitor_also_where_no_mutation_gates() -> None:
    advised = guidance("after_first_generation", gammatinib="preferred")
    given = {"treatments": AFTER_FIRST, "samples": [sample("MET amplification")]}
    assert category("gammatinib", knowledge(mechanism("MET", MET_AMPLIFICATION), advised), **given) == "consider"
    unproven = mechanism("MET", MET_AMPLIFICATION, evidence=[seen("resistant", "case_report", "D")])
    assert category("gammatinib", knowledge(unproven, advised), **given) == "recommended"


def test_a_bypass_in_a_sample_alone_does_not_cap_the_drug_that_is_being_given() -> None:
    index = knowledge(mechanism("MET", MET_AMPLIFICATION), guidance("after_first_generation", gammatinib="preferred"))
    going_on = [*AFTER_FIRST, {"drugs": "gammatinib"}]
    met = [sample("MET amplification")]
    assert category("gammatinib", index, treatments=going_on, samples=met) == "recommended"
    growing = [*AFTER_FIRST, {"drugs": "gammatinib", "progression_sites": ["liver"]}]
    assert category("gammatinib", index, treatments=growing, samples=met) == "progressed_on"


def test_while_an_inhibitor_holds_nothing_else_is_recommended() -> None:
    index = knowledge(guidance("tki_naive", alphatinib="recommended", gammatinib="preferred"))
    held = [{"drugs": "alphatinib", "best_response": "PR"}]
    assert category("gammatinib", index) == "recommended"
    assert category("gammatinib", index, treatments=held) == "consider"
    assert category("alphatinib", index, treatments=held) == "recommended"


def test_beside_a_second_driver_no_inhibitor_is_recommended() -> None:
    advised = guidance("tki_naive", gammatinib="preferred")
    proven = knowledge(mechanism("MET", MET_AMPLIFICATION), advised)
    met = {"samples": [sample("MET amplification")]}
    assert category("gammatinib", proven, **met) == "consider"
    assert category("gammatinib", proven, samples=[sample("EML4::ALK")]) == "recommended"
    unproven = mechanism("MET", MET_AMPLIFICATION, evidence=[seen("resistant", "case_report", "D")])
    assert category("gammatinib", knowledge(unproven, advised), **met) == "recommended"


def test_no_switch_is_recommended_on_a_liquid_sample_alone() -> None:
    index = knowledge(
        effect("p.G11R", alphatinib=[seen("resistant")], gammatinib=[seen("sensitive")]),
        guidance("tki_naive", alphatinib="recommended", gammatinib="preferred"),
    )
    given = {"treatments": [{"drugs": "alphatinib", "started": "2024-01-01"}]}
    plasma = [sample("ALK G11R", collected="2024-06-01")]
    assert category("gammatinib", index, **given, samples=plasma) == "consider"
    tissue = [sample("ALK G11R", collected="2024-06-01", specimen="tissue")]
    assert category("gammatinib", index, **given, samples=tissue) == "recommended"


def test_an_unproven_bypass_brings_no_advice_for_a_bypass() -> None:
    advice = {"standing": "recommended", "when": {"resistance": ["off_target"]}}
    given = {"treatments": AFTER_SECOND, "samples": [sample("MET amplification")]}
    proven = mechanism("MET", MET_AMPLIFICATION)
    unproven = mechanism("MET", MET_AMPLIFICATION, evidence=[seen("resistant", "case_report", "D")])
    told = guidance("after_second_generation", chemotherapy=advice)
    assert category("chemotherapy", knowledge(proven, told), **given) == "recommended"
    assert category("chemotherapy", knowledge(unproven, told), **given) == "no_rationale"


def test_a_combination_falls_with_the_inhibitor_of_the_driver_in_it() -> None:
    """Also where that inhibitor has no licence for the driver."""
    pair = regimen("betatinib+metinib", "combination", "betatinib", "metinib")
    met = mechanism("MET", MET_AMPLIFICATION, responses={"betatinib+metinib": [seen("sensitive", "case_report", "D")]})
    borrowed = drug("betatinib", "after_second_generation", "repurposed")
    resists = effect("p.G11R", betatinib=[cells("resistant")])
    index = knowledge(borrowed, pair, met, resists)
    given = {"treatments": [failed("gammatinib")]}
    assert category("betatinib+metinib", index, **given, samples=[sample("MET amplification")]) == "investigational"
    both = [sample("MET amplification", "ALK G11R")]
    assert category("betatinib+metinib", index, **given, samples=both) == "resistant_clone"


def test_beside_a_bypass_what_covers_the_mutation_stands_above_what_nobody_studied() -> None:
    index = knowledge(
        mechanism("MET", MET_AMPLIFICATION),
        effect("p.G11R", betatinib=[seen("sensitive")], alphatinib=[seen("resistant")]),
        guidance("after_first_generation", gammatinib="preferred", betatinib="recommended"),
    )
    both = [sample("MET amplification", "ALK G11R")]
    answer = answer_of(index, treatments=AFTER_FIRST, samples=both)
    order = [one["regimen_id"] for one in answer["options"]]
    assert order.index("betatinib") < order.index("gammatinib")


def test_a_drug_that_is_aimed_at_the_bypass_too_is_not_said_to_inhibit_the_driver_only() -> None:
    also = drug("betatinib", "after_second_generation").model_copy(update={"targets": ("ALK", "MET")})
    index = knowledge(also, mechanism("MET", MET_AMPLIFICATION))
    given = {"treatments": [failed("gammatinib")], "samples": [sample("MET amplification")]}
    assert said_of("betatinib", index, **given).startswith("no_rationale_off_target_untried")
    assert said_of("alphatinib", index, **given).startswith("no_rationale_off_target ")


def test_in_a_tumour_that_the_trials_did_not_take_an_inhibitor_is_at_most_to_be_considered() -> None:
    histology = {"type": "histology", "histology": "small_cell", "of_disease": True}
    index = knowledge(
        mechanism("small cell", histology, kind="phenotype"),
        guidance("tki_naive", gammatinib="preferred"),
        outcome("betatinib", "tki_naive", months=20),
    )
    assert category("gammatinib", index) == "recommended"
    assert category("gammatinib", index, histology="small_cell") == "consider"
    assert said_of("betatinib", index, histology="small_cell").startswith("outside_the_trials")


def test_after_transformation_no_inhibitor_alone_is_offered() -> None:
    index = knowledge(
        mechanism("small cell", {"type": "histology", "histology": "small_cell"}, kind="phenotype"),
        guidance("after_second_generation", gammatinib="preferred"),
    )
    given = {"treatments": AFTER_SECOND, "samples": [sample(specimen="tissue", histology="small_cell")]}
    assert category("gammatinib", index, **given) == "no_rationale"


def test_a_result_in_the_setting_supports_an_investigational_drug() -> None:
    index = knowledge(outcome("deltatinib", "after_second_generation", months=9))
    assert category("deltatinib", index, treatments=AFTER_SECOND) == "investigational"


# --- wordings, last resorts, and reasons that are true -------------------------------------------------------------


def test_a_repurposed_drug_is_off_label_only_where_it_is_marketed_for_something() -> None:
    """Without a licence for any disease nobody can prescribe it there."""
    sold = [approval("US", "other")]
    index = knowledge(
        drug("kappatinib", "after_third_generation", "repurposed", approvals=sold),
        effect("p.G11R", betatinib=[seen("resistant")], kappatinib=[seen("sensitive")]),
    )
    given = {"treatments": AFTER_SECOND, "samples": G11R}
    assert category("kappatinib", index, **given, jurisdiction="US") == "consider"
    assert category("kappatinib", index, **given, jurisdiction="CN") == "not_approved"
    assert category("kappatinib", index, **given) == "consider"


WORDING = [
    {"first_any": ["alphatinib"]},
    {"had_all": ["betatinib"], "at_least": "2"},
]


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ([failed("alphatinib"), failed("betatinib")], "recommended"),
        ([failed("betatinib")], "consider"),
        ([failed("betatinib"), failed("alphatinib")], "recommended"),
        ([{"drugs": "alphatinib", "stop_reason": "toxicity"}, failed("betatinib")], "recommended"),
    ],
)
def test_a_licence_holds_only_after_the_sequence_of_its_wording(history: list[dict[str, Any]], found: str) -> None:
    licence = [approval("EU", settings=["after_second_generation"], only_after=WORDING)]
    index = knowledge(
        drug("gammatinib", "after_third_generation", approvals=licence),
        guidance("after_second_generation", gammatinib="preferred"),
    )
    assert category("gammatinib", index, treatments=history, jurisdiction="EU") == found


def later_lines() -> KnowledgeIndex:
    licence = [approval("US", settings=["after_first_generation", "after_second_generation"])]
    return knowledge(
        drug("gammatinib", "after_third_generation", approvals=licence), guidance("tki_naive", betatinib="preferred")
    )


def test_a_drug_of_later_lines_is_not_licensed_before_and_not_beaten() -> None:
    assert reasons("gammatinib", later_lines(), jurisdiction="US") == ["not_approved"]


def test_a_drug_that_was_not_tolerated_opens_the_licence_of_later_lines() -> None:
    stopped = [{"drugs": "alphatinib", "stop_reason": "toxicity"}]
    assert category("gammatinib", later_lines(), treatments=stopped, jurisdiction="US") == "consider"
    answer = answer_of(later_lines(), treatments=stopped, jurisdiction="US")
    (said,) = (one["rationale"] for one in answer["options"] if one["regimen_id"] == "gammatinib")
    assert [(one["rule"], one["text"].split()[0]) for one in said] == [("approval", "opened_by_use")]


def test_only_a_licensed_drug_is_superseded() -> None:
    index = knowledge(guidance("tki_naive", betatinib="preferred"))
    assert reasons("gammatinib", index, jurisdiction="US") == ["superseded"]
    assert reasons("deltatinib", index, jurisdiction="US") == ["no_rationale"]


def test_a_tried_drug_is_a_last_resort_when_the_advised_one_cannot_be_taken() -> None:
    index = knowledge(
        guidance("after_second_generation", gammatinib="recommended"),
        outcome("alphatinib", "after_second_generation", months=3.8),
    )
    tolerated = failed("betatinib")
    stopped = [tolerated, {"drugs": "gammatinib", "stop_reason": "toxicity"}]
    assert category("alphatinib", index, treatments=[tolerated]) == "no_rationale"
    assert category("alphatinib", index, treatments=stopped) == "consider"
    spent = [tolerated, failed("gammatinib")]
    assert category("alphatinib", index, treatments=spent) == "no_rationale"


def said_of(name: str, index: KnowledgeIndex, **given: Any) -> str:
    answer = answer_of(index, **given)
    (found,) = (one["reasons"] for one in answer["not_recommended"] if one["regimen_id"] == name)
    return " ".join(reason["text"] for reason in found)


def test_resistance_from_a_part_of_a_compound_is_said_to_be_inferred() -> None:
    index = knowledge(effect("p.G11R", gammatinib=[seen("resistant")]), effect("p.L13M", betatinib=[seen("resistant")]))
    pair = [
        sample({"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_cis_with": ["L13M"]}, "ALK L13M")
    ]
    given = {"treatments": AFTER_SECOND, "samples": pair}
    text = said_of("gammatinib", index, **given)
    assert text.startswith("resistant_clone_inferred")
    assert "alterations=ALK p.G11R+p.L13M known=ALK p.G11R" in text
    assert said_of("gammatinib", index, treatments=AFTER_SECOND, samples=G11R).startswith("resistant_clone regimen")


@pytest.mark.parametrize(
    ("treatments", "findings", "said"),
    [
        ([], ["ALK G11R", "MET amplification"], "mechanism_none_yet"),
        (AFTER_SECOND, [], "mechanism_not_assessable"),
        (AFTER_SECOND, ["EML4::ALK 4%"], "mechanism_not_found"),
        (AFTER_SECOND, ["MET amplification"], "mechanism_without_result"),
    ],
)
def test_a_regimen_against_a_bypass_is_refused_with_what_holds(
    treatments: list[dict[str, Any]], findings: list[str], said: str
) -> None:
    pair = regimen("gammatinib+metinib", "combination", "gammatinib", "metinib").model_copy(
        update={"mechanisms": ("mechanism:MET-amplification",)}
    )
    index = knowledge(pair, mechanism("MET amplification", MET_AMPLIFICATION))
    given = {"treatments": treatments, "samples": [sample(*findings)] if findings else []}
    assert said_of("gammatinib+metinib", index, **given).startswith(said)


def test_what_was_not_tolerated_cites_its_own_label() -> None:
    index = knowledge(caution("betatinib", "monitor"))
    answer = answer_of(index, treatments=[{"drugs": "betatinib", "stop_reason": "toxicity"}])
    (found,) = (one["reasons"] for one in answer["not_recommended"] if one["regimen_id"] == "betatinib")
    assert found[0]["citations"] == ["label-of-a-drug"]


def test_chemotherapy_does_not_spend_chemotherapy_with_an_inhibitor_kept_on() -> None:
    both = regimen("alk_inhibitor+pemetrexed", "chemotherapy", "pemetrexed")
    parts = (both.components[0].model_copy(update={"drug": None, "drug_class": "alk_inhibitor"}), *both.components)
    index = knowledge(both.model_copy(update={"components": parts}))
    alone = [failed("pemetrexed"), failed("betatinib")]
    together = [failed("betatinib", "pemetrexed")]
    assert "progressed_on" not in reasons("alk_inhibitor+pemetrexed", index, treatments=alone)
    assert "progressed_on" in reasons("alk_inhibitor+pemetrexed", index, treatments=together)


def test_a_response_in_a_changed_tumour_counts_after_the_first_setting_only() -> None:
    """A case of an inhibitor that worked after the histology had changed is weighed; a bypass beside it is not."""
    changed = mechanism(
        "Neuroendocrine transformation",
        {"type": "histology", "histology": "large_cell_neuroendocrine"},
        kind="phenotype",
        responses={"betatinib": [seen("sensitive", "case_report", "D")]},
    )
    index = knowledge(
        changed,
        mechanism("MET amplification", MET_AMPLIFICATION, responses={"gammatinib": [seen("sensitive")]}),
    )
    tissue = [sample("MET amplification", specimen="tissue", histology="large_cell_neuroendocrine")]
    assert category("betatinib", index, treatments=AFTER_FIRST, samples=tissue) == "consider"
    assert category("gammatinib", index, treatments=AFTER_FIRST, samples=tissue) == "no_rationale"
    later = [failed("alphatinib"), failed("gammatinib")]
    assert category("betatinib", index, treatments=later, samples=tissue) == "no_rationale"
