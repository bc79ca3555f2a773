"""How reports write what has a code, to name the code that is meant in a refusal."""

from __future__ import annotations

_HISTOLOGY = {
    **dict.fromkeys(
        ("sclc", "small cell", "small-cell", "small cell carcinoma", "small cell lung cancer", "小细胞"), "small_cell"
    ),
    **dict.fromkeys(
        ("lcnec", "large cell neuroendocrine", "large cell neuroendocrine carcinoma"), "large_cell_neuroendocrine"
    ),
    **dict.fromkeys(("luad", "adeno", "adenocarcinoma of the lung", "lung adenocarcinoma", "腺癌"), "adenocarcinoma"),
    **dict.fromkeys(
        ("lusc", "scc", "squamous cell carcinoma", "squamous carcinoma", "squamous cell", "鳞癌"), "squamous"
    ),
    **dict.fromkeys(("adenosquamous carcinoma", "腺鳞癌"), "adenosquamous"),
    **dict.fromkeys(("large cell", "large cell carcinoma"), "large_cell"),
    **dict.fromkeys(
        (
            "nsclc",
            "nos",
            "nsclc nos",
            "nsclc-nos",
            "sarcomatoid",
            "sarcomatoid carcinoma",
            "pleomorphic",
            "pleomorphic carcinoma",
            "肉瘤样癌",
        ),
        "nsclc_nos",
    ),
}
MEANT: dict[str, dict[str, str]] = {
    "histology": _HISTOLOGY,
    "specimen": {
        **dict.fromkeys(
            ("blood", "ctdna", "cfdna", "liquid biopsy", "serum", "peripheral blood", "血浆", "血液"), "plasma"
        ),
        **dict.fromkeys(("ffpe", "biopsy", "tumor", "tumour", "tissue biopsy", "组织"), "tissue"),
        **dict.fromkeys(("liquor", "cerebrospinal fluid", "脑脊液"), "csf"),
        **dict.fromkeys(("pleural effusion", "effusion", "胸水", "胸腔积液"), "pleural_fluid"),
    },
    "stop_reason": {
        **dict.fromkeys(("pd", "progressive disease", "progressed", "resistance", "failure", "relapse"), "progression"),
        **dict.fromkeys(("intolerance", "not tolerated", "adverse event", "ae", "side effects"), "toxicity"),
        **dict.fromkeys(("finished", "planned end", "end of treatment"), "completed"),
        **dict.fromkeys(("patient wish", "patient decision", "refusal"), "patient_choice"),
    },
    "progression_sites": {
        **dict.fromkeys(("cns", "cerebral", "intracranial", "脑"), "brain"),
        **dict.fromkeys(("leptomeningeal", "meninges", "meningeosis"), "leptomeninges"),
        **dict.fromkeys(("pulmonary", "肺"), "lung"),
        **dict.fromkeys(("hepatic", "肝"), "liver"),
        **dict.fromkeys(("skeletal", "bones", "骨"), "bone"),
        **dict.fromkeys(("nodes", "lymph node", "nodal", "淋巴结"), "lymph_nodes"),
        **dict.fromkeys(("pleural effusion", "pleural"), "pleura"),
    },
    "comorbidities": {
        **dict.fromkeys(("ild", "pneumonitis", "pulmonary fibrosis", "间质性肺病"), "interstitial_lung_disease"),
        **dict.fromkeys(("long qt", "qtc prolongation", "qt"), "qt_prolongation"),
        **dict.fromkeys(("chf", "cardiac failure", "hfref", "心力衰竭"), "heart_failure"),
        **dict.fromkeys(("dialysis", "haemodialysis", "hemodialysis", "esrd"), "severe_renal_impairment"),
        **dict.fromkeys(("child-pugh b",), "moderate_hepatic_impairment"),
        **dict.fromkeys(("child-pugh c",), "severe_hepatic_impairment"),
        **dict.fromkeys(("diabetes", "diabetes mellitus", "糖尿病"), "hyperglycaemia"),
        **dict.fromkeys(("arterial hypertension", "高血压"), "hypertension"),
        **dict.fromkeys(("epilepsy", "seizure"), "seizures"),
        **dict.fromkeys(("depression", "psychosis"), "psychiatric_disease"),
        **dict.fromkeys(("dementia",), "cognitive_impairment"),
    },
}
"""How reports write what has a code, by field, to name the code that is meant. The words are not read themselves."""
