"""Which events concern one case, over all aggregates, and by which link does each belong to it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import UnknownNameError

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog

__all__ = ["related"]


def related(log: EventLog, type: str, id: object) -> DuckDBPyRelation:
    """Return one timeline of every event that concerns an aggregate, and the link by which it does.

    An event belongs by the first of these that holds:

    - it is the aggregate's own ("itself")
    - causation: it is a cause, of whatever order, of an own event ("cause of 436"), or an effect ("caused by 434")
    - a link that the log's mapping declares (`links:`): its aggregate names this one by id ("order_id = 42"), from
      the first event that does until one names another; or this one names it; so on, up to three links away
    - it has the correlation id of an own event ("correlation 12e4be1b")

    The other effects of a cause do not belong, nor does what else names an aggregate that this one names. A causation
    id that no event has is a row of its own (`broken`). An id that a store numbers is looked for in that system only.

    Parameters
    ----------
    log
        Usually the whole log; in a part of one, what lies outside is not there.
    type, id
        The aggregate: ("Order", 42).

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; place BIGINT (in
        its life); occurred_at TIMESTAMP (UTC, as the event says); event_type VARCHAR; from_state VARCHAR (replayed),
        to_state VARCHAR (both NULL where the event moves nothing); actor VARCHAR; event_id VARCHAR; cause VARCHAR (id
        of the causing event); link VARCHAR; distance BIGINT (steps from an own event, 0 for those); broken BOOLEAN (no
        event has this id, which the one in `link` names as its cause: all other columns are NULL). One row an event,
        by effective time, then in the store's order; an event that moves two state fields has two.

    Raises
    ------
    UnknownNameError
        For a type or an aggregate that is not there.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> related(log, "Order", 42).project("type, event_id, to_state, link").fetchall()[-3:]
    [('InventoryItem', '435', 'available', 'cause of 436'), ('Order', '436', 'cancelled', 'itself'), \
('Fulfillment', '437', 'cancelled', 'caused by 436')]
    """
    one_life(log, type, id)
    return log.ask("related", fulltype=log.full_type(type), whose=str(id))


def one_life(log: EventLog, type: str, id: object) -> EventLog:
    """Return the log of one aggregate, or say that it is not there, or has no event in this log."""
    life = log.of(type, id)
    if not life.sql("SELECT 1 FROM lives LIMIT 1").fetchall():
        raise UnknownNameError(f"{type} {id} has no event in this log: ask it of the whole log, or of a later instant")
    return life
