"""A folder to an overlay: strict YAML, the same complaints with file and line as for the knowledge itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.kinds import Kind
from app.knowledge.loader import Source, read_record
from app.knowledge.overlay import FormularyRecord, OverlayDocument
from app.knowledge.overlay_checks import KnownNames, overlay_faults

FORMULARY = Kind("formulary", FormularyRecord, "formulary")
_BESIDE = frozenset({"README.md"})


def load_overlay(folder: Path, known: KnownNames, on: dt.date | None = None) -> OverlayDocument:
    """Read and check an overlay. Its name is that of the folder.

    Raises KnowledgeError with every complaint. ``on`` is the day by which check dates are judged.
    """
    complaints: list[Complaint] = []
    sources: list[Source] = []
    for path in _files(folder, complaints):
        try:
            sources.append(read_record(folder, path, FORMULARY))
        except KnowledgeError as error:
            complaints.extend(error.complaints)
    if not complaints and not sources:
        complaints.append(Complaint(str(folder), 0, "there is no overlay here", "it holds formulary/*.yaml"))
    if complaints:
        raise KnowledgeError(complaints)
    document = _document(folder, sources)
    complaints = [*_complaints(document, sources, known, on), *_misplaced(sources)]
    if complaints:
        raise KnowledgeError(replace(one, check="overlay") for one in complaints)
    return document


def _files(folder: Path, complaints: list[Complaint]) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if not path.is_file() or any(part.startswith(".") for part in parts) or parts in {(one,) for one in _BESIDE}:
            continue
        if parts[0] != FORMULARY.folder or len(parts) != 2:
            cure = "an overlay holds formulary/*.yaml; it cannot add, change or remove facts"
            complaints.append(Complaint("/".join(parts), 0, "this does not belong in an overlay", cure))
        elif path.suffix != ".yaml":
            complaints.append(Complaint("/".join(parts), 0, "a record file ends in .yaml", "rename it or move it away"))
        else:
            yield path


def _document(folder: Path, sources: list[Source]) -> OverlayDocument:
    records = tuple(one.record for one in sources)
    try:
        return OverlayDocument.model_validate({"name": folder.resolve().name, "formularies": records})
    except ValidationError as error:
        what = f"the name of the overlay is that of its folder, and {folder.resolve().name!r} cannot be one"
        cure = "name the folder in lower-case letters, digits and hyphens"
        raise KnowledgeError([Complaint(str(folder), 0, what, cure)]) from error


def _complaints(
    document: OverlayDocument, sources: list[Source], known: KnownNames, on: dt.date | None
) -> Iterator[Complaint]:
    for fault in overlay_faults(document, known, on):
        source = sources[fault.record]
        yield Complaint(source.path, source.line(fault.at), fault.what, fault.cure)


def _misplaced(sources: list[Source]) -> Iterator[Complaint]:
    for source in sources:
        expected = FORMULARY.path(source.record.id)
        if expected != source.path:
            what = f"id {source.record.id!r} belongs in {expected}"
            yield Complaint(source.path, source.line(("id",)), what, "change the id or move the file")
