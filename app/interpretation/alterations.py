"""The alterations of all samples together: what each means, its course, and the clones that those of the driver make (decision step 4)."""

from __future__ import annotations

import datetime as dt

from msgspec import Struct

from app.domain.case import Case, Finding, Fusion, SmallVariant
from app.domain.interpretation import Alteration, Clone, Mark, Profile
from app.interpretation.clones import Clones, may_travel, read_clones
from app.interpretation.findings import Role, role_beside, role_of
from app.interpretation.mechanisms import carries_tumours, targets_any
from app.interpretation.samples import SampleReading
from app.interpretation.series import (
    SINGLE_TIME_POINT,
    Key,
    Table,
    expands,
    pressures,
    series_of,
    share_of,
    tables_of,
    trend_of,
)
from app.knowledge.index import KnowledgeIndex
from app.knowledge.policy import SeriesThresholds


class Findings(Struct, frozen=True):
    """The findings of all samples, each alteration once, with its role and its course."""

    alterations: tuple[Alteration, ...]
    on_target: tuple[SmallVariant, ...]
    """Variants of the driver with known effects in the decisive samples."""
    amplified: bool
    mechanisms: tuple[str, ...]
    archived: tuple[Profile, ...]
    vague: tuple[str, ...]
    unrecorded: tuple[str, ...]
    original: tuple[Mark, ...]
    """Second drivers of the tumour before its first inhibitor, to which it responded, that have not gained on the fusion since."""
    further_fusions: tuple[str, ...]
    """Of genes of which no fusion is on record in tumours of the driver."""
    unnamed: bool
    """A decisive sample tells of a change of the driver without saying which."""


def read_alterations(case: Case, reading: SampleReading, index: KnowledgeIndex) -> Findings:
    """Read the findings of all samples together."""
    if not reading.ordered:
        return _NOTHING
    tables = tables_of(reading)
    places = {sample.index for sample in reading.decisive}
    decisive = [table for table in tables if table.sample.index in places]
    shown: dict[Key, Finding] = {}  # as the decisive samples show it, else as it was first seen
    for table in (*tables[::-1], *decisive[::-1]):
        shown.update(table.findings)
    now = {key for table in decisive for key in table.findings}
    roles = _roles(shown, now, reading, case.gene, index)
    alterations = [_course(key, roles[key], tables, key in now, case, index.policy.series) for key in sorted(shown)]
    original = _original(alterations, tables, case, index) if len(tables) > 1 and case.treatments else ()
    not_acquired = {(mark.gene, mark.name) for mark in original} if original else ()
    mechanisms: set[str] = set()
    on_target: list[SmallVariant] = []
    amplified = False
    for table in decisive:
        for key, finding in table.findings.items():
            role = roles[key]
            if key not in not_acquired:
                mechanisms.update(role.mechanisms)
            amplified = amplified or role.amplification
            if role.on_target and isinstance(finding, SmallVariant):
                on_target.append(finding)
    unrecorded = [key for key, role in roles.items() if role.unrecorded]
    fusions = [
        finding.name
        for key, finding in shown.items()
        if isinstance(finding, Fusion) and roles[key].name == "other" and not roles[key].unrecorded
    ]
    return Findings(
        alterations=tuple(alterations),
        on_target=tuple(on_target),
        amplified=amplified,
        mechanisms=tuple(sorted(mechanisms)),
        archived=tuple([(one.mark.name,) for one in alterations if _archived(one.mark)]) if decisive else (),
        vague=tuple(sorted({finding.name for key, finding in shown.items() if roles[key].vague})),
        unrecorded=tuple([one.mark.full_name for one in alterations if (one.mark.gene, one.mark.name) in unrecorded])
        if unrecorded
        else (),
        original=original,
        further_fusions=tuple(sorted(fusions)) if fusions else (),
        unnamed=any(roles[key].vague for key in now if key[0] == case.gene),
    )


def _roles(
    shown: dict[Key, Finding], now: set[Key], reading: SampleReading, driver: str, index: KnowledgeIndex
) -> dict[Key, Role]:
    """The role of each alteration, beside what the decisive samples show with it, or, of one of the past, beside all that was ever seen."""
    roles = {key: role_of(finding, driver, index) for key, finding in shown.items()}
    if index.only_beside[driver].keys().isdisjoint([name for _, name in shown]):
        return roles
    of_driver = {key: one for key, one in shown.items() if key[0] == driver and isinstance(one, SmallVariant)}
    for key, finding in of_driver.items():
        samples, others = (reading.decisive, now) if key in now else (reading.ordered, of_driver.keys())
        beside = {
            name
            for (gene, name), other in of_driver.items()
            if (gene, name) in others and may_travel(finding, other, samples, index.policy.clones)
        }
        roles[key] = role_beside(roles[key], finding, beside, driver, index)
    return roles


