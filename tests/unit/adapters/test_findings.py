"""One finding, typed or in short, to a value of the domain."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from app.adapters.findings import FindingError, read_finding
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.wire.case import Finding as WireFinding
from tests.support.knowledge import knowledge

INDEX = knowledge()
WIRE: TypeAdapter[Any] = TypeAdapter(WireFinding)


def read(given: Any) -> Finding:
    return read_finding(WIRE.validate_python(given), INDEX).finding


@pytest.mark.parametrize(
    ("text", "gene", "name", "vaf"),
    [
        ("ALK G11R", "ALK", "p.G11R", None),
        ("ALK p.G11R", "ALK", "p.G11R", None),
        ("alk p.Gly11Arg 3.1%", "ALK", "p.G11R", 0.031),
        ("ALK G11R VAF 3.1 %", "ALK", "p.G11R", 0.031),
        ("ALK G11R vaf=100%", "ALK", "p.G11R", 1.0),
        ("ALK   G11R   0%", "ALK", "p.G11R", 0.0),
        ("ALK p.G11dup", "ALK", "p.G12dup", None),
        ("KRAS G12C", "KRAS", "p.G12C", None),
        ("FOO1 p.R5*", "FOO1", "p.R5*", None),
    ],
)
def test_small_variants_in_short(text: str, gene: str, name: str, vaf: float | None) -> None:
    found = read(text)
    assert isinstance(found, SmallVariant)
    assert (found.gene, found.name, found.vaf) == (gene, name, pytest.approx(vaf) if vaf is not None else None)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EML4::ALK", "EML4::ALK"),
        ("EML4-ALK", "EML4::ALK"),
        ("EML4--ALK", "EML4::ALK"),
        ("eml4/alk fusion", "EML4::ALK"),
        ("EML4-ALK v3a", "EML4::ALK"),
        ("EML4::ALK 4%", "EML4::ALK"),
        ("ALK::EML4", "EML4::ALK"),
        ("FOO1::ALK", "FOO1::ALK"),
        ("ALK fusion", "ALK fusion"),
        ("ALK rearrangement", "ALK fusion"),
    ],
)
def test_fusions_in_short_name_the_driver_as_the_kinase(text: str, name: str) -> None:
    found = read(text)
    assert isinstance(found, Fusion)
    assert found.name == name


def test_a_typed_fusion_the_wrong_way_round_is_turned() -> None:
    found = read({"type": "fusion", "gene": "EML4", "partner": "ALK", "vaf": 0.1})
    assert found == Fusion("ALK", "EML4", None, 0.1)


def test_the_variant_of_a_fusion_is_kept() -> None:
    assert read("EML4-ALK v3a") == Fusion("ALK", "EML4", "v3a")


@pytest.mark.parametrize(
    ("text", "change"), [("MET amplification", "amplification"), ("MET amp", "amplification"), ("RB1 loss", "loss")]
)
def test_copy_number_in_short(text: str, change: str) -> None:
    found = read(text)
    assert isinstance(found, CopyNumber)
    assert found.change == change


@pytest.mark.parametrize(
    ("text", "effect"),
    [
        ("KRAS activating mutation", "activating"),
        ("RB1 inactivating mutation", "inactivating"),
        ("RB1 loss of function", "inactivating"),
        ("MET exon 14 skipping", "unknown"),
    ],
)
def test_an_alteration_without_detail_keeps_its_words(text: str, effect: str) -> None:
    found = read(text)
    assert isinstance(found, GeneAlteration)
    assert (found.effect, found.description) == (effect, text.partition(" ")[2])


@pytest.mark.parametrize(
    "text",
    ["ALK", "ALK A11R", "ALK G11R 101%", "ALK something", "AKL G11R", "ALK G11R, MET amplification", "ALK G11R 3,1%",
     "G11R", "ALK G11R L13M", "FOO1 mutation", "ALK NP_000002.1:p.G11R"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FindingError):
        read(text)


@pytest.mark.parametrize(
    "text",
    ["MET amplification not detected", "KRAS wild type", "KRAS wild-type", "KRAS no activating mutation", "KRAS negative",
     "ALK not detected", "MET undetected", "MET none", "KRAS WT", "KRAS mutation absent"],
)  # fmt: skip
def test_a_negative_result_is_refused_and_not_read_as_a_finding(text: str) -> None:
    with pytest.raises(FindingError):
        read(text)


def test_a_wrong_reference_residue_names_the_residue_that_stands_there() -> None:
    with pytest.raises(FindingError, match="has G at position 11, not A") as caught:
        read({"type": "small_variant", "gene": "ALK", "protein_change": "p.A11R"})
    assert caught.value.field == "protein_change"


def test_numbering_on_another_transcript_is_refused() -> None:
    with pytest.raises(FindingError, match="number ALK on NP_000001"):
        read({"type": "small_variant", "gene": "ALK", "protein_change": "p.G11R", "transcript": "NM_777777.1"})


@pytest.mark.parametrize("transcript", ["NP_000001.1", "NP_000001.9", "NP_000001"])
def test_the_version_of_the_reference_does_not_matter(transcript: str) -> None:
    found = read({"type": "small_variant", "gene": "ALK", "protein_change": f"{transcript}:p.G11R"})
    assert found.name == "p.G11R"


def test_phase_lists_are_normalised_and_ordered() -> None:
    found = read(
        {
            "type": "small_variant",
            "gene": "ALK",
            "protein_change": "G11R",
            "in_cis_with": ["Leu13Met", "T3M"],
            "in_trans_with": ["A4V"],
        }
    )
    assert isinstance(found, SmallVariant)
    assert (found.cis, found.trans) == (("p.L13M", "p.T3M"), ("p.A4V",))


def test_an_empty_cis_list_is_kept_apart_from_none() -> None:
    alone = read({"type": "small_variant", "gene": "ALK", "protein_change": "G11R", "in_cis_with": []})
    silent = read({"type": "small_variant", "gene": "ALK", "protein_change": "G11R"})
    assert isinstance(alone, SmallVariant)
    assert isinstance(silent, SmallVariant)
    assert (alone.cis, silent.cis) == ((), None)


def test_an_unknown_gene_is_reported_beside_its_finding() -> None:
    assert read_finding("FOO1 p.R5K", INDEX).unknown_gene == "FOO1"
    assert read_finding("KRAS G12C", INDEX).unknown_gene is None


def test_a_change_of_the_driver_hidden_in_words_is_not_lost() -> None:
    with pytest.raises(FindingError, match="small_variant"):
        read({"type": "gene_alteration", "gene": "ALK", "effect": "activating", "description": "G11R"})


@pytest.mark.parametrize("description", ["amplification", "Amplification", "amp"])
def test_an_amplification_sent_as_an_alteration_is_an_amplification(description: str) -> None:
    found = read({"type": "gene_alteration", "gene": "MET", "effect": "activating", "description": description})
    assert found == CopyNumber("MET", "amplification")
