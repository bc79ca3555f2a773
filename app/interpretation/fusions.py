"""Which variant of the driver fusion the report names, where the knowledge tells variants apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.case import Case, Fusion
from app.knowledge.index import KnowledgeIndex

_NUMBER = r"(?P<number>\d+)\s?(?:[a-z](?:/[a-z])?)?(?![\w.]|/\d)"
_ALONE = re.compile(_NUMBER, re.IGNORECASE)
_NAMED = re.compile(
    rf"(?<![^\W\d_])(?:v|var|variante?|isoform|变体|變體|亚型|バリアント)[\s.:#]*(?:type\s*|no\.?\s*)?{_NUMBER}|(?<!\d)(?P<before>\d)\s?(?:型|亚型)",
    re.IGNORECASE,
)
"""``v3``, ``V3a/b``, ``Variante 3``, ``variant 3a/b (E6a/b;A20)``, ``3``."""
_SIDE = r"(?:exons?|ex|[a-z])?\s?"
_JUNCTION = re.compile(
    rf"\(?{_SIDE}(?P<left>\d{{1,2}})(?:[a-c](?:/[a-c])?)?(?:\s?[;:,/~-]\s?{_SIDE}|[a-z])(?P<right>\d{{1,2}})\)?",
    re.IGNORECASE,
)
"""``E6;A20``, ``E6a/b:A20``, ``E13A20``, ``exon 6; exon 20``. A junction with an insertion has a name of its own."""


def noted_variant(case: Case, index: KnowledgeIndex) -> str | None:
    """The variant as the knowledge names it (``v3``), or None when none is stated or nothing is known of it."""
    noted = index.noted_variants[case.gene]
    if not noted:
        return None
    for partner, text in _stated(case):
        variant = _named(text.strip()) or _joined(text.strip(), case.gene, partner, index)
        if variant and any(variant == known and partner in (None, of) for of, known in noted):
            return variant
    return None


def _named(text: str) -> str | None:
    """The variant whose number a text states, or None when it states none or more than one."""
    alone = _ALONE.fullmatch(text)
    if alone:
        return f"v{alone['number']}"
    named = {found["number"] or found["before"] for found in _NAMED.finditer(text)}
    return f"v{named.pop()}" if len(named) == 1 else None


def _joined(text: str, gene: str, partner: str | None, index: KnowledgeIndex) -> str | None:
    """The variant that joins the exons that a text states; the one that any partner has when none is stated."""
    exons = _JUNCTION.fullmatch(text)
    if exons is None:
        return None
    junction = f"{exons['left']};{exons['right']}"
    found = {
        variant
        for (of_gene, of, exon), variant in index.junctions.items()
        if of_gene == gene and exon == junction and partner in (None, of)
    }
    return found.pop() if len(found) == 1 else None


def _stated(case: Case) -> Iterator[tuple[str | None, str]]:
    if case.fusion_variant:
        yield case.partner, case.fusion_variant
    for sample in case.samples:
        for finding in sample.findings:
            if isinstance(finding, Fusion) and finding.gene == case.gene and finding.variant:
                yield finding.partner, finding.variant
