"""What guidelines say."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.terms import DriverGene, EvidenceLevel, Histology, Resistance
from app.knowledge.records.base import Jurisdiction, Basis, Model, Record, Sourced, Stage


Standing = Literal["preferred", "recommended", "alternative", "fallback", "against"]


class When(Model):
    """Narrows a statement. Every field given must hold; empty means always."""

    resistance: tuple[Resistance, ...] = ()
    failed_any: tuple[str, ...] = ()
    """At least one of these drugs failed (progression on it)."""
    not_failed: tuple[str, ...] = ()
    brain_metastases: bool | None = None
    cns_only: bool | None = None
    """The last progression was in the central nervous system and nowhere else."""
    disease: Literal["advanced", "adjuvant", "consolidation"] | None = None
    """``consolidation``: after radiotherapy of disease without metastases that has not come back."""
    stages: tuple[Stage, ...] = ()
    """For ``adjuvant`` and ``consolidation``: only in these stages."""
    histology: tuple[Histology, ...] = ()
    jurisdictions: tuple[Jurisdiction, ...] = ()
    """Only where this body's advice applies."""


class GuidanceStatement(Sourced):
    """What one body says of one regimen in one setting."""

    id: str
    regimen: str
    standing: Standing
    body: str
    version: str
    strength: str | None = None
    level: EvidenceLevel = "A"
    basis: Basis = "guideline"
    when: When = When()


class GuidanceRecord(Record):
    """All guidance of one gene in one setting."""

    gene: DriverGene
    setting: str
    statements: tuple[GuidanceStatement, ...] = Field(min_length=1)
