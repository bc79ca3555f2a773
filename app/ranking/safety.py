"""What the labels say of this patient, and where nobody read what they say."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.interpretation import Situation
from app.knowledge.index import KnowledgeIndex, Regimen
from app.knowledge.records import Caution, CautionWhen, SafetyRecord

Raised = tuple[tuple[Caution, str], ...]


def cautions_for(
    regimen: Regimen, situation: Situation, index: KnowledgeIndex
) -> tuple[Raised, Raised, tuple[str, ...]]:
    """What the labels of the drugs say of this patient: what was read, what was only reported, and the subjects on which nothing was read."""
    found: list[tuple[Caution, str]] = []
    reported: list[tuple[Caution, str]] = []
    unread: list[str] = []
    for drug in regimen.drugs:
        record = index.safety.get(drug)
        raised = [
            (one, because) for one in (record.cautions if record else ()) for because in _brought_up(one, situation)
        ]
        read = [(one, because) for one, because in raised if one.status != "unverified"]
        settled = {one.when for one, _ in read if subject_of(one)}
        found += read
        reported += [
            (one, because)
            for one, because in raised
            if one.status == "unverified"
            and one.when not in settled
            and (subject_of(one) or record is None or not record.label_read)
        ]
        if regimen.kind == "tki":
            spoken = {one.when for one, _ in raised}
            unread += [
                name for when, name in _subjects(situation) if when not in spoken and not _label_settles(when, record)
            ]
    severity = {"contraindicated": 0, "warning": 1, "monitor": 2}

    def order(one: tuple[Caution, str]) -> tuple[int, str, str]:
        return (severity[one[0].severity], one[0].id, one[1])

    return tuple(sorted(found, key=order)), tuple(sorted(reported, key=order)), tuple(dict.fromkeys(unread))


def subject_of(caution: Caution) -> bool:
    """True when the caution is of something in the patient rather than of everybody on the drug."""
    return caution.when != CautionWhen()


def _subjects(situation: Situation) -> list[tuple[CautionWhen, str]]:
    """What this patient brings up, each with a name to show."""
    found = [(CautionWhen(interaction_class=class_id), name) for class_id, name in situation.interactions]
    found += [(CautionWhen(comorbidity=one), one) for one in situation.comorbidities]
    return [*found, (CautionWhen(pregnant=True), "pregnancy")] if situation.pregnant else found


def _label_settles(when: CautionWhen, record: SafetyRecord | None) -> bool:
    """True when a label was read whose silence says that nothing is asked for.

    Every label of these drugs has a section on pregnancy, so silence on it means that the section was not read.
    """
    return record is not None and record.label_read and when.pregnant is None


def _brought_up(caution: Caution, situation: Situation) -> Iterable[str]:
    when = caution.when
    if when.interaction_class is not None:
        return [name for class_id, name in situation.interactions if class_id == when.interaction_class]
    if when.comorbidity is not None:
        return [""] if when.comorbidity in situation.comorbidities else []
    if when.pregnant is not None:
        return [""] if situation.pregnant else []
    if when.after_class is not None:
        return [""] if when.after_class in situation.prior_classes else []
    if when.ecog_at_least is not None:
        return [""] if situation.ecog is not None and situation.ecog >= when.ecog_at_least else []
    return [""]
