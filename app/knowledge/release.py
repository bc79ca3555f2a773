"""Releases: freeze the active records for good, load them back, prove that nobody changed them, withdraw a wrong one.

A release is a folder ``releases/<year.month.count>/`` with ``bundle.json``, ``manifest.yaml`` and ``changes.md``, and a
row in ``releases/index.yaml``. Folders and rows are only ever added.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import yaml

from app.knowledge.bundle import digest_of, pack, unpack
from app.knowledge.checks import require_sound
from app.knowledge.diff import KnowledgeDiff, compare
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.manifest import (
    SHELF_LIFE_DAYS,
    VERSION,
    BundleFile,
    ChangeCounts,
    Index,
    Manifest,
    Row,
    index_path,
    index_text,
    load_index,
    numbers,
    read,
)
from app.knowledge.records import SCHEMA_VERSION

_INDEX_HEAD = "# Written by `tki knowledge release` and `withdraw`. Rows are only ever added.\nreleases:\n"


def load_release(root: Path, version: str, *, withdrawn_too: bool = False) -> tuple[KnowledgeRecords, Manifest]:
    """Load a frozen release and prove that its bytes are those that were released.

    A withdrawn release is loaded only when ``withdrawn_too`` is set, for replay and comparison. Raises KnowledgeError.
    """
    index = load_index(root)
    row = next((row for row in index.released() if row.version == version), None)
    if row is None:
        known = ", ".join(row.version for row in index.released()) or "none"
        _refuse("releases/index.yaml", f"there is no release {version}", f"known: {known}")
    gone = index.withdrawn().get(version)
    if gone and not withdrawn_too:
        _refuse(
            "releases/index.yaml", f"release {version} was withdrawn on {gone.date}: {gone.reason}", "use a later one"
        )
    manifest, content = _readable(root, row)
    return unpack(content, f"releases/{version}/bundle.json"), manifest


def prove_release(root: Path, row: Row) -> tuple[Manifest, int]:
    """Prove that the bytes of a release are those that were released, in a schema that is read, without reading them; and count its records.

    Raises KnowledgeError.
    """
    manifest, content = _readable(root, row)
    return manifest, content.count(_EACH_RECORD)


_EACH_RECORD = b'"curation":{'
"""Stands once in every record of a bundle, and nowhere else."""


def _readable(root: Path, row: Row) -> tuple[Manifest, bytes]:
    manifest, content = _proven(root, row)
    if manifest.schema_version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        _refuse(
            f"releases/{row.version}/manifest.yaml",
            f"schema {manifest.schema_version} cannot be read by {SCHEMA_VERSION}",
        )
    return manifest, content


def freeze(
    records: KnowledgeRecords,
    version: str,
    released_on: dt.date,
    root: Path,
    *,
    curated_by: str,
    requires_engine: str = ">=1.0,<2",
    shelf_life_days: int = SHELF_LIFE_DAYS,
    moved_cases: Sequence[str] = (),
) -> Manifest:
    """Freeze the active records as a release.

    ``records`` is the whole tree, since drafts are checked too and retired records say why they went. ``moved_cases``
    are sentences about vignettes whose answer moved, for the notes. Raises KnowledgeError, and then nothing is written.
    """
    require_sound(records, released_on)
    index = load_index(root)
    before = index.released()[-1] if index.released() else None
    _require_next(version, released_on, before)
    previous = load_release(root, before.version, withdrawn_too=True)[0] if before else None
    _require_nothing_lost(previous, records)
    diff = compare(previous, records, names=(before.version if before else None, version))
    if diff.empty:
        _refuse("releases", f"nothing changed since {diff.before}", "there is nothing to release")
    content = pack(records)
    manifest = Manifest(
        release=version,
        schema_version=SCHEMA_VERSION,
        requires_engine=requires_engine,
        previous=before.version if before else None,
        released_on=released_on,
        curated_by=curated_by,
        clinical_review=_review(records),
        shelf_life_days=shelf_life_days,
        changes=ChangeCounts(**diff.counts()),
        bundle=BundleFile(file="bundle.json", sha256=digest_of(content).removeprefix("sha256:")),
    )
    _write(root, manifest, content, _notes(diff, moved_cases))
    return manifest


def withdraw(root: Path, version: str, on: dt.date, reason: str) -> None:
    """Add a withdrawal row; the release itself stays, to be replayed and compared. Raises KnowledgeError."""
    index = load_index(root)
    row = next((row for row in index.released() if row.version == version), None)
    if row is None:
        _refuse("releases/index.yaml", f"there is no release {version} to withdraw")
    if version in index.withdrawn():
        _refuse("releases/index.yaml", f"release {version} was withdrawn before")
    if not reason.strip():
        _refuse("releases/index.yaml", "a withdrawal says why", "give a reason")
    _append(root, row.model_copy(update={"status": "withdrawn", "date": on, "reason": reason.strip()}))


def verify_all(root: Path, earlier_index: str | None = None) -> Index:
    """Recompute every digest and compare folders with rows.

    ``earlier_index`` is the text of the index as it was before (for example on the main branch): its rows must all
    still stand, unchanged and first. Raises KnowledgeError with everything that was changed, removed or added by hand.
    """
    index = load_index(root)
    complaints: list[Complaint] = []
    before: str | None = None
    for row in index.released():
        try:
            manifest, content = _proven(root, row)
            unpack(content, f"releases/{row.version}/bundle.json")
            if manifest.previous != before:
                what = f"release {row.version} follows {manifest.previous}, but the row before it is {before}"
                complaints.append(Complaint("releases/index.yaml", 0, what, "a row was removed or moved; put it back"))
        except KnowledgeError as error:
            complaints.extend(error.complaints)
        before = row.version
    complaints += _strays(root, index)
    if earlier_index is not None and not index_text(root).startswith(earlier_index.rstrip("\n")):
        complaints.append(
            Complaint("releases/index.yaml", 0, "a row was changed or removed", "restore the index, add a new row")
        )
    if complaints:
        raise KnowledgeError(complaints)
    return index


def _proven(root: Path, row: Row) -> tuple[Manifest, bytes]:
    """Read manifest and bundle of a row. Raises KnowledgeError unless every digest is the one recorded."""
    folder = root / "releases" / row.version
    for name in ("manifest.yaml", "bundle.json"):
        if not (folder / name).is_file():
            _refuse(f"releases/{row.version}/{name}", "the file is missing", "restore it; releases are never removed")
    manifest, content = read(folder / "manifest.yaml", Manifest), (folder / "bundle.json").read_bytes()
    found = {
        "manifest.yaml": (digest_of((folder / "manifest.yaml").read_bytes()), row.manifest),
        "bundle.json": (digest_of(content), row.digest),
    }
    changed = [
        Complaint(f"releases/{row.version}/{name}", 0, f"the file was changed: {now}, released as {then}", "restore it")
        for name, (now, then) in found.items()
        if now != then
    ]
    if not changed and (manifest.release, manifest.digest) != (row.version, row.digest):
        changed.append(
            Complaint(f"releases/{row.version}/manifest.yaml", 0, "manifest and row do not agree", "restore both")
        )
    if changed:
        raise KnowledgeError(changed)
    return manifest, content


def _strays(root: Path, index: Index) -> list[Complaint]:
    """Complain of folders without a row and of rows that stand twice or withdraw nothing."""
    versions = [row.version for row in index.released()]
    folders = [path.name for path in (root / "releases").glob("*") if path.is_dir()]
    found = [
        Complaint(f"releases/{name}", 0, "there is no row for this folder") for name in folders if name not in versions
    ]
    never = [version for version in index.withdrawn() if version not in versions]
    found += [Complaint("releases/index.yaml", 0, f"{name} is withdrawn but was never released") for name in never]
    if len(set(versions)) != len(versions) or versions != sorted(versions, key=numbers):
        found.append(
            Complaint("releases/index.yaml", 0, "rows are not in order of version, each once", "restore the index")
        )
    return found


def _require_next(version: str, released_on: dt.date, before: Row | None) -> None:
    match = VERSION.match(version)
    if match is None:
        _refuse("releases", f"{version!r} is not of the form 2026.11.0 (year, month, count)")
    if (int(match[1]), int(match[2])) != (released_on.year, released_on.month):
        _refuse("releases", f"{version} is not a version of the month of {released_on}")
    if before and numbers(version) <= numbers(before.version):
        _refuse("releases", f"{version} does not come after {before.version}", "releases only go forward")
    if before and released_on < before.date:
        _refuse("releases", f"{released_on} lies before the release of {before.version} on {before.date}")


def _require_nothing_lost(previous: KnowledgeRecords | None, records: KnowledgeRecords) -> None:
    """Nothing that was released may vanish: it is retired, with its reason."""
    status = {record.id: record.curation.status for record in records}
    lost = [record.id for record in previous or () if record.id not in status]
    back = [record.id for record in previous or () if status.get(record.id) == "draft"]
    complaints = [
        Complaint("releases", 0, f"{name} was released and is gone", "put it back and retire it") for name in lost
    ]
    complaints += [
        Complaint("releases", 0, f"{name} was released and is a draft again", "retire it, or make it active")
        for name in back
    ]
    if records.policy.curation.status != "active":
        complaints.append(Complaint("policy/ranking.yaml", 0, "the policy is not active", "a release needs it"))
    if complaints:
        raise KnowledgeError(complaints)


def _review(records: KnowledgeRecords) -> str:
    """Names of the clinicians once every active record is signed, else ``pending``."""
    signed = [record.curation.clinical_review for record in records.active()]
    names = sorted({review.by for review in signed if not isinstance(review, str)})
    return "pending" if any(isinstance(review, str) for review in signed) else ", ".join(names)


def _notes(diff: KnowledgeDiff, moved_cases: Sequence[str]) -> str:
    moved = "".join(f"- {sentence}\n" for sentence in moved_cases)
    return diff.markdown() + (f"\n## Cases whose answer moved\n\n{moved}" if moved else "")


def _write(root: Path, manifest: Manifest, content: bytes, notes: str) -> None:
    """Write the folder aside, move it into place, then add the row, so that a broken run leaves no half release."""
    folder, aside = root / "releases" / manifest.release, root / "releases" / f".{manifest.release}"
    if folder.exists():
        _refuse(f"releases/{manifest.release}", "the folder exists", "releases are never written twice")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    text = _dump(manifest.model_dump(mode="json", exclude_none=True)).encode("utf-8")
    (aside / "bundle.json").write_bytes(content)
    (aside / "manifest.yaml").write_bytes(text)
    (aside / "changes.md").write_bytes(notes.encode("utf-8"))
    aside.rename(folder)
    _append(
        root,
        Row(
            version=manifest.release,
            status="released",
            date=manifest.released_on,
            digest=manifest.digest,
            manifest=digest_of(text),
        ),
    )


def _append(root: Path, row: Row) -> None:
    text = index_text(root) or _INDEX_HEAD
    lines = _dump([row.model_dump(mode="json", exclude_none=True)])
    index_path(root).write_bytes((text + lines).encode("utf-8"))


def _dump(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=10_000)


def _refuse(path: str, what: str, cure: str = "") -> NoReturn:
    raise KnowledgeError([Complaint(path, 0, what, cure)])
