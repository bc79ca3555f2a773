"""Settings from the environment, prefix ``TKI_``. The table in README.md lists them; a test compares the two."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How one process of the service runs."""

    model_config = SettingsConfigDict(env_prefix="TKI_", frozen=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="Address to listen on; `0.0.0.0` in a container.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(default=1, ge=1, le=64, description="Processes. Each holds its own knowledge and metrics.")
    root_path: str = Field(default="", description="Path prefix that a proxy in front strips.")
    knowledge_dir: Path = Field(
        default=Path(__file__).resolve().parent.parent / "knowledge",
        description="Folder with the knowledge and its releases. Default: `knowledge/` beside `app/`.",
    )
    knowledge_release: str = Field(
        default="newest",
        description="Release used when a case names none: a version, `newest`, or `working` (compiles the tree, for development).",
    )
    overlay_dir: Path | None = Field(
        default=None,
        description="Folder of a local overlay (`formulary/*.yaml`), laid over every release. Default: none.",
    )
    max_body_bytes: int = Field(default=1_048_576, ge=1024, description="Largest request body; larger is a 413.")
    max_json_depth: int = Field(
        default=32, ge=8, le=100, description="Deepest nesting of a JSON body; deeper is a 400."
    )
    batch_max_line_bytes: int = Field(
        default=1_048_576, ge=1024, description="Longest line of a batch; a longer one gets a problem, the rest go on."
    )
    batch_max_bytes: int = Field(
        default=4_294_967_296, ge=1024, description="Largest body of a batch, uncompressed; reading stops there."
    )
    batch_max_ratio: int = Field(
        default=200, ge=10, le=1100, description="How many times its size a gzip body may grow, beyond the first 1 MiB."
    )
    batch_stall_seconds: float = Field(
        default=60, gt=0, le=3600, description="A batch caller who neither sends nor reads for so long is dropped."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line written."
    )
    access_log: bool = Field(default=True, description="One JSON line per request. Never holds case content.")
    graceful_shutdown_seconds: int = Field(
        default=20, ge=0, le=600, description="How long running requests may finish after SIGTERM."
    )
