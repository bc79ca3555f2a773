"""Names to the service's own: drugs to INN, genes to HGNC symbols, co-medications to interaction classes."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from app.adapters import medicines
from app.adapters.changes import base, owner_of
from app.adapters.refusals import ONLY_FOUND, denies, is_change, no_gene
from app.knowledge.index import KnowledgeIndex, Vocabulary
from app.knowledge.remember import remembered


class UnknownNameError(ValueError):
    """A name that the vocabulary does not have. The message names the nearest ones."""


def drug_names(text: str, index: KnowledgeIndex) -> tuple[str, ...]:
    """INNs or agent names behind one written name; ``carboplatin + pemetrexed`` gives two.

    Dose, schedule, salt and form are dropped only when all that is left is known. Raises UnknownNameError for what is not known.
    """
    found = known_drugs(text, index)
    if found is None:
        raise UnknownNameError(_nearest_drugs(text, index.vocabulary))
    return found


@remembered(8192)
def known_drugs(text: str, index: KnowledgeIndex) -> tuple[str, ...] | None:
    """Like ``drug_names``; None for what is not known."""
    drugs = index.vocabulary.drugs
    known = medicines.key_of(text, drugs)
    if known is not None:
        return (drugs[known],)
    whole = medicines.plain(text)
    for written in (whole, medicines.without_dose(whole)):
        names = [_one_or_hyphenated(part, drugs) for part in medicines.parts(written)]
        if all(names):
            return tuple(name for found in names if found for name in found)
    return None


def _one_or_hyphenated(text: str, drugs: Mapping[str, str]) -> tuple[str, ...]:
    """The drug, or those that hyphens join (``carboplatin-pemetrexed``) when each of them is known; else nothing."""
    known = medicines.key_of(text, drugs)
    if known is not None:
        return (drugs[known],)
    names = [medicines.key_of(part, drugs) for part in re.split(r"\s*-\s*", text)]
    found = tuple(drugs[name] for name in names if name is not None)
    return found if len(found) == len(names) > 1 else ()


def refuse_hidden(text: str, gene: str, index: KnowledgeIndex) -> None:
    """Refuse to declare a drug whose name holds, or nearly spells, one that is ranked for the driver: it would be lost from the history.

    Raises UnknownNameError with the name that is meant.
    """
    plain = medicines.plain(text)
    if _CLASS.fullmatch(re.sub(rf"\b{gene}\b|[\s-]", "", plain, flags=re.IGNORECASE)):
        msg = f"this names the class of the inhibitors of {gene} and no drug; name the one that was given, since each has resistance of its own"
        raise UnknownNameError(msg)
    names = {name: inn for name, inn in index.vocabulary.drugs.items() if inn in index.inhibitors[gene]}
    holds = medicines.held(text, names)
    if holds is not None:
        raise UnknownNameError(_holds(names[holds]))
    written = medicines.without_dose(medicines.plain(text))
    near = next((name for name in sorted(names) if len(name) > _SHORT and _one_letter_off(written, name)), None)
    if near is not None:
        msg = f"this is nearly the name of a drug that is ranked here; did you mean {names[near]}? Write its name as text, not as a declaration"
        raise UnknownNameError(msg)


_NO_DRUG = re.compile(
    r"^(?:none|nil|no (?:prior )?(?:treatment|therapy)|untreated|treatment[- ]naive|naive|placebo|observation"
    r"|watch and wait|best supportive care|bsc)$"
    r"|(?:surgery|resection|lobectomy|operation|手术|手術)$|^(?:无|未治疗|观察)$",
    re.IGNORECASE,
)
_CLASS = re.compile(
    r"(?:inhibitors?|inhibitor-?en|tkis?|inhibiteurs?(?: d'\w+)?|hemmer|抑制剂|阻害薬)\s*$", re.IGNORECASE
)
_SHORT = 5
"""Names of so few letters are alike by chance."""


def _one_letter_off(written: str, meant: str) -> bool:
    """One letter dropped, added, changed, or swapped with its neighbour."""
    if abs(len(written) - len(meant)) > 1:
        return False
    first = next((place for place, (one, other) in enumerate(zip(written, meant, strict=False)) if one != other), None)
    if first is None:
        return True
    left, right = written[first:], meant[first:]
    return left[1:] in (right[1:], right) or left == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])


def _holds(name: str) -> str:
    return (
        f"this is not a name that is known, but it holds the name {name}; write only the name, as text, and drugs that were given one after "
        "the other as treatments of their own"
    )


def _nearest_drugs(text: str, vocabulary: Vocabulary) -> str:
    """What to say of a name that is not known: the one that it holds, or the nearest ones to its first unknown part."""
    plain = medicines.without_dose(medicines.plain(text))
    if _NO_DRUG.search(plain.strip()):
        return "this names no drug; a time without treatment, an operation or an observation is left out, and radiotherapy is 'radiotherapy'"
    parts = [medicines.folded(part) for part in medicines.parts(plain)]
    name = next((part for part in parts if medicines.key_of(part, vocabulary.drugs) is None), plain)
    holds = medicines.held(name, vocabulary.drugs)
    if holds is not None:
        return (
            f'{_holds(vocabulary.drugs[holds])}. If it is another drug, declare it: {{"name": "…", "class": "other"}}'
        )
    if _CLASS.search(plain):
        return (
            "this names a class of drugs and no drug; name the one that was given, since each has resistance of its own; one that is not known "
            'and is no inhibitor of the driver is declared: {"name": "…", "class": "other"}'
        )
    near = difflib.get_close_matches(name, vocabulary.drugs, n=3, cutoff=0.6)
    named = (
        vocabulary.drugs[one] if one == vocabulary.drugs[one] else f"{one} ({vocabulary.drugs[one]})" for one in near
    )
    nearest = " or ".join(dict.fromkeys(named))
    hint = f"did you mean {nearest}? If" if nearest else "if"
    return f'this drug name is not known; {hint} it is another drug, declare it: {{"name": "…", "class": "other"}}'


@remembered(8192)
def interactions_of(text: str, index: KnowledgeIndex) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The interaction classes of a co-medication as written, and those of its parts that are not recognised.

    A name that only begins with a known medicine is taken for it: a match too many warns, one too few would hide a contraindication. Where
    the words say that it was stopped, is not tolerated or stays outside the body nothing is matched, and it is said not to be checked.
    """
    classes = index.vocabulary.interactions
    known = medicines.key_of(text, classes)
    if known is not None:
        return classes[known], ()
    if medicines.not_taken(text):
        return (), (text,)
    found: set[str] = set()
    unknown: list[str] = []
    for part in _medicines_in(text):
        name = medicines.key_of(part, classes) or medicines.begins_with(medicines.without_dose(part), classes)
        if name is None:
            unknown.append(part)
        else:
            found.update(classes[name])
    return (tuple(sorted(found)), tuple(unknown)) if found else ((), (text,))


