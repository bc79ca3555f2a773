"""Cutting bytes into lines, whatever the pieces, within the limit."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from app.batch.lines import Line, LineSplitter, split


def pieces_of(text: bytes, cuts: list[int]) -> Iterator[bytes]:
    begin = 0
    for cut in sorted({cut % (len(text) + 1) for cut in cuts}):
        yield text[begin:cut]
        begin = cut
    yield text[begin:]


@given(st.lists(st.binary(max_size=30).map(lambda one: one.replace(b"\n", b""))), st.lists(st.integers(0, 10_000)))
def test_the_pieces_do_not_matter(lines: list[bytes], cuts: list[int]):
    text = b"\n".join(lines)
    assert list(split(pieces_of(text, cuts), 20)) == list(split([text], 20))


def test_lines_are_numbered_and_blank_ones_count():
    assert list(split([b"a\r\n\n  \nb"], 10)) == [Line(1, b"a"), Line(4, b"b")]


def test_a_byte_order_mark_is_passed_over():
    assert list(split([b"\xef\xbb\xbfa\n"], 10)) == [Line(1, b"a")]


def test_a_line_as_long_as_the_limit_is_kept_and_a_longer_one_marked():
    assert list(split([b"12345\r\n123456\n1"], 5)) == [Line(1, b"12345"), Line(2, b"", too_long=True), Line(3, b"1")]


def test_a_line_that_is_too_long_is_not_kept_in_memory():
    splitter = LineSplitter(1000)
    for _ in range(1000):
        assert not list(splitter.feed(b"x" * 1000))
        assert sum(map(len, splitter._parts)) <= 1001
    assert list(splitter.feed(b"\n")) == [Line(1, b"", too_long=True)]


def test_nothing_gives_nothing():
    assert not list(split([], 10))
    assert not list(split([b"", b"\n"], 10))
