"""What can go wrong, as one tree.

::

    Exception
    ├── ServiceError                     anything this service refuses on purpose
    │   ├── InvalidCase                  the case was read but cannot stand; holds every Problem
    │   ├── UnknownKnowledgeVersionError no such release is loaded; holds those that are
    │   └── UnknownRecordError           the knowledge holds no such drug, gene, citation …; holds the nearest
    ├── KnowledgeError                   (app.knowledge.errors) the knowledge cannot be used; holds every Complaint
    └── ProblemError                     (app.api.problems) a request that is answered with an RFC 9457 problem

``ProteinChangeError`` (a ``ValueError`` in ``variant.py``) never leaves an adapter: it becomes a ``Problem``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request, and the cure."""

    pointer: str
    """JSON Pointer into the body as it was sent, ``/samples/0/findings/1/protein_change``."""
    detail: str
    """What is wrong and how to put it right. Names fields and allowed values; never repeats patient data."""


class ServiceError(Exception):
    """Base of all that this service refuses on purpose."""


class InvalidCase(ServiceError):  # noqa: N818 - the word of the field
    """A case that was read but cannot stand."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} problem(s) in the case")
        self.problems = tuple(problems)


class UnknownKnowledgeVersionError(ServiceError):
    """No such knowledge release is loaded."""

    def __init__(self, version: str, available: Sequence[str]) -> None:
        super().__init__(f"no knowledge release {version!r} is loaded; available: {', '.join(available)}")
        self.version = version
        self.available = tuple(available)


class UnknownRecordError(ServiceError):
    """The knowledge holds no such record."""

    def __init__(self, kind: str, name: str, nearest: Sequence[str] = ()) -> None:
        hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        super().__init__(f"the knowledge holds no {kind} {name!r}{hint}")
        self.kind = kind
        self.name = name
        self.nearest = tuple(nearest)