def _medicines_in(text: str) -> list[str]:
    """The names that signs, words and brackets set apart in a co-medication."""
    bare = medicines.without_dose(medicines.plain(text))
    outside, inside = re.sub(r"\([^()]*\)?", " ", bare), re.findall(r"\(([^()]*)", bare)
    listed = [medicines.parts(one) for one in (outside, *inside)]
    return [part for parts in listed for part in map(str.strip, parts) if any(map(str.isalpha, part))]


@remembered(8192)
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


@remembered(8192)
def symbol_of_finding(text: str, index: KnowledgeIndex) -> tuple[str, bool]:
    """Like ``gene_symbol``, for a gene that a sender names in its own field.

    Raises UnknownNameError also for what has not the form of a symbol or is no gene (``ENSG00000171094``, ``N/A``): kept as a gene of its
    own, the finding would be lost behind a warning.
    """
    symbol, known = gene_symbol(text, index)
    if known:
        return symbol, known
    meant = owner_of(base(symbol), index)
    if meant is not None or _IDENTIFIER.fullmatch(symbol) or not _SYMBOL.fullmatch(symbol) or no_gene(symbol):
        hint = f", {meant}" if meant else f", such as {next(iter(index.settings))}"
        msg = f"this is no HGNC symbol of a gene; write the symbol{hint}, and not an identifier, a material or a result"
        raise UnknownNameError(msg)
    return symbol, known


