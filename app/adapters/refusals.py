"""Words that say that nothing was found, or that what was found is no finding of a gene.

A negative read as a positive would count as the very alteration that it denies. The lists are therefore wide, in every language that
reports come in: a word too many costs the sender another look, one too few costs the patient a drug.
"""

from __future__ import annotations

import re

from app.adapters.changes import FindingError, as_hgvs

_DENIED = re.compile(
    r"""\b(?:not|no|none|never|n[eé]gati[evf]\w*|neg|nd|n\.d\b\.?|absen\w*|without|lack(?:s|ing)?|normal|unremarkable|wt|wild[ -]?typ\w*
    |non(?![- ]?(?:synonymous|frame-?shift|canonical|small|squamous))
    |un[- ]?(?:detect\w*|amplified|rearranged|mutated|altered|fused|changed|affected|likely)|false|falsch|faux
    |zero|nil|unseen|unconfirmed|rejected|refuted|art[ei]fact\w*|benign|wnl|r/o|rule[ -]out|to[ -]exclude|sub-?threshold|under\ the\ limit
    |excluded|ruled[ -]out|intact|retained|preserved
    |below[ -](?:the[ -])?(?:\w+[ -])?(?:lod|loq|limit|cut-?off|threshold|detection))\b|-ve\b|\(-\)|(?<=[\w\s:)])-$
    |(?<!non)(?<!non[- ])\bsynonymous\b|(?<!\w)(?:silent|de[- ]?amplif\w*)\b
    |\b(?:kein\w*|nicht|nein|nie|ohne|ausgeschl\w*|fehl(?:t|en|end\w*)|unauff[aä]llig\w*|unver[aä]ndert\w*|intakt\w*
    |abwesend|entf[aä]llt|verneint|niet|geen|ikke|inte|ej|brak|nie)\b
    |\b(?:sans|pas|aucune?|n[eé]ant|exclue?s?|non\ d[eé]tect\w*|no\ detect\w*|ausen[tc]\w*|aus[eê]nci\w*|descartad[oa]s?|exclu[ií]d[oa]s?)\b
    |\b(?:assent[ei]|assenza|esclus[oaie]|nessun[oa]?|senza|n[aã]o|sem|sin|ningun[oa]?|falso)\b
    |阴|陰性|未(?!知|明)|没|沒|野生型|正常|[无無](?!义|義|功能)|不(?!明|稳定)|否|排除|除外|缺如|完整|保留|検出されず|検出せず|認めず|認められ(?:ず|ない)|なし|無し|ない|음성|없음|않|미검출
    |\b(?:нет|не|отриц\w*)\b|\bo\.\ ?b\.|\bn\.\ ?n\.|\bnég\b|(?<![\d.,/])0(?:[.,]0+)?\s*(?:%|reads\b|/(?!1(?!\d))\d)|[✗✘❌]
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NO_RESULT = re.compile(
    r"\b(?:invalid|cancell?ed|declined|n\.a\b|fail(?:s|ed|ure)?|pending|qns|tnp|tbd|n/?a|inconclusive|indeterminate|insufficient|awaited|not? done"
    r"|ausstehend|en attente|pendiente)\b"
    r"|失败|待定|待检",
    re.IGNORECASE,
)
_DOUBT = re.compile(
    r"\b(?:equivocal|borderline|suspected|suspicious|questionable|possible|possibly(?! pathogenic)|maybe|probable"
    r"|likely(?! (?:pathogenic|oncogenic|loss|gain|lof|gof|(?:in)?activating))"
    r"|uncertain(?! significance)|unclear"
    r"|unklar\w*|fraglich\w*|grenzwertig\w*|verd[aä]chtig\w*|douteu\w*|[eé]quivoque|dudos[oa])\b|可疑|疑似|疑い|不明|待排|临界|(?<![\w.*])\?",
    re.IGNORECASE,
)
_AMPLIFIED = re.compile(r"amplif|\bamp\b|扩增|擴增|増幅", re.IGNORECASE)
_LOW = re.compile(
    r"\b(?:low|weak(?:ly)?|equivocal|borderline|subclonal|niedrig\w*|schwach\w*|faible|baj[oa])\b|低|弱|临界",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:cleared|disappeared|vanished|resolved|gone|prior|previous(?:ly)?|former(?:ly)?|historic(?:al|ally)?|history|verschwunden|fr[uü]her\w*"
    r"|disparue?s?|desaparecid[oa]|scompars[oa])\b|消失|清除|既往|曾",
    re.IGNORECASE,
)
_LOST = re.compile(r"\blost\b|丢失", re.IGNORECASE)
_LOSS = re.compile(r"\bloss\b(?![ -]of)", re.IGNORECASE)
_EVENT_LOST = re.compile(
    r"(?:mutat|mutant|突变|変異).*(?:\b(?:lost|loss)\b(?![ -]of)|丢失)|(?:\bloss\b|\blof\b|inactivat|truncat|delet|缺失|失活).*(?:\blost\b|丢失)",
    re.IGNORECASE,
)
_BELOW = re.compile(r"[<≤]\s*(?:\d|L?LO[DQ]\b)", re.IGNORECASE)
_NO_GENE = re.compile(
    r"""(?:unknown|unk|undetermined|unspecified|unidentified|unklar|null|nil|true|yes|ja|oui|befund|ergebnis|report|reported|detectable|reflex|nr|np|wnl|ntc|amplified|amplification|expression|umlagerung|other|others|partner|gene|fusion|fused|translo[ck]ation
    |translo[ck]ated|translokation|rearr?angement|rearranged|inversion|nd|na|none
    |not|no|neg|pos|positi[vf]\w*|negati[vf]\w*|nega|posi|ve|wt|mut|mutant|mutated|mutation|del|dup|ins|amp|gain|loss|vus|variant|var|type
    |detected|found|present|normal|failed|fail|pending|qns|tbd|tnp|inconclusive|indeterminate|insufficient|low|high|weak|strong
    |(?:fish|ihc|ngs)\d*|ish|pcr|rt-?pcr|qpcr|ddpcr|rna|dna|cdna|cfdna|ctdna|rnaseq|seq|wes|wgs|panel|assay|test|tested|sequenced|covered|screened|analy[sz]ed|analysis|status|control|result|cdx|ldt|anti|pan
    |ventana|abbott|vysis|d5f3|5a4|1a4|sp(?:142|263|384)|tki|inhibitor|inhibitors|tumou?r|plasma|tissue|blood|csf|serum|biopsy|sample|case|patient
    |driver|kinase|domain|(?:exons?|ex|introns?|chr|variant|var)\d*|intergenic|break-?apart|split|signal|ratio|score|driven|like|pathway|targeted|and|or
    |chromosome|[xt]|nsclc|luad|lung|cancer|carcinoma|adenocarcinoma|cell|line
    |nt|nc|nd\d*|ref|reference|tbc|lod|loq|minus|diploid|wild|excl|baseline
    |(?:fish|c?ish|ihc|ngs|pcr|rna|dna|seq)(?:neg|pos)\w*|not(?:det|done|test|seen|found|call|eval|avail|appl|rep|perf)\w*
    |no(?:det|call|data|result|signal|fusion|rearr)\w*|(?:undet|indet|insuff|qc)\w*|[a-z]*fail(?:ed|ure)?
    |(?:tier|grade|clone)(?:\d\w*|[ivx]*)|(?:hg|grch|bx|pmid|reads?)\d*|cos[mfv]?\d+|rs\d{2,})""",
    re.IGNORECASE | re.VERBOSE,
)
"""Words that stand beside a gene in reports and name no other gene: results, methods, materials."""
_CLASS_OF_CHANGE = re.compile(r"snvs?|cnvs?|svs?|indels?", re.IGNORECASE)
"""No gene either; of an alteration they do tell."""
_LONG_CHANGE = re.compile(r"(?:p\.)?[A-Z](?:[a-z]{2})?\d{3,}", re.IGNORECASE)
_HISTOLOGY = re.compile(
    r"\b(?:transform\w*|small[ -]cell|sclc|lcnec|squamous|neuroendocrine|adenocarcinoma)\b|转化|転化|形質転換|小细胞|小細胞|鳞|扁平上皮",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"\b(?:MSI(?:[- ](?:H|high|L|low))?|MSS|[dp]MMR|b?TMB(?:[- ](?:H|high|L|low))?|tumou?r mutation(?:al)? burden|PD[- ]?L1|TPS|CPS|IHC"
    r"|HRD|(?:g?LOH|genomic LOH) score)\b|(?<![\w-])(?:D5F3|5A4|1A4)\b|微卫星|肿瘤突变负荷|免疫组化",
    re.IGNORECASE,
)
"""Markers of the whole tumour, and stains."""
_TUMOUR_FRACTION = re.compile(r"\b(?:tumou?r|ctdna|circulating tumou?r) fraction\b|肿瘤分数|ctDNA ?占比", re.IGNORECASE)
_KARYOTYPE = re.compile(
    r"\bt\s?\(\s?[\dXY]{1,2}\s?;\s?[\dXY]{1,2}\s?\)|\b(?:inv|del|ins|der|dup)\s?\([\dXY]{1,2}\)\s?\([pq]", re.IGNORECASE
)
_COORDINATE = re.compile(r"\bchr(?:\d{1,2}|[XY]):\s?\d|\bg\.\d", re.IGNORECASE)
_READS = re.compile(r"\b(?:supporting|spanning|junction|split|fusion) reads?\b|支持读", re.IGNORECASE)

ONLY_FOUND = "list only what was found, and name genes that a test could not see in assay.not_covered"


def denies(words: str) -> bool:
    """True when the words say that something was not there."""
    return _DENIED.search(words) is not None


_VARIANT_NOT_KNOWN = re.compile(
    r"\s*(?:(?:fusion )?variant:?\s*)?(?:none|unknown|unspecified|undetermined|not (?:known|determined|specified)|no variant)\s*",
    re.IGNORECASE,
)


def variant_of_fusion(text: str | None) -> str | None:
    """The variant of a fusion as written; None where none is named or it is said not to be known."""
    return text if text and not _VARIANT_NOT_KNOWN.fullmatch(text) else None


def no_gene(word: str) -> bool:
    """True for a word that names no gene though it has the form of a symbol: a result, a method, a material."""
    return _CLASS_OF_CHANGE.fullmatch(word) is not None or _no_alteration(word)


def _no_alteration(word: str) -> bool:
    return _NO_GENE.fullmatch(word) is not None or any(
        words.search(word) for words in (_DENIED, _NO_RESULT, _DOUBT, _PAST, _LOST)
    )


def says_nothing(word: str) -> bool:
    """True for a sign, a number, or a word of methods, materials and results, which alone tell of no alteration."""
    return not any(map(str.isalpha, word)) or _no_alteration(word)


def is_change(word: str) -> bool:
    """True for a protein change that is no symbol: genes with one letter and few digits, and a letter behind, do exist (``A2M``)."""
    return _LONG_CHANGE.match(word) is not None and as_hgvs(word) is not None


def refuse_what_is_no_finding(text: str, field: str = "") -> None:
    """Refuse a text that denies, has no result or is in doubt, tells of the past, or is about something other than a gene."""
    for check in (_denial, _no_result, _low_amplification, _doubt, _past, _histology, _marker, _other_notation):
        msg = check(text)
        if msg is not None:
            raise FindingError(msg, field)


def refuse_gone(text: str, *, named: bool, truncating: bool, field: str = "") -> None:
    """A change that is said to be lost is history: read as a finding it would count as being there now.

    ``named``: a change, a fusion, an event of an exon or an expression is named, and so is what the loss is of; where nothing is, the gene
    is lost. Beside a change that truncates, ``loss`` may as well be that of the gene's function.
    """
    lost = _LOST.search(text) or (not truncating and _LOSS.search(text))
    if (named and lost) or _EVENT_LOST.search(text):
        raise FindingError(_GONE, field)


_GONE = (
    "this says that a change is gone, which is no finding of this sample; list a change only in the samples in which it was found, "
    "and leave it out where it was not: the series tells that it cleared"
)


def _denial(text: str) -> str | None:
    return f"this reads as a negative result; {ONLY_FOUND}" if denies(text) else None


def _no_result(text: str) -> str | None:
    if _NO_RESULT.search(text):
        return f"this reads as a test without a result; {ONLY_FOUND}"
    if _BELOW.search(text):
        return (
            f"a value below a limit is no finding: {ONLY_FOUND}; an allele fraction that was measured is written as 3.1% or VAF 0.031, "
            "without a sign"
        )
    return None


def _low_amplification(text: str) -> str | None:
    """Amplification that the report itself takes back is a gain at most: as an amplification it would count as a mechanism."""
    if not (_AMPLIFIED.search(text) and _LOW.search(text)):
        return None
    return (
        "this reads as an amplification of low level, of a part of the tumour, or in doubt, which does not count as one; send it as a gain: "
        '{"type": "copy_number", "gene": …, "change": "gain"}, or write amplification alone where the report calls it that'
    )


def _doubt(text: str) -> str | None:
    return f"this reads as a result in doubt, which is no finding; {ONLY_FOUND}" if _DOUBT.search(text) else None


def _past(text: str) -> str | None:
    return _GONE if _PAST.search(text) else None


def _histology(text: str) -> str | None:
    """A change of histology belongs to the sample: as a finding it would name no gene and be lost."""
    if not _HISTOLOGY.search(text):
        return None
    return (
        "this reads as a histology, which is no finding of a gene; state it in the `histology` of the sample: small_cell, squamous, "
        "large_cell_neuroendocrine, adenocarcinoma, adenosquamous, large_cell or nsclc_nos"
    )


def _marker(text: str) -> str | None:
    if _TUMOUR_FRACTION.search(text):
        return "this reads as the tumour fraction of the sample; send it as `tumour_fraction` of the sample, 0..1"
    if not _MARKER.search(text):
        return None
    return (
        "this reads as a marker of the whole tumour or as a stain, which is no change of a gene and is not read here; leave it out, and "
        "send an amplification or a fusion that was shown beside it as a finding of its own"
    )


def _other_notation(text: str) -> str | None:
    """What is clear to its writer and has another form here, or none."""
    if _KARYOTYPE.search(text):
        return (
            "this is a karyotype, which is not read here; write the fusion by its genes, as 'PARTNER::GENE' with the kinase behind, or "
            "'GENE fusion' when the partner is not known"
        )
    if _COORDINATE.search(text):
        return "this is a place on the genome, which is not read here; leave it out and write the gene and its protein change"
    if _READS.search(text):
        return "a count of reads is not read here; leave it out, and write an allele fraction as 3.1% or VAF 0.031"
    return None
