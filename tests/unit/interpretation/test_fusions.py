"""The variant of the driver fusion, where the knowledge tells variants apart."""

from __future__ import annotations

from typing import Any

import pytest

from app.interpretation.fusions import noted_variant
from app.knowledge.records import FrequencyRecord
from tests.support import real
from tests.support.knowledge import (
    case_of,
    codes_of,
    effect,
    failed,
    frequencies,
    interpretation_of,
    knowledge,
    sample,
    seen,
)


def of_variant(status: str = "read_in_primary") -> FrequencyRecord:
    one = frequencies("any", G11R=0.3)
    told = one.frequencies[0].model_copy(
        update={"fusion_variant": "v3", "fusion_partner": "EML4", "status": status, "frequency": 0.3}
    )
    return one.model_copy(update={"frequencies": (told,)})


INDEX = knowledge(of_variant(), effect("p.G11R", betatinib=[seen("resistant")]))


def flagged(**given: Any) -> bool:
    return "fusion_variant" in codes_of(interpretation_of(INDEX, **given).flags)


@pytest.mark.parametrize(
    "text",
    [
        "v3",
        "V3a",
        "v3a/b",
        "variant 3",
        "3",
        "var. 3b",
        "Variante 3",
        "variant: 3",
        "variant 3a/b (E6a/b;A20)",
        "V3亚型",
        "E6;A20 (v3b)",
        "EML4-ALK v3",
    ],
)
def test_a_variant_is_read_as_reports_write_it(text: str) -> None:
    assert flagged(driver={"gene": "ALK", "partner": "EML4", "variant": text})


@pytest.mark.parametrize(
    "driver",
    [
        {"gene": "ALK", "partner": "EML4"},
        {"gene": "ALK", "partner": "EML4", "variant": "v2"},
        {"gene": "ALK", "partner": "EML4", "variant": "E6;A20"},
        {"gene": "ALK", "partner": "EML4", "variant": "v33"},
        {"gene": "ALK", "partner": "EML4", "variant": "v1 or v3"},
        {"gene": "ALK", "partner": "EML4", "variant": "exon 3"},
        {"gene": "ALK", "partner": "MET", "variant": "v3"},
        {"gene": "ROS1", "partner": "EML4", "variant": "v3"},
    ],
)
def test_nothing_is_said_of_a_variant_that_is_not_known(driver: dict[str, str]) -> None:
    assert not flagged(driver=driver)


def test_a_sample_may_name_the_variant() -> None:
    assert flagged(samples=[sample({"type": "fusion", "gene": "ALK", "partner": "EML4", "variant": "v3"})])


def test_once_a_mutation_is_seen_the_variant_says_nothing_more() -> None:
    after = {"treatments": [failed("betatinib")], "driver": {"gene": "ALK", "partner": "EML4", "variant": "v3"}}
    assert flagged(**after, samples=[sample("EML4::ALK")])
    assert not flagged(**after, samples=[sample("EML4::ALK", "ALK G11R")])


def test_what_was_not_verified_is_not_used() -> None:
    index = knowledge(of_variant("unverified"))
    read = interpretation_of(index, driver={"gene": "ALK", "partner": "EML4", "variant": "v3"})
    assert "fusion_variant" not in codes_of(read.flags)


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        *((text, "v3") for text in ("E6;A20", "E6a/b;A20", "E6b:A20", "E6A20", "exon 6; exon 20", "(E6;A20)")),
        ("E13;A20", "v1"),
        *((text, None) for text in ("E20;A20", "E14;A20", "E6b;ins18A20", "E6", "6", "A20;E6", "E13;A19")),
    ],
)
def test_the_exons_joined_name_the_variant_of_which_something_is_known(text: str, variant: str | None) -> None:
    index = real.index()
    case = case_of({"driver": {"gene": "ALK", "partner": "EML4", "variant": text}}, index)
    assert noted_variant(case, index) == variant


def test_the_exons_of_another_partner_name_no_variant() -> None:
    case = case_of({"driver": {"gene": "ALK", "partner": "KIF5B", "variant": "E13;A20"}}, real.index())
    assert noted_variant(case, real.index()) is None
