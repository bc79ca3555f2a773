"""The head of a finding in short: the gene, or the fusion that stands for it, and the words behind."""

from __future__ import annotations

import re

from msgspec import Struct

from app.adapters.changes import FindingError, as_hgvs, check_numbering, gene_of_reference, how_to_write, not_understood
from app.adapters.refusals import is_change, no_gene
from app.adapters.vocabulary import UnknownNameError, gene_symbol, held_gene
from app.adapters.words import REARRANGED, Words, read_words
from app.knowledge.index import KnowledgeIndex
from app.knowledge.remember import remembered

_EXON_OF_PARTNER = re.compile(
    r":(?:exons?|ex|e)(?P<colon>[1-9]\d?[a-c]?)(?=-|::|/|$)|\((?:exons?|ex|e)?(?P<bracket>[1-9]\d?[a-c]?)\)",
    re.IGNORECASE,
)
_SPACED_EXON = re.compile(r"(?<=[:(])(exons?|ex|e) (?=\d)", re.IGNORECASE)
_SPACED_JOIN = re.compile(r"\s*(::|--)\s*|\s+(-)\s+")
_JOIN = re.compile(r"::|--|-|/|:|_")
_GENE = r"[A-Za-z][A-Za-z0-9-]*"
_EXON_WORD = r"[\s:]*(?:exons?|ex)\s*(\d{1,2}[a-c]?)"
_BETWEEN_EXONS = re.compile(
    rf"({_GENE}){_EXON_WORD}\s*(?P<join>::|--|-|~|/)\s*({_GENE}){_EXON_WORD}(?![\w-])", re.IGNORECASE
)
"""``EML4 exon 13-ALK exon 20``, ``EML4:exon13~ALK:exon20``."""
_OF_PANEL = re.compile(
    rf"({_GENE}-{_GENE})\.([A-Z]\d{{1,2}}[a-c]?)([A-Z]\d{{1,2}}[a-c]?)(?:\.[A-Z]{{2,5}}_?\d+(?:\.\d+)?)*(?!\S)",
    re.IGNORECASE,
)
"""``EML4-ALK.E13A20.COSF408.2``, as panels list the fusions that they look for."""
_ACCESSION = r"\(((?:N[MR]_|ENST)\d+(?:\.\d+)?)\)"
_ON_REFERENCES = re.compile(rf"({_GENE})(?:{_ACCESSION})?\s?(::|--|-|/)\s?({_GENE})(?:{_ACCESSION})?", re.IGNORECASE)
"""``EML4(NM_019063)-ALK(NM_004304)``."""
_FUSED = rf"(?:{REARRANGED})"
_FUSED_THEN = re.compile(rf"[\s:,]*{_FUSED}[\s:,(]+(?P<pair>.+)", re.IGNORECASE)
_PARTNER_BEHIND = re.compile(rf"[\s:,]*{_FUSED} ?\((?P<partner>[A-Za-z][A-Za-z0-9]*)\)", re.IGNORECASE)
_SIDE_BY_SIDE = re.compile(rf"(?P<partner>{_GENE}) (?P<kinase>{_GENE})(?=[\s:,]+{_FUSED})", re.IGNORECASE)
_PROBE = re.compile(r"(?:SP|CEP)(?:[1-9]|1\d|2[0-2]|X|Y)", re.IGNORECASE)
"""Antibodies and probes of a chromosome, where a partner would stand."""
_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.-][A-Za-z0-9]+)*")
_CATALOGUED = re.compile(r"(?:HGNC:|ENSG|OMIM:?)\d+(?:\.\d+)?", re.IGNORECASE)
"""The identifier of a gene in a catalogue."""
_HEAD = re.compile(r"[^\s,;()\[\]]+")
_SHORTEST_PARTNER = 2
_LETTERS_THEN_NUMBER = re.compile(r"[A-Z]{2,}\d[A-Z0-9]*(?:-[A-Z0-9]+)*|C\d+ORF\d+[A-Z]?", re.IGNORECASE)
"""A symbol that no plain word looks like: ``EML4``, ``KIF5B``."""
_EXON_OR_VARIANT = re.compile(r"[A-Z]\d+[A-C]?", re.IGNORECASE)
"""``E20``, ``V3a``: a breakpoint or a variant of a fusion."""


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
    text = _SIDE_BY_SIDE.sub(lambda found: _joined(found, index), text, count=1)
    fusion = _fusion_head(text, index)
    if fusion is not None:
        return fusion
    name, rest = _gene_in_front(text, index)
    if name is not None and (catalogued := _CATALOGUED.match(text)) and name.casefold() not in index.vocabulary.genes:
        msg = f"{catalogued[0]} is the identifier of no gene known here; write the HGNC symbol of the gene in its place"
        raise FindingError(msg)
    if name is None:
        raise not_understood(driver, index)
    inner = _named_again(name, rest, index)
    if inner is not None:
        return inner
    rest = rest.lstrip(" :")
    behind = _HEAD.match(rest.lstrip("- "))
    if rest.startswith("-") and behind and _says_itself(behind[0]):  # 'ALK-G1202R'; a bare 'ALK-' may deny
        rest = rest.lstrip("- ")
    if (
        not rest
        or as_hgvs(name) is not None
        or (name.casefold() not in index.vocabulary.genes and not read_words(name).unread)
    ):
        raise FindingError(how_to_write(driver, index))
    symbol, known = gene_symbol(name, index)
    if not known and no_gene(name):
        raise FindingError(how_to_write(driver, index))
    return Head(symbol, known, rest)


