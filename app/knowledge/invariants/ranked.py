"""What is ranked has what ranking needs."""

from __future__ import annotations

from collections.abc import Iterator

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.records import DrugRecord, RankedFor
from app.knowledge.strict_yaml import Loc

_ON_THE_MARKET = ("approved", "conditional")


def ranked_drugs_have_safety(facts: Facts) -> Iterator[Complaint]:
    """Every drug that can be ranked has a safety record, or its contraindications would be passed over in silence."""
    known = {one.drug: one for one in facts.records.safety}
    for drug in facts.records.drugs:
        why = facts.missing(known, drug.inn, drug) if drug.ranked_for else None
        if why:
            cure = f'add safety/{drug.inn}.yaml; without a label to read, with label_read: "false"'
            yield facts.complain(drug, ("ranked_for",), f"{drug.inn} is ranked and its safety {why}", cure)


def development_agrees_with_approvals(facts: Facts) -> Iterator[Complaint]:
    """A drug is licensed for a gene exactly when some region approved it for that gene, now or before."""
    for drug in facts.records.drugs:
        licensed = {one.gene for one in drug.approvals if one.status in (*_ON_THE_MARKET, "withdrawn")}
        for position, ranked in enumerate(drug.ranked_for):
            yield from _disagreeing(
                facts, ("ranked_for", position, "development"), drug, ranked, ranked.gene in licensed
            )


def _disagreeing(facts: Facts, at: Loc, drug: DrugRecord, ranked: RankedFor, licensed: bool) -> Iterator[Complaint]:
    if licensed and ranked.development != "licensed":
        yield facts.complain(
            drug, at, f"{drug.inn} has an approval for {ranked.gene} and is called {ranked.development}"
        )
    if not licensed and ranked.development == "licensed":
        yield facts.complain(
            drug, at, f"{drug.inn} has no approval for {ranked.gene} and is called licensed", "add it or mend this"
        )


CHECKS = (
    ranked_drugs_have_safety,
    development_agrees_with_approvals,
)
