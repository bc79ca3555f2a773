"""One partition of a cohort in, its answers out: pure, and known to no scheduler. ``docs/cohort.md`` maps it to engines.

The input has a column ``case`` with each case as JSON; ``keep`` names columns to carry over to every row of its answer.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import lru_cache

import pandas as pd

from app.api.lines import Limits, answer_line
from app.basis import Basis, basis_of, engine_of
from app.batch.lines import Line
from app.batch.rows import COLUMNS, INTEGERS, Row, rows_of
from app.batch.sources import CASE_COLUMN
from app.service import Engine
from app.settings import Settings

ANSWER_COLUMNS = tuple(name for name in COLUMNS if name != "line")
"""A partition does not know where it stands in the whole, so there are no line numbers; keep an id column instead."""
_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Question:
    """What every partition is asked, the same on all machines. Small and picklable."""

    basis: Basis
    """A machine that holds another knowledge or engine refuses to answer."""
    language: str | None = None
    keep: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


def question_of(settings: Settings, language: str | None = None, keep: tuple[str, ...] = ()) -> Question:
    """The question as this machine would answer it."""
    limits = Limits(settings.batch_max_line_bytes, settings.max_json_depth)
    return Question(basis_of(settings), language, keep, limits)


def answer_frame(frame: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The answers to a partition: a row per option, in the order of the cases."""
    with _LOCK:  # the engine is of one thread; more of them would not be faster
        engine = _engine(question.basis)
        rows: list[Row] = []
        for number, (text, *kept) in enumerate(
            frame[[CASE_COLUMN, *question.keep]].itertuples(index=False, name=None), start=1
        ):
            content = text.strip().encode() if isinstance(text, str) else b""
            too_long = len(content) > question.limits.max_line_bytes
            line = Line(number, b"" if too_long else content, too_long=too_long)
            answer = answer_line(line, engine, question.language, question.limits).body
            carried = dict(zip(question.keep, kept, strict=True))
            rows += [row | carried for row in rows_of(number, content, answer)]
    return _frame(rows, frame.dtypes, question.keep)


def empty_answer(types: pd.Series, keep: tuple[str, ...]) -> pd.DataFrame:
    """No rows, with the columns and types of an answer to an input of these ``types``."""
    return _frame([], types, keep)


def _frame(rows: list[Row], types: pd.Series, keep: tuple[str, ...]) -> pd.DataFrame:
    made = {name: pd.Series([row[name] for row in rows], dtype=types[name]) for name in keep}
    for name in ANSWER_COLUMNS:
        made[name] = pd.Series([row[name] for row in rows], dtype="Int64" if name in INTEGERS else "string")
    return pd.DataFrame(made)


@lru_cache(maxsize=2)
def _engine(basis: Basis) -> Engine:
    """Loaded once in each process."""
    return engine_of(basis)
