"""Approvals: what is in force on the day, whose wording covers this patient, and what that makes of a drug."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app.domain.interpretation import Situation
from app.domain.lines import first_line
from app.knowledge.index import KnowledgeIndex, Regimen
from app.knowledge.records import Approval, EarlierUse

GRANTED = ("approved", "conditional")
"""States of an approval under which the drug is on the market."""


def in_force(approval: Approval, as_of: dt.date, released: dt.date) -> bool:
    """True when an approval of a release is known to hold on the day, and not known to have ended.

    Of a partial end counts the first day, ``2024`` ends with 2023.
    """
    day = as_of.isoformat()
    begins = _begins(approval, released.isoformat())
    return begins <= day and (approval.end is None or approval.end > day[: len(approval.end)])


def _begins(approval: Approval, released: str) -> str:
    """The day from which an approval counts.

    Of a year or a month counts the day after its end, ``2024`` from 2025-01-01; but what a release states holds from its own day, whatever is
    left of the period. An application without a day counts from that day too: nothing tells how long it has been there. A licence without a
    day counts on every day.
    """
    start = approval.start
    if start is None:
        return released if approval.status == "under_review" else ""
    if len(start) == len("2026-11-20"):
        return start
    year, _, month = start.partition("-")
    after = f"{year}-{int(month) + 1:02}-01" if month and month != "12" else f"{int(year) + 1:04}-01-01"
    return min(after, released) if released[: len(start)] >= start else after


def in_stages(stage: str, stages: tuple[str, ...]) -> bool:
    """True when a stage is one of these, or a subdivision of one."""
    return stage in stages or stage.rstrip("ABC") in stages


def approvals_of(regimen: Regimen, situation: Situation, index: KnowledgeIndex) -> tuple[Approval, ...]:
    """What regulators say of a TKI for this driver on the day: in advanced disease, and after a resection where that may be the case."""
    if not regimen.ranked:
        return ()
    return tuple(
        approval
        for approval in index.drugs[regimen.id].approvals
        if approval.gene == situation.gene
        and (approval.disease == "advanced" or _resectable(situation))
        and in_force(approval, situation.as_of, index.release.released)
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
    if any(covers(one, regimen.id, situation, index) for one in here):
        return "approved_here_for_setting"
    if here:
        return "approved_here"
    if _marketed_for_other(regimen, situation, index):
        return "off_label"
    if granted:
        return "approved_elsewhere"
    return "under_review" if _under_review(situation, approvals) else "none"


def covers(approval: Approval, drug: str, situation: Situation, index: KnowledgeIndex) -> bool:
    """True when the wording of an approval of a drug covers this patient's disease and place in the sequence.

    A wording speaks of drugs that were given, so one that was stopped for toxicity opens or closes it as one that failed does.
    """
    if not _speaks_of(approval, situation):
        return False
    had = _had(situation, index)
    if approval.none_before and _given_before(drug, had, situation).intersection(_ruled_out(approval, index)):
        return False
    if approval.only_after and not any(_holds_use(use, had) for use in approval.only_after):
        return False
    places = {situation.setting, index.settings[situation.gene][max((place for _, _, place in had), default=0)]}
    return not approval.settings or not places.isdisjoint(approval.settings)


def _resectable(situation: Situation) -> bool:
    """Early disease whose treatment is, or may have been, a resection: what is asked for is adjuvant treatment."""
    return situation.early is not None and not situation.irradiated


_RESECTION_IS_THE_AIM = ("0", "I", "II", "IIIA")


def _speaks_of(approval: Approval, situation: Situation) -> bool:
    """True when the wording is of the disease of this patient: advanced, resected, or locally advanced and irradiated.

    A resectable stage that was irradiated is neither; in the stages beyond, a wording of advanced disease holds unless it asks for metastases.
    """
    stage = situation.early
    if stage is None:
        return approval.disease == "advanced"
    if not situation.irradiated:
        fits = approval.disease == "adjuvant"
    else:
        fits = approval.disease == "advanced" and not in_stages(stage, _RESECTION_IS_THE_AIM)
    return fits and (not approval.stages or in_stages(stage, approval.stages))


def _ruled_out(approval: Approval, index: KnowledgeIndex) -> Iterable[str]:
    """The earlier inhibitors of the driver with which a wording does not hold."""
    return index.inhibitors[approval.gene] if approval.none_before == "any" else approval.none_before


def _given_before(drug: str, had: list[Had], situation: Situation) -> set[str]:
    """The inhibitors that came before a drug: all that ended, itself too; of a drug that is being given, those that it did not itself come before."""
    if drug not in situation.ongoing:
        return {name for _, name, _ in had}
    began = next((line for line, name, _ in had if name == drug), None)
    return {name for line, name, _ in had if name != drug and (began is None or line < began)}


Had = tuple[int, str, int]
"""First line in which an inhibitor of the driver was given, its name, the place of the setting that its failure brings."""


def _had(situation: Situation, index: KnowledgeIndex) -> list[Had]:
    """The inhibitors of the driver that were given and ended, in the order in which they were first given."""
    lines: dict[str, int] = {}
    for drug, text in (*situation.failed, *situation.not_tolerated, *situation.ended):
        first = first_line(text)
        lines[drug] = min(first, lines.get(drug, first))
    ranked = index.inhibitors[situation.gene]
    return sorted((line, drug, ranked[drug]) for drug, line in lines.items() if drug in ranked)


def _holds_use(use: EarlierUse, had: list[Had]) -> bool:
    names = [drug for _, drug, _ in had]
    return (
        len(names) >= use.at_least
        and set(use.had_all) <= set(names)
        and (not use.first_any or (bool(names) and names[0] in use.first_any))
    )


def opened_by_use(
    drug: str, approvals: tuple[Approval, ...], situation: Situation, index: KnowledgeIndex
) -> Approval | None:
    """The wording in force here that asks for an earlier inhibitor of the driver, where this patient did not tolerate one."""
    first = index.settings[situation.gene][0]
    if index.inhibitors[situation.gene].keys().isdisjoint(name for name, _ in situation.not_tolerated):
        return None
    return next(
        (
            one
            for one in approvals
            if one.status in GRANTED
            and situation.jurisdiction in (None, one.jurisdiction)
            and (one.settings or one.only_after)
            and first not in one.settings
            and covers(one, drug, situation, index)
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
        if one.gene != situation.gene
        and one.status in GRANTED
        and in_force(one, situation.as_of, index.release.released)
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
