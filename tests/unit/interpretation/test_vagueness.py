"""Findings that say too little to count as the mechanism that they may be."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from app.interpretation.vagueness import too_vague
from tests.support.knowledge import MET_AMPLIFICATION, case_of, interpretation_of, knowledge, mechanism, sample

INDEX = knowledge(
    mechanism("MET amplification", MET_AMPLIFICATION),
    mechanism("MET overexpression", {"type": "gene_alteration", "gene": "MET", "text": "overexpression"}),
    mechanism("RB1 loss", {"type": "copy_number", "gene": "RB1", "change": "deletion"}, kind="risk_marker"),
    mechanism("KRAS activation", {"type": "gene_alteration", "gene": "KRAS", "effect": "activating"}),
)


def copies(gene: str, change: str) -> dict[str, Any]:
    return {"type": "copy_number", "gene": gene, "change": change}


@pytest.mark.parametrize(
    ("finding", "vague"),
    [
        (copies("MET", "gain"), True),
        (copies("RB1", "loss"), True),
        ("KRAS mutation", True),
        (copies("MET", "amplification"), False),
        (copies("RB1", "deletion"), False),
        (copies("MET", "loss"), False),
        (copies("KRAS", "gain"), False),
        (copies("FOO1", "loss"), False),
        (copies("ALK", "gain"), False),
        ("MET overexpression", False),
        ("KRAS activating mutation", False),
        ("KRAS inactivating mutation", False),
        ("KRAS G12C", False),
    ],
)
def test_what_would_count_if_it_said_more(finding: Any, vague: bool) -> None:
    (one,) = case_of({"samples": [sample(finding)]}, INDEX).samples[0].findings
    assert too_vague(one, "ALK", INDEX) is vague


def test_a_release_without_the_sentence_says_nothing() -> None:
    case = {"samples": [sample(copies("MET", "gain"))]}
    notices = {key: one for key, one in INDEX.notices.items() if key[1] != "alteration_unclear"}
    silent = dataclasses.replace(INDEX, notices=notices)
    assert "alteration_unclear" in [one.code for one in interpretation_of(INDEX, **case).warnings]
    assert "alteration_unclear" not in [one.code for one in interpretation_of(silent, **case).warnings]


UNNAMED = {"type": "gene_alteration", "gene": "ALK", "effect": "activating", "description": "kinase domain mutation"}
FAILED = [{"drugs": "betatinib", "stop_reason": "progression"}]


def test_a_change_of_the_driver_that_is_not_named_is_neither_without_evidence_nor_nothing() -> None:
    read = interpretation_of(INDEX, treatments=FAILED, samples=[sample(UNNAMED)])
    flags = [one.code for one in read.flags]
    assert read.situation.resistance == "not_assessable"
    assert "variant_of_unknown_significance" not in flags
    assert "no_resistance_mechanism_found" not in flags
    assert "alteration_unclear" in [one.code for one in read.warnings]


def test_beside_a_named_change_the_named_one_counts() -> None:
    named = {"type": "small_variant", "gene": "ALK", "protein_change": "p.Y5H"}
    read = interpretation_of(INDEX, treatments=FAILED, samples=[sample(UNNAMED, named)])
    assert [dict(one.values)["alterations"] for one in read.flags if one.code == "variant_of_unknown_significance"] == [
        "ALK p.Y5H"
    ]


@pytest.mark.parametrize(
    ("finding", "named"),
    [
        ("KRAS G12C", []),
        ("KRAS Q22K", ["KRAS p.Q22K"]),
        ("AGK::KRAS", ["AGK::KRAS"]),
        ("TP53 R273H", []),
    ],
)
def test_a_change_of_a_gene_of_escape_that_is_not_on_record_is_named(finding: str, named: list[str]) -> None:
    index = knowledge(
        mechanism("KRAS G12", {"type": "small_variant", "gene": "KRAS", "codons": [12]}),
        mechanism("TP53 loss", {"type": "small_variant", "gene": "TP53", "truncating": True}, kind="risk_marker"),
    )
    read = interpretation_of(index, treatments=FAILED, samples=[sample(finding)])
    found = [dict(one.values)["name"] for one in read.warnings if one.code == "alteration_not_on_record"]
    assert found == named


@pytest.mark.parametrize(
    ("finding", "named"),
    [
        ("FGFR3::TACC3", ["FGFR3::TACC3"]),
        ("AGK::KRAS", []),
        ("CD74::RET", []),
        ("EML4::ALK", []),
        ("KIF5B::ROS1", []),
    ],
)
def test_a_further_fusion_of_which_nothing_is_on_record_is_named(finding: str, named: list[str]) -> None:
    index = knowledge(
        mechanism("KRAS G12", {"type": "small_variant", "gene": "KRAS", "codons": [12]}),
        mechanism("RET fusion", {"type": "fusion", "gene": "RET"}),
    )
    read = interpretation_of(index, treatments=FAILED, samples=[sample(finding)])
    assert [dict(one.values)["name"] for one in read.warnings if one.code == "fusion_not_on_record"] == named
