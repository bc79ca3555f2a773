"""One regimen in one situation, before anything is compared."""

from __future__ import annotations

from typing import Any

import pytest

from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import SafetyRecord
from app.ranking.assessment import Assessment, assess
from tests.support.knowledge import (
    AFTER_SECOND,
    MET_AMPLIFICATION,
    approval,
    caution,
    cells,
    drug,
    effect,
    guidance,
    knowledge,
    label,
    mechanism,
    outcome,
    regimen,
    sample,
    seen,
    situation_of,
)


def judged(
    name: str, index: KnowledgeIndex, *findings: Any, treatments: list[dict[str, Any]] | None = None, **more: Any
) -> Assessment:
    samples = [sample(*findings)] if findings else []
    situation = situation_of(
        index, treatments=AFTER_SECOND if treatments is None else treatments, samples=samples, **more
    )
    return assess(next(one for one in index.regimens["ALK"] if one.id == name), situation, index)


# --- molecular standing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("items", "standing"),
    [
        ([seen("sensitive")], "active_clinical"),
        ([seen("sensitive", "case_report", "D")], "active_case"),
        ([cells("sensitive")], "active_preclinical"),
        ([seen("reduced")], "reduced"),
        ([cells("resistant")], "resistant"),
        ([seen("unknown")], "unknown"),
        ([seen("resistant", "case_report", "D"), cells("sensitive")], "resistant"),
        ([seen("sensitive", "trial", "B"), seen("resistant", "case_report", "D")], "active_clinical"),
        ([seen("resistant", status="unverified", level="E"), cells("sensitive")], "active_preclinical"),
    ],
)
def test_the_weightiest_observation_gives_the_standing(items: list[dict[str, Any]], standing: str) -> None:
    index = knowledge(effect("p.G11R", betatinib=[seen("resistant")], gammatinib=items))
    assert judged("gammatinib", index, "ALK G11R").molecular == standing


def test_guidance_carries_a_drug_whose_molecular_support_is_weaker() -> None:
    index = knowledge(
        effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("reduced")]),
        guidance("after_second_generation", gammatinib="recommended"),
    )
    assert judged("gammatinib", index, "ALK G11R").molecular == "guideline_only"


def test_guidance_does_not_carry_a_drug_that_the_clone_resists() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[cells("resistant")]), guidance("after_second_generation", gammatinib="recommended")
    )
    assert judged("gammatinib", index, "ALK G11R").molecular == "resistant"


def test_the_worst_clone_decides() -> None:
    index = knowledge(effect("p.G11R", gammatinib=[seen("sensitive")]), effect("p.L13M", gammatinib=[seen("reduced")]))
    apart = {"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_trans_with": ["L13M"]}
    assert judged("gammatinib", index, apart, "ALK L13M").molecular == "reduced"


def test_a_compound_clone_uses_its_own_evidence() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("resistant")]),
        effect("p.G11R", "p.L13M", gammatinib=[seen("sensitive", "case_report", "D")]),
    )
    joined = {"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_cis_with": ["L13M"]}
    assert judged("gammatinib", index, joined, "ALK L13M").molecular == "active_case"


def test_a_compound_clone_without_evidence_is_as_bad_as_its_worst_part_and_only_inferred() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("sensitive")]), effect("p.L13M", gammatinib=[seen("resistant")])
    )
    joined = {"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_cis_with": ["L13M"]}
    ((_, call),) = judged("gammatinib", index, joined, "ALK L13M").calls
    assert (call.activity, call.level, call.clinical, call.inferred_from) == ("resistant", "E", False, ("p.L13M",))


def test_of_two_readings_of_the_phase_the_worse_is_used() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("sensitive")]),
        effect("p.L13M", gammatinib=[seen("sensitive")]),
        effect("p.G11R", "p.L13M", gammatinib=[cells("resistant")]),
    )
    found = judged("gammatinib", index, "ALK G11R", "ALK L13M")
    assert (found.molecular, found.resistant_throughout) == ("resistant", False)


