"""Flags: what a reader must not miss, and when each is raised. Their words and sources are in ``knowledge/notices``."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from msgspec import Struct

from app.domain.case import Case, Fusion, Sample, SmallVariant
from app.domain.interpretation import Alteration, Clone, Flag, Situation
from app.interpretation.history import History
from app.interpretation.samples import SampleReading
from app.interpretation.series import covers
from app.knowledge.index import KnowledgeIndex

_FEW_SITES = 2
"""Progression is called oligoprogression when at most so many kinds of site are named."""


class Seen(Struct, frozen=True):
    """Everything that a flag may look at."""

    case: Case
    history: History
    reading: SampleReading
    alterations: tuple[Alteration, ...]
    clones: tuple[Clone, ...]
    situation: Situation
    molecular: bool
    """Resistance grows under a drug that is being given."""


def flags_of(seen: Seen, index: KnowledgeIndex) -> tuple[Flag, ...]:
    """All flags that the interpretation raises, in a fixed order; the ranking adds those on evidence."""
    roles: dict[str, list[str]] = {}
    for one in seen.alterations:
        if one.decisive:
            roles.setdefault(one.role, []).append(full_name(one))
    flags = _on_clones(seen) if seen.clones else []
    flags += _on_resistance(seen, roles)
    flags += _on_findings(seen, roles, index)
    flags += _on_course(seen, roles)
    if seen.reading.ordered:
        flags += _on_samples(seen)
    flags += _on_setting(seen, index)
    return tuple(flags)


def _raised(code: str, names: Iterable[str], key: str = "alterations") -> list[Flag]:
    """The flag, when there is anything to name."""
    named = ", ".join(dict.fromkeys(names))
    return [Flag(code, ((key, named),))] if named else []


def _on_clones(seen: Seen) -> list[Flag]:
    names = ["+".join(clone.profile) for clone in seen.clones]
    flags = _raised(
        "compound_mutation", [name for name, clone in zip(names, seen.clones, strict=True) if len(clone.profile) > 1]
    )
    if len(names) > 1:
        loose = [name for name, clone in zip(names, seen.clones, strict=True) if clone.phase == "unknown"]
        flags += _raised("phase_unknown", loose)
        flags += _raised("phase_hint", _cannot_be_apart(seen.clones, seen.reading, seen.case.gene))
        flags += _raised("polyclonal_resistance", names)
    return flags


def _on_resistance(seen: Seen, roles: dict[str, list[str]]) -> list[Flag]:
    flags = _raised("off_target_resistance", roles.get("off_target_resistance", ()))
    if seen.situation.resistance == "histologic_transformation":
        flags += _raised("histologic_transformation", [(seen.situation.histology or "").replace("_", " ")], "histology")
    if seen.situation.resistance == "none_detected":
        flags += _raised("no_resistance_mechanism_found", _ids(seen.reading.decisive), "samples")
    return flags


def _on_findings(seen: Seen, roles: dict[str, list[str]], index: KnowledgeIndex) -> list[Flag]:
    if not seen.alterations:
        return []
    unknown = roles.get("variant_of_unknown_significance", ())
    flags = _raised("variant_of_unknown_significance", unknown)
    if unknown:
        own = [one for one in seen.alterations if one.decisive and one.role == "variant_of_unknown_significance"]
        flags += _analogies(own, seen.case.gene, index)
    flags += _raised("outside_kinase_domain", roles.get("outside_kinase_domain", ()))
    flags += _raised("risk_marker", roles.get("risk_marker", ()))
    flags += _raised("germline", [full_name(one) for one in seen.alterations if one.role == "germline"])
    flags += _raised("driver_not_detected", without_driver(seen.reading, seen.case.gene), "samples")
    flags += _raised("driver_conflict", [one.name for one in seen.alterations if one.role == "other_driver"])
    return flags


def _on_course(seen: Seen, roles: dict[str, list[str]]) -> list[Flag]:
    back = [
        one.name
        for one in seen.alterations
        if one.decisive and one.trend == "reemergent" and one.role == "on_target_resistance"
    ]
    flags = _raised("reemergent_clone", back)
    flags += _raised("archived_resistance", ["+".join(profile) for profile in seen.situation.archived])
    if seen.molecular:
        growing = [*roles.get("on_target_resistance", []), *roles.get("off_target_resistance", [])]
        flags += _raised("early_molecular_progression", growing)
    flags += _raised("cns_progression", [site.replace("_", " ") for site in seen.history.cns_sites], "sites")
    if seen.history.failed and 0 < len(seen.history.progression_sites) <= _FEW_SITES:
        sites = [site.replace("_", " ") for site in seen.history.progression_sites]
        flags += _raised("oligoprogression", sites, "sites")
    return flags


def _on_samples(seen: Seen) -> list[Flag]:
    flags = _raised("non_informative_sample", _ids(seen.reading.non_informative), "samples")
    if not seen.reading.decisive:
        flags += _raised("sample_outdated", _ids(seen.reading.outdated), "samples")
    if len(seen.reading.decisive) > 1:
        flags += _discordant(seen.reading, [one for one in seen.alterations if one.decisive])
    return flags + _uncovered(seen.reading, seen.case)


def _on_setting(seen: Seen, index: KnowledgeIndex) -> list[Flag]:
    case, situation = seen.case, seen.situation
    flags: list[Flag] = []
    if case.stage and not case.stage.upper().startswith(("IV", "IIIB", "IIIC")):
        flags += _raised("early_stage", [case.stage], "stage")
    uncertain = index.policy_of(case.gene, situation.setting).flag
    if uncertain:
        failed = [drug for drug, _ in situation.failed if _last_setting(drug, case.gene, situation.setting, index)]
        flags += _raised(uncertain, failed, "regimens")
    return flags


def _ids(samples: tuple[Sample, ...]) -> list[str]:
    return [sample.sample_id for sample in samples]


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


def full_name(one: Alteration) -> str:
    """``ALK p.G1202R``; a name that holds its gene stands alone."""
    return one.name if one.gene in one.name else f"{one.gene} {one.name}"


def _analogies(unknown: list[Alteration], gene: str, index: KnowledgeIndex) -> list[Flag]:
    found = []
    for one in unknown:
        known = index.analogue_of(gene, one.name)
        if known:
            found.append(Flag("analogous_variant", (("alterations", full_name(one)), ("known", known))))
    return found


def without_driver(reading: SampleReading, gene: str) -> list[str]:
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
            flags.append(Flag("discordant_samples", (("alterations", full_name(one)), ("samples", names))))
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
