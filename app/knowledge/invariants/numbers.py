"""Numbers are what they say they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.policy import Bands
from app.knowledge.records import Frequency, Measure, OutcomeResult

_COUNT = re.compile(r"^(?P<part>\d+)(/(?P<whole>[1-9]\d*)| patients?)$")
_ROUNDING = 0.0101


def one_result_decides(facts: Facts) -> Iterator[Complaint]:
    """At most one result decides a criterion for a regimen in a setting, a disease and a stage."""
    for outcome in facts.records.outcomes:
        first: dict[tuple[str, ...], str] = {}
        for position, result in enumerate(outcome.results):
            for place in product(result.decides, result.settings, (result.disease,), result.stages or ("",)):
                held = first.setdefault(place, result.id)
                if held != result.id:
                    what = f"{result.id} and {held} both decide {place[0]} in {place[1]}"
                    yield facts.complain(outcome, ("results", position, "decides"), what, "keep the better study")


def deciding_results_have_their_measure(facts: Facts) -> Iterator[Complaint]:
    """A result that decides a criterion has a measure by which the policy grades it; trials after a resection measure something else."""
    policy = facts.records.policy
    wanted: dict[str, tuple[Bands, ...]] = {
        "cns": (policy.cns,),
        "outcome": (policy.outcome, policy.outcome_by_response),
    }
    for record, at, result in facts.every(OutcomeResult):
        for criterion in result.decides if result.disease != "adjuvant" else ():
            if not any(_gradable(measure, bands) for measure in result.measures for bands in wanted[criterion]):
                names = " or ".join(f"{bands.measure} in {bands.unit}" for bands in wanted[criterion])
                yield facts.complain(
                    record,
                    (*at, "decides"),
                    f"{result.id} decides {criterion} without {names}",
                    "add it from the source",
                )


def _gradable(measure: Measure, bands: Bands) -> bool:
    known = measure.value is not None or (measure.qualifier == "not_reached" and bands.not_reached is not None)
    return measure.measure == bands.measure and measure.unit == bands.unit and known


def measures_are_plausible(facts: Facts) -> Iterator[Complaint]:
    """A number lies in its interval and its unit, a range runs upward, and a missing number says why."""
    for record, at, measure in facts.every(Measure):
        for what in _implausible(measure):
            yield facts.complain(record, at, f"{measure.measure}: {what}", "compare with the source")


def _implausible(measure: Measure) -> Iterator[str]:
    value, low, high = measure.value, measure.ci95_low, measure.ci95_high
    if value is None and measure.qualifier != "not_reached" and measure.count is None:
        yield "there is no value"
    if low is not None and high is not None and low > high:
        yield f"the interval runs from {low} down to {high}"
    if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        yield f"{value} lies outside its interval"
    if (measure.qualifier == "range") != (measure.upper is not None):
        yield "a range has 'qualifier: range', a value and an upper end"
    if value is not None and measure.upper is not None and measure.upper < value:
        yield f"the range runs from {value} down to {measure.upper}"
    if measure.unit == "percent" and value is not None and not 0 <= value <= 100:
        yield f"{value} is no percentage"
    if measure.count is not None:
        yield from _miscounted(measure.count, value / 100 if measure.unit == "percent" and value is not None else None)


def frequencies_agree_with_counts(facts: Facts) -> Iterator[Complaint]:
    """A frequency is its count divided."""
    for record, at, one in facts.every(Frequency):
        if one.count is not None:
            for what in _miscounted(one.count, one.frequency):
                yield facts.complain(record, (*at, "count"), f"{one.id}: {what}", "compare with the source")


def _miscounted(count: str, share: float | None) -> Iterator[str]:
    """Compare a count with the share given beside it, within what rounding explains."""
    match = _COUNT.match(count)
    if match is None:
        yield f"count {count!r} is neither of the form 7/20 nor of the form 2 patients"
    elif match["whole"] is None:
        if share is not None:
            yield f"a share of {share:.3g} needs a count such as 7/20, not {count!r}"
    elif int(match["part"]) > int(match["whole"]):
        yield f"count {count!r} is no part of a whole"
    elif share is not None and abs(int(match["part"]) / int(match["whole"]) - share) > _ROUNDING:
        yield f"{share:.3g} is not {count}"


CHECKS = (
    one_result_decides,
    deciding_results_have_their_measure,
    measures_are_plausible,
    frequencies_agree_with_counts,
)
