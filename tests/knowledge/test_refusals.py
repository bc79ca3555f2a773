"""Every broken fixture is refused, with the words that help the curator, by the check whose name it bears."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from app.knowledge.checks import CHECKS, check_all
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.loader import load_tree
from tests.trees import HERE, small_tree

RELEASED_ON = dt.date(2026, 11, 20)
BROKEN = sorted(path for path in (HERE / "invalid_knowledge").iterdir() if path.is_dir())


def complaints_of(root: Path) -> list[Complaint]:
    try:
        return check_all(load_tree(root), RELEASED_ON)
    except KnowledgeError as error:
        return list(error.complaints)


def test_the_small_tree_is_sound(tmp_path: Path) -> None:
    assert complaints_of(small_tree(tmp_path / "knowledge")) == []


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.name)
def test_broken_tree_is_refused(broken: Path, tmp_path: Path) -> None:
    words = (broken / "refusal.txt").read_text(encoding="utf-8").split("\n")
    found = complaints_of(small_tree(tmp_path / "knowledge", broken))
    name = "" if broken.name.startswith("load_") else broken.name
    own = [str(complaint) for complaint in found if complaint.check == name]
    assert any(all(word in text for word in words) for text in own), "\n".join(map(str, found))


def test_every_check_has_a_broken_tree() -> None:
    fixtures = {path.name for path in BROKEN if not path.name.startswith("load_")}
    assert fixtures == {check.__name__ for check in CHECKS}


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    overlays = [path for path in BROKEN if path.name in ("load_null", "load_share_over_one", "load_missing_key")]
    with pytest.raises(KnowledgeError) as caught:
        load_tree(small_tree(tmp_path / "knowledge", *overlays))
    paths = [complaint.path for complaint in caught.value.complaints]
    assert paths == ["drugs/examplinib.yaml", "frequencies/ALK/examplinib.yaml", "guidance/ALK-tki_naive.yaml"]
