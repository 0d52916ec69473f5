"""What about the log itself should be known before its answers are trusted?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog

__all__ = ["quality", "quality_events"]


def quality(log: EventLog) -> DuckDBPyRelation:
    """Return what is doubtful about a log: one row a kind of doubt, with its number and its first example.

    The checks: ties that only the source's order decided; version gaps, versions used twice or on some events of a
    life only; holes in the store's ids; lives whose beginning is unknown; recorded from-states that the replay
    contradicts; times that run back. Of the whole log, not of a part: rejected rows by reason, aggregates of a
    roster without events or in another state, hours that a zone has twice or not at all.

    Parameters
    ----------
    log
        A log, or a part of one. In a part, holes are those between its own ids.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR (NULL where the whole store is meant); check VARCHAR; count BIGINT (events, or missing ids, rows,
        aggregates, hours); example VARCHAR (the first, with its place); explanation VARCHAR. Empty when there is no
        doubt. Ordered by type and check.
    """
    return log.ask("quality")


def quality_events(log: EventLog) -> DuckDBPyRelation:
    """Return the events behind what `quality` counts of lives: each doubtful one, with what is doubtful.

    Parameters
    ----------
    log
        A log, or a part of one.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; place BIGINT; check VARCHAR (as `quality` names it); detail VARCHAR. Ordered
        by type, aggregate and place.

    Examples
    --------
    >>> import workbench as wb
    >>> rows = [
    ...     {"case_id": 1, "activity": "pending", "timestamp": "2026-01-01 10:00", "version": 1},
    ...     {"case_id": 1, "activity": "paid", "timestamp": "2026-01-01 11:00", "version": 3},
    ... ]
    >>> wb.quality_events(wb.read_events(rows)).fetchall()
    [('Case', '1', 2, 'version gap', 'version 3 follows 1')]
    """
    return log.ask("quality_events")
