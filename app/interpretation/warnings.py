"""Warnings on the request itself: what was not checked, assumed or left out."""

from __future__ import annotations

from app.domain.case import Case
from app.domain.interpretation import Flag
from app.interpretation.history import History
from app.interpretation.vagueness import vague_findings
from app.knowledge.index import KnowledgeIndex


def warnings_of(case: Case, history: History, index: KnowledgeIndex) -> tuple[Flag, ...]:
    """Warnings on the request itself."""
    warnings = [Flag("co_medication_not_checked", (("name", name),)) for name in case.patient.unchecked_co_medications]
    warnings += [Flag("unknown_gene", (("gene", gene),)) for gene in case.unknown_genes]
    warnings += [Flag("alteration_unclear", (("name", name),)) for name in vague_findings(case, index)]
    warnings += [Flag("unlisted_therapy", (("name", name),)) for name in case.unlisted_therapies]
    if history.assumed_lines:
        warnings.append(Flag("stop_reason_assumed", (("lines", ", ".join(history.assumed_lines)),)))
    if case.jurisdiction is None:
        warnings.append(Flag("jurisdiction_missing"))
    if not case.include_investigational:
        warnings.append(Flag("investigational_excluded"))
    warnings.append(Flag("clinical_review_pending"))
    return tuple(warnings)
