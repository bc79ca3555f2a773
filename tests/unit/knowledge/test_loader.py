from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.kinds import KINDS, kind_of
from app.knowledge.loader import load_tree
from tests.trees import edit, small_tree


def test_records_come_by_kind_in_order_of_id(tmp_path: Path) -> None:
    records = load_tree(small_tree(tmp_path / "knowledge"))
    assert [gene.symbol for gene in records.genes] == ["ALK", "MET", "ROS1"]
    assert [effect.id for effect in records.effects] == ["effect:ALK:A7T+G11R", "effect:ALK:G11R"]
    assert records.policy.id == "policy:ranking"


def test_a_record_knows_its_file_and_lines(tmp_path: Path) -> None:
    records = load_tree(small_tree(tmp_path / "knowledge"))
    source = records.source(records.drugs[0])
    assert source.path == "drugs/examplinib.yaml"
    assert source.line(("approvals", 0, "start")) == 17
    assert source.line(("approvals", 0, "no such key")) == 12


def test_every_id_leads_to_its_file(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "knowledge")
    for record in load_tree(root):
        assert (root / kind_of(record).path(record.id)).is_file()


def test_a_record_of_a_release_has_no_lines(tmp_path: Path) -> None:
    records = load_tree(small_tree(tmp_path / "knowledge"))
    source = replace(records, files={}).source(records.effects[0])
    assert (source.path, source.line(("id",))) == ("effects/ALK/A7T+G11R.yaml", 0)


def test_active_records_leave_drafts_and_retired_ones_out(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "knowledge")
    edit(root, "drugs/samplinib.yaml", "status: active", "status: draft")
    edit(root, "effects/ALK/G11R.yaml", "status: active", "status: retired\n  retired_because: a better record stands")
    active = load_tree(root).active()
    assert [drug.inn for drug in active.drugs] == ["examplinib"]
    assert [effect.id for effect in active.effects] == ["effect:ALK:A7T+G11R"]


def test_folders_beside_the_records_and_the_readme_are_left_alone(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "knowledge")
    for name in ("README.md", "templates/drugs.yaml", "schema/drugs.json", "releases/index.yaml", "drugs/.hidden"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text("anything: [", encoding="utf-8")
    assert len(load_tree(root).drugs) == 2


def test_a_folder_without_policy_is_refused(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "knowledge")
    shutil.rmtree(root / "policy")
    with pytest.raises(KnowledgeError, match="0 policy records"):
        load_tree(root)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="there is no knowledge folder here"):
        load_tree(tmp_path / "knowledge")


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "knowledge")
    (root / "drugs" / "examplinib.yaml").write_bytes("inn: caf\u00e9".encode("latin-1"))
    with pytest.raises(KnowledgeError, match=r"drugs/examplinib\.yaml: the file is not UTF-8"):
        load_tree(root)


def test_a_file_that_holds_no_mapping_is_refused(tmp_path: Path) -> None:
    root = small_tree(tmp_path / "knowledge")
    (root / "drugs" / "examplinib.yaml").write_text("- a\n- b\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"drugs/examplinib\.yaml:1: the record"):
        load_tree(root)


def test_every_kind_has_a_folder_of_its_own() -> None:
    assert len({kind.model for kind in KINDS.values()}) == len(KINDS)


def test_a_complaint_reads_as_file_line_what_cure_and_check() -> None:
    complaint = Complaint("drugs/x.yaml", 3, "the name is wrong", "mend it", "names_mean_one_drug")
    assert str(complaint) == "drugs/x.yaml:3: the name is wrong (mend it) [names_mean_one_drug]"
    assert str(Complaint("drugs/x.yaml", 0, "it is missing")) == "drugs/x.yaml: it is missing"
