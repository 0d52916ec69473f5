"""How do things stand right now, and what happened last?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.errors import LogError
from workbench.instants import Instant, duration
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["pulse", "recent_moves"]


def pulse(
    log: EventLog, span: str | timedelta = "1 hour", *, by: By = None, zone: str | None = None
) -> DuckDBPyRelation:
    """Return who is in each state now, how many came and went in the last span, and came in the one before.

    Now is the log's last event; `log.until(t)` has another. One pass over the moves, so that it can be asked every
    second of millions.

    Parameters
    ----------
    log
        A log, or a part of one.
    span
        How far back is looked, such as "1 hour" or a timedelta; and as far again for what was before.
    by, zone
        Keys to group by, such as "created:week" or "actor", and the zone that cuts their calendar periods: see
        `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; aggregates BIGINT (in it
        now); entered, exited BIGINT (stays that began, that ended, in the span, both its ends included); entered_before
        BIGINT (that began in the span before); instant TIMESTAMP (UTC, now). Just before the span
        the state had aggregates - entered + exited. A state that nobody is in or left lately has no row. Ordered by
        type, the fullest state first.

    Raises
    ------
    InstantError
        When `span` is no length of time.
    LogError
        When the log holds no event, so that there is no now.

    Examples
    --------
    >>> import workbench as wb
    >>> orders = wb.read_events("sample_events/shop.ndjson").of("Order")
    >>> wb.pulse(orders, "1 day").select("state, aggregates, entered, exited").limit(2).fetchall()
    [('fulfilled', 723, 0, 0), ('cancelled', 120, 2, 0)]
    """
    now, length = log.instant(), duration(span)
    return log.ask("pulse", since=now - length, earlier=now - 2 * length, instant=now, by=by, zone=zone)


def recent_moves(
    log: EventLog, most: int = 20, *, states: Sequence[str] | None = None, since: Instant | None = None
) -> DuckDBPyRelation:
    """Return the last moves, the newest first.

    Parameters
    ----------
    log
        A log, or a part of one.
    most
        How many at most.
    states
        Only moves into one of these states; names the log does not have (yet) find nothing.
    since
        Only moves from this instant on.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; entered_at
        TIMESTAMP (UTC); from_state VARCHAR (replayed; NULL where a life begins); to_state, transition (as recorded),
        actor VARCHAR; version BIGINT (the store's own); place BIGINT. States that an aggregate was in before its first
        recorded move are no moves.

    Raises
    ------
    InstantError
        When `since` is no time.
    LogError
        When `most` is less than 1.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> wb.recent_moves(log, 1, states=["cancelled"]).select("type, aggregate_id, from_state, to_state").fetchall()
    [('Order', '888', 'pending', 'cancelled')]
    """
    if most < 1:
        raise LogError(f"most={most} moves cannot be shown: ask for 1 or more")
    wanted = None if states is None else [*map(str, states)]
    return log.ask("recent_moves", most=most, states=wanted, since=window(since, None)["since"])
