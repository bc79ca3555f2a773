"""What is no finding: denied, without a result, in doubt, gone, or about something other than a gene."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from app.adapters.findings import FindingError, read_findings
from app.adapters.refusals import denies, is_change, no_gene
from app.domain.case import Finding
from app.wire.findings import Finding as WireFinding
from tests.support import real

INDEX = real.index()
WIRE: TypeAdapter[Any] = TypeAdapter(WireFinding)
POSITIVE = ("MET amplification", "MET exon 14 skipping", "NRG1 fusion", "TP53 mutation", "ABCB1 overexpression", "EML4-ALK", "ALK G1202R",
            "KRAS activating mutation", "RB1 loss", "EGFR exon 19 deletion", "MET KDD")  # fmt: skip
DENIALS = ("undetectable", "excluded", "ruled out", "unlikely", ": false", "absent", "absence", "below cutoff", "below the limit of detection",
           "below LOD", "nein", "nicht nachweisbar", "ausgeschlossen", "fehlt", "unauffällig", "exclu", "ausente", "descartada", "assente",
           "não detectado", "没有", "未见", "排除", "否定", "なし", "検出されない", "-",
           "zero", "benign", "r/o", "niet gevonden", "нет", "없음", "0%", "✗")  # fmt: skip


def read(given: Any) -> list[Finding]:
    return [one.finding for one in read_findings(WIRE.validate_python(given), "ALK", INDEX)]


def alteration(gene: str, effect: str, description: str) -> dict[str, Any]:
    return {"type": "gene_alteration", "gene": gene, "effect": effect, "description": description}


@pytest.mark.parametrize("found", POSITIVE)
def test_what_is_denied_below_is_read_where_nothing_denies_it(found: str) -> None:
    assert len(read(found)) == 1


@pytest.mark.parametrize("found", POSITIVE)
@pytest.mark.parametrize("denial", DENIALS)
def test_a_denial_in_any_language_is_no_finding(found: str, denial: str) -> None:
    with pytest.raises(FindingError, match="negative result"):
        read(f"{found} {denial}")


@pytest.mark.parametrize("gene", ["MET", "KRAS", "EGFR", "HER2", "KIT"])
@pytest.mark.parametrize(
    "word", ["unamplified", "deamplified", "de-amplified", "not amplified", "non-amplified", "未扩增"]
)
def test_a_word_that_holds_amplified_may_deny_it(gene: str, word: str) -> None:
    with pytest.raises(FindingError, match="negative result"):
        read(f"{gene} {word}")


@pytest.mark.parametrize(
    "text",
    ["MET exon 14 tested", "MET exon 14 sequenced", "EGFR exon 19 covered", "NRG1 fusion assay", "MET KDD assay", "TP53 mutation analysis"],
)  # fmt: skip
def test_a_known_name_among_words_that_are_not_read_is_not_taken_for_found(text: str) -> None:
    with pytest.raises(FindingError, match="not wholly understood"):
        read(text)


@pytest.mark.parametrize("word", ["cleared", "gone", "disappeared", "lost", "previously", "in history", "消失"])
@pytest.mark.parametrize(
    "found", ["MET exon 14 skipping", "NRG1 fusion", "TP53 mutation", "ABCB1 overexpression", "EML4-ALK"]
)
def test_what_is_gone_is_no_finding_of_the_sample(found: str, word: str) -> None:
    with pytest.raises(FindingError, match="a change is gone"):
        read(f"{found} {word}")


@pytest.mark.parametrize(
    ("gene", "effect", "words"),
    [
        ("MET", "activating", "amplification ruled out"),
        ("MET", "activating", "amplification below cutoff"),
        ("MET", "activating", "FISH ratio 1.0, amplification unlikely"),
        ("MET", "activating", "exon 14 skipping: FALSE"),
        ("MET", "activating", "amplification pending"),
        ("MET", "activating", "amplification assay failed"),
        ("MET", "activating", "amplification lost"),
        ("MET", "activating", "amplification tested"),
        ("MET", "activating", "exon 14 sequenced"),
        ("NRAS", "activating", "cleared"),
        ("NRAS", "activating", "undetectable"),
        ("NRAS", "activating", "previously, now gone"),
        ("NRAS", "activating", "lost"),
        ("NRAS", "activating", "possible"),
        ("NRAS", "activating", "artefact"),
        ("NRAS", "activating", "0%"),
        ("NRAS", "activating", "-"),
        ("NRAS", "activating", "tested"),
        ("NRAS", "activating", "status unknown"),
        ("RB1", "inactivating", "deletion lost"),
        ("KRAS", "activating", "ausgeschlossen"),
        ("RB1", "inactivating", "ruled out"),
        ("RB1", "inactivating", "retained"),
        ("RB1", "inactivating", "intact"),
    ],
)
def test_a_description_that_takes_its_finding_back_is_refused_at_its_place(gene: str, effect: str, words: str) -> None:
    with pytest.raises(FindingError) as caught:
        read(alteration(gene, effect, words))
    assert caught.value.field == "description"


def test_a_description_that_only_describes_is_kept() -> None:
    assert [one.name for one in read(alteration("RB1", "inactivating", "two hits"))] == ["RB1 two hits"]
    assert [one.name for one in read(alteration("RB1", "inactivating", "lost"))] == ["RB1 loss of function"]
    assert [one.name for one in read(alteration("MET", "activating", "KDD positive"))] == ["MET kdd"]


@pytest.mark.parametrize("word", ["low-level", "equivocal", "subclonal", "borderline", "低水平"])
def test_an_amplification_of_low_level_is_pointed_to_gain(word: str) -> None:
    for given in (f"MET {word} amplification", alteration("MET", "activating", f"{word} amplification")):
        with pytest.raises(FindingError, match='"change": "gain"'):
            read(given)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("t(2;2)(p21;p23)", "'PARTNER::GENE'"),
        ("inv(2)(p21p23)", "'PARTNER::GENE'"),
        ("EML4-ALK, 118 supporting reads", "leave it out"),
        ("chr2:29220829 C>T", "its protein change"),
        ("LOH score 5", "leave it out"),
        ("ALK (D5F3) positive", "a fusion that was shown beside it"),
    ],
)
def test_what_has_another_form_here_is_named_with_its_cure(text: str, cure: str) -> None:
    with pytest.raises(FindingError, match=cure):
        read(text)


@pytest.mark.parametrize(
    "words", ["exon 19 del (3.1%)", "p.G1202R non-synonymous", "nonsynonymous", "不稳定", "无义突变", "伴侣未知"]
)
def test_words_that_only_look_like_a_denial_deny_nothing(words: str) -> None:
    assert not denies(words)


@pytest.mark.parametrize(
    "word", ["unrearranged", "INTACT", "FALSE", "NEIN", "NULL", "UNKLAR", "lost", "cleared", "plasma", "FISH"]
)
def test_a_result_or_a_material_is_no_gene(word: str) -> None:
    assert no_gene(word)


@pytest.mark.parametrize("word", ["EML4", "KIF5B", "GK", "A2M", "F11R", "WT1", "SP100", "CEP72", "CDX2", "LAMA5"])
def test_a_symbol_is_neither_a_result_nor_a_change(word: str) -> None:
    assert not no_gene(word)
    assert not is_change(word)


@pytest.mark.parametrize("word", ["L858R", "G1202R", "p.G1202R", "p.Gly1202Arg"])
def test_a_change_is_no_symbol(word: str) -> None:
    assert is_change(word)
