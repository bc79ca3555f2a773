"""Query parameters: one that a route does not have, or one given twice, is refused. Ignored it would change the answer unseen."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from urllib.parse import parse_qsl

from fastapi import Request
from fastapi.routing import APIRoute

from app.api.problems import INVALID_REQUEST, ProblemError

_MOST_NAMED = 5
_LONGEST_NAME = 60


async def refuse_unknown(request: Request) -> None:
    """A dependency of routers: each of their routes takes the query parameters that it declares, each at most once."""
    route = request.scope["route"]
    known = [field.alias for field in route.dependant.query_params] if isinstance(route, APIRoute) else []
    check(request.scope["query_string"], known)


def check(query: bytes, known: Sequence[str] = ()) -> None:
    """Refuse a query string that holds anything but ``known`` parameters, each once. Raises ProblemError."""
    if not query:
        return
    names = [name for name, _ in parse_qsl(query.decode("latin-1"), keep_blank_values=True)]
    wrong = [_unknown(name, known) for name in dict.fromkeys(names) if name not in known]
    wrong += [
        f"query parameter {name!r} is given more than once; give it once." for name in known if names.count(name) > 1
    ]
    if wrong:
        more = [f"{len(wrong) - _MOST_NAMED} more are not listed."] if len(wrong) > _MOST_NAMED else []
        raise ProblemError(INVALID_REQUEST, " ".join([*wrong[:_MOST_NAMED], *more]))


def _unknown(name: str, known: Sequence[str]) -> str:
    if not known:
        cure = "this route takes none (what a POST route needs stands in its body)."
    else:
        near = difflib.get_close_matches(name[:_LONGEST_NAME].lower(), known, n=2, cutoff=0.6)
        cure = f"did you mean {' or '.join(map(repr, near))}?" if near else f"known here: {', '.join(known)}."
    return f"query parameter {name[:_LONGEST_NAME]!r} is not known here; {cure}"
