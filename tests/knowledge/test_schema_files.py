"""The schema files beside the knowledge are those of the models, and every record file keeps to them."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from app.knowledge.kinds import KINDS
from app.knowledge.schema import stale_schemas
from tests.trees import REPOSITORY

KNOWLEDGE = REPOSITORY / "knowledge"


def test_schema_files_are_what_the_models_say() -> None:
    assert [str(complaint) for complaint in stale_schemas(KNOWLEDGE / "schema")] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_record_file_keeps_to_its_schema(kind: str) -> None:
    validator = Draft202012Validator(json.loads((KNOWLEDGE / "schema" / f"{kind}.json").read_text(encoding="utf-8")))
    for path in sorted((KNOWLEDGE / kind).rglob("*.yaml")):
        errors = validator.iter_errors(yaml.load(path.read_text(encoding="utf-8"), yaml.CBaseLoader))
        assert [error.message for error in errors] == [], path.name
