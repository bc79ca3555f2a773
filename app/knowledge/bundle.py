"""The records of a release as one canonical JSON text: the same records give the same bytes."""

from __future__ import annotations

import hashlib
import json

from pydantic import ValidationError

from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.kinds import KINDS
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.policy import PolicyRecord
from app.knowledge.records import (
    SCHEMA_VERSION,
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
    RegimenRecord,
    SafetyRecord,
)


class Bundle(Model):
    """All active records of a release."""

    schema_version: str
    policy: PolicyRecord
    genes: tuple[GeneRecord, ...]
    drugs: tuple[DrugRecord, ...]
    regimens: tuple[RegimenRecord, ...]
    effects: tuple[EffectRecord, ...]
    mechanisms: tuple[MechanismRecord, ...]
    guidance: tuple[GuidanceRecord, ...]
    outcomes: tuple[OutcomeRecord, ...]
    frequencies: tuple[FrequencyRecord, ...]
    safety: tuple[SafetyRecord, ...]
    interactions: tuple[InteractionClassRecord, ...]
    agents: tuple[AgentsRecord, ...]
    notices: tuple[NoticesRecord, ...]
    citations: tuple[CitationRecord, ...]


def pack(records: KnowledgeRecords) -> bytes:
    """Write the active records as canonical JSON: keys sorted, UTF-8, no blanks, no ``null``."""
    active = records.active()
    document: dict[str, object] = {"schema_version": SCHEMA_VERSION}
    for kind in KINDS:
        held = getattr(active, kind)
        if isinstance(held, tuple):
            document[kind] = [
                one.model_dump(mode="json", exclude_none=True) for one in sorted(held, key=lambda one: one.id)
            ]
        else:
            document[kind] = held.model_dump(mode="json", exclude_none=True)
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def unpack(content: bytes, path: str = "bundle.json") -> KnowledgeRecords:
    """Read the records of a bundle. Raises KnowledgeError when the schema refuses it."""
    try:
        bundle = Bundle.model_validate_json(content)
    except ValidationError as error:
        raise KnowledgeError(
            Complaint(path, 0, f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}")
            for problem in error.errors(include_url=False)
        ) from error
    return KnowledgeRecords(**{kind: getattr(bundle, kind) for kind in KINDS})


def digest_of(content: bytes) -> str:
    """Digest of a file: ``sha256:`` and 64 hexadecimal digits."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
