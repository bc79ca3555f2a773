"""Which samples decide, which are silent and which are history."""

from __future__ import annotations

from typing import Any

import pytest

from app.interpretation.history import read_history
from app.interpretation.samples import SampleReading, informative, read_samples
from tests.support.knowledge import case_of, failed, knowledge, sample

INDEX = knowledge()
LAST = failed("alphatinib", started="2023-01-01", ended="2024-06-01")


def read(*samples: dict[str, Any], treatments: tuple[dict[str, Any], ...] = (LAST,)) -> SampleReading:
    case = case_of({"treatments": list(treatments), "samples": list(samples)}, INDEX)
    return read_samples(case, read_history(case, INDEX), INDEX)


def decisive(*samples: dict[str, Any], **more: Any) -> list[str]:
    return [one.sample_id for one in read(*samples, **more).decisive]


def outdated(*samples: dict[str, Any], **more: Any) -> list[str]:
    return [one.sample_id for one in read(*samples, **more).outdated]


@pytest.mark.parametrize(
    ("given", "telling"),
    [
        ({}, False),
        ({"ctdna_detected": False}, False),
        ({"tumour_fraction": 0.0}, False),
        ({"ctdna_detected": True}, True),
        ({"tumour_fraction": 0.01}, True),
        ({"findings": ["EML4::ALK"]}, True),
        ({"findings": ["FOO1 p.R5K"]}, True),
        ({"findings": [{"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "germline": True}]}, False),
        (
            {"findings": [{"type": "gene_alteration", "gene": "BRCA2", "effect": "inactivating", "germline": True}]},
            False,
        ),
        ({"specimen": "tissue"}, True),
        ({"specimen": "csf"}, False),
        ({"specimen": "pleural_fluid"}, False),
    ],
)
def test_a_fluid_tells_only_when_it_shows_tumour(given: dict[str, Any], telling: bool) -> None:
    (only,) = case_of({"samples": [given]}, INDEX).samples
    assert informative(only, INDEX) is telling


def test_the_sample_after_the_last_progression_decides() -> None:
    assert decisive(sample("EML4::ALK", collected="2024-06-05")) == ["S1"]


def test_a_sample_of_the_weeks_before_the_change_still_decides() -> None:
    assert decisive(sample("EML4::ALK", collected="2024-04-20")) == ["S1"]


def test_a_sample_from_before_the_last_progression_is_history() -> None:
    found = read(sample("EML4::ALK", collected="2024-04-19"))
    assert (found.decisive, [one.sample_id for one in found.outdated]) == ((), ["S1"])


def test_a_sample_from_before_the_ongoing_drug_is_history() -> None:
    ongoing = {"drugs": "betatinib", "started": "2024-06-10"}
    assert outdated(sample("EML4::ALK", collected="2024-06-10"), treatments=(LAST, ongoing)) == ["S1"]
    assert decisive(sample("EML4::ALK", collected="2024-06-11"), treatments=(LAST, ongoing)) == ["S1"]


def test_a_silent_sample_is_named_and_decides_nothing() -> None:
    found = read(sample(collected="2024-06-05", ctdna_detected=False))
    assert (found.decisive, [one.sample_id for one in found.non_informative]) == ((), ["S1"])


def test_a_silent_sample_does_not_displace_an_earlier_one_that_tells() -> None:
    assert decisive(sample("EML4::ALK", collected="2024-06-05"), sample(collected="2025-06-05")) == ["S1"]


def test_a_silent_plasma_beside_an_old_biopsy_leaves_nothing_to_decide() -> None:
    found = read(sample("ALK G11R", collected="2023-02-01", specimen="tissue"), sample(collected="2024-06-05"))
    assert (found.decisive, len(found.outdated), len(found.non_informative)) == ((), 1, 1)


def test_plasma_and_tissue_of_one_time_point_decide_together() -> None:
    both = (
        sample("EML4::ALK", collected="2024-06-05", sample_id="P"),
        sample("EML4::ALK", collected="2024-08-04", specimen="tissue", sample_id="T"),
    )
    assert sorted(decisive(*both)) == ["P", "T"]


def test_of_two_time_points_the_later_decides() -> None:
    both = (
        sample("EML4::ALK", collected="2024-06-05", sample_id="A"),
        sample("EML4::ALK", collected="2024-08-05", sample_id="B"),
    )
    assert (decisive(*both), outdated(*both)) == (["B"], ["A"])


def test_undated_samples_keep_their_order_and_the_last_of_a_kind_decides() -> None:
    assert decisive(sample("EML4::ALK"), sample("EML4::ALK")) == ["S2"]


def test_an_undated_biopsy_and_the_plasma_after_it_decide_together() -> None:
    assert decisive(sample("EML4::ALK", specimen="tissue"), sample("EML4::ALK")) == ["S1", "S2"]


def test_an_undated_plasma_given_before_a_later_dated_one_is_history() -> None:
    both = (sample("ALK G11R"), sample("EML4::ALK", collected="2024-06-05"))
    assert (decisive(*both), outdated(*both)) == (["S2"], ["S1"])


def test_an_undated_biopsy_given_before_a_dated_plasma_decides_with_it() -> None:
    assert decisive(sample("EML4::ALK", specimen="tissue"), sample("EML4::ALK", collected="2024-06-05")) == ["S1", "S2"]


def test_an_undated_sample_given_before_one_that_is_history_is_history_too() -> None:
    both = (sample("ALK G11R", specimen="tissue"), sample("EML4::ALK", collected="2023-02-01"))
    assert (decisive(*both), outdated(*both)) == ([], ["S1", "S2"])


def test_every_sample_is_decisive_silent_or_history() -> None:
    days = ["2022-01-01", "2024-06-05", "2024-07-01", None, "2025-01-01"]
    found = read(
        *(
            sample(*(["EML4::ALK"] if place % 2 else []), **({"collected": day} if day else {}))
            for place, day in enumerate(days)
        )
    )
    sorted_out = [one.sample_id for one in (*found.decisive, *found.non_informative, *found.outdated)]
    assert sorted(sorted_out) == ["S1", "S2", "S3", "S4", "S5"]


def test_without_an_end_the_start_of_a_failed_line_bounds_what_is_of_the_past() -> None:
    line = failed("alphatinib", started="2023-06-10")
    line.pop("ended", None)
    assert outdated(sample("ALK G11R", collected="2023-05-03"), treatments=(line,)) == ["S1"]
    assert decisive(sample("ALK G11R", collected="2023-07-03"), treatments=(line,)) == ["S1"]
