"""Small wording helpers shared by the sentences of the ranking."""

from __future__ import annotations

from collections.abc import Iterable

from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import Approval, EvidenceItem, Sourced
from app.knowledge.weighing import Call


def said(fact: Sourced, language: str) -> str:
    """The curator's sentence in the language of the answer, in English where it was not translated."""
    return fact.summary_zh if language == "zh-CN" and fact.summary_zh else fact.summary


def indication_of(approval: Approval, language: str) -> str:
    """The wording of an approval in the language of the answer, in English where it was not translated."""
    return approval.indication_zh if language == "zh-CN" and approval.indication_zh else approval.indication


def of_gene(call: Call, gene: str) -> list[EvidenceItem]:
    """What was read of a mechanism in the driver gene of the case, or in no gene in particular; of another gene where there is nothing else."""
    read = [item for item in call.items if item.status != "unverified"]
    own = [item for item in read if item.gene in (None, gene)]
    return own or read


def listed(names: Iterable[str], gene: str | None = None) -> str:
    """``ALK p.G1202R, ALK p.L1196M``."""
    return ", ".join(f"{gene} {name}" if gene else name for name in names)


def lines_text(lines: str, language: str) -> str:
    """``line 2`` or ``lines 1, 3``."""
    if language == "zh-CN":
        return f"第{lines}线"
    return f"line{'s' if ',' in lines else ''} {lines}"


def local_citation(index: KnowledgeIndex) -> str:
    """The id under which the local overlay is cited."""
    return index.overlay.citation if index.overlay else ""
