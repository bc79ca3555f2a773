"""Operations: is the process there, may it be sent cases, what has it done."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.api import metrics, state
from app.api.metrics import Metrics
from app.presenters.native import knowledge_reference
from app.service import ENGINE_VERSION, Engine
from app.wire.operations import Health, Readiness

_STATM = Path("/proc/self/statm")


def router(counted: Metrics) -> APIRouter:
    """The routes of this file; ``counted`` is what ``/metrics`` shows."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/healthz", operation_id="health", summary="The process runs", responses={200: {"model": Health}})
    async def health() -> Response:
        """For liveness checks. Says nothing about the knowledge."""
        return JSONResponse({"status": "ok", "engine_version": ENGINE_VERSION})

    @routes.get(
        "/readyz",
        operation_id="readiness",
        summary="The knowledge is loaded and proven",
        responses={200: {"model": Readiness}},
    )
    async def ready(request: Request) -> Response:
        """For readiness checks: 200 only when the knowledge is loaded and its digest verified, else a 503 problem."""
        engine = state.of(request.scope).engine
        return JSONResponse(
            {
                "status": "ready",
                "engine_version": ENGINE_VERSION,
                "knowledge": knowledge_reference(engine.index()),
                "knowledge_versions": list(engine.knowledge_versions),
            }
        )

    @routes.get(
        "/metrics",
        operation_id="metrics",
        summary="Prometheus metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "Metrics as text."}},
    )
    async def prometheus(request: Request) -> Response:
        """Counts and durations of this process. Labels hold path templates, never paths, and nothing of a case."""
        gauges = _gauges(state.of(request.scope).engine)
        return Response(counted.render(gauges), headers={"content-type": metrics.CONTENT_TYPE})

    return routes


def _gauges(engine: Engine) -> list[str]:
    release = engine.index().release
    labels = f'version="{release.version}",digest="{release.digest}",engine="{ENGINE_VERSION}"'
    return [
        "# HELP tki_knowledge_info The knowledge release used by default.",
        "# TYPE tki_knowledge_info gauge",
        f"tki_knowledge_info{{{labels}}} 1",
        "# HELP tki_process_id Process that answered; each worker counts for itself.",
        "# TYPE tki_process_id gauge",
        f"tki_process_id {os.getpid()}",
        *_memory(),
    ]


def _memory() -> list[str]:
    """Resident memory, where the system tells it."""
    if not _STATM.exists():
        return []
    pages = int(_STATM.read_text(encoding="ascii").split()[1])
    return [
        "# HELP process_resident_memory_bytes Resident memory.",
        "# TYPE process_resident_memory_bytes gauge",
        f"process_resident_memory_bytes {pages * os.sysconf('SC_PAGE_SIZE')}",
    ]
