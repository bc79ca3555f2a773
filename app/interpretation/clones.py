"""Which changes of the driver travel together: cis, trans or unknown (decision step 4)."""

from __future__ import annotations

from itertools import combinations

from msgspec import Struct

from app.domain.case import Fusion, Sample, SmallVariant
from app.domain.interpretation import Clone, Profile
from app.domain.variant import one_residue, residue
from app.knowledge.policy import CloneThresholds

_MOST_FOR_PAIRS = 6
"""Above so many variants of unknown phase only the extreme readings are evaluated: all apart, and all that can be together."""


def phase_of(one: SmallVariant, other: SmallVariant) -> str:
    """``cis``, ``trans`` or ``unknown`` for two variants of one gene, from what the report states.

    Two substitutions of one residue cannot share an allele, whatever a caller of haplotypes says.
    """
    if one_residue(one.change, other.change):
        return "trans"
    if one.name in (other.cis or ()) or other.name in (one.cis or ()):
        return "cis"
    if one.phase_set and one.phase_set == other.phase_set:
        return "cis"
    if one.name in other.trans or other.name in one.trans or one.cis is not None or other.cis is not None:
        return "trans"
    return "unknown"


class Clones(Struct, frozen=True):
    """What the changes of the driver amount to."""

    readings: tuple[tuple[Profile, ...], ...] = ()
    """Each is a set of clones; the stated one first."""
    clones: tuple[Clone, ...] = ()
    """Those of the stated reading."""
    minor: tuple[str, ...] = ()
    """Pairs of unknown phase of which one is so rare that nearly all cells of the other carry it alone."""


def read_clones(variants: list[SmallVariant], samples: tuple[Sample, ...], thresholds: CloneThresholds) -> Clones:
    """All readings of the phase, and the clones of the stated one.

    Where the phase of two clones is unknown they may also be one compound clone: each such pair, and all that can be together, is a reading
    of its own; not so where by the fractions it could be only a small part of the commoner one (``minor``).
    """
    if len(variants) == 1:
        alone = (variants[0].name,)
        return Clones(((alone,),), (Clone(alone, "single", _share(alone, {variants[0].name: variants}, samples)),))
    by_name: dict[str, list[SmallVariant]] = {}
    for variant in variants:
        by_name.setdefault(variant.name, []).append(variant)
    names = sorted(by_name, key=residue)
    phases = _phases(names, by_name, samples)
    stated = _components(names, phases)
    open_pairs = [
        (one, other)
        for one, other in combinations(stated, 2)
        if any(phases[_key(a, b, names)] == "unknown" for a in one for b in other)
        and not any(phases[_key(a, b, names)] == "trans" for a in one for b in other)
    ]
    gene = variants[0].gene
    minor = [pair for pair in open_pairs if _part_of(*pair, gene, samples) < thresholds.minor_share]
    loose = [pair for pair in open_pairs if pair not in minor]
    joined: list[tuple[Profile, ...]] = list(loose) if len(names) <= _MOST_FOR_PAIRS else []
    joined += _groups(stated, loose)
    readings = [stated, *(_merge(stated, group) for group in joined)]
    unsettled = {clone for pair in loose for clone in pair}
    clones = tuple(
        Clone(
            profile=clone,
            phase="unknown" if clone in unsettled else "cis" if len(clone) > 1 else "single",
            share=_share(clone, by_name, samples),
        )
        for clone in sorted(stated)
    )
    unique = dict.fromkeys(tuple(sorted(reading)) for reading in readings)
    return Clones(tuple(unique), clones, tuple([_pair(one, other) for one, other in minor]))


def _pair(one: Profile, other: Profile) -> str:
    return "+".join(one) + " and " + "+".join(other)


def _fractions(clone: Profile, gene: str, sample: Sample) -> float:
    """The fraction of the rarest change of the clone in one sample; 0 where one is missing or was not measured."""
    found = {
        one.name: one.vaf for one in sample.findings if isinstance(one, SmallVariant) and one.gene == gene and one.vaf
    }
    return min((found.get(change, 0.0) for change in clone), default=0.0)


def may_travel(
    one: SmallVariant, other: SmallVariant, samples: tuple[Sample, ...], thresholds: CloneThresholds
) -> bool:
    """True where two changes may lie on one allele in more than a small part of the cells: as stated, else by their fractions."""
    phase = phase_of(one, other)
    if phase != "unknown":
        return phase == "cis"
    return _part_of((one.name,), (other.name,), one.gene, samples) >= thresholds.minor_share


_PLACES = 6
"""Fractions come as decimals: a tenth is a tenth, whatever is left of a division."""


