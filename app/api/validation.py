"""Pydantic's complaints, turned into problems that a sender can act on: a pointer into what was sent, and the cure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import orjson
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.api.problems import pointer_part
from app.domain.errors import Problem
from app.wire.base import PRINTABLE
from app.wire.meant import MEANT

MOST_PROBLEMS = 100
_SUBJECT = re.compile(r"^(?:Input|String|List|Dictionary|Value) should")
Location = Sequence[int | str]

_FRACTION = "a fraction between 0 and 1: write 0.031 for 3.1 %"
_CURES = {
    "vaf": _FRACTION,
    "tumour_fraction": _FRACTION,
    "limit_of_detection": _FRACTION,
    "ecog": "the ECOG performance status, a whole number from 0 to 4",
    "stage": "a stage such as IIIB or IV",
    "gene": "a gene by its HGNC symbol, such as MET",
    "genes_covered": "a list of HGNC symbols",
    "not_covered": "a list of HGNC symbols",
    "partner": "the gene that the kinase is fused to, by its HGNC symbol, such as EML4",
    "protein_changes": 'a list of protein changes, such as ["p.G1202R"]',
    "in_cis_with": "a list of protein changes",
    "in_trans_with": "a list of protein changes",
    "drugs": "a drug name, or a list of names",
    "findings": "a list of findings: short text such as 'ALK p.G1202R', or objects with a 'type'",
}
_SHAPES = {
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number, not a string",
    "finite_number": "must be a finite number",
    "int_parsing": "must be a whole number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "missing": "is required",
}


def problems(error: ValidationError, body: bytes, model: type[BaseModel]) -> list[Problem]:
    """Every complaint about ``body``, at most a hundred, each with its pointer and cure."""
    sent = orjson.loads(body)
    details = error.errors(include_url=False)
    found = [_problem(detail, sent, model) for detail in details[:MOST_PROBLEMS]]
    if len(details) > MOST_PROBLEMS:
        found.append(Problem("", f"{len(details) - MOST_PROBLEMS} more problems are not listed."))
    return found


def _problem(detail: ErrorDetails, sent: Any, model: type[BaseModel]) -> Problem:
    location = detail["loc"]
    path = _path_in_body(location, sent)
    kind = detail["type"]
    if kind == "missing" and location:
        return Problem(_pointer([*path, location[-1]]), f"{location[-1]!r} is required.")
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tags = [tag for candidate in models_at(model, location) for tag in _tags(candidate)]
        missing = "is required and " if kind == "union_tag_not_found" else ""
        sent_type = detail["ctx"].get("tag")
        return Problem(
            _pointer([*path, "type"]), f"'type' {missing}must be {_one_of(tags)}{_did_you_mean(sent_type, tags)}"
        )
    if kind == "extra_forbidden":
        known = [name for candidate in models_at(model, location[:-1]) for name in field_names(candidate)]
        return Problem(_pointer(path), _unknown_field(str(location[-1]), known))
    return Problem(_pointer(path), _sentence(detail, path))


def _sentence(detail: ErrorDetails, path: Location) -> str:
    name = next((part for part in reversed(path) if isinstance(part, str)), "")
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "literal_error":
        words = context["expected"]
        known = re.findall("'([^']*)'", words)
        meant = MEANT.get(name, {}).get(" ".join(str(detail["input"]).replace("_", " ").casefold().split()))
        if meant:
            return f"must be {words}; did you mean {meant!r}?"
        # Names of tumours and of diseases are alike in letters and not in meaning.
        alike = 0.85 if name in ("histology", "comorbidities") else 0.6
        return f"must be {words}{_did_you_mean(detail['input'], known, alike)}"
    if kind == "value_error":
        return f"{context['error']}."
    if kind == "string_pattern_mismatch" and context["pattern"] == PRINTABLE:
        return "must hold no control characters, such as tabs and line ends."
    cure = _CURES.get(name, "")
    shape = "is not written as it should be" if cure and "pattern" in context else None
    shape = shape or plain(detail)
    return f"{shape}; {name} is {cure}." if cure else f"{shape}."


def plain(detail: Mapping[str, Any]) -> str:
    """What pydantic complains of, in words that say what must be."""
    return _SHAPES.get(detail["type"]) or _SUBJECT.sub("must", detail["msg"]).replace(" after validation", "")


def _unknown_field(name: str, known: Sequence[str]) -> str:
    near = _nearest(name, known)
    hint = f"did you mean {near!r}?" if near else f"known here: {', '.join(dict.fromkeys(known))}."
    return f"unknown field, which would be lost; {hint}"


def _did_you_mean(sent: Any, known: Sequence[str], cutoff: float = 0.6) -> str:
    near = _nearest(sent, known, cutoff) if isinstance(sent, str) else None
    return f"; did you mean {near!r}?" if near else "."


def _nearest(word: str, known: Sequence[str], cutoff: float = 0.6) -> str | None:
    spelt = {one.casefold(): one for one in known}
    near = difflib.get_close_matches(word[:100].casefold(), spelt, n=1, cutoff=cutoff)
    return spelt[near[0]] if near else None


def _one_of(words: Sequence[str]) -> str:
    *first, last = [repr(word) for word in words]
    return f"{', '.join(first)} or {last}" if first else last


def _path_in_body(location: Location, sent: Any) -> list[int | str]:
    """The part of pydantic's location that exists in the body: names of union members drop out.

    The last name stays even when the body does not hold it there (a field that was refused).
    """
    path: list[int | str] = []
    here = sent
    for part in location:
        in_object = isinstance(here, dict) and isinstance(part, str) and part in here
        in_list = isinstance(here, list) and isinstance(part, int) and part < len(here)
        if in_object or in_list:
            here = here[part]
            path.append(part)
    return path


def _pointer(path: Location) -> str:
    """RFC 6901."""
    return "".join(f"/{pointer_part(part)}" for part in path)


def models_at(model: type[BaseModel], location: Location) -> list[type[BaseModel]]:
    """The models that may stand at pydantic's ``location``, which names fields, places in lists and union members."""
    candidates = [model]
    for part in location:
        if isinstance(part, int):
            continue
        of_field = [
            inner
            for candidate in candidates
            for name, field in candidate.model_fields.items()
            if part == (field.alias or name)
            for inner in _models_in(field.annotation)
        ]
        tagged = [candidate for candidate in candidates if part in _tags(candidate)]
        candidates = of_field or tagged or candidates
    return candidates


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, list) or hasattr(annotation, "__metadata__"):
        for inner in get_args(annotation):
            yield from _models_in(inner)


def field_names(model: type[BaseModel]) -> list[str]:
    """The names by which a caller may give the model's fields."""
    return [field.alias or name for name, field in model.model_fields.items()]


def _tags(model: type[BaseModel]) -> tuple[str, ...]:
    field = model.model_fields.get("type")
    return get_args(field.annotation) if field is not None and get_origin(field.annotation) is Literal else ()
