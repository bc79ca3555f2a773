"""Everything that a record names exists, and an active record rests on active ones."""

from __future__ import annotations

from collections.abc import Iterator

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.records import (
    EarlierUse,
    Approval,
    CautionWhen,
    GuidanceStatement,
    InhibitorOf,
    Match,
    MechanismResponse,
    MolecularProfile,
    OutcomeResult,
    RankedFor,
    Record,
    When,
)
from app.knowledge.strict_yaml import Loc


def citations_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every source named has a record in citations/."""
    citations = {citation.id: citation for citation in facts.records.citations}
    for record, at, name in _citations_named(facts):
        why = facts.missing(citations, name, record)
        if why:
            yield facts.complain(record, at, f"citation {name!r} {why}", f"add or mend citations/{name}.yaml")


def retracted_sources_are_unused(facts: Facts) -> Iterator[Complaint]:
    """No active record rests on a retracted source."""
    retracted = {citation.id for citation in facts.records.citations if citation.retracted}
    for record, at, name in _citations_named(facts):
        if name in retracted and record.curation.status == "active":
            yield facts.complain(record, at, f"citation {name!r} is retracted", "retire what rests on it")


def _citations_named(facts: Facts) -> Iterator[tuple[Record, Loc, str]]:
    for record, at, model in facts.everything:
        one, several = getattr(model, "citation", None), getattr(model, "citations", ())
        if isinstance(one, str):
            yield record, (*at, "citation"), one
        for position, name in enumerate(several):
            yield record, (*at, "citations", position), name


def drugs_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every drug that something is said of has a record in drugs/."""
    for record, at, name in _drugs_named(facts):
        why = facts.missing(facts.drugs, name, record)
        if why:
            yield facts.complain(record, at, f"drug {name!r} {why}", "name drugs by the INN of a record in drugs/")


def medicines_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every medicine of a regimen or of a history is a drug or an agent; histories may also name a class."""
    for regimen in facts.records.regimens:
        for position, component in enumerate(regimen.components):
            why = component.drug and facts.missing(facts.vocabulary, component.drug, regimen)
            if why:
                at: Loc = ("components", position, "drug")
                yield facts.complain(regimen, at, f"medicine {component.drug!r} {why}", "add it to drugs/ or agents/")
    for record, at, result in facts.every(OutcomeResult):
        for position, name in enumerate(result.after):
            why = None if name in facts.classes else facts.missing(facts.vocabulary, name, record)
            if why:
                cure = "name a drug, an agent, or a class of either"
                yield facts.complain(record, (*at, "after", position), f"medicine {name!r} {why}", cure)


def _drugs_named(facts: Facts) -> Iterator[tuple[Record, Loc, str]]:
    for effect in facts.records.effects:
        yield from ((effect, ("statements", n, "therapy"), one.therapy) for n, one in enumerate(effect.statements))
    yield from ((one, ("drug",), one.drug) for one in facts.records.frequencies if one.drug != "any")
    yield from ((one, ("drug",), one.drug) for one in facts.records.safety)
    for record, at, when in facts.every(When):
        for key in ("failed_any", "not_failed"):
            yield from ((record, (*at, key, n), name) for n, name in enumerate(getattr(when, key)))
    for record, at, approval in facts.every(Approval):
        if approval.none_before != "any":
            yield from ((record, (*at, "none_before", n), name) for n, name in enumerate(approval.none_before))
    for record, at, use in facts.every(EarlierUse):
        for key in ("first_any", "had_all"):
            yield from ((record, (*at, key, n), name) for n, name in enumerate(getattr(use, key)))


def regimens_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every regimen named has a record in regimens/, or is one drug of drugs/."""
    named: list[tuple[Record, Loc, str]] = [(one, ("regimen",), one.regimen) for one in facts.records.outcomes]
    named += [(record, (*at, "regimen"), one.regimen) for record, at, one in facts.every(GuidanceStatement)]
    named += [(record, (*at, "regimen"), one.regimen) for record, at, one in facts.every(MechanismResponse)]
    for record, at, name in named:
        why = facts.missing(facts.regimens, name, record)
        if why:
            yield facts.complain(
                record, at, f"regimen {name!r} {why}", "name a record of regimens/ or one INN of drugs/"
            )


