"""Commands on releases: ``diff``, ``release``, ``withdraw``, ``verify``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

from app.cli_knowledge.command import WORKING, Commands, reporting, today
from app.comparison.cases import moved_cases
from app.comparison.differences import Side
from app.comparison.replay import Ground
from app.knowledge.bundle import digest_of, pack
from app.knowledge.compiler import compile_index
from app.knowledge.diff import compare
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.index import Release
from app.knowledge.loader import KnowledgeRecords, load_tree
from app.knowledge.manifest import load_index, newest
from app.knowledge.release import freeze, load_release, verify_all, withdraw


def add_diff(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``diff``."""
    parser = commands.add_parser("diff", help="what changed between two releases, or since the newest one")
    parser.add_argument("before", nargs="?", help="a release (default: the newest)")
    parser.add_argument("after", nargs="?", default=WORKING, help=f"a release, or {WORKING!r} (default)")
    parser.add_argument(
        "--cases", type=Path, metavar="DIR", help="list the stored cases whose answer moves, and the facts that move it"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=reporting(_diff))


def _diff(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root
    name = arguments.before or newest(root)
    after = _state(root, arguments.after)
    before = _state(root, name) if name else None
    if arguments.cases:
        if before is None:
            raise KnowledgeError([Complaint("releases", 0, "there is no release to compare with", "name two states")])
        if not arguments.cases.is_dir():
            raise KnowledgeError([Complaint(str(arguments.cases), 0, "there is no such folder")])
        report = moved_cases(arguments.cases, Ground(_side(before), _side(after), kept=_INDEXES_KEPT))
        print(json.dumps(report.view(), ensure_ascii=False, indent=2) if arguments.json else "\n".join(report.lines()))
        return 0
    diff = compare(before[0] if before else None, after[0], names=(name, arguments.after))
    print(json.dumps(diff.view(), ensure_ascii=False, indent=2) if arguments.json else diff.markdown(), end="")
    return 0


_INDEXES_KEPT = 500
"""Compiled states kept while many cases are compared: about 300 kB each."""


State = tuple[KnowledgeRecords, Release]


def _state(root: Path, version: str) -> State:
    """The active records of a release, or of the tree as it stands. Raises KnowledgeError."""
    if version == WORKING:
        records = load_tree(root)
        checked = max(record.curation.checked_on for record in records)
        return records, Release(WORKING, checked, digest_of(pack(records)))
    records, manifest = load_release(root, version, withdrawn_too=True)
    return records, Release(version, manifest.released_on, manifest.digest, manifest.shelf_life_days)


def _side(state: State) -> Side:
    records, release = state[0].active(), state[1]
    return Side(records, compile_index(records, release))


def add_release(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``release``."""
    parser = commands.add_parser("release", help="freeze the active records as a release, for good")
    parser.add_argument("version", nargs="?", help="year.month.count (default: the next of the month of --on)")
    parser.add_argument("--on", type=dt.date.fromisoformat, help="day of the release (default: today)")
    parser.add_argument("--by", required=True, help="who answers for the curation")
    parser.add_argument(
        "--requires-engine", default=">=1.0,<2", help="engine versions that may serve it (default: %(default)s)"
    )
    parser.add_argument(
        "--moved-cases", type=Path, metavar="FILE", help="sentences on cases whose answer moved, one a line"
    )
    parser.set_defaults(run=reporting(_release))


def _release(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root
    on = arguments.on or today()
    moved = arguments.moved_cases.read_text(encoding="utf-8").splitlines() if arguments.moved_cases else ()
    manifest = freeze(
        load_tree(root),
        arguments.version or next_version(root, on),
        on,
        root,
        curated_by=arguments.by,
        requires_engine=arguments.requires_engine,
        moved_cases=[line for line in moved if line.strip()],
    )
    counts = ", ".join(f"{count} {name}" for name, count in manifest.changes.model_dump().items())
    print(f"released {manifest.release}: {counts}; {manifest.digest}")
    return 0


def next_version(root: Path, on: dt.date) -> str:
    """Give the next free version of a month."""
    month = f"{on.year}.{on.month:02d}"
    counts = [
        int(row.version.rpartition(".")[2])
        for row in load_index(root).released()
        if row.version.startswith(f"{month}.")
    ]
    return f"{month}.{max(counts, default=-1) + 1}"


def add_withdraw(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``withdraw``."""
    parser = commands.add_parser("withdraw", help="declare a release wrong; it stays, and no service starts on it")
    parser.add_argument("version")
    parser.add_argument("--reason", required=True, help="what is wrong with it")
    parser.add_argument("--on", type=dt.date.fromisoformat, help="day of the withdrawal (default: today)")
    parser.set_defaults(run=reporting(_withdraw))


def _withdraw(arguments: argparse.Namespace) -> int:
    withdraw(arguments.root, arguments.version, arguments.on or today(), arguments.reason)
    print(f"withdrew {arguments.version}")
    return 0


def add_verify(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``verify``."""
    parser = commands.add_parser("verify", help="recompute every digest of every release")
    parser.add_argument(
        "--earlier-index", type=Path, metavar="FILE", help="the index as it was; its rows must still stand"
    )
    parser.set_defaults(run=reporting(_verify))


def _verify(arguments: argparse.Namespace) -> int:
    earlier = arguments.earlier_index.read_bytes().decode("utf-8") if arguments.earlier_index else None
    index = verify_all(arguments.root, earlier)
    withdrawn = index.withdrawn()
    for row in index.released():
        state = (
            f"withdrawn {withdrawn[row.version].date}: {withdrawn[row.version].reason}"
            if row.version in withdrawn
            else "sound"
        )
        print(f"{row.version}  {row.date}  {row.digest}  {state}")
    return 0