def _joined(found: re.Match[str], index: KnowledgeIndex) -> str:
    """``EML4 ALK fusion`` with its sign, where the knowledge tells variants of that fusion apart; else two genes stay two."""
    kinase = index.vocabulary.genes.get(found["kinase"].casefold(), "")
    noted = found.start() == 0 and _noted(found["partner"], kinase, index)
    return f"{found['partner']}-{found['kinase']}" if noted else found[0]


def _noted(partner: str, kinase: str, index: KnowledgeIndex) -> bool:
    """True for a partner whose fusion with the kinase the knowledge has variants of."""
    return any(of == partner.upper() for of, _ in index.noted_variants.get(kinase, ()))


def _named_again(name: str, rest: str, index: KnowledgeIndex) -> Head | None:
    """``ALK EML4-ALK fusion``, ``ALK fusion (EML4-ALK)``, ``ALK fusion (EML4)``: the fusion behind the kinase alone."""
    symbol = index.vocabulary.genes.get(name.casefold())
    if symbol is None or not rest.startswith((" ", ":", ",")):
        return None
    behind, alone = _FUSED_THEN.match(rest), _PARTNER_BEHIND.match(rest)
    written = rest.lstrip(" :,")
    if (
        alone
        and not _says_itself(alone["partner"])
        and _LETTERS_THEN_NUMBER.fullmatch(alone["partner"])
        and alone["partner"].casefold() not in index.vocabulary.genes
        and not (no_gene(alone["partner"]) or _PROBE.fullmatch(alone["partner"]))
    ):
        written = f"{alone['partner']}-{name} fusion {rest[alone.end() :]}"
    elif behind:
        written = f"{behind['pair']} fusion"
    try:
        head = _fusion_head(written, index)
    except (FindingError, UnknownNameError):
        return None
    return head if head is not None and head.symbol == symbol else None


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


