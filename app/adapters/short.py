"""A finding in short, ``EML4-ALK p.G1202R 3.1%``, to values of the domain.

First the gene or the fusion at its head, then every word behind it. A text that holds more than is understood is refused with the
cure: a resistance mutation must never be lost in words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from msgspec import Struct

from app.adapters.changes import (
    REMEMBERED,
    FindingError,
    as_hgvs,
    example_change,
    gene_of_reference,
    how_to_write,
    one_residue,
    protein_change,
)
from app.adapters.vocabulary import UnknownNameError, gene_symbol
from app.adapters.words import Words, read_words, refuse_denial, refuse_histology, tidy
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.knowledge.index import KnowledgeIndex

_EXON_OF_PARTNER = re.compile(
    r":(?:exons?|ex|e)(?P<colon>\d{1,2}[a-c]?)(?=-|::|/|$)|\((?:exons?|ex|e)(?P<bracket>\d{1,2}[a-c]?)\)", re.IGNORECASE
)
_SPACED_EXON = re.compile(r"(?<=[:(])(exons?|ex|e) (?=\d)", re.IGNORECASE)
_SPACED_JOIN = re.compile(r"\s*(::|--)\s*|\s+(-)\s+")
_JOIN = re.compile(r"::|--|-|/|:")
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*")
_HEAD = re.compile(r"[^\s,;()\[\]]+")
_BARE_NUMBER = re.compile(r"[~<>=≈≤≥]*\d+(?:\.\d+)?%?")
_SHORTEST_PARTNER = 2
_FITTING = {"deletion": {"inactivating"}, "amplification": {"activating"}}
"""The effect that a change of copy number says by itself. Beside a low-level change an effect is something else."""


class Head(Struct, frozen=True):
    """The gene that a text is about, the fusion that stands for it, and the words behind."""

    symbol: str
    known: bool
    words: str
    partner: str | None = None
    fused: bool = False
    variant: str | None = None


@lru_cache(maxsize=REMEMBERED)
def read_short(text: str, driver: str, index: KnowledgeIndex) -> tuple[tuple[Finding, ...], str | None]:
    """The findings that a text states, and its gene when the knowledge does not have it.

    Raises FindingError with the cure for all that is not wholly understood.
    """
    plain = tidy(text)
    refuse_denial(plain)
    refuse_histology(plain)
    try:
        head = _head(plain, driver, index)
    except UnknownNameError as error:
        raise FindingError(str(error)) from error
    words = read_words(_without_own_gene(head.words, head.symbol, index), fused=head.fused)
    found = _findings(head, words, driver, index)
    return found, None if head.known else head.symbol


# --- the head ---------------------------------------------------------------------------------------------------


def _head(text: str, driver: str, index: KnowledgeIndex) -> Head:
    symbol = gene_of_reference(text, index)
    if symbol is not None:
        return Head(symbol, known=True, words=text)
    fusion = _fusion_head(text, index)
    if fusion is not None:
        return fusion
    name, rest = _gene_in_front(text, index)
    if name is None:
        raise FindingError(_say(driver, index))
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


# --- the words --------------------------------------------------------------------------------------------------


def _without_own_gene(text: str, symbol: str, index: KnowledgeIndex) -> str:
    """The words without the gene of the head named once more (``EML4-ALK, ALK:p.G1202R``), which adds nothing."""
    return _names_of(symbol, index).sub("", text)


@lru_cache(maxsize=REMEMBERED)
def _names_of(symbol: str, index: KnowledgeIndex) -> re.Pattern[str]:
    names = {symbol, *(name for name, known in index.vocabulary.genes.items() if known == symbol)}
    listed = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<![\w/+-])(?:{listed})(?![\w/+-])\s*:?\s*", re.IGNORECASE)


def _findings(head: Head, words: Words, driver: str, index: KnowledgeIndex) -> tuple[Finding, ...]:
    """What head and words state together."""
    symbol = head.symbol
    on_driver = symbol in index.settings
    if words.unread:
        named = None if on_driver or head.fused else _named_in_knowledge(symbol, words, index)
        if named is None:
            _refuse_number(words)
            raise _not_understood(driver, index)
        return (named,)
    changes = tuple(dict.fromkeys(str(protein_change(one, symbol, index, driver)) for one in words.changes))
    _check_one_event(words, changes, symbol, index)
    fused = head.fused or words.fusion
    if words.joined and not (fused and (changes or words.copy)):
        raise _not_understood(driver, index)
    if words.coding and not changes and not (words.exon or words.exon_alone):
        msg = "a change of the coding sequence alone is not read; add the protein change, " + how_to_write(
            driver, index
        )
        raise FindingError(msg)
    fractions = _fractions(words, fused=fused, changed=bool(changes or words.copy or words.exon or words.effects))
    rest = _event(symbol, words, changes, fractions["event"], driver, index, fused=fused)
    if not fused:
        if rest is None:
            raise _not_understood(driver, index)
        if not head.known:
            _refuse_lost_gene(rest, driver, index)
        if not head.known and isinstance(rest, GeneAlteration) and rest.effect != "inactivating":
            msg = f"this text names no gene known here and no change; {how_to_write(driver, index)}"
            raise FindingError(msg)
        return (rest,)
    fusion = Fusion(symbol, head.partner, head.variant or words.variant, fractions["fusion"])
    return (fusion,) if rest is None else (fusion, rest)


def _refuse_lost_gene(found: Finding, driver: str, index: KnowledgeIndex) -> None:
    """Refuse a known change of the driver behind a word that is no known gene (``plasma G1202R``): the gene was left out."""
    if found.name in index.known_changes[driver]:
        msg = (
            f"the first word names no gene known here, and the change is known of {driver}; write '{driver}' in front of it, or, if it is "
            "of another gene, send a small_variant with the HGNC symbol"
        )
        raise FindingError(msg)


def _check_one_event(words: Words, changes: tuple[str, ...], symbol: str, index: KnowledgeIndex) -> None:
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
    named = (bool(words.copy), bool(changes or words.exon or words.mutation), bool(words.described))
    if sum(named) > 1 or (words.copy and words.effects - _FITTING.get(words.copy, set())):
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


def _exon_matters(symbol: str, words: Words, index: KnowledgeIndex) -> bool:
    exon = re.search(r"e(\d{1,2})(?:del|ins)", words.text)
    return exon is not None and any(f"exon {exon[1]}" == one for one in _texts(symbol, index))


def _fractions(words: Words, *, fused: bool, changed: bool) -> dict[str, float | None]:
    """The fraction of the fusion and that of the event. A single one behind both belongs to the event."""
    found: dict[str, float | None] = {"fusion": None, "event": None}
    for place, fraction in words.fractions:
        if fraction > 1:
            msg = "an allele fraction cannot exceed 100 %; write 3.1% or VAF 0.031"
            raise FindingError(msg)
        of_fusion = fused and (place == "fusion" or not changed)
        name = "fusion" if of_fusion else "event"
        if found[name] is not None:
            msg = "this text gives two allele fractions of one alteration; give one"
            raise FindingError(msg)
        found[name] = fraction
    return found


def _event(
    symbol: str,
    words: Words,
    changes: tuple[str, ...],
    vaf: float | None,
    driver: str,
    index: KnowledgeIndex,
    *,
    fused: bool,
) -> Finding | None:
    """The alteration that the words name beside the fusion, or None."""
    if len(words.copies) > 1:
        msg = "this text gives two numbers of copies; give one"
        raise FindingError(msg)
    if words.copy:
        return CopyNumber(symbol, words.copy, words.copies[0] if words.copies else None)
    if words.copies:
        msg = f"this text gives copies and not what the report calls them; write '{symbol} amplification CN 9' or '{symbol} gain CN 4'"
        raise FindingError(msg)
    if changes:
        return _changed(symbol, words, changes[0], vaf, index)
    if fused and not (words.effects or words.exon or words.exon_alone or words.described or words.mutation):
        return None
    if symbol in index.settings:
        msg = f"this text names no change of {symbol} that can be read; {how_to_write(driver, index)}"
        raise FindingError(msg)
    return in_words(symbol, words, vaf, index)


def _changed(symbol: str, words: Words, name: str, vaf: float | None, index: KnowledgeIndex) -> Finding:
    change = protein_change(name, symbol, index)
    if words.exon and not _listed(symbol, name, index):
        alteration = in_words(symbol, words, vaf, index)
        if alteration is not None:
            return alteration
    if "activating" in words.effects or ("inactivating" in words.effects and not change.truncating):
        msg = (
            f'this text names a change and its effect; write the change alone, or send {{"type": "gene_alteration", "gene": "{symbol}", '
            '"effect": …, "description": the change}'
        )
        if not _listed(symbol, name, index):
            raise FindingError(msg)
    return SmallVariant(symbol, name, change, vaf, germline=words.germline)


def in_words(symbol: str, words: Words, vaf: float | None, index: KnowledgeIndex) -> GeneAlteration | None:
    """The alteration that words alone describe, in one form for all ways of saying the same; None when they do not."""
    effect = next(iter(words.effects), "unknown")
    if words.exon:
        return GeneAlteration(symbol, effect, words.exon, vaf)
    if words.exon_alone:
        named = _label_of_exon(symbol, words.exon_alone, index)
        return GeneAlteration(symbol, effect, named, vaf) if named else None
    if words.effects:
        return GeneAlteration(symbol, effect, words.description, vaf)
    if words.described:
        return GeneAlteration(symbol, effect, words.described, vaf)
    return GeneAlteration(symbol, effect, "mutation", vaf) if words.mutation else None


def _label_of_exon(symbol: str, exon: str, index: KnowledgeIndex) -> str | None:
    """What the knowledge calls the alteration of an exon, where it has one of that gene and exon."""
    start = f"{symbol} {exon} "
    labels = (one.record.label for one in index.mechanisms_by_gene.get(symbol, ()))
    return next((label[len(symbol) + 1 :] for label in labels if label.startswith(start)), None)


def _texts(symbol: str, index: KnowledgeIndex) -> tuple[str, ...]:
    return tuple(
        match.text.casefold()
        for mechanism in index.mechanisms_by_gene.get(symbol, ())
        for match in mechanism.record.matches
        if match.type == "gene_alteration" and match.gene == symbol and match.text
    )


def _named_in_knowledge(symbol: str, words: Words, index: KnowledgeIndex) -> GeneAlteration | None:
    """Words that hold what a mechanism of the gene is known by: kept as written, and matched by it."""
    if words.changes or words.copy or words.fractions or words.copies:
        return None
    if not any(one in words.text for one in _texts(symbol, index)):
        return None
    if any(one.casefold() in index.vocabulary.genes for one in words.unread):
        return None
    return GeneAlteration(symbol, next(iter(words.effects), "unknown"), words.text)


def _listed(symbol: str, name: str, index: KnowledgeIndex) -> bool:
    return any(
        name in match.protein_changes or (match.codons and protein_change(name, symbol, index).start in match.codons)
        for mechanism in index.mechanisms_by_gene.get(symbol, ())
        for match in mechanism.record.matches
        if match.type == "small_variant" and match.gene == symbol
    )


def _refuse_number(words: Words) -> None:
    """Say how numbers are written, when one is what was not read."""
    if any(_BARE_NUMBER.fullmatch(one) for one in words.unread):
        msg = (
            "a number of this text is not read, and what it means is not guessed; write an allele fraction as 3.1% or VAF 0.031, with a "
            "point and no sign before it, and copies as CN 9"
        )
        raise FindingError(msg)


def _not_understood(driver: str, index: KnowledgeIndex) -> FindingError:
    return FindingError(_say(driver, index))


def _say(driver: str, index: KnowledgeIndex) -> str:
    example = example_change(driver, index)
    return (
        "this text is not wholly understood, and nothing in it is guessed: one gene or fusion, then its change, such as "
        f"'{driver} {example} 3.1%'; a finding of its own for each further gene or change. What has no such form goes as "
        '{"type": "gene_alteration", "gene": …, "effect": …, "description": …}'
    )
