"""The recommendation, as callers get it. The presenter writes these bytes itself; the models make the documentation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.domain.terms import Activity, EvidenceLevel, Resistance
from app.wire.base import CitationIds, Outbound, RegimenKind
from app.wire.knowledge import Approval, Citations, KnowledgeReference

Severity = Literal["contraindicated", "warning", "monitor"]


class Flag(Outbound):
    """Something a reader must not miss."""

    code: str = Field(
        description="`compound_mutation`, `phase_unknown`, `polyclonal_resistance`, `off_target_resistance`, "
        "`histologic_transformation`, `no_resistance_mechanism_found`, `non_informative_sample`, `sample_outdated`, "
        "`reemergent_clone`, `archived_resistance`, `variant_of_unknown_significance`, `uncertain_evidence`, "
        "`conflicting_evidence`, `cns_progression`, `driver_not_detected`, `driver_conflict`. More may be added.",
        examples=["compound_mutation"],
    )
    message: str = Field(
        description="One sentence in the language asked for.",
        examples=["p.L1196M and p.G1202R are on the same allele and act together."],
    )
    citations: CitationIds = Field(examples=[["yoda-2018"]])


class SeriesPoint(Outbound):
    """One alteration in one sample."""

    sample_id: str = Field(description="The sample.", examples=["P1"])
    vaf: float | None = Field(default=None, description="Allele fraction, 0..1; null when not given.", examples=[0.031])
    detected: bool | None = Field(
        default=None,
        description="False for a sample that could have shown it and did not; absent where it was seen.",
        examples=[False],
    )


class Alteration(Outbound):
    """One alteration over all samples."""

    gene: str = Field(description="HGNC symbol.", examples=["ALK"])
    name: str = Field(
        description="Protein change (`p.G1202R`), fusion (`EML4::ALK`), or gene and change (`MET amplification`).",
        examples=["p.G1202R"],
    )
    role: str = Field(
        description="What it does here: `driver`, `on_target_resistance`, `off_target_resistance`, "
        "`variant_of_unknown_significance` and others.",
        examples=["on_target_resistance"],
    )
    trend: str = Field(
        description="`emergent`, `rising`, `stable`, `falling`, `cleared`, `reemergent` or `single_time_point`.",
        examples=["emergent"],
    )
    decisive: bool | None = Field(default=None, description="Whether the choice rests on it.", examples=[True])
    series: list[SeriesPoint] = Field(description="Every sample that could show it, in order of time.")
    selected_by: list[str] | None = Field(
        default=None,
        description="Drugs given while it appeared or rose between two samples; absent when none.",
        examples=[["alectinib"]],
    )
    suppressed_by: list[str] | None = Field(
        default=None,
        description="Drugs given while it fell or disappeared between two samples; absent when none.",
        examples=[["lorlatinib"]],
    )


class Clone(Outbound):
    """Changes of the driver gene that travel together."""

    alterations: list[str] = Field(description="Their names.", examples=[["p.L1196M", "p.G1202R"]])
    phase: str = Field(description="`single`, `cis`, `trans` or `unknown`.", examples=["cis"])
    share: float | None = Field(
        default=None,
        description="Share of the driver's allele fraction, 0..1; absent when it cannot be told.",
        examples=[0.31],
    )


class CloneCoverage(Outbound):
    """What one TKI of the driver does to several clones together."""

    regimen_id: str = Field(examples=["lorlatinib"], description="INN.")
    worst: Activity = Field(description="Activity against the clone that it covers least.", examples=["reduced"])
    share_covered: float | None = Field(
        description="Share of the clones, by their fractions, that are sensitive to it; null when it cannot be told.",
        examples=[0.62],
    )


class Interpretation(Outbound):
    """How the case was read."""

    line_of_therapy: int = Field(description="The line now to be chosen, from 1.", examples=[3])
    setting: str = Field(
        description="ALK: `tki_naive`, `after_first_generation`, `after_second_generation`, "
        "`after_third_generation`. ROS1: `tki_naive`, `after_crizotinib`, `after_entrectinib`, "
        "`after_early_generation`, `after_next_generation`.",
        examples=["after_second_generation"],
    )
    resistance: Resistance = Field(
        description="`none_yet`: no TKI failed. `none_detected`: an informative sample showed nothing. "
        "`not_assessable`: no sample, or one that shed no tumour DNA.",
        examples=["on_target"],
    )
    decisive_samples: list[str] = Field(
        description="Samples on which the choice rests; empty when it rests on history alone.", examples=[["P1"]]
    )
    flags: list[Flag] = Field(description="What a reader must not miss. Every code: `docs/codes.md`.")
    alterations: list[Alteration] = Field(description="Everything found, over time.")
    clones: list[Clone] = Field(
        description="Resistance clones of the driver gene. Options refer to them by place, from 0."
    )
    coverage: list[CloneCoverage] = Field(
        default=[], description="With several clones: what each TKI of the driver covers. Empty otherwise."
    )


class CloneActivity(Outbound):
    """The activity of an option against one clone."""

    clone: int = Field(description="Place in `interpretation.clones`, from 0.", examples=[0])
    activity: Activity = Field(examples=["reduced"])
    evidence: list[str] = Field(
        default=[],
        description="Ids of the evidence items behind it (`GET /v1/evidence`).",
        examples=[["v1180l-alectinib-lin-2017-review"]],
    )


class Criterion(Outbound):
    """The grade of an option on one criterion of the policy."""

    name: str = Field(description="Criterion, in the order of the policy.", examples=["molecular_activity"])
    grade: str = Field(description="Grade on it.", examples=["reduced"])
    because: str | None = Field(
        default=None,
        description="Why, in one sentence.",
        examples=["A 2017 review tabulates ALK V1180L among the resistance mutations reported for alectinib."],
    )
    citations: list[str] = Field(
        default=[], description="Ids that resolve in `citations`.", examples=[["lin-2017-review"]]
    )


class Sentence(Outbound):
    """One reason with its sources."""

    text: str = Field(
        description="One sentence.",
        examples=["After at least one second-generation inhibitor 39.6% of 139 patients responded to lorlatinib."],
    )
    rule: str | None = Field(
        default=None,
        description="Part of the knowledge that it comes from: `effect`, `mechanism`, `guidance`, `outcome`, `cns`, "
        "`approval`, `regimen`, `rationale` (a sentence of the service), `local` (a note of the local overlay); in a "
        "sequence plan the code of the sentence.",
        examples=["outcome"],
    )
    citations: CitationIds = Field(examples=[["lorlatinib-post2g-2021"]])


class OptionCaution(Outbound):
    """Something to watch for with this option in this patient."""

    code: str = Field(
        description="`interaction`, `pregnancy`, `off_label`, `monitoring`, `label_not_read`, or the comorbidity's code.",
        examples=["interaction"],
    )
    severity: Severity = Field(description="`contraindicated` drugs are in `not_recommended`.", examples=["warning"])
    text: str = Field(description="One sentence.", examples=["Strong CYP3A inducers raise the risk of liver toxicity."])
    citations: CitationIds


class ExpectedResistance(Outbound):
    """One state in which the tumour may come back under an option. `POST /v1/sequence-plans` tells more."""

    alteration: str = Field(
        description="Change of the driver, mechanism, `none_on_target`, or what the cohort does not name: "
        "`other_on_target`, `not_attributed`.",
        examples=["p.L1198F"],
    )
    frequency: float | None = Field(
        default=None,
        description="Share of the relapses in the cited cohort, 0..1; null when no cohort gives one.",
        examples=[0.1],
    )
    n: int | None = Field(default=None, description="Relapses in the cohort, when it says.", examples=[42])
    best_option: str | None = Field(
        default=None, description="What would stand first then; null where the state is too vague to rank."
    )
    active_targeted_option: str | None = Field(
        default=None,
        description="First inhibitor of the driver with evidence of activity then; null when none is left.",
    )
    citations: CitationIds


class Outlook(Outbound):
    """The step after this one. Shares come from one cited cohort and from nothing else; no survival is estimated."""

    expected_resistance: list[ExpectedResistance] = Field(
        default=[], description="What was found after this drug, the most frequent first."
    )
    next_options: list[str] = Field(
        default=[], description="Inhibitors of the driver that may still work then.", examples=[["crizotinib"]]
    )
    share_with_active_option: float | None = Field(
        default=None,
        description="Least share of relapses that leave an active inhibitor of the driver; null when no cohort gives "
        "shares that can be added up.",
        examples=[0.29],
    )
    share_not_known: float | None = Field(
        default=None, description="Share of relapses whose mechanism the cohort does not name.", examples=[0.71]
    )
    burns_bridges: bool | None = Field(
        default=None,
        description="True: no mechanism that the cohort names leaves an active inhibitor of the driver; null: not known.",
    )


class Option(Outbound):
    """One regimen that remains."""

    rank: int = Field(ge=1, description="Place in the total order, from 1.", examples=[1])
    tier: int = Field(
        ge=1,
        description="Options of one tier are clinically equivalent: only tie-breakers separate them.",
        examples=[1],
    )
    regimen_id: str = Field(
        description="One INN; INNs or classes joined by `+` in alphabetical order; or `clinical_trial`.",
        examples=["lorlatinib"],
    )
    kind: RegimenKind = Field(examples=["tki"], description="What kind of treatment it is.")
    category: Literal["recommended", "consider", "investigational"] = Field(
        description="How firmly it stands.", examples=["recommended"]
    )
    activity: Activity = Field(description="Activity against the worst clone.", examples=["reduced"])
    activity_by_clone: list[CloneActivity] = Field(default=[], description="Activity against each clone.")
    evidence_level: EvidenceLevel | None = Field(
        default=None,
        description="A guideline or label, B well-powered trial or consensus, C smaller cohort, D case report or "
        "preclinical, E inferred.",
        examples=["B"],
    )
    approvals: list[Approval] = Field(default=[], description="What regulators say of it for the driver gene.")
    criteria: list[Criterion] = Field(description="Its grade on every criterion, in the order of the policy.")
    decided_by: str | None = Field(
        default=None,
        description="First criterion on which it differs from the option above it; absent for the first option.",
        examples=["molecular_activity"],
    )
    rationale: list[Sentence] = Field(description="Why it stands here.")
    cautions: list[OptionCaution] = Field(default=[], description="What to watch for.")
    outlook: Outlook | None = Field(
        default=None, description="The step after this one; null for anything but an inhibitor of the driver."
    )


class ExclusionReason(Outbound):
    """Why a regimen is not offered."""

    code: str = Field(
        description="`progressed_on`, `not_tolerated`, `resistant_clone`, `not_approved`, `contraindicated`, "
        "`superseded`, `no_rationale`, `not_available_locally` (the local overlay says so).",
        examples=["progressed_on"],
    )
    text: str = Field(description="One sentence.", examples=["The disease progressed on alectinib."])
    citations: CitationIds


class Exclusion(Outbound):
    """One regimen that is not offered, and why."""

    regimen_id: str = Field(examples=["alectinib"], description="As in `options`.")
    kind: RegimenKind = Field(examples=["tki"], description="As in `options`.")
    reasons: list[ExclusionReason] = Field(min_length=1, description="Every reason that holds.")


class NextTest(Outbound):
    """What to test next."""

    code: str = Field(
        description="`tissue_biopsy`, `repeat_ctdna`, `csf_ctdna`, `brain_mri`, `rna_fusion_assay`, `histology_review`, …",
        examples=["tissue_biopsy"],
    )
    text: str = Field(description="One sentence.", examples=["A tissue biopsy can show what plasma cannot."])
    citations: CitationIds


class Warning(Outbound):  # noqa: A001 - the word of the contract
    """Something about the request or the knowledge that limits the answer."""

    code: str = Field(description="Stable code.", examples=["co_medication_not_checked"])
    text: str = Field(description="One sentence.", examples=["One co-medication was not recognised and not checked."])
    citations: list[str] = Field(default=[], description="Ids that resolve in `citations`.")


class Recommendation(Outbound):
    """Ranked options with their reasons and sources. Self-contained: nothing has to be looked up to read it.

    Every regimen that the service knows for the driver gene is in `options` or in `not_recommended`, never lost. The same
    case, knowledge release and engine version give the same bytes on any day.
    """

    recommendation_id: str = Field(
        description="SHA-256 over the normalised case, the knowledge digest and the engine version. Also the `ETag`.",
        examples=["sha256:5d3c7a1e9b0f4c2d8e6a7b9c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e"],
    )
    case_id: str | None = Field(default=None, description="As sent.", examples=["LIMS-2026-001"])
    knowledge: KnowledgeReference
    engine_version: str = Field(examples=["1.5.0"], description="Version of the code that ranked.")
    as_of: str = Field(description="Day for which approvals were read.", examples=["2026-11-20"])
    interpretation: Interpretation
    options: list[Option] = Field(description="What remains, best first: a total order.")
    not_recommended: list[Exclusion] = Field(description="What does not, and why.")
    next_tests: list[NextTest] = Field(description="What to test next.")
    citations: Citations
    warnings: list[Warning] = Field(description="What limits the answer.")
    disclaimer: str = Field(
        description="What this answer is not.",
        examples=["Decision support for physicians; not a medical decision and not reviewed by a clinician."],
    )