@remembered(16)
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
    text = _OF_PANEL.sub(r"\1 \2;\3", text)
    spelt = _BETWEEN_EXONS.match(text)
    if spelt:
        join = "-" if spelt["join"] == "~" else spelt["join"]
        text = f"{spelt[1]}:exon{spelt[2]}{join}{spelt[4]}:exon{spelt[5]}{text[spelt.end() :]}"
    numbered = _ON_REFERENCES.match(text)
    if numbered and (numbered[2] or numbered[5]):
        text = f"{numbered[1]}{numbered[3]}{numbered[4]}{text[numbered.end() :]}"
    joined = _SPACED_JOIN.sub(lambda found: found[1] or found[2], _SPACED_EXON.sub(r"\1", text))
    front, _, rest = joined.partition(" ")
    exons = [found["colon"] or found["bracket"] for found in _EXON_OF_PARTNER.finditer(front)]
    bare = f"{_EXON_OF_PARTNER.sub('', front)} {rest}" if exons else joined
    word = _HEAD.match(bare)
    if word is None or word[0].casefold() in index.vocabulary.genes:
        return None
    words = bare[word.end() :]
    said = read_words(words, fused=True)
    no_partner: Pair | None = None
    for join in _JOIN.finditer(word[0]):
        pair = _pair(word[0][: join.start()], join[0], word[0][join.end() :], index, said=said)
        if pair is None or (pair.doubtful and not said.fusion):
            continue
        if pair.refused:
            no_partner = no_partner or pair
            continue
        variant = ";".join(f"exon{exon}" for exon in exons) if exons else None
        if pair.turned and _first_part(variant or said.variant, pair, index):
            raise FindingError(_wrong_way_round(pair.symbol, "the gene whose exon stands first"))
        if numbered:
            _check_side(numbered, pair.symbol, index)
        return Head(pair.symbol, pair.known, words, pair.partner, fused=True, variant=variant)
    if no_partner is not None:
        raise FindingError(no_partner.refused)
    return None


_SIDES = re.compile(
    r"(?P<letter>[a-z]|exons? ?|ex ?)(?P<exon>\d+)[^;]*;(?P<second>[a-z]|exons? ?|ex ?)(?P<other>\d+).*", re.IGNORECASE
)


def _first_part(variant: str | None, pair: Pair, index: KnowledgeIndex) -> bool:
    """True when breakpoints put the kinase, which stands in front, in front of the join: ``exon19;exon4``, ``A19;D4``.

    Not where one of them is an exon with which the kinase is known to begin behind a join, nor where they name the partner first.
    """
    sides = _SIDES.fullmatch(variant or "")
    if sides is None:
        return False
    begins = {junction.split(";")[1] for gene, _, junction in index.junctions if gene == pair.symbol}
    if begins & {sides["exon"], sides["other"]}:
        return False
    first, second = sides["letter"].upper(), sides["second"].upper()
    by_letter = len(first) == 1 and first != second
    return not (by_letter and first != pair.symbol[0] and first == pair.partner[0])


def _check_side(numbered: re.Match[str], kinase: str, index: KnowledgeIndex) -> None:
    """The reference behind the kinase must be the one that its changes are numbered on."""
    record, right = index.genes.get(kinase), index.vocabulary.genes.get(numbered[4].casefold()) == kinase
    accession = numbered[5] if right else numbered[2]
    if accession and record is not None and record.sequence is not None:
        check_numbering(accession, kinase, index)


class Pair(Struct, frozen=True):
    """Two genes joined by a sign."""

    partner: str
    symbol: str
    """The kinase."""
    known: bool
    turned: bool
    """The kinase stands in front."""
    doubtful: bool
    """The sign may mean something else: a fusion only when the words say so."""
    refused: str = ""
    """Why it is not read as a fusion, with the cure."""


