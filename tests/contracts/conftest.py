"""A client of the application, its knowledge read once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from app.knowledge.index import KnowledgeIndex
from app.knowledge.loader import KnowledgeRecords
from app.service import Engine
from app.startup import Loaded
from tests.support.http import loaded, serving


@pytest.fixture(scope="session")
def real(engine: Engine, real_records: KnowledgeRecords, real_index: KnowledgeIndex) -> Loaded:
    return loaded(engine, real_records, real_index)


@pytest.fixture(scope="module")
def client(real: Loaded) -> Iterator[TestClient]:
    with serving(real) as client:
        yield client
