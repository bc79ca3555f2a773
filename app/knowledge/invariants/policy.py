"""The policy covers everything that a record may say, and its grades and orders fit together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.policy import Bands
from app.knowledge.records import Basis


def every_basis_is_weighed_once(facts: Facts) -> Iterator[Complaint]:
    """Every basis of evidence stands in exactly one class, so that no observation goes unweighed."""
    policy = facts.records.policy
    weighed = [basis for group in policy.weighing.classes for basis in group]
    for basis in get_args(Basis):
        if weighed.count(basis) != 1:
            what = f"basis {basis!r} stands in {weighed.count(basis)} classes of evidence"
            yield facts.complain(policy, ("weighing", "classes"), what, "put it in one")


def bands_run_down_to_zero(facts: Facts) -> Iterator[Complaint]:
    """The bands of a number run from high to low and the last starts at 0, so that every number has a grade."""
    for key, bands in _bands(facts):
        starts = [band.at_least for band in bands.bands]
        if starts != sorted(set(starts), reverse=True) or starts[-1] != 0:
            what = f"{key}: bands start at {', '.join(f'{start:g}' for start in starts)}"
            yield facts.complain(
                facts.records.policy, (key, "bands"), what, "list them from high to low, the last at 0"
            )


def band_grades_are_known(facts: Facts) -> Iterator[Complaint]:
    """Every grade that a number can give is one of its criterion, or it could not be ordered."""
    policy = facts.records.policy
    grades = {criterion.name: criterion.grades for criterion in policy.criteria}
    for key, bands in _bands(facts):
        known = grades.get("cns" if key == "cns" else "outcome", ())
        given = [band.grade for band in bands.bands] + ([bands.not_reached] if bands.not_reached else [])
        for grade in given:
            if grade not in known:
                yield facts.complain(
                    policy, (key,), f"{key}: grade {grade!r} is not one of the criterion", f"known: {', '.join(known)}"
                )


def orders_name_a_criterion_once(facts: Facts) -> Iterator[Complaint]:
    """No order names a criterion twice, and both orders of a state compare by the same criteria."""
    policy = facts.records.policy
    for position, order in enumerate(policy.orders):
        for key, names in (("order", order.order), ("order_with_cns_disease", order.order_with_cns_disease)):
            for name in sorted({name for name in names if names.count(name) > 1}):
                yield facts.complain(
                    policy, ("orders", position, key), f"{key} names {name!r} twice", "keep the place that counts"
                )
        apart = set(order.order) ^ set(order.order_with_cns_disease)
        if apart:
            what = f"{', '.join(sorted(apart))} stands in only one of the two orders"
            yield facts.complain(
                policy, ("orders", position), what, "disease of the brain moves criteria, it drops none"
            )


def _bands(facts: Facts) -> tuple[tuple[str, Bands], ...]:
    policy = facts.records.policy
    return (("cns", policy.cns), ("outcome", policy.outcome), ("outcome_by_response", policy.outcome_by_response))


CHECKS = (
    every_basis_is_weighed_once,
    bands_run_down_to_zero,
    band_grades_are_known,
    orders_name_a_criterion_once,
)
