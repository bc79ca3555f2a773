"""One case under two states of the knowledge: what callers send, and what they get."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from app.domain.terms import Activity
from app.knowledge.overlay import OverlayDocument
from app.wire.base import Inbound, Outbound
from app.wire.case import CASE_EXAMPLE, Case
from app.wire.knowledge import Citations, KnowledgeReference
from app.wire.recommendation import Flag, NextTest

Version = Annotated[str, Field(min_length=1, max_length=40)]
COMPARE_EXAMPLE: dict[str, Any] = {
    "case": {key: value for key, value in CASE_EXAMPLE.items() if key != "knowledge_version"},
    "from": "2026.11.0",
    "to": "2026.11.2",
}


class CompareQuery(Inbound):
    """One case and the two knowledge releases to answer it from."""

    case: Case = Field(description="The case, as for `POST /v1/recommendations`.")
    from_: Version | None = Field(
        default=None,
        alias="from",
        description="Release before. Default: the case's own `knowledge_version`, else the release before `to`, else `to`.",
        examples=["2026.11.0"],
    )
    to: Version | None = Field(
        default=None,
        description="Release after. Default: the one used when a case names none. `working` where it is loaded.",
        examples=["2026.11.2"],
    )
    overlay: OverlayDocument | None = Field(
        default=None,
        description="A local overlay laid over `to` only, in place of the service's own. See `docs/overlays.md`.",
    )

    model_config = ConfigDict(json_schema_extra={"examples": [COMPARE_EXAMPLE]})


class ComparedSide(Outbound):
    """One of the two answers, in short."""

    knowledge: KnowledgeReference
    recommendation_id: str = Field(description="Of the whole recommendation.", examples=["sha256:5d3c…"])
    as_of: str = Field(description="Day for which approvals were read.", examples=["2026-11-20"])
    first_option: str | None = Field(
        description="What stands first; null when nothing remains.", examples=["lorlatinib"]
    )


class RegimenState(Outbound):
    """Where a regimen stands."""

    listed: bool = Field(description="True in `options`, false in `not_recommended`.", examples=[True])
    rank: int | None = Field(description="Place, when listed.", examples=[1])
    tier: int | None = Field(description="Tier, when listed.", examples=[1])
    category: Literal["recommended", "consider", "investigational"] | None = Field(examples=["recommended"])
    activity: Activity | None = Field(description="Against the worst clone, when listed.", examples=["sensitive"])
    reasons: list[str] = Field(
        description="Codes for which it is not recommended; `not_in_this_knowledge` when the release does not know it.",
        examples=[["superseded"]],
    )


class Because(Outbound):
    """One change of the knowledge behind a move, proven by replaying it."""

    record: str = Field(
        description="Record; `overlay:<name>` for a local restriction; `release` for the day of the release.",
        examples=["effect:ALK:G1202R"],
    )
    item: str | None = Field(
        description="Item of the record, when one alone does it.", examples=["v1180l-alectinib-lin-2017-review"]
    )
    kind: Literal["added", "revised", "retired"] = Field(examples=["revised"])
    sentence: str = Field(
        description="The change in words.", examples=["item v1180l-alectinib-lin-2017-review: level moved from D to C."]
    )
    alone: RegimenState | None = Field(
        description="Where the regimen stands under `from` with this change and no other: the proof. Null where only "
        "several changes together move it."
    )
    citations: list[str] = Field(description="Sources of the fact.", examples=[["lin-2017-review"]])


class RegimenChange(Outbound):
    """One regimen that stands elsewhere."""

    regimen_id: str = Field(examples=["lorlatinib"], description="As in the recommendation.")
    before: RegimenState
    after: RegimenState
    shifted_only: bool = Field(
        description="True: only its number moved, because others came or went above it.", examples=[False]
    )
    cause: Literal["single_facts", "together", "overlay", "release_date", "engine", "not_examined"] = Field(
        description="`single_facts`: each fact of `because` moves it alone, and together they give `after`. `together`: "
        "the facts of `because` give `after` only jointly. `overlay`: local restrictions. `release_date`: an approval "
        "began or ended between the two days. `engine`: no fact explains it; report it. `not_examined`: too many facts "
        "differ to replay them all.",
        examples=["single_facts"],
    )
    because: list[Because] = Field(description="The changes that did it.")


class FlagsApart(Outbound):
    """Flags that stand on one side only."""

    gone: list[Flag]
    new: list[Flag]


class TestsApart(Outbound):
    """Next tests that stand on one side only."""

    gone: list[NextTest]
    new: list[NextTest]


class ReplayCount(Outbound):
    """How the causes were proven."""

    facts_examined: int = Field(description="Differences of the knowledge that could bear on the case.", examples=[12])
    replays: int = Field(description="Times the case was answered from a mixture of the two states.", examples=[31])
    complete: bool = Field(description="False when the limit was reached before all was examined.", examples=[True])


class ComparisonAnswer(Outbound):
    """What moved between two states of the knowledge, and which facts did it."""

    case_id: str | None = Field(default=None, description="As sent.", examples=["LIMS-2026-001"])
    engine_version: str = Field(examples=["1.5.0"], description="Version of the code, the same for both sides.")
    from_: ComparedSide = Field(alias="from")
    to: ComparedSide
    changes: list[RegimenChange] = Field(
        description="Regimens that stand elsewhere, by their place now; those that only shifted last."
    )
    unchanged: int = Field(description="How many stand where they stood.", examples=[14])
    flags: FlagsApart
    next_tests: TestsApart
    replay: ReplayCount
    disclaimer: str = Field(description="What this answer is not.")
    citations: Citations
