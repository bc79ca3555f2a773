"""One alteration over time: its series and its trend."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from msgspec import Struct

from app.domain.case import CopyNumber, Finding, Fusion, Sample, Treatment
from app.domain.interpretation import SeriesPoint
from app.interpretation.samples import SampleReading
from app.knowledge.policy import SeriesThresholds

Key = tuple[str, str]
"""Gene and name of an alteration: what makes two findings of different samples the same one."""
Points = tuple[tuple[Sample, SeriesPoint], ...]
"""An alteration in the samples that could have shown it, in order of time."""
SINGLE_TIME_POINT = "single_time_point"
"""The trend of what was looked for once."""


def covers(sample: Sample, gene: str, name: str) -> bool:
    """False when the sample's assay states that it could not have seen the alteration."""
    hidden = sample.assay.not_covered
    if name in hidden or gene in hidden or f"{gene} {name}" in hidden:
        return False
    return sample.assay.genes_covered is None or gene in sample.assay.genes_covered


class Table(Struct, frozen=True):
    """A sample with its findings by key, and what its silence is worth."""

    sample: Sample
    findings: dict[Key, Finding]
    telling: bool
    """The sample shows the tumour (``SampleReading.telling``)."""
    limited: bool
    """The assay states what it does not see."""


def tables_of(reading: SampleReading) -> list[Table]:
    """The samples in order of time, each read once for all alterations."""
    return [
        Table(
            sample,
            {(finding.gene, finding.name): finding for finding in sample.findings},
            sample.index in reading.telling,
            bool(sample.assay.not_covered)
            or sample.assay.genes_covered is not None
            or sample.assay.limit_of_detection is not None,
        )
        for sample in reading.ordered
    ]


def series_of(key: Key, tables: list[Table]) -> Points:
    """The samples that could have shown the alteration, with what they showed.

    A sample that shed nothing, an assay that does not cover the gene, and an assay whose limit of detection lies above the
    fraction last seen say nothing about it and are left out: none of them is a clearance. ``tables`` are in order of time.
    """
    gene, name = key
    points: list[tuple[Sample, SeriesPoint]] = []
    last_vaf: float | None = None
    for table in tables:
        sample, found = table.sample, table.findings.get(key)
        if found is not None:
            last_vaf = _vaf(found)
            points.append((sample, SeriesPoint(sample.sample_id, last_vaf, detected=True)))
        elif table.telling and not (
            table.limited and (not covers(sample, gene, name) or _below_limit(sample, last_vaf))
        ):
            points.append((sample, SeriesPoint(sample.sample_id, None, detected=False)))
    return tuple(points)


def _below_limit(sample: Sample, last_vaf: float | None) -> bool:
    limit = sample.assay.limit_of_detection
    return limit is not None and last_vaf is not None and last_vaf < limit


