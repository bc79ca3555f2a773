"""The knowledge, browsable: drugs, evidence, citations, releases."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.api import problems, state
from app.api.answers import catalogue_answer
from app.api.problems import ProblemError
from app.api.variants import KnowledgeVersion
from app.domain.terms import DriverGene
from app.wire.knowledge import CitationDetail, DrugDetail, DrugList, EvidenceList, Release, ReleaseDiff, ReleaseList

MOST_ROWS = 500
router = APIRouter(tags=["knowledge"])
Version = Annotated[str, Path(max_length=40, description="Knowledge release.", examples=["2026.11.0"])]


@router.get(
    "/v1/drugs",
    operation_id="listDrugs",
    summary="Drugs with every accepted name",
    responses={200: {"model": DrugList}},
)
async def drugs(
    request: Request,
    gene: Annotated[
        DriverGene | None, Query(description="Only drugs ranked for this driver gene.", examples=["ROS1"])
    ] = None,
    knowledge_version: KnowledgeVersion = None,
) -> Response:
    """Every drug of the knowledge with its brands, development codes, Chinese generic names and terminology codes."""
    return catalogue_answer(request, state.of(request.scope).catalogue.drugs(gene, knowledge_version))


@router.get(
    "/v1/drugs/{id}",
    operation_id="getDrug",
    summary="One drug: names, approvals, cautions",
    responses={200: {"model": DrugDetail}},
)
async def drug(
    request: Request,
    id: Annotated[  # noqa: A002 - the name of the contract
        str, Path(max_length=120, description="INN, or any other accepted name.", examples=["lorlatinib"])
    ],
    knowledge_version: KnowledgeVersion = None,
) -> Response:
    """What the knowledge holds on one drug itself. Its effects on variants are under `/v1/evidence`."""
    return catalogue_answer(request, state.of(request.scope).catalogue.drug(id, knowledge_version))


@router.get(
    "/v1/evidence",
    operation_id="listEvidence",
    summary="Evidence items by gene, variant and drug",
    responses={200: {"model": EvidenceList}},
)
async def evidence(
    request: Request,
    gene: Annotated[DriverGene | None, Query(description="Driver gene.", examples=["ALK"])] = None,
    variant: Annotated[
        str | None,
        Query(
            min_length=1,
            max_length=120,
            description="Protein change (several of one profile joined by `+`), label of a mechanism (`MET amplification`), or "
            "setting. One that cannot be meant is refused; one that nobody has studied gives an empty list.",
            examples=["p.G1202R"],
        ),
    ] = None,
    drug: Annotated[
        str | None,
        Query(min_length=1, max_length=120, description="Drug, by any accepted name.", examples=["lorlatinib"]),
    ] = None,
    knowledge_version: KnowledgeVersion = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most items of one page.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=20, description="`next_cursor` of the page before.", examples=["50"])
    ] = None,
) -> Response:
    """Every observation behind the verdicts, in the curator's own words, each with its source and how it was read."""
    start = _start(cursor)
    found = state.of(request.scope).catalogue
    body, total = found.evidence(gene, variant, drug, knowledge_version, limit, start)
    if start + limit >= total:
        return catalogue_answer(request, body)
    following = str(start + limit)
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    link = f'<{request.url.path}?{urlencode([*query, ("cursor", following)])}>; rel="next"'
    return catalogue_answer(request, {**body, "next_cursor": following}, {"Link": link})


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit()) or len(cursor) > 9:
        raise ProblemError(problems.INVALID_REQUEST, "'cursor' must be the 'next_cursor' of an earlier page.")
    return int(cursor)


@router.get(
    "/v1/citations/{id}", operation_id="getCitation", summary="One source", responses={200: {"model": CitationDetail}}
)
async def citation(
    request: Request,
    id: Annotated[  # noqa: A002 - the name of the contract
        str, Path(max_length=120, description="Id as it stands in answers.", examples=["gainor-2016"])
    ],
    knowledge_version: KnowledgeVersion = None,
) -> Response:
    """A source with what is needed to look it up."""
    return catalogue_answer(request, state.of(request.scope).catalogue.citation(id, knowledge_version))


@router.get(
    "/v1/knowledge/releases",
    operation_id="listReleases",
    summary="Knowledge releases",
    responses={200: {"model": ReleaseList}},
)
async def releases(request: Request) -> Response:
    """Every release with its digest, newest first; withdrawn ones say so."""
    return catalogue_answer(request, state.of(request.scope).catalogue.releases())


@router.get(
    "/v1/knowledge/releases/{version}",
    operation_id="getRelease",
    summary="One knowledge release",
    responses={200: {"model": Release}},
)
async def release(request: Request, version: Version) -> Response:
    """One release with its digest."""
    return catalogue_answer(request, state.of(request.scope).catalogue.release(version))


@router.get(
    "/v1/knowledge/releases/{before}/diff/{after}",
    operation_id="diffReleases",
    summary="What changed between two releases",
    responses={200: {"model": ReleaseDiff}},
)
async def diff(request: Request, before: Version, after: Version) -> Response:
    """Added, revised and retired facts, in sentences."""
    return catalogue_answer(request, state.of(request.scope).catalogue.diff(before, after))
