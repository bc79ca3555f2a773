"""What every request passes: its id, security headers, metrics, the access log, and problems for whatever went wrong.

Plain ASGI, and the hot route is answered here without entering the framework: a framework middleware, or the framework's own
layers, would cost more than the answer itself. ``app/api/protocol.py`` answers its ordinary requests without ASGI, too.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Mapping

from fastapi import FastAPI
from msgspec import Struct
from starlette.types import Message, Receive, Scope, Send

from app.api import problems, query
from app.api.body import ClientGoneError, check_media_types, read
from app.api.logs import AccessLog
from app.api.metrics import Metrics
from app.api.problems import ProblemError
from app.knowledge.errors import KnowledgeError

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


def lines_of(headers: RawHeaders) -> bytes:
    """Headers as HTTP/1.1 sends them."""
    return b"".join([b"%b: %b\r\n" % header for header in headers])


_CLOSED_LINES = lines_of(_CLOSED)

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


Direct = Callable[[Mapping[bytes, bytes], bytes], Reply]
"""A route that takes JSON, answered at the edge: from headers by lower-case name, whose media types were checked, and the body."""


class Exchange(Struct):
    """One request and what became of it."""

    request_id: str
    trace: str | None
    path: str
    """The route's path as declared, so that neither logs nor metrics hold what callers put into a path."""
    status: int = 0

    def own_headers(self) -> RawHeaders:
        """Those that tell this exchange from others."""
        headers = [(b"x-request-id", self.request_id.encode())]
        if self.trace:
            headers.append((b"traceparent", self.trace.encode()))
        return headers


class Edge:
    """The outermost layer: the ASGI application that the server calls."""

    def __init__(
        self,
        api: FastAPI,
        direct: Mapping[str, Direct],
        metrics: Metrics,
        access_log: AccessLog | None,
        max_body_bytes: int,
    ) -> None:
        self.api = api
        self.direct = direct
        """The direct routes by their paths; all are for POST."""
        self.max_body_bytes = max_body_bytes
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
        direct = self.direct.get(scope["path"]) if method == "POST" else None
        exchange = _exchange(headers, "unmatched" if direct is None else scope["path"])
        self._metrics.in_progress += 1
        try:
            if direct is None:
                await self._through_api(scope, receive, send, exchange)
            else:
                if scope.get("query_string"):
                    query.check(scope["query_string"])
                check_media_types(headers)
                body = await read(headers, receive, self.max_body_bytes)
                await _send(send, 200, direct(headers, body), exchange)
        except ClientGoneError:
            exchange.status = _CLIENT_GONE
        except ProblemError as problem:
            await _send_problem(send, problem, scope["path"], exchange)
        except KnowledgeError as error:
            await _send_problem(send, problems.unreadable(error), scope["path"], exchange)
        except Exception:
            logger.exception("failed", extra={"fields": {"request_id": exchange.request_id, "path": exchange.path}})
            if exchange.status:  # the answer had begun: the server drops the connection
                raise
            detail = f"An error in the service, not in your request. Report it with request id {exchange.request_id}."
            await _send_problem(send, ProblemError(problems.INTERNAL_ERROR, detail), scope["path"], exchange)
        finally:
            self._metrics.in_progress -= 1
            self._record(method if method in _METHODS else "other", exchange, time.perf_counter() - started)

    def answer_now(self, path: str, headers: Mapping[bytes, bytes], body: bytes) -> tuple[bytes, bytes, Exchange]:
        """The header lines of an answer of a direct route, to their end, its body, and what to hand to ``answered`` once it is sent.

        Raises what the route raises, and leaves no trace then.
        """
        check_media_types(headers)
        reply = self.direct[path](headers, body)
        exchange = _exchange(headers, path)
        exchange.status = 200
        lines = lines_of(_before(reply)) + _CLOSED_LINES + lines_of(exchange.own_headers())
        return lines + b"\r\n", reply.body, exchange

    def answered(self, exchange: Exchange, started: float) -> None:
        """Put on record what ``answer_now`` answered to a request that began at ``started``."""
        self._record("POST", exchange, time.perf_counter() - started)

    async def _through_api(self, scope: Scope, receive: Receive, send: Send, exchange: Exchange) -> None:
        if scope["path"] in self.direct:
            raise ProblemError(problems.METHOD_NOT_ALLOWED, problems.ANOTHER_METHOD, headers=[(b"allow", b"POST")])
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

    def _record(self, method: str, exchange: Exchange, seconds: float) -> None:
        self._metrics.observe(method, exchange.path, exchange.status, seconds)
        if self._access_log is not None:
            self._access_log.write(method, exchange.path, exchange.status, seconds, exchange.request_id, exchange.trace)


def _exchange(headers: Mapping[bytes, bytes], path: str) -> Exchange:
    """Start an exchange under the caller's request id, or a new one, and the caller's trace when its form is right."""
    given, trace = headers.get(b"x-request-id"), headers.get(b"traceparent")
    known = given is not None and _REQUEST_ID.fullmatch(given)
    request_id = given.decode() if given and known else f"{random.getrandbits(128):032x}"
    return Exchange(request_id, trace.decode() if trace and _TRACEPARENT.fullmatch(trace) else None, path)


async def _send(send: Send, status: int, reply: Reply, exchange: Exchange) -> None:
    exchange.status = status
    await send({"type": "http.response.start", "status": status, "headers": _headers_of(reply, exchange)})
    await send({"type": "http.response.body", "body": reply.body})


def _headers_of(reply: Reply, exchange: Exchange) -> RawHeaders:
    return [*_before(reply), *_CLOSED, *exchange.own_headers()]


def _before(reply: Reply) -> RawHeaders:
    return [(b"content-length", b"%d" % len(reply.body)), *reply.headers]


async def _send_problem(send: Send, problem: ProblemError, path: str, exchange: Exchange) -> None:
    body = problems.render(problem, path[:500], exchange.request_id)
    reply = Reply(body, [(b"content-type", problems.MEDIA_TYPE.encode()), *problem.headers])
    await _send(send, problem.kind.status, reply, exchange)


def _secured(headers: RawHeaders) -> RawHeaders:
    """The headers of a framework's answer with those that it lacks."""
    names = {name for name, _ in headers}
    return [*headers, *(header for header in _CLOSED if header[0] not in names)]
