"""Lines of therapy as a situation holds them: numbers in text, ``"1, 3"``."""

from __future__ import annotations

_LOOKED_AHEAD = 100
"""Line number of a drug of a future that is only looked at (``+1``)."""


def line_numbers(lines: str) -> list[int]:
    """The lines of ``"1, 3"``; a line of a future that is only looked at counts after all that were given."""
    found = (one.strip() for one in lines.split(","))
    return [_LOOKED_AHEAD + int(one[1:]) if one.startswith("+") else int(one) for one in found if one]


def first_line(lines: str) -> int:
    """The first of the lines."""
    return min(line_numbers(lines), default=0)


def last_line(lines: str) -> int:
    """The last of the lines."""
    return max(line_numbers(lines), default=0)
