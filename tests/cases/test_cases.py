"""Every clinical vignette, answered by the real engine from the real knowledge. README.md tells how one is written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from starlette.testclient import TestClient

from app.knowledge.index import KnowledgeIndex
from app.knowledge.loader import KnowledgeRecords
from app.service import Engine
from tests.support.http import loaded, serving

HERE = Path(__file__).parent
FILES = sorted(HERE.rglob("*.yaml"))
KEYS = {"title", "sources", "why", "case", "expect"}


@pytest.fixture(scope="session")
def client(engine: Engine, real_records: KnowledgeRecords, real_index: KnowledgeIndex) -> Iterator[TestClient]:
    """The whole application on the working knowledge."""
    with serving(loaded(engine, real_records, real_index)) as found:
        yield found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(HERE).with_suffix("").as_posix())
def test_vignette(path: Path, engine: Engine, client: TestClient) -> None:
    vignette = read(path)
    body = json.dumps(vignette["case"], ensure_ascii=False).encode()
    expect = vignette["expect"]
    if "error" in expect:
        failures = refusal_failures(client, body, expect["error"])
        assert not failures, report(path, vignette, failures)
        return
    answer = json.loads(engine.recommend_bytes(body).body)
    found = Answer(answer, vignette["case"]["driver"]["gene"], engine)
    failures = [failure for key, wanted in expect.items() for failure in EXPECTATIONS[key](found, wanted)]
    assert not failures, report(path, vignette, failures, answer)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(HERE).with_suffix("").as_posix())
def test_vignette_is_well_formed(path: Path, real_index: KnowledgeIndex) -> None:
    vignette = read(path)
    assert set(vignette) == KEYS
    assert vignette["expect"], "expects nothing"
    assert set(vignette["expect"]) <= {*EXPECTATIONS, "error"}
    assert set(vignette["sources"]) <= set(real_index.citations), "a source is not in knowledge/citations"
    assert vignette["sources"], "rests on no source"


def test_vignettes_are_found() -> None:
    assert len(FILES) > 100


def read(path: Path) -> dict[str, Any]:
    """One vignette, as JSON would hold it: its dates are quoted strings."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def report(path: Path, vignette: Mapping[str, Any], failures: list[str], answer: dict[str, Any] | None = None) -> str:
    """What went wrong, why the source says otherwise, and the ranking in one line per option."""
    lines = [f"{path.name}: {vignette['title']}", f"because: {vignette['why']}", *(f"  * {one}" for one in failures)]
    if answer is not None:
        state = answer["interpretation"]
        flags = ", ".join(flag["code"] for flag in state["flags"]) or "no flags"
        lines.append(f"{state['setting']}, {state['resistance']}, line {state['line_of_therapy']}; {flags}")
        for one in answer["options"]:
            grades = {criterion["name"]: criterion["grade"] for criterion in one["criteria"]}
            shown = " ".join(grades[name] for name in ("molecular_activity", "guidance", "outcome") if name in grades)
            lines.append(
                f"  {one['rank']:2} tier {one['tier']} {one['regimen_id']:32} {one['category']:15} {one['activity']:10} "
                f"by {one['decided_by']} ({shown})"
            )
        for one in answer["not_recommended"]:
            reasons = ", ".join(reason["code"] for reason in one["reasons"])
            lines.append(f"   - {one['regimen_id']}: {reasons}")
    return "\n".join(lines)


# --- expectations -----------------------------------------------------------------------------------------------


