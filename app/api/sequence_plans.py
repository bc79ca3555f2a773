"""``POST /v1/sequence-plans``: a case in, its TKI options with what may come after each out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from app.api import state
from app.api.body import read_json
from app.api.recommendations import refused
from app.domain.errors import InvalidCase, UnknownKnowledgeVersionError
from app.settings import Settings
from app.wire.case import Case
from app.wire.plans import SequencePlans

PATH = "/v1/sequence-plans"


def router(settings: Settings) -> APIRouter:
    """The route of this file."""
    routes = APIRouter(tags=["recommendations"])

    @routes.post(
        PATH,
        operation_id="planSequences",
        summary="Look one drug ahead from each TKI option",
        responses={200: {"model": SequencePlans}},
    )
    async def plan(request: Request) -> Response:
        """For each TKI option the states in which the tumour may come back on it, and the best option in each.

        Probabilities are shares of relapses in a cited cohort; where none exists, the branch says unknown. No survival
        is estimated, and no plan moves an option.
        """
        engine = state.of(request.scope).engine
        body = await read_json(request, settings)
        try:
            answer = engine.plan_bytes(body, request.headers.get("accept-language"))
        except (ValidationError, InvalidCase, UnknownKnowledgeVersionError) as error:
            raise refused(error, body, Case) from None
        sent = {"ETag": f'"{answer.etag}"', "Cache-Control": "no-store", "Vary": "accept-language"}
        return Response(answer.body, media_type="application/json", headers=sent)

    return routes
