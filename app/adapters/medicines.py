"""Names of medicines as written: dose, schedule, salt and form told apart from the name, and combinations cut into their parts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

DASHES = re.compile("[\u2010-\u2015\u2212]")
_SIGNS = re.compile(r"[®™©*]")
_DOSE = re.compile(
    r"""(?<![a-z0-9_.])(?:
    \d\s*[x×]\s*\d+(?:[.,]\d+)?\s*(?:mg|g|mcg|ug|μg)(?![a-z])|
    (?:auc\s*[=:]?\s*)?\d+(?:[.,]\d+)?(?:\s*-\s*\d+(?:[.,]\d+)?)?\s*(?:mg|g|mcg|ug|μg|ml|iu)(?:\s*/\s*(?:m2|kg|day|d|ml|hr?))*(?![a-z])
    |auc\s*[=:]?\s*\d+(?:\.\d+)?
    |(?:once|twice|(?:three|four|[1-4])\s*(?:times|x))[\s-]+(?:daily|a\s+day|weekly|per\s+day)|[1-4]\s*x\s*/\s*d(?:ay)?
    |dose[\s-](?:reduced|reduction)|reduced\s+dose|dosisreduziert|减量
    |daily|weekly|monthly|per\s+day|every\s+(?:other\s+)?(?:\d+\s+)?(?:days?|weeks?|hours?)|at\s+night|as\s+needed|prn
    |q\s?\d+\s?[dwh]|b\.?i\.?d\b\.?|b\.?d\b\.?|t\.?i\.?d\b\.?|t\.?d\.?s\b\.?|q\.?i\.?d\b\.?|q\.?d\b\.?|o\.?d\b\.?|qhs|qam|qpm
    |p\.?o\b\.?|i\.?v\b\.?|s\.?c\b\.?|orally|oral|intravenously
    |[0-4]-[0-4]-[0-4](?:-[0-4])?
    |(?:x\s*)?\d+\s*cycles?|x\s*\d+|\d+\s*x
    |[1-9]\s*l|(?:first|second|third|fourth|1st|2nd|3rd|4th)[\s-]line
    |每日\s*[一二两三\d]\s*次|每天\s*[一二两三\d]\s*次|每\s*\d+\s*周|口服|静脉滴注|[一二三四]线
    )(?![a-z0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
"""Dose, schedule and place in the sequence, which say nothing of which medicine it was."""
_FORM = re.compile(
    r"""(?<![\w-])(?:
    (?:di)?hydrochloride|hcl|(?:di)?mesylate|(?:di)?mesilate|maleate|malate|(?:di)?sodium|potassium|calcium|magnesium|phosphate|sulfate|sulphate
    |tartrate|succinate|fumarate|citrate|acetate|besylate|besilate|tosylate|adipate|(?:mono)?hydrate
    |er|xr|sr|cr|xl|la|ir|dr|ec|mr|retard|depot|(?:extended|sustained|prolonged|modified|delayed|controlled|immediate)[ -]release
    |(?:hard |soft |film-coated )?(?:capsules?|caps?\.?|tablets?|tabs?\.?)
    |kapseln?|tabletten?|g[eé]lules?|comprim[eé]s?|c[aá]psulas?|comprimidos?|compresse|capsule|pills?|suspension|solution|injection|infusion|syrup|powder|extract
    |supplements?|monotherapy|therapy
    )(?![\w-])""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_TAKEN = re.compile(
    r"\b(?:stopp?(?:ed)?|discontinued|until|ended|finished|completed|ceased|previous(?:ly)?|former(?:ly)?|past|history|allerg\w*|intoleran\w*"
    r"|avoid(?:ed)?|abgesetzt|beendet|drops?|ointment|cream|gel|shampoo|topical(?:ly)?)\b|停|过敏|既往|曾用|滴眼|滴耳|外用|软膏|乳膏|洗剂|中止",
    re.IGNORECASE,
)
"""Words that say that a medicine is not taken now, or not by a way on which it acts on another."""
_DENIED = re.compile(
    r"(?:(?:^|[\s:=(,-])(?:none|never|no|non|0|declined|refused|paused|withheld|held|on hold|nein|nie|keine?|pausiert"
    r"|jamais|nunca|arr[eê]t[eé]e?|suspendid[oa]|sospes[oa]"
    r"|(?:not|nicht) (?:taken|given|used|started|prescribed|eingenommen|genommen|gegeben|begonnen|angesetzt))"
    r"|[无無否]|[没未](?:使用|服用|用)|なし)[\s).]*$",
    re.IGNORECASE,
)
"""Likewise at the end of the text only: ``rifampicin: never``, but not ``rifampicin, never missed``."""
_STILL = re.compile(
    r"\b(?:not|never|nicht|nie|no|without|ohne|kein\w*)\s+(?:\w+\s+)?"
    r"(?:stopp\w*|discontinu\w*|ended|ceased|paused|abgesetzt|beendet|pausiert|past|avoid\w*|allerg\w*|intoleran\w*|history)"
    r"|\b(?:discontinuation|stop|end|ende) (?:is )?(?:planned|geplant)|\b(?:to be|will be) (?:stopped|discontinued)|[未没]停|无过敏|無過敏",
    re.IGNORECASE,
)
"""What takes such words back: the medicine is taken."""
_FORM_ZH = re.compile(
    r"^(?:盐酸|甲磺酸|马来酸|苹果酸|富马酸|枸橼酸|己二酸|硫酸|酒石酸|琥珀酸|磷酸)|(?:缓释|肠溶|分散|软|硬|口服|注射用?)*(?:胶囊|片剂?|液|粉|颗粒|剂)$"
    r"|(?:錠|カプセル)$"
)
"""Salts and forms, which say nothing either. They go only when all that is left is known."""
_APART = re.compile(r"\s*[/+,、;&]\s*|(?:^|\s+)(?:and|plus|with)\s+|\s*联合\s*|\s*与\s*")
_BRACKET = re.compile(r"(?P<name>[^()]+)\((?P<other>[^()]+)\)?\s*")
_CODE = re.compile(r"^[a-z][a-z -]*\d{3}")
_LATIN = re.compile(r"[a-z]")


def plain(text: str) -> str:
    """One form of widths, dashes, apostrophes and spaces, without trade signs, in lower case."""
    text = _SIGNS.sub(" ", unicodedata.normalize("NFKC", text.replace("™", " ")))
    return folded(DASHES.sub("-", text.replace("\u2019", "'")))


def folded(text: str) -> str:
    """In lower case, with single spaces."""
    return " ".join(text.casefold().split())


def without_dose(text: str) -> str:
    """The name without its dose and schedule."""
    return " ".join(_DOSE.sub(" ", text).strip(" ,;()").replace("()", "").split())


def without_form(text: str) -> str:
    """The name without its salt and form."""
    return " ".join(_FORM_ZH.sub("", " ".join(_FORM.sub(" ", text).split())).strip(" ,;()").replace("()", "").split())


def not_taken(text: str) -> bool:
    """True when the words say that the medicine was stopped, is not taken or not tolerated, or is used on the skin or in the eye.

    In doubt it is taken, and what is only planned counts as taken: a match too many warns, one too few would hide a contraindication.
    """
    stopped = _NOT_TAKEN.search(text) or _DENIED.search(text)
    return stopped is not None and _STILL.search(text) is None


def parts(text: str) -> list[str]:
    """The names that a sign or a word joins: ``carboplatin + pemetrexed``."""
    return _APART.split(text)


def key_of(text: str, names: Mapping[str, object]) -> str | None:
    """The name in ``names`` that one written name is, or None.

    ``names`` are case-folded. Dose, schedule, salt and form are dropped only when all that is left is known; development codes are known
    with and without their hyphen; of two names, one in brackets, both must mean the same.
    """
    for candidate in _candidates(folded(text)):
        if candidate in names:
            return candidate
        if _CODE.search(candidate):
            found = _codes(frozenset(names)).get(_joined(candidate))
            if found is not None:
                return found
    pair = _BRACKET.fullmatch(plain(text))
    if pair is None:
        return None
    one, other = (key_of(pair[part], names) for part in ("name", "other"))
    return one if one is not None and other is not None and names[one] == names[other] else None


_CODE_SYSTEM = re.compile(r"^(?:rxcui|rxnorm|atc(?: code)?|ncit|snomed(?:[ -]ct)?)\s*[:#=]?\s*(?=[a-z]?\d)")
"""The name of the catalogue in front of a code, ``RXCUI:1727455``: the codes themselves are listed."""


def _candidates(text: str) -> tuple[str, ...]:
    tidy = _CODE_SYSTEM.sub("", plain(text))
    bare = without_dose(tidy)
    return (text, tidy, bare, without_form(bare))


def held(text: str, names: Mapping[str, object], shortest: int = 5) -> str | None:
    """The first name of ``names`` that stands in the text as words of its own; of two at one place the longer."""
    written = plain(text)
    return next(
        (
            name
            for place in range(len(written))
            for name in _starting(written[place : place + 3], names)
            if len(name) >= (shortest if _LATIN.search(name) else 3) and _stands(written, place, name)
        ),
        None,
    )


def begins_with(text: str, names: Mapping[str, object]) -> str | None:
    """The longest name of ``names`` that the text begins with, as words of its own."""
    written = plain(text)
    return next((name for name in _starting(written[:3], names) if _stands(written, 0, name)), None)


def _stands(text: str, place: int, name: str) -> bool:
    end = place + len(name)
    if text[place:end] != name:
        return False
    before, behind = text[place - 1 : place], text[end : end + 1]
    return not (_word(before) and _word(name[0])) and not (_word(behind) and _word(name[-1]))


def _word(letter: str) -> bool:
    """True for a letter that goes on in the same word; Chinese and Japanese words have no such bounds."""
    return letter.isascii() and letter.isalnum()


def _joined(code: str) -> str:
    return re.sub(r"[- ]", "", code)


@lru_cache(maxsize=32)
def _codes(names: frozenset[str]) -> dict[str, str]:
    """Development codes without their signs, to the names as listed."""
    return {_joined(name): name for name in sorted(names) if _CODE.search(name)}


def _starting(front: str, names: Mapping[str, object]) -> tuple[str, ...]:
    return _by_front(frozenset(names)).get(front, ())


@lru_cache(maxsize=32)
def _by_front(names: frozenset[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda one: (-len(one), one)):
        found.setdefault(name[:3], []).append(name)
    return {front: tuple(listed) for front, listed in found.items()}
