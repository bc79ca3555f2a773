"""What every request passes: ids, headers, problems, logs, metrics."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from starlette.testclient import TestClient

from app.knowledge.loader import load_tree
from app.knowledge.release import freeze
from app.settings import Settings
from app.startup import Loaded, load
from tests.support.http import CASE, serving
from tests.trees import small_tree


class FailingEngine:
    """Fails as no engine should, with words that must not get out."""

    def __init__(self, engine):
        self.engine = engine

    def index(self, version=None):
        return self.engine.index(version)

    def recommend_bytes(self, body, accept_language=None):
        raise RuntimeError("Jane Doe 1950")


@pytest.fixture
def failing(real: Loaded):
    with serving(Loaded(FailingEngine(real.engine), real.catalogue)) as client:
        yield client


def lines(output: str) -> list[dict]:
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_the_callers_request_id_and_trace_come_back(client: TestClient):
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    for path in ("/healthz", "/nope"):
        answer = client.get(path, headers={"X-Request-ID": "abc-1", "traceparent": trace})
        assert answer.headers["x-request-id"] == "abc-1"
        assert answer.headers["traceparent"] == trace


@pytest.mark.parametrize("given", ["", "a b", "x" * 129, 'a"b'])
def test_a_request_id_of_the_wrong_form_is_replaced(client: TestClient, given):
    answer = client.get("/healthz", headers={"X-Request-ID": given, "traceparent": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])
    assert "traceparent" not in answer.headers


@pytest.mark.parametrize("path", ["/healthz", "/nope", "/v1/drugs", "/docs"])
def test_security_headers_are_on_every_answer(client: TestClient, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] in {"no-store", "max-age=300"}


def test_answers_to_cases_are_never_stored(client: TestClient):
    answer = client.post("/v1/recommendations", json=CASE)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get_list("cache-control") == ["no-store"]


def test_problems_carry_what_rfc_9457_asks_for(client: TestClient):
    answer = client.get("/nope", headers={"X-Request-ID": "abc"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:tki:problem:unknown-route",
        "title": "There is nothing at this path",
        "status": 404,
        "detail": "There is nothing at this path; /docs lists what there is.",
        "instance": "/nope",
        "request_id": "abc",
    }


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [("GET", "/v1/recommendations", "POST"), ("DELETE", "/v1/drugs", "GET"), ("POST", "/healthz", "GET")],
)
def test_a_wrong_method_is_told_the_right_one(client: TestClient, method, path, allow):
    answer = client.request(method, path)
    assert answer.status_code == 405
    assert answer.headers["allow"] == allow
    assert answer.json()["type"].endswith("method-not-allowed")


def test_head_is_answered_like_get_without_a_body(client: TestClient):
    answer = client.head("/v1/drugs")
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) > 100


def test_a_failure_inside_is_a_problem_that_tells_nothing(failing: TestClient, caplog, capsys):
    answer = failing.post("/v1/recommendations", json=CASE, headers={"X-Request-ID": "abc"})
    assert answer.status_code == 500
    assert answer.json()["type"] == "urn:tki:problem:internal-error"
    assert "abc" in answer.json()["detail"]
    assert "Jane" not in answer.text
    assert caplog.records[-1].fields == {"request_id": "abc", "path": "/v1/recommendations"}


def test_a_release_that_was_changed_after_the_start_is_named_in_the_log_and_not_served(tmp_path, caplog):
    root = small_tree(tmp_path / "knowledge")
    for version in ("2026.11.0", "2026.11.1"):
        freeze(load_tree(root), version, dt.date(2026, 11, 30), root, curated_by="a curator")
        doe = (root / "citations" / "doe-2020.yaml").read_text(encoding="utf-8")
        (root / "citations" / "roe-2021.yaml").write_text(doe.replace("doe-2020", "roe-2021"), encoding="utf-8")
    with serving(load(Settings(knowledge_dir=root))) as client:
        bundle = root / "releases" / "2026.11.0" / "bundle.json"
        bundle.write_bytes(bundle.read_bytes() + b" ")
        for path in ("/v1/drugs", "/v1/knowledge/releases/2026.11.0/diff/2026.11.1"):
            answer = client.get(path, params={"knowledge_version": "2026.11.0"} if path == "/v1/drugs" else None)
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json"), (
                answer.text
            )
        case = {**CASE, "knowledge_version": "2026.11.0"}
        assert client.post("/v1/recommendations", json=case).status_code == 503
        line = client.post("/v1/recommendations/batch", json=case, headers={"Content-Type": "application/x-ndjson"})
        assert line.json()["problem"]["status"] == 503
        assert "the file was changed" in caplog.text
        listed = client.get("/v1/knowledge/releases").json()["releases"]
        assert [one["version"] for one in listed] == ["2026.11.1", "2026.11.0"]
        assert all(one["records"] for one in listed)


def test_before_the_knowledge_is_loaded_cases_are_refused(real: Loaded):
    from app.main import create_app

    client = TestClient(create_app(Settings(access_log=False), lambda _: real))  # no start-up
    for answer in (client.get("/readyz"), client.post("/v1/recommendations", json=CASE), client.get("/v1/drugs")):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "1"
    assert client.get("/healthz").status_code == 200


def test_the_access_log_holds_the_template_and_nothing_of_the_case(real: Loaded, capsys):
    with serving(real) as client:
        client.post(
            "/v1/recommendations", json={**CASE, "case_id": "SECRET-1"}, headers={"X-Request-ID": "logged-here"}
        )
        client.get(
            "/v1/genes/ALK/variants/p.G1202R?knowledge_version=SECRET-2", headers={"X-Request-ID": "logged-here"}
        )
        client.get("/SECRET-3", headers={"X-Request-ID": "logged-here"})
    output = capsys.readouterr().out
    logged = [line for line in lines(output) if line.get("request_id") == "logged-here"]
    assert [(line["method"], line["path"], line["status"]) for line in logged] == [
        ("POST", "/v1/recommendations", 200),
        ("GET", "/v1/genes/{gene}/variants/{protein_change}", 404),
        ("GET", "unmatched", 404),
    ]
    assert {line["logger"] for line in logged} == {"tki.access"}
    assert logged[0]["duration_ms"] > 0
    assert "SECRET" not in output


def test_the_access_log_can_be_switched_off(real: Loaded, capsys):
    with serving(real, Settings(access_log=False)) as client:
        client.get("/healthz", headers={"X-Request-ID": "unlogged"})
    assert "unlogged" not in capsys.readouterr().out
