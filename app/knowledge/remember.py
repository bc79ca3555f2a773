"""What was read against a release is remembered in its index, and goes when that index goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

Given = ParamSpec("Given")
Found = TypeVar("Found")


def remembered(maxsize: int) -> Callable[[Callable[Given, Found]], Callable[Given, Found]]:
    """Like ``lru_cache`` for a pure function with an argument ``index``, which callers pass by position.

    A cache of the module would keep every index that it ever saw: comparisons compile many, each for one answer.
    """

    def decorate(function: Callable[Given, Found]) -> Callable[Given, Found]:
        place = list(signature(function).parameters).index("index")

        @wraps(function)
        def call(*args: Given.args, **more: Given.kwargs) -> Found:
            caches: dict[object, Any] = args[place].remembered  # type: ignore[attr-defined]
            cached: Any = caches.get(function)
            if cached is None:
                cached = caches[function] = lru_cache(maxsize)(function)
            found: Found = cached(*args, **more)
            return found

        return call

    return decorate
