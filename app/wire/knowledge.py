"""The knowledge, as callers browse it: variants, drugs, evidence, citations, releases."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.domain.terms import Activity, DriverGene, EvidenceLevel
from app.wire.base import Inbound, Outbound, ProteinChangeText

PartialDate = Annotated[
    str,
    Field(
        pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$",
        description="As precise as the source gives it: `2026`, `2026-11` or `2026-11-20`.",
        examples=["2021-03-03"],
    ),
]
ReadStatus = Literal["read_in_primary", "read_in_secondary", "unverified"]


class OverlayReference(Outbound):
    """The local overlay that restricts and annotates an answer. It changes no fact."""

    name: str = Field(description="Name; cited as `overlay:<name>`.", examples=["st-elsewhere"])
    digest: str = Field(
        description="SHA-256 of its canonical form.",
        examples=["sha256:0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0"],
    )


class KnowledgeReference(Outbound):
    """The knowledge release behind an answer."""

    version: str = Field(description="Release.", examples=["2026.11.0"])
    released: str | None = Field(
        default=None,
        description="Release date; of working knowledge, which is in no release, the day of its newest check.",
        examples=["2026-11-20"],
    )
    digest: str = Field(
        description="SHA-256 of the release's canonical form.",
        examples=["sha256:5d3c7a1e9b0f4c2d8e6a7b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e"],
    )
    overlay: OverlayReference | None = Field(default=None, description="The local overlay, where one is laid over it.")


class Citation(Outbound):
    """One source. It carries at least one thing a reader can look up: PMID, DOI, registry number or address."""

    id: str | None = Field(default=None, description="Short name.", examples=["lorlatinib-ph2-2018"])
    type: str | None = Field(
        default=None, description="`article`, `label`, `guideline`, `registry` …", examples=["article"]
    )
    title: str = Field(
        description="Title.",
        examples=[
            "Lorlatinib in patients with ALK-positive non-small-cell lung cancer: results from a global phase 2 study"
        ],
    )
    journal: str | None = Field(default=None, description="Journal.", examples=["Lancet Oncol"])
    year: int | None = Field(default=None, description="Year.", examples=[2018])
    pmid: str | None = Field(default=None, description="PubMed id.", examples=["30413378"])
    doi: str | None = Field(default=None, description="DOI.", examples=["10.1016/S1470-2045(18)30649-1"])
    nct: str | None = Field(default=None, description="Trial registry number.", examples=["NCT01970865"])
    pmc: str | None = Field(default=None, description="PubMed Central id.", examples=["PMC9264015"])
    registry: str | None = Field(
        default=None, description="Number in another registry.", examples=["PROSPERO CRD42024498685"]
    )
    regulator: str | None = Field(default=None, description="Regulator that issued it.", examples=["FDA"])
    url: str | None = Field(default=None, description="Address.")
    title_is_descriptive: bool | None = Field(
        default=None, description="True when the title describes the source because its own could not be read."
    )
    retracted: bool | None = Field(default=None, description="True when the source was retracted.")
    digest: str | None = Field(default=None, description="Of a local overlay (`type` is `local`): its digest.")


Citations = Annotated[
    dict[str, Citation],
    Field(description="Every source named anywhere in the answer, by id."),
]


class Approval(Outbound):
    """What one regulator says of one drug for one gene."""

    jurisdiction: str = Field(description="`US`, `EU`, `CN`, `JP` or another.", examples=["US"])
    status: str = Field(
        description="`approved`, `conditional`, `under_review`, `not_approved` or `withdrawn`.", examples=["approved"]
    )
    indication: str | None = Field(
        default=None, description="Wording, shortened.", examples=["metastatic ALK-positive NSCLC"]
    )
    date: PartialDate | None = Field(default=None, description="Since when.")
    decision_due: str | None = Field(
        default=None,
        description="Day by which the regulator is to decide; for `under_review`.",
        examples=["2026-11-27"],
    )
    citation: str | None = Field(default=None, description="Its source.", examples=["label-lorbrena"])


class EvidenceItem(Outbound):
    """One observation, in the curator's own words, with its own verdict."""

    id: str = Field(description="Stable id.", examples=["v1180l-alectinib-lin-2017-review"])
    statement: str = Field(
        description="The observation.",
        examples=["A 2017 review tabulates ALK V1180L among the resistance mutations reported for alectinib."],
    )
    direction: str | None = Field(
        default=None,
        description="Whether it `supports` or `does_not_support` the activity resolved from all items.",
        examples=["supports"],
    )
    activity: Activity | None = Field(default=None, description="What this item alone says.", examples=["sensitive"])
    level: EvidenceLevel | None = Field(default=None, examples=["D"], description="Evidence level of this item.")
    basis: str | None = Field(
        default=None,
        description="Kind of observation: `case_report`, `cohort`, `cell_based` …",
        examples=["cell_based"],
    )
    n: int | None = Field(default=None, description="Patients behind it, where it is about patients.", examples=[11])
    status: ReadStatus | None = Field(
        default=None,
        description="How the curator read it. `unverified` is shown and never ranked on.",
        examples=["read_in_primary"],
    )
    context: str | None = Field(
        default=None,
        description="Assay, cell line, population, line of therapy.",
        examples=["Review table, literature to early 2017"],
    )
    citations: list[str] = Field(description="Ids of its sources.", examples=[["lin-2017-review"]])


