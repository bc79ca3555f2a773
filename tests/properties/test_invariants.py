"""The promises of docs/decisions: what holds of every case, tried on random ones against the real knowledge."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec import structs

from app.adapters.native import to_case
from app.domain.interpretation import Interpretation
from app.knowledge.index import KnowledgeIndex
from app.knowledge.records import Approval
from app.knowledge.weighing import Call
from app.service import Engine, recommend
from app.wire.case import Case as WireCase
from tests.support import real
from tests.support.cases import body, cases, changes, drugs, shuffled, unknown_changes

settings.register_profile(
    "invariants",
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    phases=[
        Phase.explicit,
        Phase.generate,
    ],  # the first failing case is told as it is; shrinking a whole case takes minutes
)
ANY = settings.get_profile("invariants")
CASES = st.deferred(lambda: cases(real.index()))
CHOICES = st.integers(0, 10**6).map(random.Random)
"""A source of further choices."""
CATEGORIES = ("recommended", "consider", "investigational", "not recommended")
CITED = ("rationale", "cautions", "flags", "reasons", "next_tests")


def answered(engine: Engine, case: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(engine.recommend_bytes(body(case)).body)
    return found


def interpreted(index: KnowledgeIndex, case: dict[str, Any]) -> Interpretation:
    return recommend(to_case(WireCase.model_validate_json(body(case)), index, "en"), index)[0]


def ranking(answer: dict[str, Any]) -> tuple[Any, Any]:
    """Options and exclusions, in order and with all they say."""
    return answer["options"], answer["not_recommended"]


def order(answer: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["regimen_id"], one["category"]) for one in answer["options"]]


def standing(answer: dict[str, Any], regimen: str) -> str:
    return next((one["category"] for one in answer["options"] if one["regimen_id"] == regimen), "not recommended")


def now(case: dict[str, Any]) -> str:
    """A day after everything in the case."""
    days = [line.get("ended", line["started"]) for line in case["treatments"]] + [
        one["collected"] for one in case["samples"]
    ]
    return (dt.date.fromisoformat(max(days, default="2024-01-01")) + dt.timedelta(days=5)).isoformat()


# --- 1. the same case, the same bytes ---------------------------------------------------------------------------


@given(case=CASES, choice=CHOICES)
@settings(ANY)
def test_the_order_of_keys_findings_samples_and_lines_changes_not_a_byte(
    case: dict[str, Any], choice: random.Random, real_index: KnowledgeIndex
) -> None:
    other = shuffled(case, choice)
    first, second = (Engine({"working": real_index}, "working") for _ in range(2))
    one, two = first.recommend_bytes(body(case)), second.recommend_bytes(body(other))
    assert one == two
    assert second.recommend_bytes(body(case)) == one, "the memory of rankings changed an answer"


@given(case=CASES)
@settings(ANY)
def test_a_finding_given_twice_changes_nothing(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    twice = {**case, "samples": [{**one, "findings": one["findings"] * 2} for one in case["samples"]]}
    assert engine.recommend_bytes(body(case)) == engine.recommend_bytes(body(twice))


# --- 2. every sentence cites, every citation resolves ------------------------------------------------------------


def walk(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from walk(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner, path)


@given(case=CASES)
@settings(ANY)
def test_every_sentence_cites_and_every_citation_resolves(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    answer = answered(engine, case)
    sources = answer.pop("citations")
    used = set()
    for path, one in walk(answer):
        cited = one.get("citations", [one["citation"]] if "citation" in one else [])
        used.update(cited)
        if path.rsplit("/", 1)[-1] in CITED:
            assert cited, f"{path} claims without a source: {one}"
    assert used <= set(sources)
    for name, source in sources.items():
        assert {"pmid", "doi", "nct", "pmc", "registry", "regulator", "url"} & set(source), (
            f"{name} cannot be looked up"
        )


@given(case=CASES)
@settings(ANY)
def test_no_sentence_is_left_unfilled(case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex) -> None:
    answer = answered(engine, case)
    for path, one in walk(answer):
        for key in ("text", "message", "because"):
            if key in one and (key != "because" or one[key]):
                assert one[key].strip(), f"{path} says nothing"
                assert not re.search(r"[{}]", one[key]), f"{path}: {one[key]}"


@given(case=CASES)
@settings(ANY)
def test_the_language_changes_words_and_nothing_else(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    english, chinese = (answered(engine, {**case, "language": language}) for language in ("en", "zh-CN"))
    assert order(english) == order(chinese)
    codes = [
        [[one["code"] for one in found[key]] for key in ("next_tests", "warnings")] for found in (english, chinese)
    ]
    assert codes[0] == codes[1]
    assert [one["code"] for one in english["interpretation"]["flags"]] == [
        one["code"] for one in chinese["interpretation"]["flags"]
    ]


# --- 3. what a clone resists never stands above what covers all -------------------------------------------------


def verdicts(index: KnowledgeIndex, read: Interpretation, drug: str) -> list[list[Call]]:
    """By reading of the phase, the verdict on each clone."""
    gene = read.situation.gene
    return [[index.call(gene, profile, drug) for profile in reading] for reading in read.situation.readings]


@given(case=CASES)
@settings(ANY)
def test_a_resisted_drug_never_stands_above_one_that_covers_every_clone(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    read = interpreted(real_index, case)
    assume(read.situation.readings)
    ranked = [one["regimen_id"] for one in answered(engine, case)["options"] if one["kind"] == "tki"]
    resisted = [
        drug
        for drug in ranked
        if drug not in read.situation.ongoing
        and all(any(call.strong for call in calls) for calls in verdicts(real_index, read, drug))
    ]
    covering = [
        drug
        for drug in ranked
        if all(call.activity == "sensitive" for calls in verdicts(real_index, read, drug) for call in calls)
    ]
    for bad in resisted:
        for good in covering:
            assert ranked.index(good) < ranked.index(bad), f"{bad} stands above {good}"


@given(case=CASES)
@settings(ANY)
def test_what_a_clone_resists_under_every_reading_is_no_option_unless_it_is_being_given(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    read = interpreted(real_index, case)
    assume(read.situation.readings)
    for option in answered(engine, case)["options"]:
        drug = option["regimen_id"]
        if option["kind"] == "tki" and drug not in read.situation.ongoing:
            resisted = [
                any(call.activity == "resistant" for call in calls) for calls in verdicts(real_index, read, drug)
            ]
            assert not all(resisted), f"{drug} is an option"


# --- 4. and 6. what is unknown, silent or of the past moves nothing ----------------------------------------------


@given(case=CASES, choice=CHOICES)
@settings(ANY)
def test_an_alteration_unknown_to_the_knowledge_moves_nothing(
    case: dict[str, Any], choice: random.Random, engine: Engine, real_index: KnowledgeIndex
) -> None:
    gene = case["driver"]["gene"]
    shown = [{**one, "findings": [*one["findings"], f"EML4::{gene}"]} for one in case["samples"]]
    more = [
        "FOO1 p.R5K",
        "BAR2 amplification",
        f"{gene} {choice.choice(unknown_changes(real_index, gene))}",
    ]
    with_more = [{**one, "findings": [*one["findings"], *more]} for one in shown]
    assert ranking(answered(engine, {**case, "samples": shown})) == ranking(
        answered(engine, {**case, "samples": with_more})
    )


@given(case=CASES)
@settings(ANY)
def test_a_silent_sample_moves_nothing(case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex) -> None:
    silent = {"sample_id": "silent", "collected": now(case), "ctdna_detected": False}
    with_it = {**case, "samples": [*case["samples"], silent]}
    assert ranking(answered(engine, case)) == ranking(answered(engine, with_it))


@given(case=CASES, choice=CHOICES)
@settings(ANY)
def test_a_sample_of_the_past_moves_nothing_but_what_it_archives(
    case: dict[str, Any], choice: random.Random, engine: Engine, real_index: KnowledgeIndex
) -> None:
    assume(any(line.get("stop_reason") == "progression" for line in case["treatments"]))
    gene = case["driver"]["gene"]
    found = choice.sample([f"{gene} {one}" for one in changes(real_index, gene)], choice.randint(1, 3))
    past = {
        "sample_id": "past",
        "collected": "2015-01-01",
        "specimen": "tissue",
        "histology": "small_cell",
        "findings": [*found, "MET amplification"],
    }
    case = {**case, "samples": [one for one in case["samples"] if one["sample_id"] == "P0"]}
    with_it = {**case, "samples": [*case["samples"], past]}
    before, after = interpreted(real_index, case), interpreted(real_index, with_it)
    assert structs.replace(after.situation, archived=before.situation.archived) == before.situation
    if not after.decisive_samples:
        assert ranking(answered(engine, case)) == ranking(answered(engine, with_it))


# --- 5. failed and contraindicated drugs ------------------------------------------------------------------------


@given(case=CASES)
@settings(ANY)
def test_a_failed_drug_is_offered_only_on_resensitisation_evidence(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    read = interpreted(real_index, case)
    failed = {drug for line in case["treatments"] if line.get("stop_reason") == "progression" for drug in line["drugs"]}
    for one in answered(engine, case)["options"]:
        if one["regimen_id"] in failed:
            calls = [call for found in verdicts(real_index, read, one["regimen_id"]) for call in found]
            assert any(call.resensitises for call in calls), one["regimen_id"]


@given(case=CASES)
@settings(ANY)
def test_a_drug_that_was_not_tolerated_is_never_an_option(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    stopped = {drug for line in case["treatments"] if line.get("stop_reason") == "toxicity" for drug in line["drugs"]}
    assert stopped.isdisjoint(one["regimen_id"] for one in answered(engine, case)["options"])


@given(case=CASES)
@settings(ANY)
def test_a_contraindicated_drug_is_never_an_option_nor_part_of_one(
    case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex
) -> None:
    patient = case.get("patient", {})
    known = real_index.vocabulary.interactions
    classes = {name for one in patient.get("co_medications", []) for name in known.get(one.casefold(), ())}
    forbidden = set()
    for drug, record in real_index.safety.items():
        for caution in record.cautions:
            when = caution.when
            holds = (
                when.comorbidity in patient.get("comorbidities", [])
                or when.interaction_class in classes
                or (when.pregnant and patient.get("pregnant"))
            )
            if caution.severity == "contraindicated" and caution.status != "unverified" and holds:
                forbidden.add(drug)
    parts = {one.id: {one.id, *one.drugs} for one in real_index.regimens[case["driver"]["gene"]]}
    for one in answered(engine, case)["options"]:
        assert forbidden.isdisjoint(parts[one["regimen_id"]]), one["regimen_id"]
        assert all(caution["severity"] != "contraindicated" for caution in one["cautions"])


# --- 7. nothing is lost -----------------------------------------------------------------------------------------


@given(case=CASES)
@settings(ANY)
def test_every_regimen_stands_exactly_once(case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex) -> None:
    answer = answered(engine, case)
    found = [one["regimen_id"] for one in (*answer["options"], *answer["not_recommended"])]
    assert sorted(found) == sorted(one.id for one in real_index.regimens[case["driver"]["gene"]])
    assert [one["rank"] for one in answer["options"]] == list(range(1, len(answer["options"]) + 1))
    tiers = [one["tier"] for one in answer["options"]]
    assert tiers == sorted(tiers)
    assert all(one["reasons"] for one in answer["not_recommended"])


@given(case=CASES)
@settings(ANY)
def test_the_order_is_the_order_of_the_grades(case: dict[str, Any], engine: Engine, real_index: KnowledgeIndex) -> None:
    grades = {one.name: one.grades for one in real_index.policy.criteria}
    options = answered(engine, case)["options"]
    places = [
        [grades[each["name"]].index(each["grade"]) if grades[each["name"]] else 0 for each in one["criteria"]]
        for one in options
    ]
    assert places == sorted(places)


# --- 8. less never means better ---------------------------------------------------------------------------------


def without_approval(index: KnowledgeIndex, drug: str, place: int) -> KnowledgeIndex:
    """The knowledge in which one approval of a drug has ended."""
    record = index.drugs[drug]
    ended = Approval.model_validate({**record.approvals[place].model_dump(), "start": None, "end": "2000"})
    approvals = (*record.approvals[:place], ended, *record.approvals[place + 1 :])
    changed = record.model_copy(update={"approvals": approvals})
    return dataclasses.replace(index, drugs={**index.drugs, drug: changed})


@given(case=CASES, choice=CHOICES)
@settings(ANY, max_examples=120)
def test_withdrawing_an_approval_never_improves_a_drug(
    case: dict[str, Any], choice: random.Random, engine: Engine, real_index: KnowledgeIndex
) -> None:
    gene = case["driver"]["gene"]
    drug = choice.choice([one for one in drugs(real_index, gene) if real_index.drugs[one].approvals])
    place = choice.randrange(len(real_index.drugs[drug].approvals))
    less = Engine({"less": without_approval(real_index, drug, place)}, "less")
    before, after = answered(engine, case), answered(less, case)
    assert CATEGORIES.index(standing(after, drug)) >= CATEGORIES.index(standing(before, drug))
    above = (
        {name for name, _ in order(before)[: [name for name, _ in order(before)].index(drug)]}
        if standing(before, drug) != CATEGORIES[-1]
        else set()
    )
    if standing(after, drug) != CATEGORIES[-1]:
        names = [name for name, _ in order(after)]
        assert above <= set(names[: names.index(drug)]), f"{drug} rose when its approval was withdrawn"


@given(case=CASES, choice=CHOICES)
@settings(ANY, max_examples=120)
def test_a_further_clone_never_helps_a_drug_that_it_resists(
    case: dict[str, Any], choice: random.Random, engine: Engine, real_index: KnowledgeIndex
) -> None:
    gene = case["driver"]["gene"]
    present = {
        one for found in case["samples"] for each in found["findings"] for one in re.findall(r"p\.\w+", str(each))
    }
    change = choice.choice([one for one in changes(real_index, gene) if one not in present])
    base = {"sample_id": "now", "collected": now(case), "specimen": "tissue", "findings": [f"EML4::{gene}"]}
    alone = {"type": "small_variant", "gene": gene, "protein_change": change, "in_cis_with": []}
    before = answered(engine, {**case, "samples": [*case["samples"], base]})
    after = answered(engine, {**case, "samples": [*case["samples"], {**base, "findings": [*base["findings"], alone]}]})
    ongoing = {drug for line in case["treatments"] if "stop_reason" not in line for drug in line["drugs"]}
    resisted = [
        drug for drug in drugs(real_index, gene) if real_index.call(gene, (change,), drug).activity == "resistant"
    ]
    covered = {
        drug for drug in drugs(real_index, gene) if real_index.call(gene, (change,), drug).activity == "sensitive"
    }
    names_before, names_after = ([name for name, _ in order(one)] for one in (before, after))
    for drug in set(resisted) - ongoing:
        assert CATEGORIES.index(standing(after, drug)) >= CATEGORIES.index(standing(before, drug)), drug
        if drug in names_before and drug in names_after:
            above = covered & set(names_before[: names_before.index(drug)]) & set(names_after)
            assert above <= set(names_after[: names_after.index(drug)]), f"{drug} rose past a drug that covers {change}"


# --- and nothing breaks -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["\U0001f9ec", "\u202eabc", "é" * 100, "' OR 1=1 --", "<script>", "{0.__class__}", "%s", "\\u0041"],
)
def test_odd_words_are_echoed_and_never_interpreted(text: str, engine: Engine) -> None:
    case = {
        "case_id": text,
        "driver": {"gene": "ALK", "variant": text[:40]},
        "treatments": [{"drugs": [{"name": text, "class": "other"}], "stop_reason": "progression"}],
        "samples": [
            {
                "sample_id": text,
                "findings": [{"type": "gene_alteration", "gene": "KRAS", "effect": "unknown", "description": text}],
            }
        ],
        "patient": {"co_medications": [text]},
    }
    answer = answered(engine, case)
    assert answer["case_id"] == text
    assert text in str([one["text"] for one in answer["warnings"]]) or text in answer["warnings"][0]["text"]