def mechanisms_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every mechanism that a regimen is meant against has a record in mechanisms/."""
    mechanisms: dict[str, Record] = {one.id: one for one in facts.records.mechanisms}
    for regimen in facts.records.regimens:
        for position, name in enumerate(regimen.mechanisms):
            why = facts.missing(mechanisms, name, regimen)
            if why:
                yield facts.complain(
                    regimen, ("mechanisms", position), f"mechanism {name!r} {why}", "name the full id, mechanism:…"
                )


def next_tests_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every test that confirms a mechanism, or that a label asks for, has its sentence among the notices."""
    known = {one.code for record in facts.records.notices if record.kind == "next_test" for one in record.notices}
    named: list[tuple[Record, Loc, str]] = []
    for mechanism in facts.records.mechanisms:
        named += [(mechanism, ("next_tests", place), code) for place, code in enumerate(mechanism.next_tests)]
    for safety in facts.records.safety:
        named += [(safety, ("baseline", place, "test"), one.test) for place, one in enumerate(safety.baseline)]
    for record, at, code in named:
        if code not in known:
            what = f"next test {code!r} has no sentence"
            yield facts.complain(record, at, what, "add it to notices/next_tests.yaml")


def genes_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every gene named has a record in genes/, so that a finding in it is recognised."""
    known: dict[str, Record] = {**facts.genes}
    for record, at, model in facts.everything:
        if not isinstance(model, Match | RankedFor | InhibitorOf | Approval | MolecularProfile):
            continue
        if model.gene is None or (isinstance(model, Approval) and model.gene == "other"):
            continue
        why = facts.missing(known, model.gene, record)
        if why:
            yield facts.complain(record, (*at, "gene"), f"gene {model.gene!r} {why}", f"add genes/{model.gene}.yaml")


def interaction_classes_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every interaction class named has a record in interactions/."""
    classes: dict[str, Record] = {one.class_id: one for one in facts.records.interactions}
    for record, at, when in facts.every(CautionWhen):
        if when.interaction_class is None:
            continue
        why = facts.missing(classes, when.interaction_class, record)
        if why:
            what = f"interaction class {when.interaction_class!r} {why}"
            yield facts.complain(
                record, (*at, "interaction_class"), what, "add it to interactions/ or correct the name"
            )


def settings_resolve(facts: Facts) -> Iterator[Complaint]:
    """Every setting named is one of its gene in the policy."""
    for record, at, gene, name in _settings_named(facts):
        known = facts.settings.get(gene, frozenset())
        if name not in known:
            cure = f"one of {', '.join(sorted(known))}" if known else "list the gene in policy/ranking.yaml"
            yield facts.complain(record, at, f"setting {name!r} is not one of {gene}", cure)


def _settings_named(facts: Facts) -> Iterator[tuple[Record, Loc, str, str]]:
    yield from ((one, ("setting",), one.gene, one.setting) for one in facts.records.guidance)
    for outcome in facts.records.outcomes:
        for position, result in enumerate(outcome.results):
            at: Loc = ("results", position, "settings")
            yield from ((outcome, (*at, n), outcome.gene, name) for n, name in enumerate(result.settings))
    for record, at, model in facts.everything:
        if isinstance(model, RankedFor | InhibitorOf):
            yield record, (*at, "setting_after"), model.gene, model.setting_after
    for record, at, approval in facts.every(Approval):
        if approval.gene in facts.settings:
            named = enumerate(approval.settings)
            yield from ((record, (*at, "settings", n), approval.gene, name) for n, name in named)


def replacements_resolve(facts: Facts) -> Iterator[Complaint]:
    """What replaces a retired record exists."""
    known = {record.id for record in facts.records}
    for record in facts.records:
        name = record.curation.replaced_by
        if name is not None and name not in known:
            yield facts.complain(
                record, ("curation", "replaced_by"), f"record {name!r} is not known", "name the id of a record"
            )


CHECKS = (
    citations_resolve,
    retracted_sources_are_unused,
    drugs_resolve,
    medicines_resolve,
    regimens_resolve,
    mechanisms_resolve,
    next_tests_resolve,
    genes_resolve,
    interaction_classes_resolve,
    settings_resolve,
    replacements_resolve,
)
