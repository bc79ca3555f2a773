"""What to test next, and when. The words and sources are in ``knowledge/notices/next_tests.yaml``."""

from __future__ import annotations

from app.domain.interpretation import Flag, Picture
from app.knowledge.index import KnowledgeIndex


def tests_of(picture: Picture, index: KnowledgeIndex, *, molecular: bool) -> tuple[Flag, ...]:
    """What to test next, in a fixed order, each test once.

    ``molecular``: resistance grows under a drug that is being given.
    """
    tests: list[Flag] = []
    situation = picture.situation
    no_tissue = "tissue" not in picture.specimens
    state = situation.resistance
    if situation.settled or situation.liquid_only:
        pass  # nothing progresses that could be biopsied, and no relapse waits for a sample
    elif state == "not_assessable":
        tests.append(Flag("tissue_biopsy", (("why", "no_informative_sample"),)))
        tests.append(Flag("repeat_ctdna", (("interval", "before_next_treatment"),)))
    elif state == "none_detected" and no_tissue:
        tests.append(Flag("tissue_biopsy", (("why", "off_target_or_transformation"),)))
    elif state == "none_detected":
        tests.append(Flag("broad_ngs", (("why", "no_mechanism_found"),)))
    elif state in ("off_target", "on_and_off_target") and no_tissue:
        tests.append(Flag("tissue_biopsy", (("why", "confirm_off_target"),)))
    if molecular and index.speaks("word", "with_next_imaging"):
        tests.append(Flag("repeat_ctdna", (("interval", "with_next_imaging"),)))
    if no_tissue:
        wanted = (code for name in situation.mechanisms for code in index.mechanisms[name].record.next_tests)
        tests += [Flag(code) for code in dict.fromkeys(wanted)]
    unexplained = state == "not_assessable" or (state == "none_detected" and no_tissue)
    if situation.cns_disease and unexplained and "csf" not in picture.specimens:
        tests.append(Flag("csf_ctdna"))
    if situation.cns_disease or not picture.brain_examined:
        why = "brain_disease_known" if situation.cns_disease else "brain_not_described"
        said = index.speaks("word", why)  # the first releases gave no reason
        tests.append(Flag("brain_mri", (("why", why),) if said else ()))
    unsettled = ["+".join(profile) for profile, phase in picture.clones if phase == "unknown"]
    if unsettled:
        tests.append(Flag("phase_assay", (("alterations", ", ".join(unsettled)),)))
    roles = {mark.role for mark in picture.marks}
    if "other_driver" in roles or (picture.driver_unseen and "driver" not in roles):
        tests.append(Flag("rna_fusion_assay"))
    risk = {mark.gene for mark in picture.marks if mark.decisive and mark.role == "risk_marker"}
    if _histology_wanted(picture, risk):
        tests.append(Flag("histology_review"))
    return tuple(tests)


def _histology_wanted(picture: Picture, risk: set[str]) -> bool:
    """Not once a sample of today has shown the change; else where it is stated without one, where two disagree, or with several risk markers."""
    if picture.situation.resistance == "histologic_transformation":
        return not picture.histology_seen
    return bool(picture.histology_open) or len(risk) > 1
