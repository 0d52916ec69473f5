"""What a user may write for a time, a duration or a zone, and the one reading of it.

Instants are UTC. Without a zone a time is taken as UTC; a date is its midnight.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import available_timezones

from workbench.errors import InstantError, did_you_mean

Instant = datetime | date | str

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_LONGEST = 1000 * 366 * 86400
_DURATION = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week)s?\s*", re.IGNORECASE)


def instant(value: Instant) -> datetime:
    """Return the UTC instant (without tzinfo, as DuckDB's TIMESTAMP) that a user's time means.

    Examples
    --------
    >>> instant("2026-02-01T12:00:00+02:00")
    datetime.datetime(2026, 2, 1, 10, 0)
    """
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day, tzinfo=UTC)
    else:
        try:
            moment = datetime.fromisoformat(value.strip())
        except (ValueError, AttributeError) as error:
            raise InstantError(f"{value!r} is not a time: write 2026-02-01 or 2026-02-01T12:00:00+01:00") from error
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as error:
        raise InstantError(f"{value!r} lies outside the years 1 to 9999") from error


def duration(value: str | timedelta) -> timedelta:
    """Return the timedelta that "7 days", "90 minutes" or a timedelta means.

    Examples
    --------
    >>> duration("7 days")
    datetime.timedelta(days=7)
    """
    if isinstance(value, timedelta):
        span = value
    else:
        found = _DURATION.fullmatch(value) if isinstance(value, str) else None
        if not found:
            raise InstantError(f"{value!r} is not a duration: write a number and a unit, such as '7 days' or '1 hour'")
        seconds = float(found[1]) * _UNITS[found[2].lower()]
        if seconds > _LONGEST:
            raise InstantError(f"{value!r} is longer than a thousand years: write a shorter duration")
        span = timedelta(seconds=seconds)
    if span <= timedelta():
        raise InstantError(f"a duration must be longer than nothing, not {value!r}")
    return span


def span(seconds: float) -> str:
    """Return a length of time in its two largest units.

    Examples
    --------
    >>> span(93784), span(0.25)
    ('1 d 2 h', '0.25 s')
    """
    if seconds < 0:
        return "-" + span(-seconds)
    if seconds < 60:  # noqa: PLR2004  a minute
        return f"{seconds:.3g} s"
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    left, parts = round(seconds), []
    for name, size in units:
        count, left = divmod(left, size)
        parts.append((count, name))
    first = next(index for index, (count, _) in enumerate(parts) if count)
    return " ".join(f"{count:,} {name}" for count, name in parts[first : first + 2] if count)


def zone_name(value: str) -> str:
    """Return the IANA name of a zone (or a fixed offset such as +02:00), or say the nearest right one."""
    if re.fullmatch(r"[+-](0\d|1[0-4]):[0-5]\d", value):
        return value
    if value[:1] in {"+", "-"}:
        raise InstantError(f"{value!r} is no offset from UTC: write it as +02:00, at most 14 hours")
    known = available_timezones() - {"localtime"}  # a name of this machine's own, which DuckDB does not know
    if value not in known:
        hint = did_you_mean(value, known, ": write an IANA name such as 'Europe/Paris' or 'UTC'")
        raise InstantError(f"no time zone named {value!r}{hint}")
    return value
