"""Flags, next tests and warnings: when each is raised. Their words and sources are in ``knowledge/notices``."""

from __future__ import annotations

from itertools import combinations

from app.domain.case import Case, Fusion, Sample, SmallVariant
from app.domain.interpretation import Alteration, Clone, Flag, Situation
from app.interpretation.history import History
from app.interpretation.samples import SampleReading
from app.interpretation.series import covers
from app.knowledge.index import KnowledgeIndex

_MET_AMPLIFICATION = "MET amplification"
"""The one amplification for which plasma is to be confirmed by FISH."""
_FEW_SITES = 2
"""Progression is called oligoprogression when at most so many kinds of site are named."""


def flags_of(
    case: Case,
    history: History,
    reading: SampleReading,
    alterations: tuple[Alteration, ...],
    clones: tuple[Clone, ...],
    situation: Situation,
    molecular: bool,
    index: KnowledgeIndex,
) -> tuple[Flag, ...]:
    """All flags that the interpretation raises, in a fixed order; the ranking adds those on evidence."""
    flags: list[Flag] = []

    def raise_for(code: str, names: list[str], key: str = "alterations") -> None:
        if names:
            flags.append(Flag(code, ((key, ", ".join(dict.fromkeys(names))),)))

    now = [one for one in alterations if one.decisive]
    roles: dict[str, list[str]] = {}
    for one in now:
        roles.setdefault(one.role, []).append(_full_name(one))
    raise_for("compound_mutation", ["+".join(clone.profile) for clone in clones if len(clone.profile) > 1])
    if len(clones) > 1:
        raise_for("phase_unknown", ["+".join(clone.profile) for clone in clones if clone.phase == "unknown"])
        raise_for("phase_hint", _cannot_be_apart(clones, reading, case.gene))
        raise_for("polyclonal_resistance", ["+".join(clone.profile) for clone in clones])
    raise_for("off_target_resistance", roles.get("off_target_resistance", []))
    if situation.resistance == "histologic_transformation":
        raise_for("histologic_transformation", [(situation.histology or "").replace("_", " ")], "histology")
    if situation.resistance == "none_detected":
        raise_for("no_resistance_mechanism_found", [sample.sample_id for sample in reading.decisive], "samples")
    raise_for("non_informative_sample", [sample.sample_id for sample in reading.non_informative], "samples")
    if not reading.decisive:
        raise_for("sample_outdated", [sample.sample_id for sample in reading.outdated], "samples")
    raise_for(
        "reemergent_clone",
        [one.name for one in now if one.trend == "reemergent" and one.role == "on_target_resistance"],
    )
    raise_for("archived_resistance", ["+".join(profile) for profile in situation.archived])
    raise_for("variant_of_unknown_significance", roles.get("variant_of_unknown_significance", []))
    if "variant_of_unknown_significance" in roles:
        flags += _analogies([one for one in now if one.role == "variant_of_unknown_significance"], case.gene, index)
    raise_for("outside_kinase_domain", roles.get("outside_kinase_domain", []))
    raise_for("risk_marker", roles.get("risk_marker", []))
    raise_for("germline", [_full_name(one) for one in alterations if one.role == "germline"])
    if molecular:
        raise_for(
            "early_molecular_progression",
            [*roles.get("on_target_resistance", []), *roles.get("off_target_resistance", [])],
        )
    raise_for("cns_progression", [site.replace("_", " ") for site in history.cns_sites], "sites")
    if history.failed and 0 < len(history.progression_sites) <= _FEW_SITES:
        raise_for("oligoprogression", [site.replace("_", " ") for site in history.progression_sites], "sites")
    raise_for("driver_not_detected", _without_driver(reading, case.gene), "samples")
    raise_for("driver_conflict", [one.name for one in alterations if one.role == "other_driver"])
    if len(reading.decisive) > 1:
        flags += _discordant(reading, now)
    flags += _uncovered(reading, case)
    if case.stage and not case.stage.upper().startswith(("IV", "IIIB", "IIIC")):
        raise_for("early_stage", [case.stage], "stage")
    uncertain = index.policy_of(case.gene, situation.setting).flag
    if uncertain:
        failed = [drug for drug, _ in situation.failed if _last_setting(drug, case.gene, situation.setting, index)]
        raise_for(uncertain, failed, "regimens")
    return tuple(flags)


