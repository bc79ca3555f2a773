"""Names as written to the names of the service."""

import pytest

from app.adapters.vocabulary import UnknownNameError, drug_names, gene_symbol, partner_symbol
from tests.support.knowledge import knowledge

INDEX = knowledge()


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
     "阿尔法替尼 600mg 每日两次", "alphatinib, 4 cycles"],
)  # fmt: skip
def test_dose_and_schedule_are_dropped_behind_a_known_drug(text: str) -> None:
    assert drug_names(text, INDEX) == ("alphatinib",)


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
