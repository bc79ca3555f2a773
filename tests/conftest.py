"""What several kinds of test share: the knowledge of the repository, read once, an engine that answers from it, and a client of
the application.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.knowledge.index import KnowledgeIndex
from app.knowledge.loader import KnowledgeRecords
from app.service import Engine
from app.startup import Loaded
from tests.support import real as repository
from tests.support.http import loaded, serving


@pytest.fixture(scope="session")
def real_records() -> KnowledgeRecords:
    """The records of ``knowledge/`` as they stand, without drafts."""
    return repository.records()


@pytest.fixture(scope="session")
def real_index() -> KnowledgeIndex:
    """The knowledge of the repository, compiled."""
    return repository.index()


@pytest.fixture(scope="session")
def engine() -> Engine:
    """An engine on the knowledge of the repository."""
    return repository.engine()


@pytest.fixture(scope="session")
def real(engine: Engine, real_records: KnowledgeRecords, real_index: KnowledgeIndex) -> Loaded:
    """What the application loads: engine and catalogue on the knowledge of the repository."""
    return loaded(engine, real_records, real_index)


@pytest.fixture(scope="module")
def client(real: Loaded) -> Iterator[TestClient]:
    """A client of the application."""
    with serving(real) as client:
        yield client
