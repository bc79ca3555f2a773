"""A finding in short, ``EML4-ALK p.G1202R 3.1%``, to values of the domain.

First the gene or the fusion at its head, then every word behind it. A text that holds more than is understood is refused with the
cure: a resistance mutation must never be lost in words.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.adapters.changes import (
    REMEMBERED,
    FindingError,
    base,
    check_numbering,
    how_to_write,
    not_understood,
    protein_change,
    references_of,
)
from app.adapters.heads import Head, read_head
from app.adapters.refusals import refuse_gone, refuse_what_is_no_finding
from app.adapters.vocabulary import UnknownNameError
from app.adapters.words import Words, read_words, tidy
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.domain.variant import ProteinChange, one_residue
from app.knowledge.index import KnowledgeIndex

_BARE_NUMBER = re.compile(r"[~<>=≈≤≥]*\d+(?:\.\d+)?%?")
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
_FITTING = {"deletion": {"inactivating"}, "amplification": {"activating"}}
"""The effect that a change of copy number says by itself. Beside a low-level change an effect is something else."""


@lru_cache(maxsize=REMEMBERED)
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


@lru_cache(maxsize=REMEMBERED)
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
    _refuse_further_gene(words, index)
    refuse_ratio(words, symbol, driver, index)
    named_event = bool(
        words.changes or head.fused or words.fusion or words.exon or words.described or words.without_residue
    )
    named_event |= words.exon_alone is not None and _label_of_exon(symbol, words.exon_alone, index) is not None
    truncating = bool(words.changes or words.without_residue) and all(map(_TRUNCATES.search, words.changes))
    refuse_gone(words.text, named=named_event, truncating=truncating)
    _check_references(words, symbol, index)
    if words.unread:
        named = None if on_driver or head.fused else named_in_knowledge(symbol, words, index)
        if named is None:
            _refuse_number(words)
            raise not_understood(driver, index, _place(words.unread[0], text))
        return (named,)
    changes = tuple(dict.fromkeys(str(protein_change(one, symbol, index, driver)) for one in words.changes))
    _check_one_event(words, changes, symbol, index)
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


def _refuse_further_gene(words: Words, index: KnowledgeIndex) -> None:
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


def _check_references(words: Words, symbol: str, index: KnowledgeIndex) -> None:
    """What is numbered on another reference may be another residue, also where the reference stands beside the change."""
    record = index.genes.get(symbol)
    for accession in words.references:
        if record is not None and record.sequence is not None:
            check_numbering(accession, symbol, index)
        other = next((gene for gene in index.genes if base(accession) in references_of(gene, index)), symbol)
        if other != symbol:
            msg = f"the reference {base(accession)} is one of {other} and not of {symbol}; check the gene and the reference, and send the one found"
            raise FindingError(msg)


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
    return event not in _OF_EXON or change.kind in _OF_EXON[event] or _known_as(symbol, change, exon or "", index)


def _known_as(symbol: str, change: ProteinChange, exon: str, index: KnowledgeIndex) -> bool:
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


def _exon_matters(symbol: str, words: Words, index: KnowledgeIndex) -> bool:
    exon = re.search(r"e(\d{1,2})(?:del|ins)", words.text)
    return exon is not None and any(f"exon {exon[1]}" == one for one in mechanism_texts(symbol, index))


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
    by_exon = words.exon is not None and any(one in words.exon for one in mechanism_texts(symbol, index))
    if by_exon and not _listed(symbol, name, index):  # the knowledge has the event of the exon and not this change
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
        if named or not words.without_residue:
            return GeneAlteration(symbol, effect, named, vaf) if named else None
    if words.without_residue:
        return GeneAlteration(symbol, effect, f"mutation {words.without_residue}", vaf)
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


def _listed(symbol: str, name: str, index: KnowledgeIndex) -> bool:
    return any(
        name in match.protein_changes
        or not (match.protein_changes or match.codons or match.truncating is not None)
        or (match.codons and protein_change(name, symbol, index).start in match.codons)
        for mechanism in index.mechanisms_by_gene.get(symbol, ())
        for match in mechanism.record.matches
        if match.type == "small_variant" and match.gene == symbol
    )


def _refuse_number(words: Words) -> None:
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
