"""One finding, typed or in short, to values of the domain."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.changes import REMEMBERED, FindingError, as_hgvs, check_numbering, each_substitution, protein_change
from app.adapters.heads import Head, acts_fused, read_head
from app.adapters.named import in_words, mechanism_texts, named_in_knowledge
from app.adapters.refusals import (
    ONLY_FOUND,
    denies,
    refuse_gone,
    refuse_what_is_no_finding,
    says_nothing,
    variant_of_fusion,
)
from app.adapters.short import read_short, without_own_gene
from app.adapters.together import refuse_ratio
from app.adapters.vocabulary import UnknownNameError, partner_symbol, symbol_of_finding
from app.adapters.words import Words, read_words, tidy
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.knowledge.index import KnowledgeIndex
from app.knowledge.remember import remembered
from app.wire import findings as wire

__all__ = ["FindingError", "Read", "protein_change", "read_findings"]


class Read(Struct, frozen=True):
    """A finding that was understood; ``unknown_gene`` when the knowledge does not have its gene."""

    finding: Finding
    unknown_gene: str | None = None


def read_findings(given: wire.Finding, driver: str, index: KnowledgeIndex) -> tuple[Read, ...]:
    """Read one finding as sent; a text may state several, a fusion and a change of its kinase.

    ``driver`` is the driver gene of the case. Raises FindingError with the cure.
    """
    if isinstance(given, str):
        return _read_text(given, driver, index)
    symbol, known = _gene(given.gene, index)
    finding = _typed(given, symbol, driver, index)
    _refuse_absence(finding)
    unknown = None if known or finding.gene != symbol else symbol
    return tuple([Read(each, unknown) for each in _on_one_allele(finding, index)])


@remembered(REMEMBERED)
def _read_text(text: str, driver: str, index: KnowledgeIndex) -> tuple[Read, ...]:
    found, unknown_gene = read_short(text, driver, index)
    for one in found:
        _refuse_absence(one)
    return tuple([Read(each, unknown_gene) for one in found for each in _on_one_allele(one, index)])


def _on_one_allele(finding: Finding, index: KnowledgeIndex) -> tuple[Finding, ...]:
    """One deletion-insertion of neighbouring residues as the substitutions that it amounts to, in cis."""
    if not isinstance(finding, SmallVariant) or finding.change.kind != "delins":
        return (finding,)
    changes = each_substitution(finding.change, finding.gene, index)
    if len(changes) == 1:
        return (finding,)
    names = [str(one) for one in changes]
    together = finding.phase_set or finding.name  # what they are beside anything else stays open
    return tuple(
        [
            replace(
                finding,
                name=name,
                change=change,
                phase_set=together,
                cis=None if finding.cis is None else tuple(sorted({*finding.cis, *names} - {name})),
            )
            for name, change in zip(names, changes, strict=True)
        ]
    )


def _typed(given: wire.FindingObject, symbol: str, driver: str, index: KnowledgeIndex) -> Finding:
    if isinstance(given, wire.SmallVariant):
        return _small_variant(given, symbol, driver, index)
    if isinstance(given, wire.CopyNumber):
        return CopyNumber(symbol, given.change, given.copies)
    if isinstance(given, wire.Fusion):
        return _fusion(symbol, given, index)
    return _inherited(_alteration(given, symbol, driver, index), given)


_INHERITED = re.compile(
    r"(?<!matched )(?<!non-)(?<!non )(?<!not )\b(?:germ-?line|inherited|constitutional|Keimbahn\w*|erblich\w*)\b"
    r"(?!\W*(?:status|test|control|analysis|confirmation|origin|referral|unknown|not|advised|cannot))|胚系|生殖系",
    re.IGNORECASE,
)
_ADVICE = re.compile(r"\b(?:consider|advise|recommend|exclude|matched|rule out)\w*", re.IGNORECASE)


def _is_inherited(given: wire.GeneAlteration) -> bool:
    """As its sender marks it; unmarked, as its own words say, unless they speak of testing for it."""
    words = given.description or ""
    if given.germline is not None:
        return given.germline
    return _INHERITED.search(words) is not None and _ADVICE.search(words) is None


def _inherited(found: Finding, given: wire.GeneAlteration) -> Finding:
    """The alteration, marked when its sender or its own words call it germline."""
    if not _is_inherited(given):
        return found
    if isinstance(found, GeneAlteration | SmallVariant):
        return replace(found, germline=True)
    msg = "this reads as a fusion or a change of copy number, which is not read as germline; list only what the tumour carries"
    raise FindingError(msg, "germline" if given.germline else "description")


_ONE_ALLELE = 1
_TWO_ALLELES = 2
"""Copies of a gene that is not gained."""


def _refuse_absence(finding: Finding) -> None:
    """A finding whose own number says that it was not there is no finding."""
    cure = ONLY_FOUND
    if isinstance(finding, CopyNumber):
        if finding.change == "amplification" and finding.copies is not None and finding.copies <= _TWO_ALLELES:
            msg = f"{finding.copies:g} copies are no amplification; check the number, or {cure}"
            raise FindingError(msg, "copies")
        if finding.change == "gain" and finding.copies is not None and finding.copies <= _TWO_ALLELES:
            msg = f"{finding.copies:g} copies are no gain; check the number and the change, or {cure}"
            raise FindingError(msg, "copies")
        if finding.change == "loss" and finding.copies is not None and finding.copies >= _TWO_ALLELES:
            msg = f"{finding.copies:g} copies are no loss; check the number and the change, or {cure}"
            raise FindingError(msg, "copies")
        if finding.change == "deletion" and finding.copies is not None and finding.copies >= _TWO_ALLELES:
            msg = f"{finding.copies:g} copies are no deletion; check the number and the change, or {cure}"
            raise FindingError(msg, "copies")
        if finding.change == "deletion" and finding.copies is not None and finding.copies >= _ONE_ALLELE:
            msg = (
                f"{finding.copies:g} copies are a loss and no deletion, of which no copy is left; send it as "
                f'{{"type": "copy_number", "gene": "{finding.gene}", "change": "loss"}}, or the deletion without the copies where the report '
                "calls it that"
            )
            raise FindingError(msg, "copies")
    elif finding.vaf == 0:
        msg = f"an allele fraction of 0 is a negative result; {cure}"
        raise FindingError(msg, "vaf")


def _gene(text: str, index: KnowledgeIndex) -> tuple[str, bool]:
    try:
        return symbol_of_finding(text, index)
    except UnknownNameError as error:
        raise FindingError(str(error), "gene") from error


def _small_variant(given: wire.SmallVariant, symbol: str, driver: str, index: KnowledgeIndex) -> SmallVariant:
    if given.transcript is not None:
        check_numbering(given.transcript, symbol, index, "transcript")
    change = protein_change(given.protein_change, symbol, index, driver)
    cis = None if given.in_cis_with is None else _named(given.in_cis_with, "in_cis_with", symbol, driver, index)
    trans = _named(given.in_trans_with, "in_trans_with", symbol, driver, index) if given.in_trans_with else ()
    return SmallVariant(symbol, str(change), change, given.vaf, cis, trans, given.phase_set, bool(given.germline))


def _named(texts: Iterable[str], field: str, symbol: str, driver: str, index: KnowledgeIndex) -> tuple[str, ...]:
    """The changes that a phase names, in canonical form and order."""
    try:
        changes = [protein_change(one, symbol, index, driver) for one in texts]
    except FindingError as error:
        raise FindingError(str(error), field) from error
    return tuple(sorted({str(each) for change in changes for each in each_substitution(change, symbol, index)}))


def _alteration(given: wire.GeneAlteration, symbol: str, driver: str, index: KnowledgeIndex) -> Finding:
    """An alteration without detail. One whose words do give the detail is read as what they say, or sent back."""
    words = given.description or ""
    if given.effect != "unknown" and not _is_inherited(given) and _UNSETTLED.search(words):
        msg = 'the description says that what it does is not known or that it is harmless; send it with "effect": "unknown", or leave it out'
        raise FindingError(msg, "effect")
    said = _said(given, words, symbol, index)
    refuse_ratio(said, symbol, driver, index, "description")
    fusion = _named_fusion(given, said, symbol, driver, index)
    if fusion is not None:
        return fusion
    if said.copy == "amplification":
        if _only_copies(said):
            return CopyNumber(symbol, "amplification", said.copies[0] if said.copies else None)
        msg = f"the description {_AMONG_OTHERS.format('an amplification')}"
        msg += f'{{"type": "copy_number", "gene": "{symbol}", "change": "amplification"}}'
        raise FindingError(msg, "description")
    change = _named_change(given, said, symbol, driver, index)
    if change is not None:
        return change
    named = None if _holds_more(said) else in_words(symbol, said, given.vaf, index)
    if named is None:
        return _as_written(given, said, symbol, index)
    effect = named.effect if given.effect == "unknown" else given.effect
    return GeneAlteration(symbol, effect, named.description, given.vaf)


_UNSETTLED = re.compile(
    r"(?:uncertain|unknown|unclear|undetermined|unklare?r?|incert\w*|inciert\w*)\s+(?:clinical\s+|klinische\s+)?(?:significance|signifikanz|effect)"
    r"|(?:significance|effect)\s+(?:is\s+)?(?:unknown|uncertain|unclear)|(?:signification|significado|significato)\s+in(?:certaine|cierto|certo)"
    r"|\bV\.?U\.?S\b(?!\w*\s+reclassified)|\bACMG\W+(?:class|klasse|clase|classe)\W*[123]\b|\btier\W*(?:III|IV|3|4)\b"
    r"|\bpolymorphisms?\b|\bSNPs?\b|\bbenign\b|\bunclassified\b|意义(?:未明|不明)|意義(?:未明|不明)",
    re.IGNORECASE,
)
_AMONG_OTHERS = "names {} among other words, which may as well take it back; where it was found, send "


def _said(given: wire.GeneAlteration, words: str, symbol: str, index: KnowledgeIndex) -> Words:
    """The words of a description, without the gene of the finding. One that takes back what it states is refused like a text that does."""
    plain = tidy(words)
    refuse_what_is_no_finding(plain, "description")
    said = read_words(without_own_gene(plain, symbol, index).strip())
    named = bool(said.changes or said.exon or said.fusion or said.described or given.effect == "activating")
    refuse_gone(said.text, named=named, truncating=False, field="description")
    return said


def _as_written(given: wire.GeneAlteration, said: Words, symbol: str, index: KnowledgeIndex) -> GeneAlteration:
    """An alteration in the words of the report. Those that hold what a mechanism is known by must say nothing beside it."""
    words = given.description or ""
    told = (
        said.effects
        or said.copy
        or said.changes
        or said.mutation
        or said.exon
        or said.exon_alone
        or said.fractions
        or said.fusion
    )
    if (
        given.effect != "unknown"
        and not told
        and words.strip()
        and all(map(says_nothing, re.split(r"[\s,;:()\[\]]+", words.strip())))
    ):
        msg = (
            "the description does not say what was found; write the report's words for it, or leave the description out"
        )
        raise FindingError(msg, "description")
    if said.unread and any(one in words.casefold() for one in mechanism_texts(symbol, index)):
        named = named_in_knowledge(symbol, said, index)
        if named is None:
            msg = f"the description {_AMONG_OTHERS.format('a known alteration')}it alone, such as 'exon 14 skipping'"
            raise FindingError(msg, "description")
        return GeneAlteration(symbol, given.effect, named.description, given.vaf)
    return GeneAlteration(symbol, given.effect, words, given.vaf)


_FUSION_TEST = re.compile(r"\bFISH\b|\bbreak[ -]?apart\b", re.IGNORECASE)


def _named_fusion(
    given: wire.GeneAlteration, said: Words, symbol: str, driver: str, index: KnowledgeIndex
) -> Fusion | None:
    """The fusion that a description states. As an alteration it would not be known as one; what is said of it beside is sent back."""
    words = tidy(given.description or "")
    pairs = [pair for word in words.split() if (pair := _pair(word, driver, index)) is not None]
    of_test = symbol in index.settings and _FUSION_TEST.search(words)
    if not pairs and not (acts_fused(symbol, index) and (said.fusion or of_test)):
        return None
    if pairs or not of_test:
        try:
            found, _ = read_short(words if pairs else f"{symbol} {words}", driver, index)
        except FindingError:
            found = ()
        if len(found) == 1 and isinstance(found[0], Fusion) and found[0].gene == symbol:
            return found[0] if found[0].vaf is not None else replace(found[0], vaf=given.vaf)
    msg = (
        f'the description names a fusion; send it as {{"type": "fusion", "gene": "{pairs[0].symbol if pairs else symbol}", "partner": …, '
        '"variant": …}, without the partner when it is not known, and a change beside it as a finding of its own'
    )
    raise FindingError(msg, "description")


def _pair(word: str, driver: str, index: KnowledgeIndex) -> Head | None:
    """The fusion that a word of a description is, when it is one that acts."""
    try:
        head = read_head(word.strip(".,;()"), driver, index)
    except (FindingError, UnknownNameError):
        return None
    return head if head.fused and acts_fused(head.symbol, index) else None


def _named_change(
    given: wire.GeneAlteration, said: Words, symbol: str, driver: str, index: KnowledgeIndex
) -> SmallVariant | None:
    """The protein change that a description states without its effect, or None. A change of a driver is always sent back."""
    words = given.description or ""
    changes = [word for word in words.split() if as_hgvs(word.strip(".,;()"))]
    if symbol in index.settings:
        if said.coding or changes:
            msg = f"the description names a change of {symbol}; send its protein change as a small_variant, so that it is read"
            raise FindingError(msg, "description")
        return None
    if not changes or given.effect != "unknown":
        return None
    alone = not (said.unread or said.copy or said.copies or said.fractions or said.joined or said.exon or said.effects)
    if len(said.changes) == 1 and alone:
        try:
            change = protein_change(said.changes[0], symbol, index, driver)
        except FindingError as error:
            raise FindingError(str(error), "description") from error
        return SmallVariant(symbol, str(change), change, given.vaf, germline=said.germline)
    msg = f"the description names a change of {symbol} among other words; send its protein change as a small_variant, so that it is read"
    raise FindingError(msg, "description")


def _holds_more(said: Words) -> bool:
    """True when a description says more than one name of an alteration can hold; it then stays as written."""
    return bool(
        said.unread or said.changes or said.copy or said.copies or said.fractions or said.joined or said.germline
    )


def _only_copies(said: Words) -> bool:
    more = said.unread or said.changes or said.exon or said.exon_alone or said.fusion or said.joined or said.fractions
    return not (more or said.mutation or said.described or "inactivating" in said.effects) and len(said.copies) < 2


def _fusion(symbol: str, given: wire.Fusion, index: KnowledgeIndex) -> Fusion:
    """The gene that acts is the 3' partner; a pair given the other way round is turned."""
    variant = variant_of_fusion(given.variant)
    if variant and denies(variant):
        msg = f"this reads as a negative result; {ONLY_FOUND}"
        raise FindingError(msg, "variant")
    try:
        partner = partner_symbol(given.partner, symbol, index) if given.partner else None
    except UnknownNameError as error:
        raise FindingError(str(error), "partner") from error
    if partner == symbol:
        msg = "the partner is the gene itself; name the gene that it is fused to, and leave the partner out when it is not known"
        raise FindingError(msg, "partner")
    if partner is not None and _acts_more(partner, symbol, index):
        symbol, partner = partner, symbol
    return Fusion(symbol, partner, variant, given.vaf)


def _acts_more(one: str, other: str, index: KnowledgeIndex) -> bool:
    """True when only the first is a driver, or, where neither is, only the first is known to act as a fusion."""
    if (one in index.settings) != (other in index.settings):
        return one in index.settings
    return acts_fused(one, index) and not acts_fused(other, index)
