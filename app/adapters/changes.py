"""Protein changes of a finding: read, checked against the reference protein, told apart from other words."""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain.variant import (
    ProteinChange,
    ProteinChangeError,
    UnreadableChangeError,
    check_reference,
    normalise,
    parse_protein_change,
    substitutions,
)
from app.knowledge.index import KnowledgeIndex
from app.knowledge.remember import remembered

REMEMBERED = 8192
"""Readings of texts kept per process: the same few variants make up most reports."""
_REFERENCE_IN_FRONT = re.compile(
    r"(?P<accession>(?:[NX][MPR]_\d+|ENS[TP]\d+)(?:\.\d+)?)(?:\([^()]*\))?:", re.IGNORECASE
)
_NO_PROTEIN = re.compile(r"(?:[^\s:]+:)?(?:c\.|(?:p\.)?X\d+_splice|p\.\(?\?)", re.IGNORECASE)
_ACCESSION = re.compile(r"[A-Z]{2,4}_?\d{3,15}")
_LOOSE = re.compile(
    r"""(?P<front>(?:[a-z]{2,4}_?\d+(?:\.\d+)?)(?:\([^()]*\))?:)?(?:p\.)?\(?
    (?P<ref>[a-z]{3}|[a-z*])(?P<start>[1-9]\d*)
    (?:[_-](?P<end_ref>[a-z]{3}|[a-z*])(?P<end>[1-9]\d*))?
    (?P<event>delins|del|dup|ins)?(?P<tail>[a-z*?]*?)(?P<shift>fs(?:\*|ter|x)?(?:\d+|\?)?)?\)?""",
    re.VERBOSE | re.IGNORECASE,
)


class FindingError(ValueError):
    """A finding that cannot be understood. ``field`` is the part of it that is wrong, for the pointer."""

    def __init__(self, detail: str, field: str = "") -> None:
        super().__init__(detail)
        self.field = field


@remembered(REMEMBERED)
def protein_change(text: str, gene: str, index: KnowledgeIndex, driver: str | None = None) -> ProteinChange:
    """Parse, check against the reference protein where the knowledge has one, normalise.

    ``driver`` is the driver of the case, whose changes serve as examples in messages. Raises FindingError.
    """
    try:
        accession, change = parse_protein_change(as_hgvs(text) or text)
        record = index.genes.get(gene)
        if accession is not None:
            check_numbering(accession, gene, index)
        if record is None or record.sequence is None:
            return change
        check_reference(change, record.sequence, f"{gene} ({record.protein})")
        return normalise(change, record.sequence)
    except UnreadableChangeError as error:
        msg = f"not a protein change in HGVS; {write_changes(gene if gene in index.settings else driver, index)}"
        if _NO_PROTEIN.match(text):
            msg += f'; what has none (splice site, promoter): {{"type": "gene_alteration", "gene": "{gene}", "effect": …, "description": …}}'
        raise FindingError(msg, "protein_change") from error
    except ProteinChangeError as error:
        raise FindingError(str(error), "protein_change") from error


@remembered(REMEMBERED)
def each_substitution(change: ProteinChange, gene: str, index: KnowledgeIndex) -> tuple[ProteinChange, ...]:
    """The substitutions that one deletion-insertion amounts to; the change itself where the knowledge has it by that name."""
    record = index.genes.get(gene)
    if gene in index.settings and str(change) in index.known_changes[gene]:
        return (change,)
    return substitutions(change, record.sequence if record else None)


def check_numbering(accession: str, gene: str, index: KnowledgeIndex, field: str = "protein_change") -> None:
    """Refuse a change numbered on another transcript: residue numbers may differ, and none is ever shifted silently.

    A gene without a reference sequence here may be numbered on any but that of another gene.
    """
    record = index.genes.get(gene)
    owner = owner_of(base(accession), index)
    if owner not in (None, gene):
        msg = f"the reference {base(accession)} is one of {owner} and not of {gene}; check the gene and the reference, and send the one found"
        raise FindingError(msg, field)
    if record is not None and record.sequence is not None and owner is None:
        reference = f"{record.protein} ({record.transcript}, {record.ensembl_transcript})"
        named = base(accession) if _ACCESSION.fullmatch(base(accession)) else "this transcript"
        msg = f"numbering on {named} is not supported; number {gene} on {reference}"
        raise FindingError(msg, field)


