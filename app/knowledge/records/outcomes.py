"""Published results, and how often each resistance was seen."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.terms import DriverGene, EvidenceLevel
from app.knowledge.records.base import Record, Measure, Sourced, Stage


class OutcomeResult(Sourced):
    """One published result of a regimen in a setting."""

    id: str
    trial: str | None = None
    settings: tuple[str, ...]
    """Settings to which the population belongs."""
    after: tuple[str, ...] = ()
    """Drugs that the population had had, when stated."""
    population: str | None = None
    disease: Literal["advanced", "adjuvant", "consolidation"] = "advanced"
    """In which disease it was seen: a result of one says nothing of another."""
    stages: tuple[Stage, ...] = ()
    """For ``adjuvant`` and ``consolidation``: the stages that were studied; empty: all."""
    design: Literal["randomised", "single_arm", "pooled", "retrospective", "cross_trial", "case_series"]
    level: EvidenceLevel
    n: int | None = Field(default=None, ge=1)
    protein_changes: tuple[str, ...] = ()
    """Set when the result is of a molecular subgroup."""
    measures: tuple[Measure, ...] = Field(min_length=1)
    decides: tuple[Literal["outcome", "cns"], ...] = ()
    """Marks the one result per setting, disease and stage by which the ranking grades the regimen on that criterion."""


class OutcomeRecord(Record):
    """Published results of one regimen for one driver gene."""

    gene: DriverGene
    regimen: str
    results: tuple[OutcomeResult, ...] = Field(min_length=1)


class Frequency(Sourced):
    """How often an alteration was found after a drug."""

    id: str
    alteration: str
    """``p.G1202R``, ``p.G1202R+p.L1196M``, ``MET amplification``, ``any_on_target``, ``none_on_target``, ``compound``."""
    frequency: float | None = Field(default=None, ge=0, le=1)
    count: str | None = None
    n: int | None = Field(default=None, ge=1)
    specimen: Literal["tissue", "plasma", "tissue_or_plasma"] | None = None
    line: Literal["first_line", "later_line", "any"] = "any"
    fusion_variant: str | None = None
    """Only tumours of this variant of the fusion (``v3``)."""
    fusion_partner: str | None = None
    """The partner to whose fusions the variant belongs (``EML4``)."""
    level: EvidenceLevel


class FrequencyRecord(Record):
    """What resistance was seen after one drug in one driver gene."""

    gene: DriverGene
    drug: str
    """INN, or ``any`` for series that mix drugs."""
    frequencies: tuple[Frequency, ...] = Field(min_length=1)
