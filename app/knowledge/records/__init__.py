"""The knowledge schema: one frozen model per kind of record in ``knowledge/``, each kind in its own file.

Every record file holds one record. YAML scalars arrive as strings; the types here give them meaning. Unknown
keys are refused, so that a misspelt key never drops a fact. The vocabulary is that of the field: HGVS protein
changes, HGNC symbols, INN drug names, CIViC evidence levels, FHIR-style approval periods.
"""

from __future__ import annotations

from app.domain.terms import Activity, DriverGene, EvidenceLevel, Histology, Language, Resistance
from app.knowledge.records.base import Basis, ClinicalReview, Curation, EvidenceItem, Jurisdiction, Measure, Model, PartialDate, ReadStatus, Record, SCHEMA_VERSION, Sourced
from app.knowledge.records.citations import CitationRecord
from app.knowledge.records.drugs import Agent, AgentsRecord, Approval, Component, DrugCodes, DrugName, DrugRecord, EarlierUse, InhibitorOf, RankedFor, RegimenRecord
from app.knowledge.records.effects import EffectRecord, EffectStatement, MolecularProfile
from app.knowledge.records.genes import FusionVariant, GeneRecord, KinaseDomain
from app.knowledge.records.guidance import GuidanceRecord, GuidanceStatement, Standing, When
from app.knowledge.records.mechanisms import Match, MechanismRecord, MechanismResponse
from app.knowledge.records.notices import Notice, NoticesRecord
from app.knowledge.records.outcomes import Frequency, FrequencyRecord, OutcomeRecord, OutcomeResult
from app.knowledge.records.safety import BaselineTest, Burden, Caution, CautionWhen, ClassMember, InteractionClassRecord, SafetyRecord

__all__ = [
    "Agent",
    "AgentsRecord",
    "Approval",
    "BaselineTest",
    "Basis",
    "Burden",
    "Caution",
    "CautionWhen",
    "CitationRecord",
    "ClassMember",
    "ClinicalReview",
    "Component",
    "Curation",
    "DrugCodes",
    "DrugName",
    "DrugRecord",
    "EarlierUse",
    "EffectRecord",
    "EffectStatement",
    "EvidenceItem",
    "Frequency",
    "FrequencyRecord",
    "FusionVariant",
    "GeneRecord",
    "GuidanceRecord",
    "GuidanceStatement",
    "InhibitorOf",
    "InteractionClassRecord",
    "Jurisdiction",
    "KinaseDomain",
    "Match",
    "Measure",
    "MechanismRecord",
    "MechanismResponse",
    "Model",
    "MolecularProfile",
    "Notice",
    "NoticesRecord",
    "OutcomeRecord",
    "OutcomeResult",
    "PartialDate",
    "RankedFor",
    "ReadStatus",
    "Record",
    "RegimenRecord",
    "SCHEMA_VERSION",
    "SafetyRecord",
    "Sourced",
    "Standing",
    "When",
]
