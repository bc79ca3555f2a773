"""A walk over a record and everything inside it."""

from __future__ import annotations

from collections.abc import Iterator

from app.knowledge.records import Model
from app.knowledge.strict_yaml import Loc


def walk(model: Model, at: Loc = ()) -> Iterator[tuple[Loc, Model]]:
    """Give a model and every model inside it, each with the way to it from the top."""
    yield at, model
    for name in type(model).model_fields:
        value = getattr(model, name)
        if isinstance(value, Model):
            yield from walk(value, (*at, name))
        elif isinstance(value, tuple):
            for position, one in enumerate(value):
                if isinstance(one, Model):
                    yield from walk(one, (*at, name, position))
