"""``POST /v1/recommendations``: a case in, the ranked options out. The hot path: bytes in, bytes out, no framework between."""

from __future__ import annotations

from pydantic import BaseModel, ValidationError
from starlette.types import Receive, Scope, Send

from app.api import body as request_body
from app.api import problems, validation
from app.api.problems import ProblemError
from app.api.state import State
from app.domain.errors import InvalidCase, UnknownKnowledgeVersionError
from app.service import Answer
from app.settings import Settings
from app.wire.case import Case


class RecommendationEndpoint:
    """Plain ASGI; ``app/api/openapi.py`` documents it."""

    def __init__(self, state: State, settings: Settings) -> None:
        self._state = state
        self._max_bytes = settings.max_body_bytes
        self._max_depth = settings.max_json_depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one case."""
        request_body.check_media_types(scope)
        engine = self._state.engine
        body = await request_body.read(scope, receive, self._max_bytes)
        request_body.check_json(body, self._max_depth)
        language = request_body.header(scope, b"accept-language")
        try:
            answer = engine.recommend_bytes(body, language.decode("latin-1") if language else None)
        except (ValidationError, InvalidCase, UnknownKnowledgeVersionError) as error:
            raise refused(error, body, Case) from None
        await _send(send, answer)


async def _send(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer.body)).encode()),
        (b"etag", f'"{answer.etag}"'.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", b"accept-language"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


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
