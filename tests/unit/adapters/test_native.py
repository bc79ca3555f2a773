"""The native case, read: problems with their pointers, and one form for all ways of saying the same."""

from typing import Any

import pytest

from app.domain.case import Case, Fusion, SmallVariant
from app.domain.errors import InvalidCase
from tests.support import real
from tests.support.knowledge import case_of, failed, knowledge, sample

INDEX = knowledge()


def read(**given: Any) -> Case:
    return case_of(given, INDEX)


def pointers(**given: Any) -> list[str]:
    with pytest.raises(InvalidCase) as caught:
        read(**given)
    return [problem.pointer for problem in caught.value.problems]


def variant(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "small_variant", "gene": "ALK", "protein_change": name, **more}


def test_a_case_of_nothing_but_a_driver_is_read() -> None:
    case = read()
    assert (case.gene, case.treatments, case.samples, case.as_of, case.language) == (
        "ALK",
        (),
        (),
        INDEX.release.released,
        "en",
    )


@pytest.mark.parametrize(
    ("drugs", "found"),
    [
        (["chemoradiation"], True),
        (["cisplatin", {"name": "definitive chemoradiation", "class": "radiotherapy"}], True),
        ([{"name": "an injection", "class": "other"}], False),
        (["cisplatin"], False),
    ],
)
def test_a_line_with_radiotherapy_is_known_by_a_known_name_or_a_declared_class(drugs: list[Any], found: bool) -> None:
    case = case_of({"treatments": [{"drugs": drugs, "stop_reason": "completed"}]}, real.index())
    assert case.treatments[0].radiotherapy is found


def test_all_problems_are_told_at_once_with_their_pointers() -> None:
    found = pointers(
        treatments=[{"drugs": ["alphatinib", "nonsense"]}, {"drugs": "rubbish"}],
        samples=[sample("ALK G11R", "ALK A11R"), sample(variant("p.T3M", in_cis_with=["p.L13M"]))],
    )
    assert found == [
        "/treatments/0/drugs/1",
        "/treatments/1/drugs/0",
        "/samples/0/findings/1",
        "/samples/1/findings/0/in_cis_with",
    ]


def test_a_pointer_names_the_finding_as_sent_even_after_one_that_cannot_be_read() -> None:
    found = pointers(samples=[sample("ALK A11R", variant("p.T3M", in_trans_with=["p.L13M"]))])
    assert found == ["/samples/0/findings/0", "/samples/0/findings/1/in_trans_with"]


def test_a_typed_finding_names_the_field_that_is_wrong() -> None:
    assert pointers(samples=[sample(variant("p.A11R"))]) == ["/samples/0/findings/0/protein_change"]


def test_a_change_in_cis_and_in_trans_at_once_is_refused() -> None:
    both = variant("p.G11R", in_cis_with=["L13M"], in_trans_with=["L13M"])
    assert pointers(samples=[sample(both, "ALK L13M")]) == ["/samples/0/findings/0/in_trans_with"]


def test_two_changes_of_one_residue_are_never_in_cis() -> None:
    one, other = variant("p.G11R", in_cis_with=["G11A"]), variant("p.G11A", in_trans_with=["G11R"])
    assert pointers(samples=[sample(one, other)]) == ["/samples/0/findings/0/in_cis_with"]


def test_a_change_is_not_its_own_companion() -> None:
    for field in ("in_cis_with", "in_trans_with"):
        assert pointers(samples=[sample(variant("p.G11R", **{field: ["G11R"]}))]) == [f"/samples/0/findings/0/{field}"]


def test_a_ranked_drug_declared_in_other_words_is_sent_back() -> None:
    for name in ("alphatinib beyond progression", "alphatnib"):
        assert pointers(treatments=[{"drugs": [{"name": name, "class": "other"}]}]) == ["/treatments/0/drugs/0"]
    case = read(treatments=[{"drugs": [{"name": "alphatinib hydrochloride", "class": "other"}]}])
    assert case.treatments[0].drugs == ("alphatinib",)


