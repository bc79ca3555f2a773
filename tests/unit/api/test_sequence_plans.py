"""The sequence-plan route."""

from __future__ import annotations

from starlette.testclient import TestClient

from app.wire.plans import SequencePlans

PATH = "/v1/sequence-plans"


def test_every_tki_option_has_a_plan_in_the_order_of_the_recommendation(client: TestClient) -> None:
    case = {"driver": {"gene": "ALK"}, "case_id": "A"}
    plans = client.post(PATH, json=case)
    assert plans.status_code == 200
    assert plans.headers["etag"].startswith('"sha256:')
    found = SequencePlans.model_validate(plans.json())
    told = client.post("/v1/recommendations", json=case).json()
    assert [one.regimen_id for one in found.plans] == [
        one["regimen_id"] for one in told["options"] if one["kind"] == "tki"
    ]
    assert [one.rank for one in found.plans] == [one["rank"] for one in told["options"] if one["kind"] == "tki"]
    assert (found.recommendation_id, found.case_id) == (told["recommendation_id"], "A")
    assert found.interpretation.setting == "tki_naive"


def test_a_drug_without_a_cohort_says_unknown(client: TestClient) -> None:
    found = client.post(PATH, json={"driver": {"gene": "ALK"}}).json()
    blank = [one for one in found["plans"] if one["futures"][0]["alteration"] == "unknown"]
    assert blank
    for one in blank:
        assert one["share_with_active_option"] is one["share_not_known"] is one["burns_bridges"] is None
        assert one["futures"][0]["probability"] is None
        assert one["sentences"][0]["rule"] == "plan_unknown"


def test_the_same_case_gives_the_same_bytes(client: TestClient) -> None:
    case = {"driver": {"gene": "ROS1"}}
    assert client.post(PATH, json=case).content == client.post(PATH, json=case).content


def test_sentences_come_in_chinese(client: TestClient) -> None:
    found = client.post(PATH, json={"driver": {"gene": "ALK"}, "language": "zh-CN"}).json()
    assert all("：" in one["sentences"][0]["text"] for one in found["plans"])


def test_refusals(client: TestClient) -> None:
    assert client.post(PATH, json={"driver": {"gene": "EGFR"}}).json()["type"] == "urn:tki:problem:invalid-case"
    answer = client.post(PATH, json={"driver": {"gene": "ALK"}, "knowledge_version": "2020.1.0"})
    assert answer.status_code == 404
    assert "loaded: " in answer.json()["detail"]
    assert client.post(PATH, content=b"{", headers={"content-type": "application/json"}).status_code == 400