def gene_of_reference(text: str, index: KnowledgeIndex) -> str | None:
    """The gene whose reference sequence stands in front of a change, as in ``NP_004295.2:p.…``.

    None when the text starts with no reference. Raises FindingError for the reference of no known gene.
    """
    found = _REFERENCE_IN_FRONT.match(text)
    if found is None:
        return None
    accession = base(found["accession"])
    gene = owner_of(accession, index)
    if gene is None:
        known = " or ".join(f"{index.genes[one].protein} ({one})" for one in index.settings)
        msg = f"the reference {accession} belongs to no gene known here; name the gene, and number a driver on {known}"
        raise FindingError(msg)
    return gene


@remembered(1024)
def owner_of(accession: str, index: KnowledgeIndex) -> str | None:
    """The gene known here that an accession without its version is a reference of."""
    return next((symbol for symbol in index.genes if accession in references_of(symbol, index)), None)


def references_of(gene: str, index: KnowledgeIndex) -> set[str]:
    """The accessions of a gene and of its protein, without their versions."""
    record = index.genes[gene]
    named = (record.transcript, record.protein, record.ensembl_transcript, record.ensembl_protein, record.uniprot)
    return {base(one) for one in named if one}


def base(accession: str) -> str:
    """An accession without its version."""
    return accession.split(".")[0].upper()


@lru_cache(maxsize=REMEMBERED)
def as_hgvs(token: str) -> str | None:
    """The token as a protein change that can be parsed, or None.

    Letters may have any case. A deletion that spells the residues it removes loses them when their number fits its range, as HGVS
    recommends; a hyphen between two residues is read as the underscore that HGVS puts there.
    """
    if _parses(token):
        return token
    found = _LOOSE.fullmatch(token)
    if found is None:
        return None
    start, end = int(found["start"]), int(found["end"] or found["start"])
    long = len(found["ref"]) == 3
    event, tail = (found["event"] or "").lower(), found["tail"]
    removed = len(tail) // 3 if long else len(tail)
    if event == "del" and tail and removed == end - start + 1:
        tail = ""
    second = f"_{_residues(found['end_ref'], long=long)}{end}" if found["end"] else ""
    shift = (found["shift"] or "").lower().replace("ter", "Ter").replace("x", "X")
    front = (found["front"] or "").upper()
    text = f"{front}p.{_residues(found['ref'], long=long)}{start}{second}{event}{_residues(tail, long=long)}{shift}"
    return text if _parses(text) else None


def _residues(letters: str, *, long: bool) -> str:
    if long or letters.casefold() == "ter":
        return "".join(letters[place : place + 3].capitalize() for place in range(0, len(letters), 3))
    return letters.upper()


def _parses(text: str) -> bool:
    try:
        parse_protein_change(text)
    except ProteinChangeError:
        return False
    return True


@remembered(64)
def example_change(gene: str, index: KnowledgeIndex) -> str:
    """A change of the driver to serve as an example in messages: the one that most drugs have a verdict on."""
    tables = index.calls.get(gene, {})
    single = sorted((-len(calls), profile[0]) for profile, calls in tables.items() if len(profile) == 1)
    spelt = [name for _, name in single if _parses(name)]
    if spelt:
        return spelt[0]
    record = index.genes[gene]
    place = record.kinase_domain.start if record.kinase_domain else 1
    return f"p.{(record.sequence or 'M')[place - 1]}{place}del"


def write_changes(driver: str | None, index: KnowledgeIndex) -> str:
    """How to write a protein change, with an example of the driver's own."""
    gene = driver if driver is not None and driver in index.settings else next(iter(index.settings))
    example = example_change(gene, index)
    return (
        f"write the residue, its number and what became of it, such as {example} of {gene}; "
        "deletions, duplications and insertions as p.A1del, p.A1dup, p.A1_B2insC"
    )


def how_to_write(driver: str, index: KnowledgeIndex) -> str:
    """The forms of a finding in short, with the driver's own gene."""
    example = example_change(driver, index)
    return (
        f"write the gene and what was found: '{driver} {example}', '{driver} {example.removeprefix('p.')} 3.1%', "
        f"'{driver} amplification' or 'PARTNER::{driver}'; or send it as an object with a type"
    )


def not_understood(driver: str, index: KnowledgeIndex, place: int | None = None) -> FindingError:
    """What is said of a text that holds more than is understood. ``place`` is the first word that is not, counted from 1."""
    where = f" (word {place} is not)" if place else ""
    example = example_change(driver, index)
    msg = (
        f"this text is not wholly understood{where}, and nothing in it is guessed: one gene or fusion, then its change, such as "
        f"'{driver} {example} 3.1%'; a finding of its own for each further gene or change. What has no such form goes as "
        '{"type": "gene_alteration", "gene": …, "effect": …, "description": …}'
    )
    return FindingError(msg)
