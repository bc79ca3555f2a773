"""The body: its media type, size and depth, and no key twice."""

from __future__ import annotations

import asyncio

import pytest

from app.api.body import ClientGoneError, check_accept, check_json, check_media_types, read
from app.api.problems import ProblemError


def refusal(body: bytes, depth: int = 32) -> ProblemError:
    with pytest.raises(ProblemError) as caught:
        check_json(body, depth)
    return caught.value


def receiving(*messages: dict):
    left = list(messages)

    async def receive() -> dict:
        return left.pop(0)

    return receive


def reading(limit: int, *messages: dict, headers: dict[bytes, bytes] | None = None) -> bytes:
    return asyncio.run(read(headers or {}, receiving(*messages), limit))


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"a":1,"b":{"a":2}}',
        b'{"a":"x:y","b" : "EML4::ALK"}',
        b'{"a":"\\":","b":1}',
        b'[{"a":1},{"a":1}]',
        b"[" * 32 + b"]" * 32,
        b"3",
    ],
)
def test_sound_json_passes(body):
    assert check_json(body, 32) is None


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        (b'{"treatments":[1],"treatments":[]}', "/treatments", "'treatments' stands twice in the outermost object"),
        (b'{"a":[{"c":1},{"b":1,"b":2}]}', "/a/1/b", "'b' stands twice in the object at /a/1"),
        (b'{"a" : 1, "x":"y:z", "a": 2}', "/a", "'a'"),
        (b'{"\\u0061":1,"a":2}', "/a", "'a'"),
        (b'{"x":{"a/b":1,"a/b":2,"a/b":3}}', "/x/a~1b", "'a/b' stands 3 times in the object at /x"),
    ],
)
def test_a_key_given_twice_is_refused_with_its_place(body, pointer, says):
    problem = refusal(body)
    assert problem.kind.slug == "duplicate-key"
    assert [error.pointer for error in problem.errors] == [pointer]
    assert says in problem.detail


def test_every_key_given_twice_is_named_even_inside_one_that_is_lost():
    found = refusal(b'{"a":{"b":1,"b":2},"a":0}')
    assert [error.pointer for error in found.errors] == ["/a", "/a/b"]
    many = b",".join(b'{"k":1,"k":2}' for _ in range(50))
    assert len(refusal(b"[" + many + b"]").errors) == 20


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 33 + b"]" * 33,
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b"[" * 100_000,
        b'{"a":' + b"[" * 1010 + b"]" * 1010 + b',"a":1}',
    ],
)
def test_deep_nesting_is_refused_even_in_broken_json(body):
    assert refusal(body).kind.slug == "json-too-deep"


def test_brackets_inside_strings_are_no_nesting():
    assert check_json(b'{"a":"' + b"[" * 100 + b'"}', 32) is None
    assert refusal(b'{"a":"' + b"[" * 100 + b'",}').kind.slug == "invalid-json"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "it is empty"),
        (b"  ", "it is empty"),
        (b'{"a":\n 1,}', "line 2, column 3"),
        (b'{"a":NaN}', "line 1"),
        (b"\xff", "send it as UTF-8 without a byte order mark"),
        (b"\xef\xbb\xbf{}", "without a byte order mark"),
        ("{}".encode("utf-16"), "send it as UTF-8"),
        ("{}".encode("utf-16-le"), "send it as UTF-8"),
        ('{"a":"克","b":-Infinity}'.encode(), "no NaN and no infinity"),
        (b'{"a":nan}', "leave out what is not known (line 1, column 6)"),
        (b'{"a":1} x', "line 1, column 9"),
    ],
)
def test_broken_json_is_refused_with_its_place(body, says):
    problem = refusal(body)
    assert problem.kind.slug == "invalid-json"
    assert says in problem.detail


@pytest.mark.parametrize("size", [1_000_000])
def test_hostile_bodies_are_judged_quickly(size):
    for body in (b'"' + b'\\"' * (size // 2), b"[]" * (size // 2), b"{" * size, b'"' * size):
        assert refusal(body).kind.status == 400


def test_a_body_in_pieces_is_put_together():
    pieces = [{"type": "http.request", "body": b"a", "more_body": True}, {"type": "http.request", "body": b"b"}]
    assert reading(10, *pieces) == b"ab"


def test_a_client_that_asks_first_is_refused_before_its_body_is_read():
    with pytest.raises(ProblemError, match="at most 10 bytes"):
        reading(10, headers={b"content-length": b"11", b"expect": b"100-continue"})


def test_a_body_of_gigabytes_is_refused_unread():
    with pytest.raises(ProblemError, match="at most 10 bytes"):
        reading(10, headers={b"content-length": b"5000000000"})


def test_taking_in_what_is_too_long_has_an_end():
    piece = {"type": "http.request", "body": b"x" * 9_000_000, "more_body": True}
    with pytest.raises(ProblemError, match="at most 10 bytes"):
        reading(10, piece, piece)


def test_a_body_over_the_limit_is_refused_when_it_does_not_say_its_length():
    piece = {"type": "http.request", "body": b"x" * 6, "more_body": True}
    with pytest.raises(ProblemError) as caught:
        reading(10, piece, piece, {**piece, "more_body": False})
    assert caught.value.kind.status == 413
    assert (b"connection", b"close") in caught.value.headers
    with pytest.raises(ProblemError):
        reading(10, {"type": "http.request", "body": b"x" * 11})


def test_a_client_that_goes_away_is_noticed():
    with pytest.raises(ClientGoneError):
        reading(10, {"type": "http.disconnect"})
    with pytest.raises(ClientGoneError):
        reading(10, {"type": "http.request", "body": b"x", "more_body": True}, {"type": "http.disconnect"})


@pytest.mark.parametrize("accept", [b"", b"*/*", b"application/json", b"text/html, */*;q=0.8", b"Application/*"])
def test_callers_who_take_json_are_served(accept):
    assert check_accept(accept) is None


def test_callers_who_take_no_json_are_refused():
    with pytest.raises(ProblemError) as caught:
        check_media_types({b"accept": b"text/html"})
    assert caught.value.kind.status == 406


def test_a_body_must_claim_to_be_json():
    assert check_media_types({}) is None
    assert check_media_types({b"content-type": b"Application/JSON; charset=utf-8"}) is None
    assert check_media_types({b"content-type": b"application/json", b"content-encoding": b"Identity"}) is None
    with pytest.raises(ProblemError):
        check_media_types({b"content-type": b"application/jsonpatch"})
    with pytest.raises(ProblemError) as caught:
        check_media_types({b"content-type": b"application/x-www-form-urlencoded"})
    assert caught.value.kind.status == 415
    assert "curl" in caught.value.detail
