"""The case as frozen values: every name is already an INN, every change canonical, every date an order."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from msgspec import Struct

from app.domain.variant import ProteinChange

StopReason = Literal["progression", "toxicity", "completed", "patient_choice", "other"]
Specimen = Literal["plasma", "csf", "pleural_fluid", "tissue"]
CNS_SITES = frozenset({"brain", "leptomeninges"})
"""Sites of progression in the central nervous system."""


class SmallVariant(Struct, frozen=True):
    """A substitution or small insertion or deletion of one gene."""

    gene: str
    name: str
    """Canonical protein change, ``p.G1202R``."""
    change: ProteinChange
    vaf: float | None = None
    cis: tuple[str, ...] | None = None
    """Changes of the same gene stated to be on the same allele; empty: known to be alone; None: not stated."""
    trans: tuple[str, ...] = ()
    phase_set: str | None = None
    germline: bool = False


class CopyNumber(Struct, frozen=True):
    """Gain or loss of a whole gene."""

    gene: str
    change: str
    copies: float | None = None

    @property
    def name(self) -> str:
        """``MET amplification``."""
        return f"{self.gene} {self.change}"


class Fusion(Struct, frozen=True):
    """A fusion; ``gene`` is the kinase (3') partner."""

    gene: str
    partner: str | None = None
    variant: str | None = None
    vaf: float | None = None

    @property
    def name(self) -> str:
        """``EML4::ALK``, or ``ALK fusion`` when the partner is not known."""
        return f"{self.partner}::{self.gene}" if self.partner else f"{self.gene} fusion"


class GeneAlteration(Struct, frozen=True):
    """A reported alteration without further detail."""

    gene: str
    effect: str
    description: str = ""
    vaf: float | None = None
    germline: bool = False

    @property
    def name(self) -> str:
        """``NRAS activating``, or gene and description."""
        return f"{self.gene} {self.description or self.effect}"


Finding = SmallVariant | CopyNumber | Fusion | GeneAlteration


class Assay(Struct, frozen=True):
    """What a test could see."""

    name: str | None = None
    limit_of_detection: float | None = None
    genes_covered: tuple[str, ...] | None = None
    not_covered: tuple[str, ...] = ()


class Sample(Struct, frozen=True):
    """One sample with its findings. ``index`` is the place in the request."""

    sample_id: str
    index: int
    specimen: Specimen
    collected: dt.date | None
    ctdna_detected: bool | None
    tumour_fraction: float | None
    histology: str | None
    findings: tuple[Finding, ...]
    assay: Assay


class Treatment(Struct, frozen=True):
    """One line as given. ``drugs`` are INNs or names of agents, each once, in alphabetical order."""

    index: int
    drugs: tuple[str, ...]
    started: dt.date | None
    ended: dt.date | None
    best_response: str | None
    stop_reason: StopReason | None
    progression_sites: tuple[str, ...]
    radiotherapy: bool = False
    """Radiotherapy is a part of the line, alone or with drugs."""


class Patient(Struct, frozen=True):
    """What eligibility and safety need to know."""

    ecog: int | None
    pregnant: bool
    comorbidities: tuple[str, ...]
    interactions: tuple[tuple[str, str], ...]
    """Pairs of interaction class and the co-medication, as written, that belongs to it."""
    unchecked_co_medications: tuple[str, ...]


class Case(Struct, frozen=True):
    """One patient at one decision."""

    case_id: str | None
    gene: str
    partner: str | None
    fusion_variant: str | None
    histology: str | None
    stage: str | None
    brain_metastases: bool
    brain_examined: bool
    """Whether anything was said of the brain: brain metastases stated or denied, or progression there."""
    treatments: tuple[Treatment, ...]
    samples: tuple[Sample, ...]
    patient: Patient
    jurisdiction: str | None
    as_of: dt.date
    include_investigational: bool
    language: str
    unlisted_therapies: tuple[str, ...] = ()
    unknown_genes: tuple[str, ...] = ()
