"""What answers rest on, so small that it can be sent to other processes and machines, which then prove that they hold the same."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import Any

from app.service import ENGINE_VERSION, Engine
from app.settings import Settings
from app.startup import load

_READ = ("knowledge_dir", "knowledge_release", "overlay_dir")


class DriftError(Exception):
    """This process holds another knowledge or engine than the one that began the work."""


@dataclass(frozen=True, slots=True)
class Basis:
    """Which knowledge and engine, and where they are read. Hashable."""

    settings: tuple[tuple[str, str], ...]
    """Those of the settings that say what is loaded."""
    default: str
    """The release that answers when a case names none."""
    releases: tuple[tuple[str, str], ...]
    """Every release that a case may name, with its digest."""
    overlay: str | None
    """Digest of the local overlay."""
    engine_version: str = ENGINE_VERSION

    def row(self) -> dict[str, Any]:
        """As it stands in a journal. Where things are read does not matter, only what they are."""
        return {
            "knowledge": {"default": self.default, "releases": dict(self.releases), "overlay": self.overlay},
            "engine_version": self.engine_version,
        }


def basis_of(settings: Settings) -> Basis:
    """What this process would answer from. Raises KnowledgeError."""
    read = tuple((name, str(value)) for name in _READ if (value := getattr(settings, name)) is not None)
    return _basis(load(settings).engine, read)


def engine_of(basis: Basis) -> Engine:
    """The engine, loaded here. Raises DriftError when it is not the same."""
    engine = load(Settings(**dict(basis.settings))).engine  # type: ignore[arg-type]
    here = _basis(engine, basis.settings)
    if here != basis:
        msg = (
            f"the work was begun with {basis.row()}, and this process holds {here.row()}; "
            "install the same version everywhere, and leave the knowledge alone meanwhile"
        )
        raise DriftError(msg)
    gc.collect()
    gc.freeze()  # the knowledge stays for good: the collector need not look through it again and again
    return engine


def _basis(engine: Engine, settings: tuple[tuple[str, str], ...]) -> Basis:
    releases = tuple((version, index.release.digest) for version, index in engine.indexes.items())
    overlay = engine.index().overlay
    return Basis(settings, engine.default_version, releases, overlay.digest if overlay else None)
