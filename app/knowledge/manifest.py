"""What is written about a release: its manifest, and its rows in the index of all releases."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from app.knowledge import strict_yaml
from app.knowledge.errors import Complaint, KnowledgeError
from app.knowledge.records import Model

VERSION = re.compile(r"^(\d{4})\.(0[1-9]|1[0-2])\.(0|[1-9]\d*)$")
T = TypeVar("T", bound=Model)
SHELF_LIFE_DAYS = 180
"""Days after which the service says that its knowledge is old."""


class ChangeCounts(Model):
    """How much a release changed."""

    added: int = Field(ge=0)
    revised: int = Field(ge=0)
    retired: int = Field(ge=0)


class BundleFile(Model):
    """The bundle of a release and what its bytes must hash to."""

    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(Model):
    """What a release is, and what it needs."""

    release: str = Field(pattern=VERSION.pattern)
    schema_version: str
    requires_engine: str = Field(pattern=r"^(>=|<)\d+(\.\d+)*(,(>=|<)\d+(\.\d+)*)*$")
    previous: str | None = None
    released_on: dt.date
    curated_by: str
    clinical_review: str
    """``pending`` until named clinicians have signed every record."""
    shelf_life_days: int = Field(ge=1)
    changes: ChangeCounts
    bundle: BundleFile

    @property
    def digest(self) -> str:
        """Digest of the bundle as it stands in answers."""
        return f"sha256:{self.bundle.sha256}"


class Row(Model):
    """One row of the index: a release, or its withdrawal."""

    version: str = Field(pattern=VERSION.pattern)
    status: Literal["released", "withdrawn"]
    date: dt.date
    digest: str
    """Of the bundle."""
    manifest: str
    """Digest of the manifest."""
    reason: str | None = None
    """Why it was withdrawn."""


class Index(Model):
    """All rows, oldest first."""

    releases: tuple[Row, ...] = ()

    def released(self) -> tuple[Row, ...]:
        """Rows of releases, withdrawn or not, oldest first."""
        return tuple(row for row in self.releases if row.status == "released")

    def withdrawn(self) -> dict[str, Row]:
        """Withdrawals by version."""
        return {row.version: row for row in self.releases if row.status == "withdrawn"}


def load_index(root: Path) -> Index:
    """Read the index of releases; an absent one is empty. Raises KnowledgeError."""
    path = index_path(root)
    if not path.exists():
        return Index()
    return read(path, Index)


def newest(root: Path) -> str | None:
    """Version of the newest release that was not withdrawn."""
    index = load_index(root)
    withdrawn = index.withdrawn()
    return next((row.version for row in reversed(index.released()) if row.version not in withdrawn), None)


def engine_fits(requires: str, engine_version: str) -> bool:
    """Tell whether an engine version lies in a range such as ``>=1.0,<2``."""
    engine = numbers(engine_version)
    for part in requires.split(","):
        bound = numbers(part.lstrip("<>="))
        fits = engine >= bound if part.startswith(">=") else engine[: len(bound)] < bound
        if not fits:
            return False
    return True


def numbers(version: str) -> tuple[int, ...]:
    """Give the numbers of a version, by which versions are ordered."""
    return tuple(int(number) for number in re.findall(r"\d+", version.split("+")[0]))


def index_path(root: Path) -> Path:
    """Give the file of the index."""
    return root / "releases" / "index.yaml"


def index_text(root: Path) -> str:
    """Give the index as it stands; empty when there is none."""
    path = index_path(root)
    return path.read_bytes().decode("utf-8") if path.exists() else ""


def read(path: Path, model: type[T]) -> T:
    """Read a file of the releases folder. Raises KnowledgeError."""
    name = f"releases/{path.name}" if path.name == "index.yaml" else f"releases/{path.parent.name}/{path.name}"
    try:
        return model.model_validate(strict_yaml.parse(path.read_text(encoding="utf-8")).value)
    except (strict_yaml.StrictYAMLError, ValidationError, UnicodeDecodeError) as error:
        raise KnowledgeError([Complaint(name, 0, f"the file cannot be read: {error}", "restore it")]) from error
