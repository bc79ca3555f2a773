"""Reading a JSON body within limits: media type, size, depth, and no key twice in one object."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

import orjson
from starlette.requests import Request
from starlette.types import Receive, Scope

from app.api.problems import (
    BODY_TOO_LARGE,
    DUPLICATE_KEY,
    INVALID_JSON,
    JSON_TOO_DEEP,
    NOT_ACCEPTABLE,
    UNSUPPORTED_MEDIA_TYPE,
    ProblemError,
    from_errors,
    pointer_part,
)
from app.domain.errors import Problem
from app.settings import Settings

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
_NOT_A_NUMBER = re.compile(r"-?(?:nan|inf)", re.IGNORECASE)
_CONTAINERS = frozenset({dict, list})
_NOT_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_ACCEPTED = (b"*/*", b"application/*", b"application/json", b"application/problem+json")


_DRAINED = 16 * 1024 * 1024
"""So much of a body that is too long is still taken in, so that its sender gets the reason."""


_MOST_PLACES = 20
"""So many keys that stand twice are named."""
_LONGEST_KEY = 60


class ClientGoneError(Exception):
    """The client went away before its body had arrived."""


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that lower-case name."""
    return next((bytes(value) for key, value in scope["headers"] if key == name), None)


def check_media_types(headers: Mapping[bytes, bytes]) -> None:
    """Refuse a body that does not claim to be JSON, and a caller who takes no JSON."""
    content_type = headers.get(b"content-type")
    if content_type is not None and content_type.partition(b";")[0].strip().lower() != b"application/json":
        detail = "Send the body as application/json; with curl: -H 'Content-Type: application/json'."
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, detail, headers=[(b"accept", b"application/json")])
    if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
        detail = "Send the body as it is, without Content-Encoding; only /v1/recommendations/batch takes gzip."
        raise ProblemError(UNSUPPORTED_MEDIA_TYPE, detail)
    accept = headers.get(b"accept")
    if accept is not None and accept != b"*/*":
        check_accept(accept)


def check_accept(accept: bytes) -> None:
    """Refuse a caller who takes no JSON."""
    lowered = accept.lower()
    if lowered.strip() and not any(media_type in lowered for media_type in _ACCEPTED):
        raise ProblemError(NOT_ACCEPTABLE, "The answer is application/json; accept it, or send no Accept header.")


async def read_json(request: Request, settings: Settings) -> bytes:
    """The body of a route that takes JSON, within the limits and sound. Raises ProblemError."""
    headers = dict(request.scope["headers"])
    check_media_types(headers)
    body = await read(headers, request.receive, settings.max_body_bytes)
    check_json(body, settings.max_json_depth)
    return body


async def read(headers: Mapping[bytes, bytes], receive: Receive, limit: int) -> bytes:
    """The whole body, kept only while it is no longer than ``limit`` bytes.

    A client that asks first (``Expect: 100-continue``) is refused before it sends. Of others up to ``_DRAINED`` bytes are read and
    dropped: who is still sending when the connection closes sees a reset and never the reason.
    """
    declared = headers.get(b"content-length")
    length = int(declared[:20]) if declared is not None and declared.isdigit() else 0
    asks_first = b"expect" in headers
    if length > _DRAINED or (asks_first and length > limit):
        raise _too_large(limit)
    parts: list[bytes] = []
    received, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        part: bytes = message.get("body", b"")
        received += len(part)
        more = message.get("more_body", False)
        if received <= limit:
            parts.append(part)
        elif received > _DRAINED:
            break
    if received > limit:
        raise _too_large(limit)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_large(limit: int) -> ProblemError:
    # A part of the body may not have been read, so the connection cannot be used again.
    return ProblemError(
        BODY_TOO_LARGE, f"The body may hold at most {limit} bytes.", headers=[(b"connection", b"close")]
    )


def check_json(body: bytes, max_depth: int) -> None:
    """Refuse what is not JSON, is nested too deeply, or holds one key twice in one object.

    A key given twice would silently drop a part of the case.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if _brackets_deeper_than(body, max_depth):
            raise _too_deep(max_depth) from None
        raise ProblemError(INVALID_JSON, f"The body is not JSON: {_what_is_wrong(body, error)}.") from None
    if body.count(b"{") + body.count(b"[") > max_depth:  # or brackets stand inside strings
        _refuse_depth(value, max_depth)
    if b"\\" in body or orjson.dumps(value).count(b":") != body.count(b":"):
        _refuse_duplicate_keys(
            body, max_depth
        )  # a key was lost with its colon, or may hide behind an escaped one: look closely


def _what_is_wrong(body: bytes, error: orjson.JSONDecodeError) -> str:
    if not body.strip():
        return "it is empty"
    if "UTF-8" in error.msg or b"\x00" in body[:4]:
        return "it is not plain UTF-8; send it as UTF-8 without a byte order mark"
    if _NOT_A_NUMBER.match(body.decode("utf-8", "replace"), error.pos):
        return f"it has no NaN and no infinity; leave out what is not known (line {error.lineno}, column {error.colno})"
    return f"{error.msg} (line {error.lineno}, column {error.colno})"


def _too_deep(max_depth: int) -> ProblemError:
    return ProblemError(JSON_TOO_DEEP, f"The JSON may be nested at most {max_depth} levels deep.")


def _refuse_depth(value: object, max_depth: int) -> None:
    """Refuse what is nested too deeply, looking level by level."""
    depth = 0
    level = [value]
    while level:
        depth += 1
        if depth > max_depth:
            raise _too_deep(max_depth)
        below: list[object] = []
        for item in level:
            if type(item) is dict:
                below.extend(item.values())
            elif type(item) is list:
                below.extend(item)
        level = [item for item in below if type(item) in _CONTAINERS]


class _Members(list[tuple[str, object]]):
    """The members of a JSON object as they were sent, none lost."""


def _ignore(_: str) -> None:
    return None


def _refuse_duplicate_keys(body: bytes, max_depth: int) -> None:
    if _brackets_deeper_than(body, max_depth):  # in a part that a second key hides
        raise _too_deep(max_depth)
    value = json.loads(body, object_pairs_hook=_Members, parse_float=_ignore, parse_int=_ignore, parse_constant=_ignore)
    found = list(islice(_twice(value, ""), _MOST_PLACES))
    if found:
        raise from_errors(DUPLICATE_KEY, found)


def _twice(value: object, pointer: str) -> Iterator[Problem]:
    """Every key that one object holds twice, with its place."""
    if isinstance(value, _Members):
        times = Counter(key for key, _ in value)
        for key, number in times.items():
            if number > 1:
                at = f"{pointer}/{pointer_part(key)}"
                often = "twice" if number == 2 else f"{number} times"
                where = f"the object at {pointer}" if pointer else "the outermost object"
                detail = (
                    f"the key {key[:_LONGEST_KEY]!r} stands {often} in {where}; only the last would be read: merge them"
                )
                yield Problem(at, detail)
        for key, inner in value:
            yield from _twice(inner, f"{pointer}/{pointer_part(key)}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _twice(inner, f"{pointer}/{place}")


def _brackets_deeper_than(body: bytes, max_depth: int) -> bool:
    """Whether brackets outside strings nest deeper, in text that is not JSON."""
    depth = 0
    for bracket in _STRING.sub(b"", body).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"{[" else -1
        if depth > max_depth:
            return True
    return False
