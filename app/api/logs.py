"""Structured logs: one JSON object a line on standard output. Never case content: a path template, not a path."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
from typing import Any

import orjson


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON. Exceptions give their type and place, not their message: it may hold input."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        entry: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        entry.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[0] is not None:
            entry["exception"] = record.exc_info[0].__name__
            entry["stack"] = _stack(record.exc_info[2])
        return orjson.dumps(entry, default=str).decode()


def _stack(traceback: Any) -> list[str]:
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
    """Writes one line per request straight to standard output: the logging machinery costs more than the rest."""

    def __init__(self) -> None:
        sys.stdout.flush()
        self._descriptor = sys.stdout.fileno()

    def write(
        self, when: float, method: str, path: str, status: int, seconds: float, request_id: str, trace: str | None
    ) -> None:
        """``path`` is the route's template, or ``unmatched``."""
        time = dt.datetime.fromtimestamp(when, dt.UTC).isoformat(timespec="milliseconds")
        traced = f',"traceparent":"{trace}"' if trace else ""
        line = (
            f'{{"time":"{time}","level":"info","logger":"tki.access","method":"{method}","path":"{path}",'
            f'"status":{status},"duration_ms":{seconds * 1000:.3f},"request_id":"{request_id}"{traced}}}\n'
        )
        os.write(self._descriptor, line.encode())
