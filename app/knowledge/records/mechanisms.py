"""Ways around the driver, changes of phenotype, markers of risk."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.terms import DriverGene, Histology
from app.knowledge.records.base import Model, Record, EvidenceItem


class Match(Model):
    """Which finding of a sample shows a mechanism. All fields given must agree with the finding."""

    type: Literal["small_variant", "copy_number", "fusion", "gene_alteration", "histology"]
    gene: str | None = None
    protein_changes: tuple[str, ...] = ()
    codons: tuple[int, ...] = ()
    truncating: bool | None = None
    """True: nonsense, frameshift or start loss."""
    change: Literal["amplification", "deletion"] | None = None
    effect: Literal["activating", "inactivating"] | None = None
    text: str | None = None
    """For ``gene_alteration``: a word that its description must hold, such as ``exon 14``."""
    histology: Histology | None = None
    of_disease: bool = False
    """For ``histology``: also where it is stated for the disease as a whole once an inhibitor has been given, since such a tumour of that
    driver from the start is next to unknown."""


class MechanismResponse(Model):
    """What a regimen did against the mechanism."""

    regimen: str
    evidence: tuple[EvidenceItem, ...] = Field(min_length=1)


class MechanismRecord(Record):
    """A way around the driver (bypass), a change of phenotype, or a marker of risk that proves nothing alone."""

    label: str
    label_zh: str | None = None
    kind: Literal["bypass", "phenotype", "risk_marker"]
    genes: tuple[DriverGene, ...]
    """Driver genes for which it is described."""
    by_analogy_in: tuple[DriverGene, ...] = ()
    """Driver genes in which it is read as the same mechanism without evidence of its own: shown as off-target, never decisive."""
    matches: tuple[Match, ...] = Field(min_length=1)
    evidence: tuple[EvidenceItem, ...] = ()
    """That it goes with resistance to TKIs of the driver (``activity: resistant``)."""
    responses: tuple[MechanismResponse, ...] = ()
    next_tests: tuple[str, ...] = ()
    """Codes of the tests that confirm it when only a fluid showed it."""
    histology: Histology | None = None
