"""``POST /v1/recommendations/compare``: one case under two releases, or under a local overlay."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from app.api import state
from app.api.body import read_json
from app.api.recommendations import refused
from app.api.state import State
from app.comparison.compare import compare
from app.comparison.differences import Side
from app.comparison.replay import Ground
from app.comparison.view import comparison_view
from app.domain.errors import InvalidCase, Problem, UnknownKnowledgeVersionError
from app.knowledge.index import KnowledgeIndex
from app.knowledge.overlay import OverlayDocument, compile_overlay
from app.knowledge.overlay_checks import known_names, overlay_faults
from app.service import language_of
from app.settings import Settings
from app.wire.compare import CompareQuery, ComparisonAnswer

PATH = "/v1/recommendations/compare"
_AT_ONCE = 2
"""Comparisons worked on at a time; others wait. Each takes up to some seconds of a thread, none of the event loop."""


def router(settings: Settings) -> APIRouter:
    """The route of this file."""
    routes = APIRouter(tags=["recommendations"])
    threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="compare")

    @routes.post(
        PATH,
        operation_id="compareRecommendations",
        summary="Answer one case from two knowledge releases",
        responses={200: {"model": ComparisonAnswer}},
    )
    async def compare_case(request: Request) -> Response:
        """What moved between two releases for this case, and which facts moved it.

        Causes are proven, not guessed: every fact that differs is put into the release before on its own, and the case
        is answered anew. With `overlay`, a hospital sees what its own restrictions would change.
        """
        held = state.of(request.scope)
        body = await read_json(request, settings)
        try:
            query = CompareQuery.model_validate_json(body)
            before, after = _sides(query, held)
            language = language_of(request.headers.get("accept-language"))
            found = await asyncio.get_running_loop().run_in_executor(threads, _work, query, before, after, language)
        except (ValidationError, InvalidCase, UnknownKnowledgeVersionError) as error:
            raise refused(error, body, CompareQuery) from None
        headers_sent = {"Cache-Control": "no-store", "Vary": "accept-language"}
        return Response(orjson.dumps(found), media_type="application/json", headers=headers_sent)

    return routes


def _work(query: CompareQuery, before: Side, after: Side, language: str) -> dict[str, Any]:
    ground = Ground(before, after)
    try:
        return comparison_view(compare(query.case, ground, language), ground)
    except InvalidCase as error:
        raise InvalidCase([Problem(f"/case{one.pointer}", one.detail) for one in error.problems]) from None


def _sides(query: CompareQuery, held: State) -> tuple[Side, Side]:
    """The two releases, the second under the overlay of the request. Raises UnknownKnowledgeVersionError and InvalidCase."""
    engine, catalogue = held.engine, held.catalogue
    to = query.to or engine.default_version
    after = engine.index(to)
    versions = engine.knowledge_versions
    earlier = versions[max(versions.index(to) - 1, 0)]
    start = query.from_ or query.case.knowledge_version or (to if query.overlay else earlier)
    before = engine.index(start)
    if query.overlay is not None:
        after = _under(after, query.overlay)
    return Side(catalogue.records[start], before), Side(catalogue.records[to], after)


def _under(index: KnowledgeIndex, document: OverlayDocument) -> KnowledgeIndex:
    faults = overlay_faults(document, known_names([index]))
    if faults:
        pointers = ("/".join(map(str, ("/overlay/formularies", fault.record, *fault.at))) for fault in faults)
        raise InvalidCase(
            [Problem(at, f"{fault.what}; {fault.cure}") for at, fault in zip(pointers, faults, strict=True)]
        )
    return index.with_overlay(compile_overlay(document))