class Answer:
    """An answer with what the expectations look up."""

    def __init__(self, view: dict[str, Any], gene: str, engine: Engine) -> None:
        self.view = view
        self.gene = gene
        self.state = view["interpretation"]
        self.options = {one["regimen_id"]: one for one in view["options"]}
        self.excluded = {one["regimen_id"]: one for one in view["not_recommended"]}
        self.order = [one["regimen_id"] for one in view["options"]]
        self.engine = engine

    def reasons(self, regimen: str) -> set[str]:
        """The codes for which a regimen is not recommended."""
        return {one["code"] for one in self.excluded[regimen]["reasons"]}

    def activity(self, regimen: str, wanted: str) -> str:
        """As README.md says: from the option, from the reason, or from the variants themselves."""
        if regimen in self.options:
            return str(self.options[regimen]["activity"])
        if regimen not in self.excluded:
            return "not known to the service"
        if wanted == "resistant" and "resistant_clone" in self.reasons(regimen):
            return "resistant"
        clones = [clone["alterations"] for clone in self.state["clones"]]
        order = ("resistant", "reduced", "unknown", "sensitive")
        found = [
            effect["activity"]
            for clone in clones
            for effect in self.engine.interpret_variants(self.gene, clone)["effects"]
            if effect["regimen_id"] == regimen
        ]
        return min(found, key=order.index, default="unknown")


def same(name: str) -> Any:
    """A field of the interpretation that must be equal."""

    def check(answer: Answer, wanted: Any) -> list[str]:
        found = answer.state[name]
        return [] if found == wanted else [f"{name} is {found}, expected {wanted}"]

    return check


def first(answer: Answer, wanted: str) -> list[str]:
    return first_any_of(answer, [wanted])


def first_any_of(answer: Answer, wanted: list[str]) -> list[str]:
    found = answer.order[0] if answer.order else "nothing"
    return [] if found in wanted else [f"{found} stands first, expected {' or '.join(wanted)}"]


def in_options(answer: Answer, wanted: list[str]) -> list[str]:
    return [f"{name} is not an option" for name in wanted if name not in answer.options]


def recommended(answer: Answer, wanted: list[str]) -> list[str]:
    return categories(answer, dict.fromkeys(wanted, "recommended"))


def never_recommended(answer: Answer, wanted: list[str]) -> list[str]:
    known = {*answer.options, *answer.excluded}
    bad = [name for name in wanted if answer.options.get(name, {}).get("category") == "recommended"]
    return [f"{name} is recommended" for name in bad] + [
        f"{name} is not known to the service" for name in wanted if name not in known
    ]


def categories(answer: Answer, wanted: Mapping[str, str]) -> list[str]:
    found = {name: answer.options[name]["category"] if name in answer.options else "not an option" for name in wanted}
    return [f"{name} is {found[name]}, expected {one}" for name, one in wanted.items() if found[name] != one]


def excluded(answer: Answer, wanted: Mapping[str, list[str]]) -> list[str]:
    failures = []
    for name, codes in wanted.items():
        if name not in answer.excluded:
            failures.append(f"{name} is not among the not recommended")
        elif not set(codes) <= answer.reasons(name):
            failures.append(f"{name} is excluded for {sorted(answer.reasons(name))}, expected {codes}")
    return failures


def above(answer: Answer, wanted: list[list[str]]) -> list[str]:
    def place(name: str) -> int:
        return answer.order.index(name) if name in answer.options else len(answer.order)

    known = {*answer.options, *answer.excluded}
    failures = [f"{name} is not known to the service" for pair in wanted for name in pair if name not in known]
    return failures + [f"{one} is not above {other}" for one, other in wanted if place(one) >= place(other)]


def activity(answer: Answer, wanted: Mapping[str, str]) -> list[str]:
    found = {name: answer.activity(name, one) for name, one in wanted.items()}
    return [f"{name} is {found[name]}, expected {one}" for name, one in wanted.items() if found[name] != one]


def flags(answer: Answer, wanted: list[str]) -> list[str]:
    found = {one["code"] for one in answer.state["flags"]}
    return [f"flag {code} is missing" for code in wanted if code not in found]


def flags_absent(answer: Answer, wanted: list[str]) -> list[str]:
    found = {one["code"] for one in answer.state["flags"]}
    return [f"flag {code} is raised" for code in wanted if code in found]


