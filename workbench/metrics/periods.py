"""Into which calendar periods is time cut, and are there few enough to be told?"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.errors import InstantError

if TYPE_CHECKING:
    from workbench.events import EventLog

_EVERY = re.compile(r"\s*(?:(\d+)\s+)?(minute|hour|day|week|month)s?\s*", re.IGNORECASE)
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 86_400}
_MONTH = 30 * 86_400
_MOST_PERIODS = 3_000_000  # days of 8,000 years, minutes of five
_MOST_SLOTS = 6_000_000  # of which the calendar of a zone or of months is looked up: quarters of an hour of 170 years
_FITS_INTO = {"minute": 60, "hour": 24, "day": 1, "week": 1, "month": 12}


def calendar_step(every: str) -> tuple[str, int]:
    """Return a calendar step, and a number of seconds that all its instants are multiples of."""
    found = _EVERY.fullmatch(every) if isinstance(every, str) else None
    if not found:
        raise InstantError(
            f"every={every!r} is no calendar step: write '1 hour', '1 day', '1 week' or '1 month', or '15 minutes'"
        )
    number, unit = int(found[1] or 1), found[2].lower()
    if number == 0 or _FITS_INTO[unit] % number:
        fitting = [str(part) for part in range(1, _FITS_INTO[unit] + 1) if _FITS_INTO[unit] % part == 0]
        raise InstantError(
            f"every={every!r} does not follow the calendar: the number of {unit}s must be one of {', '.join(fitting)}"
        )
    return f"{number} {unit}", _SECONDS[unit] * (1 if unit == "month" else number)


def check_periods(
    log: EventLog, every: str, grain: int | None = None, ends: Mapping[str, datetime | None] | None = None
) -> None:
    """Refuse a step of which more lie between the log's first and last instant than anybody could read.

    `ends` is the window that the question looks at, where it looks at nothing else.

    Raises
    ------
    InstantError
        Which says how many there are, and what to ask instead.
    """
    first, last = log.sql(
        "SELECT min(t), max(t) FROM (SELECT unnest([min(effective_at), max(effective_at)]) AS t FROM events "
        "UNION ALL SELECT min(entered_at) FROM moves)"
    ).fetchall()[0]
    if first is None:
        return
    shorter = "look only at lives that began in a time of interest: log.where(began_since='2020-01-01')"
    if ends is not None:
        shorter = "ask about a shorter time by since= and before="
        first, last = max(first, ends["since"] or first), min(last, ends["before"] or last)
    seconds = (last - first).total_seconds()
    number, unit = calendar_step(every)[0].split()
    periods = int(seconds // (int(number) * (_MONTH if unit == "month" else _SECONDS[unit])))
    if periods > _MOST_PERIODS or (grain is not None and seconds // grain > _MOST_SLOTS):
        raise InstantError(
            f"every={every!r} makes {periods:,} periods from {first} to {last}, too many to tell: take longer ones, or "
            f"{shorter}"
        )
