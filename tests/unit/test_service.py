"""The engine: releases, refusals, the identity of an answer."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.errors import InvalidCase, UnknownKnowledgeVersionError, UnknownRecordError
from app.knowledge.index import KnowledgeIndex
from app.service import Engine, language_of
from tests.support.knowledge import effect, failed, guidance, knowledge, sample, seen

INDEX = knowledge(
    effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")]),
    guidance("tki_naive", betatinib="preferred"),
)


def released(version: str, index: KnowledgeIndex = INDEX) -> KnowledgeIndex:
    return dataclasses.replace(
        index, release=dataclasses.replace(index.release, version=version, digest=f"sha256:{version}")
    )


@pytest.fixture
def engine() -> Engine:
    return Engine({"2025.1.0": released("2025.1.0"), "2026.1.0": released("2026.1.0")}, "2026.1.0")


def body(**given: Any) -> bytes:
    return json.dumps({"driver": {"gene": "ALK"}, **given}, ensure_ascii=False).encode()


def test_the_default_release_answers(engine: Engine) -> None:
    assert json.loads(engine.recommend_bytes(body()).body)["knowledge"]["version"] == "2026.1.0"


def test_a_release_that_is_named_answers(engine: Engine) -> None:
    assert (
        json.loads(engine.recommend_bytes(body(knowledge_version="2025.1.0")).body)["knowledge"]["version"]
        == "2025.1.0"
    )


def test_a_release_that_is_not_loaded_is_refused_and_those_loaded_are_named(engine: Engine) -> None:
    with pytest.raises(UnknownKnowledgeVersionError) as caught:
        engine.recommend_bytes(body(knowledge_version="1999.1.0"))
    assert caught.value.available == ("2025.1.0", "2026.1.0")


@pytest.mark.parametrize(
    "given",
    [
        b"{}",
        b"[]",
        b"null",
        b"",
        b"{",
        b'{"driver": {"gene": "EGFR"}}',
        b'{"driver": {"gene": "ALK"}, "treatment": []}',
    ],
)
def test_what_is_no_case_is_refused(given: bytes, engine: Engine) -> None:
    with pytest.raises(ValidationError):
        engine.recommend_bytes(given)


@pytest.mark.parametrize("case_id", ["\\ud800", "\\udfff\\ud800"])
def test_text_that_is_no_unicode_is_refused_before_it_breaks_an_answer(case_id: str, engine: Engine) -> None:
    with pytest.raises(ValidationError):
        engine.recommend_bytes(b'{"driver": {"gene": "ALK"}, "case_id": "%s"}' % case_id.encode())


def test_a_case_that_cannot_be_understood_is_refused(engine: Engine) -> None:
    with pytest.raises(InvalidCase):
        engine.recommend_bytes(body(treatments=[failed("nonsense")]))


def test_the_same_case_is_answered_with_the_same_bytes(engine: Engine) -> None:
    given = body(treatments=[failed("betatinib")], samples=[sample("ALK G11R")])
    assert engine.recommend_bytes(given) == engine.recommend_bytes(given)


@pytest.mark.parametrize(
    "other",
    [
        {"case_id": "2"},
        {"language": "zh-CN"},
        {"jurisdiction": "US"},
        {"as_of": "2026-01-01"},
        {"knowledge_version": "2025.1.0"},
    ],
)
def test_the_identity_changes_with_the_case_and_with_the_knowledge(other: dict[str, Any], engine: Engine) -> None:
    assert engine.recommend_bytes(body()).etag != engine.recommend_bytes(body(**other)).etag


def test_the_identity_is_told_in_the_answer(engine: Engine) -> None:
    found = engine.recommend_bytes(body())
    assert json.loads(found.body)["recommendation_id"] == found.etag
    assert found.etag.startswith("sha256:")


def test_ways_of_writing_one_case_have_one_identity(engine: Engine) -> None:
    one = body(treatments=[failed("Alphix")], samples=[sample("ALK p.Gly11Arg")])
    other = body(samples=[sample("alk G11R")], treatments=[failed("阿尔法替尼")])
    assert engine.recommend_bytes(one) == engine.recommend_bytes(other)


def test_two_patients_in_one_situation_share_a_ranking_and_nothing_else(engine: Engine) -> None:
    first, second = (
        json.loads(
            engine.recommend_bytes(
                body(case_id=name, treatments=[failed("betatinib")], samples=[sample(f"ALK G11R {vaf}%")])
            ).body
        )
        for name, vaf in (("a", 1), ("b", 9))
    )
    assert first["options"] == second["options"]
    assert (first["case_id"], second["case_id"]) == ("a", "b")
    assert first["interpretation"]["alterations"] != second["interpretation"]["alterations"]


def test_what_is_remembered_is_bounded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.service._RANKINGS_KEPT", 2)
    monkeypatch.setattr("app.service._PICTURES_KEPT", 3)
    small = Engine(engine.indexes, engine.default_version)
    for day in range(1, 9):
        small.recommend_bytes(body(as_of=f"2026-01-0{day}"))
    assert (small._ranking.cache_info().currsize, small._picture.cache_info().currsize) == (2, 3)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN", "zh-CN"),
        ("zh", "zh-CN"),
        ("ZH-hans-CN,en;q=0.8", "zh-CN"),
        ("en,zh", "en"),
        ("fr, zh;q=0.5", "zh-CN"),
        ("*", "en"),
        (";;,,", "en"),
    ],
)
def test_the_language_follows_the_header(header: str | None, language: str) -> None:
    assert language_of(header) == language


def test_the_language_of_the_case_stands_before_that_of_the_header(engine: Engine) -> None:
    found = json.loads(engine.recommend_bytes(body(language="en"), "zh-CN").body)
    assert not found["disclaimer"].startswith("中文")
    assert json.loads(engine.recommend_bytes(body(), "zh-CN").body)["disclaimer"].startswith("中文")


def test_variants_are_read_in_any_form_and_answered_in_order(engine: Engine) -> None:
    found = engine.interpret_variants("alk", ["Leu13Met", "p.G11R", "G11R"])
    assert (found["gene"], found["protein_changes"]) == ("ALK", ("p.G11R", "p.L13M"))


def test_a_gene_that_is_no_driver_is_refused(engine: Engine) -> None:
    with pytest.raises(UnknownRecordError):
        engine.interpret_variants("KRAS", ["G12C"])


def test_every_variant_that_cannot_be_read_is_named(engine: Engine) -> None:
    with pytest.raises(InvalidCase) as caught:
        engine.interpret_variants("ALK", ["A11R", "G11R", "rubbish"])
    assert [one.pointer for one in caught.value.problems] == ["/protein_changes/0", "/protein_changes/2"]


def test_two_changes_of_one_residue_are_not_asked_for_in_cis(engine: Engine) -> None:
    with pytest.raises(InvalidCase) as refused:
        engine.interpret_variants("ALK", ["G11R", "G11K"], "cis")
    assert [one.pointer for one in refused.value.problems] == ["/protein_changes/1"]
    assert engine.interpret_variants("ALK", ["G11R", "G11K"], "trans")
