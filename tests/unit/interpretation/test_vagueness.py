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
