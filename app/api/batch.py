"""``POST /v1/recommendations/batch``: NDJSON in and out, as a stream. Memory does not grow with the number of lines.

Answers are sent while the body still arrives, so a caller has to read while it sends (curl does). A caller that stops
doing either for ``batch_stall_seconds`` is dropped.
"""

from __future__ import annotations

import asyncio
import re
import time
import zlib
from collections.abc import AsyncIterator, Callable, Iterable

from starlette.types import Message, Receive, Scope, Send

from app.api import problems, query
from app.api.body import ClientGoneError, header
from app.api.lines import Limits, answer_line, problem_line
from app.api.problems import ProblemError
from app.api.state import State
from app.batch.inflate import InflateError, Inflater
from app.batch.lines import Line, LineSplitter
from app.service import Engine
from app.settings import Settings

PATH = "/v1/recommendations/batch"
MEDIA_TYPE = "application/x-ndjson"
_TAKEN = (b"application/x-ndjson", b"application/ndjson", b"application/jsonl", b"application/x-jsonlines")
_ACCEPTED = (*_TAKEN, b"application/*", b"*/*")
_SEND_AT = 65_536
"""Bytes of answers gathered before they are sent."""
_SLICE_SECONDS = 0.002
"""How long lines are answered before other requests get their turn."""
_GZIP = 31
_LEVEL = 1
"""Answers repeat themselves; higher levels cost more than they save."""


