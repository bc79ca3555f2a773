"""What changes of the driver do to each drug."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.terms import DriverGene
from app.knowledge.records.base import Model, Record, EvidenceItem


class MolecularProfile(Model):
    """One protein change, several in cis, or a copy-number event of the driver gene."""

    gene: DriverGene
    protein_changes: tuple[str, ...] = ()
    """HGVS one-letter with ``p.``; more than one means the same allele (cis)."""
    event: Literal["amplification"] | None = None


class EffectStatement(Model):
    """All evidence of one therapy against the profile. The verdict is resolved from the items by the policy."""

    therapy: str
    """INN."""
    evidence: tuple[EvidenceItem, ...] = Field(min_length=1)
    resensitises: bool = False
    """True when the evidence shows the drug working (again) after it, or its class, had failed."""


class EffectRecord(Record):
    """What one molecular profile does to each drug of its gene."""

    molecular_profile: MolecularProfile
    region: str | None = None
    """``solvent_front``, ``gatekeeper``, ``alpha_c_helix``, ``dfg``, …"""
    about: str | None = None
    statements: tuple[EffectStatement, ...] = ()
