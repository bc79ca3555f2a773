"""What every request passes: its id, security headers, metrics, the access log, and problems for whatever went wrong.

Plain ASGI, and the hot route is answered here without entering the framework: a framework middleware, or the framework's own
layers, would cost more than the answer itself.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from msgspec import Struct
from starlette.types import Message, Receive, Scope, Send

from app.api import problems, query
from app.api.body import ClientGoneError
from app.api.logs import AccessLog
from app.api.metrics import Metrics
from app.api.problems import ProblemError

RawHeaders = list[tuple[bytes, bytes]]
SECURITY_HEADERS: RawHeaders = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]
_CLOSED_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_NO_STORE = (b"cache-control", b"no-store")
_CLOSED: RawHeaders = [*SECURITY_HEADERS, _CLOSED_POLICY, _NO_STORE]

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_CLIENT_GONE = 499
"""In logs and metrics only: nobody is left to read an answer."""

logger = logging.getLogger("tki")


class Reply(Struct, frozen=True):
    """A whole answer of a direct route. Never stored by caches."""

    body: bytes
    headers: RawHeaders


Direct = Callable[[Mapping[bytes, bytes], Receive], Awaitable[Reply]]
"""A route answered at the edge: headers by lower-case name, and where the body comes from."""


class _Exchange(Struct):
    """One request and what became of it."""

    request_id: str
    trace: str | None
    path: str
    """The route's path as declared, so that neither logs nor metrics hold what callers put into a path."""
    status: int = 0

    def own_headers(self) -> RawHeaders:
        headers = [(b"x-request-id", self.request_id.encode())]
        if self.trace:
            headers.append((b"traceparent", self.trace.encode()))
        return headers


class Edge:
    """The outermost layer: the ASGI application that the server calls."""

    def __init__(
        self, api: FastAPI, direct: Mapping[tuple[str, str], Direct], metrics: Metrics, access_log: AccessLog | None
    ) -> None:
        self.api = api
        self._direct = direct
        self._allowed = {path: method for method, path in direct}
        self._metrics = metrics
        self._access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; pass anything that is not HTTP through."""
        if scope["type"] != "http":
            await self.api(scope, receive, send)
            return
        started = time.perf_counter()
        headers = dict(scope["headers"])
        method = scope["method"]
        direct = self._direct.get((method, scope["path"]))
        exchange = _exchange(headers, "unmatched" if direct is None else scope["path"])
        self._metrics.in_progress += 1
        try:
            if direct is None:
                await self._through_api(scope, receive, send, exchange)
            else:
                if scope.get("query_string"):
                    query.check(scope["query_string"])
                await _send(send, 200, await direct(headers, receive), exchange)
        except ClientGoneError:
            exchange.status = _CLIENT_GONE
        except ProblemError as problem:
            await _send_problem(send, problem, scope["path"], exchange)
        except Exception:
            logger.exception("failed", extra={"fields": {"request_id": exchange.request_id, "path": exchange.path}})
            if exchange.status:  # the answer had begun: the server drops the connection
                raise
            detail = f"An error in the service, not in your request. Report it with request id {exchange.request_id}."
            await _send_problem(send, ProblemError(problems.INTERNAL_ERROR, detail), scope["path"], exchange)
        finally:
            self._metrics.in_progress -= 1
            self._record(method if method in _METHODS else "other", exchange, time.perf_counter() - started)

    async def _through_api(self, scope: Scope, receive: Receive, send: Send, exchange: _Exchange) -> None:
        allowed = self._allowed.get(scope["path"])
        if allowed is not None:
            raise ProblemError(
                problems.METHOD_NOT_ALLOWED, problems.ANOTHER_METHOD, headers=[(b"allow", allowed.encode())]
            )
        head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if head else scope  # HEAD is answered like GET, without the body

        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message = {**message, "headers": _secured(message["headers"]) + exchange.own_headers()}
            elif head:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self.api(inner, receive, forward)
        finally:
            exchange.path = getattr(inner.get("route"), "path", exchange.path)

    def _record(self, method: str, exchange: _Exchange, seconds: float) -> None:
        self._metrics.observe(method, exchange.path, exchange.status, seconds)
        if self._access_log is not None:
            self._access_log.write(method, exchange.path, exchange.status, seconds, exchange.request_id, exchange.trace)


def _exchange(headers: Mapping[bytes, bytes], path: str) -> _Exchange:
    """Start an exchange under the caller's request id, or a new one, and the caller's trace when its form is right."""
    given, trace = headers.get(b"x-request-id"), headers.get(b"traceparent")
    known = given is not None and _REQUEST_ID.fullmatch(given)
    request_id = given.decode() if given and known else f"{random.getrandbits(128):032x}"
    return _Exchange(request_id, trace.decode() if trace and _TRACEPARENT.fullmatch(trace) else None, path)


async def _send(send: Send, status: int, reply: Reply, exchange: _Exchange) -> None:
    exchange.status = status
    length = (b"content-length", b"%d" % len(reply.body))
    headers = [length, *reply.headers, *_CLOSED, *exchange.own_headers()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": reply.body})


async def _send_problem(send: Send, problem: ProblemError, path: str, exchange: _Exchange) -> None:
    body = problems.render(problem, path[:500], exchange.request_id)
    reply = Reply(body, [(b"content-type", problems.MEDIA_TYPE.encode()), *problem.headers])
    await _send(send, problem.kind.status, reply, exchange)


def _secured(headers: RawHeaders) -> RawHeaders:
    """The headers of a framework's answer with those that it lacks."""
    names = {name for name, _ in headers}
    return [*headers, *(header for header in _CLOSED if header[0] not in names)]
