"""Which changes travel together: cis, trans, unknown."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.interpretation import Interpretation
from tests.support.knowledge import effect, failed, interpretation_of, knowledge, sample, seen

NAMES = (
    "p.T3M",
    "p.A4V",
    "p.Y5C",
    "p.I6T",
    "p.A7V",
    "p.K8R",
    "p.Q9R",
    "p.R10K",
    "p.G11R",
    "p.G12R",
    "p.L13M",
    "p.V14L",
)
INDEX = knowledge(*(effect(name, betatinib=[seen("resistant")]) for name in (*NAMES, "p.T3K")))
A, B, C = "p.T3M", "p.A4V", "p.Y5C"


def variant(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "small_variant", "gene": "ALK", "protein_change": name, **more}


def read(*samples: dict[str, Any]) -> Interpretation:
    return interpretation_of(INDEX, treatments=[failed("betatinib")], samples=list(samples))


Reading = frozenset[tuple[str, ...]]


def readings(*samples: dict[str, Any]) -> set[Reading]:
    return {frozenset(one) for one in read(*samples).situation.readings}


def reading(*clones: tuple[str, ...]) -> Reading:
    return frozenset(clones)


def phases(*samples: dict[str, Any]) -> dict[tuple[str, ...], str]:
    return {clone.profile: clone.phase for clone in read(*samples).clones}


@pytest.mark.parametrize("more", [{}, {"phase_set": "PS1"}])
def test_two_substitutions_of_one_residue_are_never_on_one_allele(more: dict[str, str]) -> None:
    both = sample(variant(A, **more), variant("p.T3K", **more))
    assert phases(both) == {("p.T3K",): "single", (A,): "single"}
    assert readings(both) == {reading((A,), ("p.T3K",))}
    apart = [sample(variant(name), collected="2025-01-02") for name in (A, "p.T3K")]
    assert readings(*apart) == {reading((A,), ("p.T3K",))}


def test_one_change_is_one_clone() -> None:
    assert phases(sample(variant(A))) == {(A,): "single"}
    assert readings(sample(variant(A))) == {reading((A,))}


@pytest.mark.parametrize(
    "pair",
    [
        (variant(A, in_cis_with=[B]), variant(B)),
        (variant(A), variant(B, in_cis_with=[A])),
        (variant(A, phase_set="PS1"), variant(B, phase_set="PS1")),
    ],
)
def test_changes_in_cis_are_one_compound_clone(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert phases(sample(*pair)) == {(A, B): "cis"}
    assert readings(sample(*pair)) == {reading((A, B))}


@pytest.mark.parametrize(
    "pair",
    [
        (variant(A, in_trans_with=[B]), variant(B)),
        (variant(A), variant(B, in_trans_with=[A])),
        (variant(A, in_cis_with=[]), variant(B)),
    ],
)
def test_changes_in_trans_are_separate_clones(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert phases(sample(*pair)) == {(A,): "single", (B,): "single"}
    assert readings(sample(*pair)) == {reading((A,), (B,))}


def test_unknown_phase_is_read_both_ways_and_the_stated_reading_stands_first() -> None:
    found = read(sample(variant(A), variant(B)))
    assert [frozenset(one) for one in found.situation.readings] == [reading((A,), (B,)), reading((A, B))]
    assert {clone.phase for clone in found.clones} == {"unknown"}


def test_different_phase_sets_prove_nothing() -> None:
    found = readings(sample(variant(A, phase_set="PS1"), variant(B, phase_set="PS2")))
    assert reading((A, B)) in found


def test_equal_phase_sets_of_two_samples_are_not_cis() -> None:
    found = phases(
        sample(variant(A, phase_set="PS1"), collected="2025-01-01"),
        sample(variant(B, phase_set="PS1"), collected="2025-01-02", specimen="tissue"),
    )
    assert found == {(A,): "unknown", (B,): "unknown"}


def test_cis_is_carried_from_pair_to_pair() -> None:
    found = phases(sample(variant(A, in_cis_with=[B]), variant(B, in_cis_with=[A, C]), variant(C)))
    assert found == {(A, B, C): "cis"}


def test_a_clone_in_trans_joins_no_reading_with_what_it_excludes() -> None:
    found = readings(sample(variant(A, in_trans_with=[B]), variant(B), variant(C)))
    assert found == {reading((A,), (B,), (C,)), reading((A, C), (B,)), reading((A,), (B, C))}


def test_three_of_unknown_phase_are_read_in_pairs_and_together() -> None:
    found = readings(sample(variant(A), variant(B), variant(C)))
    assert found == {
        reading((A,), (B,), (C,)),
        reading((A, B), (C,)),
        reading((A, C), (B,)),
        reading((A,), (B, C)),
        reading((A, B, C)),
    }


def test_of_many_of_unknown_phase_all_apart_and_all_together_are_read() -> None:
    found = readings(sample(*map(variant, NAMES)))
    assert found == {reading(*((name,) for name in NAMES)), reading(NAMES)}


def test_many_of_unknown_phase_are_still_read_together_when_two_are_in_trans() -> None:
    apart = variant(NAMES[0], in_trans_with=[NAMES[1]])
    found = readings(sample(apart, *map(variant, NAMES[1:])))
    joined = [clone for one in found for clone in one if len(clone) > 1]
    assert any(len(clone) == len(NAMES) - 1 for clone in joined)
    assert not any({NAMES[0], NAMES[1]} <= set(clone) for clone in joined)


def test_every_change_is_in_every_reading_once() -> None:
    for one in readings(sample(*map(variant, NAMES[:5]))):
        assert sorted(change for clone in one for change in clone) == sorted(NAMES[:5])


def test_the_readings_of_many_changes_stay_few() -> None:
    many = readings(*(sample(*map(variant, NAMES), collected="2025-01-01") for _ in range(60)))
    assert len(many) == 2


@pytest.mark.parametrize(("rare", "together"), [(0.009, False), (0.011, True), (None, True)])
def test_a_change_that_is_far_rarer_is_read_apart(rare: float | None, together: bool) -> None:
    found = read(sample(variant(A, vaf=0.1), variant(B, vaf=rare) if rare else variant(B)))
    assert (reading((A, B)) in {frozenset(one) for one in found.situation.readings}) is together
    flags = [one.code for one in found.flags]
    assert ("phase_unknown" in flags, "phase_minor" in flags) == (together, not together)


@pytest.mark.parametrize("vaf", [0.1, 0.2, 0.3, 0.5, 0.07, 0.06, 0.01])
def test_a_tenth_is_a_tenth_whatever_a_division_leaves(vaf: float) -> None:
    found = read(sample(variant(A, vaf=vaf), variant(B, vaf=round(vaf / 10, 4))))
    assert "phase_unknown" in [one.code for one in found.flags]


def test_a_rare_change_stated_in_cis_is_part_of_the_compound() -> None:
    assert phases(sample(variant(A, vaf=0.1), variant(B, vaf=0.001, in_cis_with=[A]))) == {(A, B): "cis"}


def test_one_sample_in_which_both_are_common_is_enough_to_read_them_together() -> None:
    fluid = sample(variant(A, vaf=0.1), variant(B, vaf=0.001))
    tissue = sample(variant(A, vaf=0.1), variant(B, vaf=0.09), specimen="tissue")
    assert reading((A, B)) in readings(fluid, tissue)


@pytest.mark.parametrize(("other", "hinted"), [(0.051, False), (0.065, True)])
def test_fractions_hint_at_a_compound_only_beyond_their_noise(other: float, hinted: bool) -> None:
    fusion = {"type": "fusion", "gene": "ALK", "partner": "EML4", "vaf": 0.1}
    found = read(sample(fusion, variant(A, vaf=0.05), variant(B, vaf=other)))
    assert ("phase_hint" in [one.code for one in found.flags]) is hinted


@pytest.mark.parametrize(
    ("others", "counts"),
    [
        ([], False),
        ([variant(B)], True),
        ([variant(C)], False),
        ([variant(B, in_trans_with=[A])], False),
        ([variant(B, vaf=0.2)], False),
    ],
)
def test_a_change_known_only_inside_a_compound_counts_only_beside_the_rest_of_it(
    others: list[dict[str, Any]], counts: bool
) -> None:
    index = knowledge(
        effect(A, B, betatinib=[seen("resistant")]),
        *(effect(name, betatinib=[seen("resistant")]) for name in (B, C)),
    )
    given = sample(variant(A, vaf=0.001), *others)
    found = interpretation_of(index, treatments=[failed("betatinib")], samples=[given])
    roles = {one.mark.name: one.mark.role for one in found.alterations}
    assert roles[A] == ("on_target_resistance" if counts else "variant_of_unknown_significance")


def test_the_share_of_a_clone_is_its_rarest_change_over_the_driver() -> None:
    fusion = {"type": "fusion", "gene": "ALK", "partner": "EML4", "vaf": 0.08}
    found = read(sample(fusion, variant(A, vaf=0.02, in_cis_with=[B]), variant(B, vaf=0.04)))
    assert [clone.share for clone in found.clones] == [0.25]


def test_without_a_fraction_there_is_no_share() -> None:
    found = read(sample(variant(A, vaf=0.02), variant(B)))
    assert {clone.profile: clone.share for clone in found.clones} == {(A,): 1.0, (B,): None}


def test_a_share_never_exceeds_one() -> None:
    fusion = {"type": "fusion", "gene": "ALK", "partner": "EML4", "vaf": 0.01}
    assert [clone.share for clone in read(sample(fusion, variant(A, vaf=0.5))).clones] == [1.0]
