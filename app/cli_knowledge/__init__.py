"""The commands of a curator.

``tki knowledge check | show | cite | coverage | diff | release | withdraw | verify | schema``
"""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli_knowledge import checking, curating, releasing


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add ``knowledge`` and its commands. Each sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser("knowledge", help="check, read, compare and release the knowledge base")
    parser.add_argument(
        "--root", type=Path, default=Path("knowledge"), help="the knowledge folder (default: %(default)s)"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for add in (
        checking.add_check,
        curating.add_show,
        curating.add_cite,
        checking.add_coverage,
        releasing.add_diff,
        releasing.add_release,
        releasing.add_withdraw,
        releasing.add_verify,
        checking.add_schema,
    ):
        add(commands)


def main(arguments: list[str] | None = None) -> int:
    """Run ``tki knowledge`` alone."""
    parser = argparse.ArgumentParser(prog="tki")
    add_parser(parser.add_subparsers(required=True))
    parsed = parser.parse_args(arguments)
    return int(parsed.run(parsed))
