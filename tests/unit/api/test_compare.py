"""The compare route: two releases, defaults, overlays, refusals; and that it leaves the event loop free."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from app.wire.compare import ComparisonAnswer
from tests.support.http import serving
from tests.support.knowledge import effect, failed, guidance, sample, seen
from tests.support.sides import serving_both, side, without

PATH = "/v1/recommendations/compare"
RESISTANT, WORKS, FAILS = seen("resistant"), seen("sensitive"), seen("resistant", "trial", "B")
ADVISED = guidance("after_second_generation", gammatinib="preferred", chemotherapy="recommended")
RELAPSE = {"driver": {"gene": "ALK"}, "treatments": [failed("betatinib")], "samples": [sample("ALK p.G11R")]}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    before = side(effect("p.G11R", betatinib=[RESISTANT], gammatinib=[WORKS]), ADVISED)
    after = side(effect("p.G11R", betatinib=[RESISTANT], gammatinib=[WORKS, FAILS]), ADVISED, version="2026.2.0")
    with serving(serving_both(before, after)) as client:
        yield client


def post(client: TestClient, **body: Any) -> Any:
    return client.post(PATH, json={"case": RELAPSE, **body})


def overlay(*regimens: str, name: str = "here") -> dict[str, Any]:
    return {"name": name, "formularies": [without(*regimens)]}


def versions(answer: Any) -> tuple[str, str]:
    found = answer.json()
    return found["from"]["knowledge"]["version"], found["to"]["knowledge"]["version"]


def test_the_default_is_the_release_before_and_the_newest(client: TestClient) -> None:
    answer = post(client)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert versions(answer) == ("2026.1.0", "2026.2.0")
    ComparisonAnswer.model_validate(answer.json())
    first = answer.json()["changes"][0]
    assert first["because"][0]["record"] == "effect:ALK:p.G11R"


def test_both_sides_are_the_answers_of_the_other_route(client: TestClient) -> None:
    found = post(client).json()
    for key in ("from", "to"):
        version = found[key]["knowledge"]["version"]
        single = client.post("/v1/recommendations", json={**RELAPSE, "knowledge_version": version}).json()
        assert single["recommendation_id"] == found[key]["recommendation_id"]
        places = {one["regimen_id"]: one["rank"] for one in single["options"]}
        state = {"from": "before", "to": "after"}[key]
        assert all(one[state]["rank"] == places.get(one["regimen_id"]) for one in found["changes"])


def test_the_case_s_own_version_is_where_it_starts(client: TestClient) -> None:
    stored = {**RELAPSE, "knowledge_version": "2026.2.0"}
    assert versions(client.post(PATH, json={"case": stored})) == ("2026.2.0", "2026.2.0")
    assert versions(client.post(PATH, json={"case": stored, "from": "2026.1.0"})) == ("2026.1.0", "2026.2.0")
    assert versions(post(client, to="2026.1.0")) == ("2026.1.0", "2026.1.0")
    assert versions(post(client, **{"from": "2026.2.0", "to": "2026.1.0"})) == ("2026.2.0", "2026.1.0")


def test_the_overlay_lies_over_the_other_side_of_one_release(client: TestClient) -> None:
    answer = post(client, overlay=overlay("chemotherapy"))
    assert versions(answer) == ("2026.2.0", "2026.2.0")
    found = answer.json()
    assert "overlay" not in found["from"]["knowledge"]
    assert found["to"]["knowledge"]["overlay"]["name"] == "here"
    assert [one["cause"] for one in found["changes"] if not one["shifted_only"]] == ["overlay"]


def test_facts_and_overlay_are_told_apart(client: TestClient) -> None:
    found = post(client, **{"from": "2026.1.0", "overlay": overlay("chemotherapy")}).json()
    causes = {one["regimen_id"]: one["cause"] for one in found["changes"]}
    assert causes["chemotherapy"] == "overlay"
    assert causes["gammatinib"] == "single_facts"


@pytest.mark.parametrize("key", ["from", "to"])
def test_an_unknown_version_is_a_404_that_names_the_loaded_ones(client: TestClient, key: str) -> None:
    answer = post(client, **{key: "2025.1.0"})
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:tki:problem:unknown-knowledge-version"
    assert "2026.1.0, 2026.2.0" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ({"cases": []}, "/cases", "did you mean 'case'"),
        ({"case": {"driver": {"gene": "EGFR"}}}, "/case/driver/gene", "'ALK' or 'ROS1'"),
        ({"case": {**RELAPSE, "treatment": []}}, "/case/treatment", "did you mean 'treatments'"),
        ({"case": {**RELAPSE, "treatments": [failed("gamatinib")]}}, "/case/treatments/0/drugs/0", "under 2026.1.0"),
        ({"overlay": overlay("gamatinib")}, "/overlay/formularies/0/unavailable/0/regimen", "not known"),
        ({"overlay": overlay("gammatinib", name="Not A Name")}, "/overlay/name", "must match"),
        ({"overlay": {"name": "here", "formularies": [], "effects": []}}, "/overlay/effects", "unknown field"),
    ],
)
def test_refusals_name_the_place(client: TestClient, body: dict[str, Any], pointer: str, says: str) -> None:
    answer = post(client, **body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["type"] == "urn:tki:problem:invalid-request"
    errors = {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
    assert says in errors[pointer], errors


def test_the_language_is_that_of_the_sentences(client: TestClient) -> None:
    body = {"case": RELAPSE, "overlay": overlay("gammatinib")}
    answer = client.post(PATH, json=body, headers={"accept-language": "zh-CN"})
    assert answer.json()["disclaimer"] != post(client).json()["disclaimer"]
