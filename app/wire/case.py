"""The case, as callers send it.

These models judge shape only: types, ranges, allowed words, unknown fields. Whether a drug, gene or protein change is
known, and whether a reference residue is right, is judged by the adapter against the knowledge.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Discriminator, Field, Tag

from app.domain.terms import DriverGene, Histology, Language
from app.wire.base import (
    EMPTY_BY_DEFAULT,
    Day,
    Fraction,
    FusedText,
    GeneSymbol,
    Identifier,
    Inbound,
    Jurisdiction,
    Name,
)
from app.wire.findings import Finding

Comorbidity = Literal[
    "interstitial_lung_disease",
    "qt_prolongation",
    "bradycardia",
    "av_block",
    "heart_failure",
    "moderate_hepatic_impairment",
    "severe_hepatic_impairment",
    "severe_renal_impairment",
    "psychiatric_disease",
    "cognitive_impairment",
    "seizures",
    "hyperlipidaemia",
    "hyperglycaemia",
    "hypertension",
    "pancreatitis",
    "visual_disorder",
    "peripheral_neuropathy",
    "hyperuricaemia",
    "osteoporosis",
]
ProgressionSite = Literal[
    "brain", "leptomeninges", "lung", "liver", "bone", "lymph_nodes", "pleura", "adrenal", "other"
]
DrugClass = Literal["chemotherapy", "immunotherapy", "antiangiogenic", "targeted", "radiotherapy", "other"]

# --- driver and disease ----------------------------------------------------------------------------------------


class Driver(Inbound):
    """The fusion that drives the tumour."""

    gene: DriverGene = Field(description="The rearranged kinase. The only required field of a case.", examples=["ALK"])
    partner: FusedText | None = Field(
        default=None,
        description="Fusion partner, HGNC symbol; the whole fusion (`EML4::ALK`, `ALK-EML4`) is read too. One partner: further "
        "fusions are findings. Default: not known.",
        examples=["EML4"],
    )
    variant: Annotated[str, Field(max_length=40)] | None = Field(
        default=None,
        description="Fusion variant as the report names it (`v1`, `v3a`, `E13;A20`). Default: not known.",
        examples=["v3"],
    )


class Disease(Inbound):
    """Where the disease stands."""

    stage: Annotated[str, Field(max_length=10, pattern=r"^(0|I{1,3}|IV)([ABC][1-3]?)?$")] | None = Field(
        default=None, description="UICC/AJCC stage. Default: advanced disease is assumed.", examples=["IV"]
    )
    brain_metastases: bool | None = Field(
        default=None,
        description="Brain metastases now. Default: unknown, treated as absent unless a treatment lists `brain` or "
        "`leptomeninges` among its progression sites.",
        examples=[True],
    )


# --- treatments ------------------------------------------------------------------------------------------------


class DeclaredDrug(Inbound):
    """A drug that the vocabulary does not have, declared on purpose."""

    name: Name = Field(description="Name as written in the history.", examples=["luminespib"])
    drug_class: DrugClass = Field(
        alias="class",
        description="What kind of treatment it was. It counts as a line of therapy and is not reasoned about further.",
        examples=["other"],
    )


def _drug_tag(value: Any) -> str:
    return "drug" if isinstance(value, dict | DeclaredDrug) else "name"


Drug = Annotated[
    Annotated[Name, Tag("name")] | Annotated[DeclaredDrug, Tag("drug")],
    Discriminator(_drug_tag),
]


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, str | dict) else value


Drugs = Annotated[
    list[Drug],
    Field(min_length=1, max_length=20),
    BeforeValidator(_as_list, json_schema_input_type=Drug | Annotated[list[Drug], Field(min_length=1, max_length=20)]),
]


class Treatment(Inbound):
    """One line of treatment, as it was given."""

    drugs: Drugs = Field(
        description="What was given together: INN, brand (`Lorbrena`), development code (`PF-06463922`), RxNorm or ATC "
        "code, Chinese generic name (`洛拉替尼`), or a class word (`chemotherapy`). One string or a list; dose and schedule behind "
        "a known name are dropped, and `carboplatin-pemetrexed` is two drugs. A name that is "
        'not known is an error naming the nearest ones, unless declared: `{"name": "luminespib", "class": "other"}`.',
        examples=[["alectinib"], "克唑替尼"],
    )
    started: Day | None = Field(default=None, description="First day. Default: not known.", examples=["2023-12-10"])
    ended: Day | None = Field(
        default=None,
        description="Last day. Default: not known. Samples are judged against it: one taken before the last "
        "treatment ended in progression is history, not a basis for the choice.",
        examples=["2025-06-01"],
    )
    best_response: Literal["CR", "PR", "SD", "PD", "NE"] | None = Field(
        default=None, description="Best response by RECIST. Default: not known.", examples=["PR"]
    )
    stop_reason: Literal["progression", "toxicity", "completed", "patient_choice", "other"] | None = Field(
        default=None,
        description="Why it ended. `progression` means that its drugs failed; `toxicity` that they were not "
        "tolerated. Absent: it is ongoing, unless it has an end or a later line of the driver followed: then it is read as failed, "
        "and a warning says so.",
        examples=["progression"],
    )
    progression_sites: Annotated[list[ProgressionSite], Field(max_length=20)] = Field(
        default_factory=list,
        json_schema_extra=EMPTY_BY_DEFAULT,
        description="Where the disease progressed. It says that the disease grew under the treatment: its drugs failed, whatever "
        "the `stop_reason`; of a `completed` one it is where the relapse that followed was seen. Default: not known.",
        examples=[["brain"]],
    )


# --- samples ---------------------------------------------------------------------------------------------------


class Assay(Inbound):
    """What the test could see. It decides what a silence means."""

    name: Name | None = Field(default=None, description="Name of the test. Default: not known.", examples=["Panel A"])
    genes_covered: Annotated[list[GeneSymbol], Field(max_length=1000)] | None = Field(
        default=None,
        description="Genes the test reads. Default: taken to cover the driver and the common bypass genes.",
        examples=[["ALK", "ROS1", "MET", "KRAS"]],
    )
    not_covered: Annotated[list[GeneSymbol], Field(max_length=1000)] | None = Field(
        default=None, description="Genes or kinds of change that the test does not read.", examples=[["NF2"]]
    )
    limit_of_detection: Fraction | None = Field(
        default=None, description="Lowest allele fraction called, 0..1. Default: not known.", examples=[0.002]
    )


class Sample(Inbound):
    """One sample with what was found in it. Several samples are a time series."""

    sample_id: Identifier | None = Field(
        default=None,
        description="Your id; the answer refers to it. Default: `S1`, `S2`, … by place in the list.",
        examples=["P1"],
    )
    collected: Day | None = Field(
        default=None,
        description="Day of collection. Default: not known; undated samples keep the order given.",
        examples=["2025-06-03"],
    )
    specimen: Literal["plasma", "csf", "pleural_fluid", "tissue"] = Field(
        default="plasma", description="What was taken. Default: `plasma`.", examples=["plasma"]
    )
    ctdna_detected: bool | None = Field(
        default=None,
        description="For fluids: whether tumour DNA was seen at all. `false` with no finding means that the sample "
        "proves nothing. Default: judged from the findings.",
        examples=[True],
    )
    tumour_fraction: Fraction | None = Field(
        default=None, description="Tumour fraction of the sample, 0..1. Default: not known.", examples=[0.08]
    )
    histology: Histology | None = Field(
        default=None,
        description="Histology of this tissue sample; `small_cell` marks transformation. Default: that of the case.",
        examples=["small_cell"],
    )
    assay: Assay | None = Field(default=None, description="What the test could see. Default: not known.")
    findings: Annotated[list[Finding], Field(max_length=5000)] = Field(
        default_factory=list,
        json_schema_extra=EMPTY_BY_DEFAULT,
        description="What was found: typed objects or short text, mixed at will. Default: nothing was found.",
    )


# --- patient ---------------------------------------------------------------------------------------------------


class Patient(Inbound):
    """What safety and eligibility need to know. No name, no birth date, no record number belongs here."""

    ecog: Annotated[int, Field(ge=0, le=4)] | None = Field(
        default=None, description="ECOG performance status. Default: not known.", examples=[1]
    )
    pregnant: bool | None = Field(default=None, description="Default: not known, treated as no.", examples=[False])
    comorbidities: Annotated[list[Comorbidity], Field(max_length=50)] = Field(
        default_factory=list,
        json_schema_extra=EMPTY_BY_DEFAULT,
        description="Conditions that bear on a TKI. Default: none.",
        examples=[["interstitial_lung_disease"]],
    )
    co_medications: Annotated[list[Name], Field(max_length=200)] = Field(
        default_factory=list,
        json_schema_extra=EMPTY_BY_DEFAULT,
        description="Other medicines as written. Those recognised are checked for interactions; the others are "
        "echoed as not checked. Default: none.",
        examples=[["rifampicin"]],
    )


CASE_EXAMPLE: dict[str, Any] = {
    "case_id": "LIMS-2026-001",
    "driver": {"gene": "ALK", "partner": "EML4", "variant": "v3"},
    "histology": "adenocarcinoma",
    "disease": {"stage": "IV", "brain_metastases": True},
    "treatments": [
        {
            "drugs": ["crizotinib"],
            "started": "2023-01-10",
            "ended": "2023-12-01",
            "best_response": "PR",
            "stop_reason": "progression",
            "progression_sites": ["brain"],
        },
        {
            "drugs": ["alectinib"],
            "started": "2023-12-10",
            "ended": "2025-06-01",
            "best_response": "PR",
            "stop_reason": "progression",
        },
    ],
    "samples": [
        {
            "sample_id": "P1",
            "collected": "2025-06-03",
            "specimen": "plasma",
            "ctdna_detected": True,
            "findings": [
                {"type": "small_variant", "gene": "ALK", "protein_change": "p.G1202R", "vaf": 0.031},
                {
                    "type": "small_variant",
                    "gene": "ALK",
                    "protein_change": "p.L1196M",
                    "vaf": 0.012,
                    "in_cis_with": ["p.G1202R"],
                },
                {"type": "fusion", "gene": "ALK", "partner": "EML4", "vaf": 0.04},
            ],
        }
    ],
    "patient": {"ecog": 1, "pregnant": False},
    "jurisdiction": "US",
    "include_investigational": True,
    "language": "en",
}


class Case(Inbound):
    """One patient at one decision: driver, treatment history, what the samples showed, and what safety must know.

    Only `driver.gene` is required. An unknown field is an error, never ignored.
    """

    case_id: Identifier | None = Field(
        default=None,
        description="Your id, echoed in the answer and nowhere else. Use a pseudonym. Default: none.",
        examples=["LIMS-2026-001"],
    )
    driver: Driver
    histology: Histology | None = Field(
        default=None,
        description="Histology at diagnosis. Default: not known, read as non-small-cell.",
        examples=["adenocarcinoma"],
    )
    disease: Disease | None = Field(default=None, description="Where the disease stands. Default: advanced.")
    treatments: Annotated[list[Treatment], Field(max_length=200)] = Field(
        default_factory=list,
        json_schema_extra=EMPTY_BY_DEFAULT,
        description="The whole systemic treatment history, in any order when dated, else oldest first. "
        "Default: no treatment yet.",
    )
    samples: Annotated[list[Sample], Field(max_length=500)] = Field(
        default_factory=list,
        json_schema_extra=EMPTY_BY_DEFAULT,
        description="Plasma and tissue samples, in any order when dated. Default: none.",
    )
    patient: Patient | None = Field(default=None, description="What safety must know. Default: nothing known.")
    jurisdiction: Jurisdiction | None = Field(
        default=None,
        description="Whose approvals filter the options. Default: no filter; approvals are shown all the same.",
        examples=["US"],
    )
    as_of: Day | None = Field(
        default=None,
        description="The day for which approvals are read and the age of facts is judged. Default: the release date "
        "of the knowledge.",
        examples=["2026-11-20"],
    )
    include_investigational: bool = Field(
        default=True, description="Offer drugs and combinations not approved for this use. Default: `true`."
    )
    knowledge_version: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(
        default=None,
        description="Knowledge release to answer from (`GET /v1/knowledge/releases`). Default: the newest loaded.",
        examples=["2026.11.0"],
    )
    language: Language | None = Field(
        default=None,
        description="Language of the sentences; codes never change. Default: `Accept-Language`, else `en`.",
        examples=["en"],
    )

    model_config = ConfigDict(json_schema_extra={"examples": [CASE_EXAMPLE, {"driver": {"gene": "ROS1"}}]})
