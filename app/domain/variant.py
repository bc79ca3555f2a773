"""Protein changes in HGVS: parsed, checked against the reference protein, normalised.

Forms taken: one-letter, three-letter, bare (``G1202R``), predicted (``p.(Gly1202Arg)``) and with a reference in front
(``NP_004295.2:p.Gly1202Arg``); substitutions, deletions, duplications, insertions, deletion-insertions, nonsense and
frameshift changes. The canonical form is one-letter with ``p.``. Insertions and deletions are shifted to the most C-terminal
position and an insertion that repeats what stands before it is a duplication (HGVS recommendations, 3' rule).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

Kind = Literal["substitution", "deletion", "duplication", "insertion", "delins", "frameshift", "nonsense", "start_loss"]

_THREE_TO_ONE = {
    "Ala": "A", "Arg": "R", "Asn": "N", "Asp": "D", "Cys": "C", "Gln": "Q", "Glu": "E", "Gly": "G", "His": "H", "Ile": "I",
    "Leu": "L", "Lys": "K", "Met": "M", "Phe": "F", "Pro": "P", "Ser": "S", "Thr": "T", "Trp": "W", "Tyr": "Y", "Val": "V",
    "Ter": "*", "Xaa": "X",
}  # fmt: skip
_RESIDUE = r"(?:[A-Z][a-z]{2}|[A-Z*])"
_PATTERN = re.compile(
    rf"""^(?:(?P<accession>[A-Z]{{2,4}}_?\d+(?:\.\d+)?)(?:\([^)]*\))?:)?   # NP_004295.2:
    (?P<prefix>p\.)?(?P<open>\()?
    (?P<ref>{_RESIDUE})(?P<start>[1-9][0-9]*)
    (?:_(?P<end_ref>{_RESIDUE})(?P<end>[1-9][0-9]*))?
    (?P<event>delins(?P<delins>{_RESIDUE}+)|del|dup|ins(?P<ins>{_RESIDUE}+)|(?:{_RESIDUE})?fs(?:(?:\*|Ter|X)(?:\d+|\?))?|(?P<alt>{_RESIDUE}|\?))
    (?(open)\))$""",
    re.VERBOSE,
)


class ProteinChangeError(ValueError):
    """A protein change that cannot be read or that disagrees with the reference protein. The message is for the sender."""


class UnreadableChangeError(ProteinChangeError):
    """A text that is no protein change at all."""


class ProteinChange(Struct, frozen=True):
    """One change of a protein, residues in one-letter code, positions counted from 1 on the reference protein."""

    kind: Kind
    ref: str
    start: int
    end_ref: str = ""
    end: int = 0
    alt: str = ""

    @property
    def last(self) -> int:
        """The last residue touched."""
        return self.end or self.start

    @property
    def truncating(self) -> bool:
        """True for nonsense, frameshift and start loss."""
        return self.kind in ("nonsense", "frameshift", "start_loss")

    def __str__(self) -> str:
        place = f"{self.ref}{self.start}" + (f"_{self.end_ref}{self.end}" if self.end else "")
        tail = {
            "substitution": self.alt,
            "nonsense": "*",
            "start_loss": "?",
            "deletion": "del",
            "duplication": "dup",
            "insertion": f"ins{self.alt}",
            "delins": f"delins{self.alt}",
            "frameshift": "fs",
        }[self.kind]
        return f"p.{place}{tail}"


def _one_letter(residues: str) -> str:
    """Turn ``GlyArg`` or ``GR`` into ``GR``. Raises ProteinChangeError for what is no amino acid."""
    letters: list[str] = []
    position = 0
    while position < len(residues):
        three = residues[position : position + 3]
        if three in _THREE_TO_ONE:
            letters.append(_THREE_TO_ONE[three])
            position += 3
        elif residues[position] in "ACDEFGHIKLMNPQRSTVWYX*":
            letters.append(residues[position])
            position += 1
        else:
            msg = f"{residues[position : position + 3]!r} is no amino acid; use one-letter (G) or three-letter (Gly) codes"
            raise ProteinChangeError(msg)
    return "".join(letters)


@lru_cache(maxsize=8192)
def parse_protein_change(text: str) -> tuple[str | None, ProteinChange]:
    """Read a protein change.

    Returns the reference accession in front of it, if any, and the change as written (not yet checked or normalised).
    Raises ProteinChangeError with an example of the right form when it cannot be read.
    """
    match = _PATTERN.match(text.strip())
    if match is None:
        msg = "not a protein change in HGVS; write p.G1202R, p.Gly1202Arg, p.G1202del, p.T1151dup or p.T1151_L1152insT"
        raise UnreadableChangeError(msg)
    ref, start = _one_letter(match["ref"]), int(match["start"])
    end_ref = _one_letter(match["end_ref"]) if match["end_ref"] else ""
    end = int(match["end"]) if match["end"] else 0
    if end and end <= start:
        msg = "the end of the range must lie after its start"
        raise ProteinChangeError(msg)
    event = match["event"]
    change = ProteinChange("substitution", ref, start, end_ref, end)
    if match["delins"]:
        inserted = _one_letter(match["delins"])
        if "X" in inserted:
            msg = "X stands for any residue; name the residues that were found"
            raise ProteinChangeError(msg)
        change = _trimmed(replace(change, kind="delins", alt=inserted), ref + end_ref)
    elif match["ins"]:
        if end != start + 1:
            msg = "an insertion names the two residues between which it lies, such as p.T1151_L1152insT"
            raise ProteinChangeError(msg)
        change = replace(change, kind="insertion", alt=_one_letter(match["ins"]))
    elif event == "del":
        change = replace(change, kind="deletion")
    elif event == "dup":
        change = replace(change, kind="duplication")
    elif "fs" in event:
        change = replace(change, kind="frameshift", end_ref="", end=0)
    elif end:
        msg = "a range needs del, dup, ins or delins after it"
        raise ProteinChangeError(msg)
    else:
        change = _substitution(change, match["alt"])
    return match["accession"], change


def _substitution(change: ProteinChange, alt_text: str) -> ProteinChange:
    if alt_text == "?":
        if change.ref == "M" and change.start == 1:
            return replace(change, kind="start_loss")
        msg = "the new residue is unknown ('?'); name it, or send a gene_alteration"
        raise ProteinChangeError(msg)
    alt = _one_letter(alt_text)
    if alt == "*":
        return replace(change, kind="nonsense")
    if alt == change.ref:
        msg = "the change leaves the residue as it is; a synonymous change is no finding"
        raise ProteinChangeError(msg)
    if "X" in (alt, change.ref):
        msg = "X stands for any residue; name the residue that was found"
        raise ProteinChangeError(msg)
    return replace(change, alt=alt)


def _trimmed(change: ProteinChange, removed: str) -> ProteinChange:
    """A deletion-insertion without the residues that it puts back at either end: ``G1202_D1203delinsRD`` is ``G1202R``.

    ``removed``: the residues from ``start`` to ``last``; a range of which only the ends are known is left as it is.
    Raises ProteinChangeError when nothing remains.
    """
    start, inserted = change.start, change.alt
    if len(removed) != change.last - start + 1 or "*" in inserted:
        return change
    while removed and inserted and removed[0] == inserted[0]:
        start, removed, inserted = start + 1, removed[1:], inserted[1:]
    while removed and inserted and removed[-1] == inserted[-1]:
        removed, inserted = removed[:-1], inserted[:-1]
    if not removed and not inserted:
        msg = "the change leaves the residues as they are; a synonymous change is no finding"
        raise ProteinChangeError(msg)
    if not removed:  # an insertion, which names the residues around it: the reference has to say which
        return change
    more = len(removed) > 1
    at = ProteinChange(
        "deletion", removed[0], start, removed[-1] if more else "", start + len(removed) - 1 if more else 0
    )
    if not inserted:
        return at
    kind: Kind = "substitution" if len(removed) == len(inserted) == 1 else "delins"
    return replace(at, kind=kind, alt=inserted)


def substitutions(change: ProteinChange, sequence: str | None) -> tuple[ProteinChange, ...]:
    """The substitutions that a deletion-insertion of as many residues as it removes amounts to, on one allele.

    HGVS has two changed neighbours written as one deletion-insertion; what is known of them is known residue by residue. Any other change
    is itself alone, and so is one of more than two residues where the reference is not known.
    """
    length = change.last - change.start + 1
    removed = sequence[change.start - 1 : change.last] if sequence else change.ref + change.end_ref
    if change.kind != "delins" or len(change.alt) != length or len(removed) != length or "*" in change.alt:
        return (change,)
    pairs = zip(range(change.start, change.last + 1), removed, change.alt, strict=True)
    return tuple(ProteinChange("substitution", old, place, alt=new) for place, old, new in pairs if old != new)


def check_reference(change: ProteinChange, sequence: str, protein: str) -> None:
    """Refuse a change whose reference residues are not those of the protein.

    Raises ProteinChangeError naming the residue that stands there.
    """
    for residue, position in ((change.ref, change.start), (change.end_ref, change.end)):
        if not position:
            continue
        if position > len(sequence):
            msg = f"{protein} has {len(sequence)} residues; there is no position {position}"
            raise ProteinChangeError(msg)
        standing = sequence[position - 1]
        if standing != residue:
            msg = (
                f"{protein} has {standing} at position {position}, not {residue}; check the residue, or the transcript on "
                f"which the change was numbered"
            )
            raise ProteinChangeError(msg)


def normalise(change: ProteinChange, sequence: str) -> ProteinChange:
    """Shift insertions, deletions and duplications to their canonical place on the reference protein.

    The change must have passed ``check_reference``.
    """
    if change.kind == "insertion":
        return _normalise_insertion(change, sequence)
    if change.kind in ("deletion", "duplication"):
        start, end = change.start, change.last
        while end < len(sequence) and sequence[start - 1] == sequence[end]:
            start, end = start + 1, end + 1
        return _ranged(change.kind, start, end, sequence)
    if change.kind == "delins":
        return _normalise_delins(change, sequence)
    return change


def _normalise_delins(change: ProteinChange, sequence: str) -> ProteinChange:
    removed, inserted = sequence[change.start - 1 : change.last], change.alt
    if inserted.startswith(removed):  # it only adds residues behind
        change = ProteinChange(
            "insertion",
            sequence[change.last - 1],
            change.last,
            sequence[change.last : change.last + 1],
            change.last + 1,
            inserted[len(removed) :],
        )
        return _normalise_insertion(change, sequence) if change.alt and change.end_ref else change
    if inserted.endswith(removed) and change.start > 1:
        before = change.start - 1
        added = inserted[: -len(removed)]
        return _normalise_insertion(
            ProteinChange("insertion", sequence[before - 1], before, removed[0], change.start, added), sequence
        )
    found = _trimmed(change, removed)
    return normalise(found, sequence) if found.kind == "deletion" else found


def _normalise_insertion(change: ProteinChange, sequence: str) -> ProteinChange:
    inserted, after = change.alt, change.start
    while after < len(sequence) and sequence[after] == inserted[0]:
        inserted, after = inserted[1:] + inserted[0], after + 1
    length = len(inserted)
    if after >= length and sequence[after - length : after] == inserted:
        return _ranged("duplication", after - length + 1, after, sequence)
    if after >= len(sequence):
        return change
    return ProteinChange("insertion", sequence[after - 1], after, sequence[after], after + 1, inserted)


def _ranged(kind: Kind, start: int, end: int, sequence: str) -> ProteinChange:
    if start == end:
        return ProteinChange(kind, sequence[start - 1], start)
    return ProteinChange(kind, sequence[start - 1], start, sequence[end - 1], end)


@lru_cache(maxsize=8192)
def residue(change: str) -> tuple[int, str]:
    """Sort key of a canonical protein change: its first residue, then its text. An event of the whole gene comes first."""
    try:
        return (parse_protein_change(change)[1].start, change)
    except ProteinChangeError:
        return (0, change)


@lru_cache(maxsize=8192)
def kind_and_residue(change: str) -> tuple[str, int]:
    """What a canonical protein change is (``substitution`` …) and its first residue; ``("", 0)`` for an event of the whole gene."""
    try:
        found = parse_protein_change(change)[1]
    except ProteinChangeError:
        return ("", 0)
    return (found.kind, found.start)


def one_residue(one: ProteinChange, other: ProteinChange) -> bool:
    """Whether both put another residue in the place of the same one: one allele holds only one of them."""
    return one.kind == other.kind == "substitution" and one.start == other.start and one != other
