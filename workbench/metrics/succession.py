"""Which state comes sooner or later after which?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.instants import Instant
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["eventually_follows"]


def eventually_follows(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how often each state is entered some time after each other, in one life.

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only pairs whose first entry lies in this window (since <= entered < before); the second may lie outside.
    by, zone
        Keys to group by, and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); from_state VARCHAR; to_state VARCHAR;
        times BIGINT (pairs of entries of one life, the one before the other, others between them or not); aggregates
        BIGINT (lives with such a pair); share DOUBLE (0 to 1, of the lives that were in from_state, or entered it
        in the window). A pair that no
        life has is no row. Ordered by type, the most frequent first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events([{"case": "1", "activity": state, "time": f"2026-01-0{day}"}
    ...                       for day, state in enumerate("aba", 1)])
    >>> eventually_follows(log).project("from_state, to_state, times, share").fetchall()
    [('a', 'a', 1, 1.0), ('a', 'b', 1, 1.0), ('b', 'a', 1, 1.0)]

    Notes
    -----
    The eventually-follows graph of process mining (PM4Py's `discover_eventually_follows_graph`), counted over
    distinct sequences.
    """
    return log.ask("eventually_follows", **window(since, before), by=by, zone=zone, per_life=True)
