"""Words that the contract, the knowledge and the reasoning share, each listed once."""

from __future__ import annotations

from typing import Literal

DriverGene = Literal["ALK", "ROS1"]
Activity = Literal["sensitive", "reduced", "resistant", "unknown"]
EvidenceLevel = Literal["A", "B", "C", "D", "E"]
"""A guideline or label; B well-powered trial or consensus; C smaller cohort or several cases; D case report or
preclinical; E inferred or opinion (AMP/ASCO/CAP and CIViC naming)."""
Resistance = Literal[
    "none_yet",
    "on_target",
    "off_target",
    "on_and_off_target",
    "histologic_transformation",
    "none_detected",
    "not_assessable",
]
"""The state of resistance at the decisive time."""
Histology = Literal[
    "adenocarcinoma",
    "squamous",
    "large_cell",
    "adenosquamous",
    "large_cell_neuroendocrine",
    "small_cell",
    "nsclc_nos",
]
Language = Literal["en", "zh-CN"]
"""Of an answer, by BCP 47."""
