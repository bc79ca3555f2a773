"""Structured logs: one JSON object a line on standard output. Never case content: a path template, not a path."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import sys
import time
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

    Lines are written together a few times a second, and at shutdown.
    """

    _SECONDS = 0.2

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._second, self._until_second = 0, ""

    def write(self, method: str, path: str, status: int, seconds: float, request_id: str, trace: str | None) -> None:
        """Note one request. ``path`` is the route's template, or ``unmatched``; none of the values needs escaping."""
        if not self._lines:
            asyncio.get_running_loop().call_later(self._SECONDS, self.flush)
        traced = f',"traceparent":"{trace}"' if trace else ""
        now = time.time()
        second = int(now)
        if second != self._second:
            self._second, self._until_second = second, _timestamp(second)[:19]
        self._lines.append(
            f'{{"time":"{self._until_second}.{int((now - second) * 1000):03}+00:00","level":"info","logger":"tki.access","method":"{method}",'
            f'"path":"{path}","status":{status},"duration_ms":{seconds * 1000:.3f},"request_id":"{request_id}"{traced}}}\n'
        )

    def flush(self) -> None:
        """Write what was noted."""
        if self._lines:
            lines, self._lines = self._lines, []
            sys.stdout.write("".join(lines))
            sys.stdout.flush()


def _timestamp(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds")
