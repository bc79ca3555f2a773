"""Writes down what a release answers to the vignettes of its day, once, and later which of them a newer engine moved."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from app.knowledge.compiler import compile_index
from app.knowledge.index import Release
from app.knowledge.release import load_release
from app.service import ENGINE_VERSION, Engine
from tests.trees import REPOSITORY

HERE = Path(__file__).parent


def engine_of(version: str) -> Engine:
    """An engine that serves one frozen release."""
    records, manifest = load_release(REPOSITORY / "knowledge", version, withdrawn_too=True)
    release = Release(version, manifest.released_on, manifest.digest, manifest.shelf_life_days)
    return Engine({version: compile_index(records, release)}, version)


def answerable(path: Path) -> dict[str, Any] | None:
    """The case of a vignette, or None for one that expects an error."""
    vignette = yaml.safe_load(path.read_text(encoding="utf-8"))
    return None if "error" in vignette["expect"] else vignette["case"]


def order_of(engine: Engine, case: dict[str, Any]) -> list[str]:
    """The options in order, each with its category."""
    answer = json.loads(engine.recommend_bytes(json.dumps(case, default=str).encode()).body)
    return [f"{option['regimen_id']}: {option['category']}" for option in answer["options"]]


def record(version: str) -> Path:
    """Write the file of a release. Raises FileExistsError when it stands already: what was answered is never rewritten."""
    engine = engine_of(version)
    cases = REPOSITORY / "tests" / "cases"
    rows: list[dict[str, Any]] = []
    for path in sorted(cases.rglob("*.yaml")):
        case = answerable(path)
        if case is not None:
            rows.append({"name": path.relative_to(cases).as_posix(), "case": case, "options": order_of(engine, case)})
    target = HERE / f"{version}.json"
    with target.open("x", encoding="utf-8") as file:
        file.write(_lines(rows))
    return target


def recorded(version: str) -> list[dict[str, Any]]:
    """The cases of a release with the options last put on record for each."""
    rows: list[dict[str, Any]] = json.loads((HERE / f"{version}.json").read_text(encoding="utf-8"))
    later = {row["name"]: row["options"] for row in moved(version)}
    return [{**row, "options": later.get(row["name"], row["options"])} for row in rows]


def moved(version: str) -> list[dict[str, Any]]:
    """What newer engines moved, oldest first: name of the case, version of the engine, options from then on."""
    path = HERE / f"{version}.moved.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return rows


def record_moved(version: str) -> Path:
    """Add what this engine answers otherwise. Earlier rows stay."""
    engine = engine_of(version)
    now = [(row, order_of(engine, row["case"])) for row in recorded(version)]
    rows = [
        {"name": row["name"], "engine": ENGINE_VERSION, "options": options}
        for row, options in now
        if options != row["options"]
    ]
    target = HERE / f"{version}.moved.json"
    target.write_text(_lines([*moved(version), *rows]), encoding="utf-8")
    return target


def _lines(rows: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False, default=str) for row in rows) + "\n]\n"


if __name__ == "__main__":
    write = record_moved if sys.argv[1] == "--moved" else record
    sys.stdout.write(f"{write(sys.argv[-1])}\n")
