"""The core's only entry: a case and the knowledge in, an interpretation and a ranking out; and the engine that serves them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
import orjson
from msgspec import Struct

from app.adapters.changes import FindingError, each_substitution, protein_change
from app.adapters.native import to_case
from app.domain.case import Case
from app.domain.errors import InvalidCase, Problem, UnknownKnowledgeVersionError, UnknownRecordError
from app.domain.interpretation import Interpretation, Picture, Situation
from app.domain.recommendation import Ranking
from app.domain.variant import ProteinChange, one_residue, residue
from app.interpretation.interpret import conclude, interpret
from app.interpretation.observe import observe
from app.knowledge.index import KnowledgeIndex
from app.planning.plan import Plan, plan_option
from app.presenters.native import RenderedPicture, RenderedRanking, render, render_picture, render_ranking
from app.presenters.plans import plans_view
from app.presenters.variants import render_variant
from app.ranking.rank import rank
from app.wire.case import Case as WireCase

ENGINE_VERSION = "1.5.0"
"""Changes whenever the same case and knowledge could give another answer."""
_RANKINGS_KEPT = 512
"""Rendered rankings kept in memory, least recently used first out: about 40 kB each, so 20 MB at most."""
_PICTURES_KEPT = 2048
"""Rendered flags and tests of pictures kept: about 4 kB each beside the ranking, which pictures of one situation share."""


def recommend(case: Case, index: KnowledgeIndex) -> tuple[Interpretation, Ranking]:
    """Interpret, then rank. Pure: the same case and knowledge give the same answer."""
    interpretation = interpret(case, index)
    return interpretation, rank(interpretation.situation, index)


def plans_of(ranking: Ranking, situation: Situation, index: KnowledgeIndex) -> dict[str, Plan]:
    """The look-ahead of every option that is a TKI of the driver."""
    return {
        option.regimen_id: plan_option(option.regimen_id, situation, index)
        for option in ranking.options
        if option.kind == "tki"
    }


class Answer(Struct, frozen=True):
    """The bytes of an answer and the tag under which caches know it."""

    body: bytes
    etag: str


class Engine:
    """All loaded releases. Stateless but for a bounded memory of what follows from pictures and situations alone.

    ``indexes`` are by version, newest last.
    """

    def __init__(self, indexes: Mapping[str, KnowledgeIndex], default_version: str) -> None:
        self.indexes = indexes
        self.default_version = default_version
        self._ranking = lru_cache(_RANKINGS_KEPT)(_rendered_ranking)
        self._picture = lru_cache(_PICTURES_KEPT)(self._rendered_picture)

    @property
    def knowledge_versions(self) -> tuple[str, ...]:
        """The loaded releases, oldest first."""
        return tuple(self.indexes)

    def index(self, version: str | None = None) -> KnowledgeIndex:
        """The look-ups of one release. Raises UnknownKnowledgeVersionError naming those that are loaded."""
        found = self.indexes.get(version or self.default_version)
        if found is None:
            raise UnknownKnowledgeVersionError(version or "", self.knowledge_versions)
        return found

    def recommend_bytes(self, body: bytes, accept_language: str | None = None) -> Answer:
        """Answer one case sent as JSON.

        Raises pydantic's ValidationError for a body that has not the form of a case, InvalidCase for one that cannot be understood,
        UnknownKnowledgeVersionError for a release that is not loaded.
        """
        given = WireCase.model_validate_json(body)
        index = self.index(given.knowledge_version)
        return self.answer(to_case(given, index, language_of(accept_language)), index)

    def answer(self, case: Case, index: KnowledgeIndex) -> Answer:
        """Answer one case that has been read."""
        seen = observe(case, index)
        picture = self._picture(seen.picture, index)
        recommendation_id = identity(case, index)
        return Answer(render(case, seen, picture, index, recommendation_id), recommendation_id)

    def _rendered_picture(self, picture: Picture, index: KnowledgeIndex) -> RenderedPicture:
        ranking = self._ranking(picture.situation, index)
        return render_picture(picture, conclude(picture, index), ranking, index, ENGINE_VERSION)

    def plan_bytes(self, body: bytes, accept_language: str | None = None) -> Answer:
        """Look one drug ahead from each TKI option of a case. Raises like ``recommend_bytes``."""
        given = WireCase.model_validate_json(body)
        index = self.index(given.knowledge_version)
        case = to_case(given, index, language_of(accept_language))
        interpretation, ranking = recommend(case, index)
        plans = plans_of(ranking, interpretation.situation, index)
        recommendation_id = identity(case, index)
        view = plans_view(case, interpretation, ranking, plans, index, recommendation_id, ENGINE_VERSION)
        content = orjson.dumps(view)
        return Answer(content, "sha256:" + hashlib.sha256(content).hexdigest())

    def interpret_variants(
        self, gene: str, protein_changes: list[str], phase: str = "cis", version: str | None = None
    ) -> dict[str, Any]:
        """What is known of one change, or of several of one gene.

        Raises UnknownRecordError for a gene that is no driver here, InvalidCase for a change that cannot be read.
        """
        index = self.index(version)
        symbol = index.vocabulary.genes.get(gene.casefold(), gene)
        if symbol not in index.settings:
            raise UnknownRecordError("driver gene", gene, tuple(index.settings))
        problems: list[Problem] = []
        changes: list[ProteinChange] = []
        for place, text in enumerate(protein_changes):
            try:
                change = protein_change(text, symbol, index)
            except FindingError as error:
                problems.append(Problem(f"/protein_changes/{place}", str(error)))
                continue
            parts = each_substitution(change, symbol, index)
            if phase == "cis" and any(one_residue(part, other) for part in parts for other in changes):
                detail = "two changes of one residue cannot be on one allele; ask for them in trans"
                problems.append(Problem(f"/protein_changes/{place}", detail))
            changes.extend(parts)
        if problems:
            raise InvalidCase(problems)
        if len(protein_changes) == 1:  # one change says nothing of a phase, and what it amounts to is on one allele
            phase = "cis"
        return render_variant(symbol, tuple(sorted({str(one) for one in changes}, key=residue)), phase, index)


def _rendered_ranking(situation: Situation, index: KnowledgeIndex) -> RenderedRanking:
    ranking = rank(situation, index)
    return render_ranking(ranking, plans_of(ranking, situation, index), index, situation.language)


def identity(case: Case, index: KnowledgeIndex) -> str:
    """The recommendation id: SHA-256 of the normalised case, the digest of the knowledge and the version of the engine."""
    overlay = index.overlay.digest if index.overlay else ""
    text = msgspec.json.encode(case) + index.release.digest.encode() + overlay.encode() + ENGINE_VERSION.encode()
    return "sha256:" + hashlib.sha256(text).hexdigest()


def language_of(accept_language: str | None) -> str:
    """``zh-CN`` when the header prefers Chinese to English by its quality values; ``en`` otherwise."""
    best, quality = "en", 0.0
    if not accept_language:
        return best
    for part in accept_language.split(","):
        tag, _, weight = part.strip().casefold().partition(";q=")
        spoken = next((name for start, name in (("zh", "zh-CN"), ("en", "en")) if tag.startswith(start)), None)
        value = _quality(weight)
        if spoken is not None and value > quality:
            best, quality = spoken, value
    return best


def _quality(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0
