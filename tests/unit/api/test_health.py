"""Operations: liveness, readiness, metrics, documentation."""

from __future__ import annotations

from starlette.testclient import TestClient


def test_readiness_names_the_knowledge(client: TestClient):
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["knowledge"]["version"] in ready["knowledge_versions"]


def test_metrics_tell_requests_and_knowledge(client: TestClient):
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert 'tki_requests_total{method="GET",path="/healthz",status="200"}' in answer.text
    assert 'tki_knowledge_info{version="working"' in answer.text
    assert "process_resident_memory_bytes" in answer.text


def test_the_documentation_needs_nothing_from_elsewhere(client: TestClient):
    page = client.get("/docs")
    assert page.status_code == 200
    assert "://" not in page.text
    for asset in ("start.js", "static/swagger-ui-bundle.js", "static/swagger-ui.css", "static/favicon.png"):
        assert client.get(f"/docs/{asset}").status_code == 200
