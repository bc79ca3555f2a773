"""The OpenAPI document: what FastAPI reads off the routes, plus the bodies and problems of the routes that bypass it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.api import batch, batch_docs, problems
from app.api.problems import Kind
from app.wire.batch import BatchProblem
from app.wire.case import CASE_EXAMPLE, Case
from app.wire.compare import COMPARE_EXAMPLE, CompareQuery
from app.wire.knowledge import VariantQuery
from app.wire.operations import Problem
from app.wire.recommendation import Recommendation

TITLE = "ALK/ROS1 TKI ranking"
DESCRIPTION = """\
Takes one case of ALK- or ROS1-driven non-small-cell lung cancer (treatment history, findings of plasma or tissue
samples over time) and returns which kinase inhibitors remain, in what order, and on what evidence. Every clinical sentence cites
its source; every answer names the knowledge release that it rests on.

**For physicians and molecular tumour boards, as support. Not a decision, not a medical device, and not reviewed by a
clinician.** Send pseudonyms, never names.

Start with `POST /v1/recommendations`: only `driver.gene` is required. Unknown fields are refused, so that a misspelt
`treatment` never silently drops a history. The same case, knowledge release and engine version give the same bytes.
"""
TAGS = [
    {"name": "recommendations", "description": "A case in, ranked and cited options out."},
    {"name": "variants", "description": "What a variant, or several together, do to each drug."},
    {"name": "knowledge", "description": "The curated knowledge behind every answer, and its releases."},
    {"name": "operations", "description": "Health, readiness and metrics."},
]
LICENSE = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
CONTACT = {"name": "Maintainers of this repository"}
SERVERS = [{"url": "/", "description": "This service"}]

_REFUSALS_OF_A_BODY = (
    problems.INVALID_JSON,
    problems.JSON_TOO_DEEP,
    problems.DUPLICATE_KEY,
    problems.UNKNOWN_KNOWLEDGE_VERSION,
    problems.BODY_TOO_LARGE,
    problems.UNSUPPORTED_MEDIA_TYPE,
)
_ALWAYS = (problems.METHOD_NOT_ALLOWED, problems.NOT_ACCEPTABLE, problems.INTERNAL_ERROR, problems.NOT_READY)
_BODIES: dict[str, type[BaseModel]] = {
    "/v1/recommendations": Case,
    "/v1/recommendations/compare": CompareQuery,
    "/v1/sequence-plans": Case,
    "/v1/variants/interpret": VariantQuery,
}


def document(app: FastAPI, version: str) -> dict[str, Any]:
    """The whole document, the same on every run."""
    found = get_openapi(
        title=TITLE,
        version=version,
        summary="Ranked, cited kinase-inhibitor options for ALK- and ROS1-driven lung cancer",
        description=DESCRIPTION,
        routes=app.routes,
        tags=TAGS,
        servers=SERVERS,
        contact=CONTACT,
        license_info=LICENSE,
    )
    found["security"] = []
    found["paths"] = {"/v1/recommendations": {"post": _recommend_operation()}, **found["paths"]}
    schemas: dict[str, Any] = found.setdefault("components", {}).setdefault("schemas", {})
    schemas |= _schemas(Case, CompareQuery, VariantQuery, mode="validation")
    schemas |= _schemas(Recommendation, Problem, BatchProblem, mode="serialization")
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    found["components"]["schemas"] = dict(sorted(schemas.items()))
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _complete(operation, path)
    first, *others = found["paths"].items()
    found["paths"] = dict([first, (batch.PATH, {"post": batch_docs.operation(problem_responses)}), *others])
    return found


def _schemas(*models: type[BaseModel], mode: Any) -> dict[str, Any]:
    _, defined = models_json_schema([(model, mode) for model in models], ref_template="#/components/schemas/{model}")
    return dict(defined["$defs"])


def _recommend_operation() -> dict[str, Any]:
    return {
        "tags": ["recommendations"],
        "summary": "Rank the options of one case",
        "description": "Every regimen that the service knows for the driver gene comes back exactly once: in `options`, "
        "in a total order with the criterion that decided each place, or in `not_recommended` with its reasons. "
        "No side effect; safe to repeat. The `ETag` is the `recommendation_id`; answers are never cached.",
        "operationId": "recommend",
        "parameters": [
            {
                "name": "Accept-Language",
                "in": "header",
                "required": False,
                "description": "`en` or `zh-CN`, used when the case names no `language`.",
                "schema": {"type": "string", "examples": ["zh-CN"]},
            }
        ],
        "responses": {
            "200": {
                "description": "The recommendation.",
                "headers": {"ETag": {"description": "The `recommendation_id`.", "schema": {"type": "string"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Recommendation"}}},
            }
        },
    }


def _complete(operation: dict[str, Any], path: str) -> None:
    """Add the body of routes that read it themselves, and the problems that any operation may answer with."""
    kinds = list(_ALWAYS)
    if path in _BODIES:
        model = _BODIES[path]
        operation["requestBody"] = {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"$ref": f"#/components/schemas/{model.__name__}"},
                    "examples": _examples(model),
                }
            },
        }
        kinds += _REFUSALS_OF_A_BODY
        kinds += [problems.INVALID_CASE, problems.INVALID_REQUEST] if model is Case else [problems.INVALID_REQUEST]
    else:
        operation["responses"]["304"] = {"description": "What `If-None-Match` names still holds."}
        kinds += [problems.UNKNOWN_RECORD, problems.INVALID_REQUEST]
    if "operations" in operation["tags"]:
        operation["responses"].pop("304", None)
        kinds = [problems.METHOD_NOT_ALLOWED, problems.INTERNAL_ERROR, problems.NOT_READY]
    responses = operation["responses"]
    responses.pop("422", None)
    responses |= problem_responses(kinds)
    for response in responses.values():
        if response.get("description") == "Successful Response":
            response["description"] = "The answer."
    operation["responses"] = dict(sorted(responses.items()))


def _examples(model: type[BaseModel]) -> dict[str, Any]:
    if model is Case:
        shortest = {"driver": {"gene": "ROS1"}}
        return {
            "relapse": {
                "summary": "ALK, relapse on a second-generation inhibitor, two mutations in cis",
                "value": CASE_EXAMPLE,
            },
            "shortest": {"summary": "The least that is answered", "value": shortest},
        }
    if model is CompareQuery:
        return {"releases": {"summary": "A stored case under two releases", "value": COMPARE_EXAMPLE}}
    value = {"gene": "ALK", "protein_changes": ["p.C1156Y", "p.L1198F"], "phase": "cis"}
    return {"compound": {"summary": "Two changes on one allele", "value": value}}


def problem_responses(kinds: Iterable[Kind]) -> dict[str, Any]:
    """The responses by status, each naming every kind of problem that comes with it."""
    of_status: dict[int, list[Kind]] = {}
    for kind in kinds:
        of_status.setdefault(kind.status, []).append(kind)
    content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        str(status): {
            "description": "; ".join(f"{kind.title} (`{kind.type}`)" for kind in same) + ".",
            "content": copy.deepcopy(content),
        }
        for status, same in of_status.items()
    }
