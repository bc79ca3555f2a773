"""The command line: the same answers as over HTTP, refusals on standard error."""

from __future__ import annotations

import io
import json
import sys

import pytest

from app import cli
from app.service import ENGINE_VERSION
from app.startup import Loaded
from app.wire.case import CASE_EXAMPLE


@pytest.fixture(autouse=True)
def _knowledge_read_once(monkeypatch, engine):
    monkeypatch.setattr(cli, "load", lambda _: Loaded(engine, None))


def write(folder, content) -> str:
    path = folder / "case.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_a_case_is_answered_with_the_bytes_of_the_service(tmp_path, capfdbinary, engine):
    assert cli.main(["recommend", write(tmp_path, CASE_EXAMPLE), "--compact"]) == 0
    assert capfdbinary.readouterr().out == engine.recommend_bytes(json.dumps(CASE_EXAMPLE).encode()).body


def test_a_case_comes_from_standard_input_and_is_shown_indented(monkeypatch, capfd):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b'{"driver":{"gene":"ROS1"}}')))
    assert cli.main(["recommend", "-", "--language", "zh-CN"]) == 0
    output = capfd.readouterr().out
    assert output.startswith("{\n  ")
    assert json.loads(output)["options"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"driver": {"gene": "ALK"}, "treatment": []}, "/treatment: unknown field"),
        ({"driver": {"gene": "ALK"}, "treatments": [{"drugs": "lorlatnib"}]}, "lorlatinib"),
        ({"driver": {"gene": "ALK"}, "knowledge_version": "1999.1.0"}, "1999.1.0"),
        ("{", "not JSON"),
        ('{"driver":{"gene":"ALK"},"driver":{"gene":"ALK"}}', "stands twice"),
    ],
)
def test_a_case_that_cannot_stand_is_refused_on_standard_error(tmp_path, capfd, content, says):
    assert cli.main(["recommend", write(tmp_path, content)]) == 1
    output = capfd.readouterr()
    assert says in output.err
    assert output.out == ""


def test_variants_are_looked_up(capfd):
    assert cli.main(["variants", "ALK", "L1198F", "C1156Y"]) == 0
    assert json.loads(capfd.readouterr().out)["protein_changes"] == ["p.C1156Y", "p.L1198F"]
    assert cli.main(["variants", "ALK", "A1202R"]) == 1
    assert "position 1202" in capfd.readouterr().err
    assert cli.main(["variants", "EGFR", "L858R"]) == 1


def test_the_openapi_document_is_written_and_compared(tmp_path, capfd):
    file = tmp_path / "openapi.yaml"
    assert cli.main(["openapi", "--write", str(file)]) == 0
    assert cli.main(["openapi", "--check", str(file)]) == 0
    file.write_text("old", encoding="utf-8")
    assert cli.main(["openapi", "--check", str(file)]) == 1
    assert "make openapi" in capfd.readouterr().err
    assert cli.main(["openapi"]) == 0


def test_a_wrong_setting_is_named(monkeypatch, capfd):
    monkeypatch.setenv("TKI_WORKERS", "many")
    assert cli.main(["serve"]) == 2
    assert "TKI_WORKERS" in capfd.readouterr().err


def test_the_version_is_that_of_the_engine(capfd):
    with pytest.raises(SystemExit):
        cli.main(["--version"])
    assert ENGINE_VERSION in capfd.readouterr().out
