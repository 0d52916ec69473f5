"""Who does what, who hands over to whom, and did anyone do alone what takes two?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import LogError
from workbench.instants import Instant
from workbench.metrics.states import one_track
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["actor_transitions", "four_eyes", "handovers"]


def actor_transitions(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return who moves aggregates from which state to which, and how often.

    Beginnings are moves from no state; those that are only known from a later event belong to nobody and are left out.

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only moves in this window (since <= entered < before).
    by, zone
        Keys to group by, such as "created:week", and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); actor VARCHAR (NULL where the event
        names none); from_state VARCHAR (NULL for a beginning); to_state VARCHAR; times BIGINT; aggregates BIGINT
        (distinct); of_actor DOUBLE (0 to 1, of the actor's moves); of_transition DOUBLE (0 to 1, of these moves by
        anybody). Ordered by type, the most frequent first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.
    """
    return log.ask("actor_transitions", **window(since, before), by=by, zone=zone)


def handovers(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return who hands aggregates over to whom: each actor of a life's event, and that of the next.

    Events that name no actor are passed over. An actor who goes on alone is a pair too (actor = next_actor).

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only pairs whose second event lies in this window (since <= effective < before).
    by, zone
        Keys to group by, such as "created:week", and the zone that cuts their calendar periods: see `EventLog.ask`,
        each life in one group.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; actor VARCHAR; next_actor VARCHAR; times BIGINT; aggregates BIGINT (distinct); share DOUBLE (0 to
        1, of the type's pairs); median_seconds DOUBLE (from the one's event to the other's). Ordered by type, the most
        frequent first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.
    """
    return log.ask("handovers", **window(since, before), by=by, zone=zone, per_life=True)


def four_eyes(
    log: EventLog,
    first: str,
    second: str,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return, of the aggregates that entered two states, whether the same actor brought them into both.

    Parameters
    ----------
    log
        A log, or a part of one.
    first, second
        Two states, such as "confirmed" and "fulfilled"; which came first does not matter.
    since, before
        Only moves in this window (since <= entered < before).
    by, zone
        Keys to group by, such as "created:week", and the zone that cuts their calendar periods: see `EventLog.ask`,
        each life in one group.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; verdict VARCHAR ('same' when some actor did both; else 'unknown' when one of
        these moves names no actor; else 'different'); actors VARCHAR[] (who did both); first_actors VARCHAR[],
        second_actors VARCHAR[] (who brought it into each). One row an aggregate that entered both, 'same' first.

    Raises
    ------
    UnknownNameError
        When no life was ever in one of the states; says the nearest state.
    LogError
        When both are the same state, or belong to several types or state fields.
    InstantError
        When `since` or `before` is no time.
    """
    if first == second:
        raise LogError(f"four eyes need two states, not {first!r} twice")
    one_track(log, [first, second])
    return log.ask("four_eyes", first=first, second=second, **window(since, before), by=by, zone=zone, per_life=True)
