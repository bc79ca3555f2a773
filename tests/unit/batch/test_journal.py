"""The journal survives whatever cuts it off, and goes on only with what it was begun for."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.batch.errors import BatchError
from app.batch.journal import Journal, Progress

IDENTITY = {"input": {"bytes": 3, "sha256": "abc"}, "language": None}


def written(path: Path) -> bytes:
    journal = Journal(path, IDENTITY)
    journal.add(Progress(128, 1000, 128, 1))
    journal.add(Progress(256, 2000, 256, 2))
    journal.finish()
    journal.close_as_complete(2000)
    journal.close()
    return path.read_bytes()


def test_goes_on_from_any_moment_at_which_it_was_cut_off(tmp_path: Path):
    path = tmp_path / "o.journal"
    content = written(path)
    ends = {0: 0, 128: 1000, 256: 2000}
    for length in range(len(content) + 1):
        path.write_bytes(content[:length])
        journal = Journal(path, IDENTITY)
        assert ends[journal.progress.line] == journal.progress.bytes
        assert journal.progress.line == 256 or not journal.finishing
        journal.close()
    assert journal.complete
    assert journal.ends == [1000, 2000]


def test_refuses_another_input(tmp_path: Path):
    written(tmp_path / "o.journal")
    with pytest.raises(BatchError, match="another input; --restart begins anew"):
        Journal(tmp_path / "o.journal", IDENTITY | {"input": {"bytes": 4, "sha256": "abd"}})


def test_begins_anew_when_told_to(tmp_path: Path):
    written(tmp_path / "o.journal")
    journal = Journal(tmp_path / "o.journal", IDENTITY | {"language": "en"}, restart=True)
    assert journal.progress == Progress()
    assert not journal.complete
    journal.close()


def test_two_runs_cannot_hold_it(tmp_path: Path):
    first = Journal(tmp_path / "o.journal", IDENTITY)
    with pytest.raises(BatchError, match="another run"):
        Journal(tmp_path / "o.journal", IDENTITY)
    first.close()
    Journal(tmp_path / "o.journal", IDENTITY).close()
