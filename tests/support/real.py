"""The knowledge of the repository, read once per run."""

from __future__ import annotations

import datetime as dt
from functools import cache

from app.knowledge.compiler import compile_index
from app.knowledge.index import KnowledgeIndex, Release
from app.knowledge.loader import KnowledgeRecords, load_tree
from app.service import Engine
from tests.trees import REPOSITORY


@cache
def records() -> KnowledgeRecords:
    """The records of ``knowledge/`` as they stand, without drafts."""
    return load_tree(REPOSITORY / "knowledge").active()


@cache
def index() -> KnowledgeIndex:
    """The knowledge of the repository, compiled."""
    return compile_index(records(), Release("working", dt.date(2026, 11, 20), "sha256:working"))


@cache
def engine() -> Engine:
    """An engine on the knowledge of the repository."""
    return Engine({"working": index()}, "working")
