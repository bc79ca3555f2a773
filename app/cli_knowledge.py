"""The commands of a curator.

``tki knowledge check | show | cite | coverage | diff | release | withdraw | verify | schema``
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from app.comparison.cases import moved_cases
from app.comparison.differences import Side
from app.comparison.replay import Ground
from app.knowledge.bundle import digest_of, pack
from app.knowledge.checks import check_all
from app.knowledge.compiler import compile_index
from app.knowledge.coverage import coverage, markdown
from app.knowledge.diff import KnowledgeDiff, compare
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.index import Release
from app.knowledge.kinds import KINDS
from app.knowledge.loader import KnowledgeRecords, load_tree
from app.knowledge.manifest import load_index, newest
from app.knowledge.overlay import compile_overlay
from app.knowledge.overlay_checks import known_names
from app.knowledge.overlay_files import load_overlay
from app.knowledge.records import SCHEMA_VERSION, CitationRecord, Record
from app.knowledge.release import freeze, load_release, verify_all, withdraw
from app.knowledge.schema import stale_schemas, write_schemas
from app.knowledge.walk import walk
from app.knowledge.weighing import resolve

if TYPE_CHECKING:
    from app.knowledge.records import EffectStatement

Command = Callable[[argparse.Namespace], int]
WORKING = "working"
"""Name of the tree as it stands, beside the releases."""


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``knowledge`` and its commands. Each sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser("knowledge", help="check, read, compare and release the knowledge base")
    parser.add_argument(
        "--root", type=Path, default=Path("knowledge"), help="the knowledge folder (default: %(default)s)"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        _add_check,
        _add_show,
        _add_cite,
        _add_coverage,
        _add_diff,
        _add_release,
        _add_withdraw,
        _add_verify,
        _add_schema,
    ):
        add(commands)


def main(arguments: list[str] | None = None) -> int:
    """Run ``tki knowledge`` alone."""
    parser = argparse.ArgumentParser(prog="tki")
    add_parser(parser.add_subparsers(required=True))
    parsed = parser.parse_args(arguments)
    return int(parsed.run(parsed))


def _reporting(command: Command) -> Command:
    """Make a command print every complaint and give 1 where the knowledge cannot be used."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            return command(arguments)
        except KnowledgeError as error:
            print(error, file=sys.stderr)
            print(f"{len(error.complaints)} complaint(s)", file=sys.stderr)
            return 1

    return run


Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives the type no public name


