"""Flags that name samples. They are raised for one patient; all others follow from the picture (``flags.py``)."""

from __future__ import annotations

from app.domain.case import Sample
from app.domain.interpretation import Flag, Mark, Picture
from app.interpretation.samples import SampleReading
from app.interpretation.series import covers

_RESISTANCE = ("on_target_resistance", "off_target_resistance")


def sample_flags(picture: Picture, reading: SampleReading) -> tuple[Flag, ...]:
    """The flags on the samples, in a fixed order."""
    flags: list[Flag] = []
    decisive = reading.decisive
    if picture.situation.resistance == "none_detected":
        flags.append(_on(decisive, "no_resistance_mechanism_found"))
    if picture.driver_unseen:
        flags.append(_on([sample for sample in decisive if sample.findings], "driver_not_detected"))
    if reading.non_informative:
        flags.append(_on(reading.non_informative, "non_informative_sample"))
    if reading.outdated and not decisive:
        flags.append(_on(reading.outdated, "sample_outdated"))
    if len(decisive) > 1:
        flags += _discordant(decisive, picture.marks)
    for sample in decisive:
        flags += _uncovered(sample, picture.situation.gene)
    return tuple(flags)


def _on(samples: tuple[Sample, ...] | list[Sample], code: str) -> Flag:
    return Flag(code, (("samples", ", ".join(dict.fromkeys(sample.sample_id for sample in samples))),))


def _discordant(decisive: tuple[Sample, ...], marks: tuple[Mark, ...]) -> list[Flag]:
    """Resistance that one of several decisive samples shows and another, which could have, does not."""
    flags = []
    for mark in marks:
        if not mark.decisive or mark.role not in _RESISTANCE:
            continue
        if any(covers(sample, mark.gene, mark.name) and not _shows(sample, mark) for sample in decisive):
            names = ", ".join(sample.sample_id for sample in decisive)
            flags.append(Flag("discordant_samples", (("alterations", mark.full_name), ("samples", names))))
    return flags


def _shows(sample: Sample, mark: Mark) -> bool:
    return any(finding.gene == mark.gene and finding.name == mark.name for finding in sample.findings)


def _uncovered(sample: Sample, gene: str) -> list[Flag]:
    hidden = list(sample.assay.not_covered)
    if sample.assay.genes_covered is not None and gene not in sample.assay.genes_covered:
        hidden.append(gene)
    if not hidden:
        return []
    return [Flag("not_covered", (("alterations", ", ".join(hidden)), ("samples", sample.sample_id)))]
