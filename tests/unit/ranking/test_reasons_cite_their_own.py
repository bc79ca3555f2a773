"""A reason cites what it rests on: the guidance that names the better drug, the approvals on record, the policy of the setting."""

from __future__ import annotations

import json
from typing import Any

from app.service import Engine


def _reasons(engine: Engine, case: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    answer = json.loads(engine.recommend_bytes(json.dumps(case).encode()).body)
    return {one["regimen_id"]: one["reasons"] for one in answer["not_recommended"]}


def test_a_drug_without_licence_is_beaten_by_none(engine: Engine) -> None:
    """It has no support here: neither a better inhibitor nor chemotherapy for transformed tumours is the reason."""
    (reason,) = _reasons(engine, {"driver": {"gene": "ROS1"}})["cabozantinib"]

    assert reason["code"] == "no_rationale"
    assert "etoposide" not in reason["text"]
    assert "asco-2022" not in reason["citations"]


def test_a_missing_approval_cites_the_approvals_on_record(engine: Engine) -> None:
    """That a drug is not approved in one place is read from where it is."""
    (reason,) = _reasons(engine, {"driver": {"gene": "ALK"}, "jurisdiction": "US"})["iruplinalkib"]
    recorded = {one.citation for one in engine.index().drugs["iruplinalkib"].approvals}

    assert reason["code"] == "not_approved"
    assert set(reason["citations"]) == recorded


def test_a_switch_without_support_cites_the_setting_of_its_own_gene(engine: Engine) -> None:
    """The reason after an ALK inhibitor does not rest on a ROS1 series."""
    case = {"driver": {"gene": "ALK"}, "treatments": [{"drugs": "alectinib", "stop_reason": "progression"}]}
    (reason,) = _reasons(engine, case)["crizotinib"]

    assert "lin-2021" not in reason["citations"]
