"""observe(case, index): what the history and the samples of one case show (decision steps 2 to 4)."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from app.domain.case import Case, Fusion
from app.domain.interpretation import Observation, Picture, Profile, Situation
from app.interpretation.alterations import Findings, clones_of, growing, not_gone, read_alterations
from app.interpretation.clones import Clones, cannot_be_apart
from app.interpretation.fusions import noted_variant
from app.interpretation.history import History, read_history, setting_after
from app.interpretation.mechanisms import carries_tumours, may_be_new, phenotypes, targets_any
from app.interpretation.sample_flags import sample_flags
from app.interpretation.samples import SampleReading, read_samples
from app.interpretation.series import covers
from app.interpretation.stages import early_stage, irradiated
from app.interpretation.warnings import warnings_naming
from app.knowledge.index import KnowledgeIndex

Readings = tuple[tuple[Profile, ...], ...]


class _Seen(Struct, frozen=True):
    """What the steps before have read of one case."""

    history: History
    reading: SampleReading
    findings: Findings
    clones: Clones
    given: set[str]
    """Every drug of the history, whatever became of it."""
    histologies: list[str]
    """Those that the decisive samples state, in their order."""
    changed: list[str]
    """Changes of phenotype, by their ids."""


def observe(case: Case, index: KnowledgeIndex) -> Observation:
    """Read one case. Pure: the same case and index give the same value."""
    history = read_history(case, index)
    reading = read_samples(case, history, index)
    findings = read_alterations(case, reading, index)
    clones = clones_of(findings, reading, index)
    given = {drug for treatment in case.treatments for drug in treatment.drugs}
    histologies = _histologies(reading)
    inhibited = not index.inhibitors[case.gene].keys().isdisjoint(given)
    changed = _changed(case, histologies, index) if inhibited else []
    seen = _Seen(history, reading, findings, clones, given, histologies, changed)
    early = early_stage(case, history)
    picture = _picture(case, seen, _situation(case, seen, early, index), index)
    return Observation(
        picture=picture,
        line_of_therapy=history.line_of_therapy,
        decisive_samples=tuple([sample.sample_id for sample in reading.decisive]),
        alterations=findings.alterations,
        clones=clones.clones,
        flags=sample_flags(picture, reading) if reading.ordered else (),
        warnings=warnings_naming(case),
    )


def _histologies(reading: SampleReading) -> list[str]:
    """What the decisive samples state; where none of them is tissue, the last tissue of this relapse, which no plasma takes back."""
    stated = [sample.histology for sample in reading.decisive if sample.histology]
    if stated or any(sample.specimen == "tissue" for sample in reading.decisive):
        return stated
    return [sample.histology for sample in reading.current if sample.specimen == "tissue" and sample.histology][-1:]


def _situation(case: Case, seen: _Seen, early: str | None, index: KnowledgeIndex) -> Situation:
    history, findings, changed = seen.history, seen.findings, seen.changed
    readings = seen.clones.readings
    mechanisms = tuple(sorted({*findings.mechanisms, *changed}))
    # A changed tumour has escaped every inhibitor that it was given, also one that goes on or was completed.
    spent = seen.given if changed else [drug for drug, _ in history.failed]
    setting = setting_after(case.gene, spent, index)
    resistance = _resistance(case.gene, setting, seen.reading, findings, mechanisms, index)
    untreated = resistance == "none_yet"
    inhibitors = index.inhibitors[case.gene]
    second = {mark.gene for mark in findings.original} if findings.original else set()
    if untreated and not history.ongoing:
        second |= _second_drivers(case.gene, findings, index)
    escaped = any(targets_any(drug, second, index) for drug, _ in history.failed) if second else False
    return Situation(
        gene=case.gene,
        setting=setting,
        resistance=resistance,
        readings=readings,
        mechanisms=mechanisms if escaped or not untreated else (),
        archived=findings.archived,
        failed=history.failed,
        failed_lines=history.failed_lines,
        not_tolerated=history.not_tolerated,
        ended=tuple([one for one in history.ended if one[0] in inhibitors or one[0] in index.chemotherapies[case.gene]])
        if history.ended
        else (),
        ongoing=history.ongoing,
        resumed=history.resumed,
        prior_classes=_prior_classes(seen.given, index) if seen.given else (),
        cns_disease=case.brain_metastases or bool(history.cns_sites),
        cns_only=bool(history.cns_sites) and history.cns_sites == history.progression_sites,
        early=early,
        irradiated=early is not None and irradiated(case),
        liquid_only=_liquid_only(case, history, seen.reading, findings, index),
        holding=bool(history.ongoing) and _holding(case, seen.reading, index),
        settled=_settled(case, history, findings, readings, changed, index),
        second_driver=bool(second),
        histology=seen.histologies[-1] if seen.histologies else case.histology,
        comorbidities=case.patient.comorbidities,
        interactions=case.patient.interactions,
        pregnant=case.patient.pregnant,
        ecog=case.patient.ecog,
        jurisdiction=case.jurisdiction,
        as_of=case.as_of,
        include_investigational=case.include_investigational,
        language=case.language,
    )


def _picture(case: Case, seen: _Seen, situation: Situation, index: KnowledgeIndex) -> Picture:
    history, findings, clones = seen.history, seen.findings, seen.clones.clones
    decisive = seen.reading.decisive
    return Picture(
        situation=situation,
        stage=case.stage,
        fusion_variant=noted_variant(case, index),
        cns_sites=history.cns_sites,
        progression_sites=history.progression_sites,
        assumed_lines=history.assumed_lines,
        vague=findings.vague,
        unrecorded=findings.unrecorded,
        further_fusions=findings.further_fusions,
        marks=tuple([one.mark for one in findings.alterations]),
        original=findings.original,
        clones=tuple([(clone.profile, clone.phase) for clone in clones]),
        inseparable=cannot_be_apart(clones, decisive, case.gene, index.policy.clones) if len(clones) > 1 else (),
        minor=seen.clones.minor,
        driver_unseen=_driver_unseen(seen, case.gene, index),
        other_partners=_other_partners(case, seen.reading) if case.partner else (),
        specimens=tuple(sorted({sample.specimen for sample in decisive})),
        brain_examined=case.brain_examined,
        histology_seen=bool(seen.histologies),
        histology_open=() if seen.changed else _histology_open(case, history, seen.histologies, index),
    )


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
    failed = any(drug in index.inhibitors[case.gene] for drug, _ in history.failed)
    return (stated,) if failed and may_be_new(stated, index) else ()


def _settled(
    case: Case, history: History, findings: Findings, clones: Readings, changed: list[str], index: KnowledgeIndex
) -> bool:
    """True when an inhibitor of the driver is being given and neither a site of progression nor growing resistance that it leaves open is told.

    A growing bypass speaks for no other inhibitor of the same driver, and a mutation that the drug covers for none at all.
    """
    ranked = index.inhibitors[case.gene]
    given = [drug for drug in history.ongoing if drug in ranked]
    if changed or history.progression_sites or not given:
        return False
    if not any(growing(one.mark) and one.mark.role == "on_target_resistance" for one in findings.alterations):
        return True
    profiles = {profile for reading in clones for profile in reading}
    return bool(profiles) and any(
        all(index.call(case.gene, profile, drug).activity == "sensitive" for profile in profiles) for drug in given
    )


def _holding(case: Case, reading: SampleReading, index: KnowledgeIndex) -> bool:
    """True when an inhibitor that is being given is known to hold: by a response, or by the time for which it had been given when sampled."""
    sampled = [sample.collected for sample in reading.decisive if sample.collected]
    least = dt.timedelta(days=index.policy.series.decisive_before_change_days)
    for treatment in case.treatments:
        if treatment.ended or treatment.stop_reason or index.inhibitors[case.gene].keys().isdisjoint(treatment.drugs):
            continue
        if treatment.best_response in ("CR", "PR", "SD"):
            return True
        if treatment.started and sampled and min(sampled) - treatment.started >= least:
            return True
    return False


def _liquid_only(
    case: Case, history: History, reading: SampleReading, findings: Findings, index: KnowledgeIndex
) -> bool:
    if history.progression_sites or index.inhibitors[case.gene].keys().isdisjoint(history.ongoing):
        return False
    if any(sample.specimen == "tissue" for sample in reading.decisive):
        return False
    return any(growing(one.mark) for one in findings.alterations)


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


def _second_drivers(driver: str, findings: Findings, index: KnowledgeIndex) -> set[str]:
    """Genes outside the driver with a change, and shown to carry such tumours: seen before any inhibitor it is a driver of its own.

    Also one that only a sample before another treatment showed: what a tumour began with it keeps.
    """
    marks = [one.mark for one in findings.alterations]
    outside = {mark.gene for mark in marks if not_gone(mark) and mark.role == "off_target_resistance"}
    return {gene for gene in outside if carries_tumours(gene, driver, index)}


def _other_partners(case: Case, reading: SampleReading) -> tuple[str, ...]:
    """Fusions of the driver in the decisive samples, where none of them has the partner that the case states."""
    other: list[str] = []
    for sample in reading.decisive:
        for one in sample.findings:
            if isinstance(one, Fusion) and one.gene == case.gene and one.partner:
                if one.partner == case.partner:
                    return ()
                other.append(one.name)
    return tuple(dict.fromkeys(other)) if other else ()


def _driver_unseen(seen: _Seen, gene: str, index: KnowledgeIndex) -> bool:
    """True when the decisive samples show the tumour and not the driver fusion.

    Once an inhibitor of the driver was given, any change of its gene stands for the fusion: it grew under that inhibitor.
    """
    inhibited = not index.inhibitors[gene].keys().isdisjoint(seen.given)
    shown = False
    for sample in seen.reading.decisive:
        for finding in sample.findings:
            if finding.gene == gene and (inhibited or isinstance(finding, Fusion)):
                return False
            shown = True
    return shown
