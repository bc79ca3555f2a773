"""Findings that say too little to count as the mechanism that they may be, and those that nobody has told of."""

from __future__ import annotations

from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.interpretation.mechanisms import mechanisms_of_finding
from app.knowledge.index import KnowledgeIndex, Mechanism
from app.knowledge.records import Match

_LOW_LEVEL = {"gain": "amplification", "loss": "deletion"}


def too_vague(finding: Finding, driver: str, index: KnowledgeIndex) -> bool:
    """True for a finding that would show a mechanism of the driver if it said more.

    A low-level ``gain`` or ``loss`` of a gene whose amplification or deletion is one (contract: gain and loss are low-level changes),
    and an alteration of unknown effect in a gene whose activation or inactivation is one.
    """
    if finding.gene == driver or not isinstance(finding, CopyNumber | GeneAlteration):
        return False
    if mechanisms_of_finding(finding, driver, index):
        return False
    matches = [match for _, match in _on_record(finding.gene, driver, index)]
    if isinstance(finding, CopyNumber):
        wanted = _LOW_LEVEL.get(finding.change)
        return any(match.type == "copy_number" and match.change == wanted for match in matches)
    return finding.effect == "unknown" and bool(matches)


def unrecorded(finding: Finding, driver: str, index: KnowledgeIndex) -> bool:
    """True for a small variant or a fusion of a gene through which tumours of the driver escape, but of this very change nothing is on record."""
    if not isinstance(finding, SmallVariant | Fusion):
        return False
    return any(mechanism.record.kind == "bypass" for mechanism, _ in _on_record(finding.gene, driver, index))


def _on_record(gene: str, driver: str, index: KnowledgeIndex) -> list[tuple[Mechanism, Match]]:
    """What is on record of a gene in tumours of the driver."""
    return [
        (mechanism, match)
        for mechanism in index.mechanisms_by_gene.get(gene, ())
        if driver in (*mechanism.record.genes, *mechanism.record.by_analogy_in)
        for match in mechanism.record.matches
        if match.gene == gene
    ]
