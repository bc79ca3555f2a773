"""One partition of a cohort: the same answers as a batch, and no answer from a machine that has drifted."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from app.basis import DriftError
from app.batch.rows import rows_of
from app.cohort.partition import ANSWER_COLUMNS, Question, answer_frame, empty_answer, question_of
from app.settings import Settings
from tests.support.batches import cases


@pytest.fixture(scope="module")
def question() -> Question:
    return question_of(Settings(knowledge_release="working"), keep=("patient",))


def frame(count: int) -> pd.DataFrame:
    return pd.DataFrame({"patient": range(count), "case": [case.decode() for case in cases(count)]})


def test_partitions_do_not_matter(question: Question):
    whole = frame(60)
    parts = [answer_frame(whole.iloc[begin : begin + 7], question) for begin in range(0, 60, 7)]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), answer_frame(whole, question))


def test_every_case_has_rows_and_its_kept_column(question: Question):
    answers = answer_frame(frame(60), question)
    assert list(answers.columns) == ["patient", *ANSWER_COLUMNS]
    assert answers["patient"].drop_duplicates().tolist() == list(range(60))
    assert answers["error"].notna().sum() >= 6


def test_missing_and_long_cases_are_problems(question: Question):
    long = "x" * (question.limits.max_line_bytes + 1)
    answers = answer_frame(pd.DataFrame({"patient": [1, 2, 3], "case": [None, "", long]}), question)
    assert answers["error"].notna().all()
    assert len(answers) == 3


def test_no_rows_have_the_same_form(question: Question):
    given = frame(3)
    empty = empty_answer(given.dtypes, question.keep)
    assert empty.dtypes.equals(answer_frame(given, question).dtypes)
    assert answer_frame(given.iloc[:0], question).dtypes.equals(empty.dtypes)


def test_a_machine_with_another_knowledge_refuses(question: Question):
    for other in ({"releases": (("working", "sha256:other"),)}, {"engine_version": "0.0.1"}, {"overlay": "sha256:x"}):
        basis = dataclasses.replace(question.basis, **other)
        with pytest.raises(DriftError, match="install the same version"):
            answer_frame(frame(1), dataclasses.replace(question, basis=basis))


def test_rows_are_those_of_a_batch():
    assert rows_of(1, b"", b'{"line":1,"problem":{"type":"t","detail":"d"}}')[0]["error"] == "t: d"
