"""``tki cohort IN OUT``: a Parquet cohort answered through Dask, on this machine's cores or on a running cluster."""

from __future__ import annotations

import argparse
import sys

from app.basis import DriftError
from app.cli_batch import at_least_one, cores, settings_of
from app.knowledge.errors import KnowledgeError

Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives the type no public name


def add_parser(subparsers: Commands[argparse.ArgumentParser]) -> None:
    """Add ``cohort``. Sets ``run``: parsed arguments in, exit code out."""
    parser = subparsers.add_parser(
        "cohort",
        help="answer a Parquet cohort through Dask",
        description="Answers a Parquet table with a column named case that holds each case as JSON; writes a folder of "
        "Parquet files with a row per option. Every machine has to hold this package and the same knowledge: one that "
        "does not refuses to answer. Needs requirements-cohort.txt.",
    )
    parser.add_argument("input", help="Parquet file, folder, glob or URL")
    parser.add_argument("output", help="folder or URL for the answers")
    parser.add_argument("--scheduler", metavar="ADDRESS", help="a running Dask scheduler, tcp://HOST:PORT")
    parser.add_argument(
        "--workers",
        type=at_least_one,
        default=cores(),
        help="processes without --scheduler (default: one per core, %(default)s)",
    )
    parser.add_argument(
        "--partitions", type=at_least_one, help="parts of the work (default: the row groups of the input)"
    )
    parser.add_argument(
        "--keep",
        action="append",
        default=[],
        metavar="COLUMN",
        help="carry a column over to the answers; may be repeated",
    )
    parser.add_argument("--language", choices=("en", "zh-CN"), help="language when a case names none")
    parser.add_argument("--knowledge-version", help="release when a case names none (default: TKI_KNOWLEDGE_RELEASE)")
    parser.add_argument("--overwrite", action="store_true", help="replace the output when it is there")
    parser.set_defaults(run=_cohort)


def _cohort(arguments: argparse.Namespace) -> int:
    try:
        from app.cohort import dask_run
        from app.cohort.partition import question_of
    except ModuleNotFoundError as error:
        how = f"{sys.executable} -m pip install --require-hashes -r requirements-cohort.txt"
        print(f"{error.name} is not installed: {how}", file=sys.stderr)
        return 1
    try:
        question = question_of(settings_of(arguments), arguments.language, tuple(arguments.keep))
        cohort = dask_run.Cohort(
            arguments.input, arguments.output, question, arguments.partitions, overwrite=arguments.overwrite
        )
        with dask_run.client(arguments.scheduler, arguments.workers):
            parts = dask_run.run(cohort)
    except (dask_run.CohortError, DriftError, KnowledgeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{arguments.output}: {parts} partitions answered", file=sys.stderr)
    return 0
