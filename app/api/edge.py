"""What every request passes: its id, security headers, metrics, the access log, and problems for whatever went wrong.

Plain ASGI: a framework middleware here would cost more than the answer itself.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api import problems
from app.api.body import ClientGoneError
from app.api.logs import AccessLog
from app.api.metrics import Metrics
from app.api.problems import ProblemError

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")
_TRACEPARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})

SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
_CLOSED_POLICY = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_NO_STORE = (b"cache-control", b"no-store")

logger = logging.getLogger("tki")


class Edge:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, metrics: Metrics, access_log: AccessLog | None) -> None:
        self.app = app
        self.metrics = metrics
        self.access_log = access_log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; pass anything that is not HTTP through."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id, trace = _identify(scope["headers"])
        exchange = _Exchange(send, request_id, trace, head=scope["method"] == "HEAD")
        if exchange.head:  # answered like GET, without the body
            scope = {**scope, "method": "GET"}
        self.metrics.in_progress += 1
        try:
            await self.app(scope, receive, exchange.send)
        except ClientGoneError:
            exchange.status = exchange.status or 499
        except ProblemError as problem:
            await exchange.send_problem(problem, scope["path"])
        except Exception:
            logger.exception("request failed", extra={"fields": {"request_id": request_id, "path": _template(scope)}})
            if exchange.status:  # the answer had begun: let the server drop the connection
                raise
            detail = f"An error in the service, not in your request. Report it with request id {request_id}."
            await exchange.send_problem(ProblemError(problems.INTERNAL_ERROR, detail), scope["path"])
        finally:
            self.metrics.in_progress -= 1
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in _METHODS else "other"
            path = _template(scope)
            self.metrics.observe(method, path, exchange.status, seconds)
            if self.access_log is not None:
                self.access_log.write(time.time(), method, path, exchange.status, seconds, request_id, trace)


class _Exchange:
    """One answer on its way out."""

    __slots__ = ("_request_id", "_send", "_trace", "head", "status")

    def __init__(self, send: Send, request_id: str, trace: str | None, *, head: bool) -> None:
        self._send = send
        self._request_id = request_id
        self._trace = trace
        self.head = head
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message["headers"])
            names = {name for name, _ in headers}
            headers.extend(SECURITY_HEADERS)
            if _CLOSED_POLICY[0] not in names:
                headers.append(_CLOSED_POLICY)
            if _NO_STORE[0] not in names:
                headers.append(_NO_STORE)
            headers.append((b"x-request-id", self._request_id.encode()))
            if self._trace:
                headers.append((b"traceparent", self._trace.encode()))
            message = {**message, "headers": headers}
        elif self.head:
            message = {"type": "http.response.body", "body": b"", "more_body": message.get("more_body", False)}
        await self._send(message)

    async def send_problem(self, problem: ProblemError, path: str) -> None:
        body = problems.render(problem, path[:500], self._request_id)
        headers = [
            (b"content-type", problems.MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            *problem.headers,
        ]
        await self.send({"type": "http.response.start", "status": problem.kind.status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _identify(headers: Iterable[tuple[bytes, bytes]]) -> tuple[str, str | None]:
    """The caller's request id, or a new one; and the trace, when its form is right."""
    request_id, trace = None, None
    for name, value in headers:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            request_id = value.decode()
        elif name == b"traceparent" and _TRACEPARENT.fullmatch(value):
            trace = value.decode()
    return request_id or secrets.token_hex(16), trace


def _template(scope: Scope) -> str:
    """The route's path as declared, so that neither logs nor metrics hold what callers put into a path."""
    return getattr(scope.get("route"), "path", "unmatched")
