"""Flags: what a reader must not miss, and when each is raised. Their words and sources are in ``knowledge/notices``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.interpretation import Flag, Mark, Picture
from app.interpretation.alterations import not_gone
from app.interpretation.mechanisms import carries_tumours, targets_any
from app.knowledge.index import KnowledgeIndex

_FEW_SITES = 2
"""Progression is called oligoprogression when at most so many kinds of site are named."""
_NO_MUTATION_SEEN = frozenset({"none_yet", "none_detected", "not_assessable"})
"""What the variant of the fusion makes likely is of interest until a mutation is seen."""
_DIFFUSE_SITES = frozenset({"leptomeninges"})
"""Sites that cannot be treated one by one; the series behind the flag left them out."""


def flags_of(picture: Picture, index: KnowledgeIndex, *, molecular: bool) -> tuple[Flag, ...]:
    """All flags that follow from the picture, in a fixed order; the ranking adds those on evidence.

    ``molecular``: resistance grows under a drug that is being given.
    """
    decisive: dict[str, list[Mark]] = {}
    for mark in picture.marks:
        if mark.decisive:
            decisive.setdefault(mark.role, []).append(mark)
    return (
        *_on_clones(picture, index),
        *_on_resistance(picture, decisive, index),
        *_on_findings(picture, decisive, index),
        *_on_course(picture, decisive, index, molecular=molecular),
        *_on_setting(picture, index),
    )


def _raised(code: str, names: Iterable[str], key: str = "alterations") -> list[Flag]:
    """The flag, when there is anything to name."""
    named = ", ".join(dict.fromkeys(names))
    return [Flag(code, ((key, named),))] if named else []


def _named(marks: Sequence[Mark] | None) -> list[str]:
    return [mark.full_name for mark in marks or ()]


def _words(codes: Iterable[str], kind: str, picture: Picture, index: KnowledgeIndex) -> list[str]:
    """Codes of the request in words of the language; the code itself under a release that has no word for it."""
    language = picture.situation.language
    return [
        index.say("word", f"{kind}_{code}", language)[0]
        if index.speaks("word", f"{kind}_{code}")
        else code.replace("_", " ")
        for code in codes
    ]


def _drugs(names: Iterable[str], picture: Picture, index: KnowledgeIndex) -> list[str]:
    return [index.label(name, picture.situation.language) for name in names]


def _on_clones(picture: Picture, index: KnowledgeIndex) -> list[Flag]:
    names = ["+".join(profile) for profile, _ in picture.clones]
    flags = _raised("compound_mutation", ["+".join(profile) for profile, _ in picture.clones if len(profile) > 1])
    if len(names) > 1:
        flags += _raised(
            "phase_unknown", ["+".join(profile) for profile, phase in picture.clones if phase == "unknown"]
        )
        flags += _raised("phase_hint", picture.inseparable)
        flags += [
            Flag(flag.code, (*flag.values, ("share", f"{index.policy.clones.minor_share:.0%}")))
            for flag in _raised("phase_minor", picture.minor)
        ]
        flags += _raised("polyclonal_resistance", names)
    return flags


def _on_resistance(picture: Picture, decisive: dict[str, list[Mark]], index: KnowledgeIndex) -> list[Flag]:
    flags = _on_bypass(picture, decisive.get("off_target_resistance", []), index)
    histology = picture.situation.histology or ""
    if picture.situation.resistance == "histologic_transformation":
        flags += _raised("histologic_transformation", _words([histology], "histology", picture, index), "histology")
    elif (
        picture.situation.resistance == "none_yet"
        and index.outside_the_trials(picture.situation.histology)
        and index.speaks("flag", "rare_histology")
    ):
        flags += _raised("rare_histology", _words([histology], "histology", picture, index), "histology")
    if index.speaks("flag", "histology_unclear"):
        flags += _raised("histology_unclear", _words(picture.histology_open, "histology", picture, index), "histology")
    return flags


def _on_bypass(picture: Picture, marks: Sequence[Mark], index: KnowledgeIndex) -> list[Flag]:
    """Before any inhibitor failed a proven bypass is a second driver; one whose part was not shown in this driver is only possible."""
    situation, names = picture.situation, _named(marks)
    if situation.resistance == "none_yet" and not situation.ongoing and index.speaks("flag", "co_driver"):
        kept = [mark for mark in picture.marks if mark.role == "off_target_resistance" and not_gone(mark)]
        return _on_second_driver(
            picture, [mark for mark in kept if carries_tumours(mark.gene, situation.gene, index)], index
        )
    flags = []
    if picture.original and index.speaks("flag", "co_driver"):
        flags = _on_second_driver(picture, picture.original, index)
        marks = [mark for mark in marks if mark not in picture.original]
        names = _named(marks)
    flags += _raised("off_target_resistance", names)
    found = [name for name in situation.mechanisms if index.mechanisms[name].record.kind == "bypass"]
    if not found or any(index.mechanisms[name].carries(situation.gene) for name in found):
        return flags
    if not index.proven(found, situation):
        flags += _raised("bypass_unproven", names if index.speaks("flag", "bypass_unproven") else [])
    elif index.speaks("flag", "bypass_treated"):
        genes = {mark.gene for mark in marks}
        aimed = [drug for drug in index.defeated(situation) if targets_any(drug, genes, index)]
        drugs = ("regimens", ", ".join(_drugs(aimed, picture, index)))
        flags += [Flag(flag.code, (*flag.values, drugs)) for flag in _raised("bypass_treated", names)]
    return flags


def _on_second_driver(picture: Picture, drivers: Sequence[Mark], index: KnowledgeIndex) -> list[Flag]:
    """Beside another driver; where a drug aimed at one that is still seen has failed the fusion may be how the tumour escaped it."""
    flags = _raised("co_driver", _named(drivers))
    genes = {mark.gene for mark in drivers if mark.decisive}
    escaped = [drug for drug, _ in picture.situation.failed if targets_any(drug, genes, index)]
    if not flags or not escaped or not index.speaks("flag", "driver_acquired"):
        return flags
    drugs = ("regimens", ", ".join(_drugs(escaped, picture, index)))
    return [Flag("driver_acquired", (*flags[0].values, drugs))]


def _on_findings(picture: Picture, decisive: dict[str, list[Mark]], index: KnowledgeIndex) -> list[Flag]:
    unknown = decisive.get("variant_of_unknown_significance", [])
    if index.speaks("warning", "alteration_unclear"):  # which says of a change that is not named what it lacks
        unknown = [mark for mark in unknown if mark.name not in picture.vague]
    flags = _raised("variant_of_unknown_significance", _named(unknown))
    flags += _analogies(unknown, picture.situation.gene, index)
    flags += _raised("outside_kinase_domain", _named(decisive.get("outside_kinase_domain")))
    flags += _raised("risk_marker", _named(decisive.get("risk_marker")))
    flags += _raised("germline", _named([mark for mark in picture.marks if mark.role == "germline"]))
    if index.speaks("flag", "clonal_haematopoiesis"):
        of_blood = [mark for mark in picture.marks if mark.role == "clonal_haematopoiesis"]
        flags += _raised("clonal_haematopoiesis", _named(of_blood))
    other = [mark.name for mark in picture.marks if mark.role == "other_driver"]
    flags += _raised("driver_conflict", [*other, *picture.other_partners])
    return flags


def _analogies(unknown: Sequence[Mark], gene: str, index: KnowledgeIndex) -> list[Flag]:
    found = []
    for mark in unknown:
        known = index.analogue_of(gene, mark.name)
        if known:
            found.append(Flag("analogous_variant", (("alterations", mark.full_name), ("known", known))))
    return found


def _on_course(
    picture: Picture, decisive: dict[str, list[Mark]], index: KnowledgeIndex, *, molecular: bool
) -> list[Flag]:
    on_target = decisive.get("on_target_resistance", [])
    flags = _raised("reemergent_clone", [mark.name for mark in on_target if mark.trend == "reemergent"])
    flags += _raised("archived_resistance", ["+".join(profile) for profile in picture.situation.archived])
    if molecular:
        growing = [*on_target, *decisive.get("off_target_resistance", [])]
        where = ", ".join(_words(picture.specimens, "specimen", picture, index))
        flags += [
            Flag(flag.code, (*flag.values, ("specimens", where)))
            for flag in _raised("early_molecular_progression", _named(growing))
        ]
    flags += _raised("cns_progression", _words(picture.cns_sites, "site", picture, index), "sites")
    if index.speaks("flag", "leptomeningeal_progression"):
        meninges = [site for site in picture.cns_sites if site in _DIFFUSE_SITES]
        flags += _raised("leptomeningeal_progression", _words(meninges, "site", picture, index), "sites")
    if picture.situation.settled and not molecular and index.speaks("flag", "ongoing_without_progression"):
        flags += _raised("ongoing_without_progression", _drugs(picture.situation.ongoing, picture, index), "regimens")
    few = 0 < len(picture.progression_sites) <= _FEW_SITES
    if few and _inhibited(picture, index) and not _DIFFUSE_SITES.intersection(picture.progression_sites):
        flags += _raised("oligoprogression", _words(picture.progression_sites, "site", picture, index), "sites")
    return flags


def _inhibited(picture: Picture, index: KnowledgeIndex) -> bool:
    """True when an inhibitor of the driver failed or is being given: only then can it be kept on beside local therapy."""
    situation = picture.situation
    had = (*(drug for drug, _ in situation.failed), *situation.ongoing)
    return not index.inhibitors[situation.gene].keys().isdisjoint(had)


_POOR_STATUS = 3
"""ECOG performance status from which guidelines and trials of these drugs say little."""


def _on_setting(picture: Picture, index: KnowledgeIndex) -> list[Flag]:
    flags: list[Flag] = []
    if picture.situation.pregnant and index.speaks("flag", "pregnancy"):
        flags.append(Flag("pregnancy"))
    ecog = picture.situation.ecog
    if ecog is not None and ecog >= _POOR_STATUS and index.speaks("flag", "poor_performance_status"):
        flags += _raised("poor_performance_status", [str(ecog)], "ecog")
    if picture.stage and not picture.stage.upper().startswith("IV") and not picture.situation.failed:
        flags += _raised("early_stage", [picture.stage], "stage")
        if picture.situation.irradiated and index.speaks("flag", "consolidation"):
            flags += _raised("consolidation", [picture.stage], "stage")
    if (
        picture.fusion_variant
        and picture.situation.resistance in _NO_MUTATION_SEEN
        and index.speaks("flag", "fusion_variant")
    ):
        flags += _raised("fusion_variant", [picture.fusion_variant], "variant")
    uncertain = index.policy_of(picture.situation.gene, picture.situation.setting).flag
    if uncertain:
        failed = [
            drug
            for drug, _ in picture.situation.failed
            if _last_setting(drug, picture.situation.gene, picture.situation.setting, index)
        ]
        flags += _raised(uncertain, _drugs(failed, picture, index), "regimens")
    return flags


def _last_setting(drug: str, gene: str, setting: str, index: KnowledgeIndex) -> bool:
    return any(one.id == drug and one.ranked and one.ranked.setting_after == setting for one in index.regimens[gene])
