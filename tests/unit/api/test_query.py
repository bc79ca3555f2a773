"""Query parameters: what a route does not have is refused, never passed over."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from app.api.problems import ProblemError
from app.api.query import check
from tests.support.http import CASE

GETS = (
    "/v1/drugs",
    "/v1/drugs/lorlatinib",
    "/v1/evidence",
    "/v1/citations/gainor-2016",
    "/v1/knowledge/releases",
    "/v1/knowledge/releases/working",
    "/v1/knowledge/releases/working/diff/working",
    "/v1/genes/ALK/variants/p.G1202R",
)
POSTS = ("/v1/recommendations", "/v1/recommendations/compare", "/v1/sequence-plans", "/v1/variants/interpret")


@pytest.mark.parametrize("path", GETS)
def test_a_catalogue_route_refuses_a_parameter_it_does_not_have(client: TestClient, path):
    answer = client.get(path, params={"colour": "red"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:tki:problem:invalid-request"
    assert "'colour'" in answer.json()["detail"]
    assert "red" not in answer.text


@pytest.mark.parametrize("path", POSTS)
def test_a_route_with_a_body_takes_no_parameter(client: TestClient, path):
    answer = client.post(path, params={"knowledge_version": "2026.11.0"}, json=CASE)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:tki:problem:invalid-request"
    assert "'knowledge_version'" in answer.json()["detail"]
    assert "body" in answer.json()["detail"]


def test_a_batch_takes_no_parameter(client: TestClient):
    answer = client.post(
        "/v1/recommendations/batch?lang=en", content=b"{}\n", headers={"Content-Type": "application/x-ndjson"}
    )
    assert answer.status_code == 422
    assert "'lang'" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (b"vriant=G1202R", "'vriant' is not known here; did you mean 'variant'?"),
        (b"Gene=ALK", "did you mean 'gene'?"),
        (b"xyz", "known here: gene, variant."),
        (b"gene=ALK&gene=ROS1", "'gene' is given more than once; give it once."),
        (b"xyz=1&gene=ALK&gene=ROS1", "'xyz' is not known here; known here: gene, variant. query parameter 'gene'"),
        (b"&".join(b"x%d=1" % number for number in range(20)), "15 more are not listed."),
    ],
)
def test_the_near_names_are_said(query, says):
    with pytest.raises(ProblemError) as caught:
        check(query, ["gene", "variant"])
    assert says in caught.value.detail


@pytest.mark.parametrize("query", [b"", b"gene=ALK", b"variant=p.G1202R&gene=ALK"])
def test_known_parameters_pass(query):
    assert check(query, ["gene", "variant"]) is None


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"])
def test_operations_stay_lenient(client: TestClient, path):
    assert client.get(path, params={"probe": "1"}).status_code == 200


@pytest.mark.parametrize("name", ["variant", "drug", "knowledge_version"])
def test_an_empty_filter_is_refused(client: TestClient, name):
    answer = client.get("/v1/evidence", params={name: ""})
    assert answer.status_code == 422
    assert repr(name) in answer.json()["detail"]
