"""docs/codes.md names every code that an answer may hold, with the words of the knowledge."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from tests.trees import REPOSITORY


def test_the_page_is_what_the_knowledge_says() -> None:
    spec = importlib.util.spec_from_file_location("codes", REPOSITORY / "scripts" / "codes.py")
    assert spec is not None
    assert spec.loader is not None
    codes = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(codes)
    assert (REPOSITORY / "docs" / "codes.md").read_text(encoding="utf-8") == codes.page(), "run scripts/codes.py"


def test_every_role_of_the_engine_is_on_the_page() -> None:
    text = (REPOSITORY / "app" / "interpretation" / "findings.py").read_text(encoding="utf-8")
    roles = set(re.findall(r'Role\(\s*"([a-z_]+)"', text)) | set(re.findall(r'": "([a-z_]+)",', text))
    page = Path(REPOSITORY / "docs" / "codes.md").read_text(encoding="utf-8")
    assert roles
    assert all(f"`{role}`" in page for role in roles)
