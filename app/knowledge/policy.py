"""The policy record: the order of the criteria and the thresholds of results, series and clones, as data with reasons and sources.

The engine reads the order and its thresholds from here. Grades are listed best first; a grade that a criterion
can give and that is missing here fails the knowledge check.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from app.domain.terms import DriverGene, Resistance
from app.knowledge.records import Basis, Model, Record

CriterionName = Literal[
    "ongoing",
    "recommended_first",
    "availability",
    "molecular_activity",
    "category",
    "guidance",
    "cns",
    "patient_cautions",
    "evidence_level",
    "outcome",
    "regulatory",
    "tolerability",
    "archived_resistance",
    "name",
]


class Reasoned(Model):
    """A choice of the policy, with its reason and, where one exists, its source."""

    because: str
    citations: tuple[str, ...] = ()


class SettingPolicy(Reasoned):
    """One setting of one gene. Settings of a gene are listed from least to most advanced."""

    name: str
    variant_gates: bool
    """True: a targeted drug needs support from the variant or from guidance. False: a variant only reorders."""
    uncertain: bool = False
    """True: what resistance means here is not settled; the answer flags it."""
    flag: str | None = None
    """Code of the flag that says so for the drugs that failed here."""


class GenePolicy(Model):
    """The settings of one driver gene, in order."""

    gene: DriverGene
    settings: tuple[SettingPolicy, ...] = Field(min_length=1)


class CriterionPolicy(Reasoned):
    """One criterion: its grades, best first, and whether a difference on it makes a new tier."""

    name: CriterionName
    label: str
    label_zh: str
    because_zh: str | None = None
    grades: tuple[str, ...] = ()
    alike: tuple[tuple[str, ...], ...] = ()
    """Grades that stand on one place: told apart in the answer, never in the order."""
    makes_tier: bool

    @model_validator(mode="after")
    def _alike_are_grades(self) -> CriterionPolicy:
        unknown = sorted({grade for group in self.alike for grade in group} - set(self.grades))
        if unknown:
            msg = f"alike: {', '.join(unknown)} is no grade of {self.name}"
            raise ValueError(msg)
        return self

    def place(self, grade: str) -> int:
        """Where a grade stands, 0 being best."""
        same = next((group for group in self.alike if grade in group), (grade,))
        return min(self.grades.index(one) for one in same)


class CriteriaOrder(Reasoned):
    """The order in which options are compared in some states of resistance."""

    resistance: tuple[Resistance, ...] = Field(min_length=1)
    order: tuple[CriterionName, ...] = Field(min_length=1)
    order_with_cns_disease: tuple[CriterionName, ...] = Field(min_length=1)


class Band(Model):
    """A grade for values at or above ``at_least``. Bands are listed from high to low; the last starts at 0."""

    grade: str
    at_least: float


class Bands(Reasoned):
    """How a number becomes a grade."""

    measure: str
    unit: str
    bands: tuple[Band, ...] = Field(min_length=1)
    smallest_n: int = Field(default=1, ge=1)
    """Results of fewer patients give no grade."""
    not_reached: str | None = None
    """Grade when the source says that the median was not reached."""


class EvidenceWeighing(Reasoned):
    """Which observations stand first, and what makes resistance strong enough to exclude a drug."""

    classes: tuple[tuple[Basis, ...], ...]
    """Classes of evidence, weightiest first; inside a class the larger, then the newer observation stands first."""
    clinical: tuple[Basis, ...]
    strong_preclinical_sources: int = Field(ge=1)
    """Independent concordant preclinical sources that make resistance strong without a clinical observation."""


class PotencyThresholds(Reasoned):
    """Classes of cellular potency by fold change over the unmutated fusion in the same assay; used by curators."""

    sensitive_below_fold: float
    resistant_from_fold: float


class SeriesThresholds(Reasoned):
    """How dated samples are read together."""

    decisive_before_change_days: int = Field(ge=0)
    """A sample taken up to so many days before the last change of treatment still shows why it was changed."""
    same_time_point_days: int = Field(ge=0)
    """Samples no further apart are one time point."""
    one_sampling_days: int = Field(ge=0)
    """Samples of different kinds no further apart are one sampling of the tumour in the trend of an alteration."""
    rising_factor: float = Field(gt=1)
    falling_factor: float = Field(gt=0, lt=1)
    """Ratio of the last to the one-before-last VAF (relative to the driver where both are known)."""
    outdated_without_change_days: int | None = None
    """In releases before 2026.11.4 only, where ``same_time_point_days`` already said as much: nothing reads it."""


class CloneThresholds(Reasoned):
    """What the fractions of two changes say of whether some cells carry both."""

    minor_share: float = Field(default=0.0, ge=0, lt=1)
    """A change below this share of the fraction of another can make a compound only of that small part of the other's cells."""
    overlap_margin: float = Field(default=0.0, ge=0)
    """By so much of the fraction of the driver two fractions must exceed it together to be a hint that some cells carry both."""


class PolicyRecord(Record):
    """The whole policy."""

    genes: tuple[GenePolicy, ...]
    weighing: EvidenceWeighing
    potency: PotencyThresholds
    criteria: tuple[CriterionPolicy, ...]
    orders: tuple[CriteriaOrder, ...]
    cns: Bands
    outcome: Bands
    outcome_by_response: Bands
    series: SeriesThresholds
    clones: CloneThresholds = CloneThresholds(because="releases before these thresholds")
    supported_outcomes: tuple[str, ...]
    """Outcome grades that support a prescribable drug in a setting in which guidance is silent and no mechanism was found."""
    decisive_bypass_levels: tuple[str, ...]
    """A bypass lowers a drug of the driver when its evidence reaches one of these levels or a response was seen."""

    @model_validator(mode="after")
    def _every_state_has_one_order(self) -> PolicyRecord:
        states = [state for order in self.orders for state in order.resistance]
        if len(states) != len(set(states)) or len(states) != 7:
            msg = "orders: each state of resistance must stand in exactly one order"
            raise ValueError(msg)
        known = {criterion.name for criterion in self.criteria}
        for order in self.orders:
            for name in (*order.order, *order.order_with_cns_disease):
                if name not in known:
                    msg = f"orders: criterion {name!r} is not described under criteria"
                    raise ValueError(msg)
        return self
