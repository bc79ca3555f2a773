"""interpret(case, index): history, samples, findings, clones, and the situation that follows (decision steps 2 to 4 and 9)."""

from __future__ import annotations

from msgspec import Struct

from app.domain.case import Case, Finding, SmallVariant
from app.domain.interpretation import Alteration, Clone, Interpretation, Profile, Situation
from app.interpretation.clones import read_clones
from app.interpretation.findings import Role, role_of
from app.interpretation.flags import Seen, flags_of
from app.interpretation.history import read_history, setting_after
from app.interpretation.mechanisms import phenotype_of_sample
from app.interpretation.next_tests import tests_of
from app.interpretation.samples import SampleReading, read_samples
from app.interpretation.series import Key, Table, covers, pressures, series_of, tables_of, trend_of
from app.interpretation.warnings import warnings_of
from app.knowledge.index import KnowledgeIndex
from app.knowledge.policy import SeriesThresholds


class Findings(Struct, frozen=True):
    """The findings of all samples, each alteration once, with its role and its course."""

    alterations: tuple[Alteration, ...]
    on_target: tuple[SmallVariant, ...]
    """Variants of the driver with known effects in the decisive samples."""
    amplified: bool
    mechanisms: tuple[str, ...]
    archived: tuple[Profile, ...]


def interpret(case: Case, index: KnowledgeIndex) -> Interpretation:
    """Read one case. Pure: the same case and index give the same value."""
    history = read_history(case, index)
    reading = read_samples(case, history, index.policy.series)
    findings = _read_findings(case, reading, index)
    readings, clones = _clones(findings, reading)
    setting = setting_after(case.gene, [drug for drug, _ in history.failed], index)
    resistance = _resistance(case, setting, reading, findings, index)
    ongoing = not index.ranked[case.gene].keys().isdisjoint(history.ongoing)
    molecular = ongoing and any(_growing(one) for one in findings.alterations)
    situation = Situation(
        gene=case.gene,
        setting=setting,
        resistance=resistance,
        readings=readings,
        mechanisms=findings.mechanisms if resistance != "none_yet" else (),
        archived=findings.archived,
        failed=history.failed,
        failed_lines=history.failed_lines,
        not_tolerated=history.not_tolerated,
        ongoing=history.ongoing,
        cns_disease=case.brain_metastases or bool(history.cns_sites),
        histology=_present_histology(case, reading),
        comorbidities=case.patient.comorbidities,
        interactions=case.patient.interactions,
        pregnant=case.patient.pregnant,
        ecog=case.patient.ecog,
        jurisdiction=case.jurisdiction,
        as_of=case.as_of,
        include_investigational=case.include_investigational,
        language=case.language,
    )
    seen = Seen(case, history, reading, findings.alterations, clones, situation, molecular)
    return Interpretation(
        line_of_therapy=history.line_of_therapy,
        decisive_samples=tuple(sample.sample_id for sample in reading.decisive),
        flags=flags_of(seen, index),
        alterations=findings.alterations,
        clones=clones,
        next_tests=tests_of(seen, index),
        warnings=warnings_of(case, history),
        situation=situation,
    )


def _read_findings(case: Case, reading: SampleReading, index: KnowledgeIndex) -> Findings:
    tables = tables_of(reading.ordered)
    places = {sample.index for sample in reading.decisive}
    decisive = [table for table in tables if table.sample.index in places]
    shown: dict[Key, Finding] = {}  # as the decisive samples show it, else as it was first seen
    for table in (*reversed(tables), *reversed(decisive)):
        shown.update(table.findings)
    roles = {key: role_of(finding, case.gene, index) for key, finding in shown.items()}
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
        phenotypes = phenotype_of_sample(table.sample, case.histology, case.gene, index)
        mechanisms.update(one.record.id for one in phenotypes)
    now = {key for table in decisive for key in table.findings}
    alterations = [_course(key, roles[key], tables, key in now, case, index.policy.series) for key in sorted(shown)]
    archived = [
        (one.name,)
        for one in alterations
        if not one.decisive and one.trend == "cleared" and one.role == "on_target_resistance" and decisive
    ]
    return Findings(tuple(alterations), tuple(on_target), amplified, tuple(sorted(mechanisms)), tuple(archived))


def _course(
    key: Key, role: Role, tables: tuple[Table, ...], decisive: bool, case: Case, thresholds: SeriesThresholds
) -> Alteration:
    """One alteration over all samples: its series, its trend, and the drugs under which it rose or fell."""
    points = series_of(key, tables)
    trend = trend_of(points, case.gene, thresholds)
    selected, suppressed = pressures(points, case.treatments, case.gene, thresholds) if len(points) > 1 else ((), ())
    return Alteration(*key, role.name, trend, tuple([point for _, point in points]), decisive, selected, suppressed)


def _growing(one: Alteration) -> bool:
    """Resistance in the decisive samples that is not on its way out."""
    return (
        one.decisive
        and one.role in ("on_target_resistance", "off_target_resistance")
        and one.trend not in ("falling", "stable")
    )


def _clones(findings: Findings, reading: SampleReading) -> tuple[tuple[tuple[Profile, ...], ...], tuple[Clone, ...]]:
    readings, clones = read_clones(list(findings.on_target), reading.decisive) if findings.on_target else ((), ())
    if not findings.amplified:
        return readings, clones
    amplification: Profile = ("amplification",)
    with_gain = tuple((*one, amplification) for one in readings) or ((amplification,),)
    return with_gain, (*clones, Clone(amplification, "single", None))


def _resistance(case: Case, setting: str, reading: SampleReading, findings: Findings, index: KnowledgeIndex) -> str:
    """The state of resistance, by the names of the contract."""
    if setting == index.settings[case.gene][0]:
        return "none_yet"
    on_target = bool(findings.on_target) or findings.amplified
    kinds = {index.mechanisms[name].record.kind for name in findings.mechanisms}
    if "phenotype" in kinds:
        return "histologic_transformation"
    if "bypass" in kinds:
        return "on_and_off_target" if on_target else "off_target"
    if on_target:
        return "on_target"
    looked = any(covers(sample, case.gene, case.gene) for sample in reading.decisive)
    return "none_detected" if looked else "not_assessable"


def _present_histology(case: Case, reading: SampleReading) -> str | None:
    seen = [sample.histology for sample in reading.decisive if sample.histology]
    return seen[-1] if seen else case.histology
