"""Files to records: the only place that reads curated files. Every problem is collected and raised at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from pydantic import ValidationError

from app.knowledge import overlay, policy, records, strict_yaml
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.kinds import KINDS, Kind, kind_of
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
    Model,
    NoticesRecord,
    OutcomeRecord,
    Record,
    RegimenRecord,
    SafetyRecord,
)
from app.knowledge.strict_yaml import Loc

_NO_RECORDS = frozenset({"releases", "schema", "templates"})
_BESIDE = frozenset({"README.md"})


@dataclass(frozen=True, slots=True)
class Source:
    """One record with the file it was read from."""

    path: str
    """Relative to the knowledge folder."""
    record: Record
    lines: Mapping[Loc, int] = field(default_factory=dict, repr=False)

    def line(self, at: Loc) -> int:
        """Line of a value, or of the nearest thing that holds it; 0 for a record of a release."""
        return _nearest(self.lines, at)


@dataclass(frozen=True)
class KnowledgeRecords:
    """All records, by kind, each kind ordered by id."""

    policy: PolicyRecord
    genes: tuple[GeneRecord, ...] = ()
    drugs: tuple[DrugRecord, ...] = ()
    regimens: tuple[RegimenRecord, ...] = ()
    effects: tuple[EffectRecord, ...] = ()
    mechanisms: tuple[MechanismRecord, ...] = ()
    guidance: tuple[GuidanceRecord, ...] = ()
    outcomes: tuple[OutcomeRecord, ...] = ()
    frequencies: tuple[FrequencyRecord, ...] = ()
    safety: tuple[SafetyRecord, ...] = ()
    interactions: tuple[InteractionClassRecord, ...] = ()
    agents: tuple[AgentsRecord, ...] = ()
    notices: tuple[NoticesRecord, ...] = ()
    citations: tuple[CitationRecord, ...] = ()
    files: Mapping[int, Source] = field(default_factory=dict, repr=False, compare=False)
    """Where each record was read, by the identity of the record; empty for a release."""

    def __iter__(self) -> Iterator[Record]:
        for kind in KINDS:
            held = getattr(self, kind)
            yield from held if isinstance(held, tuple) else (held,)

    def source(self, record: Record) -> Source:
        """Tell where a record was read; for a record of a release, where it belongs."""
        return self.files.get(id(record)) or Source(kind_of(record).path(record.id), record)

    def active(self) -> KnowledgeRecords:
        """Give the records that a release holds: neither drafts nor retired ones.

        The policy stays whatever its status; ``freeze`` refuses one that is not active.
        """
        kept: dict[str, tuple[Record, ...]] = {}
        for part in fields(self):
            held = getattr(self, part.name)
            if isinstance(held, tuple):
                kept[part.name] = tuple(record for record in held if record.curation.status == "active")
        return replace(self, **kept)  # type: ignore[arg-type]


def load_tree(root: Path) -> KnowledgeRecords:
    """Read every record of a knowledge folder.

    Raises KnowledgeError with every file and line that cannot be read as a record.
    """
    if not root.is_dir():
        raise KnowledgeError([Complaint(str(root), 0, "there is no knowledge folder here", "name it with --root")])
    complaints: list[Complaint] = []
    sources: list[Source] = []
    for path in _files(root, complaints):
        try:
            sources.append(_load_file(root, path))
        except KnowledgeError as error:
            complaints.extend(error.complaints)
    by_kind: dict[str, list[Record]] = {name: [] for name in KINDS}
    for source in sources:
        by_kind[kind_of(source.record).folder].append(source.record)
    if not complaints and len(by_kind["policy"]) != 1:
        complaints.append(
            Complaint("policy", 0, f"{len(by_kind['policy'])} policy records", "keep one policy/ranking.yaml")
        )
    if complaints:
        raise KnowledgeError(complaints)
    return gather(by_kind, {id(source.record): source for source in sources})


def gather(by_kind: Mapping[str, Iterable[Record]], files: Mapping[int, Source] | None = None) -> KnowledgeRecords:
    """Put records, given by kind, in order of their ids."""
    ordered = {name: tuple(sorted(by_kind.get(name, ()), key=lambda one: one.id)) for name in KINDS}
    (ranking,) = ordered.pop("policy")
    return KnowledgeRecords(policy=ranking, files=files or {}, **ordered)  # type: ignore[arg-type]


def _files(root: Path, complaints: list[Complaint]) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if (
            not path.is_file()
            or parts[0] in _NO_RECORDS
            or parts[-1].startswith(".")
            or parts in {(name,) for name in _BESIDE}
        ):
            continue
        if parts[0] not in KINDS or len(parts) == 1:
            cure = f"records live in {', '.join(sorted(KINDS))}"
            complaints.append(Complaint("/".join(parts), 0, "this is no folder of records", cure))
        elif path.suffix != ".yaml":
            complaints.append(Complaint("/".join(parts), 0, "a record file ends in .yaml", "rename it or move it away"))
        else:
            yield path


def _load_file(root: Path, path: Path) -> Source:
    return read_record(root, path, KINDS[path.relative_to(root).parts[0]])


def read_record(root: Path, path: Path, kind: Kind) -> Source:
    """Read one file as a record of a kind. Raises KnowledgeError with every line that cannot be read."""
    name = path.relative_to(root).as_posix()
    try:
        document = strict_yaml.parse(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise KnowledgeError([Complaint(name, 0, "the file is not UTF-8", "save it as UTF-8")]) from error
    except strict_yaml.StrictYAMLError as error:
        raise KnowledgeError(Complaint(name, line, what) for line, what in error.problems) from error
    return Source(name, _validate(kind, name, document), document.lines)


def _validate(kind: Kind, name: str, document: strict_yaml.Document) -> Record:
    try:
        return kind.model.model_validate(document.value)
    except ValidationError as error:
        problems = error.errors(include_url=False)
        found = []
        for problem in problems:
            at = problem["loc"]
            inside = any(len(other["loc"]) > len(at) and other["loc"][: len(at)] == at for other in problems)
            if problem["type"] == "too_short" and inside:
                continue  # the list is not short, its members were refused
            what, cure = _explain(problem["type"], str(problem["msg"]), at, problem["input"])
            found.append(Complaint(name, _nearest(document.lines, at), what, cure))
        raise KnowledgeError(found) from error


def _explain(code: str, message: str, at: Loc, given: object) -> tuple[str, str]:
    """Say in the words of a curator what the schema refused, and what would mend it."""
    where = ".".join(str(part) for part in at) or "the record"
    last = str(at[-1]) if at else ""
    if code == "missing":
        return f"{where} is missing", f"add the key {last!r}"
    if code == "extra_forbidden":
        near = difflib.get_close_matches(last, _FIELD_NAMES, n=1, cutoff=0.75)
        return f"{where} is not a key of this record", f"did you mean {near[0]!r}?" if near else "remove it"
    message = message.removeprefix("Value error, ").replace("Input should", "should", 1)
    given_text = f", not {given!r}" if isinstance(given, str) and repr(given) not in message else ""
    return f"{where}: {message}{given_text}", ""


def _nearest(lines: Mapping[Loc, int], at: Loc) -> int:
    for length in range(len(at), -1, -1):
        if at[:length] in lines:
            return lines[at[:length]]
    return 0


def _models() -> Iterator[type[Model]]:
    for module in (records, policy, overlay):
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Model):
                yield value


_FIELD_NAMES = sorted({name for model in _models() for name in model.model_fields})