def test_resistance_closes_the_gate_only_under_every_reading() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("resistant")]),
        effect("p.L13M", gammatinib=[seen("sensitive")]),
        effect("p.G11R", "p.L13M", gammatinib=[seen("sensitive")]),
    )
    assert judged("gammatinib", index, "ALK G11R").resistant_throughout is True
    assert judged("gammatinib", index, "ALK G11R", "ALK L13M").resistant_throughout is False


@pytest.mark.parametrize(
    ("items", "strong"),
    [
        ([seen("resistant", "case_report", "D")], True),
        ([cells("resistant")], False),
        ([cells("resistant"), cells("resistant")], False),
        ([cells("resistant"), cells("resistant", citation="poe-2021")], True),
        ([cells("resistant"), cells("resistant", citation="poe-2021"), cells("sensitive")], False),
    ],
)
def test_resistance_in_models_is_strong_when_two_sources_agree_and_none_contradicts(
    items: list[dict[str, Any]], strong: bool
) -> None:
    index = knowledge(effect("p.G11R", gammatinib=items))
    found = judged("gammatinib", index, "ALK G11R")
    assert found.overall is not None
    assert found.overall.strong is strong


def test_a_combination_is_judged_by_its_driver_inhibitor_and_by_the_mechanism() -> None:
    both = regimen("gammatinib+metinib", "combination", "gammatinib", "metinib")
    met = mechanism("MET amplification", MET_AMPLIFICATION, responses={"gammatinib+metinib": [seen("sensitive")]})
    index = knowledge(both, met, effect("p.G11R", gammatinib=[seen("resistant")]))
    assert judged("gammatinib+metinib", index, "MET amplification").molecular == "active_clinical"
    assert judged("gammatinib+metinib", index, "MET amplification", "ALK G11R").molecular == "resistant"
    assert judged("gammatinib+metinib", index, "EML4::ALK").molecular == "unknown"


def test_a_drug_that_covers_the_kinase_covers_a_bypassed_tumour_only_in_part() -> None:
    index = knowledge(
        effect("p.G11R", gammatinib=[seen("sensitive")]), mechanism("MET amplification", MET_AMPLIFICATION)
    )
    assert judged("gammatinib", index, "ALK G11R", "MET amplification").molecular == "partial"


def test_a_bypass_with_weak_evidence_lowers_nothing() -> None:
    weak = mechanism("MET amplification", MET_AMPLIFICATION, evidence=[cells("resistant")])
    index = knowledge(effect("p.G11R", gammatinib=[seen("sensitive")]), weak)
    assert judged("gammatinib", index, "ALK G11R", "MET amplification").molecular == "active_clinical"


# --- guidance ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        ({}, True),
        ({"resistance": ["not_assessable"]}, True),
        ({"resistance": ["on_target"]}, False),
        ({"failed_any": ["alphatinib", "betatinib"]}, True),
        ({"failed_any": ["alphatinib"]}, False),
        ({"not_failed": ["alphatinib"]}, True),
        ({"not_failed": ["betatinib"]}, False),
        ({"brain_metastases": False}, True),
        ({"brain_metastases": True}, False),
        ({"disease": "advanced"}, True),
        ({"disease": "adjuvant"}, False),
        ({"histology": ["squamous"]}, False),
        ({"jurisdictions": ["US"]}, True),
        ({"jurisdictions": ["CN"]}, False),
    ],
)
def test_guidance_counts_where_its_conditions_hold(when: dict[str, Any], holds: bool) -> None:
    index = knowledge(guidance("after_second_generation", gammatinib={"standing": "recommended", "when": when}))
    assert (judged("gammatinib", index, jurisdiction="US").standing == "recommended") is holds


