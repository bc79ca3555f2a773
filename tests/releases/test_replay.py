"""An older release answers today what it answered when it was released (invariant 9)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.releases.record import HERE, engine_of, order_of

RELEASES = sorted(HERE.glob("*.json"))


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_a_release_still_answers_what_it_answered(path: Path) -> None:
    """Every recorded case gets its recorded options in their order."""
    engine = engine_of(path.stem)
    rows = json.loads(path.read_text(encoding="utf-8"))

    moved = [row["name"] for row in rows if order_of(engine, row["case"]) != row["options"]]

    assert len(rows) > 300
    assert moved == []


def test_every_release_has_its_record() -> None:
    """No release without a file of what it answered."""
    folders = {path.parent.name for path in (HERE.parents[1] / "knowledge" / "releases").glob("*/manifest.yaml")}

    assert folders == {path.stem for path in RELEASES}
