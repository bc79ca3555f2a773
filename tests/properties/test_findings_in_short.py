"""Findings in short: whatever the case and the spacing, what is stated is read or refused, never lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.findings import FindingError, read_findings
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.knowledge.index import KnowledgeIndex
from tests.support import real

INDEX: KnowledgeIndex = real.index()
CHANGES = {
    gene: tuple(sorted(one for one in INDEX.known_changes[gene] if one.startswith("p."))) for gene in INDEX.settings
}
PARTNERS = ("EML4", "CD74", "STRN", "GK", "KIF5B", "SLC34A2", "HIP1")
LOSABLE = ("NF1", "NF2", "RB1", "TP53")
FRACTIONS = st.sampled_from(("", " 3.1%", " (3.1%)", ", 3.1 %", " VAF 3.1%", " AF=3.1%", " vaf 0.031"))


@st.composite
def spelling(draw: st.DrawFn, text: str) -> str:
    """The text with its letters in any case and its spaces widened."""
    flips = draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text)))
    return "".join(
        (letter.swapcase() if flip else letter) if letter != " " else "  " if flip else " "
        for letter, flip in zip(text, flips, strict=True)
    )


def findings(text: str, driver: str) -> list[Finding]:
    return [one.finding for one in read_findings(text, driver, INDEX)]


@given(data=st.data())
def test_the_change_behind_a_gene_or_a_fusion_is_never_lost(data: st.DataObject) -> None:
    driver = data.draw(st.sampled_from(tuple(CHANGES)))
    change = data.draw(st.sampled_from(CHANGES[driver]))
    partner = data.draw(st.sampled_from(PARTNERS))
    heads = (
        driver,
        f"{partner}-{driver}",
        f"{partner}::{driver}",
        f"{driver}-{partner}",
        f"{partner} \u2013 {driver} fusion,",
    )
    head = data.draw(st.sampled_from(heads))
    written = data.draw(st.sampled_from((change, change.removeprefix("p."), f"{change} mutation", f"({change})")))
    fraction = data.draw(FRACTIONS)
    letters = data.draw(st.sampled_from((str, str.lower))) if not head.startswith(f"{driver}-") else str
    read = findings(letters(head) + data.draw(spelling(f" {written}{fraction}")), driver)
    variant = read[-1]
    assert isinstance(variant, SmallVariant)
    assert (variant.gene, variant.name) == (driver, change)
    assert variant.vaf == (pytest.approx(0.031) if fraction else None)
    assert len(read) == (1 if head == driver else 2)
    if len(read) == 2:
        assert read[0] == Fusion(driver, partner)


@given(data=st.data())
def test_two_changes_in_one_text_are_never_one_nor_none(data: st.DataObject) -> None:
    driver = data.draw(st.sampled_from(tuple(CHANGES)))
    first, second = data.draw(st.lists(st.sampled_from(CHANGES[driver]), min_size=2, max_size=2, unique=True))
    join = data.draw(st.sampled_from(("+", " + ", "/", " and ", ", ", " ", ";", " & ")))
    text = data.draw(spelling(f"{driver} {first}{join}{second}"))
    with pytest.raises(FindingError, match=r"in_(cis|trans)_with"):
        findings(text, driver)


@given(data=st.data())
def test_loss_in_words_is_inactivating(data: st.DataObject) -> None:
    gene = data.draw(st.sampled_from(LOSABLE))
    words = data.draw(
        st.sampled_from(("loss", "loss of function", "inactivation", "truncating mutation", "nonsense mutation"))
    )
    (only,) = findings(data.draw(spelling(f"{gene} {words}")), "ALK")
    assert isinstance(only, GeneAlteration)
    assert (only.gene, only.effect) == (gene, "inactivating")


@given(data=st.data())
def test_an_amplification_has_one_name_and_keeps_its_copies(data: st.DataObject) -> None:
    copies = data.draw(st.sampled_from(("", " (copy number 9)", " CN=9", " CN 9", ", 9 copies", " copies: 9")))
    word = data.draw(st.sampled_from(("amplification", "amp", "amplified")))
    (only,) = findings(data.draw(spelling(f"MET {word}{copies}")), "ALK")
    assert only == CopyNumber("MET", "amplification", 9.0 if copies else None)


@given(data=st.data())
def test_an_event_of_an_exon_has_one_name(data: st.DataObject) -> None:
    gene, name, forms = data.draw(
        st.sampled_from(
            (
                ("EGFR", "exon 19 deletion", ("exon 19 deletion", "ex19del", "exon19del", "exon 19 del", "19del")),
                ("MET", "exon 14 skipping", ("exon 14 skipping", "ex14 skipping", "ex14", "exon14 skip")),
            )
        )
    )
    text = data.draw(spelling(f"{gene} {data.draw(st.sampled_from(forms))}{data.draw(FRACTIONS)}"))
    (only,) = findings(text, "ROS1")
    assert isinstance(only, GeneAlteration)
    assert (only.gene, only.description) == (gene, name)


@given(words=st.text(min_size=1, max_size=60), data=st.data())
def test_a_text_that_holds_the_driver_is_never_an_unknown_gene(words: str, data: st.DataObject) -> None:
    driver = data.draw(st.sampled_from(tuple(CHANGES)))
    change = data.draw(st.sampled_from(CHANGES[driver]))
    text = data.draw(st.sampled_from((f"{words} {driver} {change}", f"{driver} {change} {words}", f"{driver} {words}")))
    try:
        read = read_findings(text, driver, INDEX)
    except FindingError:
        return
    assert all(one.unknown_gene is None for one in read)
    assert {one.finding.gene for one in read} == {driver}
    if change in text:
        assert change in {one.finding.name for one in read}
