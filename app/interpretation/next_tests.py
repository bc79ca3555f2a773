"""What to test next, and when. The words and sources are in ``knowledge/notices/next_tests.yaml``."""

from __future__ import annotations

from app.domain.interpretation import Flag
from app.interpretation.flags import Seen, without_driver
from app.knowledge.index import KnowledgeIndex


def tests_of(seen: Seen, index: KnowledgeIndex) -> tuple[Flag, ...]:
    """What to test next, in a fixed order, each test once."""
    tests: list[Flag] = []
    situation, clones = seen.situation, seen.clones
    plasma_only = all(sample.specimen != "tissue" for sample in seen.reading.decisive)
    state = situation.resistance
    if state == "not_assessable":
        tests.append(Flag("tissue_biopsy", (("why", "no_informative_sample"),)))
        tests.append(Flag("repeat_ctdna", (("interval", "before_next_treatment"),)))
    elif state == "none_detected" and plasma_only:
        tests.append(Flag("tissue_biopsy", (("why", "off_target_or_transformation"),)))
    elif state == "none_detected":
        tests.append(Flag("broad_ngs", (("why", "no_mechanism_found"),)))
    elif state in ("off_target", "on_and_off_target") and plasma_only:
        tests.append(Flag("tissue_biopsy", (("why", "confirm_off_target"),)))
    if plasma_only:
        wanted = (code for name in situation.mechanisms for code in index.mechanisms[name].record.next_tests)
        tests += [Flag(code) for code in dict.fromkeys(wanted)]
    if situation.cns_disease and (state == "not_assessable" or (state == "none_detected" and plasma_only)):
        tests.append(Flag("csf_ctdna"))
    if situation.cns_disease:
        tests.append(Flag("brain_mri"))
    unsettled = ["+".join(clone.profile) for clone in clones if clone.phase == "unknown"]
    if unsettled:
        tests.append(Flag("phase_assay", (("alterations", ", ".join(unsettled)),)))
    never_shown = not any(one.role == "driver" for one in seen.alterations)
    if any(one.role == "other_driver" for one in seen.alterations) or (
        never_shown and without_driver(seen.reading, seen.case.gene)
    ):
        tests.append(Flag("rna_fusion_assay"))
    risk = {one.gene for one in seen.alterations if one.decisive and one.role == "risk_marker"}
    if state == "histologic_transformation" or len(risk) > 1:
        tests.append(Flag("histology_review"))
    return tuple(tests)
