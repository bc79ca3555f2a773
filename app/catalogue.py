"""The knowledge to browse: drugs, evidence, sources, releases and what changed between two of them. Read only."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.adapters.changes import FindingError, as_hgvs, protein_change
from app.domain.errors import InvalidCase, Problem, UnknownKnowledgeVersionError, UnknownRecordError
from app.knowledge.diff import Change, compare
from app.knowledge.index import KnowledgeIndex
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.records import CitationRecord, DrugRecord, EvidenceItem, Frequency, GuidanceStatement, OutcomeResult
from app.presenters.native import citation_view, knowledge_reference, overlay_view


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release as the index of releases states it."""

    version: str
    released: str
    digest: str
    withdrawn_because: str | None = None
    records: int | None = None
    """How many it has, when it is loaded."""


@dataclass(frozen=True)
class Catalogue:
    """What the browse routes answer from."""

    rows: tuple[ReleaseRow, ...]
    """Newest first, withdrawn ones included."""
    default_version: str
    records: Mapping[str, KnowledgeRecords]
    indexes: Mapping[str, KnowledgeIndex]

    def _held(self, version: str | None) -> tuple[KnowledgeRecords, KnowledgeIndex]:
        name = version or self.default_version
        if name not in self.records:
            raise UnknownKnowledgeVersionError(name, tuple(self.records))
        return self.records[name], self.indexes[name]

    # --- drugs ---------------------------------------------------------------------------------------------------

    def drugs(self, gene: str | None = None, version: str | None = None) -> dict[str, Any]:
        """Every drug, or those ranked for one driver gene, by INN."""
        records, index = self._held(version)
        found = [_drug(drug) for drug in records.drugs if gene is None or gene in {one.gene for one in drug.ranked_for}]
        return {"drugs": found, "knowledge": knowledge_reference(index)}

    def drug(self, name: str, version: str | None = None) -> dict[str, Any]:
        """One drug by INN, brand, development code or any other known name. Raises UnknownRecordError."""
        _, index = self._held(version)
        inn = index.vocabulary.drugs.get(name.casefold(), name.casefold())
        record = index.drugs.get(inn)
        if record is None:
            raise UnknownRecordError("drug", name, _nearest(name, [*index.drugs, *index.vocabulary.drugs]))
        safety = index.safety.get(inn)
        cautions = [one.model_dump(mode="json", exclude_none=True) for one in safety.cautions] if safety else []
        approvals = [one.model_dump(mode="json", exclude_none=True) for one in record.approvals]
        cited = {one["citation"] for one in (*cautions, *approvals)} | ({record.citation} if record.citation else set())
        return {
            **_drug(record),
            "targets": list(record.targets),
            "approvals": approvals,
            "cautions": cautions,
            "citations": _citations(cited, index),
            "knowledge": knowledge_reference(index),
        }

    # --- evidence ------------------------------------------------------------------------------------------------

    def evidence(
        self,
        gene: str | None = None,
        variant: str | None = None,
        drug: str | None = None,
        version: str | None = None,
        limit: int = 50,
        start: int = 0,
    ) -> tuple[dict[str, Any], int]:
        """A page of the evidence items that match every filter given, by id; and how many match in all.

        Raises UnknownRecordError for a drug and InvalidCase for a variant that cannot be meant: an empty list would read as no
        evidence on what is only misspelt.
        """
        records, index = self._held(version)
        rows = list(_rows(records))
        wanted_drug = _drug_name(drug, index) if drug else None
        wanted = _variant_names(variant, gene, {name for row in rows for name in row.about}, index) if variant else ()
        found = sorted(
            (
                row
                for row in rows
                if (gene is None or gene in row.genes)
                and (wanted_drug is None or wanted_drug in row.regimen.split("+"))
                and all(name in row.about for name in wanted)
            ),
            key=lambda row: row.item.id,
        )
        page = found[start : start + limit]
        body = {
            "evidence": [row.view() for row in page],
            "total": len(found),
            "citations": _citations({row.item.citation for row in page}, index),
            "knowledge": knowledge_reference(index),
        }
        return body, len(found)

    def citation(self, name: str, version: str | None = None) -> dict[str, Any]:
        """One source. Raises UnknownRecordError."""
        _, index = self._held(version)
        if index.overlay is not None and name == index.overlay.citation:
            return {"citation": {"id": name, **overlay_view(index.overlay)}, "knowledge": knowledge_reference(index)}
        record = index.citations.get(name)
        if record is None:
            raise UnknownRecordError("citation", name, _nearest(name, list(index.citations)))
        return {"citation": _citation(record), "knowledge": knowledge_reference(index)}

    # --- releases ------------------------------------------------------------------------------------------------

    def releases(self) -> dict[str, Any]:
        """Every release, newest first."""
        return {"releases": [self._release(row) for row in self.rows], "default": self.default_version}

    def release(self, version: str) -> dict[str, Any]:
        """One release. Raises UnknownKnowledgeVersionError."""
        for row in self.rows:
            if row.version == version:
                return self._release(row)
        raise UnknownKnowledgeVersionError(version, tuple(row.version for row in self.rows))

    def _release(self, row: ReleaseRow) -> dict[str, Any]:
        view: dict[str, Any] = {
            "version": row.version,
            "released": row.released,
            "digest": row.digest,
            "withdrawn": row.withdrawn_because is not None,
            "loaded": row.version in self.records,
        }
        if row.withdrawn_because is not None:
            view["withdrawn_because"] = row.withdrawn_because
        if row.records is not None:
            view["records"] = row.records
        return view

    def diff(self, before: str, after: str) -> dict[str, Any]:
        """What changed from one loaded release to another. Raises UnknownKnowledgeVersionError."""
        old, new = self._held(before)[0], self._held(after)[0]
        found = compare(old, new, names=(before, after))
        return {
            "before": before,
            "after": after,
            "changes": [_difference(one) for one in (*found.added, *found.revised, *found.retired)],
        }