class Effect(Outbound):
    """What a change does to one drug."""

    regimen_id: str = Field(description="INN.", examples=["lorlatinib"])
    activity: Activity = Field(
        description="Resolved from the items; `unknown` where nobody has looked.", examples=["sensitive"]
    )
    evidence_level: EvidenceLevel | None = Field(
        default=None, description="Level of the deciding item.", examples=["C"]
    )
    evidence: list[EvidenceItem] = Field(description="All items, the weightiest first.")
    conflicting: bool = Field(description="True when items disagree.", examples=[False])
    clinical: bool | None = Field(default=None, description="True when a patient was observed.", examples=[True])
    inferred_from: list[str] | None = Field(
        default=None,
        description="The single changes from which a compound without evidence of its own was read; empty otherwise.",
        examples=[[]],
    )


class VariantInterpretation(Outbound):
    """What is known of one change, or of several together, drug by drug."""

    gene: DriverGene = Field(examples=["ALK"], description="Driver gene.")
    protein_change: str | None = Field(default=None, description="Canonical name.", examples=["p.G1202R"])
    protein_changes: list[str] | None = Field(
        default=None, description="Canonical names, for several changes.", examples=[["p.C1156Y", "p.L1198F"]]
    )
    phase: str | None = Field(default=None, description="As asked.", examples=["cis"])
    known: bool = Field(description="Whether the knowledge holds anything on it.", examples=[True])
    analogous_to: str | None = Field(
        default=None,
        description="Of a change of which nothing is known: known changes of the same residue; null otherwise.",
        examples=[None],
    )
    effects: list[Effect] = Field(description="One entry per drug of the gene.")
    citations: Citations
    knowledge: KnowledgeReference


class VariantQuery(Inbound):
    """One or several changes of one driver gene."""

    gene: DriverGene = Field(description="Driver gene.", examples=["ALK"])
    protein_changes: Annotated[list[ProteinChangeText], Field(min_length=1, max_length=10)] = Field(
        description="HGVS protein changes, any accepted form.", examples=[["p.C1156Y", "p.L1198F"]]
    )
    phase: Literal["cis", "trans", "unknown"] = Field(
        default="cis",
        description="Whether the changes are on one allele. With one change it says nothing.",
        examples=["cis"],
    )
    knowledge_version: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(
        default=None, description="Knowledge release. Default: the newest loaded.", examples=["2026.11.0"]
    )

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"gene": "ALK", "protein_changes": ["p.C1156Y", "p.L1198F"], "phase": "cis"}]}
    )


class DrugName(Outbound):
    """A name by which a drug is accepted."""

    name: str = Field(description="Name.", examples=["Lorbrena"])
    kind: str = Field(description="`brand`, `development_code`, `chinese_generic` …", examples=["brand"])


