"""An older release answers today what is on record for it (invariant 9)."""

from __future__ import annotations

import pytest

from tests.releases.record import HERE, engine_of, moved, order_of, recorded

RELEASES = sorted(path.stem for path in HERE.glob("*.json") if not path.name.endswith(".moved.json"))


@pytest.mark.parametrize("version", RELEASES)
def test_a_release_still_answers_what_it_answered(version: str) -> None:
    """Every recorded case gets its recorded options in their order."""
    engine = engine_of(version)
    rows = recorded(version)

    other = [row["name"] for row in rows if order_of(engine, row["case"]) != row["options"]]

    assert len(rows) > 300
    assert other == []


@pytest.mark.parametrize("version", RELEASES)
def test_only_a_newer_engine_moves_an_answer(version: str) -> None:
    """Every move names a case of the release and an engine after the first."""
    names = {row["name"] for row in recorded(version)}

    assert {row["name"] for row in moved(version)} <= names
    assert all(tuple(map(int, row["engine"].split("."))) > (1, 0, 0) for row in moved(version))
