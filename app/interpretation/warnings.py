"""Warnings on the request itself: what was not checked, assumed or left out."""

from __future__ import annotations

from app.domain.case import Case
from app.domain.interpretation import Flag, Picture
from app.knowledge.index import KnowledgeIndex


def warnings_naming(case: Case) -> tuple[Flag, ...]:
    """Warnings that repeat words of the request."""
    if not (case.patient.unchecked_co_medications or case.unknown_genes or case.unlisted_therapies):
        return ()
    return (
        *(Flag("co_medication_not_checked", (("name", name),)) for name in case.patient.unchecked_co_medications),
        *(Flag("unknown_gene", (("gene", gene),)) for gene in case.unknown_genes),
        *(Flag("unlisted_therapy", (("name", name),)) for name in case.unlisted_therapies),
    )


def warnings_of(picture: Picture, index: KnowledgeIndex) -> tuple[Flag, ...]:
    """Warnings that follow from the picture."""
    warnings = []
    if index.speaks("warning", "alteration_unclear"):  # the first release had no sentence for it
        warnings += [Flag("alteration_unclear", (("name", name),)) for name in picture.vague]
    if index.speaks("warning", "alteration_not_on_record"):
        warnings += [Flag("alteration_not_on_record", (("name", name),)) for name in picture.unrecorded]
    if index.speaks("warning", "fusion_not_on_record"):
        warnings += [Flag("fusion_not_on_record", (("name", name),)) for name in picture.further_fusions]
    warnings += _age(picture, index)
    if picture.assumed_lines:
        warnings.append(Flag("stop_reason_assumed", (("lines", ", ".join(picture.assumed_lines)),)))
    if picture.situation.jurisdiction is None:
        warnings.append(Flag("jurisdiction_missing"))
    if not picture.situation.include_investigational:
        warnings.append(Flag("investigational_excluded"))
    warnings.append(Flag("clinical_review_pending"))
    return tuple(warnings)


def _age(picture: Picture, index: KnowledgeIndex) -> list[Flag]:
    """Raised when the release is older than its stated shelf life on the day of the case (``as_of``); no clock is read."""
    release = index.release
    days = (picture.situation.as_of - release.released).days
    if days <= release.shelf_life_days:
        return []
    return [Flag("knowledge_age", (("days", str(days)), ("released", release.released.isoformat())))]
