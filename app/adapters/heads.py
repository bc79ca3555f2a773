"""The head of a finding in short: the gene, or the fusion that stands for it, and the words behind."""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from app.adapters.changes import FindingError, as_hgvs, gene_of_reference, how_to_write, not_understood
from app.adapters.vocabulary import gene_symbol
from app.adapters.words import read_words
from app.knowledge.index import KnowledgeIndex

_EXON_OF_PARTNER = re.compile(
    r":(?:exons?|ex|e)(?P<colon>\d{1,2}[a-c]?)(?=-|::|/|$)|\((?:exons?|ex|e)?(?P<bracket>\d{1,2}[a-c]?)\)",
    re.IGNORECASE,
)
_SPACED_EXON = re.compile(r"(?<=[:(])(exons?|ex|e) (?=\d)", re.IGNORECASE)
_SPACED_JOIN = re.compile(r"\s*(::|--)\s*|\s+(-)\s+")
_JOIN = re.compile(r"::|--|-|/|:")
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*")
_HEAD = re.compile(r"[^\s,;()\[\]]+")
_SHORTEST_PARTNER = 2


class Head(Struct, frozen=True):
    """The gene that a text is about, the fusion that stands for it, and the words behind."""

    symbol: str
    known: bool
    words: str
    partner: str | None = None
    fused: bool = False
    variant: str | None = None


def read_head(text: str, driver: str, index: KnowledgeIndex) -> Head:
    """The head of a text. Raises FindingError, and UnknownNameError for what is no gene."""
    symbol = gene_of_reference(text, index)
    if symbol is not None:
        return Head(symbol, known=True, words=text)
    fusion = _fusion_head(text, index)
    if fusion is not None:
        return fusion
    name, rest = _gene_in_front(text, index)
    if name is None:
        raise not_understood(driver, index)
    rest = rest.lstrip(" :")
    behind = _HEAD.match(rest.lstrip("- "))
    if rest.startswith("-") and behind and as_hgvs(behind[0]):  # 'ALK-G1202R'; a bare 'ALK-' may deny
        rest = rest.lstrip("- ")
    if (
        not rest
        or as_hgvs(name) is not None
        or (name.casefold() not in index.vocabulary.genes and not read_words(name).unread)
    ):
        raise FindingError(how_to_write(driver, index))
    symbol, known = gene_symbol(name, index)
    return Head(symbol, known, rest)


def _gene_in_front(text: str, index: KnowledgeIndex) -> tuple[str | None, str]:
    """The longest known name that the text starts with, or else its first word when that looks like a symbol."""
    genes = index.vocabulary.genes
    lowered = text.casefold()
    for length in range(min(len(text), _longest(index)), 0, -1):
        if lowered[:length] in genes and (_ends(text, length) or _glued(text[length:])):
            return text[:length], text[length:]
    first = _SYMBOL.match(text)
    if first is None or not _ends(text, first.end()):
        return None, text
    return first[0], text[first.end() :]


@lru_cache(maxsize=16)
def _longest(index: KnowledgeIndex) -> int:
    return max(len(name) for name in index.vocabulary.genes)


def _ends(text: str, place: int) -> bool:
    return place == len(text) or not (text[place].isalnum() or text[place] in "_.")


def _glued(rest: str) -> bool:
    """``METex14``, ``ALKG1202R``: a change or an exon written on to the symbol without a space."""
    word = _HEAD.match(rest)
    return word is not None and (
        as_hgvs(word[0]) is not None or re.match(r"ex(?:on)?\d", rest, re.IGNORECASE) is not None
    )


def _fusion_head(text: str, index: KnowledgeIndex) -> Head | None:
    """The head as a fusion, with the exons that stand behind its partners, or None."""
    joined = _SPACED_JOIN.sub(lambda found: found[1] or found[2], _SPACED_EXON.sub(r"\1", text))
    front, _, rest = joined.partition(" ")
    exons = [found["colon"] or found["bracket"] for found in _EXON_OF_PARTNER.finditer(front)]
    bare = f"{_EXON_OF_PARTNER.sub('', front)} {rest}" if exons else joined
    word = _HEAD.match(bare)
    if word is None or word[0].casefold() in index.vocabulary.genes:
        return None
    words = bare[word.end() :]
    for join in _JOIN.finditer(word[0]):
        pair = _pair(word[0][: join.start()], join[0], word[0][join.end() :], index)
        if pair is None or (pair.doubtful and not read_words(words, fused=True).fusion):
            continue
        variant = ";".join(f"exon{exon}" for exon in exons) if exons else None
        return Head(pair.symbol, pair.known, words, pair.partner, fused=True, variant=variant)
    return None


class Pair(Struct, frozen=True):
    """Two genes joined by a sign."""

    partner: str
    symbol: str
    """The kinase."""
    known: bool
    doubtful: bool
    """The sign may mean something else: a fusion only when the words say so."""


def _pair(left: str, join: str, right: str, index: KnowledgeIndex) -> Pair | None:
    """The pair as a fusion, or None.

    The driver is the kinase wherever it stands, and so is the only one of the two that the knowledge has.
    """
    genes, drivers = index.vocabulary.genes, index.settings
    if not all(_SYMBOL.fullmatch(one) or one.casefold() in genes for one in (left, right)):
        return None
    first, second = genes.get(left.casefold()), genes.get(right.casefold())
    sure = join in ("::", "--")
    if not sure:
        if min(len(left), len(right)) < _SHORTEST_PARTNER or first == second is not None:
            return None
        if (first and as_hgvs(right)) or (first in drivers and second in drivers):
            return None
    turned = first is not None and second not in drivers and (first in drivers or second is None)
    partner, kinase = (right, left) if turned else (left, right)
    symbol, known = gene_symbol(kinase, index)
    doubtful = not sure and (not known or ((turned or join != "-") and not _kinase(symbol, index)))
    return Pair(gene_symbol(partner, index)[0], symbol, known, doubtful)


def _kinase(symbol: str, index: KnowledgeIndex) -> bool:
    """True for a gene that is known to act as a fusion: a driver, or one whose fusion is a mechanism."""
    if symbol in index.settings:
        return True
    return any(
        match.type == "fusion" and match.gene == symbol
        for mechanism in index.mechanisms_by_gene.get(symbol, ())
        for match in mechanism.record.matches
    )