class BatchEndpoint:
    """Plain ASGI; ``app/api/batch_docs.py`` documents it."""

    path = PATH

    def __init__(self, state: State, settings: Settings) -> None:
        self._state = state
        self._settings = settings
        self._limits = Limits(settings.batch_max_line_bytes, settings.max_json_depth)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the lines of one body, in their order."""
        scope["route"] = self  # logs and metrics name its path
        inflate = _check(scope, self._settings.batch_max_bytes)
        engine = self._state.engine
        body = _Body(receive, self._settings.batch_stall_seconds)
        answers = _Answers(send, self._settings.batch_stall_seconds, compress=_takes_gzip(scope))
        try:
            await self._answer(engine, _language(scope), self._lines(body, answers, inflate=inflate), body, answers)
            await answers.end()
        finally:
            await body.close()

    async def _answer(
        self, engine: Engine, language: str | None, lines: AsyncIterator[Line], body: _Body, answers: _Answers
    ) -> None:
        turn = time.perf_counter()
        async for line in lines:
            await answers.write(answer_line(line, engine, language, self._limits).body)
            if time.perf_counter() - turn > _SLICE_SECONDS:
                await asyncio.sleep(0)
                body.check()
                turn = time.perf_counter()

    async def _lines(self, body: _Body, answers: _Answers, *, inflate: bool) -> AsyncIterator[Line]:
        """The lines as they arrive. A body that cannot be read further ends with a problem in the place of a line."""
        splitter = LineSplitter(self._limits.max_line_bytes)
        opened = _Opened(self._settings, inflate=inflate)
        try:
            async for piece in body.pieces(answers.flush):
                for part in opened.feed(piece):
                    for line in splitter.feed(part):
                        yield line
            for part in opened.end():
                for line in splitter.feed(part):
                    yield line
        except ProblemError as problem:
            await answers.stop(splitter.number, problem)
            return
        for line in splitter.end():
            yield line


class _Opened:
    """The body without its compression, within the limit of the whole."""

    def __init__(self, settings: Settings, *, inflate: bool) -> None:
        self._inflater = Inflater(settings.batch_max_ratio) if inflate else None
        self._left = self._limit = settings.batch_max_bytes

    def feed(self, piece: bytes) -> Iterable[bytes]:
        return self._counted(self._inflater.feed(piece) if self._inflater else (piece,))

    def end(self) -> Iterable[bytes]:
        return self._counted(self._inflater.end() if self._inflater else ())

    def _counted(self, parts: Iterable[bytes]) -> Iterable[bytes]:
        try:
            for part in parts:
                self._left -= len(part)
                if self._left < 0:
                    raise _too_large(self._limit)
                yield part
        except InflateError as error:
            raise ProblemError(problems.BAD_REQUEST, str(error), headers=[(b"connection", b"close")]) from None


class _Body:
    """The body of the request, one message ahead, so that a client that goes away is noticed while lines are answered."""

    def __init__(self, receive: Receive, stall_seconds: float) -> None:
        self._receive = receive
        self._stall_seconds = stall_seconds
        self._next: asyncio.Future[Message] = asyncio.ensure_future(receive())

    async def pieces(self, before_waiting: Callable[[], object]) -> AsyncIterator[bytes]:
        """The pieces as they come. ``before_waiting`` is awaited when none is at hand."""
        more = True
        while more:
            await asyncio.sleep(0)
            if not self._next.done():
                await before_waiting()  # type: ignore[misc]
                await asyncio.wait((self._next,), timeout=self._stall_seconds)
                if not self._next.done():
                    raise ClientGoneError
            message = self._next.result()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            more = message.get("more_body", False)
            self._next = asyncio.ensure_future(self._receive())  # after the last it tells only that the client is gone
            piece: bytes = message.get("body", b"")
            if piece:
                yield piece

    def check(self) -> None:
        """Raises ClientGoneError when nobody waits for the answers any more."""
        if self._next.done() and self._next.result()["type"] == "http.disconnect":
            raise ClientGoneError

    async def close(self) -> None:
        self._next.cancel()
        await asyncio.wait((self._next,))


class _Answers:
    """The answers on their way out. The response begins with the first bytes that are sent."""

    def __init__(self, send: Send, stall_seconds: float, *, compress: bool) -> None:
        self._send = send
        self._stall_seconds = stall_seconds
        self._compressor = zlib.compressobj(_LEVEL, wbits=_GZIP) if compress else None
        self._waiting: list[bytes] = []
        self._length = 0
        self._begun = False

    async def write(self, answer: bytes) -> None:
        """Take one line."""
        self._waiting += (answer, b"\n")
        self._length += len(answer) + 1
        if self._length >= _SEND_AT:
            await self._pass_on(self._gathered())

    async def flush(self) -> None:
        """Send all that was taken, so that the caller has it before more is waited for."""
        if self._length:
            gathered = self._gathered()
            await self._pass_on(gathered + self._compressor.flush(zlib.Z_SYNC_FLUSH) if self._compressor else gathered)

    async def stop(self, line: int, problem: ProblemError) -> None:
        """End with a problem: the whole answer when nothing was answered yet, a last line otherwise."""
        if not self._begun and not self._length:
            raise problem
        await self.write(problem_line(line, problem, stopped=True))

    async def end(self) -> None:
        """Send what is left and close the answer."""
        gathered = self._gathered()
        await self._pass_on(gathered + self._compressor.flush() if self._compressor else gathered, more=False)

    def _gathered(self) -> bytes:
        gathered = b"".join(self._waiting)
        self._waiting.clear()
        self._length = 0
        return self._compressor.compress(gathered) if self._compressor else gathered

    async def _pass_on(self, content: bytes, *, more: bool = True) -> None:
        if not self._begun:
            self._begun = True
            await self._send({"type": "http.response.start", "status": 200, "headers": self._headers()})
        if content or not more:
            message = {"type": "http.response.body", "body": content, "more_body": more}
            try:
                await asyncio.wait_for(self._send(message), self._stall_seconds)
            except TimeoutError:
                raise ClientGoneError from None

    def _headers(self) -> list[tuple[bytes, bytes]]:
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"cache-control", b"no-store"),
            (b"vary", b"accept-language, accept-encoding"),
            (b"x-accel-buffering", b"no"),
        ]
        if self._compressor:
            headers.append((b"content-encoding", b"gzip"))
        return headers


def _check(scope: Scope, max_bytes: int) -> bool:
    """Refuse what cannot be read or answered; tell whether the body is gzip."""
    query.check(scope.get("query_string", b""))
    media_type = (header(scope, b"content-type") or b"").partition(b";")[0].strip().lower()
    if media_type not in _TAKEN:
        detail = (
            f"Send one case a line as {MEDIA_TYPE}; with curl: -H 'Content-Type: {MEDIA_TYPE}' --data-binary @FILE."
        )
        raise ProblemError(problems.UNSUPPORTED_MEDIA_TYPE, detail, headers=[(b"accept", MEDIA_TYPE.encode())])
    accept = (header(scope, b"accept") or b"").lower()
    if accept.strip() and not any(one in accept for one in _ACCEPTED):
        raise ProblemError(problems.NOT_ACCEPTABLE, f"The answer is {MEDIA_TYPE}; accept it, or send no Accept header.")
    encoding = (header(scope, b"content-encoding") or b"identity").strip().lower()
    if encoding not in (b"identity", b"gzip", b"x-gzip"):
        detail = "The body may be compressed with gzip, or not at all."
        raise ProblemError(problems.UNSUPPORTED_MEDIA_TYPE, detail, headers=[(b"accept-encoding", b"gzip")])
    declared = header(scope, b"content-length")
    if declared is not None and declared.isdigit() and int(declared[:20]) > max_bytes:
        raise _too_large(max_bytes)
    return encoding != b"identity"


def _too_large(limit: int) -> ProblemError:
    detail = f"The body may hold at most {limit} bytes, uncompressed; send it in parts."
    return ProblemError(problems.BODY_TOO_LARGE, detail, headers=[(b"connection", b"close")])


def _language(scope: Scope) -> str | None:
    language = header(scope, b"accept-language")
    return language.decode("latin-1") if language else None


_CODING = re.compile(r"\s*([a-z*-]+)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?", re.IGNORECASE)


def _takes_gzip(scope: Scope) -> bool:
    weights: dict[str, bool] = {}
    for part in (header(scope, b"accept-encoding") or b"").decode("latin-1").split(","):
        found = _CODING.fullmatch(part)
        if found:
            weights[found[1].lower()] = found[2] is None or found[2].strip("0.") != ""
    return weights.get("gzip", weights.get("*", False))
