from __future__ import annotations

from pathlib import Path

import pytest

from app.knowledge.coverage import Cell, coverage, markdown
from app.knowledge.loader import KnowledgeRecords, load_tree
from tests.trees import edit, small_tree


@pytest.fixture
def records(tmp_path: Path) -> KnowledgeRecords:
    return load_tree(small_tree(tmp_path / "knowledge"))


def test_single_changes_come_before_combinations(records: KnowledgeRecords) -> None:
    alk, ros1 = coverage(records)
    assert [row.profile for row in alk.rows] == ["G11R", "A7T+G11R"]
    assert (alk.drugs, ros1.rows) == (("examplinib",), ())


def test_items_are_counted_by_what_they_rest_on(records: KnowledgeRecords) -> None:
    alk, _ = coverage(records)
    single, double = (row.cells["examplinib"] for row in alk.rows)
    assert single == Cell(clinical=0, preclinical=1, unverified=1, verdicts=("sensitive",))
    assert double == Cell(clinical=1, preclinical=0, unverified=0, verdicts=("resistant",))


def test_a_resolved_verdict_stands_in_front(records: KnowledgeRecords) -> None:
    alk, _ = coverage(records, lambda statement: f"resolved {statement.therapy}")
    assert str(alk.rows[0].cells["examplinib"]) == "resolved examplinib (1p, 1u)"


def test_the_table_shows_what_nobody_studied(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "other")
    ranked = "ranked_for:\n  - {gene: ALK, generation: second, setting_after: tki_naive, development: licensed}\n"
    edit(root, "drugs/samplinib.yaml", "targets: [MET]\n", f"targets: [MET]\n{ranked}")
    text = markdown(coverage(load_tree(root)))
    assert "| variant | examplinib | samplinib |" in text
    assert "| G11R | sensitive (1p, 1u) | · |" in text
    assert "2 profiles, 2 drugs: 2 of 4 pairs have evidence, 1 of them from patients." in text


def test_drafts_are_not_counted(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "other")
    edit(root, "effects/ALK/G11R.yaml", "status: active", "status: draft")
    assert [row.profile for row in coverage(load_tree(root))[0].rows] == ["A7T+G11R"]


def test_events_come_last_and_an_unreadable_change_does_not_stop_the_table(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "other")
    edit(root, "effects/ALK/G11R.yaml", "protein_changes: [p.G11R]", "event: amplification")
    edit(root, "effects/ALK/A7T+G11R.yaml", "[p.A7T, p.G11R]", "[p.A7T7, p.G11R]")
    assert [row.profile for row in coverage(load_tree(root))[0].rows] == ["A7T7+G11R", "amplification"]


def test_unverified_items_give_no_verdict() -> None:
    assert str(Cell(clinical=0, preclinical=0, unverified=2, verdicts=())) == "unknown (2u)"
