"""What every kind of record is made of: curation, sources, numbers, observations, and the words they share."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.domain.terms import Activity, DriverGene, EvidenceLevel

SCHEMA_VERSION = "1.5"

_PARTIAL_DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")


def _partial_date(text: str) -> str:
    if not _PARTIAL_DATE.match(text):
        msg = f"{text!r} is not a date of the form 2026, 2026-11 or 2026-11-20"
        raise ValueError(msg)
    return text


PartialDate = Annotated[str, AfterValidator(_partial_date)]
"""A date as precise as its source gives it: ``2026``, ``2026-11`` or ``2026-11-20``."""

ReadStatus = Literal["read_in_primary", "read_in_secondary", "unverified"]
"""How the curator read the fact. ``unverified`` is shown and never ranked on."""
Jurisdiction = Literal["US", "EU", "CN", "JP", "CA"]
Stage = Literal["0", "I", "IA", "IB", "II", "III", "IIIA", "IIIB", "IIIC", "IV"]
"""A UICC stage; one without a letter holds its subdivisions."""
Basis = Literal[
    "guideline",
    "label",
    "randomised_trial",
    "trial",
    "trial_subgroup",
    "cohort",
    "case_series",
    "case_report",
    "in_vivo",
    "cell_based",
    "biochemical",
    "structural",
    "review",
    "expert_opinion",
]
"""What kind of observation a fact rests on. ``guideline`` to ``case_report`` are clinical (observed in patients)."""


class Model(BaseModel):
    """Base of all knowledge models: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClinicalReview(Model):
    """A named clinician's sign-off. Never assumed: absent means pending."""

    by: str
    on: dt.date


class Curation(Model):
    """Who or what curated a record, when its sources were last checked, and whether a clinician signed it."""

    status: Literal["active", "draft", "retired"]
    curated_by: str
    checked_on: dt.date
    clinical_review: Literal["pending"] | ClinicalReview = "pending"
    retired_because: str | None = None
    replaced_by: str | None = None

    @model_validator(mode="after")
    def _retired_says_why(self) -> Curation:
        if self.status == "retired" and not self.retired_because:
            msg = "a retired record must say why in 'retired_because'"
            raise ValueError(msg)
        return self


class Record(Model):
    """What every record file carries."""

    schema_version: Literal["1.0", "1.1", "1.2", "1.3", "1.4", "1.5"]
    """A minor version adds fields: a record that uses none of them stays at the version it was written for."""
    id: str
    curation: Curation


class Measure(Model):
    """One number with its unit. ``value`` may be absent when the source says 'not reached' (``qualifier``)."""

    measure: str
    """Such as ``orr``, ``ic_orr``, ``median_pfs``, ``hr_pfs``, ``median_dor``, ``ic50``, ``fold_vs_wt``."""
    value: float | None = None
    unit: str
    """``percent``, ``months``, ``hazard_ratio``, ``nM``, ``fold``, ``patients`` …"""
    qualifier: Literal["less_than", "more_than", "about", "not_reached", "range"] | None = None
    upper: float | None = None
    """Upper end of a range (``qualifier: range``; ``value`` is the lower end)."""
    count: str | None = None
    """Numerator and denominator as reported, ``10/17``."""
    ci95_low: float | None = None
    ci95_high: float | None = None
    comparator: str | None = None
    """What it was compared with: a regimen, ``wild_type``, …"""
    comparator_value: float | None = None


class Sourced(Model):
    """A fact in the curator's own words, with where and how it was read."""

    summary: str
    """One English sentence in the curator's own words; shown to clinicians as it stands."""
    summary_zh: str | None = None
    citation: str
    """Id of a record in ``citations/``."""
    locator: str | None = None
    """Where in the source (table, section, CIViC EID), when the source is long."""
    status: ReadStatus
    note: str | None = None


class EvidenceItem(Sourced):
    """One observation of how a drug or regimen does against something, with its own verdict."""

    id: str
    activity: Activity
    """What this observation alone says. ``unknown`` for context that settles nothing."""
    level: EvidenceLevel
    basis: Basis
    n: int | None = Field(default=None, ge=1)
    context: str | None = None
    """Assay, cell line, fusion variant, line of therapy, species."""
    gene: DriverGene | None = None
    """Driver gene in which it was seen, where a mechanism holds for several; absent: not of one gene alone."""
    tumour: Literal["nsclc", "other"] = "nsclc"
    """``other``: read in another tumour type; shown, weighs less."""
    measures: tuple[Measure, ...] = ()
