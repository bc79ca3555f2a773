"""What a batch answers for a line that has no recommendation."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.wire.base import Outbound
from app.wire.operations import ProblemError


class LineProblem(Outbound):
    """RFC 9457 problem details of one line. Never repeats patient data."""

    type: str = Field(description="Stable URI of the kind of problem.", examples=["urn:tki:problem:invalid-case"])
    title: str = Field(description="The kind of problem in words.", examples=["Invalid case"])
    status: int = Field(description="HTTP status that the case alone would have had.", examples=[422])
    detail: str = Field(description="This occurrence in words.", examples=["'gene' is required."])
    errors: list[ProblemError] | None = Field(
        default=None, description="Everything that is wrong with the case, with pointers into the line."
    )


class BatchProblem(Outbound):
    """Stands in the place of an answer. A line with a ``problem`` is no recommendation."""

    line: int = Field(ge=1, description="Line of the request, from 1; blank lines count.", examples=[3])
    problem: LineProblem
    stopped: Literal[True] | None = Field(
        default=None,
        description="Present only on a last line: the body could not be read further, and no line from this one on was answered.",
    )
