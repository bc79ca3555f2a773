"""Answers of the catalogue routes: JSON bytes with a strong ETag, and 304 for a caller who holds them already."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.api.body import check_accept

MAX_AGE = 300


def catalogue_answer(
    request: Request, content: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    """The content, or 304 when the caller's ETag still holds."""
    check_accept(request.headers.get("accept", "").encode())
    body = orjson.dumps(content)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    sent = {"ETag": etag, "Cache-Control": f"max-age={MAX_AGE}", **(headers or {})}
    if _matches(request.headers.get("if-none-match", ""), etag):
        return Response(status_code=304, headers=sent)
    return Response(body, media_type="application/json", headers=sent)


def _matches(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or "*" in tags
