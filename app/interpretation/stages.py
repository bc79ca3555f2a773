"""The stage: disease without metastases, where advice for advanced disease does not hold."""

from __future__ import annotations

import re

from app.domain.case import Case
from app.interpretation.history import History

_EARLY_STAGE = re.compile(r"(?P<stage>IIIA|II(?!I)|I[AB]?(?![IV])|0)[ABC]?[1-3]?")
"""UICC stages in which resection is the aim."""
_LOCALLY_ADVANCED = re.compile(r"(?P<stage>III[BC]?)[1-3]?")
"""UICC stages without metastases in which radiotherapy is the aim."""


def early_stage(case: Case, history: History) -> str | None:
    """Disease without metastases: resectable, or irradiated and not come back; also during or after an inhibitor that did not fail.

    After a drug failed, after a relapse, or with disease in the brain, a stage is that of the past.
    """
    if case.stage is None or case.brain_metastases or history.failed:
        return None
    if any(treatment.progression_sites for treatment in case.treatments):
        return None
    stage = case.stage.upper()
    found = _EARLY_STAGE.fullmatch(stage)
    if found is None and irradiated(case):
        found = _LOCALLY_ADVANCED.fullmatch(stage)
    return found["stage"] if found else None


def irradiated(case: Case) -> bool:
    """Radiotherapy was given. Nobody states a resection, so that after it none is assumed."""
    return any(treatment.radiotherapy for treatment in case.treatments)
