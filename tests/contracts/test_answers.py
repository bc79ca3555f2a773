"""What is sent fits what ``openapi.yaml`` promises: every vignette, every browse route."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from tests.trees import REPOSITORY

DOCUMENT = yaml.safe_load((REPOSITORY / "openapi.yaml").read_text(encoding="utf-8"))
VIGNETTES = sorted((REPOSITORY / "tests" / "cases").glob("*.yaml"))


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """Callers must bear new fields; the document must name every field that is sent."""
    return {**schema, "additionalProperties": False} if schema.get("additionalProperties") is True else schema


COMPONENTS = {"schemas": {name: closed(schema) for name, schema in DOCUMENT["components"]["schemas"].items()}}


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"#/components/schemas/{name}", "components": COMPONENTS})


RECOMMENDATION, PROBLEM = validator("Recommendation"), validator("Problem")


def complaints(fits: Draft202012Validator, value: Any) -> list[str]:
    return [f"{error.json_path}: {error.message[:200]}" for error in fits.iter_errors(value)]


@pytest.mark.parametrize("path", VIGNETTES, ids=lambda path: path.stem)
def test_answers_to_vignettes_fit_the_schema(client: TestClient, path: Path):
    case = yaml.safe_load(path.read_text(encoding="utf-8"))["case"]
    answer = client.post("/v1/recommendations", json=case)
    assert answer.status_code in {200, 422}
    assert complaints(RECOMMENDATION if answer.status_code == 200 else PROBLEM, answer.json()) == []


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/genes/ALK/variants/p.G1202R", "VariantInterpretation"),
        ("/v1/genes/ROS1/variants/p.L1000F", "VariantInterpretation"),
        ("/v1/drugs", "DrugList"),
        ("/v1/drugs/lorlatinib", "DrugDetail"),
        ("/v1/evidence?limit=500", "EvidenceList"),
        ("/v1/citations/gainor-2016", "CitationDetail"),
        ("/v1/knowledge/releases", "ReleaseList"),
        ("/v1/knowledge/releases/working", "Release"),
        ("/v1/knowledge/releases/working/diff/working", "ReleaseDiff"),
        ("/healthz", "Health"),
        ("/readyz", "Readiness"),
        ("/v1/drugs/nothing", "Problem"),
    ],
)
def test_browse_routes_fit_the_schema(client: TestClient, path: str, name: str):
    assert complaints(validator(name), client.get(path).json()) == []


def test_the_case_of_the_documentation_is_answered(client: TestClient):
    content = DOCUMENT["paths"]["/v1/recommendations"]["post"]["requestBody"]["content"]["application/json"]
    for example in content["examples"].values():
        assert client.post("/v1/recommendations", json=example["value"]).status_code == 200
