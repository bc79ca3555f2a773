from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from app.knowledge.kinds import KINDS
from app.knowledge.schema import schemas, stale_schemas, write_schemas
from tests.trees import HERE


@pytest.mark.parametrize("kind", [name for name in KINDS if name != "policy"])
def test_the_schema_takes_records_as_the_loader_and_as_an_editor_read_them(kind: str) -> None:
    validator = Draft202012Validator(json.loads(schemas()[f"{kind}.json"]))
    for path in (HERE / "minimal_knowledge" / kind).rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert list(validator.iter_errors(yaml.load(text, yaml.BaseLoader))) == []


def test_the_schema_refuses_an_unknown_key() -> None:
    validator = Draft202012Validator(json.loads(schemas()["genes.json"]))
    record = yaml.load((HERE / "minimal_knowledge" / "genes" / "MET.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    assert list(validator.iter_errors(record)) == []
    assert list(validator.iter_errors(record | {"symbl": "MET"})) != []


def test_old_and_stray_schema_files_are_told(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert stale_schemas(tmp_path) == []
    (tmp_path / "genes.json").write_text("{}", encoding="utf-8")
    (tmp_path / "drugs.json").unlink()
    (tmp_path / "plants.json").write_text("{}", encoding="utf-8")
    assert [complaint.path for complaint in stale_schemas(tmp_path)] == [
        "schema/drugs.json",
        "schema/genes.json",
        "schema/plants.json",
    ]
    write_schemas(tmp_path)
    assert stale_schemas(tmp_path) == []
