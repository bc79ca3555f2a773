"""observe(case, index): what the history and the samples of one case show (decision steps 2 to 4)."""

from __future__ import annotations

import re

from msgspec import Struct

from app.domain.case import Case, Finding, SmallVariant
from app.domain.interpretation import Alteration, Clone, Mark, Observation, Picture, Profile, Situation
from app.interpretation.clones import Clones, cannot_be_apart, may_travel, read_clones
from app.interpretation.findings import Role, role_beside, role_of
from app.interpretation.fusions import noted_variant
from app.interpretation.history import History, read_history, setting_after
from app.interpretation.mechanisms import carries_tumours, may_be_new, phenotypes
from app.interpretation.sample_flags import sample_flags
from app.interpretation.samples import SampleReading, read_samples
from app.interpretation.series import (
    SINGLE_TIME_POINT,
    Key,
    Table,
    covers,
    expands,
    pressures,
    series_of,
    tables_of,
    trend_of,
)
from app.interpretation.warnings import warnings_naming
from app.knowledge.index import KnowledgeIndex
from app.knowledge.policy import SeriesThresholds

Readings = tuple[tuple[Profile, ...], ...]


class Findings(Struct, frozen=True):
    """The findings of all samples, each alteration once, with its role and its course."""

    alterations: tuple[Alteration, ...]
    on_target: tuple[SmallVariant, ...]
    """Variants of the driver with known effects in the decisive samples."""
    amplified: bool
    mechanisms: tuple[str, ...]
    archived: tuple[Profile, ...]
    vague: tuple[str, ...]
    untold: tuple[str, ...]
    unnamed: bool
    """A decisive sample tells of a change of the driver without saying which."""


def observe(case: Case, index: KnowledgeIndex) -> Observation:
    """Read one case. Pure: the same case and index give the same value."""
    history = read_history(case, index)
    reading = read_samples(case, history, index)
    findings = _read_findings(case, reading, index)
    told = _clones(findings, reading, index)
    readings, clones = told.readings, told.clones
    given = {drug for treatment in case.treatments for drug in treatment.drugs}
    ranked = index.ranked[case.gene]
    inhibited = not ranked.keys().isdisjoint(given)
    early = None if inhibited else _early(case, history)
    seen = [sample.histology for sample in reading.decisive if sample.histology]
    changed = _changed(case, seen, index) if inhibited else []
    mechanisms = tuple(sorted({*findings.mechanisms, *changed}))
    # A changed tumour has escaped every inhibitor that it was given, also one that goes on or was completed.
    spent = given if changed else [drug for drug, _ in history.failed]
    setting = setting_after(case.gene, spent, index)
    resistance = _resistance(case.gene, setting, reading, findings, mechanisms, index)
    situation = Situation(
        gene=case.gene,
        setting=setting,
        resistance=resistance,
        readings=readings,
        mechanisms=mechanisms if resistance != "none_yet" else (),
        archived=findings.archived,
        failed=history.failed,
        failed_lines=history.failed_lines,
        not_tolerated=history.not_tolerated,
        ended=tuple([one for one in history.ended if one[0] in ranked]),
        ongoing=history.ongoing,
        resumed=history.resumed,
        prior_classes=_prior_classes(given, index) if given else (),
        cns_disease=case.brain_metastases or bool(history.cns_sites),
        early=early,
        irradiated=early is not None and _irradiated(case),
        liquid_only=_liquid_only(case, history, reading, findings, index),
        settled=_settled(case, history, findings, readings, changed, index),
        second_driver=resistance == "none_yet" and not history.ongoing and _second_driver(case.gene, findings, index),
        histology=seen[-1] if seen else case.histology,
        comorbidities=case.patient.comorbidities,
        interactions=case.patient.interactions,
        pregnant=case.patient.pregnant,
        ecog=case.patient.ecog,
        jurisdiction=case.jurisdiction,
        as_of=case.as_of,
        include_investigational=case.include_investigational,
        language=case.language,
    )
    picture = Picture(
        situation=situation,
        stage=case.stage,
        fusion_variant=noted_variant(case, index),
        cns_sites=history.cns_sites,
        progression_sites=history.progression_sites,
        assumed_lines=history.assumed_lines,
        vague=findings.vague,
        untold=findings.untold,
        marks=tuple([one.mark for one in findings.alterations]),
        clones=tuple([(clone.profile, clone.phase) for clone in clones]),
        inseparable=(
            cannot_be_apart(clones, reading.decisive, case.gene, index.policy.clones) if len(clones) > 1 else ()
        ),
        minor=told.minor,
        driver_unseen=_driver_unseen(reading, case.gene),
        specimens=tuple(sorted({sample.specimen for sample in reading.decisive})),
        brain_examined=case.brain_examined,
        histology_seen=bool(seen),
        histology_open=() if changed else _histology_open(case, history, seen, index),
    )
    return Observation(
        picture=picture,
        line_of_therapy=history.line_of_therapy,
        decisive_samples=tuple([sample.sample_id for sample in reading.decisive]),
        alterations=findings.alterations,
        clones=clones,
        flags=sample_flags(picture, reading) if reading.ordered else (),
        warnings=warnings_naming(case),
    )


