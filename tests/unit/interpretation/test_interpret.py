"""A whole case, read: the state of resistance, the flags, the next tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from app.domain.interpretation import Interpretation
from tests.support import real
from tests.support.knowledge import (
    MET_AMPLIFICATION,
    codes_of,
    effect,
    failed,
    interpretation_of,
    knowledge,
    mechanism,
    sample,
    seen,
)

INDEX = knowledge(
    effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")]),
    effect("p.L13M", betatinib=[seen("resistant")]),
    mechanism("MET amplification", MET_AMPLIFICATION, next_tests=["met_fish"]),
    mechanism("KIT amplification", {"type": "copy_number", "gene": "KIT", "change": "amplification"}),
    mechanism("small cell", {"type": "histology", "histology": "small_cell"}, kind="phenotype"),
    mechanism("TP53 mutation", {"type": "small_variant", "gene": "TP53"}, kind="risk_marker"),
    mechanism("RB1 mutation", {"type": "small_variant", "gene": "RB1"}, kind="risk_marker"),
)
FAILED = [failed("betatinib", started="2023-01-01", ended="2024-06-01")]
NOW = "2024-06-05"


def read(*samples: dict[str, Any], treatments: list[dict[str, Any]] = FAILED, **more: Any) -> Interpretation:
    return interpretation_of(INDEX, treatments=treatments, samples=list(samples), **more)


def flags(*samples: dict[str, Any], **more: Any) -> list[str]:
    return codes_of(read(*samples, **more).flags)


def next_tests(*samples: dict[str, Any], **more: Any) -> list[str]:
    return codes_of(read(*samples, **{"disease": {"brain_metastases": False}, **more}).next_tests)


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ([], "not_assessable"),
        ([sample(collected=NOW)], "not_assessable"),
        ([sample(collected=NOW, ctdna_detected=False)], "not_assessable"),
        ([sample("ALK G11R", collected="2023-02-01")], "not_assessable"),
        ([sample("EML4::ALK", collected=NOW)], "none_detected"),
        ([sample("ALK G12K", collected=NOW)], "none_detected"),
        ([sample("TP53 R5K", collected=NOW)], "none_detected"),
        ([sample("ALK G11R", collected=NOW)], "on_target"),
        ([sample("MET amplification", collected=NOW)], "off_target"),
        ([sample("MET amplification", "ALK G11R", collected=NOW)], "on_and_off_target"),
        ([sample(collected=NOW, specimen="tissue", histology="small_cell")], "histologic_transformation"),
        ([sample("ALK G11R", collected=NOW, specimen="tissue", histology="small_cell")], "histologic_transformation"),
        ([sample(collected="2023-02-01", specimen="tissue", histology="small_cell")], "not_assessable"),
    ],
)
def test_the_state_of_resistance(given: list[dict[str, Any]], state: str) -> None:
    assert read(*given).situation.resistance == state


def test_without_failure_there_is_no_resistance_yet() -> None:
    assert read(sample("EML4::ALK"), treatments=[]).situation.resistance == "none_yet"


def test_a_small_cell_tumour_from_the_start_is_no_transformation() -> None:
    found = read(sample(collected=NOW, specimen="tissue", histology="small_cell"), histology="small_cell")
    assert found.situation.resistance == "none_detected"


def test_the_decisive_samples_are_named() -> None:
    assert read(sample("EML4::ALK", collected=NOW, sample_id="P")).decisive_samples == ("P",)


def test_a_variant_without_evidence_is_reported_and_never_counted() -> None:
    found = read(sample("ALK G12K", "EML4::ALK", collected=NOW))
    assert "variant_of_unknown_significance" in codes_of(found.flags)
    assert found.situation == read(sample("EML4::ALK", collected=NOW)).situation


def test_an_unknown_gene_is_warned_of_and_never_counted() -> None:
    found = read(sample("FOO1 R5K", "EML4::ALK", collected=NOW))
    assert "unknown_gene" in codes_of(found.warnings)
    assert found.situation == read(sample("EML4::ALK", collected=NOW)).situation


def test_a_cleared_mutation_is_archived() -> None:
    found = read(sample("ALK G11R", "EML4::ALK", collected="2024-01-01"), sample("EML4::ALK", collected=NOW))
    assert found.situation.archived == (("p.G11R",),)
    assert "archived_resistance" in codes_of(found.flags)


@pytest.mark.parametrize(
    "now", [sample(collected=NOW), sample("MET amplification", collected=NOW, assay={"genes_covered": ["MET"]})]
)
def test_what_no_later_sample_could_show_is_not_archived(now: dict[str, Any]) -> None:
    assert read(sample("ALK G11R", "EML4::ALK", collected="2024-01-01"), now).situation.archived == ()


def test_a_finding_of_the_decisive_sample_has_its_role_though_an_earlier_one_was_germline() -> None:
    germline = {"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "germline": True}
    found = read(sample(germline, "EML4::ALK", collected="2023-02-01"), sample("ALK G11R", collected=NOW))
    assert found.situation.resistance == "on_target"


@pytest.mark.parametrize(
    ("given", "flag"),
    [
        ([sample({"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_cis_with": ["L13M"]}, "ALK L13M")], "compound_mutation"),
        ([sample("ALK G11R", "ALK L13M")], "phase_unknown"),
        ([sample("ALK G11R", "ALK L13M")], "polyclonal_resistance"),
        ([sample("EML4::ALK 4%", "ALK G11R 3%", "ALK L13M 3%")], "phase_hint"),
        ([sample("MET amplification")], "off_target_resistance"),
        ([sample(specimen="tissue", histology="small_cell")], "histologic_transformation"),
        ([sample("EML4::ALK")], "no_resistance_mechanism_found"),
        ([sample()], "non_informative_sample"),
        ([sample("ALK G11R", collected="2023-02-01")], "sample_outdated"),
        ([sample("ALK G11K")], "analogous_variant"),
        ([sample("ALK H32R")], "outside_kinase_domain"),
        ([sample("TP53 R5K")], "risk_marker"),
        ([sample("MET amplification")], "driver_not_detected"),
        ([sample("EML4::ROS1")], "driver_conflict"),
        ([sample("EML4::ALK", assay={"not_covered": ["KRAS"]})], "not_covered"),
        ([sample("EML4::ALK", assay={"genes_covered": ["KRAS"]})], "not_covered"),
        ([sample("ALK G11R", specimen="tissue"), sample("EML4::ALK")], "discordant_samples"),
    ],
)  # fmt: skip
def test_flags(given: list[dict[str, Any]], flag: str) -> None:
    assert flag in flags(*given)
    assert flag not in flags(sample("EML4::ALK", "ALK G11R")), "the flag is raised without its cause"


def test_progression_in_the_brain_is_flagged_and_counts_as_disease_there() -> None:
    found = read(treatments=[failed("betatinib", progression_sites=["brain"])])
    assert "cns_progression" in codes_of(found.flags)
    assert found.situation.cns_disease is True


@pytest.mark.parametrize(
    ("sites", "raised"), [(["liver"], True), (["liver", "bone"], True), (["liver", "bone", "lung"], False), ([], False)]
)
def test_progression_at_few_sites_is_flagged(sites: list[str], raised: bool) -> None:
    assert ("oligoprogression" in flags(treatments=[failed("betatinib", progression_sites=sites)])) is raised


def test_local_therapy_beside_an_inhibitor_is_named_only_where_one_was_given() -> None:
    chemotherapy = [{"drugs": "chemotherapy", "stop_reason": "progression", "progression_sites": ["brain"]}]
    assert "oligoprogression" not in flags(treatments=chemotherapy)
    assert "cns_progression" in flags(treatments=chemotherapy)
    assert "oligoprogression" in flags(treatments=[{**FAILED[0], "progression_sites": ["brain"]}])


@pytest.mark.parametrize(("ecog", "raised"), [(None, False), (2, False), (3, True), (4, True)])
def test_a_poor_status_is_said(ecog: int | None, raised: bool) -> None:
    assert ("poor_performance_status" in flags(patient={"ecog": ecog})) is raised


def test_a_fusion_seen_after_drugs_aimed_at_another_driver_may_be_acquired() -> None:
    index = real.index()
    beside = {"samples": [sample("EGFR L858R", "EML4::ALK")]}
    for history, code in (([], "co_driver"), ([failed("osimertinib")], "driver_acquired")):
        read = interpretation_of(index, treatments=history, **beside)
        assert {"co_driver", "driver_acquired"} & set(codes_of(read.flags)) == {code}


@pytest.mark.parametrize(
    ("response", "then", "original"),
    [
        ("PR", "KRAS G12D 5%", True),
        ("PD", "KRAS G12D 5%", False),
        ("PR", "KRAS G12D 40%", False),
        (None, "KRAS G12D 5%", False),
    ],
)
def test_what_the_tumour_carried_while_it_responded_is_a_second_driver_unless_it_gained(
    response: str | None, then: str, original: bool
) -> None:
    course = {"drugs": "crizotinib", "started": "2022-01-01", "ended": "2023-06-01", "stop_reason": "progression"}
    found = interpretation_of(
        real.index(),
        driver={"gene": "ROS1", "partner": "CD74"},
        treatments=[{**course, "best_response": response} if response else course],
        samples=[
            sample("CD74::ROS1 5%", "KRAS G12D 5%", collected="2021-12-20"),
            sample("CD74::ROS1 5%", then, collected="2023-06-03"),
        ],
    )
    assert found.situation.second_driver == original
    assert ("co_driver" in codes_of(found.flags), "off_target_resistance" in codes_of(found.flags)) == (
        original,
        not original,
    )


@pytest.mark.parametrize(
    ("sites", "alone"),
    [(["brain"], True), (["brain", "leptomeninges"], True), (["brain", "liver"], False), ([], False)],
)
def test_progression_in_the_central_nervous_system_alone_is_known(sites: list[str], alone: bool) -> None:
    found = interpretation_of(real.index(), treatments=[failed("alectinib", progression_sites=sites)])
    assert found.situation.cns_only == alone
    assert ("leptomeningeal_progression" in codes_of(found.flags)) == ("leptomeninges" in sites)


@pytest.mark.parametrize(
    ("stated", "found", "conflict"),
    [
        ("KIF5B", ["EML4::ALK"], True),
        ("EML4", ["EML4::ALK"], False),
        ("KIF5B", ["EML4::ALK", "KIF5B::ALK"], False),
        ("KIF5B", ["ALK fusion"], False),
        (None, ["EML4::ALK"], False),
    ],
)
def test_another_partner_than_the_one_stated_is_flagged(stated: str | None, found: list[str], conflict: bool) -> None:
    driver = {"gene": "ALK", "partner": stated} if stated else {"gene": "ALK"}
    read_so = interpretation_of(real.index(), driver=driver, samples=[sample(*found)])
    assert ("driver_conflict" in codes_of(read_so.flags)) == conflict


def test_a_second_driver_that_only_an_outdated_sample_showed_was_there_from_the_start() -> None:
    read = interpretation_of(
        real.index(),
        treatments=[failed("osimertinib", ended="2024-01-01")],
        samples=[sample("EGFR L858R", "EML4::ALK", collected="2020-01-01")],
    )
    assert {"co_driver", "driver_acquired"} & set(codes_of(read.flags)) == {"co_driver"}
    assert read.situation.second_driver


@pytest.mark.parametrize(("treatments", "raised"), [([], True), ([failed("alectinib")], False)])
def test_a_change_of_the_driver_gene_stands_for_its_fusion_only_under_an_inhibitor(
    treatments: list[dict[str, Any]], raised: bool
) -> None:
    read = interpretation_of(real.index(), treatments=treatments, samples=[sample("ALK L1152R 9%")])
    assert ("driver_not_detected" in codes_of(read.flags)) == raised
    assert ("rna_fusion_assay" in codes_of(read.next_tests)) == raised


@pytest.mark.parametrize(
    ("stage", "raised"), [("IIA", True), ("IIIA", True), ("IIIB", True), ("IV", False), ("IVB", False)]
)
def test_a_stage_before_the_fourth_is_flagged_until_an_inhibitor_has_failed(stage: str, raised: bool) -> None:
    assert ("early_stage" in flags(disease={"stage": stage}, treatments=[])) is raised
    assert "early_stage" not in flags(disease={"stage": stage})


@pytest.mark.parametrize(
    ("stage", "early"),
    [
        ("0", "0"),
        ("I", "I"),
        ("IA3", "IA"),
        ("IB", "IB"),
        ("IIB", "II"),
        ("IIIA", "IIIA"),
        ("IIIB", None),
        ("III", None),
        ("IVA", None),
    ],
)
def test_early_disease_is_known_by_its_stage_at_the_first_treatment(stage: str, early: str | None) -> None:
    assert read(disease={"stage": stage}, treatments=[]).situation.early == early
    held = {"drugs": ["betatinib"], "started": "2024-01-01", "ended": "2024-06-01"}
    for reason in ("completed", "toxicity", "other"):
        assert read(disease={"stage": stage}, treatments=[{**held, "stop_reason": reason}]).situation.early == early
    assert read(disease={"stage": stage}).situation.early is None


@pytest.mark.parametrize(
    ("stage", "early"), [("IIIA", "IIIA"), ("III", "III"), ("IIIB", "IIIB"), ("IIIC1", "IIIC"), ("IV", None)]
)
def test_irradiated_disease_without_metastases_is_known_until_it_comes_back(stage: str, early: str | None) -> None:
    line = {"drugs": [{"name": "60 Gy", "class": "radiotherapy"}], "stop_reason": "completed"}
    found = read(disease={"stage": stage}, treatments=[line])
    assert (found.situation.early, found.situation.irradiated) == (early, early is not None)
    assert ("consolidation" in codes_of(found.flags)) is (early is not None)
    for later in (
        {**line, "progression_sites": ["bone"]},
        {**line, "stop_reason": "progression"},
        {**line, "best_response": "PD"},
    ):
        back = read(disease={"stage": stage}, treatments=[later]).situation
        assert (back.early, back.irradiated) == (None, False)
    inhibited = read(disease={"stage": stage}, treatments=[line, {"drugs": ["betatinib"], "stop_reason": "toxicity"}])
    assert (inhibited.situation.early, inhibited.situation.irradiated) == (early, early is not None)
    failing = read(disease={"stage": stage}, treatments=[line, failed("betatinib")])
    assert (failing.situation.early, failing.situation.irradiated) == (None, False)


def test_only_inhibitors_of_the_driver_that_ended_unharmed_are_told_to_have_ended() -> None:
    line = {"drugs": ["betatinib", "carboplatin"], "stop_reason": "completed"}
    assert read(treatments=[line]).situation.ended == (("betatinib", "0"),)


def test_an_inhibitor_without_a_sign_of_failing_is_settled() -> None:
    ongoing = {"drugs": ["betatinib"], "started": "2024-01-01"}
    assert read(treatments=[ongoing]).situation.settled is True
    assert "ongoing_without_progression" in flags(treatments=[ongoing])
    assert read(sample("ALK G11R", collected="2024-06-01"), treatments=[ongoing]).situation.settled is False
    grows = read(treatments=[{**ongoing, "progression_sites": ["bone"]}])
    assert grows.situation.settled is False
    assert (dict(grows.situation.failed), grows.situation.ongoing) == ({"betatinib": "1"}, ())


def test_a_sample_from_before_a_failing_line_that_has_no_end_is_of_the_past() -> None:
    grows = {"drugs": ["betatinib"], "started": "2024-01-01", "progression_sites": ["bone"]}
    before, after = sample("ALK G11R", collected="2023-12-01"), sample("ALK G11R", collected="2024-06-01")
    assert read(before, treatments=[grows]).situation.resistance == "not_assessable"
    assert read(after, treatments=[grows]).situation.resistance == "on_target"


def test_a_bypass_alone_gives_no_reason_to_exchange_an_inhibitor_but_is_told() -> None:
    ongoing = {"drugs": ["betatinib"], "started": "2024-01-01"}
    found = read(sample("MET amplification", collected="2024-06-01", specimen="tissue"), treatments=[ongoing])
    assert found.situation.settled is True
    flag = next(one for one in found.flags if one.code == "early_molecular_progression")
    assert dict(flag.values)["specimens"] == "specimen_tissue"
    assert "ongoing_without_progression" not in codes_of(found.flags)


@pytest.mark.parametrize("reason", ["completed", "patient_choice", "toxicity", "other"])
def test_a_tumour_may_come_back_changed_whatever_ended_the_inhibitor(reason: str) -> None:
    ended = {"drugs": ["betatinib"], "started": "2022-01-01", "ended": "2024-01-01", "stop_reason": reason}
    tissue = sample("EML4::ALK", collected=NOW, specimen="tissue", histology="small_cell")
    found = read(tissue, treatments=[ended], histology="adenocarcinoma")
    assert found.situation.resistance == "histologic_transformation"


def test_a_histology_stated_for_the_disease_alone_leaves_the_relapse_open() -> None:
    stated = {"histology": "small_cell"}
    assert "histology_unclear" in flags(sample("ALK G11R", collected=NOW), **stated)
    assert "histology_review" in next_tests(sample("ALK G11R", collected=NOW), **stated)
    assert "histology_unclear" not in flags(sample("ALK G11R", collected=NOW), histology="adenocarcinoma")
    assert "histology_unclear" not in flags(sample("EML4::ALK"), treatments=[], **stated)
    tissue = sample("ALK G11R", collected=NOW, specimen="tissue", histology="small_cell")
    assert "histology_unclear" not in flags(tissue, **stated)


@pytest.mark.parametrize(
    ("stated", "seen", "raised"),
    [
        ("adenocarcinoma", "adenosquamous", True),
        ("small_cell", "adenocarcinoma", True),
        ("adenocarcinoma", "adenocarcinoma", False),
        ("adenocarcinoma", "nsclc_nos", False),
        ("nsclc_nos", "squamous", False),
        (None, "squamous", False),
    ],
)
@pytest.mark.parametrize("treatments", [FAILED, []])
def test_a_sample_that_differs_from_the_diagnosis_is_never_invisible(
    stated: str | None, seen: str, raised: bool, treatments: list[dict[str, Any]]
) -> None:
    tissue = sample("ALK G11R", collected=NOW, specimen="tissue", histology=seen)
    stating = {"histology": stated} if stated else {}
    assert ("histology_unclear" in flags(tissue, treatments=treatments, **stating)) is raised
    assert ("histology_review" in next_tests(tissue, treatments=treatments, **stating)) is raised


def test_tissue_that_shows_the_change_needs_no_review() -> None:
    changed = sample("TP53 R5K", "RB1 R5K", collected=NOW, specimen="tissue", histology="small_cell")
    assert "histologic_transformation" in flags(changed)
    assert "histology_review" not in next_tests(changed)


def test_places_are_named_in_the_language_asked_for() -> None:
    found = read(treatments=[failed("betatinib", progression_sites=["lymph_nodes"])], language="zh-CN")
    flag = next(one for one in found.flags if one.code == "oligoprogression")
    assert dict(flag.values)["sites"] == "中文 site_lymph_nodes"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([sample()], ["tissue_biopsy", "repeat_ctdna"]),
        ([], ["tissue_biopsy", "repeat_ctdna"]),
        ([sample("EML4::ALK")], ["tissue_biopsy"]),
        ([sample("EML4::ALK", specimen="tissue")], ["broad_ngs"]),
        ([sample("MET amplification", "EML4::ALK")], ["tissue_biopsy", "met_fish"]),
        ([sample("KIT amplification", "EML4::ALK")], ["tissue_biopsy"]),
        ([sample("KIT amplification")], ["tissue_biopsy", "rna_fusion_assay"]),
        ([sample("ALK G11R", "ALK L13M")], ["phase_assay"]),
        ([sample("ALK G11R")], []),
        ([sample("TP53 R5K", "RB1 R5K", "ALK G11R")], ["histology_review"]),
        ([sample("TP53 R5K", "ALK G11R")], []),
        ([sample("EML4::ROS1", "ALK G11R")], ["rna_fusion_assay"]),
    ],
)
def test_the_next_tests_follow_from_what_is_missing(given: list[dict[str, Any]], wanted: list[str]) -> None:
    assert next_tests(*given) == wanted


def test_an_image_of_the_brain_is_asked_for_where_nothing_is_said_of_it() -> None:
    assert next_tests(sample("ALK G11R"), disease={}) == ["brain_mri"]


def test_disease_in_the_brain_asks_for_what_plasma_cannot_show() -> None:
    assert next_tests(disease={"brain_metastases": True})[-2:] == ["csf_ctdna", "brain_mri"]


def test_while_a_drug_holds_nothing_is_sent_for_biopsy() -> None:
    ongoing = {"drugs": "betatinib", "started": "2024-01-01", "best_response": "PR"}
    assert next_tests(treatments=[ongoing]) == []
    assert next_tests(sample("EML4::ALK", collected="2024-06-01"), treatments=[ongoing]) == []
    grows = next_tests(sample("ALK L13M", collected="2024-06-01"), treatments=[ongoing])
    assert grows == ["repeat_ctdna"]


def test_only_a_proven_bypass_is_called_a_second_driver() -> None:
    assert "co_driver" in flags(sample("MET amplification"), treatments=[])
    unproven = knowledge(
        mechanism("MET", MET_AMPLIFICATION, evidence=[seen("resistant", "case_report", "D")]),
    )
    read_so = interpretation_of(unproven, samples=[sample("MET amplification")])
    assert "co_driver" not in codes_of(read_so.flags)


@pytest.mark.parametrize(
    "text", ["MET amplification", "MET exon 14 skipping", "KRAS G12C", "CTNNB1 S45F", "TP53 R273H"]
)
@pytest.mark.parametrize("treatments", [[], [{"drugs": "alectinib", "started": "2024-01-01", "best_response": "PR"}]])
def test_what_is_called_a_second_driver_is_ranked_as_one(text: str, treatments: list[dict[str, Any]]) -> None:
    found = interpretation_of(real.index(), samples=[sample(text)], treatments=treatments)
    assert found.situation.second_driver == ("co_driver" in codes_of(found.flags))


def test_a_mutation_that_the_drug_covers_does_not_unsettle_it() -> None:
    ongoing = {"drugs": "gammatinib", "started": "2024-01-01"}
    covered = read(sample("ALK G11R", collected="2024-06-01"), treatments=[ongoing]).situation
    assert (covered.settled, covered.liquid_only) == (True, True)
    other = read(sample("ALK L13M", collected="2024-06-01"), treatments=[ongoing]).situation
    assert other.settled is False


def test_tissue_and_progression_are_more_than_a_liquid_sample() -> None:
    ongoing = {"drugs": "betatinib", "started": "2024-01-01"}
    found = {"collected": "2024-06-01"}
    assert read(sample("ALK G11R", **found), treatments=[ongoing]).situation.liquid_only is True
    assert read(sample("ALK G11R", specimen="tissue", **found), treatments=[ongoing]).situation.liquid_only is False
    grows = {**ongoing, "progression_sites": ["liver"]}
    assert read(sample("ALK G11R", **found), treatments=[grows]).situation.liquid_only is False


def test_resistance_under_a_drug_that_is_given_asks_for_another_sample() -> None:
    ongoing = {"drugs": "betatinib", "started": "2024-01-01"}
    grows = read(sample("ALK G11R", collected="2024-06-01"), treatments=[ongoing])
    (again,) = (one for one in grows.next_tests if one.code == "repeat_ctdna")
    assert again.values == (("interval", "with_next_imaging"),)
    calm = read(sample("EML4::ALK", collected="2024-06-01"), treatments=[ongoing])
    assert "repeat_ctdna" not in codes_of(calm.next_tests)


@pytest.mark.parametrize(("metastases", "why"), [(True, "brain_disease_known"), (None, "brain_not_described")])
def test_the_image_of_the_brain_says_why(metastases: bool | None, why: str) -> None:
    disease = {} if metastases is None else {"brain_metastases": metastases}
    found = next(one for one in read(sample("ALK G11R"), disease=disease).next_tests if one.code == "brain_mri")
    assert found.values == (("why", why),)


def test_what_cannot_be_checked_is_warned_of() -> None:
    found = read(
        patient={"co_medications": ["unheard-of"]},
        treatments=[{"drugs": {"name": "luminespib", "class": "other"}, "stop_reason": "progression"}],
    )
    assert {"co_medication_not_checked", "unlisted_therapy", "jurisdiction_missing"} <= set(codes_of(found.warnings))


def test_the_situation_holds_neither_dates_of_samples_nor_fractions() -> None:
    one = read(sample("ALK G11R 1%", collected="2024-06-05", sample_id="A"), case_id="1")
    other = read(sample("ALK G11R 9%", collected="2024-06-25", sample_id="B"), case_id="2")
    assert one.situation == other.situation


@pytest.mark.parametrize(("days", "warned"), [(0, False), (180, False), (181, True)])
def test_a_release_beyond_its_shelf_life_warns_on_the_day_of_the_case(days: int, warned: bool) -> None:
    day = INDEX.release.released + dt.timedelta(days=days)
    assert ("knowledge_age" in codes_of(read(as_of=day.isoformat()).warnings)) is warned
