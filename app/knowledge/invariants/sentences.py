"""The service's own sentences can be filled, are cited, and read well."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.records import Sourced

PLACEHOLDERS = frozenset(
    {
        *("alteration", "alterations", "better", "caution", "code", "date", "days", "gene", "histology", "interval"),
        *("jurisdiction", "known", "lines", "name", "period", "regimen", "regimens", "released", "samples", "sites"),
        *("drug", "ecog", "share", "specimens", "stage", "state", "unknown", "variant", "why"),
    }
)
"""What the service can fill into its own sentences."""
_CLAIMLESS = frozenset({"disclaimer", "word"})
LONGEST_SUMMARY = 400
"""Characters of a summary; a longer one is more than one fact."""


def placeholders_are_known(facts: Facts) -> Iterator[Complaint]:
    """A notice holds only placeholders that the service can fill, the same in every language."""
    for record in facts.records.notices:
        for position, notice in enumerate(record.notices):
            try:
                english, chinese = _placeholders(notice.text), _placeholders(notice.text_zh)
            except ValueError as error:
                yield facts.complain(
                    record,
                    ("notices", position, "text"),
                    f"{notice.code}: {error}",
                    "write {name}; nothing else in braces",
                )
                continue
            for name in sorted((english | chinese) - PLACEHOLDERS):
                what = f"{notice.code}: placeholder {name!r} is not known"
                yield facts.complain(
                    record, ("notices", position, "text"), what, f"known ones: {', '.join(sorted(PLACEHOLDERS))}"
                )
            if english != chinese:
                what = f"{notice.code}: text and text_zh differ in {', '.join(sorted(english ^ chinese))}"
                yield facts.complain(
                    record, ("notices", position, "text_zh"), what, "use the same placeholders in both"
                )


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def notices_are_cited(facts: Facts) -> Iterator[Complaint]:
    """Every notice that claims something names its source; disclaimers and words claim nothing."""
    for record in facts.records.notices:
        for position, notice in enumerate(record.notices):
            if not notice.citations and record.kind not in _CLAIMLESS:
                yield facts.complain(
                    record, ("notices", position), f"{notice.code} cites nothing", "name at least one citation"
                )


def summaries_are_sentences(facts: Facts) -> Iterator[Complaint]:
    """A summary is a sentence of at most 400 characters that ends with a full stop."""
    for record, at, one in facts.every(Sourced):
        for key, text, stops in (("summary", one.summary, "."), ("summary_zh", one.summary_zh, "。")):
            if text is None:
                continue
            if not text.endswith(tuple(stops)):
                yield facts.complain(
                    record, (*at, key), f"{key} does not end with a full stop", f"end it with {stops!r}"
                )
            if text != text.strip() or "\n" in text:
                yield facts.complain(
                    record, (*at, key), f"{key} holds a line break or blanks at its ends", "write it on one line"
                )
            if len(text) > LONGEST_SUMMARY:
                what = f"{key} has {len(text)} characters, more than {LONGEST_SUMMARY}"
                yield facts.complain(record, (*at, key), what, "say one fact, or split the item")


_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_PROTEIN_CHANGE = re.compile(r"(?<![A-Za-z0-9])[A-Z]\d{2,4}(?:[A-Z]|del|dup|ins)(?![A-Za-z0-9])")


def translations_keep_what_was_read(facts: Facts) -> Iterator[Complaint]:
    """Every figure and every protein change of a sentence stands in its translation as well."""
    for record, at, one in facts.every(Sourced):
        if one.summary_zh is None:
            continue
        for pattern in (_FIGURE, _PROTEIN_CHANGE):
            lost = sorted(set(pattern.findall(one.summary)) - set(pattern.findall(one.summary_zh)))
            if lost:
                what = f"summary_zh lacks {', '.join(lost)}"
                yield facts.complain(record, (*at, "summary_zh"), what, "translate every figure as it stands")


CHECKS = (
    placeholders_are_known,
    notices_are_cited,
    summaries_are_sentences,
    translations_keep_what_was_read,
)
