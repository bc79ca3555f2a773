"""A finding in short, ``EML4-ALK p.G1202R 3.1%``, to values of the domain.

First the gene or the fusion at its head, then every word behind it. A text that holds more than is understood is refused with the
cure: a resistance mutation must never be lost in words.
"""

from __future__ import annotations

import re

from app.adapters.changes import REMEMBERED, FindingError, how_to_write, not_understood, protein_change
from app.adapters.heads import Head, read_head
from app.adapters.named import in_words, label_of_exon, listed, mechanism_texts, named_in_knowledge
from app.adapters.refusals import refuse_gone, refuse_what_is_no_finding
from app.adapters.together import check_one_event, check_references, refuse_further_gene, refuse_number, refuse_ratio
from app.adapters.vocabulary import UnknownNameError
from app.adapters.words import Words, read_words, tidy
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.knowledge.index import KnowledgeIndex
from app.knowledge.remember import remembered

_ANNOVAR = re.compile(
    r"^(?P<gene>[A-Za-z0-9-]+):(?P<transcript>(?:N[MR]_|ENST)\d+(?:\.\d+)?):exon\d+:c\.[^\s:]+:(?P<change>p\.\S+)",
    re.IGNORECASE,
)
"""``GENE:NM_000001:exon2:c.G31A:p.G11R``; the transcript is checked, the coding change says the same once more."""
_POSITIVE = re.compile(
    r"(?:(?:by )?FISH (?:test(?:ing)? )?)?(?:positi(?:ve?|vo|va|f)|pos|阳性|陽性)(?: (?:by |on |in )?FISH)?",
    re.IGNORECASE,
)
_CELLS = re.compile(
    r"[\s,;(]*[1-9]\d*(?:\.\d+)? ?% (?:of )?(?:the )?(?:tumou?r )?(?:cells|nuclei)(?: positive)?\)?", re.IGNORECASE
)
"""How many cells a FISH test showed it in. Whether they are enough is what the test calls positive."""
_TRUNCATES = re.compile(r"\*|ter\b|fs", re.IGNORECASE)
_SIBLINGS = re.compile(
    r"(?P<stem>[A-Za-z]+\d+)(?P<first>[A-Za-z])/(?:(?P=stem))?(?P<second>[A-Za-z])(?=\s)", re.IGNORECASE
)
"""``CDKN2A/B`` and ``CDKN2A/CDKN2B``."""


@remembered(REMEMBERED)
def read_short(text: str, driver: str, index: KnowledgeIndex) -> tuple[tuple[Finding, ...], str | None]:
    """The findings that a text states, and its gene when the knowledge does not have it.

    Raises FindingError with the cure for all that is not wholly understood.
    """
    plain = _gene_in_front(tidy(text), index)
    bare = _PARTNER_NOT_KNOWN.sub(" ", plain)
    refuse_what_is_no_finding(bare)
    if bare != plain:
        return _without_partner(bare, driver, index)
    plain = _ANNOVAR.sub(r"\g<gene> \g<transcript>:\g<change>", plain)
    pair = _SIBLINGS.match(plain)
    if pair and all(f"{pair['stem']}{pair[one]}".casefold() in index.vocabulary.genes for one in ("first", "second")):
        return _of_both(pair, plain, driver, index), None
    try:
        head = read_head(plain, driver, index)
    except UnknownNameError as error:
        raise FindingError(str(error)) from error
    if head.symbol == driver and not head.fused and _POSITIVE.fullmatch(_CELLS.sub("", head.words).strip(" ,;:()")):
        return (Fusion(driver, None),), None
    letters = f"{head.partner[0]}{head.symbol[0]}" if head.partner else ""
    words = read_words(without_own_gene(head.words, head.symbol, index), fused=head.fused, letters=letters)
    found = _findings(head, words, text, driver, index)
    return found, None if head.known else head.symbol


_PARTNER_NOT_KNOWN = re.compile(
    r"[\s,;(]*(?:(?:with )?(?:an? )?(?:unknown|unidentified|undetermined) (?:fusion )?partner"
    r"|(?:fusion )?partner(?: gene)?:? (?:not (?:identified|known|determined|reported|specified)|unknown|unidentified|undetermined))\)?",
    re.IGNORECASE,
)


def _without_partner(text: str, driver: str, index: KnowledgeIndex) -> tuple[tuple[Finding, ...], str | None]:
    """A text that says that the partner is not known: a fusion without one, or it contradicts itself."""
    found, unknown = read_short(text, driver, index)
    if any(isinstance(one, Fusion) and one.partner for one in found) or not any(
        isinstance(one, Fusion) for one in found
    ):
        raise not_understood(driver, index)
    return found, unknown


_EVENT_IN_FRONT = re.compile(
    r"(?P<event>(?:gene |point )?(?:mutation|mutación|mutazione|fusion|fusión|fusione|rearrangement|translo[ck]ation|amplification|amplifikation)"
    r"|突变|融合|扩增)[\s:]+(?:(?:of|in|de|del|der|des|im|von)\s+)?(?:gene\s+)?(?P<rest>(?P<head>[^\s,;:()]+).*)",
    re.IGNORECASE,
)


