"""Local overlays: read like the knowledge, checked, and unable to touch a fact."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli_knowledge import main
from app.knowledge.errors import KnowledgeError
from app.knowledge.index import KnowledgeIndex
from app.knowledge.overlay import FormularyRecord, OverlayDocument, compile_overlay
from app.knowledge.overlay_checks import known_names, overlay_faults
from app.knowledge.overlay_files import load_overlay
from app.settings import Settings
from app.startup import load, overlaid
from tests.support.knowledge import answer_of, effect, failed, guidance, knowledge, reasons_of, regimen, sample, seen
from tests.support.sides import CURATION, formulary, overlay_of, without
from tests.trees import REPOSITORY

EXAMPLE = REPOSITORY / "examples" / "overlay" / "st-elsewhere"
G11R = effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")])
PAIR = regimen("betatinib+gammatinib", "combination", "betatinib", "gammatinib")
INDEX = knowledge(G11R, PAIR, guidance("after_second_generation", gammatinib="preferred"))
RELAPSE = {"treatments": [failed("betatinib")], "samples": [sample("ALK p.G11R")]}


def folder(tmp_path: Path, name: str = "here", **files: dict[str, Any]) -> Path:
    root = tmp_path / name
    (root / "formulary").mkdir(parents=True)
    for stem, record in files.items():
        text = yaml.safe_dump(json.loads(json.dumps(record)), allow_unicode=True, sort_keys=False)
        (root / "formulary" / f"{stem}.yaml").write_text(text, encoding="utf-8")
    return root


def complaints(root: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load_overlay(root, known_names([INDEX]))
    return [str(one) for one in caught.value.complaints]


# --- reading ----------------------------------------------------------------------------------------------------


def test_a_folder_is_an_overlay_named_after_it(tmp_path: Path) -> None:
    root = folder(tmp_path, here=without("gammatinib"))
    (root / "README.md").write_text("What this is.", encoding="utf-8")
    document = load_overlay(root, known_names([INDEX]))
    assert document.name == "here"
    assert compile_overlay(document) == overlay_of(without("gammatinib"))


def test_the_digest_is_of_the_content_not_of_the_files(tmp_path: Path) -> None:
    one, other = without("gammatinib"), formulary(id="formulary:more", notes=[note("betatinib")])
    assert overlay_of(one, other).digest == overlay_of(other, one).digest
    assert overlay_of(one, other).digest.startswith("sha256:")
    assert overlay_of(one, other).digest != overlay_of(one).digest
    assert overlay_of(one, name="there").digest != overlay_of(one).digest
    draft = {**other, "curation": {**CURATION, "status": "draft"}}
    assert overlay_of(one, draft).digest == overlay_of(one).digest


def note(regimen: str, **more: Any) -> dict[str, Any]:
    return {"regimen": regimen, "text": "It is kept at the ward.", "text_zh": "病区备药。", "source": "page 3", **more}


@pytest.mark.parametrize(
    ("record", "says"),
    [
        (without("gamatinib"), "formulary/here.yaml:9: regimen 'gamatinib' is not known"),
        (without("rhotinib", genes=["ALK"]), "rhotinib is no option for ALK (it is one for ROS1)"),
        (without("gammatinib", genes=["EGFR"]), "should be 'ALK' or 'ROS1'"),
        (without("gammatinib", because="Not stocked"), "because does not end with a full stop"),
        (without("gammatinib", because_zh="无。 "), "because_zh does not end"),
        (without("gammatinib", because="x" * 401 + "."), "because has 402 characters"),
        (without("gammatinib", source=" "), "the source is empty"),
        (formulary(notes=[note("carboplatin")]), "regimen 'carboplatin' is not known"),
        (formulary(notes=[note("betatinib", text="Two\nlines.")]), "text holds a line break"),
        (formulary(owner=" ", notes=[note("betatinib")]), "the owner is empty"),
        (formulary(), "the record says nothing"),
        (formulary(id="formulary:other", notes=[note("betatinib")]), "belongs in formulary/other.yaml"),
        (formulary(id="here", notes=[note("betatinib")]), "does not start with 'formulary:'"),
        (formulary(notes=[note("betatinib")], effects=[]), "effects is not a key of this record"),
        (formulary(notes=[note("betatinib")], curation={**CURATION, "status": "draft"}), "no record is active"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, record: dict[str, Any], says: str) -> None:
    found = complaints(folder(tmp_path, here=record))
    assert any(says in one for one in found), found


def test_strict_yaml_holds_for_overlays_too(tmp_path: Path) -> None:
    root = folder(tmp_path, here=without("gammatinib"))
    path = root / "formulary" / "here.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "owner: twice\n", encoding="utf-8")
    assert "owner" in complaints(root)[0]


@pytest.mark.parametrize("name", ["effects/ALK/G11R.yaml", "notes.txt", "formulary/deep/here.yaml", "drugs/x.yaml"])
def test_an_overlay_holds_no_facts(tmp_path: Path, name: str) -> None:
    root = folder(tmp_path, here=without("gammatinib"))
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text("schema_version: '1.0'\n", encoding="utf-8")
    assert "cannot add, change or remove facts" in complaints(root)[0]


def test_an_empty_folder_and_an_odd_name_are_refused(tmp_path: Path) -> None:
    assert "there is no overlay here" in complaints(folder(tmp_path, "empty"))[0]
    assert "cannot be one" in complaints(folder(tmp_path, "St Elsewhere", here=without("gammatinib")))[0]


def test_two_records_of_one_id_are_refused() -> None:
    twice = tuple(FormularyRecord.model_validate(without("gammatinib")) for _ in range(2))
    faults = overlay_faults(OverlayDocument(name="here", formularies=twice), known_names([INDEX]))
    assert [fault.what for fault in faults] == ["record id 'formulary:here' stands twice"]


# --- what it does -----------------------------------------------------------------------------------------------


def test_a_restricted_regimen_and_what_holds_it_are_not_recommended() -> None:
    index = INDEX.with_overlay(overlay_of(without("gammatinib")))
    answer = answer_of(index, **RELAPSE)
    assert "not_available_locally" in reasons_of(answer)["gammatinib"]
    assert "not_available_locally" in reasons_of(answer)["betatinib+gammatinib"]
    excluded = next(one for one in answer["not_recommended"] if one["regimen_id"] == "gammatinib")
    reason = next(one for one in excluded["reasons"] if one["code"] == "not_available_locally")
    assert reason["text"] == "It is not stocked here. (decision 7)"
    assert reason["citations"] == ["overlay:here"]
    assert answer["citations"]["overlay:here"]["digest"] == index.overlay.digest  # type: ignore[union-attr]
    assert answer["knowledge"]["overlay"] == {"name": "here", "digest": index.overlay.digest}  # type: ignore[union-attr]


def test_the_restriction_is_said_in_the_language_asked_for() -> None:
    answer = answer_of(INDEX.with_overlay(overlay_of(without("gammatinib"))), language="zh-CN", **RELAPSE)
    excluded = next(one for one in answer["not_recommended"] if one["regimen_id"] == "gammatinib")
    assert "本院未备药。 (decision 7)" in [one["text"] for one in excluded["reasons"]]


def test_restrictions_of_one_regimen_for_two_genes_both_stand() -> None:
    said = {"because": "It is not stocked here.", "source": "decision 7", "regimen": "gammatinib"}
    ros1 = formulary(id="formulary:a", unavailable=[{**said, "genes": ["ROS1"]}])
    alk = formulary(id="formulary:b", unavailable=[{**said, "genes": ["ALK"]}])
    answer = answer_of(INDEX.with_overlay(overlay_of(ros1, alk)), **RELAPSE)
    assert "not_available_locally" in reasons_of(answer)["gammatinib"]
    answer = answer_of(INDEX.with_overlay(overlay_of(ros1)), **RELAPSE)
    assert "gammatinib" in {one["regimen_id"] for one in answer["options"]}


def test_a_note_stands_beside_the_regimen_and_moves_nothing() -> None:
    index = INDEX.with_overlay(overlay_of(formulary(notes=[note("gammatinib")])))
    plain, noted = answer_of(INDEX, **RELAPSE), answer_of(index, **RELAPSE)
    local = [one for option in noted["options"] for one in option["rationale"] if one["rule"] == "local"]
    assert local == [{"text": "It is kept at the ward.", "rule": "local", "citations": ["overlay:here"]}]
    for option in noted["options"]:
        option["rationale"] = [one for one in option["rationale"] if one["rule"] != "local"]
    assert noted["options"] == plain["options"]
    assert noted["not_recommended"] == plain["not_recommended"]


def test_an_overlay_changes_no_fact() -> None:
    """All look-ups but the overlay itself are the very same objects, and only options that it restricts leave the order."""
    index = INDEX.with_overlay(
        overlay_of(without("deltatinib"), formulary(id="formulary:n", notes=[note("gammatinib")]))
    )
    for name in KnowledgeIndex.__dataclass_fields__:
        if name not in ("overlay", "_memo", "_cited", "roles", "remembered"):
            assert getattr(index, name) is getattr(INDEX, name)
    plain, local = answer_of(INDEX, **RELAPSE), answer_of(index, **RELAPSE)
    kept = [one["regimen_id"] for one in plain["options"] if one["regimen_id"] != "deltatinib"]
    assert [one["regimen_id"] for one in local["options"]] == kept
    before = {one["regimen_id"]: one for one in plain["options"]}
    for option in local["options"]:
        assert option["activity"] == before[option["regimen_id"]]["activity"]
        assert option["criteria"] == before[option["regimen_id"]]["criteria"]
        assert option["category"] == before[option["regimen_id"]]["category"]


def test_what_is_remembered_is_not_shared() -> None:
    answer_of(INDEX, **RELAPSE)
    laid = INDEX.with_overlay(overlay_of(without("gammatinib")))
    assert laid._memo == {}
    assert laid._memo is not INDEX._memo
    assert laid._cited is not INDEX._cited


def test_the_recommendation_id_tells_overlays_apart() -> None:
    ids = {
        answer_of(INDEX.with_overlay(overlay), **RELAPSE)["recommendation_id"]
        for overlay in (None, overlay_of(without("gammatinib")), overlay_of(without("deltatinib")))
    }
    assert len(ids) == 3


def test_an_overlay_cannot_lift_an_exclusion() -> None:
    """Its schema has words for restrictions and notes only."""
    assert set(FormularyRecord.model_fields) == {
        "schema_version", "id", "curation", "owner", "unavailable", "notes"
    }  # fmt: skip
    excluded = set(reasons_of(answer_of(INDEX, **RELAPSE)))
    laid = answer_of(INDEX.with_overlay(overlay_of(without("deltatinib"))), **RELAPSE)
    assert excluded <= set(reasons_of(laid))


# --- loading and the command ------------------------------------------------------------------------------------


def test_start_up_lays_it_over_every_release(tmp_path: Path) -> None:
    found = overlaid({"a": INDEX, "b": INDEX}, folder(tmp_path, here=without("gammatinib")))
    assert {one.overlay.name for one in found.values() if one.overlay} == {"here"}
    assert len(found) == 2


def test_start_up_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="TKI_OVERLAY_DIR"):
        overlaid({"a": INDEX}, tmp_path / "nowhere")


def test_the_example_is_sound_and_served(real_index: KnowledgeIndex) -> None:
    loaded = load(Settings(knowledge_release="working", overlay_dir=EXAMPLE))
    answer = json.loads(loaded.engine.recommend_bytes(b'{"driver":{"gene":"ALK"},"knowledge_version":"working"}').body)
    assert answer["knowledge"]["overlay"]["name"] == "st-elsewhere"
    assert "not_available_locally" in reasons_of(answer)["brigatinib"]
    assert loaded.catalogue.citation("overlay:st-elsewhere")["citation"]["type"] == "local"
    ros1 = json.loads(loaded.engine.recommend_bytes(b'{"driver":{"gene":"ROS1"},"knowledge_version":"working"}').body)
    assert "not_available_locally" not in reasons_of(ros1).get("crizotinib", [])


def test_check_proves_an_overlay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = REPOSITORY / "knowledge"
    bad = folder(tmp_path, here=without("gammatinib"))
    assert main(["knowledge", "--root", str(root), "check", "--overlay", str(bad)]) == 1
    assert "regimen 'gammatinib' is not known" in capsys.readouterr().err
    assert main(["knowledge", "--root", str(root), "check", "--overlay", str(tmp_path / "nowhere")]) == 1
    assert "there is no such folder" in capsys.readouterr().err