def pressures(
    points: Points, treatments: tuple[Treatment, ...], driver: str | None, thresholds: SeriesThresholds
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which drugs were given while the alteration appeared or rose, and which while it fell or disappeared.

    Read from dated samples and treatments only; an interval in which nothing was given, or without dates, names nothing.
    """
    selected: dict[str, None] = {}
    suppressed: dict[str, None] = {}
    for then, now in pairwise(_time_points(points, thresholds)):
        course = _course(then, now, driver, thresholds)
        start, end = then[0][0].collected, now[-1][0].collected
        if course == "up":
            selected.update(dict.fromkeys(_given_between(start, end, treatments, last=True)))
        elif course == "down":
            suppressed.update(dict.fromkeys(_given_between(start, end, treatments, last=False)))
    return tuple(selected), tuple(suppressed)


def _course(then: Points, now: Points, driver: str | None, thresholds: SeriesThresholds) -> str:
    """``up``, ``down`` or ``level`` from one time point to the next; fractions are compared within one kind of specimen."""
    before, after = any(point.detected for _, point in then), any(point.detected for _, point in now)
    if before != after:
        return "up" if after else "down"
    for sample, point in now:
        for earlier, past in then:
            if earlier.specimen == sample.specimen and point.vaf is not None and past.vaf is not None:
                ratio = _relative(sample, point.vaf, earlier, past.vaf, driver)
                if ratio >= thresholds.rising_factor:
                    return "up"
                return "down" if ratio <= thresholds.falling_factor else "level"
    return "level"


def _given_between(
    start: dt.date | None, end: dt.date | None, treatments: tuple[Treatment, ...], *, last: bool
) -> tuple[str, ...]:
    """The drugs of one line given between two days: the last one, under which a clone was found, or the one given longest."""
    if start is None or end is None:
        return ()
    given = [
        (
            treatment.started if last else dt.date.min,
            (min(treatment.ended or end, end) - max(treatment.started, start)).days,
            treatment.drugs,
        )
        for treatment in treatments
        if treatment.started is not None
    ]
    return max((one for one in given if one[1] > 0), default=(dt.date.min, 0, ()))[2]


def trend_of(points: Points, driver: str | None, thresholds: SeriesThresholds) -> str:
    """The trend by the thresholds of the policy.

    Fractions are compared within one kind of specimen, relative to the fusion of the ``driver`` or the tumour fraction where both samples
    give it; as they are when ``driver`` is None, as for the fusion itself.
    """
    times = _time_points(points, thresholds) if len(points) > 1 else []
    if len(times) < 2:
        return SINGLE_TIME_POINT
    seen = [any(point.detected for _, point in at) for at in times]
    if not seen[-1]:
        return "cleared"
    if not any(seen[:-1]):
        return "emergent"
    if not all(seen[seen.index(True) :]):
        return "reemergent"
    course = _course(times[-2], times[-1], driver, thresholds)
    return {"up": "rising", "down": "falling", "level": "stable"}[course]


def expands(points: Points, thresholds: SeriesThresholds) -> bool:
    """True when the fraction itself rose from the last time point but one to the last, whatever its share of the tumour did."""
    times = _time_points(points, thresholds) if len(points) > 1 else []
    return len(times) > 1 and _course(times[-2], times[-1], None, thresholds) == "up"


def _time_points(points: Points, thresholds: SeriesThresholds) -> list[Points]:
    """Samples of one sampling, such as a biopsy and the plasma of the same days, belong together: what either shows was there."""
    times: list[list[tuple[Sample, SeriesPoint]]] = []
    for sample, point in points:
        first = times[-1][0][0] if times else None
        together = (
            first is not None
            and first.collected is not None
            and sample.collected is not None
            and (sample.collected - first.collected).days <= thresholds.one_sampling_days
            and all(sample.specimen != other.specimen for other, _ in times[-1])
        )
        if together:
            times[-1].append((sample, point))
        else:
            times.append([(sample, point)])
    return [tuple(at) for at in times]


def _relative(last: Sample, last_vaf: float, before: Sample, before_vaf: float | None, driver: str | None) -> float:
    if not before_vaf:
        return 1.0
    ratio = last_vaf / before_vaf
    if driver is None:
        return ratio
    now, then = _tumour_level(last, driver), _tumour_level(before, driver)
    return ratio * then / now if now and then else ratio


def _tumour_level(sample: Sample, driver: str) -> float | None:
    fusion = next(
        (found.vaf for found in sample.findings if isinstance(found, Fusion) and found.gene == driver and found.vaf),
        None,
    )
    return fusion or sample.tumour_fraction


def share_of(key: Key, table: Table, driver: str) -> float | None:
    """The fraction of an alteration in a sample as a part of that of the fusion, or of the tumour; None where either is not given."""
    vaf, level = _vaf(table.findings[key]), _tumour_level(table.sample, driver)
    return vaf / level if vaf and level else None


def _vaf(finding: Finding) -> float | None:
    return None if isinstance(finding, CopyNumber) else finding.vaf
