"""The names under which alterations are known."""

from app.domain.case import CopyNumber, Fusion, GeneAlteration


def test_a_fusion_is_named_five_prime_first() -> None:
    assert Fusion("ALK", "EML4").name == "EML4::ALK"


def test_a_fusion_without_partner_is_named_by_its_kinase() -> None:
    assert Fusion("ALK").name == "ALK fusion"


def test_a_copy_number_change_is_named_by_gene_and_change() -> None:
    assert CopyNumber("MET", "amplification").name == "MET amplification"


def test_an_alteration_is_named_by_its_description_or_its_effect() -> None:
    assert GeneAlteration("MET", "activating", "exon 14 skipping").name == "MET exon 14 skipping"
    assert GeneAlteration("NRAS", "activating").name == "NRAS activating"
