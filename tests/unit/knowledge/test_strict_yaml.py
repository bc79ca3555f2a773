from __future__ import annotations

import pytest

from app.knowledge.strict_yaml import StrictYAMLError, parse


def test_every_scalar_is_text() -> None:
    document = parse("a: 1\nb: [true, 2021-03-03, 1.0, no]\nc: {d: 0x1F}\n")
    assert document.value == {"a": "1", "b": ["true", "2021-03-03", "1.0", "no"], "c": {"d": "0x1F"}}


def test_every_value_has_its_line() -> None:
    document = parse("# a comment\na: 1\nb:\n  - x\n  - c: y\n    d: >-\n      folded\n      text\n")
    lines = {("a",): 2, ("b",): 3, ("b", 0): 4, ("b", 1): 5, ("b", 1, "c"): 5, ("b", 1, "d"): 6}
    assert {at: document.lines[at] for at in lines} == lines


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\na: 2\n", (2, "duplicate key 'a', first given on line 1")),
        ("a: &x 1\n", (1, "anchor &x: anchors are not allowed, write each value where it belongs")),
        ("a: !!int 1\n", (1, "tag !!int: tags are not allowed, the schema gives every value its type")),
        ("a: 1\nb:\n", (2, "'b' has no value; leave the key out, or quote the text")),
        ("a: [x, ~]\n", (1, "'a' has no value; leave the key out, or quote the text")),
        ("a: null\n", (1, "'a' has no value; leave the key out, or quote the text")),
        ("? [a, b]\n: c\n", (1, "a key must be plain text")),
        ("<<: {a: b}\n", (1, "merge key <<: write the values out")),
        ("a: 1\n---\nb: 2\n", (2, "a second document starts here; one file holds one record")),
        ("", (1, "the file is empty")),
        ("# nothing\n", (1, "the file is empty")),
    ],
)
def test_what_could_surprise_a_reader_is_refused(text: str, problem: tuple[int, str]) -> None:
    with pytest.raises(StrictYAMLError) as caught:
        parse(text)
    assert caught.value.problems == (problem,)


def test_alias_is_refused() -> None:
    with pytest.raises(StrictYAMLError) as caught:
        parse("a: &x 1\nb: *x\n")
    assert (2, "alias *x: write the value out, aliases are not allowed") in caught.value.problems


@pytest.mark.parametrize("text", ["a: [1\n", "a: 1\n b: 2\n", "a: 'x\n", "a: \x01\n"])
def test_what_is_not_yaml_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(StrictYAMLError, match=r"line \d+: this is not YAML"):
        parse(text)


def test_quoted_empty_text_and_quoted_null_are_text() -> None:
    assert parse("a: ''\nb: 'null'\n").value == {"a": "", "b": "null"}


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(StrictYAMLError) as caught:
        parse("a: 1\na: 2\nb:\nc: &x 3\n")
    assert [line for line, _ in caught.value.problems] == [2, 3, 4]
