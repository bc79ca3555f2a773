"""Findings that say too little to count as the mechanism that they may be."""

from __future__ import annotations

from app.domain.case import CopyNumber, Finding, GeneAlteration
from app.interpretation.mechanisms import mechanisms_of_finding
from app.knowledge.index import KnowledgeIndex

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
    matches = [
        match
        for mechanism in index.mechanisms_by_gene.get(finding.gene, ())
        if driver in (*mechanism.record.genes, *mechanism.record.by_analogy_in)
        for match in mechanism.record.matches
        if match.gene == finding.gene
    ]
    if isinstance(finding, CopyNumber):
        wanted = _LOW_LEVEL.get(finding.change)
        return any(match.type == "copy_number" and match.change == wanted for match in matches)
    return finding.effect == "unknown" and bool(matches)
