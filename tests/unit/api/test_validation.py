"""What is wrong with the shape of a case: where, and how to put it right."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from app.api.validation import MOST_PROBLEMS, problems
from app.domain.errors import Problem
from app.wire.case import Case


def found(case: Any) -> dict[str, str]:
    body = orjson.dumps(case)
    with pytest.raises(ValidationError) as caught:
        Case.model_validate_json(body)
    return {problem.pointer: problem.detail for problem in problems(caught.value, body, Case)}


def case(**more: Any) -> dict[str, Any]:
    return {"driver": {"gene": "ALK"}, **more}


def treated(**more: Any) -> dict[str, Any]:
    return case(treatments=[{"drugs": "alectinib", **more}])


def finding(**more: Any) -> dict[str, Any]:
    return case(samples=[{"findings": [{"type": "small_variant", "gene": "ALK", "protein_change": "G1202R", **more}]}])


def test_a_disease_that_only_sounds_like_one_of_the_list_is_not_suggested() -> None:
    wrong = case(patient={"comorbidities": ["pulmonary_hypertension", "hyperlipidemia"]})
    first, second = found(wrong).values()
    assert "did you mean" not in first
    assert "did you mean 'hyperlipidaemia'?" in second


@pytest.mark.parametrize(
    ("wrong", "pointer", "says"),
    [
        ({}, "/driver", "'driver' is required"),
        ([1], "", "must be an object"),
        ({"driver": {"gene": "EGFR"}}, "/driver/gene", "'ALK' or 'ROS1'"),
        (case(treatment=[]), "/treatment", "did you mean 'treatments'?"),
        (case(zzz=1), "/zzz", "known here: case_id"),
        (case(**{"a~/b": 1}), "/a~0~1b", "unknown field"),
        (case(histology="smallcell"), "/histology", "did you mean 'small_cell'?"),
        (case(histology="sarcomatoid carcinoma"), "/histology", "did you mean 'nsclc_nos'?"),
        (case(histology="SCLC"), "/histology", "did you mean 'small_cell'?"),
        (case(samples=[{"specimen": "FFPE"}]), "/samples/0/specimen", "did you mean 'tissue'?"),
        (treated(stop_reason="PD"), "/treatments/0/stop_reason", "did you mean 'progression'?"),
        (treated(stop_reason="intolerance"), "/treatments/0/stop_reason", "did you mean 'toxicity'?"),
        (treated(progression_sites=["CNS"]), "/treatments/0/progression_sites/0", "did you mean 'brain'?"),
        (
            case(patient={"comorbidities": ["ILD"]}),
            "/patient/comorbidities/0",
            "did you mean 'interstitial_lung_disease'?",
        ),
        (case(jurisdiction="USA"), "/jurisdiction", "'US', 'EU', 'CN' or 'JP'"),
        (case(disease={"stage": "metastatic"}), "/disease/stage", "a stage such as IIIB or IV"),
        (case(as_of="2026-13-01"), "/as_of", "2025-06-03"),
        (case(as_of=1764000000), "/as_of", "2025-06-03"),
        (case(treatments=[{"drugs": "x", "started": "1890-01-01"}]), "/treatments/0/started", "check the year"),
        (case(treatments=[{"drugs": "x", "ended": "2205-01-01"}]), "/treatments/0/ended", "check the year"),
        (case(treatments=[{"drugs": ["a", 3]}]), "/treatments/0/drugs/1", "must be a string"),
        (case(treatments=[{"drugs": ""}]), "/treatments/0/drugs", "at least 1 character"),
        (case(treatments=[{"drugs": []}]), "/treatments/0/drugs", "at least 1"),
        (case(treatments=[{"drugs": {"name": "x"}}]), "/treatments/0/drugs/class", "is required"),
        (case(treatments=[{"drugs": [{"name": "x", "klass": "other"}]}]), "/treatments/0/drugs/0/klass", "'class'"),
        (case(treatments=["alectinib"]), "/treatments/0", "must be an object"),
        (case(treatments=[{"drugs": "x"}] * 201), "/treatments", "at most 200"),
        (case(samples=[{}] * 501), "/samples", "at most 500"),
        (case(samples=[{"findings": ["ALK G1202R"] * 5001}]), "/samples/0/findings", "at most 5000"),
        (case(samples=[{"findings": [3]}]), "/samples/0/findings/0", "must be an object"),
        (case(samples=[{"findings": [{"gene": "ALK"}]}]), "/samples/0/findings/0/type", "is required and must be"),
        (case(samples=[{"findings": [{"type": "snv"}]}]), "/samples/0/findings/0/type", "'small_variant'"),
        (finding(protein_chage="x"), "/samples/0/findings/0/protein_chage", "did you mean 'protein_change'?"),
        (finding(vaf=31), "/samples/0/findings/0/vaf", "write 0.031 for 3.1 %"),
        (finding(vaf="3.1%"), "/samples/0/findings/0/vaf", "must be a number"),
        (finding(in_cis_with="p.L1196M"), "/samples/0/findings/0/in_cis_with", "must be a list"),
        (case(patient={"ecog": 7}), "/patient/ecog", "from 0 to 4"),
        (case(patient={"ecog": "1"}), "/patient/ecog", "must be a whole number"),
        (case(patient={"pregnant": "no"}), "/patient/pregnant", "must be true or false"),
        (case(patient={"comorbidities": ["qt"]}), "/patient/comorbidities/0", "qt_prolongation"),
        (case(case_id=""), "/case_id", "at least 1 character"),
        (case(case_id="a\x00b"), "/case_id", "no control characters"),
        (case(samples=[{"sample_id": "a\r\nb"}]), "/samples/0/sample_id", "no control characters"),
        (case(treatments=[{"drugs": "alectinib\t"}]), "/treatments/0/drugs", "no control characters"),
        (case(jurisdiction="us"), "/jurisdiction", "did you mean 'US'?"),
        (case(driver={"gene": "alk"}), "/driver/gene", "did you mean 'ALK'?"),
        (case(disease={"stage": "4"}), "/disease/stage", "is not written as it should be; stage is a stage such as"),
        (case(driver={"gene": "ALK", "partner": "?"}), "/driver/partner", "such as EML4"),
        (case(samples=[{"findings": [{"type": "Fusion"}]}]), "/samples/0/findings/0/type", "did you mean 'fusion'?"),
        (case(treatments=[{"drugs": []}]), "/treatments/0/drugs", "must have at least 1 item, not 0;"),
    ],
)
def test_each_slip_is_named_at_its_place_with_its_cure(wrong, pointer, says):
    assert says in found(wrong)[pointer]


def test_nothing_that_was_sent_is_repeated():
    secret = "Jane Doe 1950"
    wrong = case(
        histology=secret,
        as_of=secret,
        samples=[{"specimen": secret, "findings": [{"type": secret}, {"type": "fusion", "gene": secret + "!"}]}],
        patient={"ecog": secret},
        treatments=[{"drugs": [{"name": "x", "class": secret}]}],
    )
    assert not any("Jane" in detail or "1950" in detail for detail in found(wrong).values())


def test_everything_is_reported_at_once_but_not_without_end():
    body = orjson.dumps(case(samples=[{"findings": [3] * 500}]))
    with pytest.raises(ValidationError) as caught:
        Case.model_validate_json(body)
    listed = problems(caught.value, body, Case)
    assert len(listed) == MOST_PROBLEMS + 1
    assert listed[-1] == Problem("", "400 more problems are not listed.")
