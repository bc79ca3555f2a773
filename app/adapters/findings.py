"""One finding, typed or in short, to a value of the domain."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from app.adapters.vocabulary import UnknownNameError, gene_symbol
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.domain.variant import ProteinChange, ProteinChangeError, check_reference, normalise, parse_protein_change
from app.knowledge.index import KnowledgeIndex
from app.wire import case as wire

_PERCENT = re.compile(r"^(?P<rest>.+?)\s+(?:VAF\s*=?\s*)?(?P<value>\d+(?:\.\d+)?)\s*%$", re.IGNORECASE)
_FUSION = re.compile(
    r"^(?P<left>[A-Za-z0-9]+)(?P<join>::|--|-|/)(?P<right>[A-Za-z0-9]+)(?:\s+fusion)?(?:\s+(?P<variant>[vV]\d\w*))?$"
)
_COPY_WORDS = {
    "amplification": "amplification",
    "amp": "amplification",
    "deletion": "deletion",
    "gain": "gain",
    "loss": "loss",
}
_REMEMBERED = 8192
"""Readings of texts kept per process: the same few variants make up most reports."""
_DENIED = re.compile(r"\b(?:not|no|none|non|negative|neg|absent|undetected|without|wt|wild[ -]?type)\b", re.IGNORECASE)
_LOOKS_LIKE_CHANGE = re.compile(r"^(?:p\.|[A-Z]{1}[a-z]{0,2}\d)")


class FindingError(ValueError):
    """A finding that cannot be understood. ``field`` is the part of it that is wrong, for the pointer."""

    def __init__(self, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.field = field


class Read(Struct, frozen=True):
    """A finding that was understood; ``unknown_gene`` when the knowledge does not have its gene."""

    finding: Finding
    unknown_gene: str | None = None


def read_finding(given: wire.Finding, index: KnowledgeIndex) -> Read:
    """Read one finding. Raises FindingError with the cure."""
    if isinstance(given, str):
        return _from_text(given, index)
    symbol, known = _gene(given.gene, index)
    unknown = None if known else symbol
    if isinstance(given, wire.SmallVariant):
        return Read(_small_variant(given, symbol, index), unknown)
    if isinstance(given, wire.CopyNumber):
        return Read(CopyNumber(symbol, given.change, given.copies), unknown)
    if isinstance(given, wire.Fusion):
        partner = _gene(given.partner, index)[0] if given.partner else None
        return Read(_fusion(symbol, partner, given.variant, given.vaf, index), unknown)
    return Read(_alteration(given, symbol, index), unknown)


@lru_cache(maxsize=_REMEMBERED)
def protein_change(text: str, gene: str, index: KnowledgeIndex) -> ProteinChange:
    """Parse, check against the reference protein where the knowledge has one, normalise. Raises FindingError."""
    try:
        accession, change = parse_protein_change(text)
        record = index.genes.get(gene)
        if record is None or record.sequence is None:
            return change
        if accession is not None:
            _check_numbering(accession, gene, index)
        check_reference(change, record.sequence, f"{gene} ({record.protein})")
        return normalise(change, record.sequence)
    except ProteinChangeError as error:
        raise FindingError(str(error), "protein_change") from error


def _check_numbering(accession: str, gene: str, index: KnowledgeIndex) -> None:
    """Refuse a change numbered on another transcript: residue numbers may differ, and none is ever shifted silently."""
    record = index.genes[gene]
    known = {
        _base(one) for one in (record.transcript, record.protein, record.ensembl_transcript, record.uniprot) if one
    }
    if _base(accession) not in known:
        reference = f"{record.protein} ({record.transcript}, {record.ensembl_transcript})"
        msg = f"numbering on {_base(accession)} is not supported; number {gene} on {reference}"
        raise FindingError(msg, "protein_change")


def _base(accession: str) -> str:
    return accession.split(".")[0].upper()


def _gene(text: str, index: KnowledgeIndex) -> tuple[str, bool]:
    try:
        return gene_symbol(text, index)
    except UnknownNameError as error:
        raise FindingError(str(error), "gene") from error


def _small_variant(given: wire.SmallVariant, symbol: str, index: KnowledgeIndex) -> SmallVariant:
    if given.transcript is not None and symbol in index.settings:
        _check_numbering(given.transcript, symbol, index)
    change = protein_change(given.protein_change, symbol, index)
    cis = (
        None
        if given.in_cis_with is None
        else tuple(sorted(str(protein_change(one, symbol, index)) for one in given.in_cis_with))
    )
    trans = tuple(sorted(str(protein_change(one, symbol, index)) for one in given.in_trans_with or ()))
    return SmallVariant(symbol, str(change), change, given.vaf, cis, trans, given.phase_set, bool(given.germline))


def _alteration(given: wire.GeneAlteration, symbol: str, index: KnowledgeIndex) -> Finding:
    """An alteration without detail. One whose words do give the detail is read as what they say, or sent back."""
    words = given.description or ""
    _refuse_denial(words, "description")
    if _COPY_WORDS.get(words.strip().casefold()) == "amplification":
        return CopyNumber(symbol, "amplification")
    if symbol in index.settings and any(_is_change(word) for word in words.split()):
        msg = f"the description names a protein change of {symbol}; send it as a small_variant, so that it is read"
        raise FindingError(msg, "description")
    return GeneAlteration(symbol, given.effect, words, given.vaf)


def _is_change(word: str) -> bool:
    try:
        parse_protein_change(word.strip(".,;"))
    except ProteinChangeError:
        return False
    return True


def _refuse_denial(words: str, field: str = "") -> None:
    """A negative result is no finding: read as one it would count as the very alteration that it denies."""
    if _DENIED.search(words):
        msg = "this reads as a negative result; list only what was found, and name genes that a test could not see in assay.not_covered"
        raise FindingError(msg, field)


def _fusion(symbol: str, partner: str | None, variant: str | None, vaf: float | None, index: KnowledgeIndex) -> Fusion:
    """The driver is the 3' partner; a pair given the other way round is turned."""
    if partner is not None and partner in index.settings and symbol not in index.settings:
        symbol, partner = partner, symbol
    return Fusion(symbol, partner, variant, vaf)


