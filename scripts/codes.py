"""Writes docs/codes.md from the knowledge: every code that an answer may hold, with its words. ``python scripts/codes.py``."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.knowledge.loader import load_tree  # noqa: E402 - after the path

ROLES = {
    "driver": "the fusion that drives the tumour",
    "other_driver": "a fusion of the other driver gene",
    "on_target_resistance": "a change of the driver's kinase domain that at least one drug does not fully cover",
    "on_target_sensitising": "one that no drug studied loses activity against",
    "variant_of_unknown_significance": "a change of the driver without evidence: shown, never counted",
    "outside_kinase_domain": "a change of the driver outside its kinase domain: shown, never counted",
    "off_target_resistance": "a bypass: another gene that can carry the tumour",
    "histologic_transformation": "a change of phenotype",
    "risk_marker": "goes with resistance or transformation and proves neither",
    "germline": "stated as germline: never counted",
    "clonal_haematopoiesis": "may come from blood cells",
    "other": "known to mean nothing here",
}


def page() -> str:
    """The page."""
    records = load_tree(ROOT / "knowledge")
    lines = [
        "# Codes",
        "",
        "Every code that an answer may hold. Codes never change with the language; new ones may be added. Written by",
        "`python scripts/codes.py` from `knowledge/notices` and `knowledge/policy`; do not edit. `{…}` is filled per case.",
    ]
    for kind, title in (("flag", "Flags"), ("warning", "Warnings"), ("next_test", "Next tests")):
        lines += ["", f"## {title}", "", "| code | words |", "| --- | --- |"]
        notices = [one for record in records.notices if record.kind == kind for one in record.notices]
        lines += [f"| `{one.code}` | {one.text} |" for one in sorted(notices, key=lambda one: one.code)]
    lines += ["", "## Roles of an alteration", "", "| role | what |", "| --- | --- |"]
    lines += [f"| `{name}` | {text} |" for name, text in ROLES.items()]
    lines += ["", "## Criteria and their grades, best first", "", "| criterion | grades | why |", "| --- | --- | --- |"]
    for one in records.policy.criteria:
        grades = ", ".join(f"`{grade}`" for grade in one.grades) or "the name itself"
        lines.append(f"| `{one.name}` | {grades} | {one.because} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "codes.md").write_text(page(), encoding="utf-8")
