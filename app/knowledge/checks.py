"""Every invariant of the knowledge, run over all records.

Each check looks at everything and gives every breach. Each has a broken file under
``tests/invalid_knowledge/<its name>/`` with the words that its refusal must hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace

from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.facts import Facts
from app.knowledge.invariants import ids, names, numbers, policy, ranked, references, sentences, sources, variants
from app.knowledge.loader import KnowledgeRecords

Check = Callable[[Facts], Iterator[Complaint]]

CHECKS: tuple[Check, ...] = (
    *ids.CHECKS,
    *references.CHECKS,
    *variants.CHECKS,
    *names.CHECKS,
    *sources.CHECKS,
    *numbers.CHECKS,
    *ranked.CHECKS,
    *policy.CHECKS,
    *sentences.CHECKS,
)


def check_all(records: KnowledgeRecords, on: dt.date | None = None) -> list[Complaint]:
    """Run every check.

    ``on`` is the day by which check dates are judged (the day of the release, or today); without it they are not.
    """
    facts = Facts(records, on)
    return sorted({replace(complaint, check=check.__name__) for check in CHECKS for complaint in check(facts)})


def require_sound(records: KnowledgeRecords, on: dt.date | None = None) -> None:
    """Raise KnowledgeError when any check complains."""
    complaints = check_all(records, on)
    if complaints:
        raise KnowledgeError(complaints)
