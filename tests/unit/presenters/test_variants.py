"""What is known of a variant, drug by drug."""

from __future__ import annotations

from typing import Any

from app.presenters.variants import render_variant
from tests.support.knowledge import cells, effect, knowledge, seen

INDEX = knowledge(
    effect("p.G11R", betatinib=[seen("resistant"), cells("sensitive")], gammatinib=[seen("sensitive")]),
    effect("p.L13M", gammatinib=[seen("reduced")]),
    effect("p.G11R", "p.L13M", gammatinib=[seen("sensitive", "case_report", "D")]),
)


def read(*names: str, phase: str = "cis") -> dict[str, Any]:
    return render_variant("ALK", names, phase, INDEX)


def activity(found: dict[str, Any], drug: str) -> str:
    return next(str(one["activity"]) for one in found["effects"] if one["regimen_id"] == drug)


def test_every_drug_of_the_gene_is_told_of_and_unknown_where_nobody_has_looked() -> None:
    found = read("p.G11R")
    assert {one["regimen_id"]: one["activity"] for one in found["effects"]} == {
        "alphatinib": "unknown",
        "betatinib": "resistant",
        "gammatinib": "sensitive",
        "deltatinib": "unknown",
    }


def test_evidence_says_whether_it_supports_the_verdict() -> None:
    (found,) = [one for one in read("p.G11R")["effects"] if one["regimen_id"] == "betatinib"]
    assert [one["direction"] for one in found["evidence"]] == ["supports", "does_not_support"]
    assert found["conflicting"] is True


def test_in_cis_the_compound_speaks_and_in_trans_the_worst_clone() -> None:
    assert activity(read("p.G11R", "p.L13M"), "gammatinib") == "sensitive"
    assert activity(read("p.G11R", "p.L13M", phase="trans"), "gammatinib") == "reduced"
    assert activity(read("p.G11R", "p.L13M", phase="unknown"), "gammatinib") == "reduced"


def test_a_variant_without_evidence_is_unknown_and_names_its_analogue() -> None:
    found = read("p.G11K")
    assert (found["known"], found["analogous_to"]) == (False, "p.G11R")
    assert {one["activity"] for one in found["effects"]} == {"unknown"}


def test_citations_are_those_of_the_evidence() -> None:
    assert list(read("p.G11R")["citations"]) == ["doe-2020"]
    assert read("p.G11K")["citations"] == {}
