"""What all wire models share: strict, closed, and words used in several of them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2049, 12, 31)


class Inbound(BaseModel):
    """What callers send: an unknown field is an error, and a number is never read from a string."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Outbound(BaseModel):
    """What callers get. New fields may be added; none is renamed or dropped within ``/v1``."""

    model_config = ConfigDict(extra="allow", frozen=True)


def _day(value: object) -> object:
    """A day from its text, so that the same model reads JSON text and parsed JSON alike."""
    if isinstance(value, str) and value[4:5] == value[7:8] == "-":  # other ISO 8601 forms have no hyphen in both places
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, dt.date):
        msg = "must be a date written as 2025-06-03"
        raise ValueError(msg)  # noqa: TRY004 - pydantic collects ValueError
    if not EARLIEST <= value <= LATEST:
        msg = f"must be a plausible date, between {EARLIEST} and {LATEST}; check the year"
        raise ValueError(msg)
    return value


Day = Annotated[
    dt.date,
    BeforeValidator(_day),
    Field(examples=["2025-06-03"], json_schema_extra={"pattern": r"^(199\d|20[0-4]\d)-\d{2}-\d{2}$"}),
]
"""A calendar day, ISO 8601."""
Fraction = Annotated[float, Field(ge=0, le=1)]
"""A fraction in 0..1: 3.1 % is 0.031."""
GeneSymbol = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\s*[A-Za-z0-9][A-Za-z0-9 ._/()-]*$")]
FusedText = Annotated[
    str, Field(min_length=1, max_length=60, pattern=r"^\s*[A-Za-z0-9][A-Za-z0-9 ._/():,;&\u2010-\u2015-]*$")
]
"""A fusion partner, or the whole fusion as reports write it; a list gets an answer that names the cure."""
ProteinChangeText = Annotated[str, Field(min_length=2, max_length=120)]
PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f]+$"
"""No control characters: what is echoed lands in other systems' tables and logs."""
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=PRINTABLE)]
Identifier = Annotated[str, Field(min_length=1, max_length=120, pattern=PRINTABLE)]

EMPTY_BY_DEFAULT: dict[str, Any] = {"default": []}
"""For lists made by a factory, which the schema would not tell; a default list would be copied deeply for every case."""

Jurisdiction = Literal["US", "EU", "CN", "JP"]
RegimenKind = Literal["tki", "combination", "chemotherapy", "trial"]
CitationIds = Annotated[
    list[str],
    Field(min_length=1, description="Ids that resolve in `citations`. Never empty.", examples=[["gainor-2016"]]),
]
