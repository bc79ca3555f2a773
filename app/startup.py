"""From files to a running engine: the digest of every release is proven, the default one compiled. Any complaint stops it.

An older release is compiled when a caller first asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.catalogue import Catalogue, ReleaseRow
from app.knowledge.bundle import digest_of, pack
from app.knowledge.compiler import compile_index
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.index import KnowledgeIndex, Release
from app.knowledge.lazily import Lazily
from app.knowledge.loader import KnowledgeRecords, load_tree
from app.knowledge.manifest import engine_fits, load_index, newest
from app.knowledge.overlay import compile_overlay
from app.knowledge.overlay_checks import known_names
from app.knowledge.overlay_files import load_overlay
from app.knowledge.release import load_release, prove_release
from app.service import ENGINE_VERSION, Engine
from app.settings import Settings

WORKING = "working"
"""The tree as it stands, for development: not a release."""
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What answers: cases and variants by the engine, browsing by the catalogue."""

    engine: Engine
    catalogue: Catalogue


def load(settings: Settings) -> Loaded:
    """Prove every release that was not withdrawn, and read the working tree when it is asked for or nothing was released yet.

    Raises KnowledgeError with every complaint.
    """
    root = settings.knowledge_dir
    if not root.is_dir():
        cure = "set TKI_KNOWLEDGE_DIR to the folder of the knowledge"
        raise KnowledgeError([Complaint(str(root), 0, "there is no knowledge here", cure)])
    default = _default_version(settings.knowledge_release, root)
    proven = dict(_releases(root))
    working = _working(root) if default == WORKING else None
    if working is not None:
        proven[WORKING] = (working[1], sum(1 for _ in working[0]))
    releases = {version: release for version, (release, _) in proven.items()}
    if default not in releases:
        known = ", ".join(releases) or "none"
        what = f"there is no release {default} to serve"
        raise KnowledgeError([Complaint("releases/index.yaml", 0, what, f"released: {known}")])

    def read(version: str) -> KnowledgeRecords:
        if working is not None and version == WORKING:
            return working[0]
        return load_release(root, version, withdrawn_too=True)[0]

    records = Lazily(releases, read)
    indexes: Mapping[str, KnowledgeIndex] = Lazily(
        releases, lambda version: compile_index(records[version], releases[version])
    )
    if settings.overlay_dir is not None:
        indexes = overlaid(indexes, settings.overlay_dir)
    engine = Engine(indexes, default)
    engine.index()
    return Loaded(engine, Catalogue(_rows(root, proven), default, records, indexes))


def overlaid(indexes: Mapping[str, KnowledgeIndex], folder: Path) -> Mapping[str, KnowledgeIndex]:
    """The same releases, each under the overlay of a folder; all are compiled, to know which names it may use.

    Raises KnowledgeError when it cannot be laid over them.
    """
    if not folder.is_dir():
        cure = "set TKI_OVERLAY_DIR to the folder of the overlay, or unset it"
        raise KnowledgeError([Complaint(str(folder), 0, "there is no overlay here", cure)])
    overlay = compile_overlay(load_overlay(folder, known_names(indexes.values())))
    return {version: index.with_overlay(overlay) for version, index in indexes.items()}


def _default_version(asked: str, root: Path) -> str:
    return (newest(root) or WORKING) if asked == NEWEST else asked


def _releases(root: Path) -> Iterator[tuple[str, tuple[Release, int]]]:
    """Every release that was not withdrawn, its bytes proven, and how many records it has."""
    index = load_index(root)
    withdrawn = index.withdrawn()
    for row in index.released():
        if row.version in withdrawn:
            continue
        manifest, count = prove_release(root, row)
        if not engine_fits(manifest.requires_engine, ENGINE_VERSION):
            what = f"release {row.version} needs an engine {manifest.requires_engine}; this is {ENGINE_VERSION}"
            raise KnowledgeError([Complaint(f"releases/{row.version}/manifest.yaml", 0, what)])
        release = Release(row.version, manifest.released_on, manifest.digest, manifest.shelf_life_days)
        yield row.version, (release, count)


def _working(root: Path) -> tuple[KnowledgeRecords, Release]:
    records = load_tree(root)
    checked = max(record.curation.checked_on for record in records)
    return records.active(), Release(WORKING, checked, digest_of(pack(records)))


def _rows(root: Path, proven: Mapping[str, tuple[Release, int]]) -> tuple[ReleaseRow, ...]:
    index = load_index(root)
    withdrawn = index.withdrawn()
    rows = [
        ReleaseRow(
            row.version,
            row.date.isoformat(),
            row.digest,
            (withdrawn[row.version].reason or "") if row.version in withdrawn else None,
            proven[row.version][1] if row.version in proven else None,
        )
        for row in index.released()
    ]
    if WORKING in proven:
        release, count = proven[WORKING]
        rows.append(ReleaseRow(WORKING, release.released.isoformat(), release.digest, records=count))
    return tuple(reversed(rows))