@remembered(8192)
def partner_symbol(text: str, driver: str, index: KnowledgeIndex) -> str:
    """The partner of a fusion of the driver, also where the whole fusion is written, in either order.

    Raises UnknownNameError for a list of partners, for the driver alone, and for what is no gene: a result, a method, an unknown one.
    """
    written = _WITHOUT_EXON.sub("", medicines.DASHES.sub("-", text.strip()))
    if _UNKNOWN.fullmatch(written):
        msg = "a partner that is not known is left out; leave the field away"
        raise UnknownNameError(msg)
    if denies(written):
        msg = f"this reads as a negative result; {ONLY_FOUND}"
        raise UnknownNameError(msg)
    genes = index.vocabulary.genes
    if re.search(r"[,;]|\s(?:and|or)\s", written):
        msg = f"name one partner of {driver} here, by its HGNC symbol; list each fusion that was found as a finding of the sample"
        raise UnknownNameError(msg)
    for join in re.finditer(r"\s*(?:::|--|-|/)\s*", written):
        left, right = written[: join.start()], written[join.end() :]
        for own, other in ((right, left), (left, right)):
            if other and genes.get(own.casefold()) == driver != genes.get(other.casefold()):
                return _partner(other, driver, index)
    if re.search(r"[:&]", written):
        msg = f"write the partner of {driver} by its HGNC symbol"
        raise UnknownNameError(msg)
    held = held_gene(written, index) if genes.get(written.casefold()) is None else None
    if genes.get(written.casefold()) == driver or held == driver:
        msg = f"the partner is the gene that {driver} is fused to; name it alone, by its HGNC symbol"
        raise UnknownNameError(msg)
    if held is not None and not re.search(r"\s", written):
        msg = (
            f"this names {held}, and not {driver}; name here the gene that {driver} is fused to, and send a fusion of {held} as a finding "
            "of the sample"
        )
        raise UnknownNameError(msg)
    return _partner(written, driver, index)


def _partner(written: str, driver: str, index: KnowledgeIndex) -> str:
    """The symbol of a partner. A driver's symbol misspelt is a partner like any other: the driver is named beside it."""
    known = index.vocabulary.genes.get(written.casefold())
    if known is not None:
        return known
    if is_change(written):
        msg = f"this is a change and no gene; send it as a finding of its own, and write the partner of {driver} by its HGNC symbol"
        raise UnknownNameError(msg)
    if not _SYMBOL.fullmatch(written) or no_gene(written) or _IDENTIFIER.fullmatch(written):
        msg = f"this is no symbol of a gene; write the partner of {driver} by its HGNC symbol alone, and leave it out when it is not known"
        raise UnknownNameError(msg)
    return written.upper()


_SYMBOL = re.compile(r"(?![EeVv]\d{1,2}[A-Ca-c]?$)[A-Za-z][A-Za-z0-9]{1,14}(?:[.-][A-Za-z0-9]+)*")
_IDENTIFIER = re.compile(
    r"ENS[A-Z]*\d+(?:\.\d+)?|[NX][MRPCGTW]_?\d{4,}(?:\.\d+)?|LRG_?\d+|HGNC:?\d+|OMIM\d+", re.IGNORECASE
)
"""What names a sequence or an entry of a catalogue, not a symbol."""
_WITHOUT_EXON = re.compile(r"\s*\((?:exons?|ex|e)?\s*\d{1,2}[a-c]?\)", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"(?:partner |gene )?(?:unknown|not known|unk|n/?a|none|null|nil|not (?:available|applicable|specified|reported)|unspecified|undetermined|-)",
    re.IGNORECASE,
)


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
