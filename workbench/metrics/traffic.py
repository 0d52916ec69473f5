"""How often do aggregates move from one state to another?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.instants import Instant
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["transition_counts"]


def transition_counts(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how often aggregates moved from each state to each other, and how long they had been in the first.

    The state moved from is the replayed one. A beginning (the first move of a life) is none of these moves;
    an event that states the same state again is one.

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only moves in this window (since <= entered < before).
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); from_state VARCHAR; to_state VARCHAR;
        times BIGINT; aggregates BIGINT (distinct); share DOUBLE (0 to 1, of the type's moves in the window);
        median_seconds DOUBLE, p90_seconds DOUBLE (time spent in from_state before the move; exact; NULL where
        no beginning is known); unknown_start BIGINT (moves that these leave out: since when the aggregate had been
        in from_state is unknown); of_from DOUBLE (0 to 1, of the moves out of from_state: how likely to_state is
        the next); p99_seconds DOUBLE (as the other two). Ordered by type, the most frequent first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.
    """
    return log.ask("transition_counts", **window(since, before), by=by, zone=zone)
