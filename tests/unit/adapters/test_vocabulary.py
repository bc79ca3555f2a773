"""Names as written to the names of the service."""

import pytest

from app.adapters.vocabulary import (
    UnknownNameError,
    drug_names,
    gene_symbol,
    interactions_of,
    partner_symbol,
    refuse_hidden,
)
from tests.support import real
from tests.support.knowledge import case_of, knowledge

INDEX = knowledge()
REAL = real.index()


@pytest.mark.parametrize("text", ["alphatinib", "Alphatinib", " ALPHATINIB ", "Alphix", "alphix", "阿尔法替尼"])
def test_every_name_of_a_drug_is_its_inn(text: str) -> None:
    assert drug_names(text, INDEX) == ("alphatinib",)


@pytest.mark.parametrize("text", ["Alphatinib (Alphix)", "Alphix（阿尔法替尼）", "alphatinib (Alphix) 90 mg daily"])
def test_two_names_of_one_drug_are_that_drug(text: str) -> None:
    assert drug_names(text, INDEX) == ("alphatinib",)


def test_names_of_two_drugs_are_not_one() -> None:
    with pytest.raises(UnknownNameError):
        drug_names("alphatinib (betatinib)", INDEX)


@pytest.mark.parametrize("text", ["carboplatin + pemetrexed", "carboplatin/pemetrexed", "Carboplatin+PEMETREXED"])
def test_a_pair_in_one_name_is_two_drugs(text: str) -> None:
    assert drug_names(text, INDEX) == ("carboplatin", "pemetrexed")


@pytest.mark.parametrize(
    "text",
    ["Alphatinib 600 mg bid", "alphatinib 600mg BID po", "alphatinib (250 mg twice daily)", "alphatinib 100 mg q.d.", "Alphix 90 mg daily",
     "阿尔法替尼 600mg 每日两次", "alphatinib, 4 cycles", "1L alphatinib", "second-line alphatinib", "alphatinib 2x daily", "alphatinib x4",
     "alphatinib 150 mg 1-0-1"],
)  # fmt: skip
def test_dose_and_schedule_are_dropped_behind_a_known_drug(text: str) -> None:
    assert drug_names(text, INDEX) == ("alphatinib",)


@pytest.mark.parametrize(
    "text",
    ["Alphatinib hydrochloride", "alphatinib mesylate 250 mg", "alphatinib capsules", "Alphix®", "Alphix™ tablets", "盐酸阿尔法替尼",
     "阿尔法替尼胶囊", "盐酸阿尔法替尼片 600mg", "alphatinib monotherapy", "alphatinib ER"],
)  # fmt: skip
def test_salt_and_form_are_dropped_from_a_known_drug(text: str) -> None:
    assert drug_names(text, INDEX) == ("alphatinib",)


@pytest.mark.parametrize(
    ("text", "inn"),
    [("PF06463922", "lorlatinib"), ("PF 06463922", "lorlatinib"), ("TPX0005", "repotrectinib"), ("NVL655", "neladalkib"),
     ("LDK-378", "ceritinib"), ("RXDX-101", "entrectinib"), ("TQB3139", "envonalkib")],
)  # fmt: skip
def test_a_development_code_is_known_with_and_without_its_hyphen(text: str, inn: str) -> None:
    assert drug_names(text, REAL) == (inn,)


@pytest.mark.parametrize(
    "text",
    [
        "Alphix 2x600mg",
        "Alphix Kapseln",
        "Cap. alphatinib",
        "alphatinib (dose reduced)",
        "阿尔法替尼600mg 每日2次",
        "alphatinib comprimés",
    ],
)
def test_dose_and_form_of_other_languages_are_dropped_too(text: str) -> None:
    assert drug_names(text, INDEX) == ("alphatinib",)


@pytest.mark.parametrize("text", ["RXCUI:1727455", "RxNorm 1727455", "ATC L01ED03", "atc: L01ED03", "1727455"])
def test_a_code_is_known_with_the_name_of_its_catalogue(text: str) -> None:
    assert drug_names(text, REAL) == ("alectinib",)


@pytest.mark.parametrize(
    "text", ["alphatinib beyond progression", "alphatinib (continued)", "Alphix rechallenge", "阿尔法替尼继续"]
)
def test_a_text_that_holds_a_known_drug_is_told_which(text: str) -> None:
    with pytest.raises(UnknownNameError, match="holds the name alphatinib; write only the name"):
        drug_names(text, INDEX)


@pytest.mark.parametrize("text", ["carbo/pem", "hydrochloride", "胶囊", "sodium 600 mg", "S 1"])
def test_what_only_looks_like_a_drug_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError):
        drug_names(text, INDEX)


