"""What several kinds of test share: the knowledge of the repository, read once, and an engine that answers from it."""

from __future__ import annotations

import datetime as dt

import pytest

from app.knowledge.compiler import compile_index
from app.knowledge.index import KnowledgeIndex, Release
from app.knowledge.loader import KnowledgeRecords, load_tree
from app.service import Engine
from tests.trees import REPOSITORY


@pytest.fixture(scope="session")
def real_records() -> KnowledgeRecords:
    """The records of ``knowledge/`` as they stand, without drafts."""
    return load_tree(REPOSITORY / "knowledge").active()


@pytest.fixture(scope="session")
def real_index(real_records: KnowledgeRecords) -> KnowledgeIndex:
    """The knowledge of the repository, compiled."""
    return compile_index(real_records, Release("working", dt.date(2026, 11, 20), "sha256:working"))


@pytest.fixture(scope="session")
def engine(real_index: KnowledgeIndex) -> Engine:
    """An engine on the knowledge of the repository."""
    return Engine({"working": real_index}, "working")
