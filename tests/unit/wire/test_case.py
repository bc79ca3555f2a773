"""The case as it may be sent: every accepted form, and the limits that the schema itself keeps."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from pydantic import ValidationError

from app.wire.case import CASE_EXAMPLE, Case, DeclaredDrug
from app.wire.findings import CopyNumber, Fusion, GeneAlteration, SmallVariant


def read(**more):
    return Case.model_validate_json(json.dumps({"driver": {"gene": "ALK"}, **more}))


def test_only_the_driver_gene_is_required():
    case = Case.model_validate_json('{"driver":{"gene":"ROS1"}}')
    assert case.treatments == []
    assert case.samples == []
    assert case.include_investigational is True
    assert case.language is None


def test_the_example_of_the_documentation_is_read():
    case = Case.model_validate_json(json.dumps(CASE_EXAMPLE))
    assert case.samples[0].findings[1].in_cis_with == ["p.G1202R"]
    assert case.treatments[0].started == dt.date(2023, 1, 10)


def test_text_and_parsed_json_are_read_alike():
    assert Case.model_validate(CASE_EXAMPLE) == Case.model_validate_json(json.dumps(CASE_EXAMPLE))


@pytest.mark.parametrize(
    ("drugs", "expected"),
    [
        ("alectinib", ["alectinib"]),
        (["pemetrexed", "cisplatin"], ["pemetrexed", "cisplatin"]),
        ("阿来替尼", ["阿来替尼"]),
    ],
)
def test_drugs_are_one_name_or_a_list(drugs, expected):
    assert read(treatments=[{"drugs": drugs}]).treatments[0].drugs == expected


def test_a_drug_outside_the_vocabulary_is_declared_with_its_class():
    for drugs in ({"name": "luminespib", "class": "other"}, [{"name": "luminespib", "class": "other"}]):
        (drug,) = read(treatments=[{"drugs": drugs}]).treatments[0].drugs
        assert isinstance(drug, DeclaredDrug)
        assert (drug.name, drug.drug_class) == ("luminespib", "other")


def test_findings_are_objects_or_text_mixed_at_will():
    findings = (
        read(
            samples=[
                {
                    "findings": [
                        "KRAS p.G12C",
                        {"type": "small_variant", "gene": "ALK", "protein_change": "G1202R"},
                        {"type": "copy_number", "gene": "MET", "change": "amplification", "copies": 9},
                        {"type": "fusion", "gene": "ALK"},
                        {"type": "gene_alteration", "gene": "NRAS", "effect": "activating"},
                    ]
                }
            ]
        )
        .samples[0]
        .findings
    )
    assert [type(finding) for finding in findings] == [str, SmallVariant, CopyNumber, Fusion, GeneAlteration]


def test_known_to_be_alone_is_not_the_same_as_unknown_phase():
    sample = {"findings": [{"type": "small_variant", "gene": "ALK", "protein_change": "G1202R", "in_cis_with": []}]}
    assert read(samples=[sample]).samples[0].findings[0].in_cis_with == []
    del sample["findings"][0]["in_cis_with"]
    assert read(samples=[sample]).samples[0].findings[0].in_cis_with is None


@pytest.mark.parametrize(
    "day", ["2025-6-3", "20250603", "2025-W23-2", "2025-02-30", "1989-12-31", "2099-01-01", 5, None, True]
)
def test_days_are_iso_and_plausible(day):
    with pytest.raises(ValidationError):
        read(treatments=[{"drugs": "x", "started": day}] if day is not None else [{"drugs": "x", "started": []}])


@pytest.mark.parametrize("stage", ["IV", "IVA", "IIIB", "IA3", "0"])
def test_stages_are_taken_as_the_field_writes_them(stage):
    assert read(disease={"stage": stage}).disease.stage == stage


@pytest.mark.parametrize("vaf", [-0.1, 1.1, "0.1", True])
def test_a_fraction_is_a_number_between_zero_and_one(vaf):
    with pytest.raises(ValidationError):
        read(samples=[{"findings": [{"type": "fusion", "gene": "ALK", "vaf": vaf}]}])
