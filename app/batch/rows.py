"""Answers as flat rows, one per option, for tables. A case that has no option still has its row."""

from __future__ import annotations

from typing import Any

import orjson

COLUMNS = (
    "line",
    "case_id",
    "recommendation_id",
    "knowledge_version",
    "setting",
    "resistance",
    "rank",
    "tier",
    "regimen_id",
    "kind",
    "category",
    "activity",
    "evidence_level",
    "decided_by",
    "rationale",
    "error",
)
INTEGERS = frozenset({"line", "rank", "tier"})
_OF_OPTION = ("rank", "tier", "regimen_id", "kind", "category", "activity", "evidence_level", "decided_by")
_LONGEST_ID = 120

Row = dict[str, Any]


def rows_of(line: int, case: bytes, answer: bytes) -> list[Row]:
    """The rows of one answer, or the one row of a problem."""
    given = orjson.loads(answer)
    if "problem" in given:
        return [_row(line=line, case_id=_case_id(case), error=_error(given["problem"]))]
    head = {
        "line": line,
        "case_id": given["case_id"],
        "recommendation_id": given["recommendation_id"],
        "knowledge_version": given["knowledge"]["version"],
        "setting": given["interpretation"]["setting"],
        "resistance": given["interpretation"]["resistance"],
    }
    options = [
        _row(**head, **{name: option.get(name) for name in _OF_OPTION}, rationale=rationale(option))
        for option in given["options"]
    ]
    return options or [_row(**head)]


def rationale(option: dict[str, Any]) -> str:
    """The sentences of an option, each with its sources in brackets."""
    return " ".join(f"{one['text']} [{'; '.join(one['citations'])}]" for one in option["rationale"])


def _row(**given: Any) -> Row:
    return dict.fromkeys(COLUMNS) | given


def _error(problem: dict[str, Any]) -> str:
    errors = problem.get("errors", ())
    said = [f"{one['pointer'] or '(the whole)'}: {one['detail']}" for one in errors] or [problem["detail"]]
    return f"{problem['type']}: {' | '.join(said)}"


def _case_id(case: bytes) -> str | None:
    """The id of a case that was refused, when it can be made out."""
    try:
        found = orjson.loads(case)
    except orjson.JSONDecodeError:
        return None
    given = found.get("case_id") if isinstance(found, dict) else None
    return given if isinstance(given, str) and 0 < len(given) <= _LONGEST_ID else None