def _part_of(one: Profile, other: Profile, gene: str, samples: tuple[Sample, ...]) -> float:
    """The largest part of the commoner clone that can carry both, in any sample that measured both; 1 where none did."""
    pairs = [sorted((_fractions(one, gene, sample), _fractions(other, gene, sample))) for sample in samples]
    return max((round(rare / common, _PLACES) for rare, common in pairs if rare), default=1.0)


def _phases(
    names: list[str], by_name: dict[str, list[SmallVariant]], samples: tuple[Sample, ...]
) -> dict[tuple[str, str], str]:
    """The phase of every pair. Haplotypes are named per sample, so variants are compared inside one sample; cis outweighs trans."""
    gene = by_name[names[0]][0].gene
    stated: dict[tuple[str, str], set[str]] = {}
    for sample in samples:
        here = {
            one.name: one
            for one in sample.findings
            if isinstance(one, SmallVariant) and one.gene == gene and one.name in by_name
        }
        for pair in combinations([name for name in names if name in here], 2):
            stated.setdefault(pair, set()).add(phase_of(here[pair[0]], here[pair[1]]))
    alone = {name for name, found in by_name.items() if any(one.cis is not None for one in found)}
    phases = {}
    for pair in combinations(names, 2):
        one, other = (by_name[name][0] for name in pair)
        apart = alone.intersection(pair) or one_residue(one.change, other.change)
        found = stated.get(pair, {"trans"} if apart else set())
        phases[pair] = next((phase for phase in ("cis", "trans") if phase in found), "unknown")
    return phases


def _groups(stated: list[Profile], loose: list[tuple[Profile, Profile]]) -> list[tuple[Profile, ...]]:
    """The largest groups of clones that may all be one: from each clone on, every other that fits all taken so far."""
    fits = {frozenset(pair) for pair in loose}
    found: dict[tuple[Profile, ...], None] = {}
    for first in stated:
        group = [first]
        for other in stated:
            if other not in group and all(frozenset((other, one)) in fits for one in group):
                group.append(other)
        if len(group) > 1:
            found[tuple(sorted(group))] = None
    return list(found)


def _key(one: str, other: str, names: list[str]) -> tuple[str, str]:
    return (one, other) if names.index(one) < names.index(other) else (other, one)


def _components(names: list[str], phases: dict[tuple[str, str], str]) -> list[Profile]:
    clones = [{name} for name in names]
    for (one, other), phase in phases.items():
        if phase == "cis":
            left = next(clone for clone in clones if one in clone)
            right = next(clone for clone in clones if other in clone)
            if left is not right:
                left |= right
                clones.remove(right)
    return [tuple(sorted(clone, key=residue)) for clone in clones]


def _merge(clones: list[Profile], joined: tuple[Profile, ...]) -> list[Profile]:
    merged = tuple(sorted({change for clone in joined for change in clone}, key=residue))
    return [*(clone for clone in clones if clone not in joined), merged]


def _share(clone: Profile, by_name: dict[str, list[SmallVariant]], samples: tuple[Sample, ...]) -> float | None:
    """VAF of the rarest change of the clone over the highest VAF of the driver fusion, else of any driver variant, at most 1."""
    fractions = [max((variant.vaf or 0.0 for variant in by_name[change]), default=0.0) for change in clone]
    if not all(fractions):
        return None
    gene = by_name[clone[0]][0].gene
    fusion = [
        found.vaf
        for sample in samples
        for found in sample.findings
        if isinstance(found, Fusion) and found.gene == gene and found.vaf
    ]
    whole = fusion or [variant.vaf for found in by_name.values() for variant in found if variant.vaf]
    return round(min(1.0, min(fractions) / max(whole)), 3)


def cannot_be_apart(
    clones: tuple[Clone, ...], decisive: tuple[Sample, ...], gene: str, thresholds: CloneThresholds
) -> tuple[str, ...]:
    """Pairs of unknown phase whose fractions together exceed that of the driver fusion in one sample: some cells must hold both."""
    most = 1 + thresholds.overlap_margin
    loose = [clone.profile for clone in clones if clone.phase == "unknown"]
    pairs: dict[str, None] = {}
    for sample in decisive:
        whole = next(
            (one.vaf for one in sample.findings if isinstance(one, Fusion) and one.gene == gene and one.vaf), None
        )
        for one, other in combinations(loose, 2):
            first, second = (_fractions(clone, gene, sample) for clone in (one, other))
            if whole and first and second and first + second > whole * most:
                pairs[_pair(one, other)] = None
    return tuple(pairs)
