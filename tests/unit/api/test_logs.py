"""Log lines: JSON, and no message of an exception, since it may hold what was sent."""

from __future__ import annotations

import asyncio
import json
import logging
import logging.config
import sys

from app.api.logs import AccessLog, JsonFormatter, configuration


def test_a_record_is_one_line_of_json_with_its_fields():
    record = logging.makeLogRecord({"name": "tki", "msg": "ready %s", "args": ("now",), "levelname": "INFO"})
    record.fields = {"knowledge": "2026.11.0"}
    line = json.loads(JsonFormatter().format(record))
    assert line["message"] == "ready now"
    assert line["level"] == "info"
    assert line["knowledge"] == "2026.11.0"


def test_an_exception_gives_type_and_place_but_not_its_message():
    try:
        int("Jane Doe")
    except ValueError:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": sys.exc_info()})
    text = JsonFormatter().format(record)
    assert json.loads(text)["exception"] == "ValueError"
    assert "test_logs.py" in json.loads(text)["stack"][-1]
    assert "Jane" not in text


def test_the_configuration_is_one_that_logging_takes():
    assert configuration("warning")["root"]["level"] == "WARNING"
    assert logging.config.DictConfigurator(configuration("info")).config["handlers"]


def test_access_lines_are_written_together_and_soon(capsys):
    async def two_requests() -> str:
        log = AccessLog()
        log.write("GET", "/healthz", 200, 0.001, "a", None)
        log.write("GET", "/readyz", 200, 0.001, "b", "00-trace")
        before = capsys.readouterr().out
        await asyncio.sleep(AccessLog._SECONDS + 0.05)
        return before

    assert asyncio.run(two_requests()) == ""
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (first["path"], first["request_id"]) == ("/healthz", "a")
    assert second["traceparent"] == "00-trace"
