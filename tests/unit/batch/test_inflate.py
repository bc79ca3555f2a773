"""Gzip, piece by piece, within its ratio."""

from __future__ import annotations

import gzip
import random

import pytest

from app.batch.inflate import SLACK, InflateError, Inflater

TEXT = random.Random(1).randbytes(300_000).hex().encode()


def opened(content: bytes, size: int = 1000, ratio: int = 200) -> bytes:
    inflater = Inflater(ratio)
    parts = []
    for begin in range(0, len(content), size):
        parts += list(inflater.feed(content[begin : begin + size]))
    parts += list(inflater.end())
    assert all(0 < len(part) <= 65_536 for part in parts)
    return b"".join(parts)


@pytest.mark.parametrize("size", [1, 7, 1000, 10_000_000])
def test_opens_in_pieces_of_any_size(size: int):
    text = TEXT[:20_000] if size < 1000 else TEXT
    assert opened(gzip.compress(text), size) == text


@pytest.mark.parametrize("size", [1, 1000])
def test_opens_several_members_and_padding(size: int):
    assert opened(gzip.compress(b"one") + gzip.compress(b"two") + b"\0" * 10, size) == b"onetwo"


def test_nothing_is_nothing():
    assert opened(b"") == b""


def test_refuses_what_is_not_gzip():
    with pytest.raises(InflateError, match="not gzip"):
        opened(b'{"driver": {"gene": "ALK"}}')


def test_refuses_what_was_cut_short():
    with pytest.raises(InflateError, match="cut short"):
        opened(gzip.compress(TEXT)[:-10])


def test_refuses_what_grows_out_of_proportion_before_it_is_all_there():
    parts: list[bytes] = []
    bomb = gzip.compress(b" " * 50_000_000)
    with pytest.raises(InflateError, match="100 times"):
        parts.extend(Inflater(100).feed(bomb))
    assert sum(map(len, parts)) <= max(SLACK, 100 * len(bomb)) + 65_536


def test_small_bodies_may_grow_more():
    assert len(opened(gzip.compress(b" " * 900_000), ratio=10)) == 900_000
