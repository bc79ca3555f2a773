"""One alteration over time: its series and its trend."""

from __future__ import annotations

from app.domain.case import CopyNumber, Finding, Fusion, Sample, SmallVariant
from app.domain.interpretation import SeriesPoint
from app.interpretation.samples import informative
from app.knowledge.policy import SeriesThresholds

Key = tuple[str, str]
"""Gene and name of an alteration."""


def key_of(finding: Finding) -> Key:
    """What makes two findings of different samples the same alteration."""
    return finding.gene, finding.name


def covers(sample: Sample, gene: str, name: str) -> bool:
    """False when the sample's assay states that it could not have seen the alteration."""
    hidden = sample.assay.not_covered
    if name in hidden or gene in hidden or f"{gene} {name}" in hidden:
        return False
    return sample.assay.genes_covered is None or gene in sample.assay.genes_covered


def series_of(key: Key, samples: tuple[Sample, ...]) -> tuple[tuple[Sample, SeriesPoint], ...]:
    """The samples that could have shown the alteration, with what they showed. A silent sample that shed nothing says nothing and is left out."""
    gene, name = key
    points: list[tuple[Sample, SeriesPoint]] = []
    for sample in samples:
        found = next((finding for finding in sample.findings if key_of(finding) == key), None)
        if found is not None:
            points.append((sample, SeriesPoint(sample.sample_id, _vaf(found), detected=True)))
        elif informative(sample) and covers(sample, gene, name):
            points.append((sample, SeriesPoint(sample.sample_id, None, detected=False)))
    return tuple(points)


def trend_of(points: tuple[tuple[Sample, SeriesPoint], ...], driver: str, thresholds: SeriesThresholds) -> str:
    """The trend by the thresholds of the policy.

    Fractions are compared within one kind of specimen, relative to the driver fusion or the tumour fraction where both samples give it.
    """
    if len(points) < 2:
        return "single_time_point"
    seen = [point.detected for _, point in points]
    if not seen[-1]:
        return "cleared"
    if not any(seen[:-1]):
        return "emergent"
    if not all(seen[seen.index(True) :]):
        return "reemergent"
    last_sample, last = points[-1]
    earlier = [(sample, point) for sample, point in points[:-1] if sample.specimen == last_sample.specimen]
    if not earlier or last.vaf is None or earlier[-1][1].vaf is None:
        return "stable"
    before_sample, before = earlier[-1]
    ratio = _relative(last_sample, last.vaf, before_sample, before.vaf, driver)
    if ratio >= thresholds.rising_factor:
        return "rising"
    return "falling" if ratio <= thresholds.falling_factor else "stable"


def _relative(last: Sample, last_vaf: float, before: Sample, before_vaf: float | None, driver: str) -> float:
    if not before_vaf:
        return 1.0
    ratio = last_vaf / before_vaf
    now, then = _tumour_level(last, driver), _tumour_level(before, driver)
    return ratio * then / now if now and then else ratio


def _tumour_level(sample: Sample, driver: str) -> float | None:
    fusion = next((found.vaf for found in sample.findings if isinstance(found, Fusion) and found.gene == driver and found.vaf), None)
    return fusion or sample.tumour_fraction


def _vaf(finding: Finding) -> float | None:
    return None if isinstance(finding, CopyNumber) else finding.vaf


def small_variants(samples: tuple[Sample, ...], gene: str) -> list[SmallVariant]:
    """The somatic small variants of one gene in the samples."""
    return [
        finding
        for sample in samples
        for finding in sample.findings
        if isinstance(finding, SmallVariant) and finding.gene == gene and not finding.germline
    ]
