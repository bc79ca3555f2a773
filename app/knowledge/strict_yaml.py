"""YAML as plain as it can be: every scalar a string, and nothing in it that could surprise a reader.

Refused: duplicate keys, anchors, aliases, tags, empty values and ``null``, keys that are no plain text, several
documents in one file. Each value keeps the line on which it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

Loc = tuple[str | int, ...]
"""Way to a value: keys and positions from the top of the document."""
Value = str | list["Value"] | dict[str, "Value"]

_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NO_VALUE = {"", "~", "null", "Null", "NULL"}


@dataclass(frozen=True, slots=True)
class Document:
    """The values of one file and the line of each."""

    value: Value
    lines: Mapping[Loc, int]


class StrictYAMLError(ValueError):
    """A file that is not plain YAML. ``problems`` holds every line with what is wrong there."""

    def __init__(self, problems: list[tuple[int, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"line {line}: {what}" for line, what in problems))


def parse(text: str) -> Document:
    """Read one document.

    Raises StrictYAMLError with every line that is not plain YAML.
    """
    reader = _Reader()
    try:
        value = reader.read(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reader.refuse(mark.line + 1 if mark else 1, f"this is not YAML: {error.problem or error.context}")
        value = ""
    except yaml.YAMLError as error:
        reader.refuse(1, f"this is not YAML: {error}")
        value = ""
    if reader.problems:
        raise StrictYAMLError(reader.problems)
    return Document(value, reader.lines)


@dataclass
class _Reader:
    """Builds values from parser events, which still show what YAML loading would hide."""

    lines: dict[Loc, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    _events: list[yaml.Event] = field(default_factory=list)

    def refuse(self, line: int, what: str) -> None:
        self.problems.append((line, what))

    def read(self, text: str) -> Value:
        events = [event for event in yaml.parse(text, Loader=_LOADER) if not isinstance(event, _FRAME)]
        starts = [event for event in events if isinstance(event, yaml.DocumentStartEvent)]
        self._events = [event for event in reversed(events) if not isinstance(event, yaml.DocumentStartEvent)]
        if not starts or not self._events:
            self.refuse(1, "the file is empty")
            return ""
        if len(starts) > 1:
            self.refuse(_line(starts[1]), "a second document starts here; one file holds one record")
            return ""
        return self._value(())

    def _value(self, at: Loc) -> Value:
        event = self._events.pop()
        line = _line(event)
        self.lines.setdefault(at, line)
        if isinstance(event, yaml.AliasEvent):
            self.refuse(line, f"alias *{event.anchor}: write the value out, aliases are not allowed")
            return ""
        self._plain(event, line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(at)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(at)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101 - the grammar of YAML has no other event here
        if not event.style and event.value in _NO_VALUE:
            self.refuse(line, f"{_named(at)} has no value; leave the key out, or quote the text")
        return str(event.value)

    def _plain(self, event: yaml.Event, line: int) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor:
            self.refuse(line, f"anchor &{anchor}: anchors are not allowed, write each value where it belongs")
        if tag:
            short = str(tag).replace("tag:yaml.org,2002:", "!!")
            self.refuse(line, f"tag {short}: tags are not allowed, the schema gives every value its type")

    def _sequence(self, at: Loc) -> list[Value]:
        found: list[Value] = []
        while not isinstance(self._events[-1], yaml.SequenceEndEvent):
            found.append(self._value((*at, len(found))))
        self._events.pop()
        return found

    def _mapping(self, at: Loc) -> dict[str, Value]:
        found: dict[str, Value] = {}
        while not isinstance(self._events[-1], yaml.MappingEndEvent):
            key, line = self._key()
            if key in found:
                earlier = self.lines[*at, key]
                self.refuse(line, f"duplicate key {key!r}, first given on line {earlier}")
                self._value((*at, key, "duplicate"))
                continue
            self.lines[*at, key] = line
            found[key] = self._value((*at, key))
        self._events.pop()
        return found

    def _key(self) -> tuple[str, int]:
        event = self._events[-1]
        line = _line(event)
        if not isinstance(event, yaml.ScalarEvent):
            self.refuse(line, "a key must be plain text")
            self._value(("?",))
            return "?", line
        self._events.pop()
        self._plain(event, line)
        if event.value == "<<":
            self.refuse(line, "merge key <<: write the values out")
        return str(event.value), line


_FRAME = (yaml.StreamStartEvent, yaml.StreamEndEvent, yaml.DocumentEndEvent)


def _line(event: yaml.Event) -> int:
    mark = event.start_mark
    return mark.line + 1 if mark else 0


def _named(at: Loc) -> str:
    keys = [str(part) for part in at if isinstance(part, str)]
    return repr(keys[-1]) if keys else "the file"
