"""Protein changes fit the reference proteins."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.variant import ProteinChange, ProteinChangeError, check_reference, normalise, parse_protein_change
from app.knowledge.errors import Complaint
from app.knowledge.facts import Facts
from app.knowledge.records import Match, Record
from app.knowledge.strict_yaml import Loc


def protein_changes_fit_reference(facts: Facts) -> Iterator[Complaint]:
    """Every protein change is canonical and its residues stand in the reference protein of its gene."""
    for record, at, gene_name, text in _changes_named(facts):
        gene = facts.genes.get(gene_name)
        sequence = gene.sequence if gene else None
        try:
            _, change = parse_protein_change(text)
            if sequence and gene:
                check_reference(change, sequence, gene.protein or gene.symbol)
                change = normalise(change, sequence)
        except ProteinChangeError as error:
            yield facts.complain(
                record, at, f"{gene_name} {text}: {error}", "compare with the source and the reference"
            )
            continue
        if str(change) != text:
            yield facts.complain(record, at, f"{gene_name} {text} is not the canonical form", f"write {change}")


def protein_changes_are_ordered(facts: Facts) -> Iterator[Complaint]:
    """Changes in cis are given in order of their residues."""
    for effect in facts.records.effects:
        changes = effect.molecular_profile.protein_changes
        places = [change.start for change in map(_change, changes) if change]
        if places != sorted(places) or len(set(changes)) != len(changes):
            at = ("molecular_profile", "protein_changes")
            yield facts.complain(
                effect, at, f"{' + '.join(changes)} is not in order of residues", "order them, each once"
            )


def _changes_named(facts: Facts) -> Iterator[tuple[Record, Loc, str, str]]:
    for effect in facts.records.effects:
        profile = effect.molecular_profile
        at: Loc = ("molecular_profile", "protein_changes")
        yield from ((effect, (*at, n), profile.gene, text) for n, text in enumerate(profile.protein_changes))
    for outcome in facts.records.outcomes:
        for place, result in enumerate(outcome.results):
            at = ("results", place, "protein_changes")
            yield from ((outcome, (*at, n), outcome.gene, text) for n, text in enumerate(result.protein_changes))
    for series in facts.records.frequencies:
        for place, one in enumerate(series.frequencies):
            if one.alteration.startswith("p."):
                at = ("frequencies", place, "alteration")
                yield from ((series, at, series.gene, text) for text in one.alteration.split("+"))
    for record, at, match in facts.every(Match):
        if match.gene:
            named = enumerate(match.protein_changes)
            yield from ((record, (*at, "protein_changes", n), match.gene, text) for n, text in named)


def _change(text: str) -> ProteinChange | None:
    try:
        return parse_protein_change(text)[1]
    except ProteinChangeError:
        return None


def driver_genes_are_complete(facts: Facts) -> Iterator[Complaint]:
    """A driver gene has its reference protein, transcript and kinase domain, and the domain lies in the protein."""
    for gene in facts.records.genes:
        if not gene.driver:
            continue
        for key in ("transcript", "protein", "kinase_domain", "sequence", "citation"):
            if getattr(gene, key) is None:
                yield facts.complain(gene, (), f"driver gene {gene.symbol} has no {key}", f"add {key!r}")
        domain = gene.kinase_domain
        if domain and gene.sequence and not domain.start < domain.end <= len(gene.sequence):
            what = (
                f"kinase domain {domain.start}-{domain.end} does not lie in a protein of {len(gene.sequence)} residues"
            )
            yield facts.complain(gene, ("kinase_domain",), what)


CHECKS = (
    protein_changes_fit_reference,
    protein_changes_are_ordered,
    driver_genes_are_complete,
)
