"""Structured logs: one JSON object a line on standard output. Never case content: a path template, not a path."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import sys
import time
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any

import orjson


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON. Exceptions give their type and place, not their message: it may hold input."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        entry: dict[str, Any] = {
            "time": _timestamp(record.created),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            entry["exception"] = record.exc_info[0].__name__
            entry["stack"] = _stack(record.exc_info[2])
        return orjson.dumps(entry, default=str).decode()


def _stack(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        places.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
        traceback = traceback.tb_next
    return places[-12:]


def configuration(level: str) -> dict[str, Any]:
    """For ``logging.config.dictConfig`` and uvicorn: everything as JSON lines; uvicorn's own access log stays off."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "json"}},
        "root": {"handlers": ["stdout"], "level": level.upper()},
        "loggers": {"uvicorn.access": {"level": "CRITICAL"}},
    }


class AccessLog:
    """One line per request, past the logging machinery, which costs more than an answer.

    Lines are made and written together some times a second, so that no caller waits for them, and at shutdown.
    """

    _SECONDS = 0.1

    def __init__(self) -> None:
        self._noted: list[tuple[float, str, str, int, float, str, str | None]] = []

    def write(self, method: str, path: str, status: int, seconds: float, request_id: str, trace: str | None) -> None:
        """Note one request. ``path`` is the route's template, or ``unmatched``; none of the values needs escaping."""
        if not self._noted:
            asyncio.get_running_loop().call_later(self._SECONDS, self.flush)
        self._noted.append((time.time(), method, path, status, seconds, request_id, trace))

    def flush(self) -> None:
        """Write what was noted."""
        if self._noted:
            noted, self._noted = self._noted, []
            sys.stdout.write("".join(_lines(noted)))
            sys.stdout.flush()


def _lines(noted: Iterable[tuple[float, str, str, int, float, str, str | None]]) -> Iterator[str]:
    last, until_second = -1, ""
    for now, method, path, status, seconds, request_id, trace in noted:
        second = int(now)
        if second != last:
            last, until_second = second, _timestamp(second)[:19]
        traced = f',"traceparent":"{trace}"' if trace else ""
        yield (
            f'{{"time":"{until_second}.{int((now - second) * 1000):03}+00:00","level":"info","logger":"tki.access","method":"{method}",'
            f'"path":"{path}","status":{status},"duration_ms":{seconds * 1000:.3f},"request_id":"{request_id}"{traced}}}\n'
        )


def _timestamp(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds")
