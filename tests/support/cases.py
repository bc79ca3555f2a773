"""Random cases in the words of the real knowledge, for the properties that must hold of every one of them."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from app.knowledge.index import KnowledgeIndex

BYPASS = (
    "MET amplification", "KRAS G12C", "NRAS Q61K", "BRAF V600E", "EGFR L858R", "KIT amplification", "TP53 R273H", "RB1 R455*",
    "MET exon 14 skipping", "RUFY1::RET", "PIK3CA H1047R",
)  # fmt: skip
COMORBIDITIES = (
    "interstitial_lung_disease", "qt_prolongation", "bradycardia", "heart_failure", "severe_hepatic_impairment", "psychiatric_disease",
    "seizures", "pancreatitis", "hyperglycaemia", "severe_renal_impairment",
)  # fmt: skip
MEDICINES = (
    "rifampicin",
    "St John's wort",
    "ketoconazole",
    "clarithromycin",
    "midazolam",
    "amiodarone",
    "propranolol",
    "no such medicine",
)
SPECIMENS = ("plasma", "tissue", "csf", "pleural_fluid")
HISTOLOGIES = (None, None, None, "adenocarcinoma", "squamous", "small_cell")
START = dt.date(2020, 1, 1)


def changes(index: KnowledgeIndex, gene: str) -> list[str]:
    """Changes of the driver that the knowledge knows alone."""
    return sorted(one[0] for one in index.calls[gene] if len(one) == 1 and one[0].startswith("p."))


def unknown_changes(index: KnowledgeIndex, gene: str) -> list[str]:
    """Substitutions inside the kinase domain that the knowledge does not know."""
    record = index.genes[gene]
    assert record.sequence is not None
    assert record.kinase_domain is not None
    found = []
    for position in range(record.kinase_domain.start, record.kinase_domain.end, 7):
        standing = record.sequence[position - 1]
        name = f"p.{standing}{position}{'W' if standing != 'W' else 'A'}"
        if name not in index.known_changes[gene]:
            found.append(name)
    return found


def drugs(index: KnowledgeIndex, gene: str) -> list[str]:
    """The TKIs of the driver."""
    return [one.id for one in index.regimens[gene] if one.ranked]


def some(of: Sequence[str], most: int, least: int = 0) -> st.SearchStrategy[list[str]]:
    """A few different ones."""
    return st.lists(st.sampled_from(of), min_size=least, max_size=most).map(lambda found: list(dict.fromkeys(found)))


@st.composite
def findings(draw: st.DrawFn, index: KnowledgeIndex, gene: str) -> list[Any]:
    """What one sample may show."""
    known = draw(some(changes(index, gene), 3))
    compounds = sorted(one for one in index.calls[gene] if len(one) == 2)
    found: list[Any] = [f"{gene} {name} {draw(st.integers(1, 300)) / 10}%" for name in known]
    if draw(st.integers(0, 5)) == 0 and compounds:
        one, other = draw(st.sampled_from(compounds))
        if {one, other}.isdisjoint(known):
            phase = draw(st.sampled_from([{"in_cis_with": [other]}, {"in_trans_with": [other]}, {}]))
            found += [{"type": "small_variant", "gene": gene, "protein_change": one, **phase}, f"{gene} {other}"]
    found += draw(some(BYPASS, 2))
    found += [f"{gene} {name}" for name in draw(some(unknown_changes(index, gene), 1))]
    if draw(st.booleans()):
        found.append(f"EML4::{gene}")
    if draw(st.integers(0, 9)) == 0:
        found.append(f"{gene} amplification")
    return found


@st.composite
def cases(draw: st.DrawFn, index: KnowledgeIndex) -> dict[str, Any]:
    """A whole case: dated throughout, every sample with an id, so that any order of the lists means the same."""
    gene = draw(st.sampled_from(sorted(index.settings)))
    day, treatments = START, []
    given = draw(st.lists(st.sampled_from([*drugs(index, gene), "chemotherapy", "pemetrexed"]), max_size=4))
    for place, drug in enumerate(given):
        last = place == len(given) - 1
        ended = day + dt.timedelta(days=draw(st.integers(30, 500)))
        reasons = [
            "progression",
            "progression",
            "progression",
            "toxicity",
            "completed",
            "other",
            *([None] if last else []),
        ]
        reason = draw(st.sampled_from(reasons))
        line: dict[str, Any] = {"drugs": [drug], "started": day.isoformat()}
        if reason is not None:
            line |= {"stop_reason": reason, "ended": ended.isoformat()}
        if draw(st.integers(0, 3)) == 0:
            line["progression_sites"] = [draw(st.sampled_from(["brain", "liver", "leptomeninges", "bone"]))]
        treatments.append(line)
        day = ended + dt.timedelta(days=1)
    samples = []
    for place in range(draw(st.integers(0, 3))):
        collected = START + dt.timedelta(days=draw(st.integers(0, max(1, (day - START).days + 60))))
        one: dict[str, Any] = {
            "sample_id": f"P{place}",
            "collected": collected.isoformat(),
            "specimen": draw(st.sampled_from(SPECIMENS)),
            "findings": draw(findings(index, gene)),
        }
        histology = draw(st.sampled_from(HISTOLOGIES))
        if histology and one["specimen"] == "tissue":
            one["histology"] = histology
        samples.append(one)
    case: dict[str, Any] = {"driver": {"gene": gene}, "treatments": treatments, "samples": samples}
    patient: dict[str, Any] = {}
    if draw(st.booleans()):
        patient["comorbidities"] = draw(some(COMORBIDITIES, 2))
        patient["co_medications"] = draw(some(MEDICINES, 2))
        patient["pregnant"] = draw(st.integers(0, 4)) == 0
        patient["ecog"] = draw(st.integers(0, 4))
        case["patient"] = patient
    if draw(st.booleans()):
        case["jurisdiction"] = draw(st.sampled_from(["US", "EU", "CN", "JP"]))
    if draw(st.booleans()):
        case["disease"] = {"brain_metastases": draw(st.booleans())}
    if draw(st.integers(0, 4)) == 0:
        case["include_investigational"] = False
    if draw(st.integers(0, 2)) == 0:
        case["language"] = "zh-CN"
    return case


def body(case: dict[str, Any]) -> bytes:
    """The case as it is sent."""
    return json.dumps(case, ensure_ascii=False).encode()


def shuffled(value: Any, order: random.Random) -> Any:
    """The same case with the keys of every object and the members of every list in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    if isinstance(value, list):
        members = [shuffled(one, order) for one in value]
        order.shuffle(members)
        return members
    return value
