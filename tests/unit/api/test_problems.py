"""Kinds of problems."""

from __future__ import annotations

import orjson

from app.api.problems import INVALID_CASE, KINDS, from_errors, render
from app.domain.errors import Problem


def test_types_are_absolute_and_unlike():
    types = [kind.type for kind in KINDS]
    assert all(one.startswith("urn:tki:problem:") for one in types)
    assert len(set(types)) == len(types)


def test_one_error_is_its_own_detail_and_several_are_named():
    one, two = Problem("/a", "first"), Problem("/b", "second")
    assert from_errors(INVALID_CASE, [one]).detail == "first"
    several = from_errors(INVALID_CASE, [one, two])
    assert several.detail.startswith("Several things are wrong")
    rendered = orjson.loads(render(several, "/v1/recommendations", "abc"))
    assert rendered["errors"] == [{"pointer": "/a", "detail": "first"}, {"pointer": "/b", "detail": "second"}]
    assert rendered["status"] == 422
