"""The JSON Schema of each kind of record, for editors and for readers who have no Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from app.knowledge.errors import Complaint
from app.knowledge.kinds import KINDS
from app.knowledge.records import SCHEMA_VERSION

_WRITTEN_AS_TEXT = {"integer", "number", "boolean"}


def schemas() -> dict[str, str]:
    """Give the schema of every kind as the text of its file, by file name."""
    found = {}
    for name, kind in KINDS.items():
        schema = _with_text(kind.model.model_json_schema())
        head = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$comment": f"Schema {SCHEMA_VERSION}, written by `tki knowledge schema --write`; do not edit.",
        }
        found[f"{name}.json"] = json.dumps(head | schema, indent=2, ensure_ascii=False) + "\n"
    return found


def write_schemas(folder: Path) -> None:
    """Write every schema file, and drop those of kinds that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = schemas()
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_bytes(text.encode("utf-8"))


def stale_schemas(folder: Path) -> list[Complaint]:
    """Complain of schema files that are not what the models say."""
    wanted: Mapping[str, str] = schemas()
    standing = {path.name: path.read_bytes().decode("utf-8") for path in folder.glob("*.json")}
    cure = "run tki knowledge schema --write"
    return [
        Complaint(f"schema/{name}", 0, "the schema file is not what the models say", cure)
        for name in sorted(wanted.keys() | standing.keys())
        if wanted.get(name) != standing.get(name)
    ]


def _with_text(value: object) -> dict[str, object]:
    """Let numbers and truth values also be text, since the loader first reads every scalar as text."""
    found = _relaxed(value)
    assert isinstance(found, dict)  # noqa: S101 - a model's schema is an object
    return found


def _relaxed(value: object) -> object:
    if isinstance(value, list):
        return [_relaxed(one) for one in value]
    if not isinstance(value, dict):
        return value
    relaxed = {key: _relaxed(inner) for key, inner in value.items()}
    if isinstance(relaxed.get("type"), str) and relaxed["type"] in _WRITTEN_AS_TEXT:
        relaxed["type"] = [relaxed["type"], "string"]
    return relaxed
