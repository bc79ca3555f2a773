"""The answer as JSON bytes. What depends on picture and situation alone is rendered once and kept; the rest is written per case."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import orjson
from msgspec import Struct

from app.domain.case import Case
from app.domain.interpretation import Alteration, Clone, Conclusion, Flag, Observation, Picture, Situation
from app.domain.recommendation import BaselineTest, Exclusion, Option, Ranking
from app.knowledge.index import KnowledgeIndex
from app.knowledge.overlay import Overlay
from app.knowledge.records import CitationRecord
from app.knowledge.weighing import worst
from app.planning.plan import Plan

_WORD_KEYS = frozenset({"why", "interval"})
"""Placeholders whose value is the code of a word in ``knowledge/notices/words.yaml``."""


class RenderedRanking(Struct, frozen=True):
    """The part of an answer that depends on the situation alone."""

    body: bytes
    """``"options":[…],"not_recommended":[…],``"""
    flags: bytes
    """The flags on the evidence, without the brackets around them."""
    baseline_tests: bytes
    """What to test before an option is started, without the brackets around it."""
    citations: frozenset[str]
    sources: bytes
    """What it cites: ``"a":{…},"b":{…}``."""


class RenderedPicture(Struct, frozen=True):
    """The part of an answer that depends on the picture alone."""

    ranking: RenderedRanking
    opening: bytes
    """From ``"knowledge"`` to the first members of ``interpretation``."""
    flags: bytes
    """Those of the picture and of the ranking, without the brackets around them."""
    next_tests: bytes
    """``"next_tests":[…],``"""
    warnings: bytes
    """Without the brackets around them."""
    disclaimer: bytes
    """``"disclaimer":"…",``"""
    citations: frozenset[str]
    sources: bytes
    """What it cites beyond the ranking."""


def render_ranking(
    ranking: Ranking, plans: Mapping[str, Plan], index: KnowledgeIndex, language: str
) -> RenderedRanking:
    """Render options with their outlook, exclusions and the flags on the evidence."""
    options = [_option(option, plans.get(option.regimen_id)) for option in ranking.options]
    excluded = [_exclusion(one) for one in ranking.not_recommended]
    flags = _notices(ranking.flags, "flag", "message", index, language)
    baseline = [_baseline(one, index, language) for one in ranking.baseline_tests]
    cited = frozenset(cited_in([options, excluded, flags, baseline]))
    body = b'"options":' + orjson.dumps(options) + b',"not_recommended":' + orjson.dumps(excluded) + b","
    return RenderedRanking(body, _bare(flags), _bare(baseline), cited, _sources(cited, index))


def render_picture(
    picture: Picture, conclusion: Conclusion, ranking: RenderedRanking, index: KnowledgeIndex, engine_version: str
) -> RenderedPicture:
    """Render flags, next tests and warnings beside a ranking."""
    language = picture.situation.language
    flags = _notices(conclusion.flags, "flag", "message", index, language)
    tests = _notices(conclusion.next_tests, "next_test", "text", index, language)
    warnings = _notices(conclusion.warnings, "warning", "text", index, language)
    disclaimer, disclaimer_citations = index.say("disclaimer", "disclaimer", language)
    cited = {*cited_in([flags, tests, warnings]), *disclaimer_citations} - ranking.citations
    return RenderedPicture(
        ranking=ranking,
        opening=orjson.dumps(opening(picture.situation, index, engine_version))[1:-2],
        flags=_joined(_bare(flags), ranking.flags),
        next_tests=b'"next_tests":[' + _joined(_bare(tests), ranking.baseline_tests) + b"],",
        warnings=_bare(warnings),
        disclaimer=_bare({"disclaimer": disclaimer}) + b",",
        citations=ranking.citations | cited,
        sources=_sources(cited, index),
    )


def render(
    case: Case, seen: Observation, picture: RenderedPicture, index: KnowledgeIndex, recommendation_id: str
) -> bytes:
    """Write the whole answer: what is this patient's own, around what the picture brings."""
    language = case.language
    flags = _notices(seen.flags, "flag", "message", index, language)
    warnings = _notices(seen.warnings, "warning", "text", index, language)
    cited = {name for one in (*flags, *warnings) for name in one["citations"]} - picture.citations
    gene = seen.picture.situation.gene
    own = {
        "line_of_therapy": seen.line_of_therapy,
        "decisive_samples": seen.decisive_samples,
        "alterations": [_alteration(one) for one in seen.alterations],
        "clones": [clone_view(one) for one in seen.clones],
        "coverage": _coverage(seen.clones, gene, index),
    }
    ranking = picture.ranking
    return b"".join(
        (
            orjson.dumps({"recommendation_id": recommendation_id, "case_id": case.case_id})[:-1],
            b",", picture.opening, b",", _bare(own), b',"flags":[', *_apart(picture.flags, _bare(flags)), b"]},",
            ranking.body,
            picture.next_tests, b'"warnings":[', *_apart(_bare(warnings), picture.warnings), b"],", picture.disclaimer,
            b'"citations":{', *_apart(_sources(cited, index), picture.sources, ranking.sources), b"}}",
        )
    )  # fmt: skip


