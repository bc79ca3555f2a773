"""The knowledge as it would be with some of the changes and without the others, and what the case then gets."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.adapters.native import to_case
from app.comparison.differences import DateChange, Difference, OverlayChange, RecordChange, Side, by_id, differences
from app.comparison.states import States, states_of
from app.knowledge.compiler import compile_index
from app.knowledge.index import KnowledgeIndex
from app.knowledge.loader import KnowledgeRecords
from app.knowledge.overlay import Overlay
from app.knowledge.records import Notice, NoticesRecord, Record
from app.service import recommend
from app.wire.case import Case


class Ground:
    """Two states of the knowledge and all that lies between them. Serves any number of cases.

    ``kept`` is how many compiled states are kept for the next case: about 300 kB each.
    """

    def __init__(self, before: Side, after: Side, kept: int = 0) -> None:
        self.before = before
        self.after = after
        self.differences = differences(before, after)
        self._base = _with_what_moves_nothing(before.records, after.records)
        self._kept = kept
        self._indexes: dict[tuple[Difference, ...], KnowledgeIndex] = {}

    def index(self, changes: Iterable[Difference]) -> KnowledgeIndex:
        """The state before, with these changes."""
        wanted = tuple(changes)
        found = self._indexes.get(wanted)
        if found is None:
            found = self._compile(wanted)
            if len(self._indexes) < self._kept:
                self._indexes[wanted] = found
        return found

    def _compile(self, changes: Sequence[Difference]) -> KnowledgeIndex:
        records = _changed(self._base, [one for one in changes if isinstance(one, RecordChange)])
        released: dt.date = self.before.index.release.released
        overlay = self.before.index.overlay
        for one in changes:
            if isinstance(one, DateChange):
                released = one.new
            elif isinstance(one, OverlayChange):
                overlay = _restricted(overlay, self.after.index.overlay, one)
        index = compile_index(records, replace(self.before.index.release, released=released))
        return index.with_overlay(overlay)


def _changed(records: KnowledgeRecords, changes: Iterable[RecordChange]) -> KnowledgeRecords:
    by_folder: dict[str, dict[str, Record]] = {}
    for change in changes:
        held = by_folder.setdefault(change.folder, by_id(records, change.folder))
        if change.old is not None:
            held.pop(change.old.id, None)
        if change.new is not None:
            held[change.new.id] = change.new
    parts: dict[str, object] = {
        folder: tuple(sorted(held.values(), key=lambda one: one.id)) for folder, held in by_folder.items()
    }
    if "policy" in by_folder:
        (parts["policy"],) = by_folder["policy"].values()
    return replace(records, **parts)  # type: ignore[arg-type]


def _with_what_moves_nothing(records: KnowledgeRecords, other: KnowledgeRecords) -> KnowledgeRecords:
    """The records with the sources and sentences that only the other side has, so that any mixture can be explained."""
    own = {one.id for one in records.citations}
    citations = (*records.citations, *(one for one in other.citations if one.id not in own))
    said: dict[str, NoticesRecord] = {one.id: one for one in records.notices}
    for record in other.notices:
        mine = said.get(record.id)
        said[record.id] = record if mine is None else _joined(mine, record)
    return replace(records, citations=citations, notices=tuple(said[name] for name in sorted(said)))


def _joined(mine: NoticesRecord, other: NoticesRecord) -> NoticesRecord:
    codes = {one.code for one in mine.notices}
    more: tuple[Notice, ...] = tuple(one for one in other.notices if one.code not in codes)
    return mine.model_copy(update={"notices": (*mine.notices, *more)})


def _restricted(overlay: Overlay | None, after: Overlay | None, change: OverlayChange) -> Overlay | None:
    base = overlay or after
    if base is None:
        return None
    unavailable = dict(overlay.unavailable) if overlay else {}
    unavailable.pop(change.regimen, None)
    if change.new:
        unavailable[change.regimen] = change.new
    return replace(base, unavailable=unavailable)


class OutOfReplaysError(Exception):
    """The replays that one comparison may take are used up."""


class Replays:
    """What one case gets under mixtures of the two states. Counts what it does, and stops at the most it may do."""

    def __init__(self, given: Case, language: str, ground: Ground, most: int) -> None:
        self._given = given
        self._language = language
        self._ground = ground
        self._known: dict[frozenset[int], States | None] = {}
        self._held: list[Difference] = []
        self.most = most
        self.done = 0

    def states(self, changes: Iterable[Difference]) -> States | None:
        """Where every regimen stands with these changes and no others; None when they cannot stand alone.

        Raises OutOfReplaysError.
        """
        wanted = tuple(changes)
        key = frozenset(map(id, wanted))
        if key not in self._known:
            if self.done >= self.most:
                raise OutOfReplaysError
            self.done += 1
            self._held += wanted  # ids stay theirs while the objects live
            self._known[key] = self._replay(wanted)
            time.sleep(0)  # let the thread that answers requests have its turn
        return self._known[key]

    def _replay(self, changes: Sequence[Difference]) -> States | None:
        try:
            index = self._ground.index(changes)
            _, ranking = recommend(to_case(self._given, index, self._language), index)
        except Exception:  # half a change may name what the other half brings; alone it proves nothing then
            return None
        return states_of(ranking)
