"""The application on the knowledge of the repository, or on an engine that fails on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.testclient import TestClient

from app.catalogue import Catalogue, ReleaseRow
from app.knowledge.index import KnowledgeIndex
from app.knowledge.loader import KnowledgeRecords
from app.main import create_app
from app.service import Engine
from app.settings import Settings
from app.startup import Loaded

CASE = {"driver": {"gene": "ALK"}}


def loaded(engine: Engine, records: KnowledgeRecords, index: KnowledgeIndex) -> Loaded:
    release = index.release
    row = ReleaseRow(release.version, release.released.isoformat(), release.digest)
    catalogue = Catalogue((row,), release.version, {release.version: records}, {release.version: index})
    return Loaded(engine, catalogue)


@contextmanager
def serving(what: Loaded, settings: Settings | None = None) -> Iterator[TestClient]:
    app = create_app(settings or Settings(), lambda _: what)
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
