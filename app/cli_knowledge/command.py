"""What the commands of a curator share."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable

from app.knowledge.errors import KnowledgeError

Command = Callable[[argparse.Namespace], int]
Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives the type no public name
WORKING = "working"
"""Name of the tree as it stands, beside the releases."""


def reporting(command: Command) -> Command:
    """Make a command print every complaint and give 1 where the knowledge cannot be used."""

    def run(arguments: argparse.Namespace) -> int:
        try:
            return command(arguments)
        except KnowledgeError as error:
            print(error, file=sys.stderr)
            print(f"{len(error.complaints)} complaint(s)", file=sys.stderr)
            return 1

    return run


def today() -> dt.date:
    """The day in UTC."""
    return dt.datetime.now(tz=dt.UTC).date()
