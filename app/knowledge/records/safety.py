"""What to watch for with a drug, and the medicines that act on it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.knowledge.records.base import Model, Record, Measure, Sourced


class CautionWhen(Model):
    """What in the patient brings the caution up. One of the fields, or none for everybody on the drug."""

    comorbidity: str | None = None
    pregnant: bool | None = None
    interaction_class: str | None = None
    ecog_at_least: int | None = Field(default=None, ge=0, le=4)
    after_class: str | None = None
    """A class of treatment that was given before (``immunotherapy``)."""


class Caution(Sourced):
    """One warning, contraindication or monitoring rule of a label."""

    id: str
    code: str
    """Code in the answer: ``interaction``, ``pregnancy``, ``monitoring``, or the comorbidity's code
    (``hepatic_impairment`` for any grade)."""
    when: CautionWhen = CautionWhen()
    severity: Literal["contraindicated", "warning", "monitor"]
    measures: tuple[Measure, ...] = ()


class BaselineTest(Sourced):
    """A test that the label asks for before the first dose."""

    id: str
    test: str
    """Code of its sentence in ``notices/next_tests.yaml``; tests of one code are named together in the answer."""


class Burden(Sourced):
    """How heavy the drug's toxicity is, for the tolerability criterion."""

    grade: Literal["low", "moderate", "high"]
    measures: tuple[Measure, ...] = ()


class SafetyRecord(Record):
    """What to watch for with one drug."""

    drug: str
    label_read: bool = True
    """False when no label could be read: then the absence of a caution says nothing."""
    cautions: tuple[Caution, ...] = ()
    baseline: tuple[BaselineTest, ...] = ()
    burden: Burden | None = None


class ClassMember(Model):
    """A medicine that belongs to an interaction class, with the names by which it is recognised."""

    name: str
    synonyms: tuple[str, ...] = ()
    citation: str


class InteractionClassRecord(Record):
    """Medicines that act alike on a drug's metabolism or on the heart (``strong_cyp3a_inducer``)."""

    class_id: str
    label: str
    label_zh: str | None = None
    members: tuple[ClassMember, ...] = Field(min_length=1)
