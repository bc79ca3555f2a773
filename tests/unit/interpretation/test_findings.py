"""What one finding means for a driver."""

from __future__ import annotations

from typing import Any

import pytest

from app.interpretation.findings import Role, role_of
from tests.support.knowledge import MET_AMPLIFICATION, case_of, effect, knowledge, mechanism, sample, seen

INDEX = knowledge(
    effect("p.G11R", betatinib=[seen("resistant")]),
    effect("p.L13M", betatinib=[seen("sensitive")]),
    effect("p.T3M", betatinib=[seen("unknown")]),
    effect("p.A4V", "p.Y5C", betatinib=[seen("reduced")]),
    effect(betatinib=[seen("resistant")]),
    mechanism("MET amplification", MET_AMPLIFICATION),
    mechanism("KRAS mutation", {"type": "small_variant", "gene": "KRAS", "codons": [12, 13]}),
    mechanism("KRAS activation", {"type": "gene_alteration", "gene": "KRAS", "effect": "activating"}),
    mechanism("MET exon 14", {"type": "gene_alteration", "gene": "MET", "text": "exon 14"}),
    mechanism("RB1 truncation", {"type": "small_variant", "gene": "RB1", "truncating": True}),
    mechanism("TP53 mutation", {"type": "small_variant", "gene": "TP53"}, kind="risk_marker"),
    mechanism("MET fusion", {"type": "fusion", "gene": "MET"}),
)


def role(finding: Any, driver: str = "ALK") -> Role:
    case = case_of({"driver": {"gene": driver}, "samples": [sample(finding)]}, INDEX)
    return role_of(case.samples[0].findings[0], driver, INDEX)


@pytest.mark.parametrize(
    ("finding", "name"),
    [
        ("EML4::ALK", "driver"),
        ("ALK fusion", "driver"),
        ("EML4::ROS1", "other_driver"),
        ("ALK G11R", "on_target_resistance"),
        ("ALK L13M", "on_target_sensitising"),
        ("ALK A4V", "on_target_resistance"),
        ("ALK T3M", "variant_of_unknown_significance"),
        ("ALK G11K", "variant_of_unknown_significance"),
        ("ALK H32R", "outside_kinase_domain"),
        ("ALK amplification", "on_target_resistance"),
        ("ROS1 G11R", "other"),
        ("MET amplification", "off_target_resistance"),
        ("MET gain", "other"),
        ("MET exon 14 skipping", "off_target_resistance"),
        ({"type": "gene_alteration", "gene": "MET", "effect": "unknown", "description": "something"}, "other"),
        ("EML4::MET", "off_target_resistance"),
        ("KRAS G12C", "off_target_resistance"),
        ("KRAS G12fs", "other"),
        ("KRAS A59T", "other"),
        ("KRAS activating mutation", "off_target_resistance"),
        ("KRAS inactivating mutation", "other"),
        ("RB1 R5*", "off_target_resistance"),
        ("RB1 R5K", "other"),
        ("TP53 R5K", "risk_marker"),
        ("FOO1 R5K", "other"),
    ],
)
def test_roles(finding: Any, name: str) -> None:
    assert role(finding).name == name


@pytest.mark.parametrize("change", ["G11R", "L13M", "G11K"])
def test_a_germline_change_is_shown_and_counts_for_nothing(change: str) -> None:
    found = role({"type": "small_variant", "gene": "ALK", "protein_change": change, "germline": True})
    assert (found.name, found.on_target, found.mechanisms) == ("germline", False, ())


def test_a_germline_change_of_another_gene_is_no_bypass() -> None:
    found = role({"type": "small_variant", "gene": "KRAS", "protein_change": "G12C", "germline": True})
    assert (found.name, found.mechanisms) == ("germline", ())


def test_only_a_change_with_evidence_makes_a_clone() -> None:
    assert role("ALK G11R").on_target is True
    assert role("ALK G11K").on_target is False


def test_a_risk_marker_is_no_mechanism() -> None:
    assert role("TP53 R5K").mechanisms == ()


def test_another_substitution_of_a_known_residue_has_an_analogue() -> None:
    assert INDEX.analogue_of("ALK", "p.G11K") == "p.G11R"
    for other in ("p.G12K", "p.G11*", "p.G11fs", "p.G11del", "p.G11_G12insR", "amplification"):
        assert INDEX.analogue_of("ALK", other) is None


def test_a_resistance_mutation_of_the_other_driver_does_not_count() -> None:
    assert role("ALK G11R", driver="ROS1").name == "other"
