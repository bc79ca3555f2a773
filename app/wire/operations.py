"""Health answers and RFC 9457 problems."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from app.wire.base import Outbound
from app.wire.knowledge import KnowledgeReference


class Health(Outbound):
    """The process runs."""

    status: Literal["ok"] = Field(description="Always `ok`.", examples=["ok"])
    engine_version: str = Field(description="Version of the code.", examples=["1.5.0"])


class Readiness(Outbound):
    """The knowledge is loaded, its digest is verified, and cases are answered."""

    status: Literal["ready"] = Field(description="Always `ready`; otherwise a 503 problem is sent.", examples=["ready"])
    engine_version: str = Field(description="Version of the code.", examples=["1.5.0"])
    knowledge: KnowledgeReference
    knowledge_versions: list[str] = Field(description="Releases loaded.", examples=[["2026.11.0"]])


class ProblemError(Outbound):
    """One thing that is wrong, and the cure."""

    pointer: str = Field(
        description="JSON Pointer into the body as it was sent; empty for the body as a whole.",
        examples=["/samples/0/findings/1/protein_change"],
    )
    detail: str = Field(
        description="What is wrong and how to put it right.",
        examples=["NP_004295.2 has G at position 1202, not A; check the residue"],
    )


class Problem(Outbound):
    """RFC 9457 problem details. Never repeats patient data."""

    type: str = Field(description="Stable URI of the kind of problem.", examples=["urn:tki:problem:invalid-case"])
    title: str = Field(description="The kind of problem in words.", examples=["Invalid case"])
    status: int = Field(description="HTTP status.", examples=[422])
    detail: str = Field(description="This occurrence in words.", examples=["1 problem was found; see errors."])
    instance: str = Field(description="Path of the request.", examples=["/v1/recommendations"])
    request_id: str = Field(description="As in `X-Request-ID`.", examples=["0190a3f27c6b4f0d9d5d6d7b8e9fa0b1"])
    errors: list[ProblemError] | None = Field(
        default=None, description="Everything that is wrong, when several things may be."
    )
