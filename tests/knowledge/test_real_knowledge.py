"""The knowledge of the repository is sound, and every frozen release is what was released."""

from __future__ import annotations

from app.cli_knowledge import main
from app.knowledge.bundle import pack, unpack
from app.knowledge.checks import check_all
from app.knowledge.loader import load_tree
from app.knowledge.manifest import load_index
from app.knowledge.release import load_release, prove_release, verify_all
from tests.trees import REPOSITORY

KNOWLEDGE = REPOSITORY / "knowledge"


def test_the_knowledge_is_sound() -> None:
    assert [str(complaint) for complaint in check_all(load_tree(KNOWLEDGE))] == []


def test_every_release_is_what_was_released() -> None:
    verify_all(KNOWLEDGE)


def test_every_release_can_be_loaded_for_replay() -> None:
    for row in load_index(KNOWLEDGE).released():
        records, manifest = load_release(KNOWLEDGE, row.version, withdrawn_too=True)
        assert manifest.digest == row.digest
        assert prove_release(KNOWLEDGE, row) == (manifest, len(list(records)))


def test_a_bundle_of_the_knowledge_reads_back_as_it_was() -> None:
    records = load_tree(KNOWLEDGE).active()
    assert list(unpack(pack(records))) == list(records)


def test_the_coverage_page_is_current() -> None:
    page = REPOSITORY / "docs" / "coverage.md"
    assert main(["knowledge", "--root", str(KNOWLEDGE), "coverage", "--check", str(page)]) == 0
