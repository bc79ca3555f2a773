"""Settings from the environment."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.settings import Settings


def test_the_environment_sets_what_its_prefix_marks(monkeypatch):
    monkeypatch.setenv("TKI_PORT", "8123")
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("TKI_ACCESS_LOG", "false")
    settings = Settings()
    assert settings.port == 8123
    assert settings.access_log is False


def test_the_knowledge_of_the_repository_is_the_default():
    assert (Settings().knowledge_dir / "README.md").is_file()


@pytest.mark.parametrize(
    ("name", "value"), [("TKI_PORT", "70000"), ("TKI_MAX_JSON_DEPTH", "1000"), ("TKI_LOG_LEVEL", "loud")]
)
def test_a_value_out_of_range_is_refused(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()
