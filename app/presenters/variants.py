"""What the knowledge says of one variant, or of several in cis or trans, drug by drug."""

from __future__ import annotations

from typing import Any

from app.domain.interpretation import Profile
from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import EvidenceItem
from app.knowledge.weighing import Call, worst
from app.presenters.native import citation_view, knowledge_reference

_DIRECTIONS = {True: "supports", False: "does_not_support"}


def render_variant(gene: str, names: Profile, phase: str, index: KnowledgeIndex) -> dict[str, Any]:
    """One entry per TKI of the gene; ``unknown`` where nobody has looked.

    ``phase``: ``cis`` reads the changes as one compound profile, ``trans`` as separate clones of which the worst decides, ``unknown`` as
    both, of which the worse decides.
    """
    readings: list[list[Profile]] = []
    if phase in ("cis", "unknown") or len(names) == 1:
        readings.append([names])
    if phase in ("trans", "unknown") and len(names) > 1:
        readings.append([(name,) for name in names])
    effects = []
    cited: set[str] = set()
    for regimen in index.regimens[gene]:
        if regimen.ranked is None:
            continue
        call = worst(index.call(gene, profile, regimen.id) for reading in readings for profile in reading)
        evidence = [_item(item, call) for item in call.items]
        cited.update(item.citation for item in call.items)
        effects.append(
            {
                "regimen_id": regimen.id,
                "activity": call.activity,
                "evidence_level": call.level,
                "clinical": call.clinical,
                "inferred_from": call.inferred_from,
                "evidence": evidence,
                "conflicting": call.conflicting,
            }
        )
    changes = index.known_changes[gene]
    return {
        "gene": gene,
        "protein_change": "+".join(names),
        "protein_changes": names,
        "phase": phase if len(names) > 1 else "single",
        "known": index.knows(gene, names) or (len(names) > 1 and all(name in changes for name in names)),
        "analogous_to": index.analogue_of(gene, names[0]) if len(names) == 1 and not index.knows(gene, names) else None,
        "effects": effects,
        "citations": {name: citation_view(index.citations[name]) for name in sorted(cited)},
        "knowledge": knowledge_reference(index),
    }


def _item(item: EvidenceItem, call: Call) -> dict[str, Any]:
    return {
        "id": item.id,
        "statement": item.summary,
        "activity": item.activity,
        "direction": _DIRECTIONS[item.activity == call.activity],
        "level": item.level,
        "basis": item.basis,
        "context": item.context,
        "n": item.n,
        "status": item.status,
        "citations": [item.citation],
    }
