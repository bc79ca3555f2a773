"""The kinds of records: which folder holds them, which model reads them, and how an id names a file.

A new kind of fact starts here and in ``records/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.knowledge.policy import PolicyRecord
from app.knowledge.records import (
    AgentsRecord,
    CitationRecord,
    DrugRecord,
    EffectRecord,
    FrequencyRecord,
    GeneRecord,
    GuidanceRecord,
    InteractionClassRecord,
    MechanismRecord,
    NoticesRecord,
    OutcomeRecord,
    Record,
    RegimenRecord,
    SafetyRecord,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of record."""

    folder: str
    """Folder in ``knowledge/``; also the name of the kind."""
    model: type[Record]
    prefix: str
    """First part of every id; empty for citations, whose ids are bare."""
    per_gene: bool = False
    """True: one sub-folder per driver gene, and the gene is the second part of the id."""

    def path(self, record_id: str) -> str:
        """Give the file, relative to the knowledge folder, in which the record with this id belongs."""
        name = record_id.removeprefix(f"{self.prefix}:") if self.prefix else record_id
        return f"{self.folder}/{name.replace(':', '/' if self.per_gene else '-')}.yaml"


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.folder: kind
        for kind in (
            Kind("genes", GeneRecord, "gene"),
            Kind("drugs", DrugRecord, "drug"),
            Kind("regimens", RegimenRecord, "regimen"),
            Kind("effects", EffectRecord, "effect", per_gene=True),
            Kind("mechanisms", MechanismRecord, "mechanism"),
            Kind("guidance", GuidanceRecord, "guidance"),
            Kind("outcomes", OutcomeRecord, "outcome", per_gene=True),
            Kind("frequencies", FrequencyRecord, "frequency", per_gene=True),
            Kind("safety", SafetyRecord, "safety"),
            Kind("interactions", InteractionClassRecord, "interaction"),
            Kind("agents", AgentsRecord, "agents"),
            Kind("notices", NoticesRecord, "notices"),
            Kind("citations", CitationRecord, ""),
            Kind("policy", PolicyRecord, "policy"),
        )
    }
)
"""Every kind by its folder."""


def kind_of(record: Record) -> Kind:
    """Give the kind of a record."""
    return next(kind for kind in KINDS.values() if isinstance(record, kind.model))
