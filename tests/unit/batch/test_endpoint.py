"""The batch route without a server: what is held in memory, who is waited for, what stops it."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import orjson
import pytest

from app.api.batch import BatchEndpoint
from app.api.body import ClientGoneError
from app.api.problems import ProblemError
from app.api.state import State
from app.service import Engine
from app.settings import Settings
from tests.support.batches import cases

Message = dict[str, Any]
GONE: Message = {"type": "http.disconnect"}
CASE = b'{"driver":{"gene":"ALK"}}\n'


class Caller:
    """Sends pieces and takes what comes back."""

    def __init__(
        self, pieces: Iterable[bytes], *, gone: bool = False, reads: Callable[[], Awaitable[None]] | None = None
    ):
        self.pieces = iter(pieces)
        self.gone = gone
        self.asked = 0
        self.given: list[Message] = []
        self.reads = reads
        self.ended = False

    async def receive(self) -> Message:
        self.asked += 1
        piece = next(self.pieces, None)
        if piece is not None:
            return {"type": "http.request", "body": piece, "more_body": True}
        if self.gone:
            return GONE
        if not self.ended:
            self.ended = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Message) -> None:
        if self.reads is not None:
            await self.reads()
        self.given.append(message)

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.given)

    @property
    def lines(self) -> list[bytes]:
        return self.body.splitlines()


def scope(**headers: str) -> Message:
    given = {"content-type": "application/x-ndjson"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in given.items()]}


@pytest.fixture
def answer(engine: Engine):
    def answer(caller: Caller, headers: dict[str, str] | None = None, **settings: Any) -> Caller:
        state = State()
        state.open(engine, None)  # type: ignore[arg-type]
        endpoint = BatchEndpoint(state, Settings(**settings))

        async def run() -> None:
            before = asyncio.all_tasks()
            try:
                await endpoint(scope(**headers or {}), caller.receive, caller.send)
            finally:
                assert asyncio.all_tasks() == before

        asyncio.run(run())
        return caller

    return answer


def test_order_is_kept_and_bad_lines_do_not_stop_the_rest(answer, engine: Engine):
    bodies = cases(60)
    caller = answer(Caller([b"\n".join(bodies)]))
    assert len(caller.lines) == 60
    for number, (body, line) in enumerate(zip(bodies, caller.lines, strict=True), start=1):
        given = orjson.loads(line)
        if "problem" in given:
            assert given["line"] == number
            assert given["problem"]["status"] in (400, 422)
        else:
            assert line == engine.recommend_bytes(body).body


def test_a_line_that_breaks_the_engine_is_a_problem_and_the_rest_go_on(answer, monkeypatch: pytest.MonkeyPatch):
    whole = Engine.recommend_bytes

    def breaks(self: Engine, body: bytes, language: str | None = None):
        if b"ROS1" in body:
            raise KeyError(body)
        return whole(self, body, language)

    monkeypatch.setattr(Engine, "recommend_bytes", breaks)
    caller = answer(Caller([CASE + b'{"driver":{"gene":"ROS1"}}\n' + CASE]))
    assert orjson.loads(caller.lines[1])["problem"]["status"] == 500
    assert b"options" in caller.lines[2]


def test_only_a_few_lines_are_held(answer):
    """Lines that were sent but have no answer yet, however many there are."""
    held = 0
    caller = Caller([])

    def pieces():
        nonlocal held
        for number in range(1, 400):
            held = max(held, number - caller.body.count(b"\n"))
            yield CASE

    caller.pieces = pieces()
    answer(caller)
    assert len(caller.lines) == 399
    assert held <= 5


def test_a_caller_who_does_not_read_is_not_read_from(answer):
    asked = []
    caller = Caller([CASE * 3] * 1000)

    async def reads() -> None:
        asked.append(caller.asked)
        await asyncio.sleep(0.2)
        asked.append(caller.asked)

    caller.reads = reads
    with pytest.raises(ClientGoneError):
        answer(caller, batch_stall_seconds=0.1)
    assert asked[-1] <= 4


def test_a_caller_who_does_not_send_gets_what_is_there_and_is_then_dropped(answer):
    caller = Caller([])

    async def receive() -> Message:
        caller.asked += 1
        if caller.asked == 1:
            return {"type": "http.request", "body": CASE, "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    caller.receive = receive  # type: ignore[method-assign]
    with pytest.raises(ClientGoneError):
        answer(caller, batch_stall_seconds=0.1)
    assert len(caller.lines) == 1


def test_going_away_in_the_middle_of_the_body_stops_the_work(answer):
    caller = Caller([CASE] * 3, gone=True)
    with pytest.raises(ClientGoneError):
        answer(caller)


def test_going_away_after_the_body_stops_the_work(answer, monkeypatch: pytest.MonkeyPatch):
    answered = 0
    whole = Engine.recommend_bytes

    def counting(self: Engine, body: bytes, language: str | None = None):
        nonlocal answered
        answered += 1
        return whole(self, body, language)

    monkeypatch.setattr(Engine, "recommend_bytes", counting)
    messages = [{"type": "http.request", "body": CASE * 20_000, "more_body": False}, GONE]
    caller = Caller([])

    async def receive() -> Message:
        return messages.pop(0)

    caller.receive = receive  # type: ignore[method-assign]
    with pytest.raises(ClientGoneError):
        answer(caller, batch_max_line_bytes=10_000)
    assert answered < 1000


def test_others_get_their_turn(engine: Engine):
    state = State()
    state.open(engine, None)  # type: ignore[arg-type]
    longest = 0.0

    async def others() -> None:
        nonlocal longest
        while True:
            left = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - left)

    async def run() -> int:
        task = asyncio.create_task(others())
        caller = Caller([CASE * 2000])
        started = time.perf_counter()
        await BatchEndpoint(state, Settings())(scope(), caller.receive, caller.send)
        task.cancel()
        return round((time.perf_counter() - started) / longest)

    assert asyncio.run(run()) > 5  # the whole took many times what anybody else had to wait


@pytest.mark.parametrize("accept", ["gzip", "br;q=1.0, gzip;q=0.5", "*"])
def test_gzip_both_ways(answer, accept: str):
    plain = answer(Caller([CASE * 5])).body
    packed = gzip.compress(CASE * 5)
    caller = answer(
        Caller([packed[:10], packed[10:11], packed[11:]]), {"content_encoding": "gzip", "accept_encoding": accept}
    )
    assert (b"content-encoding", b"gzip") in caller.given[0]["headers"]
    assert gzip.decompress(caller.body) == plain


@pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0", "br, *;q=0", "gzip; q=0.0"])
def test_no_gzip_for_those_who_do_not_take_it(answer, accept: str):
    caller = answer(Caller([CASE]), {"accept_encoding": accept})
    assert b"content-encoding" not in dict(caller.given[0]["headers"])


def test_answers_come_before_the_body_has_ended_even_compressed(answer):
    caller = Caller([])
    seen: list[int] = []

    async def receive() -> Message:
        caller.asked += 1
        await asyncio.sleep(0.01)
        seen.append(zlib.decompressobj(31).decompress(caller.body).count(b"\n"))
        return {"type": "http.request", "body": CASE, "more_body": caller.asked < 4}

    caller.receive = receive  # type: ignore[method-assign]
    answer(caller, {"accept_encoding": "gzip"})
    assert seen[:4] == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_type": "application/json"}, 415),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "application/jsonlx"}, 415),
        ({"content_encoding": "br"}, 415),
        ({"accept": "text/html"}, 406),
        ({"content_length": "99999999999999"}, 413),
    ],
)
def test_refused_before_anything_is_read(answer, headers: dict[str, str], status: int):
    caller = Caller([CASE])
    with pytest.raises(ProblemError) as refused:
        answer(caller, headers)
    assert refused.value.kind.status == status
    assert not caller.asked


def test_a_line_that_is_too_long(answer):
    caller = answer(Caller([CASE, b'{"case_id":"', b"x" * 5000, b'"}\n', CASE]), batch_max_line_bytes=1024)
    assert orjson.loads(caller.lines[1])["problem"]["type"] == "urn:tki:problem:body-too-large"
    assert b"options" in caller.lines[2]


def test_a_body_that_is_too_large_ends_with_a_problem(answer):
    caller = answer(Caller([CASE] * 100), batch_max_bytes=1024)
    *answers, last = map(orjson.loads, caller.lines)
    assert len(answers) == 1024 // len(CASE)
    assert last["stopped"]
    assert (last["line"], last["problem"]["status"]) == (len(answers) + 1, 413)


def test_the_limit_counts_what_comes_out_of_gzip(answer):
    caller = answer(Caller([gzip.compress(CASE * 3000)]), {"content_encoding": "gzip"}, batch_max_bytes=70_000)
    assert orjson.loads(caller.lines[-1])["stopped"]


def test_damaged_gzip_is_a_400_at_the_start_and_a_last_line_later(answer):
    with pytest.raises(ProblemError, match="not gzip"):
        answer(Caller([CASE]), {"content_encoding": "gzip"})
    caller = answer(Caller([gzip.compress(CASE * 4)[:-4]]), {"content_encoding": "gzip"})
    *answers, last = map(orjson.loads, caller.lines)
    assert len(answers) == 4
    assert "cut short" in last["problem"]["detail"]


def test_a_bomb_is_stopped(answer):
    bomb = gzip.compress(b" " * 30_000_000)
    with pytest.raises(ProblemError, match="200 times"):
        answer(Caller([bomb]), {"content_encoding": "gzip"})


def test_nothing_is_answered_with_nothing(answer):
    caller = answer(Caller([]))
    assert caller.given[0]["status"] == 200
    assert caller.body == b""


def test_the_language_of_the_header(answer):
    english, chinese = (
        orjson.loads(answer(Caller([CASE]), {"accept_language": tag}).lines[0])["disclaimer"] for tag in ("en", "zh-CN")
    )
    assert english != chinese
