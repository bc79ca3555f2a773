"""Every kind of record has a template that the schema takes as it stands and that shows every key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from app.knowledge import strict_yaml
from app.knowledge.kinds import KINDS
from app.knowledge.records import Model
from tests.trees import REPOSITORY

TEMPLATES = REPOSITORY / "knowledge" / "templates"
COPIED = sorted(set(KINDS) - {"policy"})
"""There is one policy; nobody starts another."""


def keys_of(kind: type) -> Iterator[str]:
    if isinstance(kind, type) and issubclass(kind, Model):
        for name, field in kind.model_fields.items():
            yield name
            yield from keys_in(field.annotation)


def keys_in(annotation: object) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield from keys_of(annotation)
    for part in get_args(annotation):
        yield from keys_in(part)


def test_there_is_one_template_for_each_kind() -> None:
    assert sorted(path.stem for path in TEMPLATES.iterdir()) == COPIED


@pytest.mark.parametrize("kind", COPIED)
def test_the_schema_takes_the_template(kind: str) -> None:
    text = (TEMPLATES / f"{kind}.yaml").read_text(encoding="utf-8")
    record = KINDS[kind].model.model_validate(strict_yaml.parse(text).value)
    assert record.curation.status == "draft"
    assert f"knowledge/{KINDS[kind].path(record.id)}" in text.splitlines()[0].replace(
        "doe-2020.yaml", f"{record.id}.yaml"
    )


@pytest.mark.parametrize("kind", COPIED)
def test_the_template_shows_every_key(kind: str) -> None:
    text = (TEMPLATES / f"{kind}.yaml").read_text(encoding="utf-8")
    missing = {key for key in keys_of(KINDS[kind].model) if not re.search(rf"\b{key}\b", text)}
    assert not missing


def test_templates_hold_no_real_identifier() -> None:
    for path in sorted(Path(TEMPLATES).iterdir()):
        assert not re.search(r"PMID:?\s*\d{8}|10\.\d{4,9}/(?!example)|NCT0*[1-9]", path.read_text(encoding="utf-8")), (
            path.name
        )
