"""Names to the service's own: drugs to INN, genes to HGNC symbols, co-medications to interaction classes."""

from __future__ import annotations

import difflib
import re
import unicodedata
from functools import lru_cache

from app.knowledge.index import KnowledgeIndex, Vocabulary


class UnknownNameError(ValueError):
    """A name that the vocabulary does not have. The message names the nearest ones."""


_DASHES = re.compile("[\u2010-\u2015\u2212]")
_DOSE = re.compile(
    r"""(?<![\w.])(?:
    (?:auc\s*[=:]?\s*)?\d+(?:[.,]\d+)?\s*(?:mg|g|mcg|ug|μg)(?:\s*/\s*(?:m2|kg|day|d))*(?![a-z])    # 600 mg, 500 mg/m2
    |auc\s*[=:]?\s*\d+(?:\.\d+)?
    |(?:once|twice|three\s+times)\s+(?:daily|a\s+day|weekly)|daily|weekly|per\s+day
    |every\s+\d+\s+(?:days?|weeks?)|q\s?\d+\s?[dwh]|b\.?i\.?d\b\.?|t\.?i\.?d\b\.?|q\.?d\b\.?|o\.?d\b\.?
    |p\.?o\b\.?|i\.?v\b\.?|orally|oral|intravenously
    |(?:x\s*)?\d+\s*cycles?
    |每日\s*[一二两三\d]\s*次|每天\s*[一二两三\d]\s*次|每\s*\d+\s*周|口服|静脉滴注
    )(?![a-z0-9])""",
    re.IGNORECASE | re.VERBOSE,
)
"""Dose and schedule, which say nothing of which drug it was."""
_APART = re.compile(r"\s*[/+,、;&]\s*|\s+(?:and|plus|with)\s+|\s*联合\s*|\s*与\s*")


def drug_names(text: str, index: KnowledgeIndex) -> tuple[str, ...]:
    """INNs or agent names behind one written name; ``carboplatin + pemetrexed`` gives two.

    Dose and schedule are dropped only when all that is left is known. Raises UnknownNameError for what is not known.
    """
    found = known_drugs(text, index)
    if found is None:
        raise UnknownNameError(_nearest_drugs(text, index.vocabulary))
    return found


@lru_cache(maxsize=8192)
def known_drugs(text: str, index: KnowledgeIndex) -> tuple[str, ...] | None:
    """Like ``drug_names``; None for what is not known."""
    vocabulary = index.vocabulary
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    known = _known(text, vocabulary) or _known(plain, vocabulary) or _known(_without_dose(plain), vocabulary)
    if known is not None:
        return (known,)
    for whole in (plain, _without_dose(plain)):
        parts = [_without_dose(part) if whole != plain else part.strip() for part in _APART.split(whole)]
        names = [_known(part, vocabulary) or _hyphenated(part, vocabulary) for part in parts]
        if all(names):
            return tuple(name for found in names if found for name in ([found] if isinstance(found, str) else found))
    return None


_ALIAS = re.compile(r"(?P<name>[^()]+)\((?P<other>[^()]+)\)?\s*")


def _known(text: str, vocabulary: Vocabulary) -> str | None:
    """The drug of a name; of two names, one in brackets, when both are names of one drug (``lorlatinib (PF-06463922)``)."""
    found = vocabulary.drugs.get(" ".join(text.casefold().split()))
    pair = _ALIAS.fullmatch(text) if found is None else None
    if pair is None:
        return found
    names = {vocabulary.drugs.get(" ".join(pair[part].casefold().split())) for part in ("name", "other")}
    return names.pop() if len(names) == 1 else None


def _without_dose(text: str) -> str:
    return " ".join(_DOSE.sub(" ", text).strip(" ,;()").replace("()", "").split())


def _hyphenated(text: str, vocabulary: Vocabulary) -> tuple[str, ...] | None:
    """``carboplatin-pemetrexed``: drugs joined by hyphens, when each of them is known."""
    names = [_known(part, vocabulary) for part in re.split(r"\s*-\s*", text)]
    found = tuple(name for name in names if name)
    return found if len(found) == len(names) > 1 else None


