"""What one finding means for a driver: its role."""

from __future__ import annotations

from collections.abc import Set

from msgspec import Struct

from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.interpretation.mechanisms import mechanisms_of_finding
from app.interpretation.vagueness import too_vague, unrecorded
from app.knowledge.index import KnowledgeIndex

_ROLE_OF_KIND = {
    "phenotype": "histologic_transformation",
    "bypass": "off_target_resistance",
    "risk_marker": "risk_marker",
}


class Role(Struct, frozen=True):
    """The role of a finding, as named in the answer.

    ``on_target_resistance``, ``on_target_sensitising``, ``variant_of_unknown_significance``, ``outside_kinase_domain``, ``driver``, ``other_driver``,
    ``off_target_resistance``, ``histologic_transformation``, ``risk_marker``, ``germline``, ``clonal_haematopoiesis`` or ``other``.
    """

    name: str
    on_target: bool = False
    """A change of the driver gene with at least one known effect: it makes a clone."""
    amplification: bool = False
    mechanisms: tuple[str, ...] = ()
    vague: bool = False
    """It would show a mechanism if the report said more of it."""
    unrecorded: bool = False
    """Its gene is one through which such tumours escape; of this very change nothing is on record."""


_UNSTUDIED = Role("variant_of_unknown_significance")
_REMEMBERED = 8192


def role_of(finding: Finding, driver: str, index: KnowledgeIndex) -> Role:
    """The role of a finding in a tumour of this driver; its fraction and phase do not matter."""
    if isinstance(finding, SmallVariant):
        detail: object = finding.germline
    else:
        detail = (finding.effect, finding.germline) if isinstance(finding, GeneAlteration) else None
    known = (type(finding), finding.gene, finding.name, detail, driver)
    role = index.roles.get(known)
    if role is None:
        role = _role(finding, driver, index)
        if len(index.roles) < _REMEMBERED:
            index.roles[known] = role
    return role


def role_beside(role: Role, finding: Finding, seen: Set[str], driver: str, index: KnowledgeIndex) -> Role:
    """The role once it is known what else of the driver was ``seen``.

    A change that was studied only as part of a compound says nothing by itself: without the rest of it, it is one that nobody studied.
    """
    if not (role.on_target and isinstance(finding, SmallVariant)):
        return role
    others = index.only_beside[driver].get(finding.name)
    if others is None or any(one <= seen for one in others):
        return role
    return _UNSTUDIED


def _role(finding: Finding, driver: str, index: KnowledgeIndex) -> Role:
    if isinstance(finding, SmallVariant | GeneAlteration) and finding.germline:
        return Role("germline")
    if finding.gene == driver:
        own = _own_gene(finding, driver, index)
        if own is not None:
            return own
    elif isinstance(finding, Fusion) and finding.gene in index.settings:
        return Role("other_driver")
    found = mechanisms_of_finding(finding, driver, index)
    if not found and finding.gene in index.blood_genes and isinstance(finding, SmallVariant):
        return Role("clonal_haematopoiesis")
    if not found:
        return Role("other", vague=too_vague(finding, driver, index), unrecorded=unrecorded(finding, driver, index))
    kinds = {mechanism.record.kind for mechanism in found}
    kind = next(kind for kind in _ROLE_OF_KIND if kind in kinds)
    return Role(
        _ROLE_OF_KIND[kind],
        mechanisms=tuple(sorted(one.record.id for one in found if one.record.kind != "risk_marker")),
    )


def _own_gene(finding: Finding, driver: str, index: KnowledgeIndex) -> Role | None:
    if isinstance(finding, Fusion):
        return Role("driver")
    if isinstance(finding, CopyNumber):
        if finding.change == "amplification" and index.knows(driver, ("amplification",)):
            return Role("on_target_resistance", amplification=True)
        return None
    if not isinstance(finding, SmallVariant):  # a change that is not named may be any of those that are known
        return Role("variant_of_unknown_significance", vague=True)
    domain = index.genes[driver].kinase_domain
    if finding.name in index.known_changes[driver]:
        harmful = index.harmful_changes[driver]
        return Role("on_target_resistance" if finding.name in harmful else "on_target_sensitising", on_target=True)
    if domain and not domain.start <= finding.change.start <= domain.end:
        return Role("outside_kinase_domain")
    return _UNSTUDIED