def test_a_co_medication_keeps_its_words_and_its_parts_that_are_not_known() -> None:
    case = case_of({"patient": {"co_medications": ["rifampicin/isoniazid 600 mg"]}}, real.index())
    assert case.patient.interactions == (("strong_cyp3a_inducer", "rifampicin/isoniazid 600 mg"),)
    assert case.patient.unchecked_co_medications == ("isoniazid",)


def test_a_partner_that_is_none_is_told_at_its_place() -> None:
    with pytest.raises(InvalidCase) as caught:
        case_of({"driver": {"gene": "ALK", "partner": "N/A"}}, INDEX)
    assert [one.pointer for one in caught.value.problems] == ["/driver/partner"]
    fusion = {"type": "fusion", "gene": "RET", "partner": "not detected"}
    assert pointers(samples=[sample(fusion)]) == ["/samples/0/findings/0/partner"]


def test_a_treatment_that_ends_before_it_starts_is_refused() -> None:
    given = failed("alphatinib", started="2025-02-01", ended="2025-01-01")
    assert pointers(treatments=[given]) == ["/treatments/0/ended"]


@pytest.mark.parametrize(
    "drugs",
    [
        "crizotinib, alectinib, lorlatinib",
        "alectinib/lorlatinib",
        "crizotinib → alectinib",
        ["crizotinib", "alectinib", "lorlatinib"],
    ],
)
def test_inhibitors_given_one_after_the_other_are_not_one_treatment(drugs: Any) -> None:
    with pytest.raises(InvalidCase) as caught:
        case_of({"treatments": [{"drugs": drugs, "stop_reason": "progression"}]}, real.index())
    (pointer,) = (problem.pointer for problem in caught.value.problems)
    assert pointer.startswith("/treatments/0/drugs")


@pytest.mark.parametrize(
    "drugs", ["alectinib + crizotinib", ["alectinib", "crizotinib"], "carboplatin/pemetrexed", "alectinib, bevacizumab"]
)
def test_what_was_given_together_is_one_treatment(drugs: Any) -> None:
    found = case_of({"treatments": [{"drugs": drugs, "stop_reason": "progression"}]}, real.index())
    assert len(found.treatments[0].drugs) == 2


def test_two_samples_of_one_id_are_refused() -> None:
    assert pointers(samples=[sample(sample_id="P1"), sample(sample_id="P1")]) == ["/samples/1/sample_id"]


def test_a_given_id_may_not_collide_with_a_default_one() -> None:
    assert pointers(samples=[sample(), sample(sample_id="S1")]) == ["/samples/1/sample_id"]


def test_a_date_far_after_the_release_is_a_slip() -> None:
    assert pointers(samples=[sample(collected="2049-01-01")]) == ["/samples/0/collected"]


@pytest.mark.parametrize("where", ["started", "ended", "collected"])
def test_nothing_lies_after_the_day_that_the_case_states(where: str) -> None:
    treatment = {"drugs": "alphatinib", "started": "2025-01-01", "ended": "2026-01-01", "stop_reason": "progression"}
    told = {"treatments": [treatment], "samples": [{"specimen": "plasma", "collected": "2026-01-03"}]}
    later = "2027-01-01"
    if where == "collected":
        told["samples"][0][where] = later
    else:
        told["treatments"] = [{**treatment, "ended": "2027-06-01", where: later}]
    with pytest.raises(InvalidCase) as caught:
        case_of({**told, "as_of": "2026-06-01"}, INDEX)
    assert any(problem.pointer.endswith(where) for problem in caught.value.problems)
    assert case_of(told, INDEX)  # without a stated day no clock is read


def test_a_histology_is_not_read_off_plasma() -> None:
    with pytest.raises(InvalidCase) as caught:
        case_of({"samples": [{"specimen": "plasma", "histology": "small_cell"}]}, INDEX)
    assert [problem.pointer for problem in caught.value.problems] == ["/samples/0/histology"]


def test_dated_treatments_stand_in_the_order_of_their_dates() -> None:
    case = read(treatments=[failed("betatinib", started="2024-01-01"), failed("alphatinib", started="2023-01-01")])
    assert [one.drugs for one in case.treatments] == [("alphatinib",), ("betatinib",)]


