"""Which variant of the driver fusion the report names, where the knowledge tells variants apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.case import Case, Fusion
from app.knowledge.index import KnowledgeIndex

_VARIANT = re.compile(r"(?:v(?:ar(?:iant)?)?\.?\s*)?(?P<number>\d+)\s*(?:[a-z](?:/[a-z])?)?", re.IGNORECASE)
"""``v3``, ``V3a/b``, ``variant 3a``, ``3``. Exon notation is not read."""


def noted_variant(case: Case, index: KnowledgeIndex) -> str | None:
    """The variant as the knowledge names it (``v3``), or None when none is stated or nothing is known of it."""
    noted = index.noted_variants[case.gene]
    if not noted:
        return None
    for partner, text in _stated(case):
        found = _VARIANT.fullmatch(text.strip())
        if found is None:
            continue
        variant = f"v{found['number']}"
        if any(variant == known and partner in (None, of) for of, known in noted):
            return variant
    return None


def _stated(case: Case) -> Iterator[tuple[str | None, str]]:
    if case.fusion_variant:
        yield case.partner, case.fusion_variant
    for sample in case.samples:
        for finding in sample.findings:
            if isinstance(finding, Fusion) and finding.gene == case.gene and finding.variant:
                yield finding.partner, finding.variant
