"""One finding, typed or in short, to a value of the domain."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from app.adapters.findings import FindingError, Read, read_findings
from app.domain.case import CopyNumber, Finding, Fusion, GeneAlteration, SmallVariant
from app.interpretation.clones import phase_of
from app.knowledge.index import KnowledgeIndex
from app.wire.findings import Finding as WireFinding
from tests.support import real
from tests.support.knowledge import knowledge

INDEX = knowledge()
REAL = real.index()
WIRE: TypeAdapter[Any] = TypeAdapter(WireFinding)


def reads(given: Any, driver: str = "ALK", index: KnowledgeIndex = INDEX) -> tuple[Read, ...]:
    return read_findings(WIRE.validate_python(given), driver, index)


def read(given: Any) -> Finding:
    (only,) = reads(given)
    return only.finding


@pytest.mark.parametrize(
    ("text", "gene", "name", "vaf"),
    [
        ("ALK G11R", "ALK", "p.G11R", None),
        ("ALK p.G11R", "ALK", "p.G11R", None),
        ("alk p.Gly11Arg 3.1%", "ALK", "p.G11R", 0.031),
        ("ALK G11R VAF 3.1 %", "ALK", "p.G11R", 0.031),
        ("ALK G11R vaf=100%", "ALK", "p.G11R", 1.0),
        ("ALK   G11R   0.1%", "ALK", "p.G11R", 0.001),
        ("ALK G11R 1.4%", "ALK", "p.G11R", 0.014),
        ("ALK p.G11dup", "ALK", "p.G12dup", None),
        ("KRAS G12C", "KRAS", "p.G12C", None),
        ("FOO1 p.R5*", "FOO1", "p.R5*", None),
        ("ALK G11R (3.1%)", "ALK", "p.G11R", 0.031),
        ("ALK G11R, 3.1%", "ALK", "p.G11R", 0.031),
        ("ALK G11R AF 0.031", "ALK", "p.G11R", 0.031),
        ("ALK:p.G11R", "ALK", "p.G11R", None),
        ("ALK-G11R", "ALK", "p.G11R", None),
        ("ALKG11R", "ALK", "p.G11R", None),
        ("NP_000001.2:p.Gly11Arg", "ALK", "p.G11R", None),
        ("ALK NP_000001.1:p.Gly11Arg", "ALK", "p.G11R", None),
        ("ALK p.G11R mutation", "ALK", "p.G11R", None),
        ("ALK p.(Gly11Arg)", "ALK", "p.G11R", None),
        ("ALK c.31G>A (p.G11R) 2%", "ALK", "p.G11R", 0.02),
        ("ALK exon 2 p.G11R", "ALK", "p.G11R", None),
        ("ALK p.G11R (p.Gly11Arg)", "ALK", "p.G11R", None),
        ("ALK G11R突变", "ALK", "p.G11R", None),
        ("kras g12c", "KRAS", "p.G12C", None),
        ("ALK G11R missense_variant", "ALK", "p.G11R", None),
        ("ALK G11R Missense_Mutation 3%", "ALK", "p.G11R", 0.03),
        ("ALK G11R (likely pathogenic)", "ALK", "p.G11R", None),
        ("ALK G11R, pathogenic, Tier IA", "ALK", "p.G11R", None),
        ("ALK G11R 错义突变", "ALK", "p.G11R", None),
        ("ALK G11R点突变", "ALK", "p.G11R", None),
        ("ALK G11R 耐药突变 3%", "ALK", "p.G11R", 0.03),
        ("ALK:NM_100001:exon2:c.G31A:p.G11R", "ALK", "p.G11R", None),
        ("RB1 R5* stop_gained", "RB1", "p.R5*", None),
        ("FOO1 E746-A750delELREA", "FOO1", "p.E746_A750del", None),
    ],
)
def test_small_variants_in_short(text: str, gene: str, name: str, vaf: float | None) -> None:
    found = read(text)
    assert isinstance(found, SmallVariant)
    assert (found.gene, found.name, found.vaf) == (gene, name, vaf)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("EML4::ALK", "EML4::ALK"),
        ("EML4-ALK", "EML4::ALK"),
        ("EML4--ALK", "EML4::ALK"),
        ("eml4/alk fusion", "EML4::ALK"),
        ("EML4-ALK v3a", "EML4::ALK"),
        ("EML4::ALK 4%", "EML4::ALK"),
        ("FOO1::ALK", "FOO1::ALK"),
        ("ALK fusion", "ALK fusion"),
        ("ALK rearrangement", "ALK fusion"),
        ("EML4-ALK (E13;A20)", "EML4::ALK"),
        ("EML4-ALK variant 3a/b", "EML4::ALK"),
        ("STRN:exon3-ALK:exon20 24%", "STRN::ALK"),
        ("CD74(exon 6)-ALK(exon 34)", "CD74::ALK"),
        ("CD74(6)-ALK(34)", "CD74::ALK"),
        ("ALK-EML4", "EML4::ALK"),
        ("ALK-GK", "GK::ALK"),
        ("alk-gk fusion", "GK::ALK"),
        ("EZR-ROS1", "EZR::ROS1"),
        ("ROS1-CD74", "CD74::ROS1"),
        ("ROS1/EZR fusion", "EZR::ROS1"),
        ("PRKCE-ALK", "PRKCE::ALK"),
        ("prkce-alk", "PRKCE::ALK"),
        ("ALK/HIP1 fusion", "HIP1::ALK"),
        ("EML4/ALK v3", "EML4::ALK"),
        ("C2orf44-ALK", "C2ORF44::ALK"),
        ("HLA-A-ALK", "HLA-A::ALK"),
        ("A2M-ALK", "A2M::ALK"),
        ("WT1-ALK", "WT1::ALK"),
        ("CDX2-ALK", "CDX2::ALK"),
        ("SP100-ALK", "SP100::ALK"),
        ("ALK:Fusion", "ALK fusion"),
        ("EML4\u2013ALK", "EML4::ALK"),
        ("EML4 \u2014 ALK", "EML4::ALK"),
        ("EML4-ALK融合", "EML4::ALK"),
        ("ALK融合", "ALK fusion"),
        ("ALK fusion positive", "ALK fusion"),
        ("EML4-ALK-positive", "EML4::ALK"),
        ("EML4-ALK(+)", "EML4::ALK"),
        ("EML4-ALK inversion", "EML4::ALK"),
        ("ALK EML4-ALK fusion", "EML4::ALK"),
        ("ALK易位", "ALK fusion"),
        ("ALK融合(+)", "ALK fusion"),
        ("ALK positive", "ALK fusion"),
        ("ALK+", "ALK fusion"),
        ("ALK阳性", "ALK fusion"),
        ("ALK FISH positive", "ALK fusion"),
        ("ALK positive by FISH", "ALK fusion"),
    ],
)
def test_fusions_in_short_name_the_driver_as_the_kinase(text: str, name: str) -> None:
    found = read(text)
    assert isinstance(found, Fusion)
    assert found.name == name


def test_a_typed_fusion_the_wrong_way_round_is_turned() -> None:
    found = read({"type": "fusion", "gene": "EML4", "partner": "ALK", "vaf": 0.1})
    assert found == Fusion("ALK", "EML4", None, 0.1)


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("EML4-ALK v3a", "v3a"),
        ("EML4-ALK variant 3a/b", "v3a/b"),
        ("EML4-ALK (E13;A20)", "E13;A20"),
        ("EML4-ALK E6a/b:A20", "E6a/b;A20"),
        ("EML4:exon13-ALK:exon20", "exon13;exon20"),
        ("EML4-ALK variant 1 (E13:A20)", "v1"),
        ("EML4-ALK (E13;A20) v1", "v1"),
        ("ALK EML4-ALK fusion (Variant 1)", "v1"),
    ],
)
def test_the_variant_of_a_fusion_is_kept(text: str, variant: str) -> None:
    assert read(text) == Fusion("ALK", "EML4", variant)


@pytest.mark.parametrize(
    ("text", "fusion", "change"),
    [
        ("EML4-ALK G11R", None, None),
        ("EML4::ALK p.G11R 3.1%", None, 0.031),
        ("EML4-ALK fusion, G11R", None, None),
        ("EML4-ALK 4%, G11R 3.1%", 0.04, 0.031),
        ("EML4-ALK 4%; ALK G11R 3.1%", 0.04, 0.031),
        ("EML4\u2013ALK with ALK:p.Gly11Arg (3.1%)", None, 0.031),
    ],
)
def test_a_fusion_and_a_change_in_one_text_are_both_read(text: str, fusion: float | None, change: float | None) -> None:
    first, second = (one.finding for one in reads(text))
    assert first == Fusion("ALK", "EML4", None, fusion)
    assert isinstance(second, SmallVariant)
    assert (second.gene, second.name) == ("ALK", "p.G11R")
    assert second.vaf == (None if change is None else pytest.approx(change))


@pytest.mark.parametrize(
    "text",
    ["ALK G11R+L13M", "ALK G11R/L13M", "ALK G11R and L13M", "ALK p.[G11R;L13M]", "EML4-ALK G11R, L13M", "ALK G11R L13M 3%"],
)  # fmt: skip
def test_the_phase_of_two_changes_is_asked_for(text: str) -> None:
    with pytest.raises(FindingError, match=r"in_cis_with.*in_trans_with") as caught:
        read(text)
    assert '"protein_change": "p.G11R"' in str(caught.value)
    assert '"protein_change": "p.L13M"' in str(caught.value)


@pytest.mark.parametrize(
    "text", ["small cell transformation", "SCLC transformation", "squamous transformation", "小细胞转化"]
)
def test_a_change_of_histology_is_pointed_to_its_field(text: str) -> None:
    with pytest.raises(FindingError, match="`histology` of the sample"):
        read(text)


@pytest.mark.parametrize("text", ["ALK", "ALK something", "G11R"])
@pytest.mark.parametrize("driver", ["ALK", "ROS1"])
def test_messages_speak_of_the_driver_of_the_case(text: str, driver: str) -> None:
    with pytest.raises(FindingError, match=f"'{driver} p."):
        reads(text, driver)


def test_a_typed_change_is_explained_with_the_driver_of_the_case() -> None:
    with pytest.raises(FindingError, match=r"p\.G2032R of ROS1"):
        reads({"type": "small_variant", "gene": "ROS1", "protein_change": "rubbish"}, "ROS1", REAL)


@pytest.mark.parametrize("gene", ["EML4-ALK", "EML4::ALK", "ALK gene", "EML4ALK"])
def test_a_gene_with_more_around_it_is_not_taken_for_another_gene(gene: str) -> None:
    with pytest.raises(FindingError, match="did you mean ALK"):
        read({"type": "small_variant", "gene": gene.replace("::", "/"), "protein_change": "G11R"})


@pytest.mark.parametrize("partner", ["EML4-ALK", "ALK-EML4", "EML4/ALK", "EML4"])
def test_the_partner_is_read_out_of_the_whole_fusion(partner: str) -> None:
    assert read({"type": "fusion", "gene": "ALK", "partner": partner}) == Fusion("ALK", "EML4")


@pytest.mark.parametrize(
    "text", ["plasma G1202R", "mutation G1202R", "Detected: p.G1202R 3%", "resistance p.Gly1202Arg"]
)
def test_a_known_change_of_the_driver_without_its_gene_is_not_given_to_another(text: str) -> None:
    with pytest.raises(FindingError, match="ALK"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    "given",
    [
        {"type": "gene_alteration", "gene": "BRCA2", "effect": "inactivating", "germline": True},
        {
            "type": "gene_alteration",
            "gene": "BRCA2",
            "effect": "inactivating",
            "description": "polymorphism (germline)",
        },
    ],
)
def test_an_alteration_that_is_inherited_is_germline(given: Any) -> None:
    found = read(given)
    assert isinstance(found, GeneAlteration)
    assert found.germline


def test_an_amplification_is_not_inherited() -> None:
    given = {
        "type": "gene_alteration",
        "gene": "MET",
        "effect": "unknown",
        "description": "amplification",
        "germline": True,
    }
    with pytest.raises(FindingError, match="not read as germline") as caught:
        read(given)
    assert caught.value.field == "germline"


def test_a_germline_change_in_words_is_germline() -> None:
    found = read("ALK G11R germline")
    assert isinstance(found, SmallVariant)
    assert found.germline


@pytest.mark.parametrize(
    ("text", "change", "copies"),
    [
        ("MET amplification", "amplification", None),
        ("MET amp", "amplification", None),
        ("MET amplified", "amplification", None),
        ("MET扩增", "amplification", None),
        ("MET amplification (copy number 9)", "amplification", 9.0),
        ("MET amp CN=9.2", "amplification", 9.2),
        ("MET amplification, 9 copies", "amplification", 9.0),
        ("MET copy number gain", "gain", None),
        ("MET gain CN 4", "gain", 4.0),
        ("MET polysomy", "gain", None),
        ("RB1 copy number loss", "loss", None),
        ("RB1 homozygous deletion", "deletion", None),
        ("RB1 缺失", "deletion", None),
    ],
)
def test_copy_number_in_short(text: str, change: str, copies: float | None) -> None:
    found = read(text)
    assert isinstance(found, CopyNumber)
    assert (found.change, found.copies) == (change, copies)


@pytest.mark.parametrize("text", ["c-MET amplification", "HER2/neu amplification", "HER-2 amp"])
def test_a_name_with_a_sign_in_it_is_a_gene_and_no_fusion(text: str) -> None:
    (only,) = reads(text, index=REAL)
    assert isinstance(only.finding, CopyNumber)


def test_copies_do_not_make_an_amplification_another_one() -> None:
    assert read("MET amplification").name == read("MET amplification (copy number 9)").name


@pytest.mark.parametrize(
    "text", ["RB1 loss", "RB1 lost", "RB1 loss of function", "RB1 loss-of-function", "RB1 LOF", "RB1 inactivation"]
)
def test_loss_in_words_is_loss_of_function_under_one_name(text: str) -> None:
    assert read(text) == GeneAlteration("RB1", "inactivating", "loss of function")


@pytest.mark.parametrize(
    "text", ["RB1 truncating", "RB1 truncating mutation", "RB1 nonsense mutation", "RB1 frameshift"]
)
def test_words_for_a_truncation_are_inactivating(text: str) -> None:
    found = read(text)
    assert isinstance(found, GeneAlteration)
    assert found.effect == "inactivating"


@pytest.mark.parametrize(
    ("text", "gene", "description"),
    [
        ("EGFR exon 19 deletion", "EGFR", "exon 19 deletion"),
        ("EGFR Exon 19 Del", "EGFR", "exon 19 deletion"),
        ("EGFR ex19del", "EGFR", "exon 19 deletion"),
        ("EGFR exon19del 3%", "EGFR", "exon 19 deletion"),
        ("EGFR 19del", "EGFR", "exon 19 deletion"),
        ("EGFR 19-del", "EGFR", "exon 19 deletion"),
        ("EGFR 19外显子缺失", "EGFR", "exon 19 deletion"),
        ("EGFR del19", "EGFR", "exon 19 deletion"),
        ("EGFR deletion in exon 19", "EGFR", "exon 19 deletion"),
        ("EGFR ex20ins", "EGFR", "exon 20 insertion"),
        ("MET exon 14 skipping", "MET", "exon 14 skipping"),
        ("MET ex14 skip", "MET", "exon 14 skipping"),
        ("METex14", "MET", "exon 14 skipping"),
        ("METex14 skipping", "MET", "exon 14 skipping"),
        ("MET 14外显子跳跃突变", "MET", "exon 14 skipping"),
    ],
)
def test_an_event_of_an_exon_has_one_name(text: str, gene: str, description: str) -> None:
    (only,) = reads(text, index=REAL)
    assert isinstance(only.finding, GeneAlteration)
    assert (only.finding.gene, only.finding.description) == (gene, description)


@pytest.mark.parametrize("description", ["ex14 skipping", "exon 14 skip", "Exon 14 skipping"])
def test_a_typed_alteration_of_an_exon_has_the_same_name(description: str) -> None:
    given = {"type": "gene_alteration", "gene": "MET", "effect": "activating", "description": description}
    assert read(given) == GeneAlteration("MET", "activating", "exon 14 skipping")


def test_the_words_of_a_typed_alteration_tell_an_effect_that_was_left_open() -> None:
    given = {"type": "gene_alteration", "gene": "RB1", "effect": "unknown", "description": "loss"}
    assert read(given) == GeneAlteration("RB1", "inactivating", "loss of function")


def test_a_deletion_that_may_mean_exon_or_residue_is_sent_back() -> None:
    with pytest.raises(FindingError, match="exon or a residue"):
        reads("EGFR E19del", index=REAL)


@pytest.mark.parametrize(
    "text",
    [
        "MSI-H",
        "TMB 12 mut/Mb",
        "PD-L1 TPS 60%",
        "ALK IHC positive",
        "微卫星不稳定",
        "bTMB 5",
        "Tumor Mutational Burden 5",
    ],
)
def test_a_marker_of_the_whole_tumour_is_no_finding(text: str) -> None:
    with pytest.raises(FindingError, match="leave it out"):
        read(text)


@pytest.mark.parametrize("text", ["TERT promoter mutation", "TP53 splice site variant"])
def test_a_mutation_that_no_protein_change_names_is_kept(text: str) -> None:
    (found,) = (one.finding for one in reads(text, index=REAL))
    assert isinstance(found, GeneAlteration)
    assert (found.gene, found.effect) == (text.split()[0], "unknown")


@pytest.mark.parametrize(
    ("text", "description", "vaf"),
    [
        ("TP53 c.375+1G>A", "mutation c.375+1G>A", None),
        ("TP53 NM_000546.6:c.375+1G>A (p.?), VAF 3%", "mutation c.375+1G>A", 0.03),
        ("TP53 exon 4 splice site c.376-2A>G 4%", "mutation c.376-2A>G", 0.04),
        ("TP53 p.X125_splice", "mutation p.X125_splice", None),
        ("TERT c.-124C>T", "mutation c.-124C>T", None),
        ("RB1 c.1215+1G>A loss of function", "mutation c.1215+1G>A", None),
        ("MET exon 14 skipping c.3082+1G>T", "exon 14 skipping", None),
        ("MET exon 14 c.3082+1G>T", "exon 14 skipping", None),
    ],
)
def test_a_change_beside_the_coding_sequence_has_no_protein_change(
    text: str, description: str, vaf: float | None
) -> None:
    (found,) = (one.finding for one in reads(text, index=REAL))
    assert isinstance(found, GeneAlteration)
    assert (found.description, found.vaf) == (description, vaf)


def test_a_typed_change_without_a_protein_is_pointed_to_its_form() -> None:
    for name in ("p.X125_splice", "c.375+1G>A", "NM_000546.6:c.375+1G>A", "p.?"):
        with pytest.raises(FindingError, match="gene_alteration"):
            read({"type": "small_variant", "gene": "TP53", "protein_change": name})


@pytest.mark.parametrize("text", ["CDKN2A/B loss", "CDKN2A/CDKN2B loss", "cdkn2a/b loss of function"])
def test_a_loss_of_two_neighbouring_genes_is_a_finding_of_each(text: str) -> None:
    found = [one.finding for one in reads(text, index=REAL)]
    assert found == [one.finding for gene in ("CDKN2A", "CDKN2B") for one in reads(f"{gene} loss", index=REAL)]


@pytest.mark.parametrize(
    "text", ["CDKN2A/B p.R58*", "CDKN2A/C loss", "CDKN2A/B", "CDKN2A/B loss 3%", "CDKN2A/B something"]
)
def test_what_is_not_an_event_of_both_genes_is_refused(text: str) -> None:
    with pytest.raises(FindingError):
        reads(text, index=REAL)


def test_a_coding_change_of_the_driver_in_words_is_sent_back() -> None:
    for words in ("c.31G>A", "exon 2 NM_000001.1:c.31G>A", "p.G11R"):
        with pytest.raises(FindingError, match="small_variant"):
            read({"type": "gene_alteration", "gene": "ALK", "effect": "unknown", "description": words})
    found = read({"type": "gene_alteration", "gene": "ALK", "effect": "unknown", "description": "c.31+1G>A"})
    assert found == GeneAlteration("ALK", "unknown", "mutation c.31+1G>A", None)


def test_the_ratio_behind_an_amplification_adds_nothing() -> None:
    assert read("MET amplification (MET/CEP7 ratio 6.1)") == read("MET amplification")


def test_copies_without_a_word_for_them_are_sent_back() -> None:
    with pytest.raises(FindingError, match="amplification CN"):
        read("MET CN 12")
    with pytest.raises(FindingError, match="heterozygous loss CN 1"):
        read("NF2 loss CN 1")


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
    ["ALK", "ALK A11R", "ALK G11R 101%", "ALK something", "AKL G11R", "ALK G11R, MET amplification", "ALK/HIP1",
     "G11R", "ALK G11R L13M", "FOO1 mutation", "ALK NP_000002.1:p.G11R", "NP_777777.1:p.G11R", "EML4ALK G11R",
     "plasma ALK amplification", "RB1/TP53 loss", "RB1, TP53 loss", "ROS1 FISH positive", "ROS1 positive",
     "EML4-ALK v1 v3", "RB1 inversion",
     "MET something", "KRAS G12C/D", "ALK G11R 0.031", "ALK c.31G>A", "ALK/ROS1 fusion", "ALK G11R amplification",
     "RB1 loss of heterozygosity", "EML4 ALK fusion", "ALK mutation", "EML4-ALK (intergenic)",
     "EML4-ALK mutation", "KRAS gain, activating", "MET amplification, mutation", "MET Y5C overexpression", "RB1 loss germline",
     "ALK c.31+1G>A", "EML4-ALK c.31+1G>A", "EML4-ALK G11R c.31+1G>A", "RB1 c.1215+1G>A c.1300-2A>G", "RB1 R5* c.1215+1G>A",
     "RB1 c.1215+1G>A amplification", "FOO1 c.31+1G>A", "RB1 ALK:c.31+1G>A"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FindingError):
        read(text)


@pytest.mark.parametrize(
    "text",
    ["MET amplification not detected", "KRAS wild type", "KRAS wild-type", "KRAS no activating mutation", "KRAS negative",
     "ALK not detected", "ALK fusion not detected", "EML4-ALK negative", "ALK 融合阴性", "ALK G11R未检出",
     "MET undetected", "MET none", "KRAS WT", "KRAS mutation absent"],
)  # fmt: skip
def test_a_negative_result_is_refused_and_not_read_as_a_finding(text: str) -> None:
    with pytest.raises(FindingError):
        read(text)


@pytest.mark.parametrize("gene", ["RET", "ALK", "NRG1"])
@pytest.mark.parametrize(
    "result",
    [":ND", "-ND", "-nd", "-ve", "-negativ", "-négatif", "-negativo", "-Wildtyp", "-normal", "/negativ", " n.d.", "(-)", "-", "-neg", " なし",
     " 認めず", " 无突变", " 转阴", " 未检出", " 未扩增"],
)  # fmt: skip
def test_a_negative_result_joined_to_a_gene_is_no_fusion(gene: str, result: str) -> None:
    with pytest.raises(FindingError, match=r"negative result.*assay\.not_covered"):
        reads(f"{gene}{result}", index=REAL)


@pytest.mark.parametrize("result", ["-failed", "-QNS", "-NA", " N/A", "-pending", "-inconclusive", "-TBD", " failed"])
def test_a_test_without_a_result_found_nothing(result: str) -> None:
    with pytest.raises(FindingError, match=r"without a result.*assay\.not_covered"):
        reads(f"RET{result}", index=REAL)


@pytest.mark.parametrize(
    "text",
    ["RET-unknown", "RET-VUS", "RET-FISH", "RET-CDx", "ALK-Ventana阳性", "ALK-D5F3", "ALK-V3", "ALK-TKI",
     "RET-IHC3", "FISH-ALK", "Plasma:ALK", "anti-ALK", "unknown::ALK", "RET::VUS", "RET-EZR", "EZR:ALK", "ALK:EZR", "RET-Befund",
     "alk-befund", "RET-BEFUND"],
)  # fmt: skip
def test_a_word_that_is_no_gene_is_no_partner(text: str) -> None:
    with pytest.raises(FindingError, match="write a fusion as 'PARTNER::"):
        reads(text, index=REAL)


@pytest.mark.parametrize(("text", "name"), [("RET-del", "RET deletion"), ("RET-gain", "RET gain"), ("RET-mut", "RET mutation")])  # fmt: skip
def test_an_event_joined_to_a_gene_is_that_event(text: str, name: str) -> None:
    (only,) = reads(text, index=REAL)
    assert only.finding.name == name


@pytest.mark.parametrize(
    "text",
    ["ALK_NT", "ALK_NC", "ALK_REF", "ALK_TBC", "ALK_LOD", "ALK_QC", "ALK_QCFAIL", "ALK_NOCALL", "ALK_NOTDET", "ALK_NODET", "ALK_UNDET",
     "ALK_INDET", "ALK_INSUFF", "ALK_IHCNEG", "ALK_FISHNEG", "ALK_MINUS", "ALK_DIPLOID", "ALK_WILD", "ALK_EXCL", "ALK_BASELINE", "ALK_SNV",
     "ALK_CNV", "ALK_GRCH38", "ALK_KIF5B"]
    + ["ND1_ALK", "HG19_ALK", "RS123_ALK", "COSF408_ALK", "ALK-NT", "ALK - NT", "ALK-NC", "ALK-REF", "RET_NT fusion"]
    + [f"ALK fusion ({word})" for word in ("TIER1", "GRADE3", "BX1", "PMID12345", "HG38", "CLONE1", "CEP2", "READS45")],
)  # fmt: skip
def test_a_test_not_done_or_a_note_beside_a_gene_is_no_partner(text: str) -> None:
    with pytest.raises(FindingError):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    ("text", "partner"),
    [
        ("EML4_ALK", "EML4"),
        ("KIF5B_ALK fusion", "KIF5B"),
        ("NOTCH1-ALK", "NOTCH1"),
        ("NEGR1-ALK", "NEGR1"),
        ("ALK fusion (HIP1)", "HIP1"),
    ],
)
def test_a_gene_that_looks_like_a_result_is_a_partner(text: str, partner: str) -> None:
    assert [one.finding for one in reads(text, index=REAL)] == [Fusion("ALK", partner)]


def test_breakpoints_written_on_start_like_the_two_genes() -> None:
    assert [one.finding for one in reads("CD74-ROS1 C6R34", "ROS1", REAL)] == [Fusion("ROS1", "CD74", "C6;R34")]
    with pytest.raises(FindingError):
        reads("EML4-ALK C3D1", index=REAL)


@pytest.mark.parametrize("text", ["ALK::EML4", "ALK::PRKCE 3%", "ALK::EML4 fusion"])
def test_a_driver_in_front_of_two_colons_is_the_five_prime_part(text: str) -> None:
    with pytest.raises(FindingError, match=r"'PARTNER::ALK' if ALK is the 3' part"):
        read(text)


@pytest.mark.parametrize(
    ("text", "kinase"),
    [
        ("ALK:exon19::EML4:exon14", "ALK"),
        ("ALK exon 19::EML4 exon 14", "ALK"),
        ("ROS1:exon34::CD74:exon6", "ROS1"),
        ("RET exon 12::KIF5B exon 15", "RET"),
        ("RET::KIF5B", "RET"),
    ],
)
def test_breakpoints_do_not_hide_that_the_kinase_is_the_five_prime_part(text: str, kinase: str) -> None:
    with pytest.raises(FindingError, match=rf"'PARTNER::{kinase}' if {kinase} is the 3' part"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    ("text", "kinase"),
    [
        ("ALK:exon19-DNAJC27:exon4 fusion 9.1%", "ALK"),
        ("ALK-DNAJC27 (A19:D4)", "ALK"),
        ("ALK-EML4 exon 19; exon 14", "ALK"),
        ("ROS1-CD74 (R34;C6)", "ROS1"),
        ("ALK-EML4 (E19;E14)", "ALK"),
        ("ROS1-GK (EX31:EX13)", "ROS1"),
    ],
)
def test_an_exon_of_the_kinase_in_front_of_the_join_says_so_with_a_single_sign_too(text: str, kinase: str) -> None:
    with pytest.raises(FindingError, match=rf"exon stands first is the 5' part.*'PARTNER::{kinase}'"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    "text", ["ALK fusión (EML4-ALK)", "ALK fusione (EML4)", "ALK reordenamiento (EML4-ALK)", "ALK fusion (EML4-ALK)"]
)
def test_the_fusion_behind_the_kinase_is_read_in_any_language(text: str) -> None:
    (only,) = reads(text, index=REAL)
    assert only.finding == Fusion("ALK", "EML4")


@pytest.mark.parametrize("text", ["ALK-EML4 (E13;A20)", "ALK-EML4 (A20;E13)", "ALK-EML4 (e13;e20)", "ALK-EML4"])
def test_a_kinase_named_first_is_the_driver_where_its_breakpoint_is_that_of_one(text: str) -> None:
    (only,) = reads(text, index=REAL)
    assert isinstance(only.finding, Fusion)
    assert (only.finding.gene, only.finding.partner) == ("ALK", "EML4")


@pytest.mark.parametrize(
    ("text", "fusion"),
    [
        ("TPM3:exon7::NTRK1:exon10", Fusion("NTRK1", "TPM3", "exon7;exon10")),
        ("ETV6:exon13::NTRK3:exon20", Fusion("NTRK3", "ETV6", "exon13;exon20")),
        ("EML4 exon 13/ALK exon 20", Fusion("ALK", "EML4", "exon13;exon20")),
    ],
)
def test_the_sign_between_two_breakpoints_is_read_as_written(text: str, fusion: Fusion) -> None:
    assert [one.finding for one in reads(text, index=REAL)] == [fusion]


@pytest.mark.parametrize(
    "text", ["ALK G11R lost", "ALK G11R loss", "ALK G11R 消失", "ALK p.G11R cleared", "EML4-ALK lost"]
)
def test_a_change_that_is_gone_is_history(text: str) -> None:
    with pytest.raises(FindingError, match="only in the samples in which it was found"):
        read(text)


def test_loss_beside_a_truncation_is_that_of_the_function() -> None:
    assert read("RB1 R5* loss").name == read("RB1 R5* loss of function").name == "p.R5*"


@pytest.mark.parametrize("text", ["ALK G11R <0.3%", "ALK G11R VAF < 0.1 %", "ALK G11R ≤1%"])
def test_a_value_below_a_limit_is_no_finding(text: str) -> None:
    with pytest.raises(FindingError, match="below a limit is no finding"):
        read(text)


@pytest.mark.parametrize("text", ["MET amplification 3.5%", "MET gain VAF 0.1"])
def test_a_percentage_beside_copies_is_not_dropped(text: str) -> None:
    with pytest.raises(FindingError, match="CN 9"):
        read(text)


@pytest.mark.parametrize(
    "fraction",
    ["2.4% VAF", "(2.4% VAF)", "2.4% cfDNA", "2.4% ctDNA", "2.4% MAF", "2.4% AF", "VAF 2.4%", "variant allele frequency 2.4%", "突变频率 2.4%",
     "等位基因频率2.4%", "突变等位基因频率：2.4%", "丰度 2.4%", "突变丰度2.4%", "アレル頻度 2.4%", "変異アレル頻度 2.4%", "(VAF: 2.4%)"],
)  # fmt: skip
def test_an_allele_fraction_is_read_in_every_usual_form(fraction: str) -> None:
    found = read(f"ALK G11R {fraction}")
    assert isinstance(found, SmallVariant)
    assert found.vaf == pytest.approx(0.024)


@pytest.mark.parametrize("text", ["Tumor Fraction 12%", "ctDNA fraction 12%", "Tumour fraction 0.12"])
def test_a_tumour_fraction_is_pointed_to_its_field(text: str) -> None:
    with pytest.raises(FindingError, match="`tumour_fraction` of the sample"):
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


def test_the_protein_of_the_ensembl_transcript_is_a_reference_too() -> None:
    (only,) = reads("ENSP00000373700.3:p.Gly1202Arg", index=REAL)
    assert (only.finding.gene, only.finding.name) == ("ALK", "p.G1202R")


def test_the_transcript_of_an_annotated_line_is_checked() -> None:
    with pytest.raises(FindingError, match="numbering on NM_777777"):
        read("ALK:NM_777777:exon2:c.G31A:p.G11R")


def test_a_reference_of_another_known_gene_is_refused() -> None:
    with pytest.raises(FindingError, match="is one of ALK and not of TP53"):
        reads("TP53 R175H (NM_004304.5)", index=REAL)
    for text in ("TP53 NM_004304.5:p.R175H", "TP53 NP_004295.2:p.R175H"):
        with pytest.raises(FindingError, match="is one of ALK and not of TP53"):
            reads(text, index=REAL)
    typed = {"type": "small_variant", "gene": "TP53", "protein_change": "p.R175H", "transcript": "NM_004304.5"}
    with pytest.raises(FindingError, match="is one of ALK and not of TP53") as caught:
        reads(typed, index=REAL)
    assert caught.value.field == "transcript"
    for text in ("TP53 R175H (NM_000546.6)", "TP53 NM_000546.6:p.R175H"):
        (only,) = reads(text, index=REAL)
        assert only.finding.gene == "TP53"


@pytest.mark.parametrize(
    ("text", "gene"),
    [("HGNC:427 p.G1202R", "ALK"), ("hgnc:10261 G2032R 3%", "ROS1"), ("HGNC:7029 amplification", "MET")],
)
def test_the_identifier_of_a_gene_stands_for_its_symbol(text: str, gene: str) -> None:
    (only,) = reads(text, index=REAL)
    assert only.finding.gene == gene


@pytest.mark.parametrize("text", ["HGNC:4270 p.G1202R", "ENSG00000171094 p.G1202R", "ENSG00000171094:p.G1202R"])
def test_the_identifier_of_no_known_gene_asks_for_the_symbol(text: str) -> None:
    with pytest.raises(FindingError, match="write the HGNC symbol"):
        reads(text, index=REAL)


def test_the_word_that_is_not_understood_is_told_by_its_number_and_not_repeated() -> None:
    with pytest.raises(FindingError, match=r"word 3 is not") as caught:
        read("ALK G11R Jane")
    assert "Jane" not in str(caught.value)


def test_a_transcript_is_pointed_at_and_what_is_none_is_not_repeated() -> None:
    given = {"type": "small_variant", "gene": "ALK", "protein_change": "p.G11R"}
    with pytest.raises(FindingError, match="NM_000001") as caught:
        read({**given, "transcript": "NM_000001.2"})
    assert caught.value.field == "transcript"
    with pytest.raises(FindingError, match="numbering on this transcript") as caught:
        read({**given, "transcript": "Jane Doe"})


@pytest.mark.parametrize("number", ["31", "0.31", "3,1", "~3%", "(3.1 percent)"])
def test_a_number_that_is_not_read_says_how_to_write_it(number: str) -> None:
    with pytest.raises(FindingError, match=r"write an allele fraction as 3.1% or VAF 0.031"):
        reads(f"ALK p.G11R {number}")


def test_two_changes_of_one_residue_are_told_to_be_apart() -> None:
    with pytest.raises(FindingError, match="in_trans_with") as caught:
        reads("ALK G11R/G11A")
    assert "in_cis_with" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("ALK p.G1202_D1203delinsRN 3%", ["p.G1202R", "p.D1203N"]),
        ("ALK p.G1202_D1203delinsRD", ["p.G1202R"]),
        ("ALK p.Gly1202delinsArg", ["p.G1202R"]),
        ("ALK p.G1202_D1203delinsG", ["p.D1203del"]),
        ("ALK p.T1151delinsTT", ["p.T1151dup"]),
        ("ALK p.G1202_D1203delinsR", ["p.G1202_D1203delinsR"]),
        ("ROS1 p.G2032_D2033delinsRN", ["p.G2032R", "p.D2033N"]),
        ("BRAF p.V600delinsE", ["p.V600E"]),
        ("BRAF p.V600_K601delinsEK", ["p.V600E"]),
        ("BRAF p.V600_K601delinsEN", ["p.V600E", "p.K601N"]),
        ("EGFR p.L747_P753delinsS", ["p.L747_P753delinsS"]),
    ],
)
def test_a_deletion_insertion_is_what_it_changes(text: str, names: list[str]) -> None:
    found = [one.finding for one in reads(text, index=REAL)]
    assert [one.name for one in found] == names
    if len(found) > 1:
        first, second = (one for one in found if isinstance(one, SmallVariant))
        assert phase_of(first, second) == "cis"


def test_a_deletion_insertion_says_nothing_of_the_phase_with_another_variant() -> None:
    first, second = (one.finding for one in reads("ALK p.G1202_D1203delinsRN", index=REAL))
    other = reads("ALK L1196M", index=REAL)[0].finding
    assert isinstance(first, SmallVariant)
    assert isinstance(second, SmallVariant)
    assert isinstance(other, SmallVariant)
    assert phase_of(first, second) == "cis"
    assert phase_of(first, other) == "unknown"


@pytest.mark.parametrize(
    "words",
    [
        "G12C, variant of uncertain significance",
        "unknown significance",
        "significance unknown",
        "ACMG class 3",
        "polymorphism",
        "意义未明",
    ],
)
def test_an_effect_that_the_words_take_back_is_sent_back(words: str) -> None:
    given = {"type": "gene_alteration", "gene": "KRAS", "effect": "activating", "description": words}
    with pytest.raises(FindingError, match='"effect": "unknown"') as caught:
        reads(given, index=REAL)
    assert caught.value.field == "effect"


@pytest.mark.parametrize(("change", "copies"), [("gain", 1), ("gain", 2), ("loss", 2), ("loss", 9)])
def test_copies_that_contradict_the_change_are_sent_back(change: str, copies: int) -> None:
    with pytest.raises(FindingError, match="copies are no"):
        reads({"type": "copy_number", "gene": "MET", "change": change, "copies": copies}, index=REAL)


def test_a_genotype_is_no_negative_result() -> None:
    with pytest.raises(FindingError) as caught:
        reads("ALK G1202R 0/1 3.1%", index=REAL)
    assert "negative" not in str(caught.value)


def test_a_deletion_insertion_that_changes_nothing_is_no_finding() -> None:
    with pytest.raises(FindingError, match="synonymous"):
        reads("ALK p.G1202_D1203delinsGD", index=REAL)


def test_a_wrong_residue_in_a_phase_is_pointed_at() -> None:
    given = {"type": "small_variant", "gene": "ALK", "protein_change": "p.G1202R", "in_cis_with": ["p.A1196M"]}
    with pytest.raises(FindingError) as caught:
        reads(given, index=REAL)
    assert caught.value.field == "in_cis_with"


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
    assert [one.unknown_gene for one in reads("FOO1 p.R5K")] == ["FOO1"]
    assert [one.unknown_gene for one in reads("KRAS G12C")] == [None]


def test_a_change_of_the_driver_hidden_in_words_is_not_lost() -> None:
    with pytest.raises(FindingError, match="small_variant"):
        read({"type": "gene_alteration", "gene": "ALK", "effect": "activating", "description": "G11R"})


@pytest.mark.parametrize("description", ["amplification", "Amplification", "amp"])
def test_an_amplification_sent_as_an_alteration_is_an_amplification(description: str) -> None:
    found = read({"type": "gene_alteration", "gene": "MET", "effect": "activating", "description": description})
    assert found == CopyNumber("MET", "amplification")


def alteration(gene: str, effect: str, description: str, **more: Any) -> dict[str, Any]:
    return {"type": "gene_alteration", "gene": gene, "effect": effect, "description": description, **more}


@pytest.mark.parametrize(
    ("given", "fusion"),
    [
        (alteration("ALK", "unknown", "EML4-ALK fusion"), Fusion("ALK", "EML4")),
        (alteration("ALK", "unknown", "rearrangement", vaf=0.1), Fusion("ALK", None, None, 0.1)),
        (alteration("ALK", "activating", "EML4-ALK v3"), Fusion("ALK", "EML4", "v3")),
        (alteration("ROS1", "unknown", "CD74-ROS1 fusion"), Fusion("ROS1", "CD74")),
        (alteration("RET", "activating", "KIF5B-RET fusion"), Fusion("RET", "KIF5B")),
        (alteration("NRG1", "activating", "fusion"), Fusion("NRG1", None)),
    ],
)
def test_an_alteration_described_as_a_fusion_is_the_fusion(given: Any, fusion: Fusion) -> None:
    assert [one.finding for one in reads(given, index=REAL)] == [fusion]


@pytest.mark.parametrize(
    "given",
    [
        alteration("ALK", "activating", "rearrangement intron 19"),
        alteration("ALK", "unknown", "FISH positive"),
        alteration("ROS1", "unknown", "positive for CD74-ROS1"),
        alteration("EML4", "unknown", "EML4-ALK fusion"),
        alteration("RET", "activating", "KIF5B-RET with more words"),
        alteration("ALK", "activating", "EML4-ALK with G1202R"),
    ],
)
def test_a_description_that_names_a_fusion_among_other_words_is_sent_back(given: Any) -> None:
    with pytest.raises(FindingError, match='"type": "fusion"') as caught:
        reads(given, index=REAL)
    assert caught.value.field == "description"


def test_a_rearrangement_of_a_gene_that_does_not_act_fused_stays_an_alteration() -> None:
    (only,) = reads(alteration("NF1", "inactivating", "rearrangement"), index=REAL)
    assert only.finding == GeneAlteration("NF1", "inactivating", "rearrangement")


@pytest.mark.parametrize(
    ("gene", "description", "effect", "finding"),
    [
        ("MET", "MET exon 14 skipping", "unknown", GeneAlteration("MET", "unknown", "exon 14 skipping")),
        ("MET", "METex14 skipping", "unknown", GeneAlteration("MET", "unknown", "exon 14 skipping")),
        ("MET", "MET ex14 skipping", "unknown", GeneAlteration("MET", "unknown", "exon 14 skipping")),
        ("MET", "METex14del", "unknown", GeneAlteration("MET", "unknown", "exon 14 deletion")),
        ("EGFR", "EGFR exon 19 deletion", "unknown", GeneAlteration("EGFR", "unknown", "exon 19 deletion")),
        ("TP53", "TP53 mutation", "unknown", GeneAlteration("TP53", "unknown", "mutation")),
        ("KRAS", "KRAS G12C", "activating", GeneAlteration("KRAS", "activating", "KRAS G12C")),
        ("ERBB2", "HER2 amplification", "unknown", CopyNumber("ERBB2", "amplification")),
    ],
)
def test_a_description_may_repeat_its_own_gene(gene: str, description: str, effect: str, finding: Finding) -> None:
    (only,) = reads(alteration(gene, effect, description), index=REAL)
    assert only.finding == finding


@pytest.mark.parametrize(
    "description",
    ["exon 14 skipping (RNA)", "RNA: exon 14 skipping", "Exon 14 skipping confirmed by RNA", "exon 14 skipping event", "exon 14 (skipping)",
     "exon 14 splice donor"],
)  # fmt: skip
def test_the_method_beside_the_event_of_an_exon_adds_nothing(description: str) -> None:
    (only,) = reads(alteration("MET", "unknown", description), index=REAL)
    assert only.finding == GeneAlteration("MET", "unknown", "exon 14 skipping")


def test_a_method_alone_or_a_method_that_did_not_confirm_is_no_finding() -> None:
    for text in (
        "ALK NGS",
        "MET RNA",
        "MET exon 14 skipping not confirmed by RNA",
        "MET exon 14 skipping, RNA negative",
    ):
        with pytest.raises(FindingError):
            reads(text, index=REAL)


def test_a_high_amplification_in_words_is_an_amplification() -> None:
    (only,) = reads(alteration("MET", "unknown", "amplification, high"), index=REAL)
    assert only.finding == CopyNumber("MET", "amplification")


@pytest.mark.parametrize("text", ["MET METex14 skipping", "MET exon 14 splice"])
def test_the_skipping_of_an_exon_is_read_in_short(text: str) -> None:
    (only,) = reads(text, index=REAL)
    assert only.finding == GeneAlteration("MET", "unknown", "exon 14 skipping")


def test_a_change_known_as_the_skipping_may_stand_beside_it_and_no_other() -> None:
    (only,) = reads("MET exon 14 skipping D1010N", index=REAL)
    assert (only.finding.gene, only.finding.name) == ("MET", "p.D1010N")
    with pytest.raises(FindingError, match="more than one alteration"):
        reads("MET exon 14 skipping D1228N", index=REAL)


def test_a_change_described_without_its_effect_is_the_change() -> None:
    (only,) = reads(alteration("TP53", "unknown", "R273H", vaf=0.2), index=REAL)
    assert isinstance(only.finding, SmallVariant)
    assert (only.finding.name, only.finding.vaf) == ("p.R273H", 0.2)
    (kept,) = reads(alteration("TP53", "inactivating", "R273H"), index=REAL)
    assert isinstance(kept.finding, GeneAlteration)
    with pytest.raises(FindingError, match="small_variant"):
        reads(alteration("KRAS", "unknown", "G12C somewhere"), index=REAL)


# --- forms of reports -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "vaf"),
    [
        ("ALK G1202R 3,1 %", 0.031),
        ("ALK G1202R VAF 3,1%", 0.031),
        ("ALK G1202R VAF 0,031", 0.031),
        ("ALK G1202R 3.1% (VAF)", 0.031),
        ("ALK G1202R VAF(%) 0.8", 0.008),
        ("ALK G1202R 丰度(%)：0.8", 0.008),
        ("ALK G1202R %cfDNA 3.1", 0.031),
        ("ALK p.G1202R: 3.1%", 0.031),
        ("ALK p.G1202R - 3.1%", 0.031),
        ("ALK 基因 p.G1202R 突变，丰度为 3.1%", 0.031),
        ("ALK G1202R変異 頻度 3.1%", 0.031),
        ("ALK p.G1202R Missense variant - GOF 3.1%", 0.031),
        ("ALK p. G1202R", None),
        ("ALK|G1202R", None),
        ("Mutation ALK G1202R", None),
        ("Mutation in ALK: G1202R", None),
        ("ALK secondary mutation G1202R", None),
        ("ALK:c.3604G>A:p.G1202R", None),
        ("ALK(NM_004304.5):p.G1202R", None),
        ("ALK p.G1202R (NM_004304.5)", None),
        ("ALK NM_004304.4 c.3604G>A p.Gly1202Arg", None),
        ("ALK G1202R COSM144250", None),
        ("ALK G1202R depth 2300x", None),
    ],
)
def test_a_change_is_read_in_the_forms_of_many_reports(text: str, vaf: float | None) -> None:
    (only,) = (one.finding for one in reads(text, index=REAL))
    assert isinstance(only, SmallVariant)
    assert (only.gene, only.name, only.vaf) == ("ALK", "p.G1202R", None if vaf is None else pytest.approx(vaf))


@pytest.mark.parametrize(
    "text",
    ["ALK p.G1202R (NM_001353765.2)", "ALK(NM_001353765):p.G1202R", "ALK NM_001353765.2 c.1A>G p.G1202R", "ALK NM_001353765.2:c.1A>G (p.G1202R)",
     "EML4(NM_019063)-ALK(NM_001353765) G1202R"],
)  # fmt: skip
def test_the_reference_beside_a_change_is_checked_too(text: str) -> None:
    with pytest.raises(FindingError, match="numbering on NM_001353765"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    "text",
    ["ALK G1202R VAF 1", "ALK G1202R AF 1.0", "ALK G1202R 丰度 0.8", "ALK G1202R 突变频率0.8", "ALK G1202R 頻度 0.8"],
)
def test_a_number_that_may_be_a_fraction_or_a_percentage_is_asked_for(text: str) -> None:
    with pytest.raises(FindingError, match="a fraction or a percentage"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    ("text", "variant", "vaf"),
    [
        ("EML4-ALK v1, VAF 3.1%", "v1", 0.031),
        ("EML4-ALK v3a, VAF 5%", "v3a", 0.05),
        ("EML4::ALK v3a/b 12.4%", "v3a/b", 0.124),
        ("EML4-ALK融合 V3亚型 丰度2.1%", "v3", 0.021),
        ("ALK fusion (EML4-ALK)", None, None),
        ("ALK Fusion (EML4) 1.2%", None, 0.012),
        ("EML4 ALK fusion", None, None),
        ("EML4_ALK", None, None),
        ("Fusion EML4-ALK", None, None),
        ("ALK fusion EML4-ALK (Variant 3a/b)", "v3a/b", None),
        ("EML4-ALK.E13A20", "E13;A20", None),
        ("EML4-ALK.E13A20.COSF408.2", "E13;A20", None),
        ("EML4(NM_019063)-ALK(NM_004304) fusion (E13;A20)", "E13;A20", None),
        ("EML4 exon 13-ALK exon 20", "exon13;exon20", None),
        ("EML4:exon13~ALK:exon20", "exon13;exon20", None),
        ("EML4-ALK E6;ins33A20", "E6;ins33A20", None),
        ("EML4-ALK Chromosomal rearrangement", None, None),
    ],
)
def test_a_fusion_is_read_in_the_forms_of_many_reports(text: str, variant: str | None, vaf: float | None) -> None:
    (only,) = (one.finding for one in reads(text, index=REAL))
    assert only == Fusion("ALK", "EML4", variant, None if vaf is None else pytest.approx(vaf))


@pytest.mark.parametrize(
    "text",
    ["ALK positiv", "ALK positif", "ALK positivo", "ALK-Translokation", "ALK-positiv", "ALK réarrangement", "ALK FISH positive (45% of cells)",
     "ALK fusion (partner not identified)", "ALK rearrangement, unknown partner"],
)  # fmt: skip
def test_a_fusion_without_its_partner_is_read_in_the_forms_of_many_reports(text: str) -> None:
    assert [one.finding for one in reads(text, index=REAL)] == [Fusion("ALK", None)]


def test_a_partner_that_is_named_and_said_not_to_be_known_is_sent_back() -> None:
    with pytest.raises(FindingError, match="not wholly understood"):
        reads("EML4-ALK fusion (partner not identified)", index=REAL)


@pytest.mark.parametrize(
    "word",
    ["Amplifikation", "amplifiziert", "amplifié", "amplifiée", "amplificación", "amplificazione", "amplificação", "Amplification High (+++)",
     "Amplification (Plasma Copy Number 2.6) ++", "amplification (FISH MET/CEP7 ratio 5.2)", "-Amplifikation"],
)  # fmt: skip
def test_an_amplification_in_any_language_is_one_alteration(word: str) -> None:
    (only,) = (one.finding for one in reads(f"MET{word if word[0] == '-' else ' ' + word}", index=REAL))
    assert isinstance(only, CopyNumber)
    assert only.name == "MET amplification"


@pytest.mark.parametrize(
    "given",
    [
        "ALK G1202R, MET/CEP7 ratio 5.2",
        "EML4-ALK, MET/CEP7 ratio 5.2",
        "MET amplification EGFR/CEP7 ratio 5.2",
        {
            "type": "gene_alteration",
            "gene": "EGFR",
            "effect": "unknown",
            "description": "amplification, MET/CEP7 ratio 5.2",
        },
    ],
)
def test_the_ratio_of_another_gene_is_not_passed_over(given: Any) -> None:
    with pytest.raises(FindingError, match="of another gene"):
        reads(given, index=REAL)


def test_a_low_ratio_is_a_gain() -> None:
    with pytest.raises(FindingError, match="MET gain"):
        reads("MET amplification (MET/CEP7 ratio 1.5)", index=REAL)
    (only,) = reads("MET gain (MET/CEP7 ratio 1.5)", index=REAL)
    assert only.finding == CopyNumber("MET", "gain")


def test_a_ratio_that_shows_no_amplification_is_not_passed_over() -> None:
    with pytest.raises(FindingError, match="a number of this text"):
        reads("MET amplification (MET/CEP7 ratio 1.0)", index=REAL)


@pytest.mark.parametrize(
    "text",
    ["EML4-ALK v3, TP53", "EML4-ALK v3, MET 8", "EML4-ALK v1, NRAS 61", "EML4-ALK v1, HER2", "EML4-ALK v3; TP53 positive", "EML4-ALK v1, RB1 loss"],
)  # fmt: skip
def test_a_gene_behind_the_variant_of_a_fusion_is_not_taken_for_a_breakpoint(text: str) -> None:
    with pytest.raises(FindingError, match="a further gene; send a finding of its own"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    "text", ["EGFR/ALK", "TTF1/ALK", "ALK/HIP1", "KRAS/MET amplification", "HGF/MET amplification", "KRAS-MET amplification",
     "KRAS-ALK amplification"]
)  # fmt: skip
def test_two_genes_listed_with_a_sign_are_no_fusion(text: str) -> None:
    with pytest.raises(FindingError, match="a finding of its own for each gene"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    "text",
    [
        "ALK::ALK",
        "ALK-UNREARRANGED",
        "ALK-INTACT",
        "ALK-FALSE",
        "ALK-NULL",
        "ALK-UNKLAR",
        "L858R-ALK",
        "ALK-SP8",
        "ALK/CEP2",
        "ALK-LOST",
    ],
)
def test_a_result_a_probe_a_change_or_the_gene_itself_is_no_partner(text: str) -> None:
    with pytest.raises(FindingError):
        reads(text, index=REAL)


def test_a_change_joined_to_its_gene_is_told_how_to_be_written() -> None:
    with pytest.raises(
        FindingError, match=r"is a change and no partner; write it behind the gene and a space: 'ALK p\."
    ):
        reads("ALK::G1202R", index=REAL)


@pytest.mark.parametrize(
    "partner",
    [
        "undetectable",
        "excluded",
        "absence",
        "false",
        "nein",
        "intact",
        "G1202R",
        "2p21",
        "rearranged",
        "ALK",
        "CD74-ROS1",
        "unklar",
    ],
)
def test_a_typed_partner_is_a_gene(partner: str) -> None:
    with pytest.raises(FindingError) as caught:
        reads({"type": "fusion", "gene": "ALK", "partner": partner}, index=REAL)
    assert caught.value.field == "partner"


@pytest.mark.parametrize(("gene", "partner"), [("CCDC6", "RET"), ("SLC3A2", "NRG1"), ("EML4", "ALK"), ("RET", "ALK")])
def test_a_typed_fusion_is_turned_so_that_the_gene_that_acts_is_the_kinase(gene: str, partner: str) -> None:
    (only,) = reads({"type": "fusion", "gene": gene, "partner": partner}, index=REAL)
    assert only == Read(Fusion(partner, gene))


@pytest.mark.parametrize("partner", ["NT", "REF", "QCFAIL", "SNV"])
def test_a_typed_partner_is_no_result(partner: str) -> None:
    with pytest.raises(FindingError, match="no symbol of a gene"):
        read({"type": "fusion", "gene": "ALK", "partner": partner})


def test_a_negative_result_is_no_variant_of_a_fusion() -> None:
    with pytest.raises(FindingError) as caught:
        reads({"type": "fusion", "gene": "ALK", "partner": "EML4", "variant": "negative"}, index=REAL)
    assert caught.value.field == "variant"


@pytest.mark.parametrize(
    "gene", ["ENSG00000171094", "238", "NM_004304.5", "N/A", "unknown", "plasma", "Q9UM73", "tumor tissue", "HGNC 427"]
)
def test_what_is_no_symbol_is_not_kept_as_a_gene_of_its_own(gene: str) -> None:
    """A resistance mutation would else be lost behind a warning."""
    for given in (
        {"type": "small_variant", "gene": gene, "protein_change": "G1202R"},
        {"type": "copy_number", "gene": gene, "change": "amplification"},
        {"type": "fusion", "gene": gene, "partner": "EML4"},
    ):
        with pytest.raises(FindingError, match="HGNC symbol") as caught:
            reads(given, index=REAL)
        assert caught.value.field == "gene"


@pytest.mark.parametrize("copies", [2, 5])
def test_a_deletion_that_leaves_two_copies_is_none(copies: int) -> None:
    with pytest.raises(FindingError, match="no deletion"):
        read({"type": "copy_number", "gene": "RB1", "change": "deletion", "copies": copies})
    assert read({"type": "copy_number", "gene": "RB1", "change": "deletion", "copies": 0}) == CopyNumber(
        "RB1", "deletion", 0
    )


@pytest.mark.parametrize(
    "given",
    [
        "NF2 deletion CN 1",
        "NF2 deletion CN 1.8",
        {"type": "copy_number", "gene": "NF2", "change": "deletion", "copies": 1},
    ],
)
def test_a_deletion_that_leaves_one_copy_is_a_loss(given: Any) -> None:
    with pytest.raises(FindingError, match='"change": "loss"'):
        reads(given, index=REAL)


def test_a_change_of_a_gene_of_which_any_counts_may_name_its_effect() -> None:
    assert [one.finding.name for one in reads("TP53 p.R273H LOF", index=REAL)] == ["p.R273H"]
    assert [one.finding.name for one in reads("TP53 splice site 376-1G>A", index=REAL)] == ["TP53 mutation c.376-1G>A"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ALK exon 22 mutation G1202R", "p.G1202R"),
        ("EGFR exon 20 mutation T790M", "p.T790M"),
        ("EGFR exon 20 insertion D770_N771insG", "p.D770_N771insG"),
        ("EGFR ex19del p.E746_A750del", "p.E746_A750del"),
    ],
)
def test_the_event_of_an_exon_does_not_hide_the_change_that_it_is(text: str, name: str) -> None:
    (only,) = (one.finding for one in reads(text, index=REAL))
    assert isinstance(only, SmallVariant)
    assert only.name == name


@pytest.mark.parametrize(
    "text",
    [
        "MET exon 14 skipping D1228N",
        "TP53 exon 5 deletion R175H",
        "MET amplification exon 14",
        "MET exon 14 overexpression",
    ],
)
def test_an_event_of_an_exon_and_something_else_are_two_findings(text: str) -> None:
    with pytest.raises(FindingError, match="more than one alteration"):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    "text",
    [
        "ALK fusion (COSM123)",
        "ALK fusion (rs123456)",
        "ALK fusion (FISH)",
        "ALK fusion (TP53)",
        "EML4-ALK(0)",
        "EML4-ALK v3n/a",
    ],
)
def test_what_stands_in_brackets_behind_a_fusion_is_not_always_its_partner_or_variant(text: str) -> None:
    try:
        found = [one.finding for one in reads(text, index=REAL)]
    except FindingError:
        return
    assert found == [Fusion("ALK", None)]


@pytest.mark.parametrize(
    "text", ["RB1 c.1215+1G>A-artifact", "RB1 c.1215+1G>A=0", "ALK p.G1202R c.3604G>A-unseen", "TP53 c.375+1G>Ax"]
)
def test_a_word_written_on_to_a_coding_change_is_not_swallowed(text: str) -> None:
    with pytest.raises(FindingError):
        reads(text, index=REAL)


@pytest.mark.parametrize(
    "text", ["MET exon 14 skipping exon 20", "EGFR exon 19 deletion, exon 20 insertion", "MET exon 14 exon 20"]
)
def test_two_exons_in_one_text_are_not_one(text: str) -> None:
    with pytest.raises(FindingError, match="not wholly understood"):
        reads(text, index=REAL)
