"""The answer as callers read it."""

from __future__ import annotations

from typing import Any

import pytest

from app.knowledge.records import CitationRecord
from app.presenters.native import citation_view
from tests.support.knowledge import answer_of, effect, failed, guidance, knowledge, sample, seen

INDEX = knowledge(
    effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")]),
    effect("p.L13M", betatinib=[seen("resistant")], gammatinib=[seen("resistant")]),
    guidance("tki_naive", betatinib="preferred"),
)


def read(*findings: Any, **more: Any) -> dict[str, Any]:
    return answer_of(INDEX, treatments=[failed("betatinib")], samples=[sample(*findings)] if findings else [], **more)


def source(**fields: Any) -> CitationRecord:
    curation = {"status": "active", "curated_by": "a curator", "checked_on": "2026-01-02"}
    return CitationRecord.model_validate(
        {"schema_version": "1.0", "id": "x", "type": "article", "title": "T", "curation": curation, **fields}
    )


def test_an_answer_has_the_parts_of_the_contract_and_no_other() -> None:
    assert list(answer_of(INDEX)) == [
        "recommendation_id",
        "case_id",
        "knowledge",
        "engine_version",
        "as_of",
        "interpretation",
        "options",
        "not_recommended",
        "next_tests",
        "warnings",
        "disclaimer",
        "citations",
    ]


def test_the_knowledge_is_named() -> None:
    found = answer_of(INDEX)
    assert found["knowledge"] == {"version": "2026.1.0", "released": "2026-01-20", "digest": "sha256:test"}
    assert found["as_of"] == "2026-01-20"


def test_the_case_id_is_echoed_as_it_came() -> None:
    assert answer_of(INDEX, case_id='患者 7 \U0001f9ec "quoted"')["case_id"] == '患者 7 \U0001f9ec "quoted"'


def test_citations_are_those_used_each_once_in_order() -> None:
    found = read("ALK G11R")
    assert list(found["citations"]) == sorted(found["citations"])
    assert "doe-2020" in found["citations"]
    assert "poe-2021" not in found["citations"]


def test_a_sample_in_which_an_alteration_was_not_seen_says_so() -> None:
    samples = [sample("EML4::ALK", collected="2024-01-01"), sample("ALK G11R 2%", "EML4::ALK", collected="2025-01-01")]
    alterations = answer_of(INDEX, samples=samples)["interpretation"]["alterations"]
    series = next(one["series"] for one in alterations if one["name"] == "p.G11R")
    assert series == [{"sample_id": "S1", "vaf": None, "detected": False}, {"sample_id": "S2", "vaf": 0.02}]


def test_with_several_clones_the_share_that_each_drug_covers_is_told() -> None:
    apart = {"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "vaf": 0.03, "in_trans_with": ["L13M"]}
    rows = read(apart, "ALK L13M 1%", "EML4::ALK 4%")["interpretation"]["coverage"]
    found = {one["regimen_id"]: (one["worst"], one["share_covered"]) for one in rows}
    assert found["gammatinib"] == ("resistant", 0.75)
    assert found["betatinib"] == ("resistant", 0.0)


def test_with_one_clone_there_is_no_coverage_to_tell() -> None:
    assert read("ALK G11R")["interpretation"]["coverage"] == []


def test_codes_stay_and_words_change_with_the_language() -> None:
    english, chinese = read("ALK G11K"), read("ALK G11K", language="zh-CN")
    flags = [[one["code"] for one in found["interpretation"]["flags"]] for found in (english, chinese)]
    assert flags[0] == flags[1]
    assert chinese["disclaimer"].startswith("中文")
    assert not english["disclaimer"].startswith("中文")


@pytest.mark.parametrize(
    ("fields", "url"),
    [
        ({"url": "https://example.org/a", "pmid": "1"}, "https://example.org/a"),
        ({"pmid": "123"}, "https://pubmed.ncbi.nlm.nih.gov/123/"),
        ({"doi": "10.1000/x"}, "https://doi.org/10.1000/x"),
        ({"pmc": "PMC1"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/"),
        ({"nct": "NCT00000001; NCT00000002"}, "https://clinicaltrials.gov/study/NCT00000001"),
        ({"regulator": "FDA"}, None),
    ],
)
def test_a_source_has_an_address_where_its_identifiers_give_one(fields: dict[str, Any], url: str | None) -> None:
    assert citation_view(source(**fields)).get("url") == url


def test_a_source_tells_that_its_title_was_not_read_or_that_it_was_retracted() -> None:
    found = citation_view(source(pmid="1", title_is_descriptive=True, retracted=True))
    assert (found["title_is_descriptive"], found["retracted"]) == (True, True)
