"""What is known of one change, or of several of one gene, drug by drug."""

from __future__ import annotations

from typing import Annotated

import orjson
from fastapi import APIRouter, Path, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from app.api import state
from app.api.answers import catalogue_answer
from app.api.body import read_json
from app.api.problems import INVALID_REQUEST, ProblemError
from app.api.recommendations import refused
from app.domain.errors import InvalidCase, UnknownKnowledgeVersionError
from app.settings import Settings
from app.wire.knowledge import VariantInterpretation, VariantQuery

KnowledgeVersion = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=40,
        description="Knowledge release to answer from. Default: the newest loaded.",
        examples=["2026.11.0"],
    ),
]


def router(settings: Settings) -> APIRouter:
    """The routes of this file."""
    routes = APIRouter(tags=["variants"])

    @routes.get(
        "/v1/genes/{gene}/variants/{protein_change}",
        operation_id="getVariant",
        summary="What one variant does to each drug",
        responses={200: {"model": VariantInterpretation}},
    )
    async def variant(
        request: Request,
        gene: Annotated[str, Path(max_length=40, description="Driver gene: `ALK` or `ROS1`.", examples=["ALK"])],
        protein_change: Annotated[
            str,
            Path(
                min_length=2,
                max_length=120,
                description="HGVS protein change in any accepted form: `p.G1202R`, `G1202R`, `p.Gly1202Arg`.",
                examples=["p.G1202R"],
            ),
        ],
        knowledge_version: KnowledgeVersion = None,
    ) -> Response:
        """One entry per drug of the gene with every evidence item; `unknown` where nobody has looked."""
        if "+" in protein_change:
            detail = (
                "One change stands here; send several of one profile, with their phase, to POST /v1/variants/interpret."
            )
            raise ProblemError(INVALID_REQUEST, detail)
        engine = state.of(request.scope).engine
        return catalogue_answer(request, engine.interpret_variants(gene, [protein_change], "cis", knowledge_version))

    @routes.post(
        "/v1/variants/interpret",
        operation_id="interpretVariants",
        summary="What several variants together do to each drug",
        responses={200: {"model": VariantInterpretation}},
    )
    async def interpret(request: Request) -> Response:
        """Several changes of one gene, in cis (one allele), in trans (separate clones), or of unknown phase.

        A compound profile uses its own evidence where it exists, otherwise the worst effect of its parts, labelled as
        inferred.
        """
        engine = state.of(request.scope).engine
        body = await read_json(request, settings)
        try:
            query = VariantQuery.model_validate_json(body)
            found = engine.interpret_variants(query.gene, query.protein_changes, query.phase, query.knowledge_version)
        except (ValidationError, InvalidCase, UnknownKnowledgeVersionError) as error:
            raise refused(error, body, VariantQuery) from None
        return Response(orjson.dumps(found), media_type="application/json")

    return routes