def _bare(value: list[Any] | dict[str, Any]) -> bytes:
    """The JSON of a list or object without the brackets around it."""
    return orjson.dumps(value)[1:-1] if value else b""


def _joined(*parts: bytes) -> bytes:
    return b"".join(_apart(*parts))


def _apart(*parts: bytes) -> list[bytes]:
    """The parts that hold something, with commas between; not joined, so that what is long is copied once."""
    return [piece for part in parts if part for piece in (b",", part)][1:]


def opening(situation: Situation, index: KnowledgeIndex, engine_version: str) -> dict[str, Any]:
    """What every answer to a case says near its beginning: what it rests on, and where the patient stands."""
    return {
        "knowledge": knowledge_reference(index),
        "engine_version": engine_version,
        "as_of": situation.as_of,
        "interpretation": {"setting": situation.setting, "resistance": situation.resistance},
    }


def knowledge_reference(index: KnowledgeIndex) -> dict[str, Any]:
    """Which knowledge an answer rests on."""
    release = index.release
    view: dict[str, Any] = {
        "version": release.version,
        "released": release.released.isoformat(),
        "digest": release.digest,
    }
    if index.overlay is not None:
        view["overlay"] = {"name": index.overlay.name, "digest": index.overlay.digest}
    return view


def citation_view(record: CitationRecord) -> dict[str, Any]:
    """One source as callers see it: its identifiers, and an address to look it up at."""
    view: dict[str, Any] = {"type": record.type, "title": record.title}
    for name in ("journal", "year", "pmid", "doi", "nct", "pmc", "registry", "regulator"):
        value = getattr(record, name)
        if value is not None:
            view[name] = value
    url = _address(record)
    if url:
        view["url"] = url
    if record.title_is_descriptive:
        view["title_is_descriptive"] = True
    if record.retracted:
        view["retracted"] = True
    return view


def _address(record: CitationRecord) -> str | None:
    if record.url:
        return record.url
    if record.pmid:
        return f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/"
    if record.doi:
        return f"https://doi.org/{record.doi}"
    if record.pmc:
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{record.pmc}/"
    if record.nct:
        return f"https://clinicaltrials.gov/study/{record.nct.split(';')[0]}"
    return None


def _sources(names: Collection[str], index: KnowledgeIndex) -> bytes:
    """``"a":{…},"b":{…}`` in order of the ids."""
    return b",".join([_source(name, index) for name in sorted(names)]) if names else b""


def _source(name: str, index: KnowledgeIndex) -> bytes:
    if index.overlay is not None and name == index.overlay.citation:
        return _entry(name, overlay_view(index.overlay))
    return index.citation_bytes(name, _citation)


def source_views(names: Iterable[str], index: KnowledgeIndex) -> dict[str, dict[str, Any]]:
    """Sources by id, in order of the ids. A name that the release does not hold is left out."""
    found: dict[str, dict[str, Any]] = {}
    for name in sorted(set(names)):
        if index.overlay is not None and name == index.overlay.citation:
            found[name] = overlay_view(index.overlay)
        elif name in index.citations:
            found[name] = citation_view(index.citations[name])
    return found


def overlay_view(overlay: Overlay) -> dict[str, Any]:
    """A local overlay as a source."""
    return {"type": "local", "title": f"Local overlay {overlay.name}", "digest": overlay.digest}


def _citation(name: str, record: CitationRecord) -> bytes:
    return _entry(name, citation_view(record))


def _entry(name: str, view: dict[str, Any]) -> bytes:
    return orjson.dumps({name: view})[1:-1]


def _notices(flags: Iterable[Flag], kind: str, key: str, index: KnowledgeIndex, language: str) -> list[dict[str, Any]]:
    return [_notice(flag, kind, key, index, language) for flag in flags]


def _notice(flag: Flag, kind: str, key: str, index: KnowledgeIndex, language: str) -> dict[str, Any]:
    values = {
        name: index.say("word", value, language)[0] if name in _WORD_KEYS else value for name, value in flag.values
    }
    text, citations = index.say(kind, flag.code, language, **values)
    return {"code": flag.code, key: text, "citations": citations}


