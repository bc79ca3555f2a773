"""``tki batch IN OUT``: a file of cases answered on all cores; killed and started again, it goes on where it was."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.api.lines import Limits, answer_line
from app.basis import Basis, DriftError, basis_of, engine_of
from app.batch.errors import BatchError
from app.batch.journal import Progress
from app.batch.lines import Line
from app.batch.run import Answerer, Batch, run
from app.knowledge.errors import KnowledgeError
from app.settings import Settings

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives the type no public name
_INTERRUPTED = 130


def add_parser(subparsers: Commands[argparse.ArgumentParser]) -> None:
    """Add ``batch``. Sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "batch",
        help="answer a file of cases: NDJSON, CSV or Parquet in and out",
        description="Answers a file of cases. Input: NDJSON with a case a line, or CSV or Parquet with a column named "
        "case that holds each case as JSON. Output: NDJSON with the very answers of the service, or CSV or Parquet with "
        "a row per option. The ends of the names tell the formats; .gz may follow .ndjson and .csv. Started again after "
        "it was killed, it goes on where it was: OUT.journal beside the output says how far.",
    )
    parser.add_argument("input", type=Path, help="file with the cases")
    parser.add_argument("output", type=Path, help="file for the answers")
    parser.add_argument(
        "--workers", type=at_least_one, default=cores(), help="processes (default: one per core, %(default)s)"
    )
    parser.add_argument("--language", choices=("en", "zh-CN"), help="language when a case names none")
    parser.add_argument("--knowledge-version", help="release when a case names none (default: TKI_KNOWLEDGE_RELEASE)")
    parser.add_argument("--restart", action="store_true", help="forget what was done and overwrite the output")
    parser.add_argument("--quiet", action="store_true", help="no progress bar, no closing line")
    parser.set_defaults(run=_batch)


@dataclass(frozen=True, slots=True)
class MakeAnswerer:
    """Loads the knowledge in the process in which it is called."""

    basis: Basis
    language: str | None
    limits: Limits

    def __call__(self) -> Answerer:
        """The function that answers one case."""
        engine = engine_of(self.basis)

        def answer(line: Line) -> tuple[bytes, bool]:
            found = answer_line(line, engine, self.language, self.limits)
            return found.body, found.refused

        return answer


def _batch(arguments: argparse.Namespace) -> int:
    settings = settings_of(arguments)
    limits = Limits(settings.batch_max_line_bytes, settings.max_json_depth)
    try:
        basis = basis_of(settings)
        batch = Batch(
            arguments.input,
            arguments.output,
            MakeAnswerer(basis, arguments.language, limits),
            {**basis.row(), "language": arguments.language, "limits": asdict(limits)},
            limits.max_line_bytes,
            arguments.workers,
            restart=arguments.restart,
        )
        done = _run(batch, quiet=arguments.quiet)
    except (BatchError, DriftError, KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped; the same command goes on from here", file=sys.stderr)
        return _INTERRUPTED
    if not arguments.quiet:
        print(f"{arguments.output}: {done.cases} cases, {done.refused} of them refused", file=sys.stderr)
    return 0


def settings_of(arguments: argparse.Namespace) -> Settings:
    """The settings, with the release that the command names."""
    given = {"knowledge_release": arguments.knowledge_version} if arguments.knowledge_version else {}
    return Settings(**given)


def _run(batch: Batch, *, quiet: bool) -> Progress:
    from tqdm import tqdm

    form = "{desc}: {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
    with tqdm(total=1.0, desc=batch.source.name, bar_format=form, disable=True if quiet else None) as bar:
        return run(batch, _telling(bar))


def _telling(bar: Any) -> Callable[[Progress, float], None]:
    def tell(progress: Progress, share: float) -> None:
        bar.set_postfix_str(f"{progress.cases} cases, {progress.refused} refused", refresh=False)
        bar.update(share - bar.n)

    return tell


def at_least_one(text: str) -> int:
    """A count on the command line."""
    count = int(text)
    if count < 1:
        msg = "at least 1"
        raise argparse.ArgumentTypeError(msg)
    return count


def cores() -> int:
    """The cores that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
