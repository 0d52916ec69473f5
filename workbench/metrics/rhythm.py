"""When do things happen: life by life, at which hours of the week, and when far more often than usual?"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.errors import LogError
from workbench.instants import Instant, duration
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["bursts", "busy_hours", "dotted_chart"]


def busy_hours(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how many events happen at each hour of the week.

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only events in this window (since <= effective < before).
    by, zone
        Keys to group by, such as "actor", and the zone whose clock tells weekday and hour, such as "Europe/Paris"; UTC
        if left out: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; weekday BIGINT (1 is Monday, 7 is Sunday); hour BIGINT (0 to 23); events BIGINT; aggregates BIGINT
        (distinct); share DOUBLE (0 to 1, of the type's events). All 168 hours of each type that has an event, in order.

    Raises
    ------
    InstantError
        When `since` or `before` is no time, or the zone is not known.
    """
    return log.ask("busy_hours", **window(since, before), by=by, zone=zone)


def bursts(
    log: EventLog,
    span: str | timedelta = "10 minutes",
    factor: float = 10,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return the times at which an actor, or a type of event, came far more often than usual.

    Time is cut into windows of one length. What is usual is the median of the windows that hold any event: of that
    actor or event type, or where it has fewer than five, of all of its type and kind. A window is a burst when it
    holds more than `factor` times as many. Quiet hours do not count, so that a day's work is no burst.

    Parameters
    ----------
    log
        A log, or a part of one.
    span
        The length of a window, such as "10 minutes".
    factor
        How many times the usual number a burst exceeds.
    since, before
        Only events in this window (since <= effective < before).
    by, zone
        Keys to group by, such as "data.source", and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; kind VARCHAR ('actor' or 'event_type'); name VARCHAR; began_at TIMESTAMP (of the window; UTC);
        events BIGINT; aggregates BIGINT (distinct); usual_events DOUBLE; ratio DOUBLE (events / usual_events); windows
        BIGINT (of that name, with events). Ordered by the largest ratio.

    Raises
    ------
    InstantError
        When `span`, `since` or `before` cannot be understood.
    LogError
        When `factor` is not 1 or more.
    """
    if not factor >= 1:
        raise LogError(f"factor={factor} would call the usual a burst: write 1 or more")
    return log.ask("bursts", span=duration(span), factor=float(factor), **window(since, before), by=by, zone=zone)


def dotted_chart(
    log: EventLog, cells: int = 4_000, *, order: str = "began", by: By = None, zone: str | None = None
) -> DuckDBPyRelation:
    """Return when each life moves into which state, on a raster of lives and time: a dotted chart of any log.

    Parameters
    ----------
    log
        A log, or a part of one.
    cells
        How many rows the answer has at most, of all types together (but at least one a type): the raster is as fine
        as that allows.
    order
        How the lives of a type are ranked: "began", by their first event; "length", the longest first.
    by, zone
        Keys of lives to group by, such as "attributes.country", and the zone that cuts their calendar periods: see
        `EventLog.ask`, each life in one group.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); first_life BIGINT, last_life BIGINT (the
        cell's lives, ranks from 1); since TIMESTAMP, before TIMESTAMP (UTC; the cell's beginning, and its end); state
        VARCHAR (the one entered most often in the cell); moves BIGINT (in the cell, into any state). Only cells with a
        move; moves at an unknown time are in none. Ordered by type, lives and time.

    Raises
    ------
    LogError
        When `cells` is not 1 or more, or `order` is neither.

    Examples
    --------
    >>> import workbench as wb
    >>> orders = wb.read_events("sample_events/shop.ndjson").of("Order")
    >>> dotted_chart(orders, cells=50).aggregate("count(*), max(last_life), sum(moves)").fetchall()
    [(42, 900, 2541)]

    Notes
    -----
    Song and van der Aalst (2007), "Supporting process mining by showing events at a glance".
    """
    if cells < 1:
        raise LogError(f"cells={cells} leaves nothing to draw: write 1 or more")
    if order not in {"began", "length"}:
        raise LogError(f"order= is 'began' or 'length', not {order!r}")
    return log.ask("dotted_chart", cells=int(cells), by_length=order == "length", by=by, zone=zone, per_life=True)
