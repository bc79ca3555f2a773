"""Genes and their reference proteins."""

from __future__ import annotations

from pydantic import Field, model_validator

from app.knowledge.records.base import Model, ReadStatus, Record


class KinaseDomain(Model):
    """Residues of the kinase domain on the reference protein, both ends included."""

    start: int = Field(ge=1)
    end: int = Field(ge=1)


class FusionVariant(Model):
    """What a variant of the driver fusion is called, by the exons that it joins."""

    partner: str
    variant: str = Field(pattern=r"^v\d+$")
    junctions: tuple[str, ...] = Field(min_length=1)
    """Last exon of the partner and first exon of the driver, without the letters of splice forms: ``6;20``."""
    citation: str
    status_read: ReadStatus


class GeneRecord(Record):
    """A gene: a driver with its reference protein, or a gene known as a bypass (symbol and aliases only)."""

    symbol: str
    aliases: tuple[str, ...] = ()
    hgnc_id: str | None = Field(default=None, pattern=r"^HGNC:\d+$")
    driver: bool = False
    transcript: str | None = None
    protein: str | None = None
    ensembl_transcript: str | None = None
    ensembl_protein: str | None = None
    uniprot: str | None = None
    kinase_domain: KinaseDomain | None = None
    sequence: str | None = Field(default=None, pattern=r"^[ACDEFGHIKLMNPQRSTVWY]+$")
    """Reference protein in one-letter code; residue 1 first."""
    fusion_variants: tuple[FusionVariant, ...] = ()
    """Of a driver."""
    clonal_haematopoiesis: bool = False
    """Often mutated in blood cells of people without cancer of the blood, so that a finding in plasma shows no tumour. Needs a ``citation``."""
    citation: str | None = None

    @model_validator(mode="after")
    def _blood_is_cited(self) -> GeneRecord:
        if self.clonal_haematopoiesis and self.citation is None:
            msg = "clonal_haematopoiesis needs a citation"
            raise ValueError(msg)
        return self
