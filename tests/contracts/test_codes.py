"""docs/codes.md names every code that an answer may hold, with the words of the knowledge."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

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


def test_what_is_said_not_to_be_raised_stands_nowhere_in_the_code() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (REPOSITORY / "app").rglob("*.py"))
    assert [one for one in codes().NOT_RAISED if f'"{one}"' in code] == []


def test_every_role_of_the_engine_is_on_the_page() -> None:
    text = (REPOSITORY / "app" / "interpretation" / "findings.py").read_text(encoding="utf-8")
    roles = set(re.findall(r'Role\(\s*"([a-z_]+)"', text)) | set(re.findall(r'": "([a-z_]+)",', text))
    page = Path(REPOSITORY / "docs" / "codes.md").read_text(encoding="utf-8")
    assert roles
    assert all(f"`{role}`" in page for role in roles)
