"""A line without a stop reason, when something after it tells what became of it."""

from __future__ import annotations

import json
from typing import Any

from app.service import Engine


def _read(engine: Engine, *treatments: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = json.dumps({"driver": {"gene": "ALK"}, "treatments": treatments, **more}).encode()
    answer: dict[str, Any] = json.loads(engine.recommend_bytes(body).body)
    return answer


def test_a_later_line_that_progressed_shows_that_the_drug_did_not_hold(engine: Engine) -> None:
    """Alectinib without a reason, then chemotherapy that failed: alectinib is not offered again, and the answer says why."""
    answer = _read(engine, {"drugs": "alectinib"}, {"drugs": "chemotherapy", "stop_reason": "progression"})

    assert answer["interpretation"]["setting"] == "after_second_generation"
    assert "stop_reason_assumed" in [one["code"] for one in answer["warnings"]]
    assert "alectinib" in [one["regimen_id"] for one in answer["not_recommended"]]


def test_a_last_line_without_a_reason_is_ongoing(engine: Engine) -> None:
    """Nothing after it, no end: nothing failed."""
    answer = _read(engine, {"drugs": "alectinib"})

    assert answer["interpretation"]["setting"] == "tki_naive"
    assert answer["interpretation"]["resistance"] == "none_yet"


def test_a_test_that_cannot_see_the_driver_finds_nothing_out(engine: Engine) -> None:
    """An assay that does not cover the driver gene leaves resistance not assessable, not absent."""
    sample = {"findings": ["KRAS G13R"], "assay": {"genes_covered": ["KRAS", "EGFR"]}}
    answer = _read(engine, {"drugs": "alectinib", "stop_reason": "progression"}, samples=[sample])

    assert answer["interpretation"]["resistance"] != "none_detected"
    assert "not_covered" in [one["code"] for one in answer["interpretation"]["flags"]]
