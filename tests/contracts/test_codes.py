"""docs/codes.md names every code that an answer may hold, with the words of the knowledge."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

from app.knowledge.loader import load_tree
from tests.trees import REPOSITORY


def codes() -> ModuleType:
    spec = importlib.util.spec_from_file_location("codes", REPOSITORY / "scripts" / "codes.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_knowledge_says() -> None:
    assert (REPOSITORY / "docs" / "codes.md").read_text(encoding="utf-8") == codes().page(), "run scripts/codes.py"


def test_no_sentence_waits_in_vain() -> None:
    records = load_tree(REPOSITORY / "knowledge")
    code = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "app").rglob("*.py"))
    raised = {test for mechanism in records.mechanisms for test in mechanism.next_tests}
    raised |= {one.test for safety in records.safety for one in safety.baseline}
    raised |= {setting.flag for gene in records.policy.genes for setting in gene.settings if setting.flag}
    said = {
        one.code
        for notices in records.notices
        if notices.kind in ("flag", "warning", "next_test")
        for one in notices.notices
    }
    assert {one for one in said - raised if f'"{one}"' not in code} == set()


def test_every_role_of_the_engine_is_on_the_page() -> None:
    text = (REPOSITORY / "app" / "interpretation" / "findings.py").read_text(encoding="utf-8")
    roles = set(re.findall(r'Role\(\s*"([a-z_]+)"', text)) | set(re.findall(r'": "([a-z_]+)",', text))
    page = Path(REPOSITORY / "docs" / "codes.md").read_text(encoding="utf-8")
    assert roles
    assert all(f"`{role}`" in page for role in roles)
