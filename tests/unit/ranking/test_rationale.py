"""The sentences of an option: what they claim is what was judged."""

from __future__ import annotations

from typing import Any

from app.knowledge.index import KnowledgeIndex
from tests.support.knowledge import (
    AFTER_SECOND,
    MET_AMPLIFICATION,
    answer_of,
    approval,
    caution,
    cells,
    drug,
    effect,
    guidance,
    knowledge,
    label,
    mechanism,
    option_of,
    options_of,
    outcome,
    sample,
    seen,
)

CIS = [sample({"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_cis_with": ["L13M"]}, "ALK L13M")]
ADVISED = guidance("after_second_generation", gammatinib="preferred")


def option(name: str, index: KnowledgeIndex, **given: Any) -> dict[str, Any]:
    return option_of(answer_of(index, **given), name)


def said(name: str, index: KnowledgeIndex, **given: Any) -> list[str]:
    return [one["text"] for one in option(name, index, **given)["rationale"]]


def test_no_evidence_is_claimed_only_where_there_is_none() -> None:
    context = {"treatments": AFTER_SECOND, "samples": [sample("ALK G11R")]}
    none = knowledge(ADVISED, effect("p.G11R", betatinib=[seen("resistant")]))
    some = knowledge(ADVISED, effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("unknown")]))
    assert said("gammatinib", none, **context)[0] == "no_evidence regimen=gammatinib alterations=ALK p.G11R"
    assert said("gammatinib", some, **context)[0] == "not_settled regimen=gammatinib alterations=ALK p.G11R"


def test_a_merged_reading_names_the_compound_and_shows_what_is_known_of_the_clone() -> None:
    index = knowledge(
        ADVISED,
        effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")]),
        effect("p.L13M", betatinib=[seen("resistant")]),
    )
    found = option("gammatinib", index, treatments=AFTER_SECOND, samples=[sample("ALK G11R", "ALK L13M")])
    texts = [one["text"] for one in found["rationale"]]
    assert "not_settled regimen=gammatinib alterations=ALK p.G11R+p.L13M" in texts
    assert "no_evidence regimen=gammatinib alterations=ALK p.G11R" not in texts
    assert any("cohort" in text for text in texts)


def test_observations_of_several_kinds_come_before_several_of_one_kind() -> None:
    kinds = ("review", "review", "review", "in_vivo", "cell_based")
    items = [seen("sensitive", basis, "D") for basis in kinds]
    index = knowledge(ADVISED, effect("p.G11R", gammatinib=items))
    shown = said("gammatinib", index, treatments=AFTER_SECOND, samples=[sample("ALK G11R")])
    about = [text for text in shown if text.startswith("In ")]
    assert [kind for kind in ("review", "in vivo", "cell based") if any(f"In {kind} " in text for text in about)] == [
        "review",
        "in vivo",
        "cell based",
    ]


def test_an_inference_says_which_parts_it_rests_on() -> None:
    both = knowledge(effect("p.G11R", gammatinib=[seen("sensitive")]), effect("p.L13M", gammatinib=[cells("reduced")]))
    one = knowledge(effect("p.G11R", gammatinib=[seen("reduced")]), effect("p.L13M", betatinib=[cells("resistant")]))
    context = {"treatments": AFTER_SECOND, "samples": CIS}
    assert said("gammatinib", both, **context)[0].startswith("inferred_from_singles")
    assert said("gammatinib", one, **context)[0] == (
        "inferred_from_some regimen=gammatinib alterations=ALK p.G11R+p.L13M known=ALK p.G11R"
    )


def test_a_caution_that_was_not_read_is_marked_and_never_a_contraindication() -> None:
    record = caution("gammatinib", "contraindicated", interaction_class="strong_cyp3a_inducer")
    told = record.model_copy(update={"cautions": (record.cautions[0].model_copy(update={"status": "unverified"}),)})
    index = knowledge(guidance("tki_naive", gammatinib="preferred", betatinib="preferred"), told)
    patient = {"co_medications": ["rifampicin"]}
    (found,) = option("gammatinib", index, patient=patient)["cautions"]
    assert (found["severity"], found["text"].split()[0]) == ("warning", "caution_unverified")
    assert options_of(answer_of(index, patient=patient))[0] == "betatinib"