def _pair(left: str, join: str, right: str, index: KnowledgeIndex, *, said: Words) -> Pair | None:
    """The pair as a fusion, or None.

    The driver is the kinase wherever it stands, and so is the only one of the two that the knowledge has. ``said``: the words behind
    say that it is a fusion, or name an event that a fusion does not have.
    """
    genes, drivers = index.vocabulary.genes, index.settings
    if not all(_SYMBOL.fullmatch(one) or one.casefold() in genes for one in (left, right)):
        return None
    first, second = genes.get(left.casefold()), genes.get(right.casefold())
    sure = join in ("::", "--")
    if not sure:
        if min(len(left), len(right)) < _SHORTEST_PARTNER or first == second is not None:
            return None
        if (first and _says_itself(right)) or (second and is_change(left)) or (first in drivers and second in drivers):
            return None
    if any(known is None and held_gene(one, index) for one, known in ((left, first), (right, second))):
        return None  # 'HLA-A-ALK' is cut at another sign
    turned = first is not None and second not in drivers and (first in drivers or second is None)
    partner, kinase = (right, left) if turned else (left, right)
    symbol, known = gene_symbol(kinase, index)
    doubtful = not sure and (not known or ((turned or join != "-") and not acts_fused(symbol, index)))
    own_event = (
        bool(said.copy or said.effects) and join != "::" and genes.get(partner.casefold()) in index.mechanisms_by_gene
    )
    listed = join == "/" and not (said.variant or _noted(partner, symbol, index))
    refused = ""
    behind = turned and (symbol not in drivers or not partner.isupper())
    if is_change(partner):
        refused = _change_for_partner(symbol)
    elif genes.get(partner.casefold()) == symbol:
        refused = _itself(symbol)
    elif genes.get(partner.casefold()) is None and (
        (turned and _PROBE.fullmatch(partner) and not said.fusion)
        or (join == "_" and not (said.fusion or _noted(partner, symbol, index)))
        or not _may_be_partner(partner, kinase, join, behind=behind, said=said.fusion)
    ):
        refused = _no_partner(symbol)
    elif not said.fusion and (listed or own_event):
        refused = _two_genes(symbol)
    elif join == "::" and turned and acts_fused(symbol, index):
        refused = _wrong_way_round(symbol, "the gene in front of '::'")
    return Pair(gene_symbol(partner, index)[0], symbol, known, turned, doubtful, refused)


def _may_be_partner(partner: str, kinase: str, join: str, *, behind: bool, said: bool) -> bool:
    """True for the form of a gene symbol where reports put a partner.

    Behind a gene and a single sign stand results and methods more often than partners (``RET-ND``, ``ALK-FISH``): there (``behind``) a
    partner that the knowledge does not have is taken for one only when the words say fusion, or when no word has its form. Reports do
    write the reciprocal fusion of a driver that way (``ROS1-GK``), where a wrong partner changes least.
    """
    if no_gene(partner):
        return False
    if join in ("::", "--"):
        return True
    spelt = _LETTERS_THEN_NUMBER.fullmatch(partner) is not None
    alike = partner.isupper() or (partner.islower() and kinase.islower())
    if not (spelt or alike) or _EXON_OR_VARIANT.fullmatch(partner):
        return False
    return said or spelt or not (behind or join == ":")


def _no_partner(symbol: str) -> str:
    return (
        f"what is joined to {symbol} here is not known to be a gene, and a result or a method is no partner; write a fusion as "
        f"'PARTNER::{symbol}', '{symbol} fusion' when the partner is not known, and list only what was found"
    )


def _two_genes(symbol: str) -> str:
    return (
        f"a sign between two genes may list them or join them, and which is not guessed; send a finding of its own for each gene, or write "
        f"'PARTNER::{symbol}' where they are fused"
    )


def _change_for_partner(symbol: str) -> str:
    return f"what is joined to {symbol} here is a change and no partner; write it behind the gene and a space: '{symbol} p.…'"


def _itself(symbol: str) -> str:
    return f"a gene is no partner of itself; write the partner's symbol, or '{symbol} fusion' when it is not known"


def _wrong_way_round(symbol: str, first: str) -> str:
    return (
        f"by HGVS {first} is the 5' part, and the kinase is in the product only as the 3' part; write "
        f"'PARTNER::{symbol}' if {symbol} is the 3' part; if it really is the 5' part, the kinase is not in this product: do not list it"
    )


def _says_itself(word: str) -> bool:
    """True for a word that is wholly read as a change, an exon or a term of reports, and so is no partner."""
    if as_hgvs(word):
        return True
    said: Words = read_words(word)
    return not said.unread and not said.joined


def acts_fused(symbol: str, index: KnowledgeIndex) -> bool:
    """True for a gene that is known to act as a fusion: a driver, or one whose fusion is a mechanism."""
    if symbol in index.settings:
        return True
    return any(
        match.type == "fusion" and match.gene == symbol
        for mechanism in index.mechanisms_by_gene.get(symbol, ())
        for match in mechanism.record.matches
    )
