"""``POST /v1/recommendations``: what goes in and out of the hot route."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.settings import Settings
from app.startup import Loaded
from app.wire.case import CASE_EXAMPLE
from tests.support.http import CASE, serving

PATH = "/v1/recommendations"


def test_a_case_is_answered_with_its_recommendation(client: TestClient):
    answer = client.post(PATH, json=CASE_EXAMPLE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert answer.headers["etag"] == f'"{body["recommendation_id"]}"'
    assert body["options"][0]["rank"] == 1
    assert body["case_id"] == CASE_EXAMPLE["case_id"]


def test_the_same_case_gets_the_same_bytes(client: TestClient):
    assert client.post(PATH, json=CASE_EXAMPLE).content == client.post(PATH, json=CASE_EXAMPLE).content


def test_the_language_header_stands_when_the_case_names_none(client: TestClient):
    chinese = client.post(PATH, json=CASE, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert chinese.json()["disclaimer"] != client.post(PATH, json=CASE).json()["disclaimer"]
    assert chinese.headers["vary"] == "accept-language"


def test_shape_and_sense_are_both_invalid_cases_with_pointers(client: TestClient):
    shape = client.post(PATH, json={**CASE, "treatment": []})
    sense = client.post(PATH, json={**CASE, "treatments": [{"drugs": "lorlatnib"}]})
    for answer, pointer in ((shape, "/treatment"), (sense, "/treatments/0/drugs")):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:tki:problem:invalid-case"
        assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert "lorlatinib" in sense.json()["errors"][0]["detail"]


def test_an_unknown_release_is_not_found_and_the_loaded_ones_are_named(client: TestClient):
    answer = client.post(PATH, json={**CASE, "knowledge_version": "1999.1.0"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:tki:problem:unknown-knowledge-version"
    assert "working" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b'{"driver":', 400, "invalid-json"),
        (b"[" * 40 + b"]" * 40, 400, "json-too-deep"),
        (b'{"driver":{"gene":"ALK"},"driver":{"gene":"ROS1"}}', 400, "duplicate-key"),
        (b" " * 2000, 413, "body-too-large"),
    ],
)
def test_bodies_outside_the_limits_are_refused(real: Loaded, content, status, slug):
    with serving(real, Settings(max_body_bytes=1024)) as client:
        answer = client.post(PATH, content=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:tki:problem:{slug}")


def test_media_types_are_minded(client: TestClient):
    assert client.post(PATH, data={"a": "b"}).status_code == 415
    assert client.post(PATH, json=CASE, headers={"Accept": "text/html"}).status_code == 406
