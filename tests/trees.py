"""A small valid knowledge folder, and what lies over it to break it.

The policy is the real one, its sources replaced by the one source of the small folder.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import yaml

HERE = Path(__file__).parent
REPOSITORY = HERE.parent


def small_tree(root: Path, *overlays: Path) -> Path:
    """Copy the small knowledge folder to ``root``, then each overlay over it; of the policy it holds only the keys that differ."""
    shutil.copytree(HERE / "minimal_knowledge", root)
    (root / "policy").mkdir()
    (root / "policy" / "ranking.yaml").write_text(_policy(), encoding="utf-8")
    for overlay in overlays:
        shutil.copytree(overlay, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("refusal.txt", "policy"))
        changed = overlay / "policy" / "ranking.yaml"
        if changed.exists():
            policy = yaml.load(_policy(), yaml.BaseLoader) | yaml.load(
                changed.read_text(encoding="utf-8"), yaml.BaseLoader
            )
            (root / "policy" / "ranking.yaml").write_text(yaml.safe_dump(policy, sort_keys=False), encoding="utf-8")
    return root


@cache
def _policy() -> str:
    text = (REPOSITORY / "knowledge" / "policy" / "ranking.yaml").read_text(encoding="utf-8")
    policy = yaml.load(text, yaml.BaseLoader)
    policy["curation"] = {"status": "active", "curated_by": "a curator", "checked_on": "2026-11-02"}
    return yaml.safe_dump(_cite_one_source(policy), sort_keys=False, allow_unicode=True)


def _cite_one_source(value: object) -> object:
    if isinstance(value, dict):
        return {key: ["doe-2020"] if key == "citations" else _cite_one_source(inner) for key, inner in value.items()}
    return [_cite_one_source(one) for one in value] if isinstance(value, list) else value


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace text of one file; the text must be there once."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
    path.write_text(text.replace(old, new), encoding="utf-8")