def test_treatments_with_a_date_missing_keep_the_order_given() -> None:
    case = read(treatments=[failed("betatinib", started="2024-01-01"), failed("alphatinib")])
    assert [one.drugs for one in case.treatments] == [("betatinib",), ("alphatinib",)]


def test_an_order_that_dates_contradict_is_refused_where_a_date_is_missing() -> None:
    newest_first = [
        {"drugs": "betatinib", "started": "2025-01-01"},
        {"drugs": "carboplatin"},
        failed("alphatinib", started="2023-01-01", ended="2024-01-01"),
    ]
    assert pointers(treatments=newest_first) == ["/treatments/2/started"]
    assert read(treatments=newest_first[::-1]).treatments
    ended = [{"drugs": "betatinib", "started": "2025-01-01"}, failed("alphatinib", ended="2024-01-01")]
    assert pointers(treatments=ended) == ["/treatments/1/ended"]
    during = [failed("betatinib", ended="2025-01-01"), {"drugs": "carboplatin", "ended": "2024-06-01"}]
    assert pointers(treatments=[{**during[0], "started": "2024-07-01"}, during[1]]) == ["/treatments/1/ended"]


def test_treatments_alike_in_start_and_drug_have_one_order() -> None:
    lines = [
        failed("alphatinib", started="2023-01-01", ended="2023-05-01"),
        {"drugs": "alphatinib", "started": "2023-01-01", "ended": "2023-02-01", "stop_reason": "toxicity"},
    ]
    assert read(treatments=lines) == read(treatments=lines[::-1])


def test_drugs_given_together_have_one_order_and_no_double() -> None:
    case = read(treatments=[failed("pemetrexed", "carboplatin", "Pemetrexed")])
    assert case.treatments[0].drugs == ("carboplatin", "pemetrexed")


def test_a_declared_drug_is_taken_and_echoed() -> None:
    case = read(treatments=[{"drugs": [{"name": "luminespib", "class": "other"}]}])
    assert (case.treatments[0].drugs, case.unlisted_therapies) == (("luminespib",), ("luminespib",))


@pytest.mark.parametrize("name", ["alphatinib", "Alphatinib", "Alphix", " alphix "])
def test_a_known_drug_that_was_declared_is_still_that_drug(name: str) -> None:
    case = read(treatments=[failed({"name": name, "class": "targeted"})])
    assert (case.treatments[0].drugs, case.unlisted_therapies) == (("alphatinib",), ())


def test_the_same_finding_twice_is_one_finding_with_the_higher_fraction() -> None:
    case = read(samples=[sample("ALK G11R 1%", variant("p.Gly11Arg", vaf=0.05), "ALK p.G11R")])
    (only,) = case.samples[0].findings
    assert (only.name, getattr(only, "vaf", None)) == ("p.G11R", 0.05)


def test_the_phase_stated_in_one_of_two_reports_of_a_change_is_kept() -> None:
    case = read(samples=[sample("ALK G11R 9%", variant("p.G11R", vaf=0.05, in_cis_with=["p.L13M"]), "ALK L13M")])
    found = next(one for one in case.samples[0].findings if one.name == "p.G11R")
    assert isinstance(found, SmallVariant)
    assert (found.vaf, found.cis) == (0.09, ("p.L13M",))


def test_findings_in_any_order_are_one_case() -> None:
    findings = ["ALK G11R 1%", "EML4::ALK", "MET amplification", "KRAS G12C"]
    assert read(samples=[sample(*findings)]) == read(samples=[sample(*findings[::-1])])


def test_dated_samples_in_any_order_are_one_case() -> None:
    samples = [sample("ALK G11R", collected="2025-01-01", sample_id="A"), sample(collected="2024-01-01", sample_id="B")]
    assert read(samples=samples) == read(samples=samples[::-1])


def test_a_recognised_medicine_is_checked_and_another_is_echoed() -> None:
    case = read(patient={"co_medications": ["Rifampin", "unheard-of"]})
    assert case.patient.interactions == (("strong_cyp3a_inducer", "Rifampin"),)
    assert case.patient.unchecked_co_medications == ("unheard-of",)


