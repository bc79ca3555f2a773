"""One line of a batch in, one line out: the very bytes of a single answer, or the problem with the line's number."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import orjson
from pydantic import ValidationError

from app.api import problems
from app.api.body import check_json
from app.api.problems import ProblemError
from app.api.recommendations import refused
from app.batch.lines import Line
from app.domain.errors import InvalidCase, UnknownKnowledgeVersionError
from app.knowledge.errors import KnowledgeError
from app.service import Engine
from app.wire.case import Case

logger = logging.getLogger("tki")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one line may be."""

    max_line_bytes: int = 1_048_576
    max_json_depth: int = 32


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What a line got."""

    line: Line
    body: bytes
    """JSON on one line, without its end."""
    refused: bool


def answer_lines(
    lines: Iterable[Line], engine: Engine, language: str | None = None, limits: Limits | None = None
) -> Iterator[bytes]:
    """The answers to lines, in their order, each with its line end. Takes one line at a time and never raises for one."""
    limits = limits or Limits()
    for line in lines:
        yield answer_line(line, engine, language, limits).body + b"\n"


def answer_line(line: Line, engine: Engine, language: str | None, limits: Limits) -> LineAnswer:
    """The answer to one line. ``language`` is as in ``Accept-Language``."""
    try:
        return LineAnswer(line, _answer(line, engine, language, limits), refused=False)
    except ProblemError as problem:
        return LineAnswer(line, problem_line(line.number, problem), refused=True)
    except KnowledgeError as error:
        return LineAnswer(line, problem_line(line.number, problems.unreadable(error)), refused=True)
    except Exception:
        logger.exception("a line of a batch failed", extra={"fields": {"line": line.number}})
        detail = "An error in the service, not in your case. The other lines are not touched by it. Report it."
        return LineAnswer(line, problem_line(line.number, ProblemError(problems.INTERNAL_ERROR, detail)), refused=True)


def _answer(line: Line, engine: Engine, language: str | None, limits: Limits) -> bytes:
    if line.too_long:
        raise ProblemError(problems.BODY_TOO_LARGE, f"A line may hold at most {limits.max_line_bytes} bytes.")
    check_json(line.content, limits.max_json_depth)
    try:
        return engine.recommend_bytes(line.content, language).body
    except (ValidationError, InvalidCase, UnknownKnowledgeVersionError) as error:
        raise refused(error, line.content, Case) from None


def problem_line(number: int, problem: ProblemError, *, stopped: bool = False) -> bytes:
    """The problem of a line; ``stopped`` when the lines from there on were not read."""
    said: dict[str, object] = {
        "type": problem.kind.type,
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
    }
    if problem.errors:
        said["errors"] = [{"pointer": error.pointer, "detail": error.detail} for error in problem.errors]
    found: dict[str, object] = {"line": number, "problem": said}
    if stopped:
        found["stopped"] = True
    return orjson.dumps(found)
