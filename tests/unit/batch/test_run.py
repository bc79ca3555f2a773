"""A batch from file to file: every format gives the same answers, and nothing is lost or done twice."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pyarrow import parquet

from app.batch import run as module
from app.batch.errors import BatchError
from app.batch.lines import Line
from app.batch.rows import COLUMNS
from app.batch.run import Answerer, Batch, run
from tests.support.batches import write

INPUTS = ("in.ndjson", "in.jsonl.gz", "in.csv", "in.csv.gz", "in.parquet")
OUTPUTS = ("out.ndjson", "out.ndjson.gz", "out.csv", "out.csv.gz", "out.parquet")
COUNT = 300
LINES = [b'{"case_id": "%d"}' % number for number in range(COUNT)]


@dataclass(frozen=True)
class Echo:
    """Stands for the engine: answers with what it was given, or dies after so many."""

    dies_after: int = 10**9

    def __call__(self) -> Answerer:
        done = 0

        def answer(line: Line) -> tuple[bytes, bool]:
            nonlocal done
            done += 1
            if done > self.dies_after:
                msg = "cut off"
                raise InterruptedError(msg)
            refused = line.number % 10 == 0
            problem = b'{"line":%d,"problem":{"type":"t","detail":"d"}}' % line.number
            recommendation = (
                b'{"recommendation_id":"r%d","case_id":"%d","knowledge":{"version":"v"},'
                b'"interpretation":{"setting":"s","resistance":"r"},"options":[{"rank":1,"tier":1,'
                b'"rationale":[{"text":"Because.","citations":["doe-2020"]}]}]}' % (line.number, line.number)
            )
            return (problem if refused else recommendation), refused

        return answer


def batch(source: Path, target: Path, make: Callable[[], Answerer] = Echo(), **given: object) -> Batch:
    return replace(Batch(source, target, make, {"knowledge": "k"}, 1000, 1), **given)


def rows(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".parquet":
        found = parquet.read_table(path).to_pylist()
        return [{name: "" if value is None else str(value) for name, value in row.items()} for row in found]
    return list(csv.DictReader(io.StringIO(content(path).decode(), newline="")))


def content(path: Path) -> bytes:
    found = path.read_bytes()
    return gzip.decompress(found) if path.suffix == ".gz" else found


def lines(path: Path) -> list[bytes]:
    return content(path).splitlines()


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("source", INPUTS)
def test_every_format_in_and_out(tmp_path: Path, source: str, output: str):
    done = run(batch(write(tmp_path / source, LINES), tmp_path / output))
    assert (done.cases, done.refused) == (COUNT, COUNT // 10)
    if "ndjson" in output:
        answer = Echo()()
        assert lines(tmp_path / output) == [answer(Line(number, b""))[0] for number in range(1, COUNT + 1)]
    else:
        found = rows(tmp_path / output)
        assert tuple(found[0]) == COLUMNS
        assert [int(row["line"]) for row in found] == list(range(1, COUNT + 1))
        assert found[0]["rationale"] == "Because. [doe-2020]"
        assert found[9] == dict.fromkeys(COLUMNS, "") | {"line": "10", "case_id": "9", "error": "t: d"}
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {source, output, f"{output}.journal"}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("source", INPUTS)
def test_cut_off_and_gone_on_gives_the_same_bytes(
    tmp_path: Path, source: str, output: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "CHUNK_CASES", 32)
    write(tmp_path / source, LINES)
    run(batch(tmp_path / source, tmp_path / f"whole.{output}"))
    cut = 0
    for _ in range(COUNT):
        try:
            run(batch(tmp_path / source, tmp_path / output, Echo(dies_after=70)))
            break
        except InterruptedError:
            cut += 1
            assert not (tmp_path / output).exists()
            with (tmp_path / f"{output}.partial").open("ab") as partial:
                partial.write(b"torn")
    assert cut > 2
    assert (tmp_path / output).read_bytes() == (tmp_path / f"whole.{output}").read_bytes()


@pytest.mark.parametrize("output", ["out.ndjson", "out.csv", "out.parquet"])
def test_cut_off_at_any_call_that_makes_things_safe(tmp_path: Path, output: str, monkeypatch: pytest.MonkeyPatch):
    """Stops at the n-th fsync or rename, for every n, and goes on."""
    monkeypatch.setattr(module, "CHUNK_CASES", 128)
    source = write(tmp_path / "in.ndjson", LINES)
    run(batch(source, tmp_path / f"whole.{output}"))
    whole = (tmp_path / f"whole.{output}").read_bytes()
    for stop_at in range(1, 60):
        calls, stopped = 0, False

        def counted(call: Callable[..., object], stop_at: int = stop_at) -> Callable[..., object]:
            def wrapped(*given: object, **more: object) -> object:
                nonlocal calls, stopped
                calls += 1
                if calls == stop_at:
                    stopped = True
                    raise InterruptedError
                return call(*given, **more)

            return wrapped

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", counted(os.fsync))
            patch.setattr(Path, "replace", counted(Path.replace))
            patch.setattr(Path, "unlink", counted(Path.unlink))
            with contextlib.suppress(InterruptedError):
                run(batch(source, tmp_path / output))
        assert not (tmp_path / output).exists() or (tmp_path / output).read_bytes() == whole
        done = run(batch(source, tmp_path / output))
        assert done.cases == COUNT
        assert (tmp_path / output).read_bytes() == whole
        assert not (tmp_path / f"{output}.partial").exists()
        for name in (output, f"{output}.journal"):
            (tmp_path / name).unlink()
        if not stopped:
            return
    pytest.fail("it never ran through")


def test_done_again_does_nothing(tmp_path: Path):
    source = write(tmp_path / "in.ndjson", LINES)
    run(batch(source, tmp_path / "out.ndjson"))
    assert run(batch(source, tmp_path / "out.ndjson", Echo(dies_after=0))).cases == COUNT


def test_another_input_is_refused_until_told_to_restart(tmp_path: Path):
    source = write(tmp_path / "in.ndjson", LINES)
    run(batch(source, tmp_path / "out.ndjson"))
    write(source, LINES[:20])
    with pytest.raises(BatchError, match="another input"):
        run(batch(source, tmp_path / "out.ndjson"))
    assert run(batch(source, tmp_path / "out.ndjson", restart=True)).cases == 20
    assert len(lines(tmp_path / "out.ndjson")) == 20


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path):
    source = write(tmp_path / "in.ndjson", LINES)
    (tmp_path / "out.ndjson").write_text("mine")
    with pytest.raises(BatchError, match="is there already"):
        run(batch(source, tmp_path / "out.ndjson"))
    assert (tmp_path / "out.ndjson").read_text() == "mine"


def test_an_input_that_changes_meanwhile_is_refused(tmp_path: Path):
    source = write(tmp_path / "in.ndjson", LINES)
    with pytest.raises(BatchError, match="changed while it was read"):
        run(batch(source, tmp_path / "out.ndjson"), lambda *_: os.utime(source, (1, 1)))


@pytest.mark.parametrize("output", OUTPUTS)
def test_no_case_gives_an_output_of_its_form(tmp_path: Path, output: str):
    assert run(batch(write(tmp_path / "in.ndjson", []), tmp_path / output)).cases == 0
    assert lines(tmp_path / output) == [] if "ndjson" in output else rows(tmp_path / output) == []


@pytest.mark.parametrize("name", ["in.csv", "in.parquet"])
def test_an_input_without_cases_is_told(tmp_path: Path, name: str):
    path = write(tmp_path / name, LINES[:3])
    if name == "in.csv":
        path.write_bytes(path.read_bytes().replace(b"patient,case", b"patient,Case"))
    else:
        parquet.write_table(parquet.read_table(path).drop_columns("case"), path)
    with pytest.raises(BatchError, match="needs a column named 'case'"):
        run(batch(path, tmp_path / "out.ndjson"))


def test_a_damaged_gzip_is_told(tmp_path: Path):
    path = write(tmp_path / "in.ndjson.gz", LINES)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(BatchError, match="damaged"):
        run(batch(path, tmp_path / "out.ndjson"))


@pytest.mark.parametrize("name", ["in.txt", "in", "in.parquet.gz", "in.gz"])
def test_an_unknown_end_of_a_name_is_told(tmp_path: Path, name: str):
    with pytest.raises(BatchError, match="must end in"):
        run(batch(tmp_path / name, tmp_path / "out.ndjson"))


def test_a_missing_input_is_told(tmp_path: Path):
    with pytest.raises(BatchError, match="there is no file"):
        run(batch(tmp_path / "in.csv", tmp_path / "out.ndjson"))
