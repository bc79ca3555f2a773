"""The batch route in the OpenAPI document: the route itself bypasses the framework."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from app.api import problems
from app.api.batch import MEDIA_TYPE
from app.api.problems import Kind

_KINDS = (
    problems.BAD_REQUEST,
    problems.NOT_ACCEPTABLE,
    problems.BODY_TOO_LARGE,
    problems.UNSUPPORTED_MEDIA_TYPE,
    problems.INVALID_REQUEST,
    problems.INTERNAL_ERROR,
    problems.NOT_READY,
)
_DESCRIPTION = """\
One case a line in (`Case`), one line out for each, in the same order: a `Recommendation`, byte for byte what
`POST /v1/recommendations` answers, or a `BatchProblem` with the number of the line. A bad line never stops the others.
Blank lines are passed over but counted.

Answers are sent while the body still arrives, so **read while you send** (`curl -T` or `--data-binary` does); whoever
stops doing either for `TKI_BATCH_STALL_SECONDS` is dropped. Going away stops the work. Gzip is taken
(`Content-Encoding: gzip`) and given (`Accept-Encoding: gzip`).

A body that cannot be read to its end (too large, damaged gzip) is a problem with its own status when nothing was
answered yet; later it is a last line with `"stopped": true`.
"""


def operation(problem_responses: Callable[[Iterable[Kind]], dict[str, Any]]) -> dict[str, Any]:
    """The OpenAPI operation. ``x-item-schema`` names the schema of one line, which OpenAPI 3.1 has no word for."""
    answers = {
        "description": "One line for each line of the body.",
        "headers": {
            "Content-Encoding": {"description": "`gzip` when it was accepted.", "schema": {"type": "string"}},
        },
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string", "description": "One `Recommendation` or `BatchProblem` a line."},
                "x-item-schema": {
                    "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Recommendation", "BatchProblem")]
                },
            }
        },
    }
    responses = {"200": answers} | problem_responses(_KINDS)
    return {
        "tags": ["recommendations"],
        "summary": "Rank the options of many cases, as a stream",
        "description": _DESCRIPTION,
        "operationId": "recommendBatch",
        "parameters": [
            {
                "name": "Accept-Language",
                "in": "header",
                "required": False,
                "description": "`en` or `zh-CN`, for cases that name no `language`.",
                "schema": {"type": "string", "examples": ["zh-CN"]},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"type": "string", "description": "One `Case` a line, each ended by a line feed."},
                    "x-item-schema": {"$ref": "#/components/schemas/Case"},
                    "examples": {
                        "two": {
                            "summary": "Two cases",
                            "value": '{"case_id":"A","driver":{"gene":"ROS1"}}\n{"case_id":"B","driver":{"gene":"ALK"}}\n',
                        }
                    },
                }
            },
        },
        "responses": dict(sorted(responses.items())),
    }
