"""The README's request gets the README's answer."""

from __future__ import annotations

import json
import re
from typing import Any

from app.service import Engine
from tests.trees import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def _request() -> bytes:
    return re.search(r"-d '(\{.*?\n\})'", README, re.DOTALL)[1].encode()  # type: ignore[index]


def _shown() -> Any:
    return json.loads(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])  # type: ignore[index]


def _agrees(shown: Any, answer: Any) -> bool:
    """``…`` stands for anything; inside a list or an object, for more of it."""
    if shown == "…":
        return True
    if isinstance(shown, dict):
        named = {name: value for name, value in shown.items() if name != "…"}
        return named.keys() <= answer.keys() and all(_agrees(value, answer[name]) for name, value in named.items())
    if isinstance(shown, list):
        named_ones = [one for one in shown if one != "…"]
        enough = len(answer) >= len(named_ones) if "…" in shown else len(answer) == len(named_ones)
        return enough and all(_agrees(one, other) for one, other in zip(named_ones, answer, strict=False))
    return bool(shown == answer)


def test_the_answer_of_the_readme_comes_back(engine: Engine) -> None:
    """Whoever runs the README's request sees what the README shows."""
    answer = json.loads(engine.recommend_bytes(_request()).body)
    shown = _shown()
    del shown["knowledge"]  # the tests answer from the working tree, the README from the release

    assert _agrees(shown, answer)


def test_an_answer_that_differs_is_noticed(engine: Engine) -> None:
    """The comparison can fail."""
    answer = json.loads(engine.recommend_bytes(_request()).body)
    answer["options"] = answer["options"][::-1]

    assert not _agrees({"options": _shown()["options"]}, answer)