@pytest.mark.parametrize(
    "text",
    ["lorlatinib beyond progression", "lorlatinib (continued beyond progression)", "lorlatnib", "lorlatanib", "lolratinib", "lorlatinibb",
     "Lorbrena beyond PD", "洛拉替尼继续治疗"],
)  # fmt: skip
def test_a_ranked_drug_in_other_words_cannot_be_declared_as_another(text: str) -> None:
    with pytest.raises(UnknownNameError, match="lorlatinib"):
        refuse_hidden(text, "ALK", REAL)


@pytest.mark.parametrize("text", ["ensacritinib", "ficonalkib", "trial drug", "阿法替诺"])
def test_another_drug_can_be_declared(text: str) -> None:
    declared = {"drugs": [{"name": text, "class": "other"}], "stop_reason": "progression"}
    case = case_of({"treatments": [declared]}, REAL)
    assert (case.treatments[0].drugs, case.unlisted_therapies) == ((text,), (text,))


@pytest.mark.parametrize(("text", "name"), [("gamma knife", "stereotactic radiosurgery"), ("阿帕替尼", "apatinib")])
def test_a_known_name_that_is_declared_is_what_it_is_known_as(text: str, name: str) -> None:
    case = case_of({"treatments": [{"drugs": [{"name": text, "class": "other"}]}]}, REAL)
    assert (case.treatments[0].drugs, case.unlisted_therapies) == ((name,), ())


@pytest.mark.parametrize(
    "text",
    ["rifampicin 600 mg", "rifampin 300mg BID", "利福平 0.45g", "利福平胶囊", "carbamazepine 200 mg bid", "carbamazepine ER", "phenytoin sodium",
     "Rifampicin (Rifadin)", "St John's wort extract", "St John’s wort (900 mg)", "苯妥英钠片 100mg", "Tegretol XR® 400 mg twice daily",
     "carbamazepine tapering off", "rifampicin since May"],
)  # fmt: skip
def test_a_co_medication_is_recognised_in_the_words_of_a_medication_list(text: str) -> None:
    assert interactions_of(text, REAL) == (("strong_cyp3a_inducer",), ())


@pytest.mark.parametrize(
    "text",
    ["rifampicin, never missed", "rifampicin planned", "rifampicin (planned from Monday)",
     "rifampicin, dose never changed", "rifampicin nicht abgesetzt", "rifampicin, discontinuation planned", "phenytoin (none missed)",
     "carbamazepine: no change", "carbamazepine - no seizures since", "rifampicin not stopped", "rifampicin: never stopped",
     "carbamazepine (not discontinued)", "利福平 未停用", "rifampicin, no allergy"],
)  # fmt: skip
def test_in_doubt_a_medicine_is_taken(text: str) -> None:
    assert interactions_of(text, REAL)[0] == ("strong_cyp3a_inducer",)


@pytest.mark.parametrize(
    "text",
    ["rifampicin stopped 2019", "rifampicin allergy", "rifampicin (discontinued)", "rifampicin until 2020", "rifampicin eye drops",
     "ketoconazole shampoo", "利福平已停用", "对利福平过敏", "rifampicin: none", "rifampicin: no", "rifampicin never",
     "Rifampicin abgesetzt", "rifampicin not taken", "rifampicin on hold", "利福平 无", "利福平未使用"],
)  # fmt: skip
def test_what_is_not_taken_is_said_not_to_be_checked(text: str) -> None:
    assert interactions_of(text, REAL) == ((), (text,))


def test_a_dose_per_hour_is_no_medicine() -> None:
    classes, unknown = interactions_of("fentanyl patch 25 mcg/h", REAL)
    assert classes
    assert unknown == ()


@pytest.mark.parametrize(
    "text", ["rifampicin/isoniazid", "isoniazid + rifampicin 600 mg", "isoniazid (with rifampicin)"]
)
def test_the_parts_of_a_combination_are_recognised_and_the_rest_is_said_not_to_be(text: str) -> None:
    assert interactions_of(text, REAL) == (("strong_cyp3a_inducer",), ("isoniazid",))


@pytest.mark.parametrize("text", ["isoniazid", "vitamin D 1000 IU", "sodium 1 g", "rifampicine-like", "x"])
def test_what_is_no_known_medicine_is_kept_as_written(text: str) -> None:
    assert interactions_of(text, REAL) == ((), (text,))


