"""Several releases served at once: a case names the one it wants, and two can be compared, over HTTP and by the command."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from app.cli_knowledge import main
from app.knowledge import release
from app.knowledge.loader import load_tree
from app.main import create_app
from app.settings import Settings
from tests.trees import REPOSITORY

OLD, NEW = "2030.01.0", "2030.02.0"
RELAPSE = {
    "case_id": "stored",
    "driver": {"gene": "ALK"},
    "treatments": [{"drugs": ["alectinib"], "stop_reason": "progression"}],
    "samples": [{"sample_id": "P1", "findings": ["ALK p.G1202R 3.1%"]}],
    "as_of": "2026-11-20",
}
NAIVE = {"driver": {"gene": "ROS1"}, "as_of": "2026-11-20"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The knowledge as it stands, released, then released again with one verdict that nobody would miss."""
    root = tmp_path_factory.mktemp("releases") / "knowledge"
    shutil.copytree(REPOSITORY / "knowledge", root, ignore=shutil.ignore_patterns("releases"))
    patch = pytest.MonkeyPatch()
    patch.setattr(release, "require_sound", lambda *_: None)  # whether the tree is sound is another test's question
    release.freeze(load_tree(root), OLD, dt.date(2030, 1, 10), root, curated_by="a curator")
    path = root / "effects" / "ALK" / "G1202R.yaml"
    record = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    statement = next(one for one in record["statements"] if one["therapy"] == "lorlatinib")
    statement["evidence"] = [
        {
            "id": "g1202r-lorlatinib-invented",
            "activity": "resistant",
            "level": "B",
            "basis": "trial",
            "n": "90",
            "summary": "An invented trial, for this test only, found lorlatinib resistant.",
            "citation": statement["evidence"][0]["citation"],
            "status": "read_in_primary",
        }
    ]
    path.write_text(yaml.safe_dump(record, allow_unicode=True, sort_keys=False), encoding="utf-8")
    release.freeze(load_tree(root), NEW, dt.date(2030, 2, 10), root, curated_by="a curator")
    patch.undo()
    return root


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(knowledge_dir=root, access_log=False))) as client:
        yield client


def recommended(client: TestClient, **more: Any) -> dict[str, Any]:
    answer = client.post("/v1/recommendations", json={**RELAPSE, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_case_gets_the_release_that_it_names(client: TestClient) -> None:
    newest, old, new = recommended(client), *(recommended(client, knowledge_version=one) for one in (OLD, NEW))
    assert newest == new
    assert [one["knowledge"]["version"] for one in (old, new)] == [OLD, NEW]
    assert old["knowledge"]["digest"] != new["knowledge"]["digest"]
    assert old["recommendation_id"] != new["recommendation_id"]
    assert old["options"][0]["regimen_id"] == "lorlatinib"
    assert "lorlatinib" not in {one["regimen_id"] for one in new["options"]}


def test_both_are_listed_and_an_unknown_one_names_them(client: TestClient) -> None:
    found = client.get("/v1/knowledge/releases").json()
    assert [(one["version"], one["loaded"]) for one in found["releases"]] == [(NEW, True), (OLD, True)]
    answer = client.post("/v1/recommendations", json={**RELAPSE, "knowledge_version": "2029.1.0"})
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith(f"loaded: {OLD}, {NEW}.")


def test_plans_and_variants_are_pinned_too(client: TestClient) -> None:
    plans = client.post("/v1/sequence-plans", json={**RELAPSE, "knowledge_version": OLD}).json()
    assert plans["knowledge"]["version"] == OLD
    variant = client.get("/v1/genes/ALK/variants/p.G1202R", params={"knowledge_version": OLD}).json()
    assert variant["knowledge"]["version"] == OLD


def test_the_two_are_compared_down_to_the_fact(client: TestClient) -> None:
    found = client.post("/v1/recommendations/compare", json={"case": RELAPSE}).json()
    assert (found["from"]["knowledge"]["version"], found["to"]["knowledge"]["version"]) == (OLD, NEW)
    change = next(one for one in found["changes"] if one["regimen_id"] == "lorlatinib")
    assert change["cause"] == "single_facts"
    assert {one["record"] for one in change["because"]} == {"effect:ALK:G1202R"}
    assert all(set(one["citations"]) <= set(found["citations"]) for one in change["because"])


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    (folder / "vignette.yaml").write_text(yaml.safe_dump({"title": "Stored", "case": RELAPSE}), encoding="utf-8")
    (folder / "bare.json").write_text(json.dumps({**RELAPSE, "knowledge_version": "2029.1.0"}), encoding="utf-8")
    (folder / "stays.json").write_text(json.dumps(NAIVE), encoding="utf-8")
    (folder / "wrong.yaml").write_text("case: {driver: {gene: EGFR}}", encoding="utf-8")
    (folder / "drug.json").write_text(
        json.dumps({"driver": {"gene": "ALK"}, "treatments": [{"drugs": ["lorlatnib"]}]}), encoding="utf-8"
    )
    (folder / "README.md").write_text("Not a case.", encoding="utf-8")
    return folder


def test_the_command_lists_the_stored_cases_that_move(
    root: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["knowledge", "--root", str(root), "diff", OLD, NEW, "--cases", str(cases)]) == 0
    out = capsys.readouterr().out
    assert f"{cases / 'vignette.yaml'}: first lorlatinib -> " in out
    assert f"{cases / 'bare.json'}: first lorlatinib -> " in out
    assert "  lorlatinib: 1 (recommended, sensitive) -> not recommended (resistant_clone)" in out
    assert "single_facts: effect:ALK:G1202R" in out
    assert out.endswith("2 cases move, 1 stay; 2 files hold no case that both can read\n")


def test_the_command_gives_json(root: Path, cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["knowledge", "--root", str(root), "diff", OLD, NEW, "--cases", str(cases), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [Path(one["file"]).name for one in found["moved"]] == ["bare.json", "vignette.yaml"]
    assert found["stayed"] == 1
    assert [Path(one).name for one in found["unread"]] == ["drug.json", "wrong.yaml"]
    assert main(["knowledge", "--root", str(root), "diff", OLD, NEW, "--json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {one["record"] for one in changes} == {"effect:ALK:G1202R"}


def test_the_command_compares_with_the_tree_as_it_stands(
    root: Path, cases: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["knowledge", "--root", str(root), "diff", "--cases", str(cases)]) == 0
    assert capsys.readouterr().out.startswith("0 cases move, 3 stay")
    assert main(["knowledge", "--root", str(root), "diff", "--cases", str(cases / "nowhere")]) == 1
