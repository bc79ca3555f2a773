from __future__ import annotations

from pathlib import Path

import pytest

from app.knowledge.diff import Change, KnowledgeDiff, compare
from app.knowledge.loader import load_tree
from tests.trees import edit, small_tree


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_tree(tmp_path / "knowledge")


def after(root: Path, *edits: tuple[str, str, str]) -> KnowledgeDiff:
    before = load_tree(root)
    for name, old, new in edits:
        edit(root, name, old, new)
    return compare(before, load_tree(root), names=("2026.11.0", "working"))


def only(changes: tuple[Change, ...]) -> Change:
    (change,) = changes
    return change


def test_the_same_records_differ_in_nothing(root: Path) -> None:
    diff = after(root)
    assert diff.empty
    assert diff.markdown() == "# Knowledge working, since 2026.11.0\n\nNothing changed.\n"


def test_a_first_release_adds_every_record_with_its_sources(root: Path) -> None:
    records = load_tree(root)
    diff = compare(None, records, names=(None, "2026.11.0"))
    assert len(diff.added) == len(list(records))
    sentences = [change.sentence for change in diff.added]
    assert "effect:ALK:G11R: 2 items. [doe-2020]" in sentences
    assert "mechanism:MET-amplification: MET amplification, 2 items. [doe-2020]" in sentences


def test_a_moved_verdict_is_named_with_item_and_source(root: Path) -> None:
    diff = after(
        root, ("effects/ALK/G11R.yaml", "activity: sensitive\n        level: D", "activity: reduced\n        level: C")
    )
    assert only(diff.revised).sentence == (
        "effect:ALK:G11R, item g11r-examplinib-cell: activity moved from sensitive to reduced; "
        "level moved from D to C. [doe-2020]"
    )
    assert diff.counts() == {"added": 0, "revised": 1, "retired": 0}


def test_a_translation_is_counted_and_not_told(root: Path) -> None:
    name = "label: examplinib with samplinib"
    diff = after(root, ("regimens/examplinib+samplinib.yaml", name, f"{name}\nlabel_zh: 联合方案"))
    assert only(diff.revised).translation
    assert "联合方案" not in diff.markdown()
    assert "new Chinese wording: 1." in diff.markdown()


def test_a_moved_measure_is_named_by_its_measure(root: Path) -> None:
    diff = after(root, ("outcomes/ALK/examplinib.yaml", 'value: "24"', 'value: "25"'))
    assert str(only(diff.revised).fields[0]) == "measures[median_pfs].value moved from 24.0 to 25.0"


def test_an_approval_is_named_by_region_and_an_end_is_new(root: Path) -> None:
    diff = after(root, ("drugs/examplinib.yaml", 'start: "2021-03"', 'start: "2021-03"\n    end: "2026-10-01"'))
    assert only(diff.revised).sentence == "drug:examplinib: approvals[US ALK advanced].end is now 2026-10-01."


def test_an_item_that_came_and_one_that_went(root: Path) -> None:
    diff = after(root, ("effects/ALK/G11R.yaml", "id: g11r-examplinib-memory", "id: g11r-examplinib-review"))
    assert only(diff.added).sentence == (
        "effect:ALK:G11R, item g11r-examplinib-review: Some say that ALK G11R resists examplinib. [doe-2020]"
    )
    assert (
        only(diff.retired).sentence
        == "effect:ALK:G11R, item g11r-examplinib-memory: the item was taken out. [doe-2020]"
    )


def test_a_value_that_went_is_told_with_what_it_was(root: Path) -> None:
    diff = after(root, ("effects/ALK/G11R.yaml", "region: solvent_front\n", ""))
    assert only(diff.revised).sentence == "effect:ALK:G11R: region was dropped (it was solvent_front)."


def test_a_list_of_words_is_told_as_a_whole(root: Path) -> None:
    diff = after(root, ("drugs/examplinib.yaml", "targets: [ALK]", "targets: [ALK, MET]"))
    assert only(diff.revised).sentence == "drug:examplinib: targets moved from ALK to ALK, MET."


def test_a_long_text_is_cut(root: Path) -> None:
    diff = after(root, ("notices/disclaimer.yaml", "For these tests only.", f"For {'these ' * 60}tests."))
    assert only(diff.revised).sentence.endswith("these these…”.")
    assert len(only(diff.revised).sentence) < 300


def test_things_that_cannot_be_told_apart_are_known_by_position(root: Path) -> None:
    two = "    - {measure: orr, value: '40', unit: percent}\n"
    name = "outcomes/ALK/examplinib.yaml"
    edit(
        root,
        name,
        '    measures:\n      - {measure: orr, value: "40", unit: percent, count: 12/30}\n',
        f"    measures:\n  {two}  {two}",
    )
    diff = after(root, (name, f"  {two}  {two}", f"  {two}  {two.replace('40', '41')}"))
    assert str(only(diff.revised).fields[0]) == "measures[2].value moved from 40.0 to 41.0"


def test_a_retired_record_says_why_and_what_replaces_it(root: Path) -> None:
    retired = "status: retired\n  retired_because: read wrongly\n  replaced_by: effect:ALK:G11R"
    diff = after(root, ("effects/ALK/A7T+G11R.yaml", "status: active", retired))
    assert only(diff.retired).sentence == "effect:ALK:A7T+G11R: read wrongly; replaced by effect:ALK:G11R."


def test_a_draft_is_no_change(root: Path) -> None:
    edit(root, "effects/ALK/A7T+G11R.yaml", "status: active", "status: draft")
    assert after(root, ("effects/ALK/A7T+G11R.yaml", "activity: resistant", "activity: reduced")).empty
