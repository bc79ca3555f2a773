"""A small invented knowledge, so that tests of the logic do not test the facts.

The drugs, by what is known after they fail in ALK: ``alphatinib`` (first generation), ``betatinib`` (second), ``gammatinib`` (third), all
licensed everywhere; ``deltatinib`` is investigational. In ROS1: ``rhotinib`` and, later, ``sigmatinib``.

``knowledge(...)`` compiles it together with the records that a test adds::

    index = knowledge(effect("p.G11R", betatinib=[seen("resistant")], gammatinib=[seen("sensitive")]))
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any

import yaml

from app.adapters.native import to_case
from app.domain.case import Case
from app.domain.interpretation import Interpretation, Situation
from app.interpretation.interpret import interpret
from app.knowledge.compiler import compile_index
from app.knowledge.index import KnowledgeIndex, Release
from app.knowledge.loader import KnowledgeRecords
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
    OutcomeRecord,
    Record,
    RegimenRecord,
    SafetyRecord,
)
from app.service import Engine
from app.wire.case import Case as WireCase
from tests.trees import REPOSITORY

PROTEIN = "MKTAYIAKQRGGLVDEFWPSMKTAYIAKQRCHNQLVDEFW"
"""Residues 1 to 40 of both invented drivers; the kinase domain is 3 to 30."""
RELEASE = Release("2026.1.0", dt.date(2026, 1, 20), "sha256:test")
SOURCE, LABEL = "doe-2020", "label-of-a-drug"
EVERYWHERE = ("US", "EU", "CN", "JP")

_CURATION = {"status": "active", "curated_by": "a curator", "checked_on": "2026-01-02"}
_SAID = {"citation": SOURCE, "status": "read_in_primary"}
_STATES = (
    "none_yet",
    "none_detected",
    "not_assessable",
    "on_target",
    "off_target",
    "on_and_off_target",
    "histologic_transformation",
)
_OF_STATE = {
    _STATES[:3]: "availability category guidance archived_resistance patient_cautions outcome",
    _STATES[3:4]: "availability molecular_activity category guidance archived_resistance patient_cautions outcome",
    _STATES[4:]: "recommended_first molecular_activity category guidance patient_cautions outcome",
}


def _record(**fields: Any) -> dict[str, Any]:
    return {"schema_version": "1.0", "curation": _CURATION, **fields}


# --- records a test adds ----------------------------------------------------------------------------------------

_numbers = iter(range(10**9))


def seen(activity: str, basis: str = "cohort", level: str = "C", **more: Any) -> dict[str, Any]:
    """One observation: by default a cohort of ten patients."""
    number = next(_numbers)
    if basis in ("cohort", "trial", "trial_subgroup"):
        more.setdefault("n", 10)
    said = f"In {basis.replace('_', ' ')} {number} the drug was found {activity}."
    return {
        **_SAID,
        "id": f"item-{number:09}",
        "activity": activity,
        "basis": basis,
        "level": level,
        "summary": said,
    } | more


def cells(activity: str, citation: str = SOURCE, **more: Any) -> dict[str, Any]:
    """One observation in cell lines."""
    return seen(activity, "cell_based", "D", citation=citation, **more)


def effect(
    *changes: str, gene: str = "ALK", resensitises: Iterable[str] = (), **by_drug: list[dict[str, Any]]
) -> EffectRecord:
    """What is known of one change, of several in cis, or (no changes) of amplification."""
    profile = {"gene": gene, "protein_changes": changes} if changes else {"gene": gene, "event": "amplification"}
    statements = [
        {"therapy": drug, "evidence": items, "resensitises": drug in resensitises} for drug, items in by_drug.items()
    ]
    name = "+".join(changes) or "amplification"
    return EffectRecord.model_validate(
        _record(id=f"effect:{gene}:{name}", molecular_profile=profile, statements=statements)
    )


def approval(jurisdiction: str = "US", gene: str = "ALK", status: str = "approved", **more: Any) -> dict[str, Any]:
    """What one regulator says."""
    fixed = {"indication": f"{gene}-positive lung cancer", "citation": LABEL, "status_read": "read_in_primary"}
    return {"jurisdiction": jurisdiction, "gene": gene, "status": status, **fixed, **more}


def drug(
    inn: str,
    setting_after: str = "after_first_generation",
    development: str = "licensed",
    gene: str = "ALK",
    approvals: list[dict[str, Any]] | None = None,
    names: Iterable[str] = (),
) -> DrugRecord:
    """A TKI of a driver, by default approved everywhere when licensed."""
    if approvals is None:
        approvals = [approval(where, gene) for where in EVERYWHERE] if development == "licensed" else []
    ranked = {"gene": gene, "generation": "first", "setting_after": setting_after, "development": development}
    return DrugRecord.model_validate(
        _record(
            id=f"drug:{inn}",
            inn=inn,
            names=[{"name": name, "kind": "brand"} for name in names],
            drug_class="tki",
            targets=[gene],
            ranked_for=[ranked],
            approvals=approvals,
        )
    )


def guidance(setting: str, gene: str = "ALK", /, **standing: str | dict[str, Any]) -> GuidanceRecord:
    """What a body says in a setting: ``guidance("tki_naive", betatinib="preferred")``."""
    statements = []
    for name, what in standing.items():
        more = {"standing": what} if isinstance(what, str) else what
        regimen = name.replace("_and_", "+")
        said = {"id": f"gl-{next(_numbers)}", "regimen": regimen, "body": "A society", "version": "2025"}
        statements.append({**_SAID, **said, "summary": f"A society speaks of {regimen} in {setting}.", **more})
    return GuidanceRecord.model_validate(
        _record(id=f"guidance:{gene}:{setting}", gene=gene, setting=setting, statements=statements)
    )


def outcome(
    regimen: str, setting: str, months: float | None = None, ic_orr: float | None = None, gene: str = "ALK", **more: Any
) -> OutcomeRecord:
    """A trial of a regimen in a setting: median PFS decides ``outcome``, intracranial response ``cns``."""
    results = []
    for decides, measure, value, unit in (
        ("outcome", "median_pfs", months, "months"),
        ("cns", "ic_orr", ic_orr, "percent"),
    ):
        if value is not None:
            said = {**_SAID, "id": f"out-{next(_numbers)}", "summary": f"{regimen} gave {value} {unit} in {setting}."}
            facts = {"settings": [setting], "design": "single_arm", "level": "B", "decides": [decides]}
            results.append({**said, **facts, "measures": [{"measure": measure, "value": value, "unit": unit}], **more})
    return OutcomeRecord.model_validate(
        _record(id=f"outcome:{gene}:{regimen}:{setting}", gene=gene, regimen=regimen, results=results)
    )


def caution(drug: str, severity: str, /, **when: Any) -> SafetyRecord:
    """One rule of a label: ``caution("betatinib", "contraindicated", pregnant=True)``."""
    code = when.get("comorbidity") or (
        "interaction" if "interaction_class" in when else "pregnancy" if when else "monitoring"
    )
    said = {**_SAID, "citation": LABEL, "summary": f"The label of {drug} says {severity}."}
    one = {**said, "id": f"saf-{next(_numbers)}", "code": code, "when": when, "severity": severity}
    return SafetyRecord.model_validate(_record(id=f"safety:{drug}", drug=drug, cautions=[one], label_read=True))


def baseline(drug: str, /, citation: str = LABEL, status: str = "read_in_primary", **tests: str) -> SafetyRecord:
    """What a label asks for before the first dose: ``baseline("betatinib", ecg="baseline_ecg")``."""
    asked = [
        {
            "id": f"saf-{drug}-{name}",
            "test": code,
            "summary": f"The label of {drug} asks for a test before the first dose.",
            "citation": citation,
            "status": status,
        }
        for name, code in tests.items()
    ]
    return SafetyRecord.model_validate(_record(id=f"safety:{drug}", drug=drug, baseline=asked))


def label(drug: str, *, read: bool = True) -> SafetyRecord:
    """A label without cautions, which the curator could read or not."""
    return SafetyRecord.model_validate(_record(id=f"safety:{drug}", drug=drug, label_read=read))


def mechanism(
    name: str,
    *matches: dict[str, Any],
    kind: str = "bypass",
    evidence: list[dict[str, Any]] | None = None,
    responses: Mapping[str, list[dict[str, Any]]] | None = None,
    next_tests: Iterable[str] = (),
) -> MechanismRecord:
    """A bypass (by default with cohort evidence), a phenotype or a marker of risk."""
    fields = {
        "label": name,
        "kind": kind,
        "genes": ["ALK", "ROS1"],
        "matches": matches,
        "evidence": [seen("resistant")] if evidence is None else evidence,
        "responses": [{"regimen": regimen, "evidence": items} for regimen, items in (responses or {}).items()],
        "next_tests": tuple(next_tests),
    }
    return MechanismRecord.model_validate(_record(id=f"mechanism:{name.replace(' ', '-')}", **fields))


def regimen(
    name: str, kind: str, *drugs: str, gene: str = "ALK", evidence: list[dict[str, Any]] | None = None
) -> RegimenRecord:
    """A combination, chemotherapy or trial."""
    parts = [{"drug": one} for one in drugs]
    fields = {"regimen_id": name, "label": name, "kind": kind, "genes": [gene], "components": parts}
    return RegimenRecord.model_validate(_record(id=f"regimen:{name}", **fields, evidence=evidence or []))


def frequencies(drug: str, gene: str = "ALK", n: int = 50, line: str = "any", **share: float) -> FrequencyRecord:
    """What was seen after a drug: ``frequencies("betatinib", G11R=0.4)``."""
    found = [
        {
            **_SAID,
            "id": f"fr-{next(_numbers)}",
            "alteration": name if name.endswith("target") else f"p.{name}",
            "frequency": value,
            "n": n,
            "line": line,
            "level": "C",
            "summary": f"{name} was found in a share of {value} after {drug}.",
        }
        for name, value in share.items()
    ]
    return FrequencyRecord.model_validate(
        _record(id=f"frequency:{gene}:{drug}", gene=gene, drug=drug, frequencies=found)
    )


# --- what is always there ---------------------------------------------------------------------------------------


def _gene(symbol: str, *aliases: str, driver: bool = False) -> GeneRecord:
    of_driver = {
        "driver": True,
        "transcript": f"NM_{symbol}00001.1".replace("ALK", "1").replace("ROS1", "2"),
        "protein": "NP_000001.1" if symbol == "ALK" else "NP_000002.1",
        "kinase_domain": {"start": 3, "end": 30},
        "sequence": PROTEIN,
        "citation": SOURCE,
    }
    return GeneRecord.model_validate(
        _record(id=f"gene:{symbol}", symbol=symbol, aliases=aliases, **(of_driver if driver else {}))
    )


@cache
def policy() -> PolicyRecord:
    """A policy in the form of the real one; the order of the criteria, settings and thresholds are the tests' own."""
    why = {"because": "Because the tests say so.", "citations": [SOURCE]}
    alk = ("tki_naive", "after_first_generation", "after_second_generation", "after_third_generation")
    ros1 = ("tki_naive", "after_rhotinib", "after_next_generation")
    last = ["cns", "evidence_level", "regulatory", "tolerability", "name"]
    orders = []
    for states, text in _OF_STATE.items():
        order = text.split()
        with_cns = [*order[: order.index("guidance") + 1], "cns", *order[order.index("guidance") + 1 :], *last[1:]]
        orders.append({**why, "resistance": states, "order": [*order, *last], "order_with_cns_disease": with_cns})
    ours = _record(
        id="policy:ranking",
        genes=[
            {"gene": "ALK", "settings": [{**why, "name": name, "variant_gates": name in alk[2:]} for name in alk]},
            {
                "gene": "ROS1",
                "settings": [{**why, "name": name, "variant_gates": name in ros1[1:]} for name in ros1],
            },
        ],
        weighing={
            **why,
            "classes": [
                ["randomised_trial", "trial", "trial_subgroup"],
                ["cohort"],
                ["case_series"],
                ["case_report"],
                ["review", "guideline", "label"],
                ["in_vivo"],
                ["cell_based"],
                ["biochemical"],
                ["structural", "expert_opinion"],
            ],
            "clinical": ["randomised_trial", "trial", "trial_subgroup", "cohort", "case_series", "case_report"],
            "strong_preclinical_sources": 2,
        },
        potency={**why, "sensitive_below_fold": 5, "resistant_from_fold": 10},
        criteria=[{**one, **why} for one in _rest_of_policy()["criteria"]],
        orders=orders,
        cns=_bands("ic_orr", "percent", high=60, moderate=40, low=0),
        outcome=_bands("median_pfs", "months", very_long=36, long=24, intermediate=12, short=6, very_short=0)
        | {"not_reached": "very_long"},
        outcome_by_response=_bands("orr", "percent", intermediate=60, short=30, very_short=0),
        series={
            **why,
            "decisive_before_change_days": 42,
            "same_time_point_days": 60,
            "rising_factor": 2,
            "falling_factor": 0.5,
            "outdated_without_change_days": 180,
        },
        decisive_bypass_levels=["A", "B", "C"],
    )
    return PolicyRecord.model_validate(_laid_over(_rest_of_policy(), ours))


