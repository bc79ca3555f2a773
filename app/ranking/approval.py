"""Approvals: what is in force on the day, whose wording covers this patient, and what that makes of a drug."""

from __future__ import annotations

import datetime as dt

from app.domain.interpretation import Situation
from app.knowledge.index import KnowledgeIndex, Regimen
from app.knowledge.records import Approval, EarlierUse

GRANTED = ("approved", "conditional")
"""States of an approval under which the drug is on the market."""


def _in_force(approval: Approval, as_of: dt.date) -> bool:
    """Partial dates count from the end of their period's text: '2024' is in force from 2024 on."""
    day = as_of.isoformat()
    started = approval.start is None or approval.start <= day[: len(approval.start)]
    return started and (approval.end is None or approval.end > day[: len(approval.end)])


def approvals_of(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> tuple[Approval, ...]:
    """What regulators say of a TKI for this driver on the day: in advanced disease, and in early disease where that is the case."""
    if not regimen.ranked:
        return ()
    return tuple(
        approval
        for approval in index.drugs[regimen.id].approvals
        if approval.gene == situation.gene
        and (approval.disease == "advanced" or situation.early is not None)
        and _in_force(approval, situation.as_of)
    )


def recorded(drug: str, index: KnowledgeIndex, jurisdiction: str | None = None) -> tuple[str, ...]:
    """The sources of the approvals on record for a TKI: what the absence of one was read from.

    Those of ``jurisdiction`` where it has any, and all otherwise.
    """
    approvals = index.drugs[drug].approvals
    here = [one for one in approvals if one.jurisdiction == jurisdiction]
    return tuple(dict.fromkeys(one.citation for one in here or approvals))


def regulatory_of(
    regimen: Regimen, situation: Situation, approvals: tuple[Approval, ...], index: KnowledgeIndex
) -> str:
    """The grade of the drug on the criterion ``regulatory``."""
    if not regimen.ranked:
        return "none"
    where = situation.jurisdiction
    granted = [one for one in approvals if one.status in GRANTED]
    here = [one for one in granted if where is None or one.jurisdiction == where]
    if any(covers(one, situation, index) for one in here):
        return "approved_here_for_setting"
    if here:
        return "approved_here"
    if _marketed_for_other(regimen, situation, index):
        return "off_label"
    if granted:
        return "approved_elsewhere"
    return "under_review" if _under_review(situation, approvals) else "none"


def covers(approval: Approval, situation: Situation, index: KnowledgeIndex) -> bool:
    """True when the wording of an approval covers this patient's disease and place in the sequence.

    A wording speaks of drugs that were given, so one that was stopped for toxicity opens it as one that failed does.
    """
    if (approval.disease == "adjuvant") is not (situation.early is not None):
        return False
    had = _had(situation, index)
    if approval.only_after and not any(_holds_use(use, had) for use in approval.only_after):
        return False
    places = {situation.setting, index.settings[situation.gene][max((place for _, _, place in had), default=0)]}
    return not approval.settings or not places.isdisjoint(approval.settings)


Had = tuple[int, str, int]
"""First line in which an inhibitor of the driver was given, its name, the place of the setting that its failure brings."""


def _had(situation: Situation, index: KnowledgeIndex) -> list[Had]:
    """The inhibitors of the driver that failed or were not tolerated, in the order in which they were first given."""
    lines: dict[str, int] = {}
    for drug, text in (*situation.failed, *situation.not_tolerated):
        first = first_line(text)
        lines[drug] = min(first, lines.get(drug, first))
    ranked = index.ranked[situation.gene]
    return sorted((line, drug, ranked[drug]) for drug, line in lines.items() if drug in ranked)


_LOOKED_AHEAD = 100
"""Line number of a drug of a future that is only looked at (``+1``)."""


def line_numbers(lines: str) -> list[int]:
    """The lines of ``"1, 3"``; a line of a future that is only looked at counts after all that were given."""
    found = (one.strip() for one in lines.split(","))
    return [_LOOKED_AHEAD + int(one[1:]) if one.startswith("+") else int(one) for one in found if one]


def first_line(lines: str) -> int:
    """The first of the lines."""
    return min(line_numbers(lines), default=0)


def _holds_use(use: EarlierUse, had: list[Had]) -> bool:
    names = [drug for _, drug, _ in had]
    return (
        len(names) >= use.at_least
        and set(use.had_all) <= set(names)
        and (not use.first_any or (bool(names) and names[0] in use.first_any))
    )


def opened_by_use(approvals: tuple[Approval, ...], situation: Situation, index: KnowledgeIndex) -> Approval | None:
    """The wording in force here that asks for an earlier inhibitor of the driver, where this patient has had one."""
    first = index.settings[situation.gene][0]
    return next(
        (
            one
            for one in approvals
            if one.status in GRANTED
            and situation.jurisdiction in (None, one.jurisdiction)
            and (one.settings or one.only_after)
            and first not in one.settings
            and covers(one, situation, index)
        ),
        None,
    )


def _under_review(situation: Situation, approvals: tuple[Approval, ...]) -> bool:
    return any(one.status == "under_review" and situation.jurisdiction in (None, one.jurisdiction) for one in approvals)


def _marketed_for_other(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> bool:
    """True when the drug can be prescribed there for something else, and so off label for this."""
    drug = index.drugs[regimen.id]
    elsewhere = [
        one
        for one in drug.approvals
        if one.gene != situation.gene and one.status in GRANTED and _in_force(one, situation.as_of)
    ]
    return any(situation.jurisdiction in (None, one.jurisdiction) for one in elsewhere)


def availability_of(regimen: Regimen, situation: Situation, regulatory: str, approvals: tuple[Approval, ...]) -> str:
    """``licensed``, ``off_label``, ``investigational`` or ``unavailable`` where and when the case is."""
    if not regimen.ranked:
        return "licensed"
    if regulatory == "approved_here_for_setting" or (
        regulatory == "approved_here" and situation.jurisdiction is None and situation.early is None
    ):
        return "licensed"
    if regulatory in ("off_label", "approved_here"):
        return "off_label"
    if regimen.ranked.development == "investigational" or _under_review(situation, approvals):
        return "investigational"
    return "unavailable"
