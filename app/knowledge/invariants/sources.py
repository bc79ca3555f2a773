"""Sources can be looked up, and nothing claims more than its source allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.records import Approval, ClinicalReview, Sourced


def citations_can_be_looked_up(facts: Facts) -> Iterator[Complaint]:
    """Every source carries something by which a reader finds it."""
    keys = ("pmid", "doi", "nct", "pmc", "registry", "url", "regulator")
    for citation in facts.records.citations:
        if not any(getattr(citation, key) for key in keys):
            yield facts.complain(
                citation, (), f"{citation.id} has nothing to look it up by", f"add one of {', '.join(keys)}"
            )


def unverified_is_low_level(facts: Facts) -> Iterator[Complaint]:
    """What nobody read at its source never carries level A or B."""
    for record, at, one in facts.every(Sourced):
        level = getattr(one, "level", None)
        if one.status == "unverified" and level in ("A", "B"):
            yield facts.complain(
                record, (*at, "level"), f"an unverified item cannot carry level {level}", "read the source, or lower it"
            )


def contraindications_come_from_labels(facts: Facts) -> Iterator[Complaint]:
    """Only a label or a regulator makes a drug contraindicated."""
    types = {citation.id: citation.type for citation in facts.records.citations}
    for safety in facts.records.safety:
        for position, caution in enumerate(safety.cautions):
            given = types.get(caution.citation)
            if caution.severity == "contraindicated" and given not in ("label", "regulator"):
                what = f"{caution.id} is contraindicated on a citation of type {given!r}"
                yield facts.complain(
                    safety, ("cautions", position, "severity"), what, "cite the label, or make it a warning"
                )


def checked_dates_are_past(facts: Facts) -> Iterator[Complaint]:
    """No check or sign-off is dated after the release (or today)."""
    if facts.on is None:
        return
    for record in facts.records:
        curation = record.curation
        dates: list[tuple[str, dt.date]] = [("checked_on", curation.checked_on)]
        if isinstance(curation.clinical_review, ClinicalReview):
            dates.append(("clinical_review", curation.clinical_review.on))
        for key, date in dates:
            if date > facts.on:
                yield facts.complain(
                    record, ("curation", key), f"{key} {date} lies after {facts.on}", "give the day it was done"
                )


def approvals_run_forward(facts: Facts) -> Iterator[Complaint]:
    """An approval has started, ends after it starts, and says when it ended if it was withdrawn."""
    for record, at, approval in facts.every(Approval):
        start, end = approval.start, approval.end
        if start and end:
            length = min(len(start), len(end))
            if start[:length] > end[:length]:
                yield facts.complain(record, (*at, "end"), f"the approval ends ({end}) before it starts ({start})")
        if start and facts.on and start > facts.on.isoformat()[: len(start)]:
            yield facts.complain(
                record, (*at, "start"), f"the approval starts ({start}) after {facts.on}", "under_review until then"
            )
        if approval.status == "withdrawn" and end is None:
            yield facts.complain(record, at, "a withdrawn approval has no end", "add 'end' with the date of withdrawal")
        if approval.status == "not_approved" and (start or end):
            yield facts.complain(
                record, at, "what was never approved has no start or end", "drop the dates or mend the status"
            )


CHECKS = (
    citations_can_be_looked_up,
    unverified_is_low_level,
    contraindications_come_from_labels,
    checked_dates_are_past,
    approvals_run_forward,
)
