"""From files to a running engine."""

from __future__ import annotations

import datetime as dt

import pytest

from app import startup
from app.knowledge.errors import KnowledgeError
from app.knowledge.loader import load_tree
from app.knowledge.release import freeze, withdraw
from app.settings import Settings
from app.startup import load
from tests.trees import small_tree

DAY = dt.date(2026, 11, 30)


@pytest.fixture
def root(tmp_path):
    return small_tree(tmp_path / "knowledge")


def release(root, version="2026.11.0", **more):
    freeze(load_tree(root), version, DAY, root, curated_by="a curator", **more)


def settings(root, asked="newest"):
    return Settings(knowledge_dir=root, knowledge_release=asked)


def test_without_a_release_the_working_tree_is_served(root):
    loaded = load(settings(root))
    assert loaded.engine.knowledge_versions == ("working",)
    assert loaded.catalogue.releases()["default"] == "working"


def test_the_newest_release_is_served_and_named(root):
    release(root)
    loaded = load(settings(root))
    assert loaded.engine.default_version == "2026.11.0"
    assert loaded.engine.index().release.digest == loaded.catalogue.release("2026.11.0")["digest"]


def test_the_working_tree_stands_beside_the_releases_when_asked_for(root):
    release(root)
    loaded = load(settings(root, "working"))
    assert loaded.engine.knowledge_versions == ("2026.11.0", "working")
    assert loaded.catalogue.diff("2026.11.0", "working")["changes"] == []


def test_a_withdrawn_release_is_shown_and_not_served(root):
    release(root)
    withdraw(root, "2026.11.0", DAY, "a wrong fact")
    loaded = load(settings(root))
    assert loaded.engine.knowledge_versions == ("working",)
    shown = loaded.catalogue.release("2026.11.0")
    assert (shown["withdrawn"], shown["withdrawn_because"], shown["loaded"]) == (True, "a wrong fact", False)
    with pytest.raises(KnowledgeError, match=r"no release 2026\.11\.0"):
        load(settings(root, "2026.11.0"))


def test_a_changed_byte_stops_the_start(root):
    release(root)
    bundle = root / "releases" / "2026.11.0" / "bundle.json"
    bundle.write_bytes(bundle.read_bytes() + b" ")
    with pytest.raises(KnowledgeError, match="was changed"):
        load(settings(root))


def test_a_release_for_another_engine_stops_the_start(root):
    release(root, requires_engine=">=99.0")
    with pytest.raises(KnowledgeError, match="needs an engine"):
        load(settings(root))


def test_a_missing_folder_is_named_with_its_cure(tmp_path):
    with pytest.raises(KnowledgeError, match="TKI_KNOWLEDGE_DIR"):
        load(settings(tmp_path / "nowhere"))


def test_an_older_release_is_proven_at_the_start_and_compiled_when_first_asked_for(root, monkeypatch):
    release(root)
    doe = (root / "citations" / "doe-2020.yaml").read_text(encoding="utf-8")
    (root / "citations" / "roe-2021.yaml").write_text(doe.replace("doe-2020", "roe-2021"), encoding="utf-8")
    release(root, "2026.11.1")
    compiled = []
    real = startup.compile_index

    def noted(records, release):
        compiled.append(release.version)
        return real(records, release)

    monkeypatch.setattr(startup, "compile_index", noted)
    engine = load(settings(root)).engine
    assert (engine.knowledge_versions, compiled) == (("2026.11.0", "2026.11.1"), ["2026.11.1"])
    assert engine.index("2026.11.0") is engine.index("2026.11.0")
    assert compiled == ["2026.11.1", "2026.11.0"]