def test_guidance_that_nobody_read_does_not_count() -> None:
    index = knowledge(
        guidance("after_second_generation", gammatinib={"standing": "recommended", "status": "unverified"})
    )
    assert judged("gammatinib", index).standing == "none"


# --- approval ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approvals", "regulatory", "standing_of"),
    [
        ([approval("US")], "approved_here_for_setting", "licensed"),
        ([approval("US", status="conditional")], "approved_here_for_setting", "licensed"),
        ([approval("US", settings=["tki_naive"])], "approved_here", "off_label"),
        ([approval("CN")], "approved_elsewhere", "unavailable"),
        ([approval("US", gene="ROS1")], "off_label", "off_label"),
        ([approval("US", status="under_review")], "under_review", "investigational"),
        ([approval("CN"), approval("US", status="under_review")], "approved_elsewhere", "investigational"),
        ([approval("US", status="withdrawn")], "none", "unavailable"),
        ([approval("US", start="2026-02")], "none", "unavailable"),
        ([approval("US", start="2026-01")], "approved_here_for_setting", "licensed"),
        ([approval("US", start="2026-01-20")], "approved_here_for_setting", "licensed"),
        ([approval("US", start="2026-01-21")], "none", "unavailable"),
        ([approval("US", end="2026-01-20")], "none", "unavailable"),
        ([approval("US", end="2026-01-21")], "approved_here_for_setting", "licensed"),
        ([approval("US", disease="adjuvant")], "none", "unavailable"),
        ([], "none", "unavailable"),
    ],
)
def test_approval_is_read_where_and_when_the_case_is(
    approvals: list[dict[str, Any]], regulatory: str, standing_of: str
) -> None:
    index = knowledge(drug("gammatinib", "after_third_generation", approvals=approvals))
    found = judged("gammatinib", index, jurisdiction="US")
    assert (found.regulatory, found.standing_of) == (regulatory, standing_of)


def test_without_a_jurisdiction_an_approval_anywhere_counts() -> None:
    index = knowledge(drug("gammatinib", "after_third_generation", approvals=[approval("CN")]))
    assert judged("gammatinib", index).standing_of == "licensed"


# --- safety -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "patient", "brought_up"),
    [
        ({"pregnant": True}, {"pregnant": True}, True),
        ({"pregnant": True}, {"pregnant": False}, False),
        ({"comorbidity": "bradycardia"}, {"comorbidities": ["bradycardia"]}, True),
        ({"comorbidity": "bradycardia"}, {"comorbidities": ["seizures"]}, False),
        ({"interaction_class": "strong_cyp3a_inducer"}, {"co_medications": ["rifampin"]}, True),
        ({"interaction_class": "strong_cyp3a_inducer"}, {"co_medications": ["aspirin"]}, False),
        ({"ecog_at_least": 2}, {"ecog": 2}, True),
        ({"ecog_at_least": 2}, {"ecog": 1}, False),
        ({"ecog_at_least": 0}, {}, False),
        ({}, {}, True),
    ],
)
def test_cautions_are_those_that_the_patient_brings_up(
    when: dict[str, Any], patient: dict[str, Any], brought_up: bool
) -> None:
    index = knowledge(caution("gammatinib", "warning", **when))
    assert bool(judged("gammatinib", index, patient=patient).cautions) is brought_up


@pytest.mark.parametrize(("given", "brought_up"), [("chemotherapy", True), ("betatinib", False)])
def test_a_caution_may_ask_what_was_given_before(given: str, brought_up: bool) -> None:
    index = knowledge(caution("gammatinib", "warning", after_class="chemotherapy"))
    found = judged("gammatinib", index, treatments=[{"drugs": given, "stop_reason": "progression"}])
    assert bool(found.cautions) is brought_up


