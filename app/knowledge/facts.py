"""The records with the look-ups that the checks share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from app.knowledge.errors import Complaint
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.records import GeneRecord, Model, Record
from app.knowledge.strict_yaml import Loc
from app.knowledge.walk import walk

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Facts:
    """The records with the look-ups that the checks share."""

    records: KnowledgeRecords
    on: dt.date | None
    """Day by which dates are judged: the day of the release, or today."""

    def complain(self, record: Record, at: Loc, what: str, cure: str = "") -> Complaint:
        """Make a complaint about a value of a record."""
        source = self.records.source(record)
        return Complaint(source.path, source.line(at), what, cure)

    @cached_property
    def everything(self) -> tuple[tuple[Record, Loc, Model], ...]:
        """Every model of every record, with the way to it."""
        return tuple((record, at, model) for record in self.records for at, model in walk(record))

    def every(self, model: type[M]) -> Iterator[tuple[Record, Loc, M]]:
        """Give everything of one type."""
        for record, at, one in self.everything:
            if isinstance(one, model):
                yield record, at, one

    @cached_property
    def genes(self) -> dict[str, GeneRecord]:
        """Genes by symbol."""
        return {gene.symbol: gene for gene in self.records.genes}

    @cached_property
    def settings(self) -> dict[str, frozenset[str]]:
        """Settings of each driver gene."""
        policy = self.records.policy
        return {gene.gene: frozenset(setting.name for setting in gene.settings) for gene in policy.genes}

    def missing(self, table: Mapping[str, Record], name: str, user: Record) -> str | None:
        """Say why a name cannot be used by a record, or None when it can.

        What an active record names must be active too, since a release holds nothing else.
        """
        found = table.get(name)
        if found is None:
            return "is not known"
        if user.curation.status == "active" and found.curation.status != "active":
            return f"is only {found.curation.status}, and an active record cannot rest on it"
        return None

    @cached_property
    def drugs(self) -> dict[str, Record]:
        """Drugs by INN."""
        return {drug.inn: drug for drug in self.records.drugs}

    @cached_property
    def regimens(self) -> dict[str, Record]:
        """Everything that can be recommended: regimens by their id, single drugs by INN."""
        return {**self.drugs, **{regimen.regimen_id: regimen for regimen in self.records.regimens}}

    @cached_property
    def vocabulary(self) -> dict[str, Record]:
        """Every medicine by its name: drugs by INN, and the agents of histories."""
        agents = {agent.name: record for record in self.records.agents for agent in record.agents}
        return {**agents, **self.drugs}

    @cached_property
    def classes(self) -> frozenset[str]:
        """Classes of medicines (``chemotherapy``)."""
        of_agents = {agent.drug_class for record in self.records.agents for agent in record.agents}
        return frozenset(of_agents | {drug.drug_class for drug in self.records.drugs})
