"""What the service is measured against: a bare FastAPI route that validates the same body and returns canned bytes."""

from __future__ import annotations

import os

from fastapi import FastAPI, Response

from app.wire.case import Case

CANNED = b"{" + b" " * (int(os.environ["BENCH_ANSWER_BYTES"]) - 2) + b"}"

app = FastAPI()


@app.post("/v1/recommendations")
async def bare(case: Case) -> Response:  # noqa: ARG001 - validating it is the point
    return Response(CANNED, media_type="application/json")
