"""Commands that prove the knowledge and show where it is thin: ``check``, ``coverage``, ``schema``."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from app.cli_knowledge.command import WORKING, Commands, reporting, today
from app.knowledge.checks import check_all
from app.knowledge.compiler import compile_index
from app.knowledge.coverage import coverage, markdown
from app.knowledge.diff import KnowledgeDiff, compare
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.index import Release
from app.knowledge.kinds import KINDS
from app.knowledge.loader import KnowledgeRecords, load_tree
from app.knowledge.manifest import newest
from app.knowledge.overlay import compile_overlay
from app.knowledge.overlay_checks import known_names
from app.knowledge.overlay_files import load_overlay
from app.knowledge.records import EffectStatement
from app.knowledge.release import load_release, verify_all
from app.knowledge.schema import stale_schemas, write_schemas
from app.knowledge.weighing import resolve


def add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``check``."""
    parser = commands.add_parser("check", help="prove the whole folder: files, references, numbers, schema, releases")
    parser.add_argument("--on", type=dt.date.fromisoformat, help="day by which dates are judged (default: today)")
    parser.add_argument("--overlay", type=Path, metavar="DIR", help="prove a local overlay against the folder, too")
    parser.set_defaults(run=reporting(_check))


def _check(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root
    records = load_tree(root)
    complaints = [*check_all(records, arguments.on or today()), *stale_schemas(root / "schema")]
    try:
        releases = verify_all(root)
    except KnowledgeError as error:
        complaints.extend(error.complaints)
    overlay = ""
    if arguments.overlay:
        try:
            overlay = _overlay_is_sound(arguments.overlay, records, arguments.on or today())
        except KnowledgeError as error:
            complaints.extend(error.complaints)
    if complaints:
        raise KnowledgeError(complaints)
    counts = ", ".join(f"{len(held)} {kind}" for kind in KINDS if isinstance(held := getattr(records, kind), tuple))
    drafts = sum(1 for record in records if record.curation.status == "draft")
    print(f"sound: {counts}; {drafts} drafts; {len(releases.released())} releases")
    last = newest(root)
    if last:
        print("\n".join(_in_short(compare(load_release(root, last)[0], records, names=(last, WORKING)))))
    if overlay:
        print(overlay)
    return 0


_MOST_CHANGES, _LONGEST_CHANGE = 10, 150


def _in_short(diff: KnowledgeDiff) -> Iterator[str]:
    """How much changed, and a few changes on one line each; ``tki knowledge diff`` says all."""
    if diff.empty:
        yield f"nothing changed since {diff.before}"
        return
    yield f"since {diff.before}: {', '.join(f'{number} {kind}' for kind, number in diff.counts().items())}"
    changes = [one for one in (*diff.added, *diff.revised, *diff.retired) if not one.translation]
    for change in changes[:_MOST_CHANGES]:
        yield f"  {change.kind:7}  {textwrap.shorten(change.sentence, _LONGEST_CHANGE, placeholder=' …')}"
    hidden = sum(diff.counts().values()) - min(len(changes), _MOST_CHANGES)
    yield f"  and {hidden} more: tki knowledge diff" if hidden > 0 else "  in full: tki knowledge diff"


def _overlay_is_sound(folder: Path, records: KnowledgeRecords, on: dt.date) -> str:
    """What a sound overlay says. Raises KnowledgeError."""
    if not folder.is_dir():
        raise KnowledgeError([Complaint(str(folder), 0, "there is no such folder")])
    index = compile_index(records.active(), Release(WORKING, on, ""))
    overlay = compile_overlay(load_overlay(folder, known_names([index]), on))
    restricted = sum(map(len, overlay.unavailable.values()))
    notes = sum(map(len, overlay.notes.values()))
    return f"overlay {overlay.name} sound: {restricted} restrictions, {notes} notes; {overlay.digest}"


def add_coverage(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``coverage``."""
    parser = commands.add_parser("coverage", help="table of variants against drugs: who studied what")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a file")
    parser.add_argument("--check", type=Path, metavar="FILE", help="fail when the file is not the table")
    parser.set_defaults(run=reporting(_coverage))


def _coverage(arguments: argparse.Namespace) -> int:
    records = load_tree(arguments.root)
    years = {citation.id: citation.year for citation in records.citations}

    def verdict(statement: EffectStatement) -> str:
        return resolve(statement.evidence, records.policy.weighing, years).activity

    text = markdown(coverage(records, verdict))
    if arguments.write:
        arguments.write.write_bytes(text.encode("utf-8"))
    elif arguments.check:
        if arguments.check.read_bytes().decode("utf-8") != text:
            print(f"{arguments.check} is old; run tki knowledge coverage --write {arguments.check}", file=sys.stderr)
            return 1
    else:
        print(text)
    return 0


def add_schema(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``schema``."""
    parser = commands.add_parser("schema", help="compare the JSON Schema files with the models, or write them")
    parser.add_argument("--write", action="store_true", help="write knowledge/schema/*.json")
    parser.set_defaults(run=reporting(_schema))


def _schema(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.root / "schema"
    if arguments.write:
        write_schemas(folder)
        return 0
    complaints = stale_schemas(folder)
    if complaints:
        raise KnowledgeError(complaints)
    return 0
