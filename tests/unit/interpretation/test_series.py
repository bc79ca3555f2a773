"""One alteration over time."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.interpretation import Alteration
from tests.support.knowledge import effect, failed, interpretation_of, knowledge, sample, seen

INDEX = knowledge(effect("p.G11R", betatinib=[seen("resistant")]))
DAYS = ("2023-01-01", "2024-01-01", "2025-01-01", "2026-01-01")


def course(*found: Any, name: str = "p.G11R", **more: Any) -> Alteration:
    """The course of G11R: per sample a fraction in percent, True (seen), False (not seen) or a whole sample."""
    samples = [
        one if isinstance(one, dict) else sample("EML4::ALK", *_finding(one), collected=day)
        for one, day in zip(found, DAYS, strict=False)
    ]
    alterations = interpretation_of(INDEX, samples=samples, **more).alterations
    return next(one for one in alterations if one.mark.name == name)


def _finding(one: Any) -> list[str]:
    if isinstance(one, bool):
        return ["ALK G11R"] if one else []
    return [f"ALK G11R {one}%"]


@pytest.mark.parametrize(
    ("found", "trend"),
    [
        ((True,), "single_time_point"),
        ((False, True), "emergent"),
        ((True, False), "cleared"),
        ((True, False, True), "reemergent"),
        ((False, True, False, True), "reemergent"),
        ((True, True), "stable"),
        ((1, 1.9), "stable"),
        ((1, 2), "rising"),
        ((2, 1), "falling"),
        ((5, 5, 1), "falling"),
    ],
)
def test_trends(found: tuple[Any, ...], trend: str) -> None:
    assert course(*found).mark.trend == trend


def test_a_silent_sample_is_no_clearance() -> None:
    silent = sample(collected=DAYS[1], ctdna_detected=False)
    assert course(True, silent).mark.trend == "single_time_point"


@pytest.mark.parametrize(
    "assay",
    [
        {"genes_covered": ["MET"]},
        {"not_covered": ["ALK"]},
        {"not_covered": ["p.G11R"]},
        {"not_covered": ["ALK p.G11R"]},
    ],
)
def test_a_test_that_could_not_see_it_is_no_clearance(assay: dict[str, Any]) -> None:
    blind = sample("MET amplification", collected=DAYS[1], assay=assay)
    assert course(True, blind).mark.trend == "single_time_point"


def test_a_test_less_deep_than_the_earlier_fraction_is_no_clearance() -> None:
    shallow = sample("EML4::ALK", collected=DAYS[1], assay={"limit_of_detection": 0.02})
    assert course(1, shallow).mark.trend == "single_time_point"
    assert course(5, shallow).mark.trend == "cleared"


def test_fractions_are_read_against_the_driver() -> None:
    before = sample("EML4::ALK 10%", "ALK G11R 1%", collected=DAYS[0])
    after = sample("EML4::ALK 30%", "ALK G11R 3%", collected=DAYS[1])
    assert course(before, after).mark.trend == "stable"


def test_a_stable_share_of_a_growing_tumour_is_growing_resistance() -> None:
    before = sample("EML4::ALK 0.4%", "ALK G11R 0.2%", collected=DAYS[0])
    after = sample("EML4::ALK 4%", "ALK G11R 2%", collected=DAYS[1])
    held = sample("EML4::ALK 0.4%", "ALK G11R 0.2%", collected=DAYS[1])
    given = {"treatments": [{"drugs": "betatinib", "started": "2022-01-01"}]}
    grown, same = (interpretation_of(INDEX, samples=[before, last], **given) for last in (after, held))
    assert {one.mark.trend for one in grown.alterations if one.mark.name == "p.G11R"} == {"stable"}
    assert (grown.situation.settled, same.situation.settled) == (False, True)
    codes = [flag.code for flag in grown.flags]
    assert "early_molecular_progression" in codes


def test_the_fusion_itself_is_compared_as_it_is() -> None:
    rising = [sample(f"EML4::ALK {one}%", collected=day) for one, day in zip((0.1, 6), DAYS, strict=False)]
    falling = [sample(f"EML4::ALK {one}%", collected=day) for one, day in zip((12, 0.1), DAYS, strict=False)]
    assert course(*rising, name="EML4::ALK").mark.trend == "rising"
    assert course(*falling, name="EML4::ALK").mark.trend == "falling"


def test_fractions_of_tissue_and_plasma_are_not_compared() -> None:
    tissue = sample("ALK G11R 30%", collected=DAYS[0], specimen="tissue")
    assert course(tissue, 1).mark.trend == "stable"


def test_the_series_names_every_sample_that_could_have_shown_it() -> None:
    points = course(False, 2).series
    assert [(one.sample_id, one.vaf, one.detected) for one in points] == [("S1", None, False), ("S2", 0.02, True)]


def test_the_drug_under_which_it_appeared_is_named() -> None:
    lines = [failed("betatinib", started="2023-02-01", ended="2023-12-20")]
    assert course(False, True, treatments=lines).selected_by == ("betatinib",)


def test_the_drug_under_which_it_disappeared_is_named() -> None:
    lines = [failed("gammatinib", started="2023-02-01", ended="2023-12-20")]
    assert course(True, False, treatments=lines).suppressed_by == ("gammatinib",)


def test_without_dates_no_drug_is_named() -> None:
    found = course(sample("EML4::ALK"), sample("ALK G11R"), treatments=[failed("betatinib")])
    assert (found.mark.trend, found.selected_by) == ("emergent", ())
