"""Cases by the hundred, from the vignettes, for tests of batches and cohorts."""

from __future__ import annotations

import csv
import gzip
import io
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import orjson
import yaml

from tests.trees import REPOSITORY

BAD_LINES = (b'{"driver":{"gene":"ALK"},"treatment":[]}', b"no JSON", b'{"case_id":"X","driver":{"gene":"EGFR"}}')
ENVIRONMENT = os.environ | {"TKI_KNOWLEDGE_RELEASE": "working", "TKI_KNOWLEDGE_DIR": str(REPOSITORY / "knowledge")}
"""For commands: the tree as it stands."""


@cache
def vignettes() -> tuple[dict[str, object], ...]:
    """The case of every vignette, those that are refused too."""
    paths = sorted((REPOSITORY / "tests" / "cases").glob("*.yaml"))
    return tuple(
        found["case"]
        for found in (yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader) for path in paths)
        if isinstance(found.get("case"), dict)
    )


def cases(count: int) -> list[bytes]:
    """As many cases, each with its own id; every tenth line is a bad one."""
    made = []
    for number in range(count):
        if number % 10 == 9:
            made.append(BAD_LINES[number // 10 % len(BAD_LINES)])
        else:
            case = vignettes()[number % len(vignettes())]
            made.append(orjson.dumps(case | {"case_id": f"case {number}"}))
    return made


def write(path: Path, lines: list[bytes]) -> Path:
    """The lines as an input file, in the format that its name tells."""
    text = [line.decode() for line in lines]
    if path.suffix == ".parquet":
        import pyarrow as pa
        from pyarrow import parquet

        table = pa.table({"patient": list(range(len(text))), "case": text})
        parquet.write_table(table, path, row_group_size=max(len(text) // 4, 1))
        return path
    if ".csv" in path.name:
        buffer = io.StringIO()
        csv.writer(buffer).writerows([("patient", "case"), *enumerate(text)])
        content = buffer.getvalue().encode()
    else:
        content = b"".join(line + b"\n" for line in lines)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def command(*arguments: str | Path) -> list[str]:
    """``tki`` with arguments, in this interpreter."""
    return [sys.executable, "-m", "app", *map(str, arguments)]


def tki(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``tki`` to its end."""
    return subprocess.run(
        command(*arguments), cwd=REPOSITORY, env=ENVIRONMENT, capture_output=True, text=True, timeout=300, check=False
    )
