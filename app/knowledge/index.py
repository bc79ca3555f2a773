"""The knowledge as the engine reads it: compiled once, immutable look-ups, no files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.domain.interpretation import Profile, Situation
from app.domain.lines import first_line, last_line
from app.domain.variant import kind_and_residue
from app.knowledge.overlay import Overlay
from app.knowledge.policy import PolicyRecord, SettingPolicy
from app.knowledge.records import (
    CitationRecord,
    DrugRecord,
    EffectRecord,
    Frequency,
    GeneRecord,
    GuidanceStatement,
    MechanismRecord,
    Notice,
    OutcomeRecord,
    OutcomeResult,
    RankedFor,
    RegimenRecord,
    SafetyRecord,
)
from app.knowledge.weighing import UNKNOWN, Call, worst


@dataclass(frozen=True, slots=True)
class Release:
    """Which knowledge this is."""

    version: str
    released: dt.date
    digest: str
    shelf_life_days: int = 180


@dataclass(frozen=True, slots=True)
class Regimen:
    """One thing that can be recommended for a driver gene."""

    id: str
    kind: str
    """``tki``, ``combination``, ``chemotherapy``, ``trial``."""
    drugs: tuple[str, ...]
    ranked: RankedFor | None = None
    """Set for a TKI of the driver."""
    record: RegimenRecord | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every name by which a drug, gene or medicine is recognised, case-folded."""

    drugs: Mapping[str, str]
    """Name or code to INN or agent name."""
    drug_classes: Mapping[str, str]
    genes: Mapping[str, str]
    interactions: Mapping[str, tuple[str, ...]]
    """Name of a co-medication to the interaction classes it belongs to."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A compiled mechanism: the record and what its evidence amounts to."""

    record: MechanismRecord
    resistance: Call
    responses: Mapping[str, Call]
    decisive: bool
    """True when its evidence is enough to lower drugs of the driver."""

    def carries(self, gene: str) -> bool:
        """True when its evidence is enough and was seen in tumours of this driver."""
        return self.decisive and gene in self.record.genes


_SENTENCES = frozenset({"caution", "regimen", "why"})
"""Placeholders filled with a sentence or one name; the others are lists."""


