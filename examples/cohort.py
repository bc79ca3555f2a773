"""A cohort from cases to a table of first choices, with Dask on the cores of this machine.

    python examples/cohort.py FOLDER [--cases N] [--scheduler tcp://HOST:PORT]

Writes an invented cohort to FOLDER/cases.parquet, answers it to FOLDER/answers, and prints which regimen ranks first
for each mutation and treatment before it. Needs requirements-cohort.txt.
"""

from __future__ import annotations

import argparse
import itertools
import json
from pathlib import Path

import dask.dataframe as dd
import pandas as pd

from app.cohort.dask_run import Cohort, client, run
from app.cohort.partition import question_of
from app.settings import Settings

CHANGES = ("p.G1202R", "p.I1171N", "p.L1196M", "p.F1174L", "p.G1269A", "p.C1156Y")
BEFORE = ("crizotinib", "alectinib", "brigatinib", "lorlatinib")


def invented(count: int) -> pd.DataFrame:
    """ALK-driven cases: relapse on one inhibitor, one mutation in plasma."""
    pairs = itertools.islice(itertools.cycle(itertools.product(BEFORE, CHANGES)), count)
    rows = [
        {
            "patient": f"P{number:05}",
            "change": change,
            "before": before,
            "case": json.dumps(
                {
                    "driver": {"gene": "ALK", "partner": "EML4"},
                    "treatments": [{"drugs": [before], "stop_reason": "progression"}],
                    "samples": [{"specimen": "plasma", "findings": [f"ALK {change}", "EML4::ALK"]}],
                }
            ),
        }
        for number, (before, change) in enumerate(pairs)
    ]
    return pd.DataFrame(rows)


def main() -> None:
    """Make the cohort, answer it, show the first choices."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cases", type=int, default=2400)
    parser.add_argument("--scheduler")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    source, target = arguments.folder / "cases.parquet", arguments.folder / "answers"

    invented(arguments.cases).to_parquet(source, row_group_size=max(arguments.cases // 8, 1))
    question = question_of(Settings(), keep=("patient", "change", "before"))
    with client(arguments.scheduler, workers=2):
        run(Cohort(str(source), str(target), question, overwrite=True))
        answers = dd.read_parquet(target)
        first = answers[answers["rank"] == 1].compute()
    print(first.pivot_table(index="change", columns="before", values="regimen_id", aggfunc="first").to_string())


if __name__ == "__main__":
    main()
