from __future__ import annotations

from pathlib import Path

import pytest

from app.cli_knowledge import main
from app.knowledge.loader import load_tree
from app.knowledge.schema import write_schemas
from tests.trees import edit, small_tree

ON = ("--on", "2026-11-20")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_tree(tmp_path / "knowledge")
    write_schemas(root / "schema")
    return root


def tki(root: Path, *arguments: str) -> int:
    return main(["knowledge", "--root", str(root), *arguments])


def released(root: Path) -> None:
    assert tki(root, "release", *ON, "--by", "a curator") == 0


def test_check_counts_what_is_sound(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "check", *ON) == 0
    out = capsys.readouterr().out
    assert out.startswith("sound: 3 genes, 2 drugs, 1 regimens, 2 effects")
    assert out.endswith("0 drafts; 0 releases\n")


def test_check_tells_what_changed_since_the_newest_release(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released(root)
    edit(root, "effects/ALK/G11R.yaml", "level: E", "level: D")
    assert tki(root, "check", *ON) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-3] == "since 2026.11.0: 0 added, 1 revised, 0 retired"
    assert "item g11r-examplinib-memory: level moved from E to D." in out[-2]


def test_check_stays_calm_when_much_changed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released(root)
    for number in range(30):
        assert tki(root, "cite", f"roe-{number}", "--title", "T" * 300, "--pmid", str(900 + number), "--by", "me") == 0
        edit(root, f"citations/roe-{number}.yaml", "status: draft", "status: active")
    capsys.readouterr()
    assert tki(root, "check") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[-12] == "since 2026.11.0: 30 added, 0 revised, 0 retired"
    assert out[-1] == "  and 20 more: tki knowledge diff"
    assert max(map(len, out[-12:])) <= 160


def test_check_says_when_nothing_changed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released(root)
    assert tki(root, "check", *ON) == 0
    assert capsys.readouterr().out.endswith("nothing changed since 2026.11.0\n")


def test_check_lists_every_complaint(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(root, "guidance/ALK-tki_naive.yaml", "citation: doe-2020", "citation: doe-2021")
    (root / "schema" / "genes.json").unlink()
    (root / "releases" / "2026.10.0").mkdir(parents=True)
    assert tki(root, "check", *ON) == 1
    err = capsys.readouterr().err
    assert "guidance/ALK-tki_naive.yaml:13: citation 'doe-2021' is not known" in err
    assert "schema/genes.json" in err
    assert "releases/2026.10.0: there is no row" in err
    assert err.endswith("3 complaint(s)\n")


def test_show_gives_a_record_and_what_rests_on_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "show", "doe-2020") == 0
    out = capsys.readouterr().out
    assert out.startswith("# citations/doe-2020.yaml\n")
    assert "effects/ALK/G11R.yaml:13: g11r-examplinib-cell\n" in out


def test_show_finds_an_item(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "show", "g11r-examplinib-cell") == 0
    assert capsys.readouterr().out.startswith("# effects/ALK/G11R.yaml\n")


def test_show_finds_what_names_a_drug(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "show", "drug:samplinib") == 0
    assert "regimens/examplinib+samplinib.yaml:9" in capsys.readouterr().out


def test_show_of_nothing_fails(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "show", "doe-1999") == 1
    assert "nothing is called 'doe-1999'" in capsys.readouterr().err


def test_cite_writes_a_draft_that_the_loader_takes(root: Path) -> None:
    arguments = ("--title", "A title: with a colon", "--pmid", "123", "--year", "2021", "--by", "a curator")
    assert tki(root, "cite", "roe-2021", *arguments) == 0
    (record,) = [citation for citation in load_tree(root).citations if citation.id == "roe-2021"]
    assert (record.title, record.pmid, record.year, record.curation.status) == (
        "A title: with a colon",
        "123",
        2021,
        "draft",
    )


def test_cite_never_overwrites(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "cite", "doe-2020", "--title", "x", "--by", "a curator") == 1
    assert "exists; nothing was written" in capsys.readouterr().err


def test_cite_refuses_what_is_no_identifier(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "cite", "roe-2021", "--title", "x", "--pmid", "PMID:1", "--by", "a curator") == 1
    assert "pmid" in capsys.readouterr().err
    assert not (root / "citations" / "roe-2021.yaml").exists()


def test_coverage_is_written_and_compared(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "coverage.md"
    assert tki(root, "coverage", "--write", str(page)) == 0
    assert tki(root, "coverage", "--check", str(page)) == 0
    assert tki(root, "coverage") == 0
    assert capsys.readouterr().out == page.read_text(encoding="utf-8") + "\n"
    page.write_text("old", encoding="utf-8")
    assert tki(root, "coverage", "--check", str(page)) == 1


def test_release_takes_the_next_version_and_refuses_to_repeat_itself(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    released(root)
    assert capsys.readouterr().out.startswith("released 2026.11.0: 20 added, 0 revised, 0 retired; sha256:")
    assert tki(root, "release", *ON, "--by", "a curator") == 1
    assert "nothing changed since 2026.11.0" in capsys.readouterr().err
    edit(root, "effects/ALK/G11R.yaml", "level: E", "level: D")
    released(root)
    assert capsys.readouterr().out.startswith("released 2026.11.1: 0 added, 1 revised, 0 retired")


def test_release_notes_take_moved_cases(root: Path, tmp_path: Path) -> None:
    (tmp_path / "moved.txt").write_text("Case 1 moved.\n\n", encoding="utf-8")
    assert tki(root, "release", *ON, "--by", "a curator", "--moved-cases", str(tmp_path / "moved.txt")) == 0
    notes = (root / "releases" / "2026.11.0" / "changes.md").read_text(encoding="utf-8")
    assert notes.endswith("- Case 1 moved.\n")


def test_diff_compares_with_the_working_tree_and_between_releases(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    released(root)
    edit(root, "effects/ALK/G11R.yaml", "level: E", "level: D")
    capsys.readouterr()
    assert tki(root, "diff") == 0
    assert "since 2026.11.0" in capsys.readouterr().out
    released(root)
    assert tki(root, "diff", "2026.11.0", "2026.11.1") == 0
    assert "level moved from E to D" in capsys.readouterr().out


def test_diff_without_a_release_shows_everything_as_added(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "diff") == 0
    assert capsys.readouterr().out.startswith("# Knowledge working, first release\n\n## Added\n")


def test_withdraw_and_verify(root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    released(root)
    (tmp_path / "earlier.yaml").write_bytes((root / "releases" / "index.yaml").read_bytes())
    assert tki(root, "withdraw", "2026.11.0", "--reason", "a wrong verdict", *ON) == 0
    assert tki(root, "verify", "--earlier-index", str(tmp_path / "earlier.yaml")) == 0
    assert "withdrawn 2026-11-20: a wrong verdict" in capsys.readouterr().out
    (root / "releases" / "2026.11.0" / "bundle.json").write_bytes(b"{}")
    assert tki(root, "verify") == 1


def test_schema_is_written_and_compared(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert tki(root, "schema") == 0
    (root / "schema" / "genes.json").unlink()
    assert tki(root, "schema") == 1
    assert "run tki knowledge schema --write" in capsys.readouterr().err
    assert tki(root, "schema", "--write") == 0
    assert tki(root, "schema") == 0