def _read_findings(case: Case, reading: SampleReading, index: KnowledgeIndex) -> Findings:
    if not reading.ordered:
        return _NOTHING
    tables = tables_of(reading)
    places = {sample.index for sample in reading.decisive}
    decisive = [table for table in tables if table.sample.index in places]
    shown: dict[Key, Finding] = {}  # as the decisive samples show it, else as it was first seen
    for table in (*tables[::-1], *decisive[::-1]):
        shown.update(table.findings)
    now = {key for table in decisive for key in table.findings}
    roles = _roles(shown, now, reading, case.gene, index)
    mechanisms: set[str] = set()
    on_target: list[SmallVariant] = []
    amplified = False
    for table in decisive:
        for key, finding in table.findings.items():
            role = roles[key]
            mechanisms.update(role.mechanisms)
            amplified = amplified or role.amplification
            if role.on_target and isinstance(finding, SmallVariant):
                on_target.append(finding)
    alterations = [_course(key, roles[key], tables, key in now, case, index.policy.series) for key in sorted(shown)]
    untold = [key for key, role in roles.items() if role.untold]
    return Findings(
        alterations=tuple(alterations),
        on_target=tuple(on_target),
        amplified=amplified,
        mechanisms=tuple(sorted(mechanisms)),
        archived=tuple([(one.mark.name,) for one in alterations if _archived(one.mark)]) if decisive else (),
        vague=tuple(sorted({finding.name for key, finding in shown.items() if roles[key].vague})),
        untold=tuple([one.mark.full_name for one in alterations if (one.mark.gene, one.mark.name) in untold])
        if untold
        else (),
        unnamed=any(roles[key].vague for key in now if key[0] == case.gene),
    )


def _roles(
    shown: dict[Key, Finding], now: set[Key], reading: SampleReading, driver: str, index: KnowledgeIndex
) -> dict[Key, Role]:
    """The role of each alteration, beside what the decisive samples show with it, or, of one of the past, beside all that was ever seen."""
    roles = {key: role_of(finding, driver, index) for key, finding in shown.items()}
    if index.only_beside[driver].keys().isdisjoint([name for _, name in shown]):
        return roles
    of_driver = {key: one for key, one in shown.items() if key[0] == driver and isinstance(one, SmallVariant)}
    for key, finding in of_driver.items():
        samples, others = (reading.decisive, now) if key in now else (reading.ordered, of_driver.keys())
        beside = {
            name
            for (gene, name), other in of_driver.items()
            if (gene, name) in others and may_travel(finding, other, samples, index.policy.clones)
        }
        roles[key] = role_beside(roles[key], finding, beside, driver, index)
    return roles


_NOTHING = Findings((), (), False, (), (), (), (), unnamed=False)


def _archived(mark: Mark) -> bool:
    """Resistance of the past that the decisive samples, which could have shown it, no longer show."""
    return not mark.decisive and mark.trend == "cleared" and mark.role == "on_target_resistance"


def _course(
    key: Key, role: Role, tables: list[Table], decisive: bool, case: Case, thresholds: SeriesThresholds
) -> Alteration:
    """One alteration over all samples: its series, its trend, and the drugs under which it rose or fell."""
    points = series_of(key, tables)
    series = tuple([point for _, point in points])
    if len(points) < 2:
        return Alteration(Mark(*key, role.name, SINGLE_TIME_POINT, decisive), series)
    compared_to = None if role.name == "driver" else case.gene
    mark = Mark(*key, role.name, trend_of(points, compared_to, thresholds), decisive, expands(points, thresholds))
    return Alteration(mark, series, *pressures(points, case.treatments, compared_to, thresholds))


def _clones(findings: Findings, reading: SampleReading, index: KnowledgeIndex) -> Clones:
    found = _NO_CLONES
    if findings.on_target:
        found = read_clones(list(findings.on_target), reading.decisive, index.policy.clones)
    if not findings.amplified:
        return found
    amplification: Profile = ("amplification",)
    with_gain = tuple((*one, amplification) for one in found.readings) or ((amplification,),)
    return Clones(with_gain, (*found.clones, Clone(amplification, "single", None)), found.minor)


_NO_CLONES = Clones()


def _changed(case: Case, seen: list[str], index: KnowledgeIndex) -> list[str]:
    """The changes of phenotype in a tumour to which an inhibitor of the driver was given: before that a histology is that of the disease.

    Whatever the reason for which it ended: a tumour may come back changed after a course that was completed.
    """
    return [one.record.id for one in phenotypes(frozenset(seen), case.histology, case.gene, index)]


_UNSPECIFIC = "nsclc_nos"
"""A diagnosis that names no type of its own, so no other contradicts it."""