def _add_check(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("check", help="prove the whole folder: files, references, numbers, schema, releases")
    parser.add_argument("--on", type=dt.date.fromisoformat, help="day by which dates are judged (default: today)")
    parser.add_argument("--overlay", type=Path, metavar="DIR", help="prove a local overlay against the folder, too")
    parser.set_defaults(run=_reporting(_check))


def _check(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root
    records = load_tree(root)
    complaints = [*check_all(records, arguments.on or _today()), *stale_schemas(root / "schema")]
    try:
        releases = verify_all(root)
    except KnowledgeError as error:
        complaints.extend(error.complaints)
    overlay = ""
    if arguments.overlay:
        try:
            overlay = _overlay_is_sound(arguments.overlay, records, arguments.on or _today())
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
    changes = (*diff.added, *diff.revised, *diff.retired)
    for change in changes[:_MOST_CHANGES]:
        yield f"  {change.kind:7}  {textwrap.shorten(change.sentence, _LONGEST_CHANGE, placeholder=' …')}"
    hidden = len(changes) - _MOST_CHANGES
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


def _add_show(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("show", help="show a record, or an item, and what rests on it")
    parser.add_argument("id", help="id of a record, an item or a citation")
    parser.set_defaults(run=_reporting(_show))


def _show(arguments: argparse.Namespace) -> int:
    records = load_tree(arguments.root)
    found = [record for record in records if _names(record, arguments.id)]
    users = [line for record in records for line in _uses(records, record, arguments.id)]
    for record in found:
        print(f"# {records.source(record).path}")
        print(
            yaml.safe_dump(
                record.model_dump(mode="json", exclude_none=True), sort_keys=False, allow_unicode=True, width=120
            )
        )
    if users:
        print("# named in")
        print("\n".join(users))
    if not found and not users:
        print(f"nothing is called {arguments.id!r}", file=sys.stderr)
        return 1
    return 0


def _names(record: Record, name: str) -> bool:
    return record.id == name or any(getattr(model, "id", None) == name for _, model in walk(record))


def _uses(records: KnowledgeRecords, record: Record, name: str) -> list[str]:
    """Lines of a record that cite a source, or give a drug, regimen or mechanism by this name."""
    source, bare = records.source(record), name.partition(":")[2] or name
    found = []
    for at, model in walk(record):
        for key in ("citation", "citations", "therapy", "regimen", "drug", "mechanisms"):
            value = getattr(model, key, None)
            if value in (name, bare) or (isinstance(value, tuple) and name in value):
                item = getattr(model, "id", record.id)
                found.append(f"{source.path}:{source.line((*at, key))}: {item}")
    return found


def _add_cite(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("cite", help="write a new citation file from what you read at the source")
    parser.add_argument("id", help="short name of the source: first author or trial, and year (gainor-2016)")
    parser.add_argument("--title", required=True, help="the title as printed")
    parser.add_argument(
        "--type", default="article", help="article, abstract, label, guideline, registry … (default: article)"
    )
    for key, text in (
        ("pmid", "PubMed id, digits"),
        ("doi", "DOI, from 10."),
        ("nct", "ClinicalTrials.gov id"),
        ("pmc", "PubMed Central id"),
        ("registry", "id in another registry"),
        ("url", "public address"),
        ("regulator", "regulator and its document number"),
        ("journal", "journal"),
        ("year", "year of publication"),
    ):
        parser.add_argument(f"--{key}", help=text)
    parser.add_argument("--by", required=True, help="who curates")
    parser.set_defaults(run=_reporting(_cite))


def _cite(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root
    path = root / KINDS["citations"].path(arguments.id)
    if path.exists():
        print(f"{path} exists; nothing was written", file=sys.stderr)
        return 1
    keys = ("title", "journal", "year", "pmid", "doi", "nct", "pmc", "registry", "url", "regulator")
    given = {key: getattr(arguments, key) for key in keys if getattr(arguments, key)}
    curation = {
        "status": "draft",
        "curated_by": arguments.by,
        "checked_on": _today().isoformat(),
        "clinical_review": "pending",
    }
    content = {
        "schema_version": SCHEMA_VERSION,
        "id": arguments.id,
        "type": arguments.type,
        **given,
        "curation": curation,
    }
    try:
        CitationRecord.model_validate(content)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    path.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=1000), encoding="utf-8")
    print(f"wrote {path} as a draft. Compare it with the source, then set status: active.")
    return 0


def _add_coverage(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("coverage", help="table of variants against drugs: who studied what")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a file")
    parser.add_argument("--check", type=Path, metavar="FILE", help="fail when the file is not the table")
    parser.set_defaults(run=_reporting(_coverage))


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


def _add_diff(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("diff", help="what changed between two releases, or since the newest one")
    parser.add_argument("before", nargs="?", help="a release (default: the newest)")
    parser.add_argument("after", nargs="?", default=WORKING, help=f"a release, or {WORKING!r} (default)")
    parser.add_argument(
        "--cases", type=Path, metavar="DIR", help="list the stored cases whose answer moves, and the facts that move it"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=_reporting(_diff))


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


def _add_release(commands: Commands[argparse.ArgumentParser]) -> None:
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
    parser.set_defaults(run=_reporting(_release))


def _release(arguments: argparse.Namespace) -> int:
    root: Path = arguments.root
    on = arguments.on or _today()
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


def _add_withdraw(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("withdraw", help="declare a release wrong; it stays, and no service starts on it")
    parser.add_argument("version")
    parser.add_argument("--reason", required=True, help="what is wrong with it")
    parser.add_argument("--on", type=dt.date.fromisoformat, help="day of the withdrawal (default: today)")
    parser.set_defaults(run=_reporting(_withdraw))


def _withdraw(arguments: argparse.Namespace) -> int:
    withdraw(arguments.root, arguments.version, arguments.on or _today(), arguments.reason)
    print(f"withdrew {arguments.version}")
    return 0


def _add_verify(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("verify", help="recompute every digest of every release")
    parser.add_argument(
        "--earlier-index", type=Path, metavar="FILE", help="the index as it was; its rows must still stand"
    )
    parser.set_defaults(run=_reporting(_verify))


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


def _add_schema(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("schema", help="compare the JSON Schema files with the models, or write them")
    parser.add_argument("--write", action="store_true", help="write knowledge/schema/*.json")
    parser.set_defaults(run=_reporting(_schema))


def _schema(arguments: argparse.Namespace) -> int:
    folder: Path = arguments.root / "schema"
    if arguments.write:
        write_schemas(folder)
        return 0
    complaints = stale_schemas(folder)
    if complaints:
        raise KnowledgeError(complaints)
    return 0


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).date()
