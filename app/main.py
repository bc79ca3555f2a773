"""The application: settings in, an ASGI app out. The knowledge is loaded and proven before the first request is taken."""

from __future__ import annotations

import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NoReturn

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from app.api import (
    batch,
    compare,
    docs,
    health,
    knowledge,
    openapi,
    problems,
    query,
    recommendations,
    sequence_plans,
    validation,
    variants,
)
from app.api.edge import Edge
from app.api.logs import AccessLog
from app.api.metrics import Metrics
from app.api.problems import ProblemError
from app.api.state import State
from app.domain.errors import InvalidCase, Problem, UnknownKnowledgeVersionError, UnknownRecordError
from app.knowledge.errors import KnowledgeError
from app.service import ENGINE_VERSION
from app.settings import Settings
from app.startup import Loaded, load

logger = logging.getLogger("tki")


def create_app(settings: Settings | None = None, load: Callable[[Settings], Loaded] = load) -> Edge:
    """Build the application. ``load`` gives what answers; it runs once, before the first request is taken."""
    settings = settings or Settings()
    state, metrics = State(), Metrics()
    access_log = AccessLog() if settings.access_log else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            loaded = load(settings)
        except KnowledgeError as error:
            for complaint in error.complaints:
                logger.critical("the knowledge cannot be served: %s", complaint)
            raise
        release = loaded.engine.index().release
        fields = {"knowledge": release.version, "digest": release.digest, "engine": ENGINE_VERSION}
        logger.info("ready", extra={"fields": fields})
        state.open(loaded.engine, loaded.catalogue)
        _spare_the_collector()
        yield
        state.close()
        if access_log is not None:
            access_log.flush()

    api = FastAPI(
        title=openapi.TITLE,
        version=ENGINE_VERSION,
        lifespan=lifespan,
        root_path=settings.root_path,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.tki = state
    api.router.routes.insert(
        0, Route(batch.PATH, batch.BatchEndpoint(state, settings), methods=["POST"], include_in_schema=False)
    )
    for routes in (
        compare.router(settings),
        sequence_plans.router(settings),
        variants.router(settings),
        knowledge.router,
    ):
        api.include_router(routes, dependencies=[Depends(query.refuse_unknown)])
    api.include_router(health.router(metrics))
    docs.mount(api)
    _leave_errors_to_the_edge(api)
    _document(api)
    direct = {recommendations.PATH: recommendations.route(state, settings)}
    return Edge(api, direct, metrics, access_log, settings.max_body_bytes)


def _spare_the_collector() -> None:
    """Take what stays for good out of the garbage collector's rounds: scanning the knowledge cost a quarter of a request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)


def _document(app: FastAPI) -> None:
    made: dict[str, Any] = {}

    def document() -> dict[str, Any]:
        if not made:
            made.update(openapi.document(app, ENGINE_VERSION))
        return made

    app.openapi = document  # type: ignore[method-assign]


def _leave_errors_to_the_edge(app: FastAPI) -> None:
    """Turn what the framework and the core raise into problems, and let all else through: the edge answers both."""

    @app.exception_handler(Exception)
    async def other(_: Request, error: Exception) -> NoReturn:
        raise error

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> NoReturn:
        kind = problems.KIND_OF_STATUS.get(error.status_code, problems.INTERNAL_ERROR)
        headers = [(name.lower().encode(), value.encode()) for name, value in (error.headers or {}).items()]
        raise ProblemError(kind, _DETAILS.get(kind, f"{kind.title}."), headers=headers) from None

    @app.exception_handler(RequestValidationError)
    async def parameters(_: Request, error: RequestValidationError) -> NoReturn:
        said = (f"{one['loc'][0]} parameter {one['loc'][-1]!r}: {validation.plain(one)}" for one in error.errors())
        raise ProblemError(problems.INVALID_REQUEST, f"{'; '.join(said)}.") from None

    @app.exception_handler(InvalidCase)
    async def variant(_: Request, error: InvalidCase) -> NoReturn:
        in_address = [Problem("", one.detail) for one in error.problems]
        raise problems.from_errors(problems.INVALID_REQUEST, in_address) from None

    @app.exception_handler(UnknownRecordError)
    async def record(_: Request, error: UnknownRecordError) -> NoReturn:
        hint = f" Did you mean {' or '.join(error.nearest)}?" if error.nearest else ""
        raise ProblemError(problems.UNKNOWN_RECORD, f"The knowledge holds no such {error.kind}.{hint}") from None

    @app.exception_handler(UnknownKnowledgeVersionError)
    async def version(_: Request, error: UnknownKnowledgeVersionError) -> NoReturn:
        detail = f"No such knowledge release is loaded; loaded: {', '.join(error.available)}."
        raise ProblemError(problems.UNKNOWN_KNOWLEDGE_VERSION, detail) from None


_DETAILS = {
    problems.UNKNOWN_ROUTE: "There is nothing at this path; /docs lists what there is.",
    problems.METHOD_NOT_ALLOWED: problems.ANOTHER_METHOD,
}
