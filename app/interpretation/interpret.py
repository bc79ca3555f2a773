"""interpret(case, index): what one case shows, and what follows from it (decision steps 2 to 4 and 9)."""

from __future__ import annotations

from app.domain.case import Case
from app.domain.interpretation import Conclusion, Interpretation, Picture
from app.interpretation.alterations import growing
from app.interpretation.flags import flags_of
from app.interpretation.next_tests import tests_of
from app.interpretation.observe import observe
from app.interpretation.warnings import warnings_of
from app.knowledge.index import KnowledgeIndex


def interpret(case: Case, index: KnowledgeIndex) -> Interpretation:
    """Read one case. Pure: the same case and index give the same value."""
    seen = observe(case, index)
    conclusion = conclude(seen.picture, index)
    return Interpretation(
        line_of_therapy=seen.line_of_therapy,
        decisive_samples=seen.decisive_samples,
        flags=(*conclusion.flags, *seen.flags),
        alterations=seen.alterations,
        clones=seen.clones,
        next_tests=conclusion.next_tests,
        warnings=(*seen.warnings, *conclusion.warnings),
        situation=seen.picture.situation,
    )


def conclude(picture: Picture, index: KnowledgeIndex) -> Conclusion:
    """Flags, next tests and warnings of a picture. Pure."""
    situation = picture.situation
    ongoing = any(drug in index.inhibitors[situation.gene] for drug in situation.ongoing)
    molecular = ongoing and any(growing(mark) for mark in picture.marks)
    flags = flags_of(picture, index, molecular=molecular)
    return Conclusion(flags, tests_of(picture, index, molecular=molecular), warnings_of(picture, index))
