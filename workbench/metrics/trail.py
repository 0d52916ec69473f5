"""What happened, to whom, and where does a text appear?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import LogError

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog

__all__ = ["audit_trail", "event_types", "find"]


def find(log: EventLog, text: str) -> DuckDBPyRelation:
    """Return the aggregates whose id, or whose events, hold a text; upper and lower case aside.

    Parameters
    ----------
    log
        A log, or a part of one.
    text
        What to look for: an aggregate's id, or what an event's id, payload, metadata, correlation or causation id
        holds, or an actor in full.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; found_in VARCHAR ("id", "event id", "data", "metadata", "correlation",
        "causation", "actor", joined by a comma); events BIGINT (that hold the text; 0 where only the aggregate's id
        does); first TIMESTAMP (UTC, of those events); exact BOOLEAN (an id is the text and nothing more).
        Aggregates of that very id come first, then other exact ids, then the rest by type and id.

    Raises
    ------
    LogError
        When the text is empty.
    """
    needle = str(text).strip()
    if not needle:
        raise LogError("find needs a text to look for, such as an order number; it was given none")
    return log.ask("find", needle=needle)


def event_types(log: EventLog) -> DuckDBPyRelation:
    """Return the kinds of event in the log, how many there are, and which of them move a state.

    Parameters
    ----------
    log
        A log, or a part of one.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; event_type VARCHAR; schema_version VARCHAR; events BIGINT; aggregates BIGINT (distinct); first
        TIMESTAMP, last TIMESTAMP (UTC, as the events say); changes_state BOOLEAN (at least one of them states a
        state). Ordered by type, the most frequent first.
    """
    return log.ask("event_types")


def audit_trail(log: EventLog) -> DuckDBPyRelation:
    """Return what happened to each aggregate, event by event.

    Parameters
    ----------
    log
        Usually one life: `log.of("Order", 42)`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; place BIGINT (from
        1, the order of replay); version BIGINT (the store's own); occurred_at TIMESTAMP (UTC, as the event says);
        event_type VARCHAR; transition VARCHAR (as recorded); from_state VARCHAR (replayed), to_state VARCHAR (both
        NULL where the event moves nothing); actor VARCHAR; changed JSON (attribute -> [old, new]; what `replay`
        without reducers says); context JSON (the metadata, else the payload's context); cause VARCHAR (id of the
        causing event); correlation_id VARCHAR; event_id VARCHAR. One row an event, in order of replay; an event that
        moves two state fields has two.
    """
    return log.ask("audit_trail")
