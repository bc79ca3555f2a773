"""Where in the sequence is this patient? Failed, not tolerated and ongoing drugs, the line and the setting (decision step 2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from msgspec import Struct

from app.domain.case import CNS_SITES, Case, Treatment
from app.knowledge.index import KnowledgeIndex


class History(Struct, frozen=True):
    """The treatment history, read.

    ``failed``, ``not_tolerated`` and ``ended`` (for another reason) give, per drug, the lines (as text). ``last_change`` is the day after
    which a sample shows the present tumour: the end of the last line that failed, or the start of an ongoing one.
    """

    line_of_therapy: int
    failed: tuple[tuple[str, str], ...]
    failed_lines: tuple[tuple[str, ...], ...]
    not_tolerated: tuple[tuple[str, str], ...]
    ended: tuple[tuple[str, str], ...]
    ongoing: tuple[str, ...]
    resumed: tuple[tuple[str, str], ...]
    """Drugs stopped for toxicity once and being given again, with the lines in which they were stopped: not ``not_tolerated``."""
    last_change: dt.date | None
    last_change_is_start: bool
    cns_sites: tuple[str, ...]
    progression_sites: tuple[str, ...]
    assumed_lines: tuple[str, ...]
    """Lines that ended without a stated reason and are read as failed."""


_UNTREATED = History(1, (), (), (), (), (), (), None, False, (), (), ())


def read_history(case: Case, index: KnowledgeIndex) -> History:
    """Read the treatments in the order of their dates, or as given where dates are missing."""
    if not case.treatments:
        return _UNTREATED
    ranked = index.inhibitors[case.gene]
    treatments = _in_order(case.treatments)
    failed: dict[str, list[str]] = {}
    not_tolerated: dict[str, list[str]] = {}
    ended: dict[str, list[str]] = {}
    failed_lines: list[tuple[str, ...]] = []
    ongoing: list[str] = []
    assumed: list[str] = []
    changes: list[tuple[dt.date, bool]] = []
    sites: tuple[str, ...] = ()
    line = 0
    for position, treatment in enumerate(treatments):
        on_driver = not ranked.keys().isdisjoint(treatment.drugs)
        fate, was_assumed = _fate(treatment, on_driver, treatments[position + 1 :], ranked)
        adjuvant = treatment.stop_reason == "completed" and on_driver and not failed_lines
        if fate == "failed" or not adjuvant:
            line += 1
        if was_assumed:
            assumed.append(str(line))
        if treatment.stop_reason == "toxicity":
            for drug in treatment.drugs:
                not_tolerated.setdefault(drug, []).append(str(line))
        if fate == "failed":
            failed_lines.append(treatment.drugs)
            for drug in treatment.drugs:
                failed.setdefault(drug, []).append(str(line))
            sites = treatment.progression_sites
            if treatment.ended:
                changes.append((treatment.ended, False))
            elif treatment.started:  # the end is not known: what was taken before the start is of the past in any case
                changes.append((treatment.started, True))
        elif fate == "ended" and treatment.stop_reason != "toxicity":
            sites = treatment.progression_sites or sites
            for drug in treatment.drugs:
                ended.setdefault(drug, []).append(str(line))
        elif fate == "ongoing":
            ongoing.extend(treatment.drugs)
            sites = treatment.progression_sites
            if treatment.started and on_driver:
                changes.append((treatment.started, True))
    resumed = {drug: not_tolerated.pop(drug) for drug in set(ongoing) if drug in not_tolerated}
    last_change, is_start = max(changes, key=lambda change: change[0]) if changes else (None, False)
    return History(
        line_of_therapy=line if ongoing else line + 1,
        failed=_as_text(failed),
        failed_lines=tuple(sorted(set(failed_lines))),
        not_tolerated=_as_text(not_tolerated),
        ended=_as_text(ended),
        ongoing=tuple(sorted(set(ongoing))),
        resumed=_as_text(resumed),
        last_change=last_change,
        last_change_is_start=is_start,
        cns_sites=tuple(site for site in sites if site in CNS_SITES) if sites else (),
        progression_sites=sites,
        assumed_lines=tuple(assumed),
    )


def setting_after(gene: str, drugs: Iterable[str], index: KnowledgeIndex) -> str:
    """The most advanced setting that failure of these drugs brings; the first setting when none of them is ranked for the gene."""
    ranked = index.inhibitors[gene]
    return index.settings[gene][max([ranked[drug] for drug in drugs if drug in ranked], default=0)]


def _in_order(treatments: tuple[Treatment, ...]) -> tuple[Treatment, ...]:
    if len(treatments) > 1 and all(treatment.started for treatment in treatments):
        return tuple(sorted(treatments, key=lambda one: (one.started or dt.date.min, one.index)))
    return treatments


def _fate(
    treatment: Treatment, on_driver: bool, later: tuple[Treatment, ...], ranked: Mapping[str, int]
) -> tuple[str, bool]:
    """What became of a line, and whether that had to be assumed.

    Primary progression is failure whatever the reason for stopping; so are sites of progression, for they state that the disease grows under
    the line; of a completed one they are those of the relapse that followed. Any other line without a stop reason is ongoing, unless it has an
    end, another drug of the driver after it, or a later line on which the disease progressed: then the drug did not hold it, and reading it as
    failed is the cautious choice, which the answer states.
    """
    reason = treatment.stop_reason
    grows = reason != "completed" and bool(treatment.progression_sites)
    if reason == "progression" or treatment.best_response == "PD" or grows:
        return "failed", False
    if reason is not None:
        return "ended", False
    replaced = on_driver and any(
        one.stop_reason == "progression" or any(drug in ranked for drug in one.drugs) for one in later
    )
    if not on_driver and (treatment.ended or later):
        return "ended", False
    if treatment.ended or replaced:
        return "failed", True
    return "ongoing", False


def _as_text(lines: dict[str, list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted([(drug, ", ".join(numbers)) for drug, numbers in lines.items()])) if lines else ()
