"""A batch answers each case with the very bytes that the case gets alone, whatever stands beside it."""

from __future__ import annotations

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from app.api.lines import Limits, answer_line, answer_lines
from app.api.problems import ProblemError
from app.batch.lines import Line, split
from app.domain.errors import InvalidCase
from app.service import Engine
from tests.support.batches import BAD_LINES, cases, vignettes

POOL = [*(orjson.dumps(case) for case in vignettes()), *BAD_LINES]


def alone(engine: Engine, body: bytes) -> bytes | None:
    try:
        return engine.recommend_bytes(body).body
    except (ValueError, InvalidCase, ProblemError):
        return None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(POOL), max_size=12), st.sampled_from([b"\n", b"\r\n", b"\n\n"]), st.integers(1, 5000))
def test_batch_is_singles(engine: Engine, bodies: list[bytes], ending: bytes, size: int):
    text = ending.join(bodies)
    pieces = (text[begin : begin + size] for begin in range(0, len(text), size))
    answers = list(answer_lines(split(pieces, 1_000_000), engine))
    assert len(answers) == len(bodies)
    for number, (body, answer) in enumerate(zip(bodies, answers, strict=True)):
        single = alone(engine, body)
        if single is None:
            assert orjson.loads(answer)["line"] == number * ending.count(b"\n") + 1
        else:
            assert answer == single + b"\n"


def test_every_vignette_answers_as_alone(engine: Engine):
    for number, body in enumerate(cases(500), start=1):
        found = answer_line(Line(number, body), engine, None, Limits())
        single = alone(engine, body)
        assert found.refused == (single is None)
        assert single is None or found.body == single


def test_lines_are_taken_one_at_a_time(engine: Engine):
    taken = 0

    def lines():
        nonlocal taken
        for number, body in enumerate(cases(200), start=1):
            taken += 1
            yield Line(number, body)

    for given_back, _ in enumerate(answer_lines(lines(), engine), start=1):
        assert taken == given_back
