"""Protein changes: read, checked, brought to one form."""

import pytest

from app.domain.variant import (
    ProteinChange,
    ProteinChangeError,
    check_reference,
    normalise,
    parse_protein_change,
    residue,
)

PROTEIN = "MKTAYIAKQRGGLVDEFWPS"


def canonical(text: str) -> str:
    _, change = parse_protein_change(text)
    check_reference(change, PROTEIN, "NP_1")
    return str(normalise(change, PROTEIN))


@pytest.mark.parametrize(
    "text", ["p.G11R", "G11R", "p.Gly11Arg", "Gly11Arg", "p.(Gly11Arg)", "(G11R)", "NP_1.2:p.Gly11Arg", "  G11R  "]
)
def test_all_ways_to_write_a_substitution_are_one(text: str) -> None:
    assert canonical(text) == "p.G11R"


def test_the_reference_in_front_is_handed_back() -> None:
    assert parse_protein_change("NP_004295.2:p.G1202R")[0] == "NP_004295.2"


@pytest.mark.parametrize(
    ("text", "kind", "written"),
    [
        ("p.R10*", "nonsense", "p.R10*"),
        ("p.Arg10Ter", "nonsense", "p.R10*"),
        ("p.R10fs", "frameshift", "p.R10fs"),
        ("p.Arg10GlyfsTer12", "frameshift", "p.R10fs"),
        ("p.M1?", "start_loss", "p.M1?"),
        ("p.Q9_R10delinsKL", "delins", "p.Q9_R10delinsKL"),
        ("p.Y5del", "deletion", "p.Y5del"),
        ("p.Y5dup", "duplication", "p.Y5dup"),
        ("p.Y5_I6insT", "insertion", "p.Y5_I6insT"),
    ],
)
def test_each_kind_of_change_is_read(text: str, kind: str, written: str) -> None:
    _, change = parse_protein_change(text)
    assert (change.kind, str(change)) == (kind, written)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("p.G11del", "p.G12del"),
        ("p.G11dup", "p.G12dup"),
        ("p.R10_G11insG", "p.G12dup"),
        ("p.Y5_I6insI", "p.I6dup"),
        ("p.K8_Q9insKQ", "p.K8_Q9insKQ"),
        ("p.Q9delinsK", "p.Q9K"),
        ("p.A7_K8del", "p.A7_K8del"),
        ("p.P19_S20insPS", "p.P19_S20insPS"),
    ],
)
def test_indels_are_shifted_to_their_most_c_terminal_place(text: str, written: str) -> None:
    assert canonical(text) == written


def test_an_insertion_that_repeats_what_stands_before_it_is_a_duplication() -> None:
    assert canonical("p.T3_A4insKT") == "p.K2_T3dup"


@pytest.mark.parametrize("text", ["p.A11R", "p.G11_A12del", "p.S21R", "p.*99R"])
def test_a_wrong_reference_residue_is_refused(text: str) -> None:
    with pytest.raises(ProteinChangeError):
        canonical(text)


def test_the_residue_that_stands_there_is_named() -> None:
    with pytest.raises(ProteinChangeError, match="has G at position 11, not A"):
        canonical("A11R")


@pytest.mark.parametrize(
    "text",
    ["", "11", "G", "g11r", "c.123A>G", "p.G11", "p.G11=", "p.G11G", "p.G11X", "p.G11?", "p.G11_R10del", "p.G11_L13insT",
     "p.G11_G12", "p.Zzz11Arg", "G11R L13M", "p.(G11R", "G11R)", "p.G11R\u200b", "p.Ｇ11R", "ALK G11R"],
)  # fmt: skip
def test_what_is_no_protein_change_is_refused(text: str) -> None:
    with pytest.raises(ProteinChangeError):
        parse_protein_change(text)


@pytest.mark.parametrize(
    ("text", "truncating"),
    [("p.R10*", True), ("p.R10fs", True), ("p.M1?", True), ("p.R10K", False), ("p.R10del", False)],
)
def test_truncation_is_told_from_substitution(text: str, truncating: bool) -> None:
    assert parse_protein_change(text)[1].truncating is truncating


def test_the_last_residue_of_a_range_is_its_end() -> None:
    assert ProteinChange("deletion", "G", 11, "L", 13).last == 13
    assert ProteinChange("deletion", "G", 11).last == 11


def test_changes_sort_by_residue_and_events_of_the_gene_come_first() -> None:
    assert sorted(["p.L1196M", "p.G12R", "amplification", "p.G12C"], key=residue) == [
        "amplification",
        "p.G12C",
        "p.G12R",
        "p.L1196M",
    ]


def test_a_huge_position_is_refused_without_being_used() -> None:
    _, change = parse_protein_change("G" + "9" * 100 + "R")
    with pytest.raises(ProteinChangeError, match="has 20 residues"):
        check_reference(change, PROTEIN, "NP_1")
