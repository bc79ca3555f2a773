"""What the routes find on the application: the engine and catalogue once loaded, the settings, the metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.api.problems import NOT_READY, ProblemError

if TYPE_CHECKING:
    from starlette.types import Scope

    from app.catalogue import Catalogue
    from app.service import Engine


class State:
    """One per application. ``engine`` and ``catalogue`` stand from start to shutdown."""

    __slots__ = ("_catalogue", "_engine")

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._catalogue: Catalogue | None = None

    def open(self, engine: Engine, catalogue: Catalogue) -> None:
        """The knowledge is loaded and proven."""
        self._engine, self._catalogue = engine, catalogue

    def close(self) -> None:
        """The service shuts down."""
        self._engine = self._catalogue = None

    @property
    def engine(self) -> Engine:
        """The engine. Raises a 503 problem before it is loaded."""
        if self._engine is None:
            raise _not_ready()
        return self._engine

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue. Raises a 503 problem before it is loaded."""
        if self._catalogue is None:
            raise _not_ready()
        return self._catalogue


def _not_ready() -> ProblemError:
    return ProblemError(NOT_READY, "The knowledge is not loaded. Try again shortly.", headers=[(b"retry-after", b"1")])


def of(scope: Scope) -> State:
    """The state of the application that answers."""
    state: Any = scope["app"].state.tki
    return state  # type: ignore[no-any-return]