def _nearest_drugs(text: str, vocabulary: Vocabulary) -> str:
    """What to say of a name that is not known: the nearest ones to its first unknown part."""
    plain = _without_dose(_DASHES.sub("-", unicodedata.normalize("NFKC", text)))
    parts = [" ".join(part.casefold().split()) for part in _APART.split(plain)]
    name = next((part for part in parts if part not in vocabulary.drugs), plain.casefold())
    near = difflib.get_close_matches(name, vocabulary.drugs, n=3, cutoff=0.6)
    named = (
        vocabulary.drugs[one] if one == vocabulary.drugs[one] else f"{one} ({vocabulary.drugs[one]})" for one in near
    )
    nearest = " or ".join(dict.fromkeys(named))
    hint = f"did you mean {nearest}? If" if nearest else "if"
    return f'this drug name is not known; {hint} it is another drug, declare it: {{"name": "…", "class": "other"}}'


@lru_cache(maxsize=8192)
def gene_symbol(text: str, index: KnowledgeIndex) -> tuple[str, bool]:
    """The HGNC symbol and whether the knowledge has the gene.

    A gene that the knowledge does not have is kept as written, upper-cased. Raises UnknownNameError for a slip of a driver's
    symbol (letters swapped, doubled or dropped) and for a symbol with more around it (``EML4-ALK``, ``ALK gene``), since taking
    either for another gene would lose a resistance mutation.
    """
    written = text.strip()
    known = index.vocabulary.genes.get(written.casefold())
    if known is not None:
        return known, True
    symbol = written.upper()
    for driver in index.settings:
        if _slip(symbol, driver):
            msg = f"this gene is not known; did you mean {driver}? If it is another gene, use its HGNC symbol"
            raise UnknownNameError(msg)
    held = held_gene(written, index)
    if held is not None:
        msg = (
            f"this names more than one gene or more than a gene; did you mean {held}? Name one gene, by its HGNC symbol"
        )
        raise UnknownNameError(msg)
    return symbol, False


@lru_cache(maxsize=8192)
def partner_symbol(text: str, driver: str, index: KnowledgeIndex) -> str:
    """The partner of a fusion of the driver, also where the whole fusion is written, in either order.

    Raises UnknownNameError for a list of partners and for the driver alone.
    """
    written = _DASHES.sub("-", text.strip())
    genes = index.vocabulary.genes
    if re.search(r"[,;]|\s(?:and|or)\s", written):
        msg = f"name one partner of {driver} here, by its HGNC symbol; list each fusion that was found as a finding of the sample"
        raise UnknownNameError(msg)
    for join in re.finditer(r"\s*(?:::|--|-|/)\s*", written):
        left, right = written[: join.start()], written[join.end() :]
        for own, other in ((right, left), (left, right)):
            if other and genes.get(own.casefold()) == driver != genes.get(other.casefold()):
                return gene_symbol(other, index)[0]
    if re.search(r"[:&]", written):
        msg = f"write the partner of {driver} by its HGNC symbol"
        raise UnknownNameError(msg)
    if genes.get(written.casefold()) == driver or held_gene(written, index) == driver:
        msg = f"the partner is the gene that {driver} is fused to; name it alone, by its HGNC symbol"
        raise UnknownNameError(msg)
    try:
        return gene_symbol(written, index)[0]
    except UnknownNameError:
        return written.upper()


_LEAST_PREFIX = 3
"""A symbol that ends in a driver's after fewer letters is a gene of its own."""


def held_gene(written: str, index: KnowledgeIndex) -> str | None:
    """A known gene that stands as a word of its own in what was written, or a driver's symbol written on to another's."""
    parts = re.split(r"[^A-Za-z0-9]+", written)
    if len(parts) > 1:
        known = [index.vocabulary.genes.get(part.casefold()) for part in parts]
        ours = [one for one in known if one is not None]
        return next((one for one in ours if one in index.settings), ours[0] if ours else None)
    symbol = written.upper()
    return next(
        (one for one in index.settings if symbol.endswith(one) and len(symbol) - len(one) >= _LEAST_PREFIX), None
    )


def _slip(written: str, meant: str) -> bool:
    if len(written) == len(meant):
        return sorted(written) == sorted(meant)
    longer, shorter = (written, meant) if len(written) > len(meant) else (meant, written)
    dropped = [longer[:place] + longer[place + 1 :] for place in range(len(longer))]
    return len(longer) - len(shorter) == 1 and shorter in dropped and set(longer) == set(shorter)