def _laid_over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {name: _laid_over(below[name], above[name]) for name in below if isinstance(above.get(name), Mapping)}
    return {**below, **above, **both}


def _rest_of_policy() -> dict[str, Any]:
    """What the real policy states beyond what these tests fix for themselves."""
    text = (REPOSITORY / "knowledge" / "policy" / "ranking.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    return found


def _bands(measure: str, unit: str, **at_least: float) -> dict[str, Any]:
    bands = [{"grade": grade, "at_least": value} for grade, value in at_least.items()]
    return {"because": "Because.", "citations": [SOURCE], "measure": measure, "unit": unit, "bands": bands}


class Said(str):
    """The text of a notice: its code, followed by whatever would fill the placeholders of the real sentence."""

    __slots__ = ()

    def format(self, *args: object, **values: object) -> str:
        """The code and the values."""
        return " ".join([self, *(f"{name}={value}" for name, value in values.items())])


class AnyNotice(Mapping[tuple[str, str], Any]):
    """A notice for every code, so that tests see which sentence was said, and of what."""

    def __getitem__(self, key: tuple[str, str]) -> Any:
        """The code as its own text, cited."""
        return SimpleNamespace(code=key[1], text=Said(key[1]), text_zh=Said(f"中文 {key[1]}"), citations=(SOURCE,))

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Nothing to list."""
        return iter(())

    def __len__(self) -> int:
        """Nothing to count."""
        return 0


DRUGS = (
    drug("alphatinib", names=["Alphix", "阿尔法替尼"]),
    drug("betatinib", "after_second_generation"),
    drug("gammatinib", "after_third_generation"),
    drug("deltatinib", "after_third_generation", "investigational"),
    drug("rhotinib", "after_rhotinib", gene="ROS1"),
    drug("sigmatinib", "after_next_generation", gene="ROS1"),
)
MET_AMPLIFICATION = {"type": "copy_number", "gene": "MET", "change": "amplification"}
_KIND = {
    DrugRecord: "drugs",
    EffectRecord: "effects",
    FrequencyRecord: "frequencies",
    GuidanceRecord: "guidance",
    MechanismRecord: "mechanisms",
    OutcomeRecord: "outcomes",
    RegimenRecord: "regimens",
    SafetyRecord: "safety",
}


def knowledge(*added: Record) -> KnowledgeIndex:
    """The invented knowledge with the records of a test, compiled, with a sentence for every code."""
    return dataclasses.replace(compile_index(records_with(*added), RELEASE), notices=AnyNotice())


def records_with(*added: Record) -> KnowledgeRecords:
    """The invented records with those of a test; a drug of the same INN replaces the one that is there."""
    held: dict[str, list[Record]] = {kind: [] for kind in _KIND.values()}
    replaced = {one.inn for one in added if isinstance(one, DrugRecord)}
    held["drugs"] = [one for one in DRUGS if one.inn not in replaced]
    held["regimens"] = [regimen("clinical_trial", "trial"), regimen("chemotherapy", "chemotherapy")]
    for one in added:
        held[_KIND[type(one)]].append(one)
    told = {one.drug for one in added if isinstance(one, SafetyRecord)}
    held["safety"] += [label(one.inn) for one in held["drugs"] if isinstance(one, DrugRecord) and one.inn not in told]
    return KnowledgeRecords(
        policy=policy(),
        genes=(
            _gene("ALK", driver=True),
            _gene("ROS1", driver=True),
            *(_gene(symbol) for symbol in ("EML4", "MET", "KRAS", "TP53", "RB1")),
        ),
        interactions=(_interactions(),),
        agents=(_agents(),),
        citations=tuple(_citation(name) for name in (SOURCE, LABEL, "poe-2021")),
        **{kind: tuple(records) for kind, records in held.items()},  # type: ignore[arg-type]
    )


def _citation(name: str) -> CitationRecord:
    return CitationRecord.model_validate(
        _record(id=name, type="article", title=f"Invented {name}", url=f"https://example.org/{name}")
    )


def _interactions() -> InteractionClassRecord:
    members = [{"name": "rifampicin", "synonyms": ["rifampin"], "citation": LABEL}]
    return InteractionClassRecord.model_validate(
        _record(
            id="interaction:strong_cyp3a_inducer",
            class_id="strong_cyp3a_inducer",
            label="strong CYP3A inducer",
            members=members,
        )
    )


def _agents() -> AgentsRecord:
    agents = [{"name": name, "drug_class": "chemotherapy"} for name in ("chemotherapy", "carboplatin", "pemetrexed")]
    return AgentsRecord.model_validate(_record(id="agents:agents", agents=agents))


# --- cases and answers ------------------------------------------------------------------------------------------


def case_of(given: Mapping[str, Any], index: KnowledgeIndex) -> Case:
    """A case sent as JSON, read. The driver is ALK unless it is named."""
    return to_case(WireCase.model_validate_json(json.dumps({"driver": {"gene": "ALK"}, **given})), index, "en")


def interpretation_of(index: KnowledgeIndex, **given: Any) -> Interpretation:
    """What is read out of a case."""
    return interpret(case_of(given, index), index)


def situation_of(index: KnowledgeIndex, **given: Any) -> Situation:
    """What the ranking depends on."""
    return interpretation_of(index, **given).situation


def answer_of(index: KnowledgeIndex, **given: Any) -> dict[str, Any]:
    """The whole answer to a case."""
    body = json.dumps({"driver": {"gene": "ALK"}, **given}, ensure_ascii=False).encode()
    found: dict[str, Any] = json.loads(Engine({"test": index}, "test").recommend_bytes(body).body)
    return found


def options_of(answer: Mapping[str, Any]) -> list[str]:
    """The regimens of an answer in their order."""
    return [one["regimen_id"] for one in answer["options"]]


def option_of(answer: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One option of an answer."""
    found: dict[str, Any] = next(one for one in answer["options"] if one["regimen_id"] == name)
    return found


def reasons_of(answer: Mapping[str, Any]) -> dict[str, list[str]]:
    """The regimens that are not recommended, with the codes of the reasons."""
    return {one["regimen_id"]: [reason["code"] for reason in one["reasons"]] for one in answer["not_recommended"]}


def codes_of(flags: Iterable[Any]) -> list[str]:
    """The codes of flags, tests or warnings."""
    return [one["code"] if isinstance(one, Mapping) else one.code for one in flags]


def failed(*drugs: str, ended: str | None = None, **more: Any) -> dict[str, Any]:
    """A line of treatment that ended in progression."""
    return {"drugs": list(drugs), "stop_reason": "progression", **({"ended": ended} if ended else {}), **more}


def sample(*findings: Any, collected: str | None = None, **more: Any) -> dict[str, Any]:
    """A sample, by default plasma, with findings in short."""
    return {"findings": list(findings), **({"collected": collected} if collected else {}), **more}


AFTER_FIRST, AFTER_SECOND = [failed("alphatinib")], [failed("betatinib")]
"""Histories that end in progression on the one inhibitor of a generation."""
