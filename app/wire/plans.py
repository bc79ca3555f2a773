"""Sequence plans, as callers get them: the options, and after each the states in which the tumour may come back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.wire.base import Outbound
from app.wire.knowledge import Citations, KnowledgeReference
from app.wire.recommendation import Clone, Sentence


class Future(Outbound):
    """One state in which the tumour may come back on a drug, and what would then be left."""

    alteration: str = Field(
        description="Change of the driver, mechanism, `none_on_target`, or what no cohort names: `other_on_target`, "
        "`not_attributed`, `unknown`.",
        examples=["p.G1202R"],
    )
    mechanism_known: bool = Field(description="False: nobody can tell what works in this branch.", examples=[True])
    probability: float | None = Field(
        description="Share of the relapses in the cited cohort, as the cohort gives it, or what its named states leave. "
        "Null: no cohort gives one; it is unknown, not small.",
        examples=[0.29],
    )
    n: int | None = Field(description="Relapses in the cohort, when it says.", examples=[42])
    best_option: str | None = Field(
        description="The option that would stand first, of any kind; null where the state is too vague to rank.",
        examples=["lorlatinib"],
    )
    category: Literal["recommended", "consider", "investigational"] | None = Field(
        description="How firmly it would stand.", examples=["recommended"]
    )
    active_targeted_option: str | None = Field(
        description="The first inhibitor of the driver with evidence of activity in this state; null when none is left.",
        examples=["lorlatinib"],
    )
    citations: list[str] = Field(description="The cohort. Empty only for `unknown`.", examples=[["lin-2021"]])


class SequencePlan(Outbound):
    """One TKI option and what it leads to."""

    regimen_id: str = Field(description="As in the recommendation.", examples=["alectinib"])
    rank: int = Field(ge=1, description="Its place in the recommendation, which this plan does not move.", examples=[1])
    category: Literal["recommended", "consider", "investigational"] = Field(examples=["recommended"])
    futures: list[Future] = Field(min_length=1, description="The most likely first.")
    share_with_active_option: float | None = Field(
        description="Least share of relapses that leave an inhibitor of the driver with evidence of activity. "
        "Null: no cohort, or its states overlap and cannot be added up.",
        examples=[0.29],
    )
    share_not_known: float | None = Field(
        description="Share of relapses whose mechanism the cohort does not name. Null likewise.", examples=[0.71]
    )
    burns_bridges: bool | None = Field(
        description="True: no mechanism that the cohort names leaves an active inhibitor of the driver. Null: the cohort "
        "names none, or there is no cohort.",
        examples=[False],
    )
    sentences: list[Sentence] = Field(min_length=1, description="The plan in plain words.")


class PlanInterpretation(Outbound):
    """How the case was read, in short."""

    line_of_therapy: int = Field(description="The line now to be chosen, from 1.", examples=[1])
    setting: str = Field(description="As in the recommendation.", examples=["tki_naive"])
    resistance: str = Field(description="As in the recommendation.", examples=["none_yet"])
    decisive_samples: list[str] = Field(description="Samples on which the choice rests.", examples=[["P1"]])
    clones: list[Clone] = Field(description="Resistance clones of the driver gene.")


class SequencePlans(Outbound):
    """The options of a case, each looked two steps ahead.

    Probabilities are shares of relapses in cited cohorts and nothing else; where no cohort gives one, the branch says
    unknown. No survival is estimated.
    """

    recommendation_id: str = Field(description="Of the recommendation for the same case.", examples=["sha256:5d3c…"])
    case_id: str | None = Field(default=None, description="As sent.", examples=["LIMS-2026-001"])
    knowledge: KnowledgeReference
    engine_version: str = Field(examples=["1.5.0"], description="Version of the code that ranked.")
    as_of: str = Field(description="Day for which approvals were read.", examples=["2026-11-20"])
    interpretation: PlanInterpretation
    plans: list[SequencePlan] = Field(description="One per TKI option, in the order of the recommendation.")
    disclaimer: str = Field(description="What this answer is not.")
    citations: Citations
