"""What the words of one text must not do together: name two alterations, two genes, another gene's reference or ratio, or an unclear number."""

from __future__ import annotations

import re

from app.adapters.changes import FindingError, check_numbering, not_understood, protein_change
from app.adapters.named import known_as, mechanism_texts
from app.adapters.words import Words
from app.domain.variant import one_residue
from app.knowledge.index import KnowledgeIndex

_BARE_NUMBER = re.compile(r"[~<>=≈≤≥]*\d+(?:\.\d+)?%?")
_FITTING = {"deletion": {"inactivating"}, "amplification": {"activating"}}
"""The effect that a change of copy number says by itself. Beside a low-level change an effect is something else."""


def refuse_further_gene(words: Words, index: KnowledgeIndex) -> None:
    """Two genes in one text are two findings: which words belong to which is not guessed."""
    parts = [part for word in words.unread for part in (word, *re.split(r"[^A-Za-z0-9]+", word))]
    if any(part.casefold() in index.vocabulary.genes for part in parts):
        msg = "this text names a further gene; send a finding of its own for each gene, and for each fusion"
        raise FindingError(msg)


_TWICE = 2
"""Signals per signal of the chromosome, below which a report speaks of a gain."""


def refuse_ratio(words: Words, symbol: str, driver: str, index: KnowledgeIndex, field: str = "") -> None:
    """Refuse a ratio of a FISH test that is of another gene, stands beside no change of copy number, or is too low for the one named."""
    for gene, ratio in words.ratios:
        if gene and index.vocabulary.genes.get(gene.casefold(), gene.upper()) != symbol:
            msg = "this ratio is of another gene; send a finding of its own for each gene, 'GENE amplification' where the report calls it that"
            raise FindingError(msg, field)
        if words.copy not in ("amplification", "gain"):
            raise FindingError(str(not_understood(driver, index)), field)
        if words.copy == "amplification" and 1 < ratio < _TWICE:
            msg = f"a ratio of {ratio:g} is no amplification; write '{symbol} gain', or the amplification alone where the report calls it that"
            raise FindingError(msg, field)


def check_references(words: Words, symbol: str, index: KnowledgeIndex) -> None:
    """What is numbered on another reference may be another residue, also where the reference stands beside the change."""
    for accession in words.references:
        check_numbering(accession, symbol, index)


def check_one_event(words: Words, changes: tuple[str, ...], symbol: str, index: KnowledgeIndex) -> None:
    """Two events in one text are two findings: which belong together on one allele is stated, never guessed."""
    if len(changes) > 1:
        first, second = (
            f'{{"type": "small_variant", "gene": "{symbol}", "protein_change": "{one}"' for one in changes[:2]
        )
        if one_residue(*(protein_change(one, symbol, index) for one in changes[:2])):
            msg = (
                f"this text names {len(changes)} changes of {symbol}, of one residue, which cannot be on one allele; send a finding for "
                f'each: {first}, "in_trans_with": ["{changes[1]}"]}} and {second}, "in_trans_with": ["{changes[0]}"]}}'
            )
            raise FindingError(msg)
        msg = (
            f"this text names {len(changes)} changes of {symbol} and not whether they are on one allele; send a finding for each: "
            f'{first}, "in_cis_with": ["{changes[1]}"]}} and {second}, "in_cis_with": ["{changes[0]}"]}} when they are on one allele, '
            "in_trans_with when they are not, neither when that is not known"
        )
        raise FindingError(msg)
    beside = bool(words.without_residue)
    named = (
        bool(words.copy),
        bool(changes or words.exon or words.exon_alone or words.mutation or beside),
        bool(words.described),
    )
    fitting = all(_fits_exon(symbol, one, words.exon, index) for one in changes)
    if (
        sum(named) > 1
        or (beside and changes)
        or not fitting
        or (words.copy and words.effects - _FITTING.get(words.copy, set()))
    ):
        msg = "this text names more than one alteration of the gene; send a finding for each"
        raise FindingError(msg)
    if words.germline and not changes:
        msg = "germline is stated of a protein change; name it, or leave out what is not of the tumour"
        raise FindingError(msg)
    if len(words.effects) > 1:
        msg = "this text says both that the function is lost and that it is gained; send a gene_alteration with the effect that holds"
        raise FindingError(msg)
    if words.exon_or_residue and changes and _exon_matters(symbol, words, index):
        msg = (
            "this may mean an exon or a residue; write 'exon', its number and 'deletion' or 'insertion', or the protein change with "
            "all its residues"
        )
        raise FindingError(msg)


_OF_EXON: dict[str, tuple[str, ...]] = {
    "deletion": ("deletion", "delins"),
    "insertion": ("insertion", "duplication", "delins"),
    "duplication": ("duplication", "insertion"),
    "skipping": (),
}


def _fits_exon(symbol: str, name: str, exon: str | None, index: KnowledgeIndex) -> bool:
    """Whether a change may be what the event of an exon is called by; if not, two alterations are named and one would be lost."""
    event = (exon or "mutation").split()[-1]
    change = protein_change(name, symbol, index)
    return event not in _OF_EXON or change.kind in _OF_EXON[event] or known_as(symbol, change, exon or "", index)


def _exon_matters(symbol: str, words: Words, index: KnowledgeIndex) -> bool:
    exon = re.search(r"e(\d{1,2})(?:del|ins)", words.text)
    return exon is not None and any(f"exon {exon[1]}" == one for one in mechanism_texts(symbol, index))


def refuse_number(words: Words) -> None:
    """Say how numbers are written, when one is what was not read."""
    if words.unclear_fraction:
        msg = "this number may be a fraction or a percentage; write an allele fraction as 3.1% or VAF 0.031"
        raise FindingError(msg)
    if any(_BARE_NUMBER.fullmatch(one) for one in words.unread):
        msg = (
            "a number of this text is not read, and what it means is not guessed; write an allele fraction as 3.1% or VAF 0.031, with no "
            "sign before it, and copies as CN 9"
        )
        raise FindingError(msg)