def _histology_open(case: Case, history: History, seen: list[str], index: KnowledgeIndex) -> tuple[str, ...]:
    """Histologies that leave open what the tumour is today, where no change of phenotype was read.

    A decisive sample differs from what is stated for the disease; or an inhibitor of the driver has failed, no sample states a histology, and
    that of the disease is one into which such tumours change: it may be that of the diagnosis or that of the relapse.
    """
    stated = case.histology
    if stated is None:
        return ()
    if seen:
        other = [one for one in seen if one != stated and _UNSPECIFIC not in (one, stated)]
        return tuple(dict.fromkeys((stated, *other))) if other else ()
    failed = any(drug in index.ranked[case.gene] for drug, _ in history.failed)
    return (stated,) if failed and may_be_new(stated, index) else ()


_EARLY_STAGE = re.compile(r"(?P<stage>IIIA|II(?!I)|I[AB]?(?![IV])|0)[ABC]?[1-3]?")
"""UICC stages in which resection is the aim."""
_LOCALLY_ADVANCED = re.compile(r"(?P<stage>III[BC]?)[1-3]?")
"""UICC stages without metastases in which radiotherapy is the aim."""


def _early(case: Case, history: History) -> str | None:
    """Disease without metastases at its first inhibitor: resectable, or irradiated and not come back.

    After a drug failed, after a relapse, or with disease in the brain, a stage is that of the past.
    """
    if case.stage is None or case.brain_metastases or history.failed:
        return None
    if any(treatment.progression_sites for treatment in case.treatments):
        return None
    stage = case.stage.upper()
    found = _EARLY_STAGE.fullmatch(stage)
    if found is None and _irradiated(case):
        found = _LOCALLY_ADVANCED.fullmatch(stage)
    return found["stage"] if found else None


def _irradiated(case: Case) -> bool:
    """Radiotherapy was given. Nobody states a resection, so that after it none is assumed."""
    return any(treatment.radiotherapy for treatment in case.treatments)


def _settled(
    case: Case, history: History, findings: Findings, clones: Readings, changed: list[str], index: KnowledgeIndex
) -> bool:
    """True when an inhibitor of the driver is being given and neither a site of progression nor growing resistance that it leaves open is told.

    A growing bypass speaks for no other inhibitor of the same driver, and a mutation that the drug covers for none at all.
    """
    ranked = index.ranked[case.gene]
    given = [drug for drug in history.ongoing if drug in ranked]
    if changed or history.progression_sites or not given:
        return False
    if not any(growing(one.mark) and one.mark.role == "on_target_resistance" for one in findings.alterations):
        return True
    profiles = {profile for reading in clones for profile in reading}
    return bool(profiles) and any(
        all(index.call(case.gene, profile, drug).activity == "sensitive" for profile in profiles) for drug in given
    )


def _liquid_only(
    case: Case, history: History, reading: SampleReading, findings: Findings, index: KnowledgeIndex
) -> bool:
    if history.progression_sites or index.ranked[case.gene].keys().isdisjoint(history.ongoing):
        return False
    if any(sample.specimen == "tissue" for sample in reading.decisive):
        return False
    return any(growing(one.mark) for one in findings.alterations)


def growing(mark: Mark) -> bool:
    """Resistance in the decisive samples that is not on its way out: of a stable share of a tumour that itself grows, there is more."""
    if not mark.decisive or mark.role not in ("on_target_resistance", "off_target_resistance"):
        return False
    return mark.expands if mark.trend == "stable" else mark.trend != "falling"


def _resistance(
    gene: str,
    setting: str,
    reading: SampleReading,
    findings: Findings,
    mechanisms: tuple[str, ...],
    index: KnowledgeIndex,
) -> str:
    """The state of resistance, by the names of the contract."""
    kinds = {index.mechanisms[name].record.kind for name in mechanisms}
    if setting == index.settings[gene][0]:
        return "histologic_transformation" if "phenotype" in kinds else "none_yet"
    on_target = bool(findings.on_target) or findings.amplified
    if "phenotype" in kinds:
        return "histologic_transformation"
    if "bypass" in kinds:
        return "on_and_off_target" if on_target else "off_target"
    if on_target:
        return "on_target"
    looked = not findings.unnamed and any(covers(sample, gene, gene) for sample in reading.decisive)
    return "none_detected" if looked else "not_assessable"


def _prior_classes(given: set[str], index: KnowledgeIndex) -> tuple[str, ...]:
    classes = index.vocabulary.drug_classes
    return tuple(sorted(index.cautioned_classes.intersection([classes.get(drug, "") for drug in given])))


def _second_driver(driver: str, findings: Findings, index: KnowledgeIndex) -> bool:
    """A change outside the driver in a gene that was shown to carry such tumours; seen before any inhibitor it is a driver of its own."""
    marks = [one.mark for one in findings.alterations]
    outside = [mark.gene for mark in marks if mark.decisive and mark.role == "off_target_resistance"]
    return any(carries_tumours(gene, driver, index) for gene in outside)


def _driver_unseen(reading: SampleReading, gene: str) -> bool:
    """True when the decisive samples show the tumour but neither the driver fusion nor any change of the driver gene."""
    genes = [finding.gene for sample in reading.decisive for finding in sample.findings]
    return bool(genes) and gene not in genes
