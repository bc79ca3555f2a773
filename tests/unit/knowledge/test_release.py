from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge import release
from app.knowledge.bundle import digest_of, pack, unpack
from app.knowledge.errors import KnowledgeError
from app.knowledge.kinds import KINDS
from app.knowledge.loader import KnowledgeRecords, gather, load_tree
from app.knowledge.manifest import Manifest, engine_fits, load_index, newest
from app.knowledge.release import freeze, load_release, verify_all, withdraw
from tests.trees import edit, small_tree

FIRST, SECOND = dt.date(2026, 11, 20), dt.date(2026, 11, 25)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_tree(tmp_path / "knowledge")


def frozen(root: Path, version: str = "2026.11.0", on: dt.date = FIRST) -> Manifest:
    return freeze(load_tree(root), version, on, root, curated_by="a curator")


def changed(root: Path) -> Path:
    """A second state: one verdict revised, one item added, one record retired, one added."""
    edit(root, "effects/ALK/G11R.yaml", "activity: sensitive", "activity: reduced")
    edit(
        root,
        "effects/ALK/A7T+G11R.yaml",
        "status: active",
        "status: retired\n  retired_because: the case was withdrawn",
    )
    edit(
        root,
        "guidance/ALK-tki_naive.yaml",
        "curation:",
        "  - {id: gl-doe-second, regimen: samplinib, standing: against, body: A society, version: '2020.1',\n"
        "     summary: A society advises against samplinib., citation: doe-2020, status: read_in_primary}\ncuration:",
    )
    text = (root / "citations" / "doe-2020.yaml").read_text(encoding="utf-8")
    (root / "citations" / "roe-2021.yaml").write_text(text.replace("doe-2020", "roe-2021"), encoding="utf-8")
    return root


def records_of(records: KnowledgeRecords) -> list[object]:
    return list(records.active())


def test_a_release_gives_back_the_active_records(root: Path) -> None:
    manifest = frozen(root)
    records, loaded = load_release(root, "2026.11.0")
    assert records_of(records) == records_of(load_tree(root))
    assert loaded == manifest
    assert manifest.clinical_review == "pending"
    assert manifest.shelf_life_days == 180
    assert manifest.previous is None