def test_a_combination_has_the_cautions_of_its_parts() -> None:
    index = knowledge(
        regimen("gammatinib+x", "combination", "gammatinib", "x"),
        caution("gammatinib", "contraindicated", pregnant=True),
    )
    assert [one.severity for one, _ in judged("gammatinib+x", index, patient={"pregnant": True}).cautions] == [
        "contraindicated"
    ]


def test_the_result_that_decides_is_that_of_the_setting() -> None:
    index = knowledge(outcome("gammatinib", "after_second_generation", months=7.0, ic_orr=50))
    found, elsewhere = judged("gammatinib", index), judged("gammatinib", index, treatments=[])
    assert found.outcome is not None
    assert found.cns is not None
    assert (elsewhere.outcome, elsewhere.cns) == (None, None)


# --- silence ----------------------------------------------------------------------------------------------------


def test_guidance_carries_no_drug_over_a_clone_that_defeats_its_like() -> None:
    """``deltatinib`` stands in the sequence where ``gammatinib`` stands."""
    advised = guidance("after_second_generation", gammatinib="preferred")
    unstudied = knowledge(advised, effect("p.G11R", betatinib=[seen("resistant")]))
    defeated = knowledge(advised, effect("p.G11R", deltatinib=[seen("resistant")]))
    assert judged("gammatinib", unstudied, "ALK G11R").molecular == "guideline_only"
    assert judged("gammatinib", defeated, "ALK G11R").molecular == "unknown"


def test_a_residue_that_tells_two_drugs_apart_makes_them_no_like() -> None:
    alike = drug("epsilonib", "after_third_generation")
    new = effect("p.G11K", gammatinib=[seen("resistant")])
    neighbour = effect("p.G11R", gammatinib=[seen("resistant")], epsilonib=[seen("sensitive")])
    told = guidance("after_second_generation", epsilonib="preferred", gammatinib="preferred")
    elsewhere = effect("p.L13M", gammatinib=[seen("resistant")], epsilonib=[seen("sensitive")])
    for other, grade in ((neighbour, "guideline_only"), (elsewhere, "unknown")):
        assert judged("epsilonib", knowledge(alike, told, new, other), "ALK G11K").molecular == grade


def test_what_one_change_undoes_of_another_is_not_the_worst_of_the_two() -> None:
    index = knowledge(
        effect("p.G11R", alphatinib=[seen("resistant")]),
        effect("p.L13M", alphatinib=[seen("sensitive")], resensitises=["alphatinib"]),
    )
    assert index.call("ALK", ("p.G11R", "p.L13M"), "alphatinib").activity == "unknown"


def test_a_part_that_the_drug_covers_does_not_count_against_it() -> None:
    index = knowledge(
        guidance("after_second_generation", gammatinib="preferred"),
        effect("p.G11R", deltatinib=[seen("resistant")], gammatinib=[seen("sensitive")]),
        effect("p.L13M", betatinib=[seen("resistant")]),
    )
    pair = {"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_cis_with": ["L13M"]}
    assert judged("gammatinib", index, pair, "ALK L13M").molecular == "guideline_only"


RIFAMPICIN = {"co_medications": ["rifampicin"]}


def reported(drug: str, /, **when: Any) -> SafetyRecord:
    """A label of which one caution is told and was not read."""
    record = caution(drug, "contraindicated", **when)
    return record.model_copy(update={"cautions": (record.cautions[0].model_copy(update={"status": "unverified"}),)})


def test_a_caution_that_was_not_read_leaves_the_subject_open() -> None:
    index = knowledge(reported("gammatinib", interaction_class="strong_cyp3a_inducer"))
    found = judged("gammatinib", index, patient=RIFAMPICIN)
    assert (len(found.cautions), len(found.unverified), found.unread) == (0, 1, ())


def test_what_was_read_settles_what_is_only_told() -> None:
    told = reported("gammatinib", interaction_class="strong_cyp3a_inducer")
    read = caution("gammatinib", "warning", interaction_class="strong_cyp3a_inducer")
    both = told.model_copy(update={"cautions": (*told.cautions, *read.cautions)})
    found = judged("gammatinib", knowledge(both), patient=RIFAMPICIN)
    assert (len(found.cautions), found.unverified) == (1, ())


