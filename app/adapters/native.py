"""The native JSON case to a Case: names to the vocabulary's, variants to canonical changes, dates to an order.

Everything that cannot be understood is collected and raised once, each with its JSON Pointer and its cure.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from msgspec.structs import replace

from app.adapters.findings import FindingError, read_findings
from app.adapters.refusals import denies, variant_of_fusion
from app.adapters.vocabulary import (
    UnknownNameError,
    drug_names,
    interactions_of,
    known_drugs,
    partner_symbol,
    refuse_hidden,
)
from app.domain.case import CNS_SITES, Assay, Case, Finding, Patient, Sample, SmallVariant, Treatment
from app.domain.errors import InvalidCase, Problem
from app.domain.variant import one_residue
from app.knowledge.index import KnowledgeIndex
from app.wire import case as wire

_NO_DISEASE, _NO_PATIENT = wire.Disease(), wire.Patient()
_MOST_CELLS = 20_000
"""Different alterations times samples that one case may hold: what the answer lists grows with it."""
_MOST_PROBLEMS = 50
"""With so many problems the rest of the case is not read: the sender mends these first."""
_UNDESCRIBED_ASSAY = Assay()
_UNDESCRIBED_PATIENT = Patient(
    ecog=None, pregnant=False, comorbidities=(), interactions=(), unchecked_co_medications=()
)
_YEARS_AHEAD = 10
"""Dates later than this after the release are slips, such as 2099."""


def to_case(given: wire.Case, index: KnowledgeIndex, language: str) -> Case:
    """Read a case.

    ``language`` stands when the case names none. Raises InvalidCase with every problem found.
    """
    problems: list[Problem] = []
    unknown_genes: set[str] = set()
    unlisted: set[str] = set()
    treatments = _treatments(given, index, unlisted, problems)
    samples = _samples(given, index, unknown_genes, problems)
    partner = _partner(given.driver, index, problems)
    _check_variant(given.driver, problems)
    disease = given.disease or _NO_DISEASE
    as_of = given.as_of or index.release.released
    _check_day(given.as_of, "", "as_of", index, problems)
    if given.as_of is not None:
        _check_future(given, given.as_of, problems)
    if problems:
        raise InvalidCase(problems)
    return Case(
        case_id=given.case_id,
        gene=given.driver.gene,
        partner=partner,
        fusion_variant=variant_of_fusion(given.driver.variant),
        histology=given.histology,
        stage=disease.stage,
        brain_metastases=(brain := _brain_metastases(disease, treatments)),
        brain_examined=brain or disease.brain_metastases is not None,
        treatments=treatments,
        samples=samples,
        patient=_patient(given.patient or _NO_PATIENT, index),
        jurisdiction=given.jurisdiction,
        as_of=as_of,
        include_investigational=given.include_investigational,
        language=given.language or language,
        unlisted_therapies=tuple(sorted(unlisted)),
        unknown_genes=tuple(sorted(unknown_genes)),
    )


def _brain_metastases(given: wire.Disease, treatments: tuple[Treatment, ...]) -> bool:
    """As stated; where nothing is stated, whether the disease ever progressed there."""
    if given.brain_metastases is not None:
        return given.brain_metastases
    return any(site in CNS_SITES for treatment in treatments for site in treatment.progression_sites)


def _partner(given: wire.Driver, index: KnowledgeIndex, problems: list[Problem]) -> str | None:
    if given.partner is None:
        return None
    try:
        return partner_symbol(given.partner, given.gene, index)
    except UnknownNameError as error:
        problems.append(Problem("/driver/partner", str(error)))
        return None


def _check_variant(given: wire.Driver, problems: list[Problem]) -> None:
    """A result in the place of a variant would be passed over, and the fusion taken for one that was found."""
    variant = variant_of_fusion(given.variant)
    if variant and denies(variant):
        detail = "this reads as a negative result; leave the variant out when it is not known, and write one that was found as 'v3'"
        problems.append(Problem("/driver/variant", detail))


def _check_day(day: dt.date | None, pointer: str, field: str, index: KnowledgeIndex, problems: list[Problem]) -> None:
    if day is not None and day.year > (latest := index.release.released.year + _YEARS_AHEAD):
        detail = f"this date is not plausible: it lies after {latest}; check the year"
        problems.append(Problem(f"{pointer}/{field}", detail))


def _check_future(given: wire.Case, today: dt.date, problems: list[Problem]) -> None:
    """Nothing that is told can lie after the day that the case is asked for: a slip of the year would make a failed drug an ongoing one."""
    told = [
        *((f"/treatments/{n}/started", one.started) for n, one in enumerate(given.treatments)),
        *((f"/treatments/{n}/ended", one.ended) for n, one in enumerate(given.treatments)),
        *((f"/samples/{n}/collected", one.collected) for n, one in enumerate(given.samples)),
    ]
    for pointer, day in told:
        if day is not None and day > today:
            detail = (
                f"this date lies after the day that the case is asked for (as_of {today}); check the year, or as_of"
            )
            problems.append(Problem(pointer, detail))


# --- treatments -------------------------------------------------------------------------------------------------


def _treatments(
    given: wire.Case, index: KnowledgeIndex, unlisted: set[str], problems: list[Problem]
) -> tuple[Treatment, ...]:
    found = [
        _treatment(treatment, place, given.driver.gene, index, unlisted, problems)
        for place, treatment in enumerate(given.treatments)
    ]
    if len(found) < 2:
        return tuple(found)
    if all(one.started for one in found):
        found.sort(key=_when_and_what)
    else:
        _check_order(found, problems)
    return tuple(one if one.index == place else replace(one, index=place) for place, one in enumerate(found))


def _check_order(treatments: Sequence[Treatment], problems: list[Problem]) -> None:
    """Refuse an order that dates contradict, where it cannot be mended because some have none.

    A history listed newest first would otherwise make a drug that is being given one that failed.
    """
    latest: dt.date | None = None
    for place, one in enumerate(treatments):
        known = one.started or one.ended
        if latest is not None and known is not None and known < latest:
            detail = "this lies before one that is listed earlier, and not all have a start to be put in order by; date all, or list the oldest first"
            problems.append(Problem(f"/treatments/{place}/{'started' if one.started else 'ended'}", detail))
            return
        latest = max(filter(None, (latest, one.started)), default=None)


def _when_and_what(one: Treatment) -> tuple[object, ...]:
    """By start; lines of one start by all else that is stated, so that the order given does not matter."""
    end = one.ended or dt.date.max
    return (
        one.started or dt.date.min,
        one.drugs,
        end,
        one.stop_reason or "",
        one.best_response or "",
        one.progression_sites,
    )


def _treatment(
    given: wire.Treatment, place: int, gene: str, index: KnowledgeIndex, unlisted: set[str], problems: list[Problem]
) -> Treatment:
    if len(problems) >= _MOST_PROBLEMS:
        raise InvalidCase(problems)
    pointer = f"/treatments/{place}"
    drugs: list[str] = []
    irradiated = False
    for number, drug in enumerate(given.drugs):
        irradiated = irradiated or (not isinstance(drug, str) and drug.drug_class == "radiotherapy")
        try:
            names = drug_names(drug, index) if isinstance(drug, str) else _declared(drug.name, gene, index, unlisted)
        except UnknownNameError as error:
            problems.append(Problem(f"{pointer}/drugs/{number}", str(error)))
            continue
        if (
            len(names) > 1
            and len(_inhibitors(names, gene, index)) > 1
            and isinstance(drug, str)
            and _SEQUENCE.search(drug)
        ):
            problems.append(Problem(f"{pointer}/drugs/{number}", _ONE_EACH))
            continue
        drugs += names
        unlisted.update([one for one in names if _unranked_inhibitor(one, gene, index)])
    if len(drugs) > _MOST_TOGETHER and len(_inhibitors(drugs, gene, index)) > _MOST_TOGETHER:
        problems.append(Problem(f"{pointer}/drugs", _ONE_EACH))
    _check_day(given.started, pointer, "started", index, problems)
    _check_day(given.ended, pointer, "ended", index, problems)
    if given.started and given.ended and given.ended < given.started:
        problems.append(Problem(f"{pointer}/ended", "the treatment ends before it starts; check both dates"))
    return Treatment(
        place,
        _each_once(drugs),
        given.started,
        given.ended,
        given.best_response,
        given.stop_reason,
        _each_once(given.progression_sites),
        irradiated or "radiotherapy" in [index.vocabulary.drug_classes.get(one) for one in drugs],
    )


def _inhibitors(names: Sequence[str], gene: str, index: KnowledgeIndex) -> set[str]:
    return index.inhibitors[gene].keys() & set(names)


_SEQUENCE = re.compile(r"[,;/、，；→>]|\bthen\b|\bfollowed by\b")
"""Between two inhibitors of one driver these mean one after the other; ``+`` means together."""
_MOST_TOGETHER = 2
"""Inhibitors of one driver in one line: a pair was given now and then, more are a history."""
_ONE_EACH = (
    "these are several inhibitors of the driver, which are given one after the other: send one treatment for each, in their order; "
    "two that were given together stand as two entries of drugs"
)


def _declared(name: str, gene: str, index: KnowledgeIndex, unlisted: set[str]) -> tuple[str, ...]:
    """A drug declared on purpose: what it is known as, or its name as written. Raises UnknownNameError for a ranked drug in other words."""
    found = known_drugs(name, index)
    if found is None:
        refuse_hidden(name, gene, index)
        unlisted.add(name)
    return found or (name,)


def _unranked_inhibitor(drug: str, gene: str, index: KnowledgeIndex) -> bool:
    """True for a kinase inhibitor that may be aimed at the driver and whose place is not known: a setting cannot rest on it unsaid.

    A targeted drug whose targets are on record and do not hold the driver is aimed at something else.
    """
    if drug in index.inhibitors[gene]:
        return False
    record = index.drugs.get(drug)
    if record is None:
        return index.vocabulary.drug_classes.get(drug) == "targeted"
    return record.drug_class == "tki" or gene in record.targets


def _each_once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words) if len(words) < 2 else tuple(sorted(set(words)))


# --- samples ----------------------------------------------------------------------------------------------------


def _samples(given: wire.Case, index: KnowledgeIndex, unknown: set[str], problems: list[Problem]) -> tuple[Sample, ...]:
    found: list[Sample] = []
    seen: set[str] = set()
    for place, sample in enumerate(given.samples):
        if len(problems) >= _MOST_PROBLEMS:
            raise InvalidCase(problems)
        pointer = f"/samples/{place}"
        name = sample.sample_id or f"S{place + 1}"
        if name in seen:
            problems.append(Problem(f"{pointer}/sample_id", "two samples have this id; give each its own"))
        seen.add(name)
        _check_day(sample.collected, pointer, "collected", index, problems)
        found.append(_sample(sample, name, place, given.driver.gene, index, unknown, problems))
    _check_size(found, problems)
    if len(found) < 2:
        return tuple(found)
    if all(sample.collected for sample in found):
        found.sort(key=lambda one: (one.collected or dt.date.min, one.specimen, one.sample_id))
    return tuple(one if one.index == place else replace(one, index=place) for place, one in enumerate(found))


def _check_size(samples: Sequence[Sample], problems: list[Problem]) -> None:
    if len(samples) * sum([len(sample.findings) for sample in samples]) <= _MOST_CELLS:
        return
    cells = len({(one.gene, one.name) for sample in samples for one in sample.findings}) * len(samples)
    if cells > _MOST_CELLS:
        detail = f"the findings times the samples make {cells} points to follow, more than {_MOST_CELLS}; send the genes that matter"
        problems.append(Problem("/samples", detail))


def _sample(
    given: wire.Sample,
    name: str,
    place: int,
    driver: str,
    index: KnowledgeIndex,
    unknown: set[str],
    problems: list[Problem],
) -> Sample:
    findings: list[tuple[int, Finding]] = []
    for number, one in enumerate(given.findings):
        if len(problems) >= _MOST_PROBLEMS:
            raise InvalidCase(problems)
        pointer = f"/samples/{place}/findings/{number}"
        try:
            reads = read_findings(one, driver, index)
        except FindingError as error:
            at = f"{pointer}/{error.field}" if error.field and not isinstance(one, str) else pointer
            problems.append(Problem(at, str(error)))
            continue
        for read in reads:
            findings.append((number, read.finding))
            if read.unknown_gene:
                unknown.add(read.unknown_gene)
    _check_phase(findings, f"/samples/{place}/findings", problems)
    if given.histology is not None and given.specimen == "plasma":
        detail = "plasma shows no histology; state it in the tissue sample that it was read from, or as `histology` of the case"
        problems.append(Problem(f"/samples/{place}/histology", detail))
    return Sample(
        sample_id=name,
        index=place,
        specimen=given.specimen,
        collected=given.collected,
        ctdna_detected=given.ctdna_detected,
        tumour_fraction=given.tumour_fraction,
        histology=given.histology,
        findings=tuple(_once([finding for _, finding in findings]) if findings else ()),
        assay=_UNDESCRIBED_ASSAY if given.assay is None else _assay(given.assay, index),
    )


def _once(findings: list[Finding]) -> list[Finding]:
    """Each alteration once; of two reports of one alteration the higher fraction stands, and the phase that either states."""
    if len(findings) < 2:
        return findings
    by_name = {(one.gene, one.name): one for one in findings}
    if len(by_name) == len(findings):
        return [by_name[key] for key in sorted(by_name)]
    reports: dict[tuple[str, str], list[Finding]] = {}
    for finding in sorted(
        findings, key=lambda one: (one.gene, one.name, -(getattr(one, "vaf", None) or 0.0), repr(one))
    ):
        reports.setdefault((finding.gene, finding.name), []).append(finding)
    return [_merged(same) for same in reports.values()]


def _merged(same: list[Finding]) -> Finding:
    first = same[0]
    variants = [one for one in same if isinstance(one, SmallVariant)]
    if not isinstance(first, SmallVariant) or len(variants) < 2:
        return first
    stated = [one.cis for one in variants if one.cis is not None]
    return replace(
        first,
        cis=tuple(sorted({name for names in stated for name in names})) if stated else None,
        trans=tuple(sorted({name for one in variants for name in one.trans})),
        phase_set=next((one.phase_set for one in variants if one.phase_set), None),
    )


def _check_phase(findings: Sequence[tuple[int, Finding]], pointer: str, problems: list[Problem]) -> None:
    stated = [(number, one) for number, one in findings if isinstance(one, SmallVariant) and (one.cis or one.trans)]
    if not stated:
        return
    named = {(one.gene, one.name): one for _, one in findings if isinstance(one, SmallVariant)}
    for number, finding in stated:
        for field, listed in (("in_cis_with", finding.cis or ()), ("in_trans_with", finding.trans)):
            for name in listed:
                other = named.get((finding.gene, name))
                if other is None:
                    detail = (
                        "a change named here is not among the findings of this sample; list it as a finding of its own"
                    )
                elif name == finding.name:
                    detail = "a change is named here as its own companion; name the others"
                elif field == "in_cis_with" and one_residue(finding.change, other.change):
                    detail = "two changes of one residue cannot be on one allele; name the other in in_trans_with"
                else:
                    continue
                problems.append(Problem(f"{pointer}/{number}/{field}", detail))
        both = set(finding.cis or ()) & set(finding.trans)
        if both:
            problems.append(
                Problem(f"{pointer}/{number}/in_trans_with", "a change cannot be in cis and in trans at once")
            )


def _assay(given: wire.Assay, index: KnowledgeIndex) -> Assay:
    genes = index.vocabulary.genes

    def symbol(text: str) -> str:
        return genes.get(text.strip().casefold(), text.strip())

    covered = None if given.genes_covered is None else tuple(sorted({symbol(one) for one in given.genes_covered}))
    hidden = tuple(sorted({symbol(one) for one in given.not_covered or ()}))
    return Assay(given.name, given.limit_of_detection, covered, hidden)


# --- patient ----------------------------------------------------------------------------------------------------


def _patient(given: wire.Patient, index: KnowledgeIndex) -> Patient:
    if given is _NO_PATIENT:
        return _UNDESCRIBED_PATIENT
    found: set[tuple[str, str]] = set()
    unchecked: set[str] = set()
    for name in given.co_medications:
        classes, unknown = interactions_of(name, index)
        found.update((class_id, name) for class_id in classes)
        unchecked.update(unknown)
    return Patient(
        ecog=given.ecog,
        pregnant=bool(given.pregnant),
        comorbidities=tuple(sorted(set(given.comorbidities))),
        interactions=tuple(sorted(found)),
        unchecked_co_medications=tuple(sorted(unchecked)),
    )
