"""What happened, to whom, and where does a text appear?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.instants import Instant
from workbench.metrics.windows import window

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
    return log.ask("find", needle=_needle(text))


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
        state); replayed BIGINT (events that a reducer knows, ours or the mapping's: the others change no attribute but
        the state). Ordered by type, the most frequent first.
    """
    return log.ask("event_types")


def audit_trail(
    log: EventLog,
    *,
    actor: object = None,
    event_type: str | None = None,
    state: str | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    text: str | None = None,
    correlation: object = None,
    after: str | None = None,
    limit: int | None = None,
) -> DuckDBPyRelation:
    """Return what happened to each aggregate, event by event: all of it, or the events that meet every condition.

    Read page by page with `limit` and `after`: the mark of a row is its type, aggregate_id and place, joined by
    colons, and the next page begins after the last row's. Events added meanwhile at the end of a life shift nothing;
    one that arrives late, before a mark, may show a row twice and leaves none out.

    Parameters
    ----------
    log
        One life, as in `log.of("Order", 42)`, or any log.
    actor, event_type
        Exactly these.
    state
        Only events that put an aggregate in this state, or said it again.
    since, before
        Only events in this window (since <= effective time < before), on the clock that `log.until` cuts by.
    text
        Only events whose payload, metadata or ids hold it; upper and lower case aside.
    correlation
        Only events of this correlation id.
    after
        The mark of the last row read, such as "Order:42:3".
    limit
        At most so many events.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; place BIGINT (from
        1, the order of replay); version BIGINT (the store's own); occurred_at TIMESTAMP (UTC, as the event says);
        event_type VARCHAR; transition VARCHAR (as recorded); from_state VARCHAR (replayed), to_state VARCHAR (both
        NULL where the event moves nothing); actor VARCHAR; changed JSON (attribute -> [old, new]; what `replay`
        says); context JSON (the metadata, else the payload's context); cause VARCHAR (id of the
        causing event); correlation_id VARCHAR; event_id VARCHAR. One row an event, by type, aggregate and order of
        replay; an event that moves two state fields has two.

    Raises
    ------
    UnknownNameError
        For an actor, event type, state or type of a mark that is not in this log.
    LogError
        When `limit` is below 1, the text is empty or `after` is no mark.
    InstantError
        When `since` or `before` is no time, or the window ends before it begins.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> audit_trail(log, state="cancelled", after="Order:41:1", limit=1).project("aggregate_id, place").fetchall()
    [('42', 4)]
    """
    if limit is not None and limit < 1:
        raise LogError(f"limit={limit} asks for no event: write 1 or more, or leave it out for all")
    conditions = asked_for(
        log,
        actor=actor,
        event_type=event_type,
        state=state,
        since=since,
        before=before,
        text=text,
        correlation=correlation,
    )
    return log.ask("audit_trail", mark=None if after is None else _mark(log, after), size=limit, **conditions)


def asked_for(
    log: EventLog,
    *,
    actor: object = None,
    event_type: str | None = None,
    state: str | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    text: str | None = None,
    correlation: object = None,
) -> dict[str, Any]:
    """Return the conditions of `audit_trail` as `parts/asked_events.sql` takes them, each known to the log."""
    return {
        "who": None if actor is None else log.known("actor", str(actor)),
        "kind": None if event_type is None else log.known("event type", str(event_type)),
        "entered": None if state is None else log.known("state", str(state)),
        "needle": None if text is None else _needle(text),
        "thread": None if correlation is None else str(correlation),
        **window(since, before),
    }


def _needle(text: str) -> str:
    needle = str(text).strip()
    if not needle:
        raise LogError("looking for a text needs a text, such as an order number; none was given")
    return needle


def _mark(log: EventLog, after: str) -> dict[str, object]:
    """Return the key of the order that a mark stands for; types and ids may hold colons themselves."""
    whose, _, place = str(after).rpartition(":")
    cuts = [at for at, sign in enumerate(whose) if sign == ":"]
    if not place.isdecimal() or not cuts:
        raise LogError(f"after={after!r} is no mark: write a row's type, aggregate_id and place, such as 'Order:42:3'")
    types = {short: full for full, short in log.sql("SELECT DISTINCT aggregate_type, type FROM lives").fetchall()}
    known = [at for at in cuts if whose[:at] in types or whose[:at] in types.values()]
    at = known[-1] if known else cuts[0]
    full = log.full_type(whose[:at])
    return {"t": full, "n": len(whose[at + 1 :]), "i": whose[at + 1 :], "p": int(place)}