def test_the_bundle_is_canonical_and_named_by_its_digest(root: Path) -> None:
    manifest = frozen(root)
    content = (root / "releases" / "2026.11.0" / "bundle.json").read_bytes()
    again = json.dumps(json.loads(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert content == again.encode("utf-8")
    assert b"null" not in content
    assert load_index(root).releases[0].digest == manifest.digest


def test_drafts_do_not_enter_a_release(root: Path) -> None:
    edit(root, "effects/ALK/A7T+G11R.yaml", "status: active", "status: draft")
    frozen(root)
    records, _ = load_release(root, "2026.11.0")
    assert [effect.id for effect in records.effects] == ["effect:ALK:G11R"]


def test_a_second_release_names_what_it_changed(root: Path) -> None:
    frozen(root)
    manifest = frozen(changed(root), "2026.11.1", SECOND)
    assert manifest.changes.model_dump() == {"added": 2, "revised": 1, "retired": 1}
    assert manifest.previous == "2026.11.0"
    notes = (root / "releases" / "2026.11.1" / "changes.md").read_text(encoding="utf-8")
    assert "item g11r-examplinib-cell: activity moved from sensitive to reduced. [doe-2020]" in notes
    assert "effect:ALK:A7T+G11R: the case was withdrawn." in notes
    assert newest(root) == "2026.11.1"
    assert [row.version for row in verify_all(root).released()] == ["2026.11.0", "2026.11.1"]


def test_the_notes_name_cases_whose_answer_moved(root: Path) -> None:
    freeze(load_tree(root), "2026.11.0", FIRST, root, curated_by="a curator", moved_cases=["Case 1: x before y."])
    notes = (root / "releases" / "2026.11.0" / "changes.md").read_text(encoding="utf-8")
    assert notes.endswith("## Cases whose answer moved\n\n- Case 1: x before y.\n")


@pytest.mark.parametrize(
    ("version", "on", "words"),
    [
        ("2026.11.0", SECOND, "does not come after"),
        ("2026.12.0", SECOND, "not a version of the month"),
        ("2026.11", SECOND, "not of the form"),
        ("2026.11.01", SECOND, "not of the form"),
        ("2026.11.1", dt.date(2026, 11, 19), "lies before the release"),
    ],
)
def test_versions_only_go_forward(root: Path, version: str, on: dt.date, words: str) -> None:
    frozen(root)
    with pytest.raises(KnowledgeError, match=words):
        frozen(changed(root), version, on)


def test_nothing_changed_is_no_release(root: Path) -> None:
    frozen(root)
    with pytest.raises(KnowledgeError, match=r"nothing changed since 2026\.11\.0"):
        frozen(root, "2026.11.1", SECOND)


def test_unsound_knowledge_is_not_released(root: Path) -> None:
    edit(root, "guidance/ALK-tki_naive.yaml", "citation: doe-2020", "citation: doe-2021")
    with pytest.raises(KnowledgeError, match="doe-2021"):
        frozen(root)
    assert not (root / "releases").exists()


def test_a_record_checked_after_the_release_date_is_not_released(root: Path) -> None:
    with pytest.raises(KnowledgeError, match="lies after 2026-10-20"):
        frozen(root, "2026.10.0", dt.date(2026, 10, 20))


def test_a_policy_that_is_a_draft_is_not_released(root: Path) -> None:
    edit(root, "policy/ranking.yaml", "status: active", "status: draft")
    with pytest.raises(KnowledgeError, match="the policy is not active"):
        frozen(root)


def test_a_released_record_is_retired_and_never_dropped(root: Path) -> None:
    frozen(root)
    (changed(root) / "effects" / "ALK" / "A7T+G11R.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"effect:ALK:A7T\+G11R was released and is gone"):
        frozen(root, "2026.11.1", SECOND)


def test_a_released_record_does_not_become_a_draft_again(root: Path) -> None:
    frozen(root)
    edit(root, "effects/ALK/A7T+G11R.yaml", "status: active", "status: draft")
    with pytest.raises(KnowledgeError, match="is a draft again"):
        frozen(root, "2026.11.1", SECOND)


def test_a_withdrawn_release_stays_and_is_not_served(root: Path) -> None:
    frozen(root)
    frozen(changed(root), "2026.11.1", SECOND)
    withdraw(root, "2026.11.1", dt.date(2026, 11, 26), "the dose was wrong")
    assert newest(root) == "2026.11.0"
    with pytest.raises(KnowledgeError, match="was withdrawn on 2026-11-26: the dose was wrong"):
        load_release(root, "2026.11.1")
    assert load_release(root, "2026.11.1", withdrawn_too=True)[1].release == "2026.11.1"
    assert len(verify_all(root).releases) == 3


@pytest.mark.parametrize(
    ("version", "reason", "words"),
    [("2026.11.9", "wrong", "there is no release"), ("2026.11.0", " ", "says why")],
)
def test_only_a_release_is_withdrawn_and_with_a_reason(root: Path, version: str, reason: str, words: str) -> None:
    frozen(root)
    with pytest.raises(KnowledgeError, match=words):
        withdraw(root, version, SECOND, reason)


def test_a_release_is_withdrawn_once(root: Path) -> None:
    frozen(root)
    withdraw(root, "2026.11.0", SECOND, "wrong")
    with pytest.raises(KnowledgeError, match="was withdrawn before"):
        withdraw(root, "2026.11.0", SECOND, "wrong again")


def test_an_unknown_release_is_refused_with_the_known_ones(root: Path) -> None:
    frozen(root)
    with pytest.raises(KnowledgeError, match=r"no release 2026\.11\.7 \(known: 2026\.11\.0\)"):
        load_release(root, "2026.11.7")


def _swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def tamper(root: Path) -> None:
        path = root / "releases" / name
        text = path.read_bytes().decode("utf-8")
        assert old in text
        path.write_bytes(text.replace(old, new, 1).encode("utf-8"))

    return tamper


def _drop_first_row(root: Path) -> None:
    path = root / "releases" / "index.yaml"
    head, _, rest = path.read_text(encoding="utf-8").partition("- version")
    path.write_text(head + "- version" + rest.partition("- version")[2], encoding="utf-8")
    shutil.rmtree(root / "releases" / "2026.11.0")


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (_swap("2026.11.0/bundle.json", "reduced", "resistant"), "bundle.json: the file was changed"),
        (_swap("2026.11.0/bundle.json", "}", "}\n"), "bundle.json: the file was changed"),
        (_swap("2026.11.0/manifest.yaml", "180", "900"), "manifest.yaml: the file was changed"),
        (_swap("index.yaml", "digest: sha256:", "digest: sha256:0"), "bundle.json: the file was changed"),
        (_swap("index.yaml", "2026.11.0", "2026.11.2"), "2026.11.0: there is no row for this folder"),
        (lambda root: shutil.rmtree(root / "releases" / "2026.11.0"), "the file is missing"),
        (_drop_first_row, "follows 2026.11.0, but the row before it is None"),
        (lambda root: (root / "releases" / "2026.11.8").mkdir(), "there is no row for this folder"),
        (_swap("index.yaml", "status: released", "status: removed"), "the file cannot be read"),
    ],
    ids=["content", "line-ending", "manifest", "row", "version", "folder", "first-row", "stray-folder", "status"],
)
def test_tampering_is_refused(root: Path, tamper: Callable[[Path], None], words: str) -> None:
    frozen(root)
    frozen(changed(root), "2026.11.1", SECOND)
    tamper(root)
    with pytest.raises(KnowledgeError, match=words):
        verify_all(root)


def test_the_last_row_cannot_vanish_beside_an_earlier_index(root: Path) -> None:
    frozen(root)
    before = (root / "releases" / "index.yaml").read_text(encoding="utf-8")
    frozen(changed(root), "2026.11.1", SECOND)
    after = (root / "releases" / "index.yaml").read_text(encoding="utf-8")
    verify_all(root, before)
    (root / "releases" / "index.yaml").write_text(before, encoding="utf-8")
    shutil.rmtree(root / "releases" / "2026.11.1")
    with pytest.raises(KnowledgeError, match="a row was changed or removed"):
        verify_all(root, after)


def test_a_broken_run_leaves_no_half_release(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        frozen(root)
    monkeypatch.undo()
    assert newest(root) is None
    assert frozen(root).release == "2026.11.0"


def test_an_existing_folder_is_never_written_over(root: Path) -> None:
    (root / "releases" / "2026.11.0").mkdir(parents=True)
    with pytest.raises(KnowledgeError, match="the folder exists"):
        frozen(root)


def test_a_manifest_of_another_release_is_refused(root: Path) -> None:
    frozen(root)
    path = root / "releases" / "2026.11.0" / "manifest.yaml"
    before = digest_of(path.read_bytes())
    _swap("2026.11.0/manifest.yaml", "release: 2026.11.0", "release: 2026.11.9")(root)
    _swap("index.yaml", before, digest_of(path.read_bytes()))(root)
    with pytest.raises(KnowledgeError, match="manifest and row do not agree"):
        load_release(root, "2026.11.0")


def test_a_withdrawal_of_nothing_is_refused(root: Path) -> None:
    frozen(root)
    withdraw(root, "2026.11.0", SECOND, "wrong")
    _swap("index.yaml", "version: 2026.11.0\n  status: withdrawn", "version: 2026.11.5\n  status: withdrawn")(root)
    with pytest.raises(KnowledgeError, match=r"2026\.11\.5 is withdrawn but was never released"):
        verify_all(root)


def test_a_release_of_a_later_schema_is_not_read(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frozen(root)
    monkeypatch.setattr(release, "SCHEMA_VERSION", "2.0")
    with pytest.raises(KnowledgeError, match=r"schema 1\.\d cannot be read by 2\.0"):
        load_release(root, "2026.11.0")


def test_signed_records_name_their_clinicians(root: Path) -> None:
    for path in root.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        signed = "\ncuration:\n  clinical_review: {by: Dr A, on: '2026-11-03'}\n"
        path.write_text(text.replace("\ncuration:\n", signed), encoding="utf-8")
    assert frozen(root).clinical_review == "Dr A"


def test_a_bundle_of_another_schema_is_refused() -> None:
    with pytest.raises(KnowledgeError, match=r"bundle\.json: policy: Field required"):
        unpack(b'{"schema_version":"1.0"}')


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeRecords:
    return load_tree(small_tree(tmp_path_factory.mktemp("any") / "knowledge"))


@given(seed=st.randoms(use_true_random=False))
def test_the_bundle_does_not_depend_on_the_order_of_files(records: KnowledgeRecords, seed: random.Random) -> None:
    shuffled = {kind: list(getattr(records, kind)) for kind in KINDS if kind != "policy"}
    for held in shuffled.values():
        seed.shuffle(held)
    assert pack(gather({**shuffled, "policy": [records.policy]})) == pack(records)


@pytest.mark.parametrize(
    ("requires", "engine", "fits"),
    [
        (">=1.0,<2", "1.0.0", True),
        (">=1.0,<2", "1.9.3", True),
        (">=1.0,<2", "2.0.0", False),
        (">=1.2,<2", "1.1.9", False),
        (">=1.2", "3.0.0", True),
    ],
)
def test_engine_range(requires: str, engine: str, fits: bool) -> None:
    assert engine_fits(requires, engine) is fits