def _gene_in_front(text: str, index: KnowledgeIndex) -> str:
    """``Mutation ALK G1202R`` with what it announces behind, where a known gene or its fusion follows."""
    found = _EVENT_IN_FRONT.fullmatch(text)
    if found is None:
        return text
    genes = index.vocabulary.genes
    known = any(part.casefold() in genes for part in (found["head"], *re.split(r"::|--|[-/]", found["head"])))
    return f"{found['rest']} {found['event']}" if known else text


def _of_both(pair: re.Match[str], text: str, driver: str, index: KnowledgeIndex) -> tuple[Finding, ...]:
    """One loss or gain of two genes that lie side by side, as reports write it: a finding of each."""
    found: list[Finding] = []
    for one in ("first", "second"):
        found += read_short(f"{pair['stem']}{pair[one]} {text[pair.end() :]}", driver, index)[0]
    if not all(isinstance(one, CopyNumber) or (isinstance(one, GeneAlteration) and one.vaf is None) for one in found):
        raise not_understood(driver, index)
    return tuple(found)


# --- the words --------------------------------------------------------------------------------------------------


def without_own_gene(text: str, symbol: str, index: KnowledgeIndex) -> str:
    """The words without their own gene named once more (``EML4-ALK, ALK:p.G1202R``, ``MET METex14 skipping``), which adds nothing."""
    return _names_of(symbol, index).sub("", text)


@remembered(REMEMBERED)
def _names_of(symbol: str, index: KnowledgeIndex) -> re.Pattern[str]:
    names = {symbol, *(name for name, known in index.vocabulary.genes.items() if known == symbol)}
    listed = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<![\w/+-])(?:{listed})(?:(?![\w/+-])\s*:?\s*|-?(?=ex(?:on)?[ -]?\d))", re.IGNORECASE)


def _place(unread: str, text: str) -> int | None:
    """Which word of the text was not understood, counted from 1."""
    return next((number for number, word in enumerate(text.split(), 1) if unread in word), None)


def _findings(head: Head, words: Words, text: str, driver: str, index: KnowledgeIndex) -> tuple[Finding, ...]:
    """What head and words state together."""
    symbol = head.symbol
    on_driver = symbol in index.settings
    refuse_further_gene(words, index)
    refuse_ratio(words, symbol, driver, index)
    named_event = bool(
        words.changes or head.fused or words.fusion or words.exon or words.described or words.without_residue
    )
    named_event |= words.exon_alone is not None and label_of_exon(symbol, words.exon_alone, index) is not None
    truncating = bool(words.changes or words.without_residue) and all(map(_TRUNCATES.search, words.changes))
    refuse_gone(words.text, named=named_event, truncating=truncating)
    check_references(words, symbol, index)
    if words.unread:
        named = None if on_driver or head.fused else named_in_knowledge(symbol, words, index)
        if named is None:
            refuse_number(words)
            raise not_understood(driver, index, _place(words.unread[0], text))
        return (named,)
    changes = tuple(dict.fromkeys(str(protein_change(one, symbol, index, driver)) for one in words.changes))
    check_one_event(words, changes, symbol, index)
    fused = head.fused or words.fusion
    if words.joined and not (fused and (changes or words.copy)):
        raise not_understood(driver, index)
    of_driver = bool(words.without_residue) and (on_driver or head.fused)
    if of_driver or (words.coding and not changes and not (words.exon or words.exon_alone)):
        msg = "a change of the coding sequence alone is not read; add the protein change, " + how_to_write(
            driver, index
        )
        raise FindingError(msg)
    fractions = _fractions(words, fused=fused, changed=bool(changes or words.copy or words.exon or words.effects))
    rest = _event(symbol, words, changes, fractions["event"], driver, index, fused=fused)
    if not fused:
        if rest is None:
            raise not_understood(driver, index)
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
    if words.copy and vaf is not None:
        msg = (
            f"a percentage beside a change of copy number is not an allele fraction and is not read; write '{symbol} {words.copy}', with the "
            "copies as CN 9 where the report gives them"
        )
        raise FindingError(msg)
    if words.copy:
        return CopyNumber(symbol, words.copy, words.copies[0] if words.copies else None)
    if words.copies:
        fewer, more = ("heterozygous loss CN 1", "deletion CN 0"), ("amplification CN 9", "gain CN 4")
        first, second = fewer if "inactivating" in words.effects else more
        msg = f"this text gives copies and not what the report calls them; write '{symbol} {first}' or '{symbol} {second}'"
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
    by_exon = words.exon is not None and any(one in words.exon for one in mechanism_texts(symbol, index))
    if by_exon and not listed(symbol, name, index):  # the knowledge has the event of the exon and not this change
        alteration = in_words(symbol, words, vaf, index)
        if alteration is not None:
            return alteration
    taken_back = "inactivating" in words.effects
    if symbol in index.settings and not taken_back:
        return SmallVariant(
            symbol, name, change, vaf, germline=words.germline
        )  # what its changes do is known; a word adds nothing
    if "activating" in words.effects or ("inactivating" in words.effects and not change.truncating):
        msg = (
            f'this text names a change and its effect; write the change alone, or send {{"type": "gene_alteration", "gene": "{symbol}", '
            '"effect": …, "description": the change}'
        )
        if not listed(symbol, name, index):
            raise FindingError(msg)
    return SmallVariant(symbol, name, change, vaf, germline=words.germline)