class DrugSummary(Outbound):
    """A drug in the list."""

    id: str = Field(description="INN: the id used everywhere.", examples=["lorlatinib"])
    drug_class: str = Field(description="`tki`, `chemotherapy` …", examples=["tki"])
    ranked_for: list[DriverGene] = Field(
        description="Driver genes for which it is an option.", examples=[["ALK", "ROS1"]]
    )
    names: list[DrugName] = Field(description="Every name by which it is accepted besides the INN.")
    codes: dict[str, str] = Field(description="Ingredient-level codes, where known.", examples=[{"rxnorm": "2103164"}])


class DrugDetail(DrugSummary):
    """All that the knowledge holds on one drug itself."""

    targets: list[str] = Field(description="Kinases it is known for.", examples=[["ALK", "ROS1"]])
    approvals: list[dict[str, Any]] = Field(description="Dated approvals per region and gene.")
    cautions: list[dict[str, Any]] = Field(description="Warnings, contraindications and monitoring of its label.")
    citations: Citations
    knowledge: KnowledgeReference


class DrugList(Outbound):
    """Drugs of the knowledge."""

    drugs: list[DrugSummary] = Field(description="By id.")
    knowledge: KnowledgeReference


class EvidenceRow(Outbound):
    """One evidence item with what it is about."""

    id: str = Field(description="Stable id.", examples=["v1180l-alectinib-lin-2017-review"])
    kind: str = Field(
        description="`effect`, `mechanism`, `regimen`, `guidance`, `outcome` or `frequency`.", examples=["effect"]
    )
    gene: str | None = Field(default=None, description="Driver gene.", examples=["ALK"])
    variant: str | None = Field(default=None, description="Change, mechanism or setting.", examples=["p.G1202R"])
    regimen_id: str | None = Field(default=None, description="Regimen.", examples=["lorlatinib"])
    activity: Activity | None = Field(default=None, description="What this item alone says.", examples=["sensitive"])
    level: EvidenceLevel | None = Field(default=None, description="Evidence level.", examples=["D"])
    statement: str = Field(description="The observation, in the curator's own words.")
    citation: str = Field(description="Its source.", examples=["lin-2017-review"])
    status: ReadStatus = Field(
        description="How the curator read it. `unverified` is shown and never ranked on.", examples=["read_in_primary"]
    )


class EvidenceList(Outbound):
    """Evidence items, a page at a time."""

    evidence: list[EvidenceRow] = Field(description="Items, by id.")
    total: int = Field(description="How many match in all.", examples=[120])
    next_cursor: str | None = Field(
        default=None, description="Cursor of the next page; absent on the last.", examples=["50"]
    )
    citations: Citations
    knowledge: KnowledgeReference


class CitationDetail(Outbound):
    """One source and the release in which it stands."""

    citation: Citation
    knowledge: KnowledgeReference


class Release(Outbound):
    """One knowledge release."""

    version: str = Field(description="Release.", examples=["2026.11.0"])
    released: str | None = Field(default=None, description="Release date.", examples=["2026-11-20"])
    digest: str | None = Field(default=None, description="SHA-256 of its canonical form.")
    withdrawn: bool | None = Field(default=None, description="True for a release that must not be used.")
    withdrawn_because: str | None = Field(default=None, description="Why, for a release that was withdrawn.")
    records: int | None = Field(default=None, description="How many records it holds.", examples=[900])
    loaded: bool = Field(description="Whether this service answers from it.", examples=[True])


class ReleaseList(Outbound):
    """Knowledge releases, newest first."""

    releases: list[Release] = Field(description="Newest first.")
    default: str = Field(description="The release used when a case names none.", examples=["2026.11.0"])


class ReleaseChange(Outbound):
    """One difference between two releases."""

    change: str = Field(description="`added`, `revised` or `retired`.", examples=["revised"])
    record: str = Field(description="Record.", examples=["effect:ALK:G1202R"])
    item: str | None = Field(default=None, description="Item of the record, where the difference is in one alone.")
    text: str = Field(description="The difference in a sentence.")


class ReleaseDiff(Outbound):
    """What changed from one release to another."""

    before: str = Field(description="From.", examples=["2026.11.0"])
    after: str = Field(description="To.", examples=["2026.11.2"])
    changes: list[ReleaseChange] = Field(description="By record.")