def next_tests(answer: Answer, wanted: list[str]) -> list[str]:
    found = {one["code"] for one in answer.view["next_tests"]}
    return [f"next test {code} is missing" for code in wanted if code not in found]


def cautions(answer: Answer, wanted: Mapping[str, list[dict[str, str]]]) -> list[str]:
    failures = []
    for name, each in wanted.items():
        shown = answer.options.get(name, {}).get("cautions", [])
        for caution in each:
            if not any(caution.items() <= one.items() for one in shown):
                codes = [f"{one['code']}:{one['severity']}" for one in shown]
                failures.append(f"{name} lacks the caution {caution}; it has {codes}")
    return failures


def warnings_mention(answer: Answer, wanted: list[str]) -> list[str]:
    text = " ".join(one["text"] for one in answer.view["warnings"])
    return [f"no warning mentions {word}" for word in wanted if word not in text]


def decisive_samples(answer: Answer, wanted: list[str]) -> list[str]:
    found = sorted(answer.state["decisive_samples"])
    return [] if found == sorted(wanted) else [f"decisive are {found}, expected {sorted(wanted)}"]


def of_alteration(field: str) -> Any:
    """A field of an alteration that must be equal."""

    def check(answer: Answer, wanted: Mapping[str, str]) -> list[str]:
        found = {one["name"]: one[field] for one in answer.state["alterations"]}
        return [
            f"{field} of {name} is {found.get(name, 'missing')}, expected {value}"
            for name, value in wanted.items()
            if found.get(name) != value
        ]

    return check


def drug_of_alteration(field: str) -> Any:
    """A drug that must be among those named beside an alteration."""

    def check(answer: Answer, wanted: Mapping[str, str]) -> list[str]:
        found = {one["name"]: one.get(field, []) for one in answer.state["alterations"]}
        return [
            f"{name} is {field} {found.get(name)}, expected {drug}"
            for name, drug in wanted.items()
            if drug not in found.get(name, [])
        ]

    return check


def clones(answer: Answer, wanted: list[list[str]]) -> list[str]:
    found = [one["alterations"] for one in answer.state["clones"]]
    return [f"{'+'.join(clone)} is not among the clones {found}" for clone in wanted if clone not in found]


EXPECTATIONS = {
    "decisive_samples": decisive_samples,
    "trends": of_alteration("trend"),
    "roles": of_alteration("role"),
    "selected_by": drug_of_alteration("selected_by"),
    "suppressed_by": drug_of_alteration("suppressed_by"),
    "clones": clones,
    "setting": same("setting"),
    "resistance": same("resistance"),
    "line_of_therapy": same("line_of_therapy"),
    "first": first,
    "first_any_of": first_any_of,
    "in_options": in_options,
    "recommended": recommended,
    "never_recommended": never_recommended,
    "excluded": excluded,
    "above": above,
    "activity": activity,
    "categories": categories,
    "flags": flags,
    "flags_absent": flags_absent,
    "next_tests": next_tests,
    "cautions": cautions,
    "warnings_mention": warnings_mention,
}


def refusal_failures(client: TestClient, body: bytes, wanted: Mapping[str, Any]) -> list[str]:
    """What is wrong with a refusal, judged on the answer of the whole application."""
    response = client.post("/v1/recommendations", content=body, headers={"content-type": "application/json"})
    if response.status_code != wanted["status"]:
        return [f"status {response.status_code}, expected {wanted['status']}: {response.text[:300]}"]
    errors = response.json().get("errors", [])
    pointer = wanted["pointer"]
    near = [one["detail"] for one in errors if (one["pointer"] + "/").startswith(pointer + "/")]
    if not near:
        return [f"no problem at {pointer}, only at {[one['pointer'] for one in errors]}"]
    words = [str(word) for word in wanted.get("says", [])]
    if not any(all(word in detail for word in words) for detail in near):
        return [f"no problem at {pointer} says {words}: {near}"]
    return []
