"""``POST /v1/recommendations``: a case in, the ranked options out. The hot path: bytes in, bytes out, no framework between."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ValidationError

from app.api import problems, validation
from app.api.body import check_json
from app.api.edge import Direct, Reply
from app.api.problems import ProblemError
from app.api.state import State
from app.domain.errors import InvalidCase, UnknownKnowledgeVersionError
from app.settings import Settings
from app.wire.case import Case

PATH = "/v1/recommendations"
_HEADERS = [(b"content-type", b"application/json"), (b"vary", b"accept-language")]


def route(state: State, settings: Settings) -> Direct:
    """The route, answered at the edge; ``app/api/openapi.py`` documents it."""
    max_depth = settings.max_json_depth

    def recommend(headers: Mapping[bytes, bytes], body: bytes) -> Reply:
        engine = state.engine
        check_json(body, max_depth)
        language = headers.get(b"accept-language")
        try:
            answer = engine.recommend_bytes(body, language.decode("latin-1") if language else None)
        except (ValidationError, InvalidCase, UnknownKnowledgeVersionError) as error:
            raise refused(error, body, Case) from None
        return Reply(answer.body, [*_HEADERS, (b"etag", f'"{answer.etag}"'.encode())])

    return recommend


def refused(
    error: ValidationError | InvalidCase | UnknownKnowledgeVersionError, body: bytes, model: type[BaseModel]
) -> ProblemError:
    """The problem for a body that was refused. ``model`` is what it should have been."""
    if isinstance(error, UnknownKnowledgeVersionError):
        loaded = f"No such knowledge release is loaded; loaded: {', '.join(error.available)}."
        return ProblemError(problems.UNKNOWN_KNOWLEDGE_VERSION, loaded)
    kind = problems.INVALID_CASE if model is Case else problems.INVALID_REQUEST
    if isinstance(error, InvalidCase):
        return problems.from_errors(kind, error.problems)
    return problems.from_errors(kind, validation.problems(error, body, model))