def test_a_site_in_the_brain_means_brain_metastases_unless_they_are_denied() -> None:
    lines = [failed("alphatinib", progression_sites=["brain"]), failed("betatinib", progression_sites=["liver"])]
    assert read(treatments=lines).brain_metastases is True
    assert read(treatments=lines, disease={"brain_metastases": False}).brain_metastases is False


def test_the_language_of_the_case_stands_before_that_of_the_request() -> None:
    assert read(language="zh-CN").language == "zh-CN"


def test_an_unknown_gene_is_named() -> None:
    assert read(samples=[sample("FOO1 p.R5K", "BAR2 amplification")]).unknown_genes == ("BAR2", "FOO1")


@pytest.mark.parametrize("partner", ["ALK-EML4", "EML4::ALK", "EML4\u2013ALK"])
def test_the_partner_of_the_driver_is_read_out_of_the_fusion(partner: str) -> None:
    assert read(driver={"gene": "ALK", "partner": partner}).partner == "EML4"


@pytest.mark.parametrize("partner", ["EML4, KIF5B", "EML4; KIF5B", "EML4 and KIF5B", "ALK", "chr2:30193816"])
def test_what_is_no_partner_is_told_at_its_place(partner: str) -> None:
    assert pointers(driver={"gene": "ALK", "partner": partner}) == ["/driver/partner"]


def test_a_text_with_a_fusion_and_a_change_gives_both() -> None:
    case = read(samples=[sample("EML4-ALK G11R 3.1%", "EML4-ALK L13M")])
    assert [one.name for one in case.samples[0].findings] == ["EML4::ALK", "p.G11R", "p.L13M"]


def test_an_amplification_with_copies_is_the_same_alteration_later() -> None:
    case = read(samples=[sample("MET amplification"), sample("MET amplification (copy number 9)", sample_id="B")])
    assert [[one.name for one in one.findings] for one in case.samples] == [["MET amplification"]] * 2


@pytest.mark.parametrize(
    ("drug", "said"),
    [("TSR-011", True), ("entrectinib", True), ("taletrectinib", True), ("alkotinib", True),
     ("ASP3026", False), ("TPX-0131", False), ("CT-707", False), ("alectinib", False), ("gefitinib", False), ("carboplatin", False)],
)  # fmt: skip
def test_an_inhibitor_that_is_not_ranked_for_the_driver_is_named(drug: str, said: bool) -> None:
    case = case_of({"treatments": [failed(drug)]}, real.index())
    assert (len(case.unlisted_therapies) == 1) is said


@pytest.mark.parametrize(
    ("finding", "pointer"),
    [
        ("ALK G11R 0%", ""),
        ("EML4::ALK 0%", ""),
        ({"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "vaf": 0}, "/vaf"),
        ({"type": "copy_number", "gene": "MET", "change": "amplification", "copies": 2}, "/copies"),
    ],
)
def test_a_finding_whose_number_says_that_it_was_absent_is_refused(finding: Any, pointer: str) -> None:
    with pytest.raises(InvalidCase) as refused:
        read(samples=[{"findings": [finding]}])
    assert [one.pointer for one in refused.value.problems] == [f"/samples/0/findings/0{pointer}"]


def test_many_findings_that_cannot_be_read_give_a_bounded_list() -> None:
    with pytest.raises(InvalidCase) as refused:
        read(samples=[{"findings": ["ALK Z11R"] * 4900}])
    assert len(refused.value.problems) == 50


@pytest.mark.parametrize("variant", ["negative", "not detected", "阴性"])
def test_a_negative_result_is_no_variant_of_the_driver(variant: str) -> None:
    assert pointers(driver={"gene": "ALK", "partner": "EML4", "variant": variant}) == ["/driver/variant"]


@pytest.mark.parametrize(
    "variant",
    ["none", "unknown", "not determined", "no variant", "variant not known", "not specified", "Variant: unknown"],
)
def test_a_variant_that_is_said_not_to_be_known_is_left_out(variant: str) -> None:
    case = read(
        driver={"gene": "ALK", "partner": "EML4", "variant": variant},
        samples=[sample({"type": "fusion", "gene": "ALK", "partner": "EML4", "variant": variant})],
    )
    assert case.fusion_variant is None
    assert case.samples[0].findings == (Fusion("ALK", "EML4"),)
