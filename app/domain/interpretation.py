"""What the samples and the history mean: the values handed from interpretation to ranking."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

Profile = tuple[str, ...]
"""Changes of the driver gene on one allele, ordered by residue: ``("p.L1196M", "p.G1202R")``."""


class SeriesPoint(Struct, frozen=True):
    """One alteration in one sample. ``vaf`` is absent when it was not given or nothing was detected."""

    sample_id: str
    vaf: float | None
    detected: bool


class Mark(Struct, frozen=True):
    """What one alteration means, without its fractions and dates."""

    gene: str
    name: str
    role: str
    trend: str
    decisive: bool
    """Seen in the samples that decide."""
    expands: bool = False
    """Its fraction itself rose to the last time point, also where its share of the tumour stayed the same."""

    @property
    def full_name(self) -> str:
        """``ALK p.G1202R``; a name that holds its gene stands alone."""
        return self.name if self.gene in self.name else f"{self.gene} {self.name}"


class Alteration(Struct, frozen=True):
    """One alteration over all samples."""

    mark: Mark
    series: tuple[SeriesPoint, ...]
    selected_by: tuple[str, ...] = ()
    """Drugs given while it appeared or rose between two samples."""
    suppressed_by: tuple[str, ...] = ()
    """Drugs given while it fell or disappeared between two samples."""


class Clone(Struct, frozen=True):
    """Changes of the driver gene that travel together in the decisive samples."""

    profile: Profile
    phase: str
    """``single``, ``cis`` or ``unknown`` (could be on one allele with another clone)."""
    share: float | None


class Flag(Struct, frozen=True):
    """A flag with the words that fill its notice."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


class Situation(Struct, frozen=True):
    """All that the ranking depends on, and nothing else.

    A finding that the knowledge does not know is not here, so it cannot move an option; neither are dates, fractions or
    identifiers, so equal situations of different patients share one ranking.
    """

    gene: str
    setting: str
    resistance: str
    readings: tuple[tuple[Profile, ...], ...]
    """Each reading is one set of clones; more than one when the phase is unknown. Empty when there is no on-target clone."""
    mechanisms: tuple[str, ...]
    archived: tuple[Profile, ...]
    failed: tuple[tuple[str, str], ...]
    """Drug and the lines in which it failed, as text."""
    failed_lines: tuple[tuple[str, ...], ...]
    """The drugs of each line that failed, so that a combination is known to have failed as such."""
    not_tolerated: tuple[tuple[str, str], ...]
    ended: tuple[tuple[str, str], ...]
    """Inhibitors of the driver, and chemotherapy that could be an option, that ended without having failed and for another reason than toxicity,
    with their lines."""
    ongoing: tuple[str, ...]
    resumed: tuple[tuple[str, str], ...]
    """Drugs that are being given again, with the lines in which they were stopped for toxicity, as text."""
    prior_classes: tuple[str, ...]
    """Classes of treatment in the history that bring a caution up."""
    cns_disease: bool
    cns_only: bool
    """The last progression was in the central nervous system and nowhere else."""
    early: str | None
    """The stage of disease without metastases in which no inhibitor of the driver was given yet.

    ``0``, ``I``, ``IA``, ``IB``, ``II`` or ``IIIA``, in which resection is the aim; after radiotherapy also ``III``, ``IIIB`` or ``IIIC``.
    """
    irradiated: bool
    """``early``, and radiotherapy was given: what may follow is neither adjuvant treatment nor that of advanced disease."""
    settled: bool
    """An inhibitor of the driver is being given and nothing tells of its failing; at most a bypass, which another would not meet either."""
    liquid_only: bool
    """Resistance grows under an inhibitor of the driver that is being given, and liquid samples alone tell of it."""
    holding: bool
    """An inhibitor that is being given is known to hold: by a response, or by the time for which it was given."""
    second_driver: bool
    """Beside the fusion stands another driver, shown to carry such tumours, and no inhibitor of the driver has been given yet."""
    histology: str | None
    comorbidities: tuple[str, ...]
    interactions: tuple[tuple[str, str], ...]
    pregnant: bool
    ecog: int | None
    jurisdiction: str | None
    as_of: dt.date
    include_investigational: bool
    language: str


class Picture(Struct, frozen=True):
    """What one case amounts to once identifiers, dates and fractions are taken away.

    Ranking, flags and next tests follow from it alone, so patients of the same picture share what was concluded.
    """

    situation: Situation
    stage: str | None
    fusion_variant: str | None
    """The variant of the driver fusion, when the knowledge tells it apart from others."""
    cns_sites: tuple[str, ...]
    """Sites in the central nervous system at the last progression."""
    progression_sites: tuple[str, ...]
    """All sites of the last progression."""
    assumed_lines: tuple[str, ...]
    """Lines that ended without a stated reason and are read as failed."""
    vague: tuple[str, ...]
    """Alterations that would show a mechanism if the report said more of them."""
    unrecorded: tuple[str, ...]
    """Changes of genes through which such tumours escape, of which nothing is on record."""
    further_fusions: tuple[str, ...]
    """Fusions beside that of the driver of which nothing is on record."""
    marks: tuple[Mark, ...]
    original: tuple[Mark, ...]
    """Second drivers that the tumour had before its first inhibitor (``Findings.original``)."""
    clones: tuple[tuple[Profile, str], ...]
    """Profile and phase."""
    inseparable: tuple[str, ...]
    """Pairs of clones of unknown phase whose fractions show that some cells hold both."""
    minor: tuple[str, ...]
    """Pairs of clones of unknown phase judged apart, since by their fractions hardly any cell can hold both."""
    driver_unseen: bool
    """The decisive samples show the tumour and not the driver fusion; after an inhibitor of the driver any change of its gene stands for that."""
    other_partners: tuple[str, ...]
    """Fusions of the driver that the decisive samples show with another partner than the case states."""
    specimens: tuple[str, ...]
    """Kinds of the decisive samples, each once."""
    brain_examined: bool
    """Whether anything was said of the brain."""
    histology_seen: bool
    """A decisive sample states its histology."""
    histology_open: tuple[str, ...]
    """Histologies that leave open what the tumour is today: stated for the disease, then those of decisive samples that differ."""


class Observation(Struct, frozen=True):
    """What one case shows: the picture, and what belongs to this patient alone."""

    picture: Picture
    line_of_therapy: int
    decisive_samples: tuple[str, ...]
    alterations: tuple[Alteration, ...]
    clones: tuple[Clone, ...]
    flags: tuple[Flag, ...]
    """Those that name samples."""
    warnings: tuple[Flag, ...]
    """Those that repeat words of the request."""


class Conclusion(Struct, frozen=True):
    """What follows from a picture, beside the ranking of its situation."""

    flags: tuple[Flag, ...]
    next_tests: tuple[Flag, ...]
    warnings: tuple[Flag, ...]


class Interpretation(Struct, frozen=True):
    """Everything read out of one case."""

    line_of_therapy: int
    decisive_samples: tuple[str, ...]
    flags: tuple[Flag, ...]
    alterations: tuple[Alteration, ...]
    clones: tuple[Clone, ...]
    next_tests: tuple[Flag, ...]
    warnings: tuple[Flag, ...]
    situation: Situation
