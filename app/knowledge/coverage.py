"""Who studied what: per driver gene, each variant against each drug. An empty cell is a finding too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.terms import DriverGene
from app.domain.variant import ProteinChangeError, parse_protein_change
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.records import EffectRecord, EffectStatement

Resolve = Callable[[EffectStatement], str]
"""Gives the verdict of a statement. The engine's own may be passed in, so that the table says what the service says."""

_WORST_FIRST = ("resistant", "reduced", "sensitive", "unknown")
_NOBODY = "·"
_HEAD = f"""# Coverage: variants against drugs

Written by `tki knowledge coverage --write`; do not edit. A cell gives the verdict and how many items stand behind it:
`c` seen in patients, `p` preclinical, `u` unverified (shown, never ranked on). `{_NOBODY}`: nobody has looked.
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of one drug against one profile."""

    clinical: int
    preclinical: int
    unverified: int
    """Not counted in the other two."""
    verdicts: tuple[str, ...]
    """Verdicts of the verified items, the worst first."""
    resolved: str | None = None

    def __str__(self) -> str:
        verdict = self.resolved or " / ".join(self.verdicts) or "unknown"
        counts = [(self.clinical, "c"), (self.preclinical, "p"), (self.unverified, "u")]
        return f"{verdict} ({', '.join(f'{count}{letter}' for count, letter in counts if count)})"


@dataclass(frozen=True, slots=True)
class Row:
    """One molecular profile against every drug that has been looked at."""

    profile: str
    cells: Mapping[str, Cell]
    """By INN; a drug that nobody studied has none."""


@dataclass(frozen=True, slots=True)
class GeneCoverage:
    """The table of one driver gene."""

    gene: DriverGene
    drugs: tuple[str, ...]
    """Drugs ranked for the gene and any other that has a statement, in alphabetical order."""
    rows: tuple[Row, ...]


def coverage(records: KnowledgeRecords, resolve: Resolve | None = None) -> tuple[GeneCoverage, ...]:
    """Count the evidence of the active records."""
    active = records.active()
    clinical = frozenset(active.policy.weighing.clinical)
    tables = []
    for gene in (entry.gene for entry in active.policy.genes):
        effects = sorted((one for one in active.effects if one.molecular_profile.gene == gene), key=_place)
        rows = tuple(
            Row(_name(effect), {one.therapy: _cell(one, clinical, resolve) for one in effect.statements})
            for effect in effects
        )
        ranked = {drug.inn for drug in active.drugs for entry in drug.ranked_for if entry.gene == gene}
        named = {drug for row in rows for drug in row.cells}
        tables.append(GeneCoverage(gene, tuple(sorted(ranked | named)), rows))
    return tuple(tables)


def markdown(tables: tuple[GeneCoverage, ...]) -> str:
    """Write the tables for readers."""
    parts = [_HEAD]
    for table in tables:
        parts.append(f"## {table.gene}\n")
        parts.append(f"{_summary(table)}\n")
        lines = [
            f"| {' | '.join(('variant', *table.drugs))} |",
            f"| {' | '.join('---' for _ in range(len(table.drugs) + 1))} |",
        ]
        for row in table.rows:
            cells = (str(row.cells[drug]) if drug in row.cells else _NOBODY for drug in table.drugs)
            lines.append(f"| {' | '.join((row.profile, *cells))} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _summary(table: GeneCoverage) -> str:
    cells = [cell for row in table.rows for cell in row.cells.values()]
    possible = len(table.rows) * len(table.drugs)
    seen = sum(1 for cell in cells if cell.clinical)
    pairs = f"{len(cells)} of {possible} pairs have evidence, {seen} of them from patients"
    return f"{len(table.rows)} profiles, {len(table.drugs)} drugs: {pairs}."


def _cell(statement: EffectStatement, clinical: frozenset[str], resolve: Resolve | None) -> Cell:
    verified = [item for item in statement.evidence if item.status != "unverified"]
    in_patients = sum(1 for item in verified if item.basis in clinical)
    said = {item.activity for item in verified}
    return Cell(
        clinical=in_patients,
        preclinical=len(verified) - in_patients,
        unverified=len(statement.evidence) - len(verified),
        verdicts=tuple(verdict for verdict in _WORST_FIRST if verdict in said),
        resolved=resolve(statement) if resolve else None,
    )


def _name(effect: EffectRecord) -> str:
    profile = effect.molecular_profile
    return "+".join(change.removeprefix("p.") for change in profile.protein_changes) or str(profile.event)


def _place(effect: EffectRecord) -> tuple[int, int, str]:
    """Order single changes by residue, then combinations, then events of the whole gene."""
    changes = effect.molecular_profile.protein_changes
    try:
        first = parse_protein_change(changes[0])[1].start if changes else 0
    except ProteinChangeError:
        first = 0
    return (len(changes) or 99, first, _name(effect))
