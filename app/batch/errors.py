"""What stops a batch of files."""

from __future__ import annotations


class BatchError(Exception):
    """The batch cannot run, or cannot go on. Says why and what to do."""
