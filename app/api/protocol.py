"""uvicorn's HTTP protocol, which answers the ordinary request of a direct route at once.

Between the last byte of a request and the first of its answer the server starts a task and passes four messages: about a sixth of
what the hot route costs (docs/performance.md). Here its function is called when the body is whole, and its answer written. Whatever is not ordinary
(another route, a large body, a connection that is to close, a refusal, a failure) is handed to the application as it
came, which alone knows what to say. So every request can be answered without this file, and answered alike.
"""

from __future__ import annotations

import time
from typing import Any

from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.edge import Edge, lines_of

_LONGEST_LENGTH = 8
"""Digits of a length that may be that of a short body."""


class DirectProtocol(HttpToolsProtocol):
    """One connection. The application is an ``Edge``."""

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._edge: Edge = self.app
        self._paths = {path.encode() for path in self._edge.direct}
        self._longest = min(self._edge.max_body_bytes, HIGH_WATER_LIMIT)
        self._parts: list[bytes] | None = None
        """The body so far, of a request that may be answered here."""
        self._began = 0.0

    def on_headers_complete(self) -> None:
        """Keep a request that may be answered here from the application until its body is whole."""
        self._unset_keepalive_if_required()  # an answer before it in the same segment has armed it
        if self.url in self._paths and self._ordinary():
            self._parts, self._began = [], time.perf_counter()
        else:
            super().on_headers_complete()

    def _ordinary(self) -> bool:
        """True for the next request in turn, of a short body, on a connection that stays and is read from: nothing to queue or to close."""
        parser = self.parser
        length = dict(self.headers).get(b"content-length", b"")
        return (
            (self.cycle is None or self.cycle.response_complete)
            and len(length) < _LONGEST_LENGTH
            and length.isdigit()
            and 0 < int(length) <= self._longest
            and parser.get_method() == b"POST"
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
            and not parser.should_upgrade()
            and not self.expect_100_continue
            and not self.flow.write_paused
            and self.limit_concurrency is None
        )

    def on_body(self, body: bytes) -> None:
        """Take in a part of the body."""
        if self._parts is None:
            super().on_body(body)
        else:
            self._parts.append(body)

    def on_message_complete(self) -> None:
        """Answer, or leave the request to the application when there is anything but an answer."""
        if self._parts is None:
            super().on_message_complete()
            return
        parts = self._parts
        body = parts[0] if len(parts) == 1 else b"".join(parts)
        try:
            lines, answer, exchange = self._edge.answer_now(self.url.decode(), dict(self.headers), body)
        except Exception:  # the application meets it again and says what it is
            self._hand_over()
            super().on_message_complete()
            return
        self._parts = None
        self.transport.writelines((b"HTTP/1.1 200 OK\r\n", lines_of(self.server_state.default_headers), lines, answer))
        self._edge.answered(exchange, self._began)
        self.on_response_complete()

    def _hand_over(self) -> None:
        """Start the request in the application, with what came of its body."""
        parts, self._parts = self._parts or [], None
        super().on_headers_complete()
        for part in parts:
            super().on_body(part)

    def shutdown(self) -> None:
        """Let a request whose body is still coming be answered first, as every other that has begun."""
        if self._parts is not None:
            self._hand_over()
        super().shutdown()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let the application put on record that a client went away before its body had come."""
        if self._parts is not None:
            self._hand_over()
        super().connection_lost(exc)
