"""Which samples decide, and which of them show the tumour at all (decision step 3)."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from app.domain.case import Case, GeneAlteration, Sample, SmallVariant
from app.interpretation.history import History
from app.knowledge.index import KnowledgeIndex
from app.knowledge.policy import SeriesThresholds


class SampleReading(Struct, frozen=True):
    """The samples in order of time, sorted into those that decide, those that shed nothing and those that are history."""

    ordered: tuple[Sample, ...]
    decisive: tuple[Sample, ...]
    """Informative samples of the present time point."""
    non_informative: tuple[Sample, ...]
    outdated: tuple[Sample, ...]
    current: tuple[Sample, ...] = ()
    """All since the last change of treatment, also those before the present time point."""
    telling: frozenset[int] = frozenset()
    """The places, in the request, of all samples that show the tumour, so that not finding something says something."""


_NO_SAMPLES = SampleReading((), (), (), ())


def informative(sample: Sample, index: KnowledgeIndex) -> bool:
    """True when the sample shows tumour DNA: tissue, any somatic finding, a stated tumour fraction or detected ctDNA.

    A change in a gene that blood cells often carry changed shows no tumour in plasma.
    """
    if sample.specimen == "tissue":
        return True
    for finding in sample.findings:
        if isinstance(finding, SmallVariant):
            of_blood = sample.specimen == "plasma" and finding.gene in index.blood_genes
            if not (finding.germline or of_blood):
                return True
        elif not isinstance(finding, GeneAlteration) or not finding.germline:
            return True
    return sample.ctdna_detected is True or bool(sample.tumour_fraction)


def read_samples(case: Case, history: History, index: KnowledgeIndex) -> SampleReading:
    """Sort the samples.

    Those from before the last change of treatment are history. Of the others, the informative ones of the latest time point decide; plasma and
    tissue of one time point complement each other.
    """
    if not case.samples:
        return _NO_SAMPLES
    thresholds = index.policy.series
    ordered = _in_order(case.samples)
    telling = frozenset([sample.index for sample in ordered if informative(sample, index)])
    current = _since_change(ordered, history, thresholds)
    decisive = _latest_time_point([sample for sample in current if sample.index in telling], thresholds)
    silent = [sample for sample in current if sample.index not in telling]
    used = {sample.index for sample in (*decisive, *silent)}
    return SampleReading(
        ordered=ordered,
        decisive=tuple(decisive),
        non_informative=tuple(silent),
        current=tuple(current),
        outdated=tuple(sample for sample in ordered if sample.index not in used) if len(used) < len(ordered) else (),
        telling=telling,
    )


def _in_order(samples: tuple[Sample, ...]) -> tuple[Sample, ...]:
    """By date; a sample without a date keeps its place after the dated sample given before it."""
    if len(samples) < 2:
        return samples
    keyed: list[tuple[dt.date, int, Sample]] = []
    last = dt.date.min
    for sample in samples:
        last = sample.collected or last
        keyed.append((last, sample.index, sample))
    return tuple(sample for _, _, sample in sorted(keyed, key=lambda one: one[:2]))


def _since_change(ordered: tuple[Sample, ...], history: History, thresholds: SeriesThresholds) -> list[Sample]:
    """The samples of the present tumour. A sample without a date that stands before a dated one of the past is of the past too."""
    if history.last_change is None:
        return list(ordered)
    before = [_before_change(sample, history, thresholds) for sample in ordered]
    if not any(before):
        return list(ordered)
    last_before = max(place for place, is_before in enumerate(before) if is_before)
    return [
        sample
        for place, sample in enumerate(ordered)
        if not before[place] and (sample.collected is not None or place > last_before)
    ]


def _before_change(sample: Sample, history: History, thresholds: SeriesThresholds) -> bool:
    if sample.collected is None or history.last_change is None:
        return False
    if history.last_change_is_start:
        return sample.collected <= history.last_change
    return sample.collected < history.last_change - dt.timedelta(days=thresholds.decisive_before_change_days)


def _latest_time_point(samples: list[Sample], thresholds: SeriesThresholds) -> list[Sample]:
    if len(samples) < 2:
        return samples
    newest = samples[-1]
    if newest.collected is None:
        return _undated_time_point(samples)
    earliest = newest.collected - dt.timedelta(days=thresholds.same_time_point_days)
    chosen: list[Sample] = []
    for sample in reversed(samples):
        if sample.collected is not None and sample.collected < earliest:
            break
        if sample.collected is not None or all(sample.specimen != other.specimen for other in chosen):
            chosen.insert(0, sample)
    return chosen


def _undated_time_point(samples: list[Sample]) -> list[Sample]:
    """Without dates: the last sample and those just before it, until a kind of specimen repeats."""
    chosen: list[Sample] = []
    for sample in reversed(samples):
        if any(sample.specimen == other.specimen for other in chosen) or (chosen and sample.collected is not None):
            break
        chosen.insert(0, sample)
    return chosen
