"""Stored cases whose answer moves between two states of the knowledge."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.comparison.compare import compare
from app.comparison.replay import Ground
from app.comparison.view import comparison_view
from app.domain.errors import InvalidCase
from app.wire.case import Case

MOST_REPLAYS = 20_000
_SUFFIXES = frozenset({".json", ".yaml", ".yml"})


@dataclass(frozen=True, slots=True)
class StoredCase:
    """One case and the file that it was read from."""

    path: Path
    given: Case


@dataclass(frozen=True, slots=True)
class CaseReport:
    """What became of all stored cases."""

    moved: tuple[tuple[Path, dict[str, Any]], ...]
    """Files whose answer moves, each with the comparison as the service would send it."""
    stayed: int
    unread: tuple[Path, ...]
    """Files that hold no case, or one that one of the two states cannot read."""

    def view(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "moved": [{"file": str(path), **view} for path, view in self.moved],
            "stayed": self.stayed,
            "unread": [str(path) for path in self.unread],
        }

    def lines(self) -> Iterator[str]:
        """In words: one line per regimen that moved on its own, and one per fact behind it."""
        for path, view in self.moved:
            yield f"{path}: {_first(view)}"
            for change in view["changes"]:
                if not change["shifted_only"]:
                    yield f"  {change['regimen_id']}: {_said(change['before'])} -> {_said(change['after'])}"
                    yield from (f"    {change['cause']}: {one['sentence']}" for one in change["because"])
                    if not change["because"]:
                        yield f"    {change['cause']}"
            shifted = [one["regimen_id"] for one in view["changes"] if one["shifted_only"]]
            if shifted:
                yield f"  shifted only: {', '.join(shifted)}"
        unread = f"; {len(self.unread)} files hold no case that both can read" if self.unread else ""
        yield f"{len(self.moved)} cases move, {self.stayed} stay{unread}"


def moved_cases(folder: Path, ground: Ground) -> CaseReport:
    """Answer every stored case of a folder from both states."""
    cases, unread = stored_cases(folder)
    moved: list[tuple[Path, dict[str, Any]]] = []
    stayed = 0
    for one in cases:
        try:
            found = compare(_unpinned(one.given), ground, "en", MOST_REPLAYS)
        except InvalidCase:
            unread.append(one.path)
            continue
        if found.moved:
            moved.append((one.path, comparison_view(found, ground)))
        else:
            stayed += 1
    return CaseReport(tuple(moved), stayed, tuple(sorted(unread)))


def stored_cases(folder: Path) -> tuple[Sequence[StoredCase], list[Path]]:
    """Every case below a folder, YAML or JSON, bare or under the key ``case``; and the files that hold none."""
    cases: list[StoredCase] = []
    unread: list[Path] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _SUFFIXES or not path.is_file():
            continue
        try:
            cases.append(StoredCase(path, _read(path)))
        except (ValidationError, ValueError, yaml.YAMLError):
            unread.append(path)
    return cases, unread


def _read(path: Path) -> Case:
    text = path.read_text(encoding="utf-8")
    value = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    if isinstance(value, dict) and "case" in value:
        value = value["case"]
    return Case.model_validate_json(json.dumps(value, default=str))


def _unpinned(given: Case) -> Case:
    return given.model_copy(update={"knowledge_version": None})


def _first(view: dict[str, Any]) -> str:
    before, after = view["from"]["first_option"] or "nothing", view["to"]["first_option"] or "nothing"
    return f"first {before} -> {after}" if before != after else f"first {after}, as before"


def _said(state: dict[str, Any]) -> str:
    if state["listed"]:
        return f"{state['rank']} ({state['category']}, {state['activity']})"
    return f"not recommended ({', '.join(state['reasons'])})"