@pytest.mark.parametrize(
    "text",
    ["carboplatin-pemetrexed", "carboplatin, pemetrexed", "carboplatin and pemetrexed", "carboplatin \u2013 pemetrexed",
     "carboplatin AUC 5 + pemetrexed 500 mg/m2 q3w", "carboplatin联合pemetrexed"],
)  # fmt: skip
def test_drugs_given_together_are_read_apart(text: str) -> None:
    assert drug_names(text, INDEX) == ("carboplatin", "pemetrexed")


@pytest.mark.parametrize(
    "text", ["alphatnib 600 mg", "600 mg", "bid", "nonsense-pemetrexed", "alphatinib 600 mg nonsense"]
)
def test_a_dose_makes_no_unknown_drug_known(text: str) -> None:
    with pytest.raises(UnknownNameError):
        drug_names(text, INDEX)


@pytest.mark.parametrize("text", ["EML4", "EML4-ALK", "ALK-EML4", "EML4::ALK", "EML4/ALK", "eml4"])
def test_a_partner_is_read_out_of_a_fusion(text: str) -> None:
    assert partner_symbol(text, "ALK", INDEX) == "EML4"


@pytest.mark.parametrize("text", ["EML4, KIF5B", "EML4 and KIF5B", "ALK", "ALK fusion"])
def test_a_list_or_the_driver_itself_is_no_partner(text: str) -> None:
    with pytest.raises(UnknownNameError):
        partner_symbol(text, "ALK", INDEX)


@pytest.mark.parametrize(
    ("text", "symbol"),
    [("EML4 (exon 13)", "EML4"), ("EML4(13)", "EML4"), ("EML4(6)-ALK(20)", "EML4"), ("HLA-A", "HLA-A"), ("C2orf44", "C2ORF44"), ("ezr", "EZR")],
)  # fmt: skip
def test_a_partner_may_be_any_gene(text: str, symbol: str) -> None:
    assert partner_symbol(text, "ALK", INDEX) == symbol


@pytest.mark.parametrize("text", ["not detected", "negative", "negativ", "ALK-negative", "ND"])
def test_a_negative_result_is_no_partner(text: str) -> None:
    with pytest.raises(UnknownNameError, match="negative result"):
        partner_symbol(text, "ALK", INDEX)


@pytest.mark.parametrize("text", ["unknown", "NA", "N/A", "None", "not specified", "null"])
def test_a_partner_that_is_not_known_is_left_out(text: str) -> None:
    with pytest.raises(UnknownNameError, match="left out"):
        partner_symbol(text, "ALK", INDEX)


@pytest.mark.parametrize("text", ["FISH", "IHC", "D5F3", "positive", "ALK-FISH", "EML4 v3", "V3", "E13", "break-apart"])
def test_a_method_a_variant_or_words_are_no_partner(text: str) -> None:
    with pytest.raises(UnknownNameError, match="by its HGNC symbol alone"):
        partner_symbol(text, "ALK", INDEX)


@pytest.mark.parametrize("text", ["EML4-ALK", "ALK gene", "EML4ALK", "MET/RB1"])
def test_more_than_a_gene_is_no_gene(text: str) -> None:
    with pytest.raises(UnknownNameError, match="Name one gene"):
        gene_symbol(text, INDEX)


@pytest.mark.parametrize("text", ["PROS1", "ALKBH1", "ALK1", "NKX2-1", "HLA-A"])
def test_a_gene_whose_symbol_holds_that_of_a_driver_stays_itself(text: str) -> None:
    assert gene_symbol(text, INDEX) == (text, False)


def test_a_misspelt_drug_is_refused_and_the_nearest_is_named() -> None:
    with pytest.raises(UnknownNameError, match="did you mean alphatinib"):
        drug_names("alphatnib", INDEX)


@pytest.mark.parametrize("text", ["", "+", "alphatinib +", "alphatinib + nonsense", "x" * 120, "阿尔"])
def test_a_name_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError):
        drug_names(text, INDEX)


@pytest.mark.parametrize(("text", "symbol"), [("ALK", "ALK"), (" alk ", "ALK"), ("met", "MET")])
def test_a_known_gene_is_its_symbol(text: str, symbol: str) -> None:
    assert gene_symbol(text, INDEX) == (symbol, True)


def test_an_unknown_gene_is_kept_and_said_to_be_unknown() -> None:
    assert gene_symbol("foo1", INDEX) == ("FOO1", False)


@pytest.mark.parametrize("text", ["AKL", "LAK", "ALKK", "RSO1", "ROS11", "RROS1"])
def test_a_slip_of_a_driver_is_refused(text: str) -> None:
    with pytest.raises(UnknownNameError, match="did you mean"):
        gene_symbol(text, INDEX)
