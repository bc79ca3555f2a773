"""One finding of a sample, as callers send it: an object with a type, or short text. Shape only; the adapter judges sense."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from app.wire.base import Fraction, FusedText, GeneSymbol, Identifier, Inbound, ProteinChangeText

PhaseList = Annotated[list[ProteinChangeText], Field(max_length=50)]


class SmallVariant(Inbound):
    """A substitution or a small insertion or deletion."""

    type: Literal["small_variant"]
    gene: GeneSymbol = Field(description="HGNC symbol.", examples=["ALK"])
    protein_change: ProteinChangeText = Field(
        description="HGVS protein change: `p.G1202R`, `p.Gly1202Arg`, `G1202R`, `NP_004295.2:p.Gly1202Arg`, "
        "`p.G1202del`, `p.T1151dup`, `p.T1151_L1152insT`. Checked against the reference protein.",
        examples=["p.G1202R"],
    )
    vaf: Fraction | None = Field(
        default=None,
        description="Variant allele fraction, 0..1 (3.1 % is 0.031). Default: not known.",
        examples=[0.031],
    )
    in_cis_with: PhaseList | None = Field(
        default=None,
        description="Protein changes of the same gene on the same allele. An empty list states that the change is "
        "known to be alone. Default: phase unknown.",
        examples=[["p.L1196M"]],
    )
    in_trans_with: PhaseList | None = Field(
        default=None,
        description="Protein changes of the same gene on the other allele or in another clone. Default: unknown.",
        examples=[["p.C1156Y"]],
    )
    phase_set: Identifier | None = Field(
        default=None,
        description="Read-backed haplotype id of the pipeline; equal ids in one sample mean cis. Default: unknown.",
        examples=["PS1"],
    )
    germline: bool | None = Field(
        default=None,
        description="True for a germline variant: shown, never taken for resistance. Default: taken as somatic.",
        examples=[False],
    )
    transcript: Annotated[str, Field(max_length=60)] | None = Field(
        default=None,
        description="Transcript on which the change was numbered. Default: that of the knowledge (NM_004304.5 for ALK, "
        "NM_002944 for ROS1); a change numbered on another is refused.",
        examples=["NM_004304.5"],
    )


class CopyNumber(Inbound):
    """Gain or loss of a gene."""

    type: Literal["copy_number"]
    gene: GeneSymbol = Field(description="HGNC symbol.", examples=["MET"])
    change: Literal["amplification", "deletion", "gain", "loss"] = Field(
        description="`amplification` and `deletion` are findings; `gain` and `loss` are low-level changes: shown, counted as no "
        "mechanism, and warned of where the amplification or deletion of the gene would be one.",
        examples=["amplification"],
    )
    copies: Annotated[float, Field(ge=0, le=1000)] | None = Field(
        default=None, description="Copies of the gene. Default: not known.", examples=[9.2]
    )


class Fusion(Inbound):
    """A gene fusion."""

    type: Literal["fusion"]
    gene: GeneSymbol = Field(description="The 3' partner (the kinase), HGNC symbol.", examples=["ALK"])
    partner: FusedText | None = Field(
        default=None,
        description="The 5' partner; the whole fusion in either order is read too. Default: not known.",
        examples=["EML4"],
    )
    variant: Annotated[str, Field(max_length=40)] | None = Field(
        default=None, description="Fusion variant as reported. Default: not known.", examples=["v3"]
    )
    vaf: Fraction | None = Field(
        default=None, description="Allele fraction, 0..1. Default: not known.", examples=[0.04]
    )


class GeneAlteration(Inbound):
    """An alteration that the report names without detail."""

    type: Literal["gene_alteration"]
    gene: GeneSymbol = Field(description="HGNC symbol.", examples=["NRAS"])
    effect: Literal["activating", "inactivating", "unknown"] = Field(
        description="What the report says of its effect.", examples=["activating"]
    )
    description: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="The report's words. Default: none.", examples=["exon 14 skipping"]
    )
    germline: bool | None = Field(
        default=None,
        description="True for a germline alteration: shown, never taken for resistance or for tumour DNA. Default: taken as somatic.",
        examples=[False],
    )
    vaf: Fraction | None = Field(
        default=None, description="Allele fraction, 0..1. Default: not known.", examples=[0.02]
    )


FindingObject = Annotated[SmallVariant | CopyNumber | Fusion | GeneAlteration, Field(discriminator="type")]
FindingText = Annotated[
    str,
    Field(
        min_length=2,
        max_length=200,
        title="Finding in short",
        description='A finding in short: `"ALK p.G1202R"`, `"ALK G1202R 3.1%"`, `"MET amplification CN 9"`, `"EML4::ALK"`, '
        '`"NF2 loss"`, `"EGFR ex19del"`. A fusion and one change of its kinase may stand together: `"EML4-ALK G1202R 3.1%"`. '
        "What is not wholly understood is an error; two changes of a gene are two findings with their phase.",
        examples=["ALK G1202R 3.1%"],
    ),
]


def _finding_tag(value: Any) -> str:
    return "text" if isinstance(value, str) else "object"


Finding = Annotated[
    Annotated[FindingObject, Tag("object")] | Annotated[FindingText, Tag("text")],
    Discriminator(_finding_tag),
]
