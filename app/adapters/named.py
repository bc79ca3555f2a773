"""Alterations as the knowledge names them: by an event of an exon, by words, by a listed change."""

from __future__ import annotations

import re

from app.adapters.changes import protein_change
from app.adapters.words import Words, read_words
from app.domain.case import GeneAlteration
from app.domain.variant import ProteinChange
from app.knowledge.index import KnowledgeIndex


def in_words(symbol: str, words: Words, vaf: float | None, index: KnowledgeIndex) -> GeneAlteration | None:
    """The alteration that words alone describe, in one form for all ways of saying the same; None when they do not."""
    effect = next(iter(words.effects), "unknown")
    if words.exon:
        return GeneAlteration(symbol, effect, words.exon, vaf)
    if words.exon_alone:
        named = label_of_exon(symbol, words.exon_alone, index)
        if named or not words.without_residue:
            return GeneAlteration(symbol, effect, named, vaf) if named else None
    if words.without_residue:
        return GeneAlteration(symbol, effect, f"mutation {words.without_residue}", vaf)
    if words.effects:
        return GeneAlteration(symbol, effect, words.description, vaf)
    if words.described:
        return GeneAlteration(symbol, effect, words.described, vaf)
    return GeneAlteration(symbol, effect, "mutation", vaf) if words.mutation else None


def label_of_exon(symbol: str, exon: str, index: KnowledgeIndex) -> str | None:
    """What the knowledge calls the alteration of an exon, where it has one of that gene and exon."""
    start = f"{symbol} {exon} "
    labels = (one.record.label for one in index.mechanisms_by_gene.get(symbol, ()))
    return next((label[len(symbol) + 1 :] for label in labels if label.startswith(start)), None)


def mechanism_texts(symbol: str, index: KnowledgeIndex) -> tuple[str, ...]:
    """What the mechanisms of a gene are known by in the words of an alteration, in lower case."""
    return tuple(
        match.text.casefold()
        for mechanism in index.mechanisms_by_gene.get(symbol, ())
        for match in mechanism.record.matches
        if match.type == "gene_alteration" and match.gene == symbol and match.text
    )


def named_in_knowledge(symbol: str, words: Words, index: KnowledgeIndex) -> GeneAlteration | None:
    """What a mechanism of the gene is known by, where the text holds it as words of its own and says nothing more."""
    for name in mechanism_texts(symbol, index):
        rest, found = re.subn(rf"(?<![\w-]){re.escape(name)}(?![\w-])", " ", words.text)
        if found == 1 and _adds_nothing(read_words(" ".join(rest.split()))) and not (words.fractions or words.copies):
            return GeneAlteration(symbol, next(iter(words.effects), "unknown"), name)
    return None


def _adds_nothing(words: Words) -> bool:
    named = words.changes or words.copy or words.exon or words.exon_alone or words.described or words.without_residue
    return not (
        words.unread
        or named
        or words.fusion
        or words.germline
        or words.joined
        or words.references
        or "inactivating" in words.effects
    )


def listed(symbol: str, name: str, index: KnowledgeIndex) -> bool:
    """True for a change that a mechanism of the gene has by name, by residue or by being any change of it."""
    return any(
        name in match.protein_changes
        or not (match.protein_changes or match.codons or match.truncating is not None)
        or (match.codons and protein_change(name, symbol, index).start in match.codons)
        for mechanism in index.mechanisms_by_gene.get(symbol, ())
        for match in mechanism.record.matches
        if match.type == "small_variant" and match.gene == symbol
    )


def known_as(symbol: str, change: ProteinChange, exon: str, index: KnowledgeIndex) -> bool:
    """True for a change that the knowledge has by name or residue in the mechanism that the event of the exon is."""
    return any(
        any(
            one.type == "gene_alteration" and one.gene == symbol and one.text and one.text.casefold() in exon
            for one in matches
        )
        and any(
            one.type == "small_variant"
            and one.gene == symbol
            and (str(change) in one.protein_changes or change.start in one.codons)
            for one in matches
        )
        for matches in (mechanism.record.matches for mechanism in index.mechanisms_by_gene.get(symbol, ()))
    )
