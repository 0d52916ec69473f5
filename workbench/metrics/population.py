"""In which state is each aggregate, and how many are in each: at an instant, and over time?"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

from workbench.instants import Instant
from workbench.metrics.periods import calendar_step, check_periods
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["state_at", "state_distribution", "states_over_time"]

_ZONES_DIFFER_BY = 900  # seconds; before 1972 a few zones did not


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
    return log.ask("states_over_time", step=step, grain=1_000_000 * grain, **ends, by=by, zone=zone)