def tests_of(
    reading: SampleReading, alterations: tuple[Alteration, ...], clones: tuple[Clone, ...], situation: Situation
) -> tuple[Flag, ...]:
    """What to test next, in a fixed order, each test once."""
    tests: list[Flag] = []
    plasma_only = all(sample.specimen != "tissue" for sample in reading.decisive)
    now = [one for one in alterations if one.decisive]
    state = situation.resistance
    if state == "not_assessable":
        tests.append(Flag("tissue_biopsy", (("why", "no_informative_sample"),)))
        tests.append(Flag("repeat_ctdna", (("interval", "before_next_treatment"),)))
    elif state == "none_detected" and plasma_only:
        tests.append(Flag("tissue_biopsy", (("why", "off_target_or_transformation"),)))
    elif state == "none_detected":
        tests.append(Flag("broad_ngs", (("why", "no_mechanism_found"),)))
    elif state in ("off_target", "on_and_off_target") and plasma_only:
        tests.append(Flag("tissue_biopsy", (("why", "confirm_off_target"),)))
    if any(one.role == "off_target_resistance" and one.name == _MET_AMPLIFICATION for one in now) and plasma_only:
        tests.append(Flag("met_fish"))
    if situation.cns_disease and (state == "not_assessable" or (state == "none_detected" and plasma_only)):
        tests.append(Flag("csf_ctdna"))
    if situation.cns_disease:
        tests.append(Flag("brain_mri"))
    unsettled = ["+".join(clone.profile) for clone in clones if clone.phase == "unknown"]
    if unsettled:
        tests.append(Flag("phase_assay", (("alterations", ", ".join(unsettled)),)))
    if any(one.role == "other_driver" for one in alterations):
        tests.append(Flag("rna_fusion_assay"))
    risk = {one.gene for one in now if one.role == "risk_marker"}
    if state == "histologic_transformation" or len(risk) > 1:
        tests.append(Flag("histology_review"))
    return tuple(tests)


def warnings_of(case: Case, history: History) -> tuple[Flag, ...]:
    """Warnings on the request itself."""
    warnings = [Flag("co_medication_not_checked", (("name", name),)) for name in case.patient.unchecked_co_medications]
    warnings += [Flag("unknown_gene", (("gene", gene),)) for gene in case.unknown_genes]
    warnings += [Flag("unlisted_therapy", (("name", name),)) for name in case.unlisted_therapies]
    if history.assumed_lines:
        warnings.append(Flag("stop_reason_assumed", (("lines", ", ".join(history.assumed_lines)),)))
    if case.jurisdiction is None:
        warnings.append(Flag("jurisdiction_missing"))
    if not case.include_investigational:
        warnings.append(Flag("investigational_excluded"))
    warnings.append(Flag("clinical_review_pending"))
    return tuple(warnings)


def _cannot_be_apart(clones: tuple[Clone, ...], reading: SampleReading, gene: str) -> list[str]:
    """Pairs of unknown phase whose fractions together exceed that of the driver fusion in one sample: some cells must hold both."""
    loose = [clone.profile for clone in clones if clone.phase == "unknown"]
    pairs = []
    for sample in reading.decisive:
        vaf = {
            one.name: one.vaf
            for one in sample.findings
            if isinstance(one, SmallVariant) and one.gene == gene and one.vaf
        }
        whole = next(
            (one.vaf for one in sample.findings if isinstance(one, Fusion) and one.gene == gene and one.vaf), None
        )
        for one, other in combinations(loose, 2):
            first, second = (min((vaf.get(change, 0.0) for change in clone), default=0.0) for clone in (one, other))
            if whole and first and second and first + second > whole:
                pairs.append("+".join(one) + " and " + "+".join(other))
    return pairs


def _full_name(one: Alteration) -> str:
    return one.name if one.gene in one.name else f"{one.gene} {one.name}"


def _analogies(unknown: list[Alteration], gene: str, index: KnowledgeIndex) -> list[Flag]:
    found = []
    for one in unknown:
        known = index.analogue_of(gene, one.name)
        if known:
            found.append(Flag("analogous_variant", (("alterations", _full_name(one)), ("known", known))))
    return found


def _without_driver(reading: SampleReading, gene: str) -> list[str]:
    """Samples that show the tumour but neither the driver fusion nor any change of the driver gene."""
    if any(finding.gene == gene for sample in reading.decisive for finding in sample.findings):
        return []
    return [sample.sample_id for sample in reading.decisive if sample.findings]


def _discordant(reading: SampleReading, now: list[Alteration]) -> list[Flag]:
    """Resistance that one of several decisive samples shows and another, which could have, does not."""
    flags = []
    for one in now:
        if one.role not in ("on_target_resistance", "off_target_resistance") or len(reading.decisive) < 2:
            continue
        silent = [
            sample for sample in reading.decisive if covers(sample, one.gene, one.name) and not _shows(sample, one)
        ]
        if silent:
            names = ", ".join(sample.sample_id for sample in reading.decisive)
            flags.append(Flag("discordant_samples", (("alterations", _full_name(one)), ("samples", names))))
    return flags


def _shows(sample: Sample, one: Alteration) -> bool:
    return any(finding.gene == one.gene and finding.name == one.name for finding in sample.findings)


def _uncovered(reading: SampleReading, case: Case) -> list[Flag]:
    flags = []
    for sample in reading.decisive:
        hidden = sorted(sample.assay.not_covered)
        if sample.assay.genes_covered is not None and case.gene not in sample.assay.genes_covered:
            hidden.append(case.gene)
        if hidden:
            flags.append(Flag("not_covered", (("alterations", ", ".join(hidden)), ("samples", sample.sample_id))))
    return flags


def _last_setting(drug: str, gene: str, setting: str, index: KnowledgeIndex) -> bool:
    return any(one.id == drug and one.ranked and one.ranked.setting_after == setting for one in index.regimens[gene])