def _baseline(one: BaselineTest, index: KnowledgeIndex, language: str) -> dict[str, Any]:
    """The sentence of the notice, citing the labels of the drugs that it names and no other."""
    named = _notice(Flag(one.code, (("regimens", one.regimens),)), "next_test", "text", index, language)
    return {**named, "citations": one.citations}


def _alteration(one: Alteration) -> dict[str, Any]:
    series = [
        {"sample_id": point.sample_id, "vaf": point.vaf}
        if point.detected
        else {"sample_id": point.sample_id, "vaf": None, "detected": False}
        for point in one.series
    ]
    mark = one.mark
    view = {
        "gene": mark.gene,
        "name": mark.name,
        "role": mark.role,
        "trend": mark.trend,
        "decisive": mark.decisive,
        "series": series,
    }
    if one.selected_by:
        view["selected_by"] = one.selected_by
    if one.suppressed_by:
        view["suppressed_by"] = one.suppressed_by
    return view


def _coverage(clones: tuple[Clone, ...], gene: str, index: KnowledgeIndex) -> list[dict[str, Any]]:
    """For several clones: per TKI the worst activity and the share of the clones, by their fractions, that it covers."""
    if len(clones) < 2:
        return []
    whole = sum(clone.share or 0.0 for clone in clones)
    measured = all(clone.share is not None for clone in clones) and whole > 0
    rows = []
    for regimen in index.regimens[gene]:
        if regimen.ranked:
            calls = [index.call(gene, clone.profile, regimen.id) for clone in clones]
            covered = sum(
                clone.share or 0.0 for clone, call in zip(clones, calls, strict=True) if call.activity == "sensitive"
            )
            share = round(covered / whole, 3) if measured else None
            rows.append({"regimen_id": regimen.id, "worst": worst(calls).activity, "share_covered": share})
    return rows


def clone_view(clone: Clone) -> dict[str, Any]:
    """Changes that travel together, and the share of the tumour that carries them."""
    return {"alterations": clone.profile, "phase": clone.phase, "share": clone.share}


def outlook(plan: Plan) -> dict[str, Any]:
    """Resistance to expect under an option, with frequencies, and what would then remain."""
    return {
        "expected_resistance": [
            {"alteration": step.future.name, "frequency": step.future.probability, "n": step.future.n, "best_option": step.best,
             "active_targeted_option": step.targeted, "citations": step.future.citations}
            for step in plan.steps
        ],
        "next_options": list(dict.fromkeys(step.targeted for step in plan.steps if step.targeted)),
        "share_with_active_option": plan.with_active_option,
        "share_not_known": plan.not_known,
        "burns_bridges": plan.burns_bridges,
    }  # fmt: skip


def _option(option: Option, plan: Plan | None) -> dict[str, Any]:
    return {
        "rank": option.rank,
        "tier": option.tier,
        "regimen_id": option.regimen_id,
        "kind": option.kind,
        "category": option.category,
        "activity": option.activity,
        "activity_by_clone": [
            {"clone": number, "activity": one.activity, "evidence": one.evidence} for number, one in enumerate(option.activity_by_clone)
        ],
        "evidence_level": option.evidence_level,
        "approvals": [
            {name: value for name, value in (
                ("jurisdiction", one.jurisdiction), ("status", one.status), ("indication", one.indication),
                ("date", one.date), ("decision_due", one.decision_due), ("citation", one.citation),
            ) if value is not None}
            for one in option.approvals
        ],
        "criteria": [
            {"name": one.name, "grade": one.grade, "because": one.because or None, "citations": one.citations} for one in option.criteria
        ],
        "decided_by": option.decided_by,
        "rationale": [{"text": one.text, "rule": one.rule, "citations": one.citations} for one in option.rationale],
        "cautions": [
            {"code": one.code, "severity": one.severity, "text": one.text, "citations": one.citations} for one in option.cautions
        ],
        "outlook": outlook(plan) if plan is not None else None,
    }  # fmt: skip


def _exclusion(one: Exclusion) -> dict[str, Any]:
    reasons = [{"code": reason.code, "text": reason.text, "citations": reason.citations} for reason in one.reasons]
    return {"regimen_id": one.regimen_id, "kind": one.kind, "reasons": reasons}


def cited_in(parts: Any) -> Iterable[str]:
    """Every citation id inside rendered parts."""
    if isinstance(parts, dict):
        for name, value in parts.items():
            if name == "citations":
                yield from value
            elif name == "citation":
                yield value
            else:
                yield from cited_in(value)
    elif isinstance(parts, list | tuple):
        for one in parts:
            yield from cited_in(one)
