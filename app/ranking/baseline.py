"""What the labels of the recommended options ask to be tested before the first dose (decision step 9)."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.interpretation import Situation
from app.domain.recommendation import BaselineTest
from app.knowledge.index import KnowledgeIndex, Regimen
from app.ranking.words import listed

_PREGNANCY_TEST = "baseline_pregnancy_test"
"""Asks nothing of a patient who is known to be pregnant."""


def baseline_tests(
    recommended: Iterable[Regimen], situation: Situation, index: KnowledgeIndex
) -> tuple[BaselineTest, ...]:
    """Each test once, in the order of the options that need it. A drug that is being given has been started."""
    needed: dict[str, tuple[list[str], list[str]]] = {}
    for regimen in recommended:
        for drug in regimen.drugs:
            record = index.safety.get(drug)
            if record is None or drug in situation.ongoing:
                continue
            for one in record.baseline:
                if one.status == "unverified" or (situation.pregnant and one.test == _PREGNANCY_TEST):
                    continue
                labels, citations = needed.setdefault(one.test, ([], []))
                labels.append(index.label(regimen.id, situation.language))
                citations.append(one.citation)
    return tuple(
        BaselineTest(code, listed(dict.fromkeys(labels)), tuple(dict.fromkeys(citations)))
        for code, (labels, citations) in needed.items()
    )
