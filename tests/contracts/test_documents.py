"""README.md and docs/problems.md say what the code says."""

from __future__ import annotations

import re

from app.api.problems import KINDS
from app.settings import Settings
from tests.trees import REPOSITORY


def test_every_setting_stands_in_the_readme_with_its_default():
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `TKI_([A-Z_]+)` \| ([^|]+) \|", readme, re.MULTILINE))
    assert set(rows) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if name != "knowledge_dir":
            shown = str(field.default).lower() if isinstance(field.default, bool) else str(field.default)
            assert rows[name.upper()].strip() == (f"`{shown}`" if field.default not in {"", None} else "(none)"), name


def test_every_kind_of_problem_is_explained():
    explained = (REPOSITORY / "docs" / "problems.md").read_text(encoding="utf-8")
    found = re.findall(r"^## `([a-z-]+)` \((\d{3})\)$", explained, re.MULTILINE)
    assert found == [(kind.slug, str(kind.status)) for kind in KINDS]


def test_the_locks_name_no_host_and_hold_a_hash_for_everything():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-fuzz.txt"):
        text = (REPOSITORY / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert not re.search(r"^--?(i|index|extra|find)", text, re.MULTILINE)
        blocks = re.split(r"\n(?=[a-z0-9])", text.partition("\n    make lock\n")[2] or text)
        for block in blocks:
            if re.match(r"[a-z0-9][\w.-]*==", block):
                assert "--hash=sha256:" in block, block.splitlines()[0]