_NOTHING = Findings((), (), False, (), (), (), (), (), (), unnamed=False)


def _original(
    alterations: list[Alteration], tables: list[Table], case: Case, index: KnowledgeIndex
) -> tuple[Mark, ...]:
    """A bypass that the tumour carried while it responded to an inhibitor of the driver is no way in which it escaped that inhibitor.

    Only where fractions show that it has not gained on the fusion since, and where nothing that was given with the inhibitor, nor the
    inhibitor itself, is aimed at its gene.
    """
    inhibitors = index.inhibitors[case.gene].keys()
    answered = [
        treatment
        for treatment in case.treatments
        if treatment.started and treatment.best_response in ("CR", "PR") and inhibitors >= set(treatment.drugs)
    ]
    if not answered:
        return ()
    found = []
    for mark in [one.mark for one in alterations]:
        if (
            not mark.decisive
            or mark.role != "off_target_resistance"
            or not carries_tumours(mark.gene, case.gene, index)
        ):
            continue
        alone = [
            one.started for one in answered if not any(targets_any(drug, {mark.gene}, index) for drug in one.drugs)
        ]
        if alone and _kept_its_share((mark.gene, mark.name), tables, min(filter(None, alone)), case.gene, index):
            found.append(mark)
    return tuple(found)


def _kept_its_share(key: Key, tables: list[Table], start: dt.date, driver: str, index: KnowledgeIndex) -> bool:
    """True when, measured against the fusion, it is no larger in any later sample than it was before the day ``start``."""
    shares = [
        (table.sample.collected, share_of(key, table, driver))
        for table in tables
        if table.sample.collected and key in table.findings
    ]
    before = [share for day, share in shares if day < start]
    after = [share for day, share in shares if day >= start]
    if not before or not after or None in (*before, *after):
        return False
    most = max(share for share in before if share is not None) * index.policy.series.rising_factor
    return all(share is not None and share < most for share in after)


def _archived(mark: Mark) -> bool:
    """Resistance of the past that the decisive samples, which could have shown it, no longer show."""
    return not mark.decisive and mark.trend == "cleared" and mark.role == "on_target_resistance"


def _course(
    key: Key, role: Role, tables: list[Table], decisive: bool, case: Case, thresholds: SeriesThresholds
) -> Alteration:
    """One alteration over all samples: its series, its trend, and the drugs under which it rose or fell."""
    points = series_of(key, tables)
    series = tuple([point for _, point in points])
    if len(points) < 2:
        return Alteration(Mark(*key, role.name, SINGLE_TIME_POINT, decisive), series)
    compared_to = None if role.name == "driver" else case.gene
    mark = Mark(*key, role.name, trend_of(points, compared_to, thresholds), decisive, expands(points, thresholds))
    return Alteration(mark, series, *pressures(points, case.treatments, compared_to, thresholds))


def clones_of(findings: Findings, reading: SampleReading, index: KnowledgeIndex) -> Clones:
    """The clones that the changes of the driver make, with its amplification where it was found."""
    found = _NO_CLONES
    if findings.on_target:
        found = read_clones(list(findings.on_target), reading.decisive, index.policy.clones)
    if not findings.amplified:
        return found
    amplification: Profile = ("amplification",)
    with_gain = tuple((*one, amplification) for one in found.readings) or ((amplification,),)
    return Clones(with_gain, (*found.clones, Clone(amplification, "single", None)), found.minor)


_NO_CLONES = Clones()


def not_gone(mark: Mark) -> bool:
    """Seen in a decisive sample, or in an earlier one without a later that could have shown it and did not."""
    return mark.decisive or mark.trend != "cleared"


def growing(mark: Mark) -> bool:
    """Resistance in the decisive samples that is not on its way out: of a stable share of a tumour that itself grows, there is more."""
    if not mark.decisive or mark.role not in ("on_target_resistance", "off_target_resistance"):
        return False
    return mark.expands if mark.trend == "stable" else mark.trend != "falling"
