"""``openapi.yaml`` is what the code says, is valid, and its examples fit its schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from app.api.problems import KINDS
from app.cli import openapi_yaml
from tests.support import real
from tests.trees import REPOSITORY

DOCUMENT = yaml.safe_load((REPOSITORY / "openapi.yaml").read_text(encoding="utf-8"))
OPERATIONS = [
    (path, method, operation) for path, methods in DOCUMENT["paths"].items() for method, operation in methods.items()
]
SCHEMAS = DOCUMENT["components"]["schemas"]


def check(value: Any, schema: dict[str, Any]) -> list[str]:
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    return [f"{'/'.join(map(str, error.path))}: {error.message[:200]}" for error in validator.iter_errors(value)]


def schemas_below(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        if "examples" in schema and isinstance(schema["examples"], list):
            yield schema
        for inner in schema.values():
            yield from schemas_below(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from schemas_below(inner)


def test_the_file_is_what_the_code_says():
    written = (REPOSITORY / "openapi.yaml").read_text(encoding="utf-8")
    assert written == openapi_yaml(), "run make openapi"


def test_the_document_is_valid_openapi():
    assert DOCUMENT["openapi"].startswith("3.1")
    assert validate(DOCUMENT) is None


@pytest.mark.parametrize(("path", "method", "operation"), OPERATIONS)
def test_every_operation_is_described(path, method, operation):
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"][0] in {tag["name"] for tag in DOCUMENT["tags"]}
    assert all(parameter["description"] for parameter in operation.get("parameters", ()))


def test_operation_ids_are_unlike():
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", ["Case", "Treatment", "Sample", "SmallVariant", "Patient", "Option", "Interpretation"])
def test_every_field_of_the_main_schemas_is_described(name):
    schema = SCHEMAS[name]
    assert schema["description"]
    for field, shape in schema["properties"].items():
        target = SCHEMAS[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape
        if field not in {"type", "activity"}:
            assert target.get("description"), field


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_examples_fit_their_schemas(name):
    for schema in schemas_below(SCHEMAS[name]):
        for example in schema["examples"]:
            assert check(example, schema) == []


def test_sources_in_examples_are_real():
    """What the API shows as a source is one of the knowledge, and what it shows of the source is what stands there."""
    held = {one.id: one for one in real.records().citations}
    for schema in SCHEMAS.values():
        for field, shape in schema.get("properties", {}).items():
            for example in shape.get("examples", ()) if field in ("citation", "citations") else ():
                assert set([example] if isinstance(example, str) else example) <= held.keys()
    shown = {
        field: shape["examples"][0] for field, shape in SCHEMAS["Citation"]["properties"].items() if "examples" in shape
    }
    source = held[shown["id"]]
    assert all(shown[field] == getattr(source, field) for field in ("title", "journal", "year", "pmid", "doi", "nct"))


@pytest.mark.parametrize(("path", "method", "operation"), [one for one in OPERATIONS if "requestBody" in one[2]])
def test_examples_of_bodies_fit_their_schemas(path, method, operation):
    for content in operation["requestBody"]["content"].values():
        for example in content.get("examples", {}).values():
            assert check(example["value"], content["schema"]) == []


def test_errors_are_problems_everywhere():
    statuses = {str(kind.status) for kind in KINDS}
    for path, _, operation in OPERATIONS:
        for status, response in operation["responses"].items():
            if status[0] in "45":
                assert status in statuses, (path, status)
                assert list(response["content"]) == ["application/problem+json"]


def test_unknown_fields_of_a_case_are_refused_in_the_schema_too():
    for name in (
        "Case",
        "Driver",
        "Treatment",
        "Sample",
        "SmallVariant",
        "CopyNumber",
        "Fusion",
        "GeneAlteration",
        "Patient",
    ):
        assert SCHEMAS[name]["additionalProperties"] is False


@pytest.mark.parametrize(
    ("path", "status", "kinds"),
    [
        ("/v1/recommendations", "400", {"invalid-json", "json-too-deep", "duplicate-key"}),
        ("/v1/recommendations", "422", {"invalid-case", "invalid-request"}),
        ("/v1/sequence-plans", "422", {"invalid-case", "invalid-request"}),
        ("/v1/recommendations/compare", "422", {"invalid-request"}),
        ("/v1/variants/interpret", "422", {"invalid-request"}),
        ("/v1/recommendations/batch", "422", {"invalid-request"}),
    ],
)
def test_each_status_names_the_problems_that_come_with_it(path, status, kinds):
    said = DOCUMENT["paths"][path]["post"]["responses"][status]["description"]
    assert set(re.findall("urn:tki:problem:([a-z-]+)", said)) == kinds
