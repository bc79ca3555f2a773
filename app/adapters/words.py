"""The words of a finding in short, without knowledge: a text cut into pieces that are understood, and the rest.

Nothing is guessed here. What no rule takes lands in ``unread``, and the caller refuses it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

from app.adapters.changes import REMEMBERED, FindingError, as_hgvs

_CJK = "\u3040-\u30ff\u4e00-\u9fff"
_BETWEEN_SCRIPTS = re.compile(rf"(?<=[{_CJK}])(?=[^\s{_CJK}])|(?<=[^\s{_CJK}])(?=[{_CJK}])")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")
_HYPHENED_WORD = re.compile(
    r"-(?=(?:fusion|rearrange\w*|positive|negative|mutant|mutated|mutation|amplifi\w*)\b)", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:not|no|none|non|n[eé]gati[vf]\w*|neg|nd|n\.d\b\.?|absent|undetected|without|normal|wt|wild[ -]?typ\w*)\b|-ve\b|\(-\)|(?<=\w)-$"
    r"|\b(?:kein|keine|nicht|ohne|sans|non d[eé]tect\w*|no detect\w*)\b"
    r"|阴性|陰性|转阴|未检出|未检测到|未检|未见|未发现|未扩增|未突变|没有|野生型|正常|検出されず|検出せず|未検出|認めず|認められ(?:ず|ない)|なし|無し"
    r"|[无無](?:突变|扩增|融合|重排|缺失|变异|異常|异常|変異|増幅)",
    re.IGNORECASE,
)
_NO_RESULT = re.compile(
    r"\b(?:failed|failure|pending|qns|tnp|tbd|n/?a|inconclusive|indeterminate|insufficient|awaited|not? done)\b|失败|待定|待检",
    re.IGNORECASE,
)
_GONE = re.compile(r"\b(?:cleared|disappeared|vanished|resolved|lost)\b|消失|清除|丢失", re.IGNORECASE)
_LOSS = re.compile(r"\bloss\b(?![ -]of)", re.IGNORECASE)
_BELOW = re.compile(r"[<≤]\s*\d")
_NO_GENE = re.compile(
    r"""(?:unknown|unk|undetermined|unspecified|other|others|partner|gene|fusion|translo[ck]ation|rearr?angement|inversion|nd|na|none
    |not|no|neg|pos|positi[vf]\w*|negati[vf]\w*|nega|posi|ve|wt|mut|mutant|mutated|mutation|del|dup|ins|amp|gain|loss|vus|variant|var|type
    |detected|found|present|normal|failed|fail|pending|qns|tbd|tnp|inconclusive|indeterminate|insufficient|low|high|weak|strong
    |(?:fish|ihc|ngs)\d*|ish|pcr|rt-?pcr|qpcr|ddpcr|rna|dna|cdna|cfdna|ctdna|rnaseq|seq|wes|wgs|panel|assay|test|result|cdx|ldt|kit|anti|pan
    |ventana|abbott|vysis|d5f3|5a4|1a4|sp(?:142|263|384)|tki|inhibitor|inhibitors|tumou?r|plasma|tissue|blood|csf|serum|biopsy|sample|case|patient
    |driver|kinase|domain|(?:exons?|ex|introns?|chr|variant|var)\d*|intergenic|break-?apart|split|signal|ratio|score|status|driven|like|pathway|targeted|and|or
    |chromosome|[xt]|nsclc|luad|lung|cancer|carcinoma|adenocarcinoma|cell|line)""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that stand beside a gene in reports and name no other gene: results, methods, materials."""
_HISTOLOGY = re.compile(
    r"\b(?:transform\w*|small[ -]cell|sclc|lcnec|squamous|neuroendocrine|adenocarcinoma)\b|转化|転化|形質転換|小细胞|小細胞|鳞|扁平上皮",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"\b(?:MSI(?:[- ](?:H|high|L|low))?|MSS|[dp]MMR|b?TMB(?:[- ](?:H|high|L|low))?|tumou?r mutation(?:al)? burden|PD[- ]?L1|TPS|CPS|IHC)\b"
    r"|微卫星|肿瘤突变负荷|免疫组化",
    re.IGNORECASE,
)
_TUMOUR_FRACTION = re.compile(r"\b(?:tumou?r|ctdna|circulating tumou?r) fraction\b|肿瘤分数|ctDNA ?占比", re.IGNORECASE)
"""Markers of the whole tumour, and stains."""
_NUMBER = r"(?<![\d.])(?<!\d,)\d+(?:\.\d+)?"
_OF_FRACTION = (
    r"(?:VAF|MAF|AF|(?:(?:variant|mutant|mutation) )?allele (?:fraction|frequency)|(?:突变)?(?:等位基因)?(?:频率|丰度)"
    r"|(?:変異)?アレル(?:頻度|割合))"
)
_FRACTION_NAME = rf"{_OF_FRACTION}\s*[=:]?\s*"
_FRACTION = re.compile(
    rf"(?:{_FRACTION_NAME})?(?P<percent>{_NUMBER})\s*%(?:\s*(?:{_OF_FRACTION}|c[ft]DNA)(?![A-Za-z]))?", re.IGNORECASE
)
_PLAIN_FRACTION = re.compile(rf"{_FRACTION_NAME}(?P<plain>\d*\.?\d+)(?![\d.]|\s*%)", re.IGNORECASE)
_COPIES = re.compile(
    rf"(?:copy[- ]?numbers?|gene copies|copies|GCN|CN|拷贝数)\s*(?:of|[=:])?\s*(?P<after>{_NUMBER})(?:\s*copies)?\b"
    rf"|(?P<before>{_NUMBER})\s*(?:copies|拷贝)",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"(?:[A-Za-z]{2,4}_?\d+(?:\.\d+)?(?:\([^()]*\))?:)?"
    r"(?:[pP]\.\([^()\s]+\)|(?:[pP]\.)?[A-Za-z*]{1,3}\d+(?:[_-][A-Za-z*]{1,3}\d+)?[A-Za-z*?=]*\d*\??)(?![\w*])"
)
_LOOKS_LIKE_CHANGE = re.compile(r"[pP]\.|[A-Z](?:[a-z]{2})?\d{2,}")
_TRANSCRIPT = r"(?:(?:N[MR]_|ENST)\d+(?:\.\d+)?(?:\([^()]*\))?:)?"
_CODING = re.compile(_TRANSCRIPT + r"c\.[^\s,;()]+", re.IGNORECASE)
_WITHOUT_RESIDUE = re.compile(
    _TRANSCRIPT + r"(?P<name>c\.(?:[*-]\d|\d+[+-]\d)[^\s,;()]*|(?:p\.)?X\d+_splice)(?![\w*])"
    r"(?:[\s,;(]*p\.(?:\?|\(\?\))\)?)?",
    re.IGNORECASE,
)
"""``c.375+1G>A p.?``, ``c.-124C>T``, ``c.*35del``, and what MAF files write for a splice site: ``p.X125_splice``."""
_EXON_EVENTS = {
    "skip": "skipping", "跳": "skipping", "del": "deletion", "缺": "deletion", "ins": "insertion", "插": "insertion",
    "dup": "duplication", "mut": "mutation", "突": "mutation",
}  # fmt: skip
_EXON_EVENT = (
    r"(?P<what>skip(?:ping|ped)?|del(?:etions?)?|ins(?:ertions?)?|dup(?:lications?)?|mut(?:ations?|ant)?"
    r"|缺失|插入|跳跃|跳读|跳突|突变)(?![A-Za-z])"
)
_EXON = re.compile(
    r"(?:(?:exons?|ex|第)[ -]*(?P<number>\d{1,2})\s*号?\s*(?:外显子)?|(?P<zh>\d{1,2})\s*号?\s*外显子|(?P<bare>\d{1,2}))[ -]*"
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
_BREAKPOINTS = re.compile(
    r"(?P<left>[A-Za-z]{1,4} ?\d{1,2}[a-c]?(?:/[a-c])?) ?[;:,/] ?(?P<right>[A-Za-z]{1,4} ?\d{1,2}[a-c]?)(?![\w*])"
)
_VARIANT = re.compile(r"(?:variant|var\.?|v)\s*(?P<name>\d[a-z]?(?:/[a-z])?)(?![\w])", re.IGNORECASE)
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("effect", "inactivating", r"loss[- ]of[- ]function|lof|功能缺失|失活"),
    ("effect", "activating", r"gain[- ]of[- ]function|gof|activating|activation|activated|激活"),
    ("copy", "gain", r"copy[- ]?number gain|cn gain|polysomy|拷贝数增加|gain"),
    ("copy", "loss", r"copy[- ]?number loss|cn loss|(?:heterozygous|hemizygous|shallow) (?:deletion|loss)|拷贝数减少"),
    ("copy", "deletion", r"(?:homozygous|biallelic|deep|gene) (?:deletion|loss)|deletion|deleted|del|纯合缺失|缺失"),
    ("copy", "amplification", r"(?:high[- ]level |focal )?(?:amplification|amplified|amp)|扩增|増幅"),
    ("effect", "inactivating", r"inactivating|inactivation|inactivated|truncating|truncation|truncated|nonsense|loss|lost"),
    ("effect", "inactivating", r"frame-?shift(?:[_ ]variant)?|stop[_ ]gain(?:ed)?"),
    ("fusion", "", r"gene fusion|fusion gene|fusions?|rearrangements?|rearranged|translocation|融合遺伝子|融合基因|融合|重排|易位|再構成|転座"),
    ("described", "overexpression", r"over-?expression|over-?expressed|过表达"),
    ("germline", "", r"germline|胚系|生殖系"),
    ("mutation", "", r"splice[- ]?site(?: (?:mutation|variant))?|mutations?|mutant|mutated|mut|突变|変異"),
    ("join", "", r"and|plus|with|与|及|和"),
    ("filler", "", r"(?:[a-z0-9]+/)?cep ?\d{1,2} ratio[ :=]*\d+(?:\.\d+)?"),
    ("filler", "", r"(?:missense|nonsynonymous|non-synonymous|inframe)[_ ](?:variant|mutation|snv)|inversion|hotspot"),
    ("filler", "", r"(?:likely |possibly )?pathogenic|oncogenic|tier (?:iv|i{1,3}|[1-4])[a-d]?|(?:acquired )?resistance(?= mut)"),
    ("filler", "", r"(?:错义|点|耐药|获得性耐药|致病性?)(?= ?(?:突变|变异))|变异|可能致病|致病性?"),
    ("filler", "", r"variants?|alterations?|altered|gene|positive|detected|found|present|somatic|missense|substitution|point"),
    ("filler", "", r"in[- ]frame|promoter|基因|遺伝子|阳性|陽性|检出|检测到|変化"),
)  # fmt: skip
_RULES = (
    *((kind, value, re.compile(rf"(?:{words})(?![A-Za-z])", re.IGNORECASE)) for kind, value, words in _WORDS),
    ("join", "", re.compile(r"[&+/-]")),
)
_LOSS_OF_FUNCTION = re.compile(
    r"(?:loss of function|lof|loss|lost|inactivation|inactivated|功能 ?缺失|失活)(?: ?(?:突变|mutation))?"
)
_SKIPPED = re.compile(r"[\s,;()\[\]、。]+|[pP]\.(?=\[)")
_NEXT = re.compile(r"[^\s,;()\[\]]+")


class Words(Struct):
    """What a text says of one gene, piece by piece."""

    changes: list[str]
    fractions: list[tuple[str, float]]
    """Each with what it stands behind: ``fusion``, ``change``, ``event`` or nothing."""
    copies: list[float]
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
    unread: list[str] = []
    text: str = ""
    """The words, tidied, in lower case."""

    @property
    def description(self) -> str:
        """The words as they name an alteration: one form for all ways of saying that the function is lost."""
        plain = self.text.replace("-", " ")
        return "loss of function" if _LOSS_OF_FUNCTION.fullmatch(plain) else self.text


_PLUS = re.compile(r"\(\s*\+\s*\)|(?<![\w+])\+ve\b|(?<=[\w一-鿿])\+$", re.IGNORECASE)


def tidy(text: str) -> str:
    """One form of widths, dashes, spaces; Chinese and Japanese words stand apart from Latin ones, and a plus sign says positive."""
    text = _PLUS.sub(" positive ", unicodedata.normalize("NFKC", text))
    text = _HYPHENED_WORD.sub(" ", _DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    return " ".join(_BETWEEN_SCRIPTS.sub(" ", text).split())


ONLY_FOUND = "list only what was found, and name genes that a test could not see in assay.not_covered"


def refuse_denial(words: str, field: str = "") -> None:
    """A negative result is no finding: read as one it would count as the very alteration that it denies."""
    if denies(words):
        msg = f"this reads as a negative result; {ONLY_FOUND}"
        raise FindingError(msg, field)


def denies(words: str) -> bool:
    """True when the words say that something was not there."""
    return _DENIED.search(words) is not None


def refuse_no_result(text: str) -> None:
    """A test without a result, or a value below its limit, found nothing."""
    if _NO_RESULT.search(text):
        msg = f"this reads as a test without a result; {ONLY_FOUND}"
        raise FindingError(msg)
    if _BELOW.search(text):
        msg = (
            f"a value below a limit is no finding: {ONLY_FOUND}; an allele fraction that was measured is written as 3.1% or VAF 0.031, "
            "without a sign"
        )
        raise FindingError(msg)


def refuse_gone(words: Words, *, fused: bool, truncating: bool) -> None:
    """A change that is said to be lost or cleared is history: read as a finding it would count as being there now.

    Beside a change that truncates, ``loss`` may as well be that of the gene's function.
    """
    gone = _GONE.search(words.text) or (not truncating and _LOSS.search(words.text))
    if gone and (words.changes or fused):
        msg = (
            "this says that a change is gone, which is no finding of this sample; list a change only in the samples in which it was found, "
            "and leave it out where it was not: the series tells that it cleared"
        )
        raise FindingError(msg)


def no_gene(word: str) -> bool:
    """True for a word that names no gene though it has the form of a symbol: a result, a method, a material."""
    return _NO_GENE.fullmatch(word) is not None or denies(word)


def refuse_histology(text: str) -> None:
    """A change of histology belongs to the sample: as a finding it would name no gene and be lost."""
    if _HISTOLOGY.search(text):
        msg = (
            "this reads as a histology, which is no finding of a gene; state it in the `histology` of the sample: small_cell, squamous, "
            "large_cell_neuroendocrine, adenocarcinoma, adenosquamous, large_cell or nsclc_nos"
        )
        raise FindingError(msg)


def refuse_marker(text: str) -> None:
    """A marker of the whole tumour, or a stain, is no change of a gene."""
    if _TUMOUR_FRACTION.search(text):
        msg = "this reads as the tumour fraction of the sample; send it as `tumour_fraction` of the sample, 0..1"
        raise FindingError(msg)
    if _MARKER.search(text):
        msg = (
            "this reads as a marker of the whole tumour or as a stain, which is no change of a gene and is not read here; leave it out, and "
            "send an amplification or a fusion that was shown beside it as a finding of its own"
        )
        raise FindingError(msg)


@lru_cache(maxsize=REMEMBERED)
def read_words(text: str, *, fused: bool = False) -> Words:
    """Cut the words behind a gene or a fusion into what they say. The answer is shared: do not change it."""
    found = Words(changes=[], fractions=[], copies=[], effects=set(), unread=[], text="")
    place, last, kept = 0, "fusion" if fused else "", []
    while place < len(text):
        skipped = _SKIPPED.match(text, place)
        if skipped:
            place = skipped.end()
            continue
        end, kind = _take(text, place, found, last, fused=fused)
        if kind not in ("fraction", "copies"):
            kept.append(text[place:end])
        if kind in ("fusion", "change", "event"):
            last = kind
        place = end
    found.text = " ".join(kept).casefold()
    return found


def _take(text: str, place: int, found: Words, last: str, *, fused: bool) -> tuple[int, str]:
    """Read one piece at ``place`` into ``found``; where it ends, and what kind it is."""
    number = _take_number(text, place, found, last)
    if number is not None:
        return number
    if fused:
        part = _BREAKPOINTS.match(text, place) or _VARIANT.match(text, place)
        name = _variant_name(part) if part else ""
        if part and (found.variant is None or _names_the_other_way(name, found.variant)):
            found.variant = min(found.variant or name, name, key=lambda one: ";" in one)
            return part.end(), "fusion"
    beside = _WITHOUT_RESIDUE.match(text, place)
    if beside and found.without_residue is None:
        found.without_residue = beside["name"]
        return beside.end(), "event"
    coding = _CODING.match(text, place)
    if coding:
        found.coding = True
        return coding.end(), "filler"
    doubtful = _EXON_OR_RESIDUE.match(text, place)
    if doubtful:
        found.exon_or_residue = True
    exon = _EXON.match(text, place) or _EVENT_OF_EXON.match(text, place)
    if exon:
        number_text = next(exon[name] for name in ("number", "bare", "zh") if exon.groupdict().get(name))
        what = next(name for stem, name in _EXON_EVENTS.items() if exon["what"].casefold().startswith(stem))
        found.exon = f"exon {int(number_text)} {what}"
        return exon.end(), "event"
    change = _take_change(text, place, found)
    if change is not None:
        return change, "change"
    alone = _EXON_ALONE.match(text, place)
    if alone:
        found.exon_alone = f"exon {int(alone['number'] or alone['zh'])}"
        return alone.end(), "filler"
    return _take_word(text, place, found)


def _take_number(text: str, place: int, found: Words, last: str) -> tuple[int, str] | None:
    percent = _FRACTION.match(text, place)
    if percent:
        found.fractions.append((last, float(percent["percent"]) / 100))
        return percent.end(), "fraction"
    plain = _PLAIN_FRACTION.match(text, place)
    if plain:
        found.fractions.append((last, float(plain["plain"])))
        return plain.end(), "fraction"
    copies = _COPIES.match(text, place)
    if copies:
        found.copies.append(float(copies["after"] or copies["before"]))
        return copies.end(), "copies"
    return None


def _variant_name(part: re.Match[str]) -> str:
    names = part.groupdict()
    if "name" in names:
        return f"v{names['name']}"
    return f"{names['left']};{names['right']}".replace(" ", "")


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
