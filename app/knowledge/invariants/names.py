"""Regimens are made of their parts, and a name means one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.records import Record
from app.knowledge.strict_yaml import Loc


def regimen_ids_are_alphabetical(facts: Facts) -> Iterator[Complaint]:
    """The parts of a regimen id stand in alphabetical order."""
    for regimen in facts.records.regimens:
        parts = regimen.regimen_id.split("+")
        if parts != sorted(set(parts)):
            yield facts.complain(
                regimen,
                ("regimen_id",),
                f"{regimen.regimen_id!r} is not in alphabetical order",
                f"write {'+'.join(sorted(set(parts)))}",
            )


def components_make_the_regimen(facts: Facts) -> Iterator[Complaint]:
    """The components of a regimen are those that its id names; a trial has none."""
    for regimen in facts.records.regimens:
        for position, component in enumerate(regimen.components):
            if (component.drug is None) == (component.drug_class is None):
                yield facts.complain(regimen, ("components", position), "a component is one drug or one drug_class")
        parts = sorted(str(one.drug or one.drug_class) for one in regimen.components)
        expected = [] if regimen.kind == "trial" else sorted(regimen.regimen_id.split("+"))
        if parts != expected:
            what = f"components {', '.join(parts) or 'none'} do not make {regimen.regimen_id!r}"
            yield facts.complain(regimen, ("components",), what, f"list {', '.join(expected) or 'none'}")


def names_mean_one_drug(facts: Facts) -> Iterator[Complaint]:
    """No name or code, whatever its case, means two medicines."""
    names: list[tuple[str, str, Record, Loc]] = []
    for drug in facts.records.drugs:
        names.append((drug.inn, drug.inn, drug, ("inn",)))
        names += [(one.name, drug.inn, drug, ("names", n, "name")) for n, one in enumerate(drug.names)]
        codes = drug.codes.model_dump(exclude_none=True)
        names += [(code, drug.inn, drug, ("codes", system)) for system, code in codes.items()]
    for record in facts.records.agents:
        for n, agent in enumerate(record.agents):
            names.append((agent.name, agent.name, record, ("agents", n, "name")))
            names += [(one, agent.name, record, ("agents", n, "synonyms", m)) for m, one in enumerate(agent.synonyms)]
    yield from _ambiguous(facts, names)


def names_mean_one_gene(facts: Facts) -> Iterator[Complaint]:
    """No gene symbol or alias, whatever its case, means two genes."""
    names: list[tuple[str, str, Record, Loc]] = []
    for gene in facts.records.genes:
        names.append((gene.symbol, gene.symbol, gene, ("symbol",)))
        names += [(alias, gene.symbol, gene, ("aliases", n)) for n, alias in enumerate(gene.aliases)]
    yield from _ambiguous(facts, names)


def _ambiguous(facts: Facts, names: Iterable[tuple[str, str, Record, Loc]]) -> Iterator[Complaint]:
    meaning: dict[str, str] = {}
    for name, meant, record, at in names:
        held = meaning.setdefault(name.casefold(), meant)
        if held != meant:
            yield facts.complain(
                record, at, f"name {name!r} means both {held!r} and {meant!r}", "keep it where the source has it"
            )


CHECKS = (
    regimen_ids_are_alphabetical,
    components_make_the_regimen,
    names_mean_one_drug,
    names_mean_one_gene,
)
