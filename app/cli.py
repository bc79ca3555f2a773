"""``tki``: serve, answer one case, look up a variant, and the curator's commands. Same engine, same answers as over HTTP."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import uvicorn
import yaml
from pydantic import ValidationError

from app import cli_batch, cli_cohort, cli_knowledge
from app.api import logs, validation
from app.api.body import check_json
from app.api.problems import ProblemError
from app.api.protocol import DirectProtocol
from app.domain.errors import InvalidCase, Problem, ServiceError
from app.knowledge.errors import KnowledgeError
from app.main import create_app
from app.service import ENGINE_VERSION, Engine
from app.settings import Settings
from app.startup import load
from app.wire.case import Case


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, 1 for a refusal, 2 for a wrong call."""
    parser = argparse.ArgumentParser(
        prog="tki", description="Ranked, cited TKI options for ALK- and ROS1-driven lung cancer."
    )
    parser.add_argument("--version", action="version", version=f"tki {ENGINE_VERSION}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_serve(commands)
    _add_recommend(commands)
    _add_variants(commands)
    _add_openapi(commands)
    cli_batch.add_parser(commands)
    cli_cohort.add_parser(commands)
    cli_knowledge.add_parser(commands)
    parsed = parser.parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except BrokenPipeError:  # the reader, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


Commands = argparse._SubParsersAction  # noqa: SLF001 - argparse gives the type no public name


def _add_serve(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("serve", help="serve the API; settings come from the environment (TKI_…)")
    parser.add_argument("--host", help="address to listen on (default: TKI_HOST, else 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default: TKI_PORT, else 8000)")
    parser.set_defaults(run=_serve)


def _serve(arguments: argparse.Namespace) -> int:
    given = {name: value for name in ("host", "port") if (value := getattr(arguments, name)) is not None}
    try:
        settings = Settings(**given)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            print(f"TKI_{str(one['loc'][0]).upper()}: {one['msg']}", file=sys.stderr)
        return 2
    several = settings.workers > 1
    uvicorn.run(
        "app.main:create_app" if several else create_app(settings),
        factory=several,
        host=settings.host,
        port=settings.port,
        http=DirectProtocol,
        workers=settings.workers,
        log_config=logs.configuration(settings.log_level),
        access_log=False,
        server_header=False,
        proxy_headers=False,  # neither an address nor a scheme of the caller is ever used
        timeout_graceful_shutdown=settings.graceful_shutdown_seconds,
        lifespan="on",
    )
    return 0


def _add_recommend(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("recommend", help="answer one case from a file, or - for standard input")
    parser.add_argument("case", help="a JSON file with the case")
    parser.add_argument("--language", choices=("en", "zh-CN"), help="language when the case names none")
    parser.add_argument("--compact", action="store_true", help="the very bytes that the service sends")
    parser.set_defaults(run=_recommend)


def _recommend(arguments: argparse.Namespace) -> int:
    body = sys.stdin.buffer.read() if arguments.case == "-" else Path(arguments.case).read_bytes()
    settings = Settings()
    try:
        check_json(body, settings.max_json_depth)
        answer = _engine(settings).recommend_bytes(body, arguments.language)
    except ValidationError as error:
        return _refuse(validation.problems(error, body, Case))
    except InvalidCase as error:
        return _refuse(error.problems)
    except (ServiceError, KnowledgeError, ProblemError) as error:
        print(error, file=sys.stderr)
        return 1
    _write(answer.body if arguments.compact else _indented(orjson.loads(answer.body)))
    return 0


def _add_variants(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("variants", help="what one change, or several of one gene, do to each drug")
    parser.add_argument("gene", help="ALK or ROS1")
    parser.add_argument("protein_changes", nargs="+", metavar="CHANGE", help="protein change, such as p.G1202R")
    parser.add_argument("--phase", choices=("cis", "trans", "unknown"), default="cis", help="of several changes")
    parser.add_argument("--knowledge-version", help="knowledge release (default: the newest)")
    parser.set_defaults(run=_variants)


def _variants(arguments: argparse.Namespace) -> int:
    try:
        found = _engine(Settings()).interpret_variants(
            arguments.gene, arguments.protein_changes, arguments.phase, arguments.knowledge_version
        )
    except InvalidCase as error:
        return _refuse(error.problems)
    except (ServiceError, KnowledgeError) as error:
        print(error, file=sys.stderr)
        return 1
    _write(_indented(found))
    return 0


def _add_openapi(commands: Commands[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("openapi", help="write the OpenAPI document, or compare it with a file")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the document to a file")
    parser.add_argument("--check", type=Path, metavar="FILE", help="fail when the file is not the document")
    parser.set_defaults(run=_openapi)


def _openapi(arguments: argparse.Namespace) -> int:
    text = openapi_yaml()
    if arguments.write:
        arguments.write.write_text(text, encoding="utf-8")
    elif arguments.check:
        if arguments.check.read_text(encoding="utf-8") != text:
            print(f"{arguments.check} is old; run make openapi", file=sys.stderr)
            return 1
    else:
        _write(text.encode())
    return 0


def openapi_yaml() -> str:
    """The OpenAPI document as YAML, the same on every run."""
    document = create_app(Settings(access_log=False)).api.openapi()
    return yaml.dump(document, Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)


class _PlainDumper(yaml.SafeDumper):
    """Writes what stands twice twice: anchors would make the file hard to read and to compare."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is the library's
        return True


def _engine(settings: Settings) -> Engine:
    return load(settings).engine


def _refuse(problems: Sequence[Problem]) -> int:
    for problem in problems:
        print(f"{problem.pointer or '(the whole)'}: {problem.detail}", file=sys.stderr)
    return 1


def _indented(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n"


def _write(output: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(output)
    sys.stdout.buffer.flush()
