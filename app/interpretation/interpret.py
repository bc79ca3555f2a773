"""interpret(case, index): history, samples, findings, clones, and the situation that follows (decision steps 2 to 4 and 9)."""

from __future__ import annotations

from msgspec import Struct

from app.domain.case import Case, Finding, SmallVariant
from app.domain.interpretation import Alteration, Clone, Interpretation, Profile, Situation
from app.interpretation.clones import read_clones
from app.interpretation.findings import Role, role_of
from app.interpretation.flags import Seen, flags_of
from app.interpretation.history import History, read_history, setting_after
from app.interpretation.mechanisms import phenotype_of_sample
from app.interpretation.next_tests import tests_of
from app.interpretation.samples import SampleReading, read_samples
from app.interpretation.series import Key, covers, key_of, pressures, series_of, tables_of, trend_of
from app.interpretation.warnings import warnings_of
from app.knowledge.index import KnowledgeIndex


class Findings(Struct, frozen=True):
    """The findings of all samples, each alteration once, with its role and its course."""

    alterations: tuple[Alteration, ...]
    roles: dict[Key, Role]
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
    resistance = _resistance(case, history, reading, findings, index)
    ongoing = any(drug in index.ranked[case.gene] for drug in history.ongoing)
    molecular = ongoing and any(_growing(one) for one in findings.alterations)
    setting = setting_after(case.gene, tuple(drug for drug, _ in history.failed), index)
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
        warnings=warnings_of(case, history, index),
        situation=situation,
    )


def _read_findings(case: Case, reading: SampleReading, index: KnowledgeIndex) -> Findings:
    tables = tables_of(reading.ordered)
    decisive_samples = {sample.index for sample in reading.decisive}
    decisive_keys = {key for table in tables if table.sample.index in decisive_samples for key in table.findings}
    shown: dict[Key, Finding] = {}  # as the decisive samples show it, else as it was first seen
    for table in (*reversed(tables), *(one for one in reversed(tables) if one.sample.index in decisive_samples)):
        shown.update(table.findings)
    roles: dict[Key, Role] = {}
    alterations: list[Alteration] = []
    archived: list[Profile] = []
    mechanisms: set[str] = set()
    for key in sorted(shown):
        finding = shown[key]
        role = roles[key] = role_of(finding, case.gene, index)
        points = series_of(key, tables)
        trend = trend_of(points, case.gene, index.policy.series)
        decisive = key in decisive_keys
        selected, suppressed = (
            pressures(points, case.treatments, case.gene, index.policy.series) if len(points) > 1 else ((), ())
        )
        series = tuple(point for _, point in points)
        alterations.append(
            Alteration(finding.gene, finding.name, role.name, trend, series, decisive, selected, suppressed)
        )
        if decisive:
            mechanisms.update(role.mechanisms)
        elif trend == "cleared" and role.name == "on_target_resistance" and reading.decisive:
            archived.append((finding.name,))
    for sample in reading.decisive:
        mechanisms.update(one.record.id for one in phenotype_of_sample(sample, case.histology, case.gene, index))
    on_target = [
        finding
        for sample in reading.decisive
        for finding in sample.findings
        if isinstance(finding, SmallVariant) and roles[key_of(finding)].on_target
    ]
    amplified = any(roles[key].amplification for key in decisive_keys)
    return Findings(tuple(alterations), roles, tuple(on_target), amplified, tuple(sorted(mechanisms)), tuple(archived))


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


def _resistance(case: Case, history: History, reading: SampleReading, findings: Findings, index: KnowledgeIndex) -> str:
    """The state of resistance, by the names of the contract."""
    failed = tuple(drug for drug, _ in history.failed)
    if setting_after(case.gene, failed, index) == index.settings[case.gene][0]:
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
