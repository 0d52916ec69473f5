"""Where do lives wait, and since when?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.instants import Instant
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["ageing", "bottlenecks"]


def ageing(log: EventLog, at: Instant | None = None, *, by: By = None, zone: str | None = None) -> DuckDBPyRelation:
    """Return how long the aggregates that are in each state at an instant have been there.

    `state_at` lists them one by one, each with its `since`.

    Parameters
    ----------
    log
        A log, or a part of one.
    at
        The instant, itself included; UTC without a zone. Left out: the log's last event, not now.
    by, zone
        Keys to group by, such as "created:week", and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; aggregates BIGINT;
        unknown_start BIGINT (of them; nothing else counts these); oldest_since TIMESTAMP (UTC); median_seconds DOUBLE,
        p90_seconds DOUBLE, max_seconds DOUBLE (exact); hour BIGINT, day BIGINT, week BIGINT, month BIGINT, longer
        BIGINT (aggregates that have been there for less than an hour; from there to a day; to seven days; to thirty;
        longer); instant TIMESTAMP (UTC, the one asked for). Ordered by type, the fullest state first.

    Raises
    ------
    InstantError
        When `at` is no time.
    """
    return log.ask("ageing", instant=log.instant(at), by=by, zone=zone)


def bottlenecks(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return in which states lives spend most of their time: how many are inside, how many come, how long they stay.

    The time of all stays within the window, ranked. A state that nobody ever left is where lives end, or are stuck
    for good: it is told without a rank. Little's law ties the columns: in a window of so many days, mean_inside =
    stays / days x mean_stay_seconds / 86400.

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        The window, cut to the time from the log's first event to its last; of each stay only what lies within it.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); rank BIGINT (from 1); state VARCHAR;
        stays BIGINT (that touch the window; one of unknown beginning counts from its life's first event); entered
        BIGINT, exited BIGINT (within it); entered_per_day DOUBLE, exited_per_day DOUBLE; mean_inside DOUBLE
        (aggregates, over the window's time); mean_stay_seconds DOUBLE, total_seconds DOUBLE (within the window); share
        DOUBLE (0 to 1, of the total of the ranked states). Ordered by type and rank.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.

    Notes
    -----
    Little (1961), "A proof for the queuing formula L = lambda W".
    """
    return log.ask("bottlenecks", **window(since, before), by=by, zone=zone)
