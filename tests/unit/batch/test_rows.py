"""Answers as flat rows."""

from __future__ import annotations

import orjson

from app.api.lines import Limits, answer_line
from app.batch.lines import Line
from app.batch.rows import COLUMNS, rows_of
from app.service import Engine

CASE = b'{"case_id":"A","driver":{"gene":"ALK"},"treatments":[{"drugs":"alectinib","stop_reason":"progression"}]}'


def rows(engine: Engine, case: bytes):
    return rows_of(7, case, answer_line(Line(7, case), engine, None, Limits()).body)


def test_every_option_has_its_row(engine: Engine):
    answer = orjson.loads(engine.recommend_bytes(CASE).body)
    found = rows(engine, CASE)
    assert [(row["rank"], row["regimen_id"]) for row in found] == [
        (option["rank"], option["regimen_id"]) for option in answer["options"]
    ]
    assert {tuple(row) for row in found} == {COLUMNS}
    assert {(row["line"], row["case_id"], row["recommendation_id"]) for row in found} == {
        (7, "A", answer["recommendation_id"])
    }
    assert all(row["error"] is None for row in found)


def test_every_sentence_is_there_with_its_sources(engine: Engine):
    answer = orjson.loads(engine.recommend_bytes(CASE).body)
    for row, option in zip(rows(engine, CASE), answer["options"], strict=True):
        for sentence in option["rationale"]:
            assert f"{sentence['text']} [{'; '.join(sentence['citations'])}]" in row["rationale"]


def test_a_refused_case_has_one_row_that_says_why(engine: Engine):
    (row,) = rows(engine, b'{"case_id":"B","driver":{"gene":"EGFR"}}')
    assert row["case_id"] == "B"
    assert row["rank"] is None
    assert row["error"].startswith("urn:tki:problem:invalid-case: /driver/gene: must be 'ALK' or 'ROS1'")


def test_what_is_no_case_has_one_row_too(engine: Engine):
    for content in (b"", b"nonsense", b"[]", b'{"case_id": 7}', b"\xff"):
        (row,) = rows(engine, content)
        assert row["case_id"] is None
        assert row["error"]
