"""What several kinds of test share: the knowledge of the repository, read once, and an engine that answers from it."""

from __future__ import annotations

import pytest

from app.knowledge.index import KnowledgeIndex
from app.knowledge.loader import KnowledgeRecords
from app.service import Engine
from tests.support import real


@pytest.fixture(scope="session")
def real_records() -> KnowledgeRecords:
    """The records of ``knowledge/`` as they stand, without drafts."""
    return real.records()


@pytest.fixture(scope="session")
def real_index() -> KnowledgeIndex:
    """The knowledge of the repository, compiled."""
    return real.index()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """An engine on the knowledge of the repository."""
    return real.engine()
