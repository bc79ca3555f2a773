"""The answer as frozen values: what is offered, what is not, and why."""

from __future__ import annotations

from msgspec import Struct

from app.domain.interpretation import Flag, Profile


class Sentence(Struct, frozen=True):
    """One claim with its sources. ``rule`` names the part of the knowledge it comes from."""

    text: str
    citations: tuple[str, ...]
    rule: str = ""


class Reason(Struct, frozen=True):
    """Why a regimen is not recommended."""

    code: str
    text: str
    citations: tuple[str, ...]


class Warned(Struct, frozen=True):
    """A caution that stays with an option."""

    code: str
    severity: str
    text: str
    citations: tuple[str, ...]


class BaselineTest(Struct, frozen=True):
    """What to test before any of these regimens is started, and the labels that ask for it."""

    code: str
    regimens: str
    citations: tuple[str, ...]


class Grade(Struct, frozen=True):
    """An option's grade on one criterion, with its place on the criterion's scale (0 is best)."""

    name: str
    grade: str
    place: int
    because: str
    citations: tuple[str, ...]


class CloneActivity(Struct, frozen=True):
    """What the regimen does to one clone."""

    profile: Profile
    activity: str
    evidence: tuple[str, ...]


class ApprovalStatus(Struct, frozen=True):
    """What one regulator says on the day of the answer."""

    jurisdiction: str
    status: str
    indication: str
    date: str | None
    decision_due: str | None
    citation: str


class Option(Struct, frozen=True):
    """One option in its place."""

    rank: int
    tier: int
    regimen_id: str
    kind: str
    category: str
    activity: str
    activity_by_clone: tuple[CloneActivity, ...]
    evidence_level: str
    approvals: tuple[ApprovalStatus, ...]
    criteria: tuple[Grade, ...]
    decided_by: str | None
    rationale: tuple[Sentence, ...]
    cautions: tuple[Warned, ...]


class Exclusion(Struct, frozen=True):
    """One regimen that is not recommended, with all reasons."""

    regimen_id: str
    kind: str
    reasons: tuple[Reason, ...]


class Ranking(Struct, frozen=True):
    """All regimens of the driver, each exactly once."""

    options: tuple[Option, ...]
    not_recommended: tuple[Exclusion, ...]
    flags: tuple[Flag, ...]
    """Flags on the evidence used."""
    baseline_tests: tuple[BaselineTest, ...]
