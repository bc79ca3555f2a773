"""Off-target findings: bypass, change of phenotype, markers of risk (decision step 4)."""

from __future__ import annotations

from collections.abc import Set

from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.knowledge.index import KnowledgeIndex, Mechanism
from app.knowledge.records import Match
from app.knowledge.remember import remembered


def mechanisms_of_finding(finding: Finding, driver: str, index: KnowledgeIndex) -> tuple[Mechanism, ...]:
    """The mechanisms that a finding shows in a tumour of this driver."""
    return tuple(
        mechanism
        for mechanism in index.mechanisms_by_gene.get(finding.gene, ())
        if driver in (*mechanism.record.genes, *mechanism.record.by_analogy_in)
        and any(_agrees(match, finding) for match in mechanism.record.matches)
    )


def carries_tumours(gene: str, driver: str, index: KnowledgeIndex) -> bool:
    """Changes of the gene were shown to carry tumours of this driver."""
    return any(one.carries(driver) for one in index.mechanisms_by_gene.get(gene, ()))


def targets_any(drug: str, genes: Set[str], index: KnowledgeIndex) -> bool:
    """True for a drug that is known to be aimed at one of the genes."""
    record = index.drugs.get(drug)
    return record is not None and not genes.isdisjoint(record.targets)


@remembered(1024)
def phenotypes(seen: frozenset[str], baseline: str | None, driver: str, index: KnowledgeIndex) -> tuple[Mechanism, ...]:
    """The changes of phenotype that the histologies ``seen`` in samples show against that of the disease.

    Where no sample states one, that of the disease stands for the tumour of today.
    """
    present = seen or (frozenset({baseline}) if baseline else frozenset())
    return tuple(
        mechanism
        for mechanism in index.phenotypes
        if driver in (*mechanism.record.genes, *mechanism.record.by_analogy_in)
        and any(
            match.histology in present and (match.histology != baseline or match.of_disease)
            for match in mechanism.record.matches
        )
    )


@remembered(1024)
def may_be_new(histology: str, index: KnowledgeIndex) -> bool:
    """True for a histology into which tumours change under treatment."""
    return any(match.histology == histology for one in index.phenotypes for match in one.record.matches)


def _agrees(match: Match, finding: Finding) -> bool:
    if isinstance(finding, SmallVariant):
        return _small_variant(match, finding)
    if isinstance(finding, CopyNumber):
        return match.type == "copy_number" and match.gene == finding.gene and match.change == finding.change
    if isinstance(finding, Fusion):
        return match.type == "fusion" and match.gene == finding.gene
    return _gene_alteration(match, finding)


def _small_variant(match: Match, finding: SmallVariant) -> bool:
    if match.type != "small_variant" or match.gene != finding.gene or finding.germline:
        return False
    if match.protein_changes:
        return finding.name in match.protein_changes
    if match.codons:
        return finding.change.start in match.codons and finding.change.kind == "substitution"
    if match.truncating is not None:
        return finding.change.truncating == match.truncating
    return True


def _gene_alteration(match: Match, finding: GeneAlteration) -> bool:
    if match.gene != finding.gene or match.type != "gene_alteration":
        return False
    if match.effect and match.effect != finding.effect:
        return False
    return match.text is None or match.text.casefold() in finding.description.casefold()