@dataclass(frozen=True, eq=False)
class KnowledgeIndex:
    """Immutable look-ups of one release. Compared by identity, so that readings of names and findings can be remembered per release."""

    release: Release
    policy: PolicyRecord
    citations: Mapping[str, CitationRecord]
    genes: Mapping[str, GeneRecord]
    drugs: Mapping[str, DrugRecord]
    vocabulary: Vocabulary
    regimens: Mapping[str, tuple[Regimen, ...]]
    """Per driver gene, in alphabetical order."""
    effects: Mapping[str, Mapping[Profile, EffectRecord]]
    calls: Mapping[str, Mapping[Profile, Mapping[str, Call]]]
    mechanisms: Mapping[str, Mechanism]
    mechanisms_by_gene: Mapping[str, tuple[Mechanism, ...]]
    phenotypes: tuple[Mechanism, ...]
    mechanism_of_label: Mapping[str, str]
    """Case-folded label to mechanism id, for cohorts that name a mechanism in words."""
    guidance: Mapping[tuple[str, str], Mapping[str, tuple[GuidanceStatement, ...]]]
    outcomes: Mapping[tuple[str, str], OutcomeRecord]
    deciding: Mapping[tuple[str, str, str, str], OutcomeResult]
    """By gene, regimen, setting and criterion (``outcome`` or ``cns``); of advanced disease."""
    frequencies: Mapping[tuple[str, str], tuple[Frequency, ...]]
    safety: Mapping[str, SafetyRecord]
    notices: Mapping[tuple[str, str], Notice]
    settings: Mapping[str, tuple[str, ...]]
    """Per driver gene, from least to most advanced."""
    inhibitors: Mapping[str, Mapping[str, int]]
    """Per driver gene, each TKI that is ranked for it or counts in a history, with the place of the setting that its failure brings."""
    chemotherapies: Mapping[str, frozenset[str]]
    """Per driver gene, the named drugs of the chemotherapies that can be an option."""
    setting_policies: Mapping[tuple[str, str], SettingPolicy]
    known_changes: Mapping[str, frozenset[str]]
    """Per driver gene, the changes with a verdict on at least one drug, alone or as part of a compound."""
    harmful_changes: Mapping[str, frozenset[str]]
    """Those of them that at least one drug does not fully cover."""
    only_beside: Mapping[str, Mapping[str, tuple[frozenset[str], ...]]]
    """Per driver gene, the changes known only as part of a compound, with what must stand beside them: any of these sets."""
    noted_variants: Mapping[str, frozenset[tuple[str | None, str]]]
    """Per driver gene, the fusion variants (with the partner) for which frequencies are known."""
    junctions: Mapping[tuple[str, str, str], str]
    """Driver gene, partner and the exons joined (``6;20``) to the name of that variant of the fusion."""
    analogues: Mapping[str, Mapping[int, str]]
    """Per driver gene, residue to the known substitutions there, as text."""
    blood_genes: frozenset[str] = frozenset()
    """Genes whose changes in plasma may come from blood cells."""
    cautioned_classes: frozenset[str] = frozenset()
    """Classes of earlier treatment that bring a caution up."""
    labels: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """Drug or regimen to the name shown in English and in Chinese sentences."""
    overlay: Overlay | None = None
    """Local restrictions and notes laid over the release."""
    _memo: dict[tuple[str, Profile, str], Call] = field(default_factory=dict, repr=False, compare=False)
    roles: dict[tuple[object, ...], Any] = field(default_factory=dict, repr=False, compare=False)
    """Roles of findings already read against this release, kept by the interpretation."""
    _cited: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)
    remembered: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)
    """Caches of readings against this release (``remember.py``)."""

    def with_overlay(self, overlay: Overlay | None) -> KnowledgeIndex:
        """The same facts under another overlay, or under none. What was remembered is not shared."""
        return replace(self, overlay=overlay, _memo={}, _cited={}, roles={}, remembered={})

    def citation_bytes(self, name: str, render: Callable[[str, CitationRecord], bytes]) -> bytes:
        """The rendered source, rendered once."""
        found = self._cited.get(name)
        if found is None:
            found = self._cited[name] = render(name, self.citations[name])
        return found

    def say(self, kind: str, code: str, language: str, **values: str) -> tuple[str, tuple[str, ...]]:
        """The sentence of a notice in the language, its placeholders filled, with its citations."""
        notice = self.notices[kind, code]
        text = notice.text
        if language == "zh-CN":
            text = notice.text_zh
            values = {
                name: value if name in _SENTENCES else value.replace(", ", "、").replace(" and ", " 与 ") for name, value in values.items()
            }
        return text.format(**values) if values else text, notice.citations

    def speaks(self, kind: str, code: str) -> bool:
        """True when the release has the notice: one that was frozen before a sentence was written answers without it."""
        return (kind, code) in self.notices

    def label(self, name: str, language: str) -> str:
        """The name of a drug or regimen in sentences; as it is when the knowledge does not hold it."""
        english, chinese = self.labels.get(name, (name, name))
        return chinese if language == "zh-CN" else english

    def outside_the_trials(self, histology: str | None) -> bool:
        """True for a histology of the disease, stated before any inhibitor, that the trials behind the ranking did not take."""
        return any(
            match.of_disease and match.histology == histology for one in self.phenotypes for match in one.record.matches
        )

    def proven(self, names: Iterable[str], situation: Situation) -> bool:
        """True when one of the off-target mechanisms is known to carry resistance in tumours of this driver.

        Its own evidence says so in this driver; or a drug aimed at its gene was defeated: the tumour leaned on what the drug is aimed at.
        """
        mechanisms = [self.mechanisms[name] for name in names]
        if any(one.carries(situation.gene) for one in mechanisms):
            return True
        aimed = {target for drug in self.defeated(situation) for target in self.drugs[drug].targets}
        return any(match.gene in aimed for one in mechanisms for match in one.record.matches)

    def defeated(self, situation: Situation) -> list[str]:
        """The drugs aimed at something else than the driver that failed with an inhibitor of it or after one."""
        inhibitors = self.inhibitors[situation.gene]
        given = (*situation.failed, *situation.not_tolerated, *situation.ended)
        began = min((first_line(lines) for drug, lines in given if drug in inhibitors), default=None)
        if began is None:
            return []
        return [
            drug for drug, lines in situation.failed if drug in self.drugs and drug not in inhibitors and last_line(lines) >= began
        ]

    def policy_of(self, gene: str, setting: str) -> SettingPolicy:
        """What the policy says of a setting."""
        return self.setting_policies[gene, setting]

    def analogue_of(self, gene: str, change: str) -> str | None:
        """Known substitutions at the residue of a substitution that has no evidence of its own."""
        kind, place = kind_and_residue(change)
        return self.analogues[gene].get(place) if kind == "substitution" else None

    def knows(self, gene: str, profile: Profile) -> bool:
        """True when at least one drug has a verdict against the profile."""
        calls = self.calls.get(gene, {}).get(profile)
        return calls is not None and any(call.activity != "unknown" for call in calls.values())

    def call(self, gene: str, profile: Profile, drug: str) -> Call:
        """The verdict on a drug against a clone.

        A compound clone uses its own evidence; without it, the most cautious verdict of the profiles it contains, labelled as
        inferred and never better than preclinical (decision rules, step 5).
        """
        key = (gene, profile, drug)
        known = self._memo.get(key)
        if known is None:
            known = self._memo[key] = self._call(gene, profile, drug)
        return known

    def _call(self, gene: str, profile: Profile, drug: str) -> Call:
        table = self.calls[gene]
        own = table.get(profile, {}).get(drug)
        if own is not None and own.activity != "unknown":
            return own
        if len(profile) == 1:
            return own or UNKNOWN
        parts = [
            (part, calls[drug])
            for part, calls in table.items()
            if drug in calls and set(part) < set(profile) and calls[drug].activity != "unknown"
        ]
        if not parts or any(call.resensitises for _, call in parts):  # what one change undoes of another is not the worst of the two
            return UNKNOWN
        found = worst(call for _, call in parts)
        covered = {change for part, _ in parts for change in part}
        if found.activity == "sensitive" and not covered >= set(profile):
            return UNKNOWN
        sources = tuple("+".join(part) for part, call in parts if call is found)
        return replace(found, level="E", clinical=False, inferred_from=sources, resensitises=False)