@dataclass(frozen=True, slots=True)
class _Row:
    """One evidence item with what it is about."""

    kind: str
    genes: tuple[str, ...]
    about: tuple[str, ...]
    regimen: str
    item: EvidenceItem | GuidanceStatement | OutcomeResult | Frequency

    def view(self) -> dict[str, Any]:
        item = self.item
        view: dict[str, Any] = {"id": item.id, "kind": self.kind}
        if len(self.genes) == 1:
            view["gene"] = self.genes[0]
        if self.about:
            view["variant"] = "+".join(self.about)
        if self.regimen:
            view["regimen_id"] = self.regimen
        if isinstance(item, EvidenceItem):
            view["activity"] = item.activity
        view |= {"level": item.level, "statement": item.summary, "citation": item.citation, "status": item.status}
        return view


def _rows(records: KnowledgeRecords) -> Iterator[_Row]:
    for effect in records.effects:
        profile = effect.molecular_profile
        about = profile.protein_changes or ((profile.event,) if profile.event else ())
        for statement in effect.statements:
            for item in statement.evidence:
                yield _Row("effect", (profile.gene,), about, statement.therapy, item)
    for mechanism in records.mechanisms:
        for item in mechanism.evidence:
            yield _Row("mechanism", mechanism.genes, (mechanism.label,), "", item)
        for response in mechanism.responses:
            for item in response.evidence:
                yield _Row("mechanism", mechanism.genes, (mechanism.label,), response.regimen, item)
    for regimen in records.regimens:
        for item in regimen.evidence:
            yield _Row("regimen", regimen.genes, (), regimen.regimen_id, item)
    for guidance in records.guidance:
        for advice in guidance.statements:
            yield _Row("guidance", (guidance.gene,), (guidance.setting,), advice.regimen, advice)
    for outcome in records.outcomes:
        for result in outcome.results:
            yield _Row("outcome", (outcome.gene,), result.protein_changes, outcome.regimen, result)
    for series in records.frequencies:
        for frequency in series.frequencies:
            about = tuple(frequency.alteration.split("+"))
            yield _Row("frequency", (series.gene,), about, series.drug, frequency)


def _drug(record: DrugRecord) -> dict[str, Any]:
    return {
        "id": record.inn,
        "drug_class": record.drug_class,
        "ranked_for": [one.gene for one in record.ranked_for],
        "names": [{"name": one.name, "kind": one.kind} for one in record.names],
        "codes": record.codes.model_dump(exclude_none=True),
    }


def _citation(record: CitationRecord) -> dict[str, Any]:
    return {"id": record.id, **citation_view(record)}


def _citations(names: set[str], index: KnowledgeIndex) -> dict[str, Any]:
    return {name: citation_view(index.citations[name]) for name in sorted(names) if name in index.citations}


def _difference(change: Change) -> dict[str, Any]:
    view = {"change": change.kind, "record": change.record, "text": change.sentence}
    if change.item:
        view["item"] = change.item
    return view


def _variant_names(text: str, gene: str | None, known: set[str], index: KnowledgeIndex) -> tuple[str, ...]:
    """What a row has to be about: one label, or protein changes in canonical form, several joined by ``+``. Raises InvalidCase."""
    labels = {name.casefold(): name for name in known}
    label = labels.get(text.strip().casefold())
    if label is not None:
        return (label,)
    try:
        return tuple(labels.get(part.casefold()) or _change(part, gene, index) for part in text.split("+"))
    except FindingError as error:
        near = [labels[one] for one in _nearest(text, list(labels))]
        hint = f"did you mean {' or '.join(map(repr, near))}? " if near else ""
        raise InvalidCase([Problem("", f"query parameter 'variant': {hint}{error}")]) from None


def _change(text: str, gene: str | None, index: KnowledgeIndex) -> str:
    """A protein change that the gene, or without one any driver gene, can have. Raises FindingError."""
    refused: list[str] = []
    genes = [gene] if gene else list(index.settings)
    for symbol in genes if as_hgvs(text.strip()) else genes[:1]:
        try:
            return str(protein_change(text.strip(), symbol, index))
        except FindingError as error:
            refused.append(str(error))
    raise FindingError("; ".join(dict.fromkeys(refused)))


def _drug_name(text: str, index: KnowledgeIndex) -> str:
    """The INN behind a name. Raises UnknownRecordError."""
    found = index.vocabulary.drugs.get(text.casefold())
    if found is None:
        raise UnknownRecordError("drug", text, _nearest(text, [*index.drugs, *index.vocabulary.drugs]))
    return found


def _nearest(name: str, known: list[str]) -> list[str]:
    known = list(dict.fromkeys(known))
    return difflib.get_close_matches(name.casefold(), known, n=3, cutoff=0.7)
