"""The service's own sentences."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.knowledge.records.base import Model, Record


class Notice(Model):
    """A sentence of the service (flag, reason, next test, warning) with its sources.

    ``text`` may hold ``{placeholders}``; each code's placeholders are listed in ``knowledge/README.md``.
    """

    code: str
    text: str
    text_zh: str
    citations: tuple[str, ...]
    note: str | None = None


class NoticesRecord(Record):
    """All notices of one kind."""

    kind: Literal["flag", "reason", "next_test", "warning", "rationale", "criterion", "disclaimer", "word"]
    """``word``: a word or phrase that fills a placeholder; it claims nothing and needs no citation."""
    notices: tuple[Notice, ...] = Field(min_length=1)