@pytest.mark.parametrize(
    ("read", "patient", "unread"),
    [
        (True, RIFAMPICIN, ()),
        (False, RIFAMPICIN, ("rifampicin",)),
        (False, {"comorbidities": ["pancreatitis"]}, ("pancreatitis",)),
        (True, {"comorbidities": ["pancreatitis"]}, ()),
        (True, {"pregnant": True}, ("pregnancy",)),
        (False, {}, ()),
    ],
)
def test_the_silence_of_a_label_means_something_only_when_it_was_read(
    read: bool, patient: dict[str, Any], unread: tuple[str, ...]
) -> None:
    """On pregnancy no label is silent, so silence there means that the section was not read."""
    assert judged("gammatinib", knowledge(label("gammatinib", read=read)), patient=patient).unread == unread


# --- disease without metastases ---------------------------------------------------------------------------------

CHEMORADIATION = [{"drugs": [{"name": "60 Gy", "class": "radiotherapy"}], "stop_reason": "completed"}]
UNTREATED: list[dict[str, Any]] = []


@pytest.mark.parametrize(
    ("stage", "treatments", "months"),
    [
        ("IV", UNTREATED, "24.0"),
        ("IIB", UNTREATED, "31.0"),
        ("IIIA", UNTREATED, "32.0"),
        ("IB", UNTREATED, None),
        ("IIIA", CHEMORADIATION, "41.0"),
        ("IIIB", CHEMORADIATION, "41.0"),
        ("I", CHEMORADIATION, None),
    ],
)
def test_a_result_counts_only_in_the_disease_and_the_stages_that_were_studied(
    stage: str, treatments: list[dict[str, Any]], months: str | None
) -> None:
    studied = [
        outcome("gammatinib", "tki_naive", months=24.0),
        outcome("gammatinib", "tki_naive", months=31.0, disease="adjuvant", stages=["II"]),
        outcome("gammatinib", "tki_naive", months=32.0, disease="adjuvant", stages=["IIIA"]),
        outcome("gammatinib", "tki_naive", months=41.0, disease="consolidation", stages=["III"]),
        outcome("gammatinib", "tki_naive", months=99.0, disease="adjuvant", status="unverified"),
    ]
    whole = studied[0].model_copy(update={"results": tuple(one for record in studied for one in record.results)})
    found = judged("gammatinib", knowledge(whole), treatments=treatments, disease={"stage": stage}).outcome
    assert (None if found is None else found.summary.split()[2]) == months


@pytest.mark.parametrize(
    ("stage", "treatments", "standing"),
    [
        ("IV", UNTREATED, "none"),
        ("IIIA", UNTREATED, "preferred"),
        ("IA", UNTREATED, "preferred"),
        ("IIB", UNTREATED, "none"),
        ("IIIA", CHEMORADIATION, "alternative"),
        ("IIIC", CHEMORADIATION, "alternative"),
        ("IIB", CHEMORADIATION, "none"),
    ],
)
def test_advice_after_a_resection_and_after_radiotherapy_are_kept_apart(
    stage: str, treatments: list[dict[str, Any]], standing: str
) -> None:
    adjuvant = {"standing": "preferred", "when": {"disease": "adjuvant", "stages": ["I", "IIIA"]}}
    after_radiotherapy = {"standing": "alternative", "when": {"disease": "consolidation", "stages": ["III"]}}
    records = [guidance("tki_naive", gammatinib=one) for one in (adjuvant, after_radiotherapy)]
    both = records[0].model_copy(update={"statements": tuple(one for record in records for one in record.statements)})
    index = knowledge(both)
    assert judged("gammatinib", index, treatments=treatments, disease={"stage": stage}).standing == standing