def test_an_option_says_that_its_label_was_not_read_on_a_subject() -> None:
    index = knowledge(guidance("tki_naive", gammatinib="preferred"), label("gammatinib", read=False))
    (found,) = option("gammatinib", index, patient={"comorbidities": ["heart_failure"]})["cautions"]
    assert found["code"] == "label_not_read"
    assert "regimen=gammatinib" in found["text"]


def test_what_is_only_monitored_never_outweighs_the_outcome() -> None:
    advised = guidance("tki_naive", gammatinib="preferred", betatinib="preferred")
    results = outcome("gammatinib", "tki_naive", 40), outcome("betatinib", "tki_naive", 13)
    patient = {"comorbidities": ["osteoporosis"]}
    for severity, first in (("monitor", "gammatinib"), ("warning", "betatinib")):
        index = knowledge(advised, *results, caution("gammatinib", severity, comorbidity="osteoporosis"))
        assert options_of(answer_of(index, patient=patient))[0] == first


def test_a_review_without_a_date_says_so() -> None:
    pending = drug(
        "deltatinib", "after_third_generation", "investigational", approvals=[approval(status="under_review")]
    )
    index = knowledge(pending, guidance("tki_naive", deltatinib="preferred"))
    (text,) = (one for one in said("deltatinib", index, jurisdiction="US") if one.startswith("under_review"))
    assert text == "under_review_undated regimen=deltatinib jurisdiction=US"


def test_a_decision_that_was_due_before_the_day_of_the_answer_is_said_to_be_unknown() -> None:
    pending = drug(
        "deltatinib",
        "after_third_generation",
        "investigational",
        approvals=[approval(status="under_review", decision_due="2026-01-25")],
    )
    index = knowledge(pending, guidance("tki_naive", deltatinib="preferred"))
    for as_of, code in (("2026-01-25", "under_review"), ("2026-01-26", "under_review_overdue")):
        told = said("deltatinib", index, jurisdiction="US", as_of=as_of)
        assert f"{code} regimen=deltatinib jurisdiction=US date=2026-01-25" in told


def test_a_mechanism_is_told_from_the_gene_of_the_case() -> None:
    items = [seen("resistant", gene="ROS1"), seen("resistant", gene="ALK")]
    index = knowledge(ADVISED, mechanism("MET amplification", MET_AMPLIFICATION, evidence=items))
    texts = said("gammatinib", index, treatments=AFTER_SECOND, samples=[sample("MET amplification")])
    assert items[1]["summary"] in texts
    assert items[0]["summary"] not in texts


def test_what_a_drug_did_against_a_mechanism_is_graded_on_the_gene_of_the_case() -> None:
    items = [seen("sensitive", "case_report", "D", gene=gene) for gene in ("ROS1", "ALK")]
    index = knowledge(ADVISED, mechanism("MET amplification", MET_AMPLIFICATION, responses={"gammatinib": items}))
    answer = answer_of(index, treatments=AFTER_SECOND, samples=[sample("MET amplification")])
    (criteria,) = (one["criteria"] for one in answer["options"] if one["regimen_id"] == "gammatinib")
    (activity,) = (one for one in criteria if one["name"] == "molecular_activity")
    assert activity["because"] == items[1]["summary"]


def test_a_medicine_that_alone_holds_back_the_first_drug_is_named() -> None:
    index = knowledge(
        guidance("tki_naive", gammatinib="preferred", betatinib="recommended"),
        caution("gammatinib", "contraindicated", interaction_class="strong_cyp3a_inducer"),
    )
    answer = answer_of(index, patient={"co_medications": ["rifampicin"]})
    (reason,) = next(one["reasons"] for one in answer["not_recommended"] if one["regimen_id"] == "gammatinib")
    assert reason["text"].endswith("led_without_medicine regimen=gammatinib name=rifampicin")
