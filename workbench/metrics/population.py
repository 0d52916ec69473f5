"""In which state is each aggregate, and how many are in each: at an instant, and over time?"""

from __future__ import annotations

import re
from math import gcd
from typing import TYPE_CHECKING

from workbench.errors import InstantError
from workbench.instants import Instant
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["state_at", "state_distribution", "states_over_time"]

_EVERY = re.compile(r"\s*(?:(\d+)\s+)?(minute|hour|day|week|month)s?\s*", re.IGNORECASE)
_SECONDS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 86_400}
_ZONES_DIFFER_BY = 900  # seconds; before 1972 a few zones did not
_MONTH = 30 * 86_400
_MOST_PERIODS = 3_000_000  # days of 8,000 years, minutes of five
_MOST_SLOTS = 6_000_000  # of which the calendar of a zone or of months is looked up: quarters of an hour of 170 years
_FITS_INTO = {"minute": 60, "hour": 24, "day": 1, "week": 1, "month": 12}


def state_at(log: EventLog, at: Instant | None = None, *, by: By = None, zone: str | None = None) -> DuckDBPyRelation:
    """Return the state of every aggregate that has one at an instant.

    A state that an aggregate was in before its first event counts from its creation, or from its first event
    where that is unknown, also when only a later event revealed it: `state_at(log, at=t)` may know more than
    `state_at(log.until(t))`.

    Parameters
    ----------
    log
        A log, or a part of one.
    at
        The instant, itself included; UTC without a zone. Left out: the log's last event, not now.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR;
        state VARCHAR; since TIMESTAMP (UTC; NULL where unknown); version BIGINT (the store's own, of the event
        that began the stay; NULL where there is none); place BIGINT (likewise); instant TIMESTAMP (UTC, the one
        asked for). Ordered by type and aggregate.

    Raises
    ------
    InstantError
        When `at` is no time.
    """
    return log.ask("state_at", instant=log.instant(at), by=by, zone=zone)


def state_distribution(
    log: EventLog, at: Instant | None = None, *, by: By = None, zone: str | None = None
) -> DuckDBPyRelation:
    """Return how many aggregates are in each state at an instant.

    Parameters
    ----------
    log
        A log, or a part of one.
    at
        The instant, itself included; UTC without a zone. Left out: the log's last event, not now.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; aggregates BIGINT;
        share DOUBLE (0 to 1, of the type's aggregates that have a state then); instant TIMESTAMP (UTC, the one
        asked for). Ordered by type, the fullest state first.

    Raises
    ------
    InstantError
        When `at` is no time.
    """
    return log.ask("state_distribution", instant=log.instant(at), by=by, zone=zone)


def states_over_time(
    log: EventLog,
    every: str = "1 day",
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how many aggregates are in each state at every calendar instant.

    At each instant the answer is that of `state_distribution`.

    Parameters
    ----------
    log
        A log, or a part of one.
    every
        "1 hour", "1 day", "1 week" (from Monday), "1 month", or a number of minutes, hours or months that divides
        the hour, day or year.
    since, before
        Only instants in this window (since <= instant < before).
    by
        Keys to group by, such as "created:week" or ["actor", "data.reason"]: see `EventLog.ask`.
    zone
        Whose clocks and calendar cut the steps, such as "Europe/Paris"; UTC if left out. With its days the instants
        are the midnights there, as UTC; on a day of 25 hours "1 hour" has 25 instants.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); instant TIMESTAMP (UTC); state
        VARCHAR; aggregates BIGINT (at least 1: a state that holds nobody has no row at that instant). From the
        first calendar instant at which any aggregate has a state to the first one not before the last move.
        Ordered by type, instant and state.

    Raises
    ------
    InstantError
        When `every` is no such step, or too many lie in the window or the log's time, or `since` or `before` is no
        time.
    """
    step, seconds = calendar_step(every)
    grain = seconds if zone is None else gcd(seconds, _ZONES_DIFFER_BY)
    ends = window(since, before)
    check_periods(log, every, grain, ends)
    return log.ask(
        "states_over_time",
        step=step,
        grain=1_000_000 * grain,
        **ends,
        by=by,
        zone=zone,
    )


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
