"""Names as written to the names of the service."""

import pytest

from app.adapters.vocabulary import UnknownNameError, drug_names, gene_symbol
from tests.support.knowledge import knowledge

INDEX = knowledge()


@pytest.mark.parametrize("text", ["alphatinib", "Alphatinib", " ALPHATINIB ", "Alphix", "alphix", "阿尔法替尼"])
def test_every_name_of_a_drug_is_its_inn(text: str) -> None:
    assert drug_names(text, INDEX) == ("alphatinib",)


@pytest.mark.parametrize("text", ["carboplatin + pemetrexed", "carboplatin/pemetrexed", "Carboplatin+PEMETREXED"])
def test_a_pair_in_one_name_is_two_drugs(text: str) -> None:
    assert drug_names(text, INDEX) == ("carboplatin", "pemetrexed")


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
