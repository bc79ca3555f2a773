"""Records to look-ups. Runs once per release, after the checks have passed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.domain.interpretation import Profile
from app.domain.variant import residue
from app.knowledge.index import KnowledgeIndex, Mechanism, Regimen, Release, Vocabulary
from app.knowledge.policy import PolicyRecord
from app.knowledge.records import (
    DrugRecord,
    EffectRecord,
    Frequency,
    GuidanceStatement,
    InhibitorOf,
    MechanismRecord,
    OutcomeResult,
    RankedFor,
)
from app.knowledge.weighing import Call, resolve

if TYPE_CHECKING:
    from app.knowledge.loader import KnowledgeRecords

Years = Mapping[str, int | None]


def compile_index(records: KnowledgeRecords, release: Release) -> KnowledgeIndex:
    """Compile the active records of one release."""
    policy = records.policy
    years: Years = {citation.id: citation.year for citation in records.citations}
    drugs = {drug.inn: drug for drug in records.drugs}
    guidance: defaultdict[tuple[str, str], defaultdict[str, list[GuidanceStatement]]]
    guidance = defaultdict(lambda: defaultdict(list))
    for record in records.guidance:
        for statement in record.statements:
            guidance[record.gene, record.setting][statement.regimen].append(statement)
    settings: dict[str, tuple[str, ...]] = {gene.gene: tuple(setting.name for setting in gene.settings) for gene in policy.genes}
    regimens = _regimens(records, policy)
    mechanisms = {one.id: _mechanism(one, policy, years) for one in records.mechanisms}
    effects, calls = _effects(records.effects, policy, years)
    return KnowledgeIndex(
        release=release,
        policy=policy,
        citations={citation.id: citation for citation in records.citations},
        genes={gene.symbol: gene for gene in records.genes},
        blood_genes=frozenset(gene.symbol for gene in records.genes if gene.clonal_haematopoiesis),
        drugs=drugs,
        vocabulary=_vocabulary(records),
        regimens=regimens,
        effects=effects,
        calls=calls,
        mechanisms=mechanisms,
        mechanisms_by_gene=_by_gene(mechanisms),
        phenotypes=tuple(one for one in mechanisms.values() if one.record.kind == "phenotype"),
        mechanism_of_label={one.record.label.casefold(): name for name, one in mechanisms.items()},
        guidance={key: {name: tuple(found) for name, found in by.items()} for key, by in guidance.items()},
        outcomes={(record.gene, record.regimen): record for record in records.outcomes},
        deciding=_deciding(records),
        frequencies=_frequencies(records),
        safety={record.drug: record for record in records.safety},
        notices={(record.kind, one.code): one for record in records.notices for one in record.notices},
        settings=settings,
        inhibitors=_inhibitors(records, settings),
        chemotherapies={
            gene: frozenset(drug for one in found if one.kind == "chemotherapy" for drug in one.drugs) for gene, found in regimens.items()
        },
        setting_policies={(gene.gene, one.name): one for gene in policy.genes for one in gene.settings},
        known_changes={gene: _changes(by, ("sensitive", "reduced", "resistant")) for gene, by in calls.items()},
        harmful_changes={gene: _changes(by, ("reduced", "resistant")) for gene, by in calls.items()},
        only_beside={gene: _only_beside(by) for gene, by in calls.items()},
        noted_variants=_noted_variants(records, policy),
        junctions={
            (gene.symbol, one.partner, junction): one.variant
            for gene in records.genes
            for one in gene.fusion_variants
            if one.status_read != "unverified"
            for junction in one.junctions
        },
        analogues={gene: _analogues(by) for gene, by in calls.items()},
        cautioned_classes=frozenset(
            one.when.after_class for record in records.safety for one in record.cautions if one.when.after_class
        ),
        labels=_labels(records),
    )


def profile_of(effect: EffectRecord) -> Profile:
    """The key of an effect: its changes by residue, or the event of the whole gene."""
    molecular = effect.molecular_profile
    if molecular.event:
        return (molecular.event,)
    return tuple(sorted(molecular.protein_changes, key=residue))


def _effects(
    records: Iterable[EffectRecord], policy: PolicyRecord, years: Years
) -> tuple[dict[str, dict[Profile, EffectRecord]], dict[str, dict[Profile, dict[str, Call]]]]:
    effects: defaultdict[str, dict[Profile, EffectRecord]] = defaultdict(dict)
    calls: defaultdict[str, dict[Profile, dict[str, Call]]] = defaultdict(dict)
    for gene in policy.genes:
        effects[gene.gene], calls[gene.gene] = {}, {}
    for record in records:
        gene_name, profile = record.molecular_profile.gene, profile_of(record)
        effects[gene_name][profile] = record
        calls[gene_name][profile] = {
            statement.therapy: _resensitising(resolve(statement.evidence, policy.weighing, years), statement.resensitises)
            for statement in record.statements
        }
    return dict(effects), dict(calls)


def _changes(calls: Mapping[Profile, Mapping[str, Call]], verdicts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        change
        for profile, by_drug in calls.items()
        if any(call.activity in verdicts for call in by_drug.values())
        for change in profile
    )


def _only_beside(calls: Mapping[Profile, Mapping[str, Call]]) -> dict[str, tuple[frozenset[str], ...]]:
    known = [profile for profile, by_drug in calls.items() if any(one.activity != "unknown" for one in by_drug.values())]
    alone = {profile[0] for profile in known if len(profile) == 1}
    found: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for profile in known:
        for change in set(profile) - alone:
            found[change].append(frozenset(profile) - {change})
    return {change: tuple(others) for change, others in found.items()}


def _analogues(calls: Mapping[Profile, Mapping[str, Call]]) -> dict[int, str]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for profile, by_drug in calls.items():
        if len(profile) == 1 and any(call.activity != "unknown" for call in by_drug.values()):
            found[residue(profile[0])[0]].append(profile[0])
    return {position: ", ".join(sorted(changes)) for position, changes in found.items() if position}


def _resensitising(call: Call, resensitises: bool) -> Call:
    if not resensitises:
        return call
    return Call(
        call.activity, call.level, call.clinical, call.strong, call.conflicting, call.items, resensitises=call.activity == "sensitive"
    )


def _mechanism(record: MechanismRecord, policy: PolicyRecord, years: Years) -> Mechanism:
    resistance = resolve(record.evidence, policy.weighing, years)
    responses = {one.regimen: resolve(one.evidence, policy.weighing, years) for one in record.responses}
    worked = any(call.clinical and call.activity == "sensitive" for call in responses.values())
    enough = resistance.activity == "resistant" and resistance.level in policy.decisive_bypass_levels
    return Mechanism(record, resistance, responses, decisive=record.kind == "phenotype" or worked or enough)


def _by_gene(mechanisms: Mapping[str, Mechanism]) -> dict[str, tuple[Mechanism, ...]]:
    found: defaultdict[str, dict[str, Mechanism]] = defaultdict(dict)
    for name, mechanism in mechanisms.items():
        for match in mechanism.record.matches:
            if match.gene:
                found[match.gene][name] = mechanism
    return {gene: tuple(by_id.values()) for gene, by_id in found.items()}


def _regimens(records: KnowledgeRecords, policy: PolicyRecord) -> dict[str, tuple[Regimen, ...]]:
    found: defaultdict[str, list[Regimen]] = defaultdict(list)
    for drug in records.drugs:
        for ranked in drug.ranked_for:
            found[ranked.gene].append(Regimen(drug.inn, "tki", (drug.inn,), ranked=ranked))
    for record in records.regimens:
        parts = tuple(component.drug for component in record.components if component.drug)
        for gene in record.genes:
            found[gene].append(Regimen(record.regimen_id, record.kind, parts, record=record))
    return {gene.gene: tuple(sorted(found[gene.gene], key=lambda one: one.id)) for gene in policy.genes}


def _labels(records: KnowledgeRecords) -> dict[str, tuple[str, str]]:
    found = {drug.inn: (drug.inn, _chinese_name(drug) or drug.inn) for drug in records.drugs}
    return found | {one.regimen_id: (one.label, one.label_zh or one.label) for one in records.regimens}


def _chinese_name(drug: DrugRecord) -> str | None:
    return next((one.name for one in drug.names if one.kind == "chinese_generic"), None)


def _inhibitors(records: KnowledgeRecords, settings: Mapping[str, tuple[str, ...]]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {gene: {} for gene in settings}
    for drug in records.drugs:
        counted: list[RankedFor | InhibitorOf] = [*drug.ranked_for]
        counted += [one for one in drug.inhibits if one.status_read != "unverified"]
        for one in counted:
            found[one.gene][drug.inn] = settings[one.gene].index(one.setting_after)
    return found


def _deciding(records: KnowledgeRecords) -> dict[tuple[str, str, str, str], OutcomeResult]:
    found: dict[tuple[str, str, str, str], OutcomeResult] = {}
    for record in records.outcomes:
        for result in record.results:
            if result.status == "unverified" or result.disease != "advanced":
                continue
            for criterion in result.decides:
                for setting in result.settings:
                    found[record.gene, record.regimen, setting, criterion] = result
    return found


def _frequencies(records: KnowledgeRecords) -> dict[tuple[str, str], tuple[Frequency, ...]]:
    return {(record.gene, record.drug): record.frequencies for record in records.frequencies}


def _noted_variants(records: KnowledgeRecords, policy: PolicyRecord) -> dict[str, frozenset[tuple[str | None, str]]]:
    noted: dict[str, set[tuple[str | None, str]]] = {gene.gene: set() for gene in policy.genes}
    for record in records.frequencies:
        noted[record.gene].update(
            (one.fusion_partner, one.fusion_variant)
            for one in record.frequencies
            if one.fusion_variant and one.status != "unverified"
        )
    return {gene: frozenset(variants) for gene, variants in noted.items()}


def _vocabulary(records: KnowledgeRecords) -> Vocabulary:
    drugs: dict[str, str] = {}
    classes: dict[str, str] = {}
    for drug in records.drugs:
        for name in _drug_names(drug):
            drugs[name.casefold()] = drug.inn
        classes[drug.inn] = drug.drug_class
    for agents in records.agents:
        for agent in agents.agents:
            for name in (agent.name, *agent.synonyms):
                drugs.setdefault(name.casefold(), agent.name)
            classes.setdefault(agent.name, agent.drug_class)
    genes = {
        name.casefold(): gene.symbol
        for gene in records.genes
        for name in (gene.symbol, *gene.aliases, gene.hgnc_id)
        if name
    }
    interactions: defaultdict[str, set[str]] = defaultdict(set)
    for one in records.interactions:
        for member in one.members:
            for name in (member.name, *member.synonyms):
                interactions[name.casefold()].add(one.class_id)
    return Vocabulary(drugs, classes, genes, {name: tuple(sorted(found)) for name, found in interactions.items()})


def _drug_names(drug: DrugRecord) -> list[str]:
    codes = drug.codes
    written = [drug.inn, *(name.name for name in drug.names)]
    written += [code for code in (codes.rxnorm, codes.atc, codes.ncit, codes.snomed) if code]
    return written
