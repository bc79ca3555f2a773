"""Commands for one record: ``show``, ``cite``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

from app.cli_knowledge.command import Commands, reporting, today
from app.knowledge.kinds import KINDS
from app.knowledge.loader import KnowledgeRecords, load_tree
from app.knowledge.records import SCHEMA_VERSION, CitationRecord, Record
from app.knowledge.walk import walk


def add_show(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``show``."""
    parser = commands.add_parser("show", help="show a record, or an item, and what rests on it")
    parser.add_argument("id", help="id of a record, an item or a citation")
    parser.set_defaults(run=reporting(_show))


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


def add_cite(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add ``cite``."""
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
    parser.set_defaults(run=reporting(_cite))


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
        "checked_on": today().isoformat(),
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
