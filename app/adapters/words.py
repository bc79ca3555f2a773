"""The words of a finding in short, without knowledge: a text cut into pieces that are understood, and the rest.

Nothing is guessed here. What no rule takes lands in ``unread``, and the caller refuses it. At each place of the text the first of these
that fits takes its piece:

=== ======================================  =======================================
 1  a ratio of a FISH test                  ``MET/CEP7 ratio 5.2``
 2  an allele fraction                      ``3.1%``, ``VAF 0.031``, ``VAF(%) 3.1``
 3  copies                                  ``CN 9``, ``9 copies``
 4  behind a fusion: breakpoints, variant   ``E13;A20``, ``v3a/b``
 5  a change beside the coding sequence     ``c.375+1G>A``, ``p.X125_splice``
 6  a change of the coding sequence         ``NM_004304.5:c.3604G>A``
 7  a reference that stands alone           ``NM_004304.5``
 8  an event of an exon                     ``exon 19 deletion``, ``del19``
 9  a protein change                        ``p.G1202R``
10  an exon without its event               ``exon 14``
11  a word of the list, in its order        ``amplification``, ``loss``, ``fusion``
12  anything else                           unread
=== ======================================  =======================================
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from app.adapters.changes import REMEMBERED, as_hgvs

_CJK = "\u3040-\u30ff\u4e00-\u9fff"
_BETWEEN_SCRIPTS = re.compile(rf"(?<=[{_CJK}])(?=[^\s{_CJK}])|(?<=[^\s{_CJK}])(?=[{_CJK}])")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")
_HYPHENED_WORD = re.compile(
    r"-(?=(?:fusion|rearrange\w*|translo[ck]ation|positi[vf]\w*|negative|mutant|mutated|mutation|amplifi\w*)\b)",
    re.IGNORECASE,
)
_NUMBER = r"(?<![\d.])(?<!\d,)\d+(?:\.\d+)?"
_LATIN_FRACTION = r"(?:VAF|MAF|AF|(?:(?:variant|mutant|mutation) )?allele (?:fraction|frequency)|(?:variant|mutant) (?:fraction|frequency))"
_CJK_FRACTION = (
    r"(?:(?:突变)?(?:等位基因)?(?:频率|丰度)|(?:変異)?アレル(?:頻度|割合)|(?:変異)?頻度)(?:\s*(?:约为|约|为|約|は))?"
)
_OF_FRACTION = rf"(?:{_LATIN_FRACTION}|{_CJK_FRACTION})"
_IS = r"\s*[=:]?\s*"
_FRACTION = re.compile(
    rf"(?:{_OF_FRACTION}{_IS})?(?P<percent>{_NUMBER})\s*%(?:\s*\(?\s*(?:{_OF_FRACTION}|c[ft]DNA)(?![A-Za-z]))?",
    re.IGNORECASE,
)
_PERCENT_IN_FRONT = re.compile(
    rf"(?:{_OF_FRACTION}\s*(?:\(\s*%\s*\)|%)|%\s*c[ft]DNA|c[ft]DNA\s*%){_IS}(?P<percent>{_NUMBER})(?![\d.]|\s*%)",
    re.IGNORECASE,
)
"""``VAF(%) 0.8``, ``%cfDNA 3.1``."""
_PLAIN_FRACTION = re.compile(
    rf"(?:{_LATIN_FRACTION}|(?P<percent_is_usual>{_CJK_FRACTION})){_IS}(?P<plain>\d*\.?\d+)(?![\d.]|\s*%)",
    re.IGNORECASE,
)
_COMMA_BEFORE_UNIT = re.compile(r"(?<![\w.,])(\d{1,3}),(\d{1,2})(?=\s*(?:%|copies\b|拷贝))", re.IGNORECASE)
_COMMA_BEHIND_NAME = re.compile(
    r"(\b(?:VAF|MAF|AF|G?CN|copy[- ]?numbers?|copies|ratio)(?:\s*\(\s*%\s*\))?[\s=:]*\d{1,3}),(\d{1,3})(?![\w,.])",
    re.IGNORECASE,
)
"""Decimal commas, where a unit or a name says that it is one number."""
_SPACED_PREFIX = re.compile(r"\b([pP]\.) (?=\(?[A-Za-z*]{1,3}\d)")
_COPIES = re.compile(
    rf"(?:(?:plasma )?copy[- ]?numbers?|gene copies|copies|GCN|CN|拷贝数)\s*(?:of|[=:])?\s*(?P<after>{_NUMBER})(?:\s*copies)?\b"
    rf"|(?P<before>{_NUMBER})\s*(?:copies|拷贝)",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?:[A-Za-z]{2,4}_?\d+(?:\.\d+)?(?:\([^()]*\))?:)?"
    r"(?:[pP]\.\([^()\s]+\)|(?:[pP]\.)?[A-Za-z*]{1,3}\d+(?:[_-][A-Za-z*]{1,3}\d+)?[A-Za-z*?=]*\d*\??)(?![\w*])"
)
_LOOKS_LIKE_CHANGE = re.compile(r"[pP]\.|[A-Z](?:[a-z]{2})?\d{2,}")
_TRANSCRIPT = r"(?:(?P<accession>(?:N[MR]_|ENST)\d+(?:\.\d+)?)(?:\([^()]*\))?:)?"
_BASES = r"(?:[ACGT]+>[ACGT]+|(?:delins|del|ins|dup|inv)[ACGT]*\d*)(?![\w*=>-])"
_CODING = re.compile(_TRANSCRIPT + rf"c\.(?:[\d*_+?-]*{_BASES}|[ACGT]\d+[ACGT](?![\w*=>-]))", re.IGNORECASE)
_WITHOUT_RESIDUE = re.compile(
    _TRANSCRIPT + rf"(?P<name>c\.(?:[*-]\d|\d+[+-]\d)[\d*_+?-]*{_BASES}|(?:p\.)?X\d+_splice)(?![\w*])"
    r"(?:[\s,;:(]*p\.(?:\?|\(\?\))\)?)?",
    re.IGNORECASE,
)
"""``c.375+1G>A p.?``, ``c.-124C>T``, ``c.*35del``, and what MAF files write for a splice site: ``p.X125_splice``."""
_SPLICE_SITE = re.compile(
    r"splice[- ]?site (?P<name>\d+[+-]\d+[ACGT]*(?:>|del|ins|dup)[ACGT]*)(?![\w*>])", re.IGNORECASE
)
_REFERENCE = re.compile(r"(?P<accession>(?:N[MPR]_|ENS[TP])\d+(?:\.\d+)?)(?![\w.(]|:[pPcC]\.)", re.IGNORECASE)
"""A reference that stands alone: ``p.G1202R (NM_004304.5)``."""
_EXON_EVENTS = {
    "skip": "skipping", "跳": "skipping", "del": "deletion", "缺": "deletion", "ins": "insertion", "插": "insertion",
    "dup": "duplication", "mut": "mutation", "突": "mutation",
}  # fmt: skip
_EXON_EVENT = (
    r"(?P<what>skip(?:ping|ped)?|del(?:etions?)?|ins(?:ertions?)?|dup(?:lications?)?|mut(?:ations?|ant)?"
    r"|缺失|插入|跳跃|跳读|跳突|突变)(?![A-Za-z])"
)
_EXON = re.compile(
    r"(?:(?:exons?|ex|第)[ -]*(?P<number>\d{1,2})\s*号?\s*(?:外显子)?|(?P<zh>\d{1,2})\s*号?\s*外显子|(?P<bare>\d{1,2}))[ -]*(?(bare)|\(?)"
    + _EXON_EVENT,
    re.IGNORECASE,
)
_EVENT_OF_EXON = re.compile(  # 'del19', 'skipping of exon 14'
    r"(?P<what>skip(?:ping)?|del(?:etion)?|ins(?:ertion)?|mutation)(?:(?: in| of)?[ -]*(?:exon|ex)[ -]*(?P<number>\d{1,2})"
    r"|(?<=del|ins)[ -]?(?P<bare>\d{2}))(?![\w.%])",
    re.IGNORECASE,
)
_EXON_OR_RESIDUE = re.compile(r"E(?P<number>\d{1,2})(?:del|ins)(?![A-Za-z])", re.IGNORECASE)
_EXON_ALONE = re.compile(
    r"(?:exons?|ex)[ -]*(?P<number>\d{1,2})(?!\w)|第?\s*(?P<zh>\d{1,2})\s*号?\s*外显子", re.IGNORECASE
)
_EXON_SIDE = r"(?:exons? ?|ex ?|[A-UW-Z])\d{1,2}(?:[a-c](?:/[a-c])?)?"
_BREAKPOINTS = re.compile(
    rf"(?P<left>{_EXON_SIDE}) ?[;:,/] ?(?P<right>(?:ins\d+)?{_EXON_SIDE})(?![\w*])"
    r"|(?P<left_written_on>[A-UW-Z]\d{1,2}[a-c]?)(?P<right_written_on>[A-UW-Z]\d{1,2})(?![\w*])",
    re.IGNORECASE,
)
"""``E13;A20``: one letter or ``exon`` on each side. ``v3`` is a variant, and what stands behind it is something else."""
_VARIANT = re.compile(
    r"(?:variante?|var\.?|v|变体|變體|バリアント)\s*(?P<name>\d[a-c]?(?:/[a-c])?)(?![\w/-]|[.,]\d)(?:\s*(?:亚型|亞型|型))?",
    re.IGNORECASE,
)
_RATIO = re.compile(
    rf"(?:(?:by )?FISH[ :,]*)?(?:(?:(?P<gene>[a-z0-9]+)/)?cep ?\d{{1,2}} |(?<=FISH ))ratio[ :=]*(?P<ratio>{_NUMBER})",
    re.IGNORECASE,
)
"""Signals of a gene to those of its chromosome. At 1 or below it denies an amplification, and is not read."""
_AMPLIFICATION = (
    r"amplifications?|amplified|amp|amplifikation(?:en)?|amplifiziert\w*|amplifi[eé]e?s?|amplificaci[oó]n|amplificazione|amplifica[cç][aã]o"
    r"|amplificad[oa]|amplificat[oa]"
)
REARRANGEMENT = (
    r"(?:gene |chromosomal )?(?:fusion(?:e|en)?s?|fusi[oó]n|fus[aã]o|rearrangements?|rearranged|r[eé]arrangements?|translo[ck]ation(?:en|s)?"
    r"|reordenamiento|riarrangiamento|rearranjo)|fusion gene"
)
REARRANGED = rf"{REARRANGEMENT}|融合遺伝子|融合基因|融合|重排|易位|再構成|転座"
"""A fusion, in the words of reports."""
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("effect", "inactivating", r"loss[- ]of[- ]function|lof|功能缺失|失活"),
    ("effect", "activating", r"gain[- ]of[- ]function|gof|activating|activation|activated|激活"),
    ("filler", "", r"AMP(?:/ASCO)?(?:/CAP)?(?= tier)"),
    ("copy", "gain", r"copy[- ]?number gain|cn gain|polysomy|拷贝数增加|gain"),
    ("copy", "loss", r"copy[- ]?number loss|cn loss|(?:heterozygous|hemizygous|shallow) (?:deletion|loss)|拷贝数减少"),
    ("copy", "deletion", r"(?:homozygous|biallelic|deep|gene) (?:deletion|loss)|deletion|deleted|del|纯合缺失|缺失"),
    ("copy", "amplification", rf"(?:high[- ]level |focal )?(?:{_AMPLIFICATION})(?:[ (,]+high(?:[- ]level)?(?![a-z]))?|扩增|擴增|増幅"),
    ("effect", "inactivating", r"inactivating|inactivation|inactivated|truncating|truncation|truncated|nonsense|loss|lost"),
    ("effect", "inactivating", r"frame-?shift(?:[_ ]variant)?|stop[_ ]gain(?:ed)?"),
    ("fusion", "", REARRANGED),
    ("described", "overexpression", r"over-?expression|over-?expressed|过表达"),
    ("germline", "", r"germline|胚系|生殖系"),
    ("mutation", "", r"splice[- ]?(?:site|donor|acceptor)(?: site)?(?: (?:mutation|variant))?|splice(?! (?:variant|region|isoform))"),
    ("mutation", "", r"mutation(?:s|en)?|mutant|mutated|mut|突变|変異"),
    ("mutation", "", r"mutiert|mutaci[oó]n|mutazione|muta[cç][aã]o"),
    ("join", "", r"and|plus|with|与|及|和"),
    ("filler", "", r"COS[MVF]\d+|rs\d{3,}|(?:read )?(?:depth|coverage)[ :=]*[1-9]\d*x?|[1-9]\d*x (?:depth|coverage)|测序?深度[ :=]*[1-9]\d*x?"),
    ("filler", "", r"(?:secondary|acquired|(?:secondary|acquired) resistance)(?= mut)"),
    ("filler", "", r"(?:missense|nonsynonymous|non-synonymous|inframe)[_ ](?:variant|mutation|snv)|inversion|hotspot"),
    ("filler", "", r"(?:likely |possibly )?pathogenic|oncogenic|tier (?:iv|i{1,3}|[1-4])[a-d]?|(?:acquired )?resistance(?= mut)"),
    ("filler", "", r"(?:错义|点|耐药|获得性耐药|致病性?)(?= ?(?:突变|变异))|变异|可能致病|致病性?"),
    ("filler", "", r"variants?|alterations?|altered|gene|positi(?:ve?|vo|va|f)|detected|found|present|somatic|missense|substitution|point"),
    ("filler", "", r"(?:confirmed (?:by|on|in) )?(?:(?:RNA|DNA)(?:[- ]?(?:seq(?:uencing)?|NGS))?|NGS)|confirmed|event"),
    ("filler", "", r"in[- ]frame|promoter|基因|遺伝子|阳性|陽性|检出|检测到|変化"),
)  # fmt: skip
_RULES = (
    *((kind, value, re.compile(rf"(?:{words})(?![A-Za-zÀ-ÿ])", re.IGNORECASE)) for kind, value, words in _WORDS),
    ("join", "", re.compile(r"[&+/-]")),
)
_LOSS_OF_FUNCTION = re.compile(
    r"(?:loss of function|lof|loss|lost|inactivation|inactivated|功能 ?缺失|失活)(?: ?(?:突变|mutation))?"
)
_SKIPPED = re.compile(r"[\s,;()\[\]、。|]+|[pP]\.(?=\[)|:(?=\s*\S)|(?<=\s)-(?=\s+\S)")
_NEXT = re.compile(r"[^\s,;()\[\]]+")


class Words(Struct):
    """What a text says of one gene, piece by piece."""

    changes: list[str]
    fractions: list[tuple[str, float]]
    """Each with what it stands behind: ``fusion``, ``change``, ``event`` or nothing."""
    copies: list[float]
    ratios: list[tuple[str, float]]
    """Ratios of a FISH test, each with the gene in front of it, or nothing."""
    copy: str | None = None
    """Change of copy number, in the words of the contract."""
    effects: set[str] = set()
    exon: str | None = None
    """``exon 19 deletion``."""
    exon_alone: str | None = None
    """An exon that is named without what happened in it."""
    exon_or_residue: bool = False
    described: str | None = None
    fusion: bool = False
    variant: str | None = None
    mutation: bool = False
    germline: bool = False
    joined: bool = False
    coding: bool = False
    without_residue: str | None = None
    """A change beside the coding sequence, of an intron or a promoter, which by nature has no protein change."""
    references: list[str] = []
    """Accessions that the changes are numbered on."""
    unclear_fraction: bool = False
    """A number that is a fraction or a percentage, and does not say which."""
    unread: list[str] = []
    text: str = ""
    """The words, tidied, in lower case."""

    @property
    def description(self) -> str:
        """The words as they name an alteration: one form for all ways of saying that the function is lost."""
        plain = self.text.replace("-", " ")
        return "loss of function" if _LOSS_OF_FUNCTION.fullmatch(plain) else self.text


_PLUS = re.compile(r"\(\s*\+{1,3}\s*\)|(?<![\w+])\+ve\b|(?<=[\w一-鿿])\+$|(?<![\w+])\+{2,3}(?![\w+])", re.IGNORECASE)


def tidy(text: str) -> str:
    """One form of widths, dashes, spaces; Chinese and Japanese words stand apart from Latin ones, and a plus sign says positive."""
    text = _PLUS.sub(" positive ", unicodedata.normalize("NFKC", text))
    text = _HYPHENED_WORD.sub(" ", _DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    text = " ".join(_BETWEEN_SCRIPTS.sub(" ", text.replace("|", " ")).split())
    return _SPACED_PREFIX.sub(r"\1", _COMMA_BEHIND_NAME.sub(r"\1.\2", _COMMA_BEFORE_UNIT.sub(r"\1.\2", text)))


@lru_cache(maxsize=REMEMBERED)
def read_words(text: str, *, fused: bool = False, letters: str = "") -> Words:
    """Cut the words behind a gene or a fusion into what they say. The answer is shared: do not change it.

    ``letters``: those that partner and kinase start with. Breakpoints written on to each other (``E13A20``) must have them.
    """
    found = Words(changes=[], fractions=[], copies=[], ratios=[], effects=set(), references=[], unread=[], text="")
    place, last, kept = 0, "fusion" if fused else "", []
    while place < len(text):
        skipped = _SKIPPED.match(text, place)
        if skipped:
            place = skipped.end()
            continue
        end, kind = _take(text, place, found, last, fused=fused, letters=letters)
        if kind not in ("fraction", "copies"):
            kept.append(text[place:end])
        if kind in ("fusion", "change", "event"):
            last = kind
        place = end
    found.text = " ".join(kept).casefold()
    return found


def _take(text: str, place: int, found: Words, last: str, *, fused: bool, letters: str) -> tuple[int, str]:
    """Read one piece at ``place`` into ``found``; where it ends, and what kind it is."""
    number = _take_number(text, place, found, last)
    if number is not None:
        return number
    ratio = _RATIO.match(text, place)
    if ratio:
        if float(ratio["ratio"]) <= 1:
            found.unread.append(ratio["ratio"])
        found.ratios.append((ratio["gene"] or "", float(ratio["ratio"])))
        return ratio.end(), "filler"
    if fused:
        part = _BREAKPOINTS.match(text, place) or _VARIANT.match(text, place)
        name = _variant_name(part) if part else ""
        if part and letters and not _of_these(part, letters):
            part = None
        if part and (found.variant is None or _names_the_other_way(name, found.variant)):
            found.variant = min(found.variant or name, name, key=lambda one: ";" in one)
            return part.end(), "fusion"
    coding = _take_coding(text, place, found)
    if coding is not None:
        return coding
    doubtful = _EXON_OR_RESIDUE.match(text, place)
    if doubtful:
        found.exon_or_residue = True
    exon = _EXON.match(text, place) or _EVENT_OF_EXON.match(text, place)
    if exon:
        number_text = next(exon[name] for name in ("number", "bare", "zh") if exon.groupdict().get(name))
        what = next(name for stem, name in _EXON_EVENTS.items() if exon["what"].casefold().startswith(stem))
        named = f"exon {int(number_text)} {what}"
        if found.exon not in (None, named):
            found.unread.append(exon[0])
        found.exon = found.exon or named
        return exon.end(), "event"
    change = _take_change(text, place, found)
    if change is not None:
        return change, "change"
    alone = _EXON_ALONE.match(text, place)
    if alone:
        number_alone = f"exon {int(alone['number'] or alone['zh'])}"
        if found.exon_alone not in (None, number_alone) or (
            found.exon and not found.exon.startswith(f"{number_alone} ")
        ):
            found.unread.append(alone[0])
        found.exon_alone = found.exon_alone or number_alone
        return alone.end(), "filler"
    return _take_word(text, place, found)


def _take_coding(text: str, place: int, found: Words) -> tuple[int, str] | None:
    """Changes that no residue stands for, those of the coding sequence, and what they are numbered on."""
    named = _SPLICE_SITE.match(text, place)
    beside = named or _WITHOUT_RESIDUE.match(text, place)
    if beside and found.without_residue is None:
        found.without_residue = f"c.{named['name']}" if named else beside["name"]
        _note_reference(beside, found)
        return beside.end(), "event"
    coding = _CODING.match(text, place)
    if coding:
        found.coding = True
        _note_reference(coding, found)
        return coding.end(), "filler"
    alone = _REFERENCE.match(text, place)
    if alone:
        _note_reference(alone, found)
        return alone.end(), "filler"
    return None


def _note_reference(part: re.Match[str], found: Words) -> None:
    accession = part.groupdict().get("accession")
    if accession:
        found.references.append(accession)


def _take_number(text: str, place: int, found: Words, last: str) -> tuple[int, str] | None:
    percent = _FRACTION.match(text, place) or _PERCENT_IN_FRONT.match(text, place)
    if percent:
        found.fractions.append((last, float(f"{percent['percent']}e-2")))
        return percent.end(), "fraction"
    plain = _PLAIN_FRACTION.match(text, place)
    if plain:
        fraction = float(plain["plain"])
        if plain["percent_is_usual"] or fraction == 1:
            found.unclear_fraction = True
            found.unread.append(plain["plain"])
        found.fractions.append((last, fraction))
        return plain.end(), "fraction"
    copies = _COPIES.match(text, place)
    if copies:
        found.copies.append(float(copies["after"] or copies["before"]))
        return copies.end(), "copies"
    return None


def _of_these(part: re.Match[str], letters: str) -> bool:
    """True for breakpoints with the letters of partner and kinase, and for all that is not written on."""
    sides = part.groupdict()
    written_on = [sides.get(f"{side}_written_on") for side in ("left", "right")]
    return not all(written_on) or "".join(side[0] for side in written_on if side).upper() == letters


def _variant_name(part: re.Match[str]) -> str:
    names = part.groupdict()
    if "name" in names:
        return f"v{names['name']}"
    left, right = names["left"] or names["left_written_on"], names["right"] or names["right_written_on"]
    return f"{left};{right}".replace(" ", "")


def _names_the_other_way(name: str, known: str) -> bool:
    """``v1 (E13;A20)``: a variant by its number and by its breakpoints; the number is kept. Two numbers are two variants."""
    return (";" in name) != (";" in known)


def _take_change(text: str, place: int, found: Words) -> int | None:
    token = _CHANGE.match(text, place)
    if token is None:
        return None
    written = as_hgvs(token[0])
    if written is None:
        if not _LOOKS_LIKE_CHANGE.match(token[0].split(":")[-1]):
            return None
        written = token[0]  # the reader of changes says what is wrong with it
    found.changes.append(written)
    return token.end()


def _take_word(text: str, place: int, found: Words) -> tuple[int, str]:
    for kind, value, words in _RULES:
        hit = words.match(text, place)
        if hit is None:
            continue
        if kind == "effect":
            found.effects.add(value)
        elif kind == "copy":
            if found.copy not in (None, value):
                break
            found.copy = value
        elif kind == "described":
            found.described = value
        elif kind == "join":
            found.joined = True
        elif kind != "filler":
            setattr(found, kind, True)
        return hit.end(), {"copy": "event", "effect": "event", "fusion": "fusion"}.get(kind, "filler")
    token = _NEXT.match(text, place)
    end = token.end() if token else place + 1
    found.unread.append(text[place:end])
    return end, "unread"