@lru_cache(maxsize=_REMEMBERED)
def _from_text(text: str, index: KnowledgeIndex) -> Read:
    percent = _PERCENT.match(text.strip())
    rest = percent["rest"] if percent else text.strip()
    vaf = float(percent["value"]) / 100 if percent else None
    if vaf is not None and vaf > 1:
        msg = "an allele fraction cannot exceed 100 %"
        raise FindingError(msg)
    fusion = _FUSION.match(rest)
    if fusion and fusion["right"].casefold() in index.vocabulary.genes:
        partner, _ = _gene(fusion["left"], index)
        symbol, _ = _gene(fusion["right"], index)
        return Read(_fusion(symbol, partner, fusion["variant"], vaf, index))
    gene_text, _, words = rest.partition(" ")
    if not words:
        msg = "write the gene and what was found: 'ALK p.G1202R', 'ALK G1202R 3.1%', 'MET amplification' or 'EML4::ALK'"
        raise FindingError(msg)
    symbol, known = _gene(gene_text, index)
    finding = _event(symbol, words.strip(), vaf, index)
    if not known and isinstance(finding, GeneAlteration):
        msg = "this text names no gene known here and no change; write 'ALK p.G1202R', or send a gene_alteration with an HGNC symbol"
        raise FindingError(msg)
    return Read(finding, None if known else symbol)


def _event(symbol: str, words: str, vaf: float | None, index: KnowledgeIndex) -> Finding:
    plain = words.casefold()
    if plain in _COPY_WORDS:
        return CopyNumber(symbol, _COPY_WORDS[plain])
    if plain in ("fusion", "rearrangement"):
        return Fusion(symbol, vaf=vaf)
    if _LOOKS_LIKE_CHANGE.match(words) or symbol in index.settings:
        change = protein_change(words, symbol, index)
        return SmallVariant(symbol, str(change), change, vaf)
    _refuse_denial(words)
    effect = next((name for name in ("inactivating", "activating") if name in plain), "unknown")
    if "loss" in plain:
        effect = "inactivating"
    return GeneAlteration(symbol, effect, words, vaf)
