"""Who moved where, step by step of time: the film whose single pictures `state_at` shows?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from workbench.instants import Instant, duration
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["moves_over_time"]


def moves_over_time(
    log: EventLog,
    every: str | timedelta = "1 day",
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how often aggregates moved from each state to each other, in each step of time.

    Summed up, moves into a state less moves out of it are the aggregates in it: what `state_distribution` answers at
    that instant.

    Parameters
    ----------
    log
        A log, or a part of one.
    every
        The length of a step, such as "1 hour" or a timedelta. Steps are cut in UTC, weeks from Monday.
    since, before
        Only steps that end in this window (since <= instant < before).
    by, zone
        Keys to group by, such as "actor", and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); instant TIMESTAMP (UTC, the end of the
        step, itself included); from_state VARCHAR (replayed; NULL where a life begins, from when its first state is
        known to exist); to_state VARCHAR; times BIGINT (at least 1). Ordered by type, instant and states. A step in
        which nobody moved has no row: however short the steps, there are no more rows than moves.

    Raises
    ------
    InstantError
        When `every` is no length of time, or `since` or `before` no time.

    Examples
    --------
    >>> import workbench as wb
    >>> orders = wb.read_events("sample_events/shop.ndjson").of("Order")
    >>> wb.moves_over_time(orders, "6 hours").limit(3).fetchall()
    [('Order', datetime.datetime(2026, 1, 5, 12, 0), None, 'pending', 4),
     ('Order', datetime.datetime(2026, 1, 5, 12, 0), 'pending', 'confirmed', 2),
     ('Order', datetime.datetime(2026, 1, 5, 18, 0), None, 'pending', 5)]
    """
    stride = duration(every) // timedelta(microseconds=1)
    return log.ask("moves_over_time", stride=stride, **window(since, before), by=by, zone=zone)


def move_span(log: EventLog, field: str) -> tuple[datetime, datetime] | None:
    """Return the instants of the first and the last move of a state field (UTC); None where nothing moves."""
    from workbench.sql import literal

    at = "least(coalesce(entered_at, began_at), known_at)"
    found = log.sql(f"SELECT min({at}), max({at}) FROM moves WHERE field = {literal(field)}").fetchall()
    first, last = found[0]
    return None if first is None else (first, last)


def tracks_moved(log: EventLog) -> list[tuple[str, str, int]]:
    """Return each type and state field that moved, and how many moves it made, the most first."""
    rows = log.sql("SELECT type, field, count(*) AS moves FROM moves GROUP BY ALL ORDER BY moves DESC, type, field")
    return rows.fetchall()


def pairs_moved(
    log: EventLog, field: str, since: datetime | None = None, before: datetime | None = None
) -> list[tuple[str | None, str, int]]:
    """Return each pair of states a state field moved between, None before a beginning, with how often; most first.

    Only moves in the window (since <= entered < before), which leaves out beginnings at an unknown time.
    """
    from workbench.sql import literal

    ends = [f"entered_at >= {literal(since)}"] if since else []
    ends += [f"entered_at < {literal(before)}"] if before else []
    rows = log.sql(
        "SELECT from_state, to_state, count(*) AS times FROM moves "
        f"WHERE {' AND '.join([f'field = {literal(field)}', *ends])} "
        "GROUP BY ALL ORDER BY times DESC, from_state NULLS FIRST, to_state"
    )
    return rows.fetchall()


def moves_near(log: EventLog, field: str, at: datetime, most: int) -> list[tuple[datetime, str, str | None, str]]:
    """Return the last moves up to an instant and the first after it: entered_at, aggregate_id, from and to state."""
    return log.ask("travel/near", field=field, instant=at, most=most).fetchall()
