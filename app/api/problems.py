"""RFC 9457 problems: every error of the native surface, its stable type, and its bytes.

``docs/problems.md`` explains each kind with its cause and cure; a test keeps the two in step.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from app.domain.errors import Problem
from app.knowledge.errors import KnowledgeError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:tki:problem:"

logger = logging.getLogger("tki")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. ``slug`` never changes once released."""

    slug: str
    status: int
    title: str

    @property
    def type(self) -> str:
        """The absolute URI sent as ``type``."""
        return TYPE_PREFIX + self.slug


INVALID_JSON = Kind("invalid-json", 400, "The body is not JSON")
JSON_TOO_DEEP = Kind("json-too-deep", 400, "The JSON is nested too deeply")
DUPLICATE_KEY = Kind("duplicate-key", 400, "A JSON object holds the same key twice")
BAD_REQUEST = Kind("bad-request", 400, "The request cannot be read")
UNKNOWN_ROUTE = Kind("unknown-route", 404, "There is nothing at this path")
UNKNOWN_RECORD = Kind("unknown-record", 404, "The knowledge holds no such record")
UNKNOWN_KNOWLEDGE_VERSION = Kind("unknown-knowledge-version", 404, "No such knowledge release is loaded")
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, "The path does not take this method")
NOT_ACCEPTABLE = Kind("not-acceptable", 406, "The answer cannot be given in an accepted media type")
BODY_TOO_LARGE = Kind("body-too-large", 413, "The body is too large")
UNSUPPORTED_MEDIA_TYPE = Kind("unsupported-media-type", 415, "The media type of the body is not taken here")
INVALID_CASE = Kind("invalid-case", 422, "Invalid case")
INVALID_REQUEST = Kind("invalid-request", 422, "Invalid request")
INTERNAL_ERROR = Kind("internal-error", 500, "The service failed")
NOT_READY = Kind("not-ready", 503, "The service is not ready")

KINDS = (
    INVALID_JSON,
    JSON_TOO_DEEP,
    DUPLICATE_KEY,
    BAD_REQUEST,
    UNKNOWN_ROUTE,
    UNKNOWN_RECORD,
    UNKNOWN_KNOWLEDGE_VERSION,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    BODY_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    INVALID_CASE,
    INVALID_REQUEST,
    INTERNAL_ERROR,
    NOT_READY,
)

KIND_OF_STATUS = {
    400: BAD_REQUEST,
    404: UNKNOWN_ROUTE,
    405: METHOD_NOT_ALLOWED,
    406: NOT_ACCEPTABLE,
    413: BODY_TOO_LARGE,
    415: UNSUPPORTED_MEDIA_TYPE,
    422: INVALID_REQUEST,
    503: NOT_READY,
}
"""For errors that the framework raises by status alone."""


ANOTHER_METHOD = "This path takes another method; see the Allow header."


class ProblemError(Exception):
    """A request that is answered with a problem."""

    def __init__(
        self,
        kind: Kind,
        detail: str,
        errors: Sequence[Problem] = (),
        headers: Sequence[tuple[bytes, bytes]] = (),
    ) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = tuple(headers)


def render(problem: ProblemError, instance: str, request_id: str) -> bytes:
    """The problem as JSON."""
    body: dict[str, object] = {
        "type": problem.kind.type,
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
        "instance": instance,
        "request_id": request_id,
    }
    if problem.errors:
        body["errors"] = [{"pointer": error.pointer, "detail": error.detail} for error in problem.errors]
    return orjson.dumps(body)


def pointer_part(part: int | str) -> str:
    """One part of a JSON Pointer (RFC 6901), kept short."""
    return str(part)[:200].replace("~", "~0").replace("/", "~1")


def unreadable(error: KnowledgeError) -> ProblemError:
    """For a release that was proven at the start, that nobody asked for until now, and that was changed or taken away since: the log names it."""
    for complaint in error.complaints:
        logger.error("a release cannot be read: %s", complaint)
    return ProblemError(
        NOT_READY,
        "A knowledge release that this needs cannot be read now: its files were changed since the service started.",
    )


def from_errors(kind: Kind, errors: Sequence[Problem]) -> ProblemError:
    """One problem out of everything that is wrong with a body."""
    several = "Several things are wrong; errors names each with its place in the body."
    detail = errors[0].detail if len(errors) == 1 else several
    return ProblemError(kind, detail, errors)
