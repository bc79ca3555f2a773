"""Names to the service's own: drugs to INN, genes to HGNC symbols, co-medications to interaction classes."""

from __future__ import annotations

import difflib
from functools import lru_cache

from app.knowledge.index import KnowledgeIndex, Vocabulary


class UnknownNameError(ValueError):
    """A name that the vocabulary does not have. The message names the nearest ones."""


@lru_cache(maxsize=8192)
def drug_names(text: str, index: KnowledgeIndex) -> tuple[str, ...]:
    """INNs or agent names behind one written name; ``carboplatin + pemetrexed`` gives two.

    Raises UnknownNameError for what is not known.
    """
    vocabulary = index.vocabulary
    whole = vocabulary.drugs.get(" ".join(text.casefold().split()))
    if whole is not None:
        return (whole,)
    parts = [part.strip() for part in text.replace("/", "+").split("+")]
    return tuple(_drug(part, vocabulary) for part in parts)


def _drug(text: str, vocabulary: Vocabulary) -> str:
    name = " ".join(text.casefold().split())
    found = vocabulary.drugs.get(name)
    if found is None:
        near = difflib.get_close_matches(name, vocabulary.drugs, n=3, cutoff=0.6)
        named = (
            vocabulary.drugs[one] if one == vocabulary.drugs[one] else f"{one} ({vocabulary.drugs[one]})"
            for one in near
        )
        nearest = " or ".join(dict.fromkeys(named))
        hint = f"did you mean {nearest}? " if nearest else ""
        msg = f'this drug name is not known; {hint}If it is another drug, declare it: {{"name": "…", "class": "other"}}'
        raise UnknownNameError(msg)
    return found


@lru_cache(maxsize=8192)
def gene_symbol(text: str, index: KnowledgeIndex) -> tuple[str, bool]:
    """The HGNC symbol and whether the knowledge has the gene.

    A gene that the knowledge does not have is kept as written, upper-cased. Raises UnknownNameError for a slip of a driver's
    symbol (letters swapped, doubled or dropped), since taking it for another gene would lose a resistance mutation.
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
    return symbol, False


def _slip(written: str, meant: str) -> bool:
    if len(written) == len(meant):
        return sorted(written) == sorted(meant)
    longer, shorter = (written, meant) if len(written) > len(meant) else (meant, written)
    dropped = [longer[:place] + longer[place + 1 :] for place in range(len(longer))]
    return len(longer) - len(shorter) == 1 and shorter in dropped and set(longer) == set(shorter)
