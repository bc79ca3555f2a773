"""The browse routes: drugs, evidence, citations, releases, variants."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


def get(client: TestClient, path: str, **query):
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_drugs_are_listed_by_gene(client: TestClient):
    every = {drug["id"] for drug in get(client, "/v1/drugs")["drugs"]}
    ros1 = {drug["id"] for drug in get(client, "/v1/drugs", gene="ROS1")["drugs"]}
    assert "repotrectinib" in ros1 < every
    assert "alectinib" in every - ros1


@pytest.mark.parametrize("name", ["lorlatinib", "Lorbrena", "PF-06463922", "洛拉替尼"])
def test_a_drug_is_found_by_any_of_its_names(client: TestClient, name):
    drug = get(client, f"/v1/drugs/{name}")
    assert drug["id"] == "lorlatinib"
    assert all(approval["citation"] in drug["citations"] for approval in drug["approvals"])
    assert all(caution["citation"] in drug["citations"] for caution in drug["cautions"])


def test_a_misspelt_drug_is_not_found_and_the_near_one_named(client: TestClient):
    answer = client.get("/v1/drugs/lorlatnib")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:tki:problem:unknown-record"
    assert "lorlatinib" in answer.json()["detail"]


def test_evidence_is_filtered_and_cited(client: TestClient):
    found = get(client, "/v1/evidence", gene="ALK", variant="G1202R", drug="Lorbrena", limit=500)
    assert found["total"] == len(found["evidence"]) > 0
    for row in found["evidence"]:
        assert row["gene"] == "ALK"
        assert "p.G1202R" in row["variant"]
        assert row["regimen_id"] == "lorlatinib"
        assert row["citation"] in found["citations"]


def test_evidence_comes_in_pages_that_join_without_gap(client: TestClient):
    whole = [row["id"] for row in get(client, "/v1/evidence", variant="p.G1202R", limit=500)["evidence"]]
    seen, query = [], {"variant": "p.G1202R", "limit": 7}
    while True:
        answer = client.get("/v1/evidence", params=query)
        seen += [row["id"] for row in answer.json()["evidence"]]
        if "next_cursor" not in answer.json():
            break
        assert 'rel="next"' in answer.headers["link"]
        query["cursor"] = answer.json()["next_cursor"]
    assert seen == whole
    assert "link" not in answer.headers


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 501}, {"cursor": "x"}, {"gene": "EGFR"}])
def test_wrong_parameters_are_refused(client: TestClient, query):
    answer = client.get("/v1/evidence", params=query)
    assert answer.status_code == 422
    assert next(iter(query)) in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"variant": "nonsense"}, "not a protein change"),
        ({"variant": "MET amplificaton"}, "did you mean 'MET amplification'"),
        ({"variant": "after_crizotinb", "gene": "ROS1"}, "did you mean 'after_crizotinib'?"),
        ({"variant": "p.A1202R", "gene": "ALK"}, "G at position 1202"),
        ({"variant": "p.A1202R"}, "G at position 1202"),
        ({"variant": "p.C1156Y+p.A1198F", "gene": "ALK"}, "L at position 1198"),
        ({"variant": "NM_000000.1:p.G1202R", "gene": "ALK"}, "NM_000000"),
        ({"variant": "+"}, "not a protein change"),
    ],
)
def test_a_variant_that_cannot_be_meant_is_refused_with_its_cure(client: TestClient, query, says):
    answer = client.get("/v1/evidence", params=query)
    assert answer.status_code == 422
    assert answer.json()["type"] == "urn:tki:problem:invalid-request"
    assert says in answer.json()["detail"]


@pytest.mark.parametrize("variant", ["p.G1202W", "after_crizotinib"])
def test_a_variant_that_nobody_studied_gives_an_empty_list(client: TestClient, variant):
    assert get(client, "/v1/evidence", gene="ALK", variant=variant)["total"] == 0


@pytest.mark.parametrize("variant", ["met AMPLIFICATION", "p.C1156Y+p.L1198F", "L1198F + C1156Y", "p.Gly1202Arg"])
def test_a_variant_is_found_as_answers_write_it_and_in_other_forms(client: TestClient, variant):
    assert get(client, "/v1/evidence", gene="ALK", variant=variant)["total"] > 0


def test_a_citation_resolves_or_names_the_nearest(client: TestClient):
    citation = get(client, "/v1/citations/gainor-2016")["citation"]
    assert citation["pmid"] == "27432227"
    answer = client.get("/v1/citations/gainor-2061")
    assert answer.status_code == 404
    assert "gainor-2016" in answer.json()["detail"]


def test_releases_are_listed_shown_and_compared(client: TestClient):
    listed = get(client, "/v1/knowledge/releases")
    version = listed["default"]
    assert listed["releases"][0]["version"] == version
    assert get(client, f"/v1/knowledge/releases/{version}")["loaded"] is True
    assert get(client, f"/v1/knowledge/releases/{version}/diff/{version}")["changes"] == []
    assert client.get("/v1/knowledge/releases/1999.1.0").status_code == 404
    assert client.get(f"/v1/knowledge/releases/{version}/diff/1999.1.0").status_code == 404


def test_catalogues_carry_an_etag_and_spare_a_second_transfer(client: TestClient):
    for path in ("/v1/drugs", "/v1/genes/ALK/variants/p.G1202R", "/v1/knowledge/releases"):
        first = client.get(path)
        assert first.headers["cache-control"] == "max-age=300"
        again = client.get(path, headers={"If-None-Match": f'W/{first.headers["etag"]}, "other"'})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_variant_shows_every_tki_of_its_gene(client: TestClient):
    one = get(client, "/v1/genes/ALK/variants/NP_004295.2:p.Gly1202Arg")
    assert one["protein_change"] == "p.G1202R"
    assert one["known"] is True
    tkis = {drug["id"] for drug in get(client, "/v1/drugs", gene="ALK")["drugs"]}
    assert {effect["regimen_id"] for effect in one["effects"]} == tkis
    for effect in one["effects"]:
        for item in effect["evidence"]:
            assert set(item["citations"]) <= set(one["citations"])


def test_a_wrong_residue_or_gene_is_refused(client: TestClient):
    wrong = client.get("/v1/genes/ALK/variants/p.A1202R")
    assert wrong.status_code == 422
    assert "G at position 1202" in wrong.json()["detail"]
    assert client.get("/v1/genes/EGFR/variants/p.L858R").status_code == 404


def test_several_changes_in_the_path_are_sent_to_the_route_for_them(client: TestClient):
    answer = client.get("/v1/genes/ALK/variants/L1196M+G1202R")
    assert answer.status_code == 422
    assert "POST /v1/variants/interpret" in answer.json()["detail"]


def test_a_number_in_words_is_told_to_be_a_number(client: TestClient):
    answer = client.get("/v1/evidence", params={"limit": "ten"})
    assert answer.json()["detail"] == "query parameter 'limit': must be a whole number."


def test_several_changes_are_read_together(client: TestClient):
    body = {"gene": "ALK", "protein_changes": ["L1198F", "p.Cys1156Tyr"], "phase": "cis"}
    found = client.post("/v1/variants/interpret", json=body).json()
    assert found["protein_changes"] == ["p.C1156Y", "p.L1198F"]
    effects = {effect["regimen_id"]: effect["activity"] for effect in found["effects"]}
    assert (effects["lorlatinib"], effects["crizotinib"]) == ("resistant", "sensitive")


def test_a_variant_query_of_the_wrong_shape_is_refused_with_its_pointer(client: TestClient):
    shape = client.post("/v1/variants/interpret", json={"gene": "ALK", "protein_change": "p.G1202R"}).json()
    sense = client.post("/v1/variants/interpret", json={"gene": "ALK", "protein_changes": ["p.A1202R"]}).json()
    assert {error["pointer"] for error in shape["errors"]} == {"/protein_changes", "/protein_change"}
    assert sense["errors"][0]["pointer"] == "/protein_changes/0"
    assert shape["type"] == sense["type"] == "urn:tki:problem:invalid-request"
