"""Drugs, their approvals, regimens of several, and the medicines that only histories name."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from app.domain.terms import DriverGene
from app.knowledge.records.base import PartialDate, ReadStatus, Jurisdiction, Model, Record, EvidenceItem, Stage


class DrugName(Model):
    """A name by which a drug is accepted at the door; the INN itself is not repeated here."""

    name: str
    kind: Literal["brand", "development_code", "chinese_generic", "chinese_brand", "japanese_name", "spelling", "other"]


class DrugCodes(Model):
    """Ingredient-level codes. Only codes that were read; never invented."""

    rxnorm: str | None = None
    atc: str | None = None
    ncit: str | None = None
    snomed: str | None = None


class RankedFor(Model):
    """States that the drug is an option for a driver gene."""

    gene: DriverGene
    generation: Literal["first", "second", "third", "fourth", "multikinase"]
    setting_after: str
    """Setting that a patient is in once this drug failed, ``after_second_generation``; ordered in the policy."""
    development: Literal["licensed", "investigational", "repurposed"]
    """``licensed``: approved for this gene somewhere. ``repurposed``: marketed for something else."""


class InhibitorOf(Model):
    """States that a drug that is no option inhibits a driver gene: in a history its failure counts."""

    gene: DriverGene
    setting_after: str
    """As of a ranked drug: the setting that its failure brings."""
    citation: str
    status_read: ReadStatus
    note: str | None = None


class EarlierUse(Model):
    """Inhibitors of the driver that a wording asks for before the drug. Every field given must hold."""

    first_any: tuple[str, ...] = ()
    """The first inhibitor of the driver was one of these."""
    had_all: tuple[str, ...] = ()
    """All of these were given."""
    at_least: int = Field(default=1, ge=1)
    """So many different inhibitors of the driver were given."""


class Approval(Model):
    """What one regulator says of one drug for one gene. A withdrawal adds ``end``; the entry is never removed."""

    jurisdiction: Jurisdiction
    gene: str
    """``ALK``, ``ROS1``, or ``other`` for a marketing authorisation outside these genes."""
    status: Literal["approved", "conditional", "under_review", "not_approved", "withdrawn"]
    indication: str
    indication_zh: str | None = None
    settings: tuple[str, ...] = ()
    """Settings that the wording covers; empty: all lines."""
    only_after: tuple[EarlierUse, ...] = ()
    """Sequences that the wording asks for, one of which must hold; empty: none beyond the settings."""
    none_before: Literal["any"] | tuple[str, ...] = ()
    """Earlier inhibitors of the driver that the wording rules out, for whatever reason they ended: ``any``, or the drugs that it names."""
    disease: Literal["advanced", "adjuvant"] = "advanced"
    stages: tuple[Stage, ...] = ()
    """Stages of which the wording speaks, where it does not mean all of the disease; ``IV`` where it says metastatic."""
    start: PartialDate | None = None
    """Since when. Of a month or a year counts its end, or the day of the release, which states it, if that is sooner."""
    end: PartialDate | None = None
    """Until when. Of a month or a year counts its first day."""
    decision_due: dt.date | None = None
    citation: str
    status_read: ReadStatus
    note: str | None = None


class DrugRecord(Record):
    """A drug by its INN."""

    inn: str = Field(pattern=r"^[a-z][a-z0-9-]+$")
    names: tuple[DrugName, ...] = ()
    codes: DrugCodes = DrugCodes()
    drug_class: Literal[
        "tki", "chemotherapy", "platinum", "immunotherapy", "antiangiogenic", "targeted", "radiotherapy", "other"
    ]
    targets: tuple[str, ...] = ()
    binding: Literal["type_I", "type_II"] | None = None
    ranked_for: tuple[RankedFor, ...] = ()
    inhibits: tuple[InhibitorOf, ...] = ()
    """Driver genes that it inhibits without being ranked for them."""
    approvals: tuple[Approval, ...] = ()
    citation: str | None = None


class Component(Model):
    """A part of a regimen: one drug by INN, or one class (``platinum``)."""

    drug: str | None = None
    drug_class: str | None = None


class RegimenRecord(Record):
    """A regimen that is not one TKI of the driver: chemotherapy, a combination against a bypass, a trial."""

    regimen_id: str
    """INNs or classes in alphabetical order joined by ``+``."""
    label: str
    label_zh: str | None = None
    kind: Literal["combination", "chemotherapy", "trial"]
    genes: tuple[DriverGene, ...]
    components: tuple[Component, ...] = ()
    mechanisms: tuple[str, ...] = ()
    """Ids of the mechanisms it is meant against; empty for chemotherapy and trials."""
    evidence: tuple[EvidenceItem, ...] = ()
    """Outcomes of the regimen itself, whatever the mechanism."""


class Agent(Model):
    """A medicine of NSCLC regimens that histories name and the service does not rank."""

    name: str
    drug_class: Literal["chemotherapy", "immunotherapy", "antiangiogenic", "targeted", "radiotherapy", "other"]
    synonyms: tuple[str, ...] = ()


class AgentsRecord(Record):
    """Names known in treatment histories beyond the drugs of this knowledge base. No claim is made of them."""

    agents: tuple[Agent, ...] = Field(min_length=1)
