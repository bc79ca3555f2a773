"""Prometheus metrics of this process, in the text format. Labels are method, path template and status: never patient data."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Upper bounds in seconds."""


class Metrics:
    """Counts of requests and how long they took."""

    def __init__(self) -> None:
        self._requests: dict[tuple[str, str, int], int] = {}
        self._durations: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}
        self.in_progress = 0

    def observe(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count one finished request."""
        key = (method, path, status)
        self._requests[key] = self._requests.get(key, 0) + 1
        counts = self._durations.get(path)
        if counts is None:
            counts = self._durations[path] = [0] * (len(BUCKETS) + 1)
            self._seconds[path] = 0.0
        counts[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[path] += seconds

    def render(self, gauges: Iterable[str] = ()) -> str:
        """All metrics in the Prometheus text format; ``gauges`` are further lines."""
        lines = ["# HELP tki_requests_total Requests finished.", "# TYPE tki_requests_total counter"]
        for (method, path, status), count in sorted(self._requests.items()):
            lines.append(f'tki_requests_total{{method="{method}",path="{path}",status="{status}"}} {count}')
        lines += ["# HELP tki_requests_in_progress Requests being answered.", "# TYPE tki_requests_in_progress gauge"]
        lines.append(f"tki_requests_in_progress {self.in_progress}")
        lines += ["# HELP tki_request_seconds Time to answer.", "# TYPE tki_request_seconds histogram"]
        for path, counts in sorted(self._durations.items()):
            total = 0
            for bound, count in zip((*map(str, BUCKETS), "+Inf"), counts, strict=True):
                total += count
                lines.append(f'tki_request_seconds_bucket{{path="{path}",le="{bound}"}} {total}')
            lines.append(f'tki_request_seconds_sum{{path="{path}"}} {self._seconds[path]:.6f}')
            lines.append(f'tki_request_seconds_count{{path="{path}"}} {total}')
        return "\n".join([*lines, *gauges, ""])
