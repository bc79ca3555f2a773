"""The knowledge schema: one frozen model per kind of record in ``knowledge/``.

Every record file holds one record. YAML scalars arrive as strings; the types here give them meaning. Unknown
keys are refused, so that a misspelt key never drops a fact. The vocabulary is that of the field: HGVS protein
changes, HGNC symbols, INN drug names, CIViC evidence levels, FHIR-style approval periods.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

SCHEMA_VERSION = "1.2"

_PARTIAL_DATE = re.compile(r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")


def _partial_date(text: str) -> str:
    if not _PARTIAL_DATE.match(text):
        msg = f"{text!r} is not a date of the form 2026, 2026-11 or 2026-11-20"
        raise ValueError(msg)
    return text


PartialDate = Annotated[str, AfterValidator(_partial_date)]
"""A date as precise as its source gives it: ``2026``, ``2026-11`` or ``2026-11-20``."""

DriverGene = Literal["ALK", "ROS1"]
Activity = Literal["sensitive", "reduced", "resistant", "unknown"]
EvidenceLevel = Literal["A", "B", "C", "D", "E"]
"""A guideline or label; B well-powered trial or consensus; C smaller cohort or several cases; D case report or
preclinical; E inferred or opinion (AMP/ASCO/CAP and CIViC naming)."""
ReadStatus = Literal["read_in_primary", "read_in_secondary", "unverified"]
"""How the curator read the fact. ``unverified`` is shown and never ranked on."""
Jurisdiction = Literal["US", "EU", "CN", "JP", "CA"]
Resistance = Literal[
    "none_yet",
    "on_target",
    "off_target",
    "on_and_off_target",
    "histologic_transformation",
    "none_detected",
    "not_assessable",
]
Histology = Literal[
    "adenocarcinoma",
    "squamous",
    "large_cell",
    "adenosquamous",
    "large_cell_neuroendocrine",
    "small_cell",
    "nsclc_nos",
]
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
Language = Literal["en", "zh-CN"]


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

    schema_version: Literal["1.0", "1.1", "1.2"]
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


# --- citations -------------------------------------------------------------------------------------------------


class CitationRecord(Record):
    """One source. ``id`` is its short name (``gainor-2016``); it must carry something a reader can look up."""

    type: Literal["article", "abstract", "label", "guideline", "registry", "database", "news", "regulator", "report"]
    title: str
    title_is_descriptive: bool = False
    """True when the exact title was not read and ``title`` describes the source."""
    journal: str | None = None
    year: int | None = None
    pmid: str | None = Field(default=None, pattern=r"^\d{1,9}$")
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$")
    nct: str | None = Field(default=None, pattern=r"^NCT\d{8}(; NCT\d{8})*$")
    pmc: str | None = Field(default=None, pattern=r"^PMC\d+$")
    registry: str | None = None
    civic_eids: tuple[str, ...] = ()
    url: str | None = None
    regulator: str | None = None
    seen: tuple[str, ...] = ()
    """Where the curator read it (public address, or repository and path)."""
    retracted: bool = False
    note: str | None = None


# --- genes -----------------------------------------------------------------------------------------------------


class KinaseDomain(Model):
    """Residues of the kinase domain on the reference protein, both ends included."""

    start: int = Field(ge=1)
    end: int = Field(ge=1)


class GeneRecord(Record):
    """A gene: a driver with its reference protein, or a gene known as a bypass (symbol and aliases only)."""

    symbol: str
    aliases: tuple[str, ...] = ()
    hgnc_id: str | None = Field(default=None, pattern=r"^HGNC:\d+$")
    driver: bool = False
    transcript: str | None = None
    protein: str | None = None
    ensembl_transcript: str | None = None
    uniprot: str | None = None
    kinase_domain: KinaseDomain | None = None
    sequence: str | None = Field(default=None, pattern=r"^[ACDEFGHIKLMNPQRSTVWY]+$")
    """Reference protein in one-letter code; residue 1 first."""
    clonal_haematopoiesis: bool = False
    """Often mutated in blood cells of people without cancer of the blood, so that a finding in plasma shows no tumour. Needs a ``citation``."""
    citation: str | None = None

    @model_validator(mode="after")
    def _blood_is_cited(self) -> GeneRecord:
        if self.clonal_haematopoiesis and self.citation is None:
            msg = "clonal_haematopoiesis needs a citation"
            raise ValueError(msg)
        return self


# --- drugs, regimens, approvals --------------------------------------------------------------------------------


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
    disease: Literal["advanced", "adjuvant"] = "advanced"
    start: PartialDate | None = None
    end: PartialDate | None = None
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
    approvals: tuple[Approval, ...] = ()
    citation: str | None = None


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


# --- effects of kinase-domain changes --------------------------------------------------------------------------


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


# --- bypass and phenotype --------------------------------------------------------------------------------------


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


# --- guidance --------------------------------------------------------------------------------------------------

Standing = Literal["preferred", "recommended", "alternative", "fallback", "against"]


class When(Model):
    """Narrows a statement. Every field given must hold; empty means always."""

    resistance: tuple[Resistance, ...] = ()
    failed_any: tuple[str, ...] = ()
    """At least one of these drugs failed (progression on it)."""
    not_failed: tuple[str, ...] = ()
    brain_metastases: bool | None = None
    disease: Literal["advanced", "adjuvant"] | None = None
    stages: tuple[Literal["0", "I", "II", "IIIA"], ...] = ()
    """For ``adjuvant``: only in these stages, without their subdivisions."""
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


# --- outcomes, CNS, frequencies --------------------------------------------------------------------------------


class OutcomeResult(Sourced):
    """One published result of a regimen in a setting."""

    id: str
    trial: str | None = None
    settings: tuple[str, ...]
    """Settings to which the population belongs."""
    after: tuple[str, ...] = ()
    """Drugs that the population had had, when stated."""
    population: str | None = None
    design: Literal["randomised", "single_arm", "pooled", "retrospective", "cross_trial", "case_series"]
    level: EvidenceLevel
    n: int | None = Field(default=None, ge=1)
    protein_changes: tuple[str, ...] = ()
    """Set when the result is of a molecular subgroup."""
    measures: tuple[Measure, ...] = Field(min_length=1)
    decides: tuple[Literal["outcome", "cns"], ...] = ()
    """Marks the one result per setting by which the ranking grades the regimen on that criterion."""


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


# --- safety ----------------------------------------------------------------------------------------------------


class CautionWhen(Model):
    """What in the patient brings the caution up. One of the fields, or none for everybody on the drug."""

    comorbidity: str | None = None
    pregnant: bool | None = None
    interaction_class: str | None = None
    ecog_at_least: int | None = Field(default=None, ge=0, le=4)


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


class Agent(Model):
    """A medicine of NSCLC regimens that histories name and the service does not rank."""

    name: str
    drug_class: Literal["chemotherapy", "immunotherapy", "antiangiogenic", "targeted", "radiotherapy", "other"]
    synonyms: tuple[str, ...] = ()


class AgentsRecord(Record):
    """Names known in treatment histories beyond the drugs of this knowledge base. No claim is made of them."""

    agents: tuple[Agent, ...] = Field(min_length=1)


# --- notices: the service's own sentences -----------------------------------------------------------------------


class Notice(Model):
    """A sentence of the service (flag, reason, next test, warning) with its sources.

    ``text`` may hold ``{placeholders}``; each code's placeholders are listed in ``knowledge/README.md``.
    """

    code: str
    text: str
    text_zh: str
    citations: tuple[str, ...]
    note: str | None = None


class NoticesRecord(Record):
    """All notices of one kind."""

    kind: Literal["flag", "reason", "next_test", "warning", "rationale", "criterion", "disclaimer", "word"]
    """``word``: a word or phrase that fills a placeholder; it claims nothing and needs no citation."""
    notices: tuple[Notice, ...] = Field(min_length=1)
