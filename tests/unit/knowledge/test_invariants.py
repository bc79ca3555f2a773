"""Breaches beyond the one that each broken tree shows, and what is no breach."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import pytest
import yaml

from app.knowledge.checks import check_all, require_sound
from app.knowledge.errors import KnowledgeError
from app.knowledge.invariants.ids import NOTICE_IDS
from app.knowledge.loader import load_tree
from app.knowledge.records import NoticesRecord
from tests.trees import edit, small_tree

EFFECT, DRUG, OUTCOME = "effects/ALK/G11R.yaml", "drugs/examplinib.yaml", "outcomes/ALK/examplinib.yaml"
FREQUENCY, MECHANISM, REGIMEN = (
    "frequencies/ALK/examplinib.yaml",
    "mechanisms/MET-amplification.yaml",
    "regimens/examplinib+samplinib.yaml",
)
GUIDANCE, FLAGS, GENE = "guidance/ALK-tki_naive.yaml", "notices/flags.yaml", "genes/ALK.yaml"
PFS = '{measure: median_pfs, value: "24", unit: months, ci95_low: "20", ci95_high: "30"}'
ORR = '{measure: orr, value: "40", unit: percent, count: 12/30}'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_tree(tmp_path / "knowledge")


def complaints(root: Path) -> list[str]:
    return [str(complaint) for complaint in check_all(load_tree(root), dt.date(2026, 11, 20))]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        (DRUG, "id: drug:examplinib", "id: examplinib", "does not start with 'drug' and a colon"),
        (GENE, "kinase_domain: {start: \"3\", end: \"18\"}", "kinase_domain: {start: \"3\", end: \"21\"}", "3-21 does not lie in a protein of 20"),
        (REGIMEN, "{drug: samplinib}", "{drug: samplinib, drug_class: tki}", "a component is one drug or one drug_class"),
        (REGIMEN, "kind: combination", "kind: trial", "do not make 'examplinib+samplinib' (list none)"),
        (GUIDANCE, "not_failed: [examplinib]", "failed_any: [examplinb]", "drug 'examplinb' is not known"),
        (MECHANISM, "- regimen: examplinib+samplinib", "- regimen: samplinib+examplinib", "regimen 'samplinib+examplinib' is not known"),
        (DRUG, "settings: [tki_naive]", "settings: [tki_naive]\n    none_before: [examplinb]", "drug 'examplinb' is not known"),
        (DRUG, "settings: [tki_naive]", "settings: [naive]", "setting 'naive' is not one of ALK"),
        (DRUG, "setting_after: after_third_generation", "setting_after: after_it", "setting 'after_it' is not one of ALK"),
        (DRUG, "    gene: ALK\n    status", "    gene: EGFR\n    status", "gene 'EGFR' is not known"),
        (REGIMEN, "{drug: examplinib}", "{drug: testplat}", "medicine 'testplat' is not known"),
        ("genes/ALK.yaml", "status: active", "status: draft", "gene 'ALK' is only draft"),
        (EFFECT, "protein_changes: [p.G11R]", "protein_changes: [G11R]", "write p.G11R"),
        (EFFECT, "protein_changes: [p.G11R]", "protein_changes: [p.G11G]", "leaves the residue as it is"),
        (EFFECT, "protein_changes: [p.G11R]", "protein_changes: [p.G11del]", "write p.G12del"),
        (OUTCOME, "    trial: DOE-1", "    protein_changes: [p.G10R]\n    trial: DOE-1", "has R at position 10, not G"),
        (FREQUENCY, "alteration: p.G11R", "alteration: p.G30R", "has 20 residues; there is no position 30"),
        (OUTCOME, PFS, PFS.replace('"20"', '"31"'), "the interval runs from 31.0 down to 30.0"),
        (OUTCOME, ORR, ORR.replace('"40"', '"140"'), "140.0 is no percentage"),
        (OUTCOME, ORR, "{measure: orr, unit: percent}", "there is no value"),
        (OUTCOME, ORR, ORR.replace("unit", 'qualifier: range, upper: "30", unit'), "the range runs from 40.0 down to 30.0"),
        (OUTCOME, ORR, ORR.replace("unit", 'upper: "50", unit'), "a range has 'qualifier: range', a value and an upper end"),
        (OUTCOME, ORR, ORR.replace("12/30", "12 of 30"), "neither of the form 7/20"),
        (OUTCOME, ORR, ORR.replace("12/30", "31/30"), "count '31/30' is no part of a whole"),
        (OUTCOME, ORR, ORR.replace("12/30", "12 patients"), "a share of 0.4 needs a count such as 7/20"),
        (OUTCOME, PFS, PFS.replace("months", "weeks"), "decides outcome without median_pfs in months or orr in percent"),
        (DRUG, "    gene: ALK\n    status", "    gene: other\n    status", "examplinib has no approval for ALK and is called licensed"),
        (DRUG, 'start: "2021-03"', "start: 2026-12", "the approval starts (2026-12) after 2026-11-20"),
        (DRUG, "status: approved", "status: withdrawn", "a withdrawn approval has no end"),
        (DRUG, "status: approved", "status: not_approved", "what was never approved has no start or end"),
        (FLAGS, "'Compound mutation {alterations}.'", "'Compound mutation {alterations.'", "write {name}; nothing else in braces"),
        (FLAGS, "'复合突变 {alterations}。'", "'复合突变。'", "text and text_zh differ in alterations"),
        (FLAGS, "'Compound mutation {alterations}.'", "'Compound {} {alterations}.'", "placeholder '' is not known"),
        (GUIDANCE, "without earlier TKI.", f"without earlier TKI{' or other' * 50}.", "more than 400"),
        (GUIDANCE, "    citation: doe", "    summary_zh: 优先\n    citation: doe", "summary_zh does not end with a full stop"),
        (GUIDANCE, "    summary: A society prefers", "    summary: ' A society prefers'\n    note: A society prefers", "blanks at its ends"),
        (GUIDANCE, "curation:", "curation:\n  clinical_review: {by: Dr A, on: '2026-12-24'}", "clinical_review 2026-12-24 lies after"),
        ("citations/label-examplinib.yaml", "status: active", "status: draft", "is only draft, and an active record cannot rest on it"),
    ],
)  # fmt: skip
def test_breach(root: Path, name: str, old: str, new: str, words: str) -> None:
    edit(root, name, old, new)
    assert any(words in complaint for complaint in complaints(root)), "\n".join(complaints(root))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        (OUTCOME, PFS, "{measure: median_pfs, unit: months, qualifier: not_reached}"),
        (OUTCOME, ORR, '{measure: orr, value: "40.9", unit: percent, count: 12/30}'),
        (OUTCOME, ORR, '{measure: orr, value: "30", unit: percent, qualifier: range, upper: "50"}'),
        (FREQUENCY, '    frequency: "0.25"\n    count: 3/12\n', ""),
        (DRUG, 'start: "2021-03"', 'start: "2021-03"\n    end: "2021-03-20"'),
        (DRUG, "citation: label-examplinib\n    status_read", "citation: doe-2020\n    status_read"),
        (EFFECT, "region: solvent_front", "region: gatekeeper"),
        (FLAGS, "{alterations}.'", "{alterations}: {{not a placeholder}}.'"),
    ],
)  # fmt: skip
def test_no_breach(root: Path, name: str, old: str, new: str) -> None:
    edit(root, name, old, new)
    assert complaints(root) == []


def test_a_draft_may_rest_on_a_draft(root: Path) -> None:
    edit(root, "citations/doe-2020.yaml", "status: active", "status: draft")
    edit(root, GUIDANCE, "status: active", "status: draft")
    assert not [complaint for complaint in complaints(root) if complaint.startswith("guidance/")]


def test_without_a_day_no_date_is_judged(root: Path) -> None:
    edit(root, GUIDANCE, 'checked_on: "2026-11-02"', 'checked_on: "2099-01-01"')
    assert check_all(load_tree(root)) == []
    with pytest.raises(KnowledgeError, match="checked_on 2099-01-01 lies after"):
        require_sound(load_tree(root), dt.date(2026, 11, 20))


def test_an_event_of_the_gene_is_a_profile(root: Path) -> None:
    text = (root / EFFECT).read_text(encoding="utf-8").replace("protein_changes: [p.G11R]", "event: amplification")
    text = text.replace("effect:ALK:G11R", "effect:ALK:amplification").replace("g11r-", "amp-")
    (root / "effects" / "ALK" / "amplification.yaml").write_text(text, encoding="utf-8")
    assert complaints(root) == []


def test_both_orders_of_a_state_name_the_same_criteria(root: Path) -> None:
    path = root / "policy" / "ranking.yaml"
    policy = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
    policy["orders"][0]["order_with_cns_disease"].remove("cns")
    path.write_text(yaml.safe_dump(policy), encoding="utf-8")
    assert any("cns stands in only one of the two orders" in complaint for complaint in complaints(root))


def test_every_kind_of_notice_has_its_file() -> None:
    assert set(NOTICE_IDS) == set(get_args(NoticesRecord.model_fields["kind"].annotation))


def test_a_result_decides_once_per_disease_and_stage_and_one_after_a_resection_needs_no_survival_of_advanced_disease(
    root: Path,
) -> None:
    twice = "settings: [tki_naive]\n    decides: [outcome]"
    edit(root, OUTCOME, "settings: [after_first_generation]", f"{twice}\n    disease: adjuvant\n    stages: [II]")
    edit(root, OUTCOME, ORR, "{measure: dfs_2y, value: '93', unit: percent}")
    assert complaints(root) == []
    edit(root, OUTCOME, "    disease: adjuvant\n    stages: [II]\n", "")
    assert any("both decide outcome in tki_naive" in one for one in complaints(root))
    assert any("decides outcome without" in one for one in complaints(root))
