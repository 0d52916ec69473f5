"""Which ways do lives take through their states?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.instants import Instant, duration
from workbench.metrics.funnel_steps import Steps, steps_of
from workbench.metrics.rules.machine_fit import tracks_told
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machines, Match
    from workbench.sql import By

__all__ = ["funnel", "funnel_lives", "funnel_lost", "variants"]


def funnel(
    log: EventLog,
    steps: Sequence[str],
    within: str | timedelta | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    order: str = "loose",
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how many aggregates go through these states in this order.

    Greedy: an aggregate's first entry of the first state, then its first later entry of each next state; later
    by the order of its moves, so that equal times count. Other states may lie between, unless the order is strict.

    Steps may be of several types: `["Order:confirmed", "Fulfillment:shipped"]`. What is followed is then each aggregate
    of the first step's type together with all that is linked to it (what names it and what it names, by the mapping's
    `links:`, up to three links away; where no link leads to a type, what shares a correlation id). A step is the first
    entry by any of these after the step before, so an order with two fulfillments counts once.

    Parameters
    ----------
    log
        A log, or a part of one.
    steps
        States in order; a state may come again. "Order:paid" is that state of a type, "payment_status:paid" or
        "Order.payment_status:paid" that of one of its state fields.
    within
        The longest time from the first step to any other, itself included, such as "7 days"; a first step of
        unknown beginning then goes no further.
    since, before
        Only aggregates that first entered the first step in this window (since <= entered < before); their later
        steps may lie outside.
    order
        "loose", or "strict": each step is the very next state after the one before. An aggregate may then try
        again from a later entry of the first step; the earliest attempt that gets this far counts.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`, each life in one group.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR (of the first step's aggregates, which are counted); field VARCHAR (only where the log has two
        state fields); step BIGINT (from 1); state VARCHAR; aggregates BIGINT; of_first DOUBLE (0 to 1); of_previous
        DOUBLE (0 to 1); median_seconds DOUBLE (from the previous step; NULL for the first, and where none is
        known). One row a step, in order.

    Raises
    ------
    UnknownNameError
        When no life was ever in one of the states; says the nearest state.
    LogError
        When `steps` is empty or a text, it does not say which of several types or state fields a state is of, nothing
        links the types, or `order` is neither.
    InstantError
        When `within`, `since` or `before` cannot be understood.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson")
    >>> linked = funnel(log, ["Order:confirmed", "Fulfillment:in_progress", "Fulfillment:shipped"])
    >>> linked.project("state, aggregates").fetchall()
    [('Order:confirmed', 798), ('Fulfillment:in_progress', 797), ('Fulfillment:shipped', 720)]
    """
    meant = steps_of(log, steps)
    return _asked(log, "funnel", meant, within, since=since, before=before, order=order, by=by, zone=zone)


def funnel_lost(
    log: EventLog,
    steps: Sequence[str],
    within: str | timedelta | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    order: str = "loose",
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return, of those who go no further in a funnel, where they went instead and where they are now.

    Lost is meant by the log's last event: who still waits in the state of a step may yet go on, and who came too
    late for `within` is lost to the next step itself.

    Parameters
    ----------
    log, steps, within, since, before, order, by, zone
        As for `funnel`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; step BIGINT (the last they reached, from 1); state VARCHAR; reached BIGINT (aggregates that
        reached the step); lost BIGINT (of these: no further); next_state VARCHAR (right after it; NULL: they never
        left); current_state VARCHAR; aggregates BIGINT; share DOUBLE (0 to 1, of the lost). By step, the most
        frequent first; the last step loses nobody.

    Raises
    ------
    UnknownNameError, LogError, InstantError
        As `funnel`.
    """
    meant = steps_of(log, steps)
    return _asked(log, "funnel_lost", meant, within, since=since, before=before, order=order, by=by, zone=zone)


def funnel_lives(
    log: EventLog,
    steps: Sequence[str],
    within: str | timedelta | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    order: str = "loose",
    lost_after: int | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return the aggregates behind the numbers of a funnel, each with the furthest step it reached.

    Parameters
    ----------
    log, steps, within, since, before, order, by, zone
        As for `funnel`: its `aggregates` of a step are the rows here with that step or a later one.
    lost_after
        Only those who went no further than this step.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; step BIGINT (from 1); state VARCHAR; started_at TIMESTAMP (entry of the
        first step; UTC); entered_at TIMESTAMP (of the furthest); next_state VARCHAR (right after it; NULL: never
        left); current_state VARCHAR. By step and id.

    Raises
    ------
    UnknownNameError, LogError, InstantError
        As `funnel`; also when `lost_after` is none of the steps.
    """
    meant = steps_of(log, steps)
    if lost_after is not None and not 0 < lost_after <= len(meant.states):
        raise LogError(f"lost_after={lost_after} is no step: they are numbered from 1 to {len(meant.states)}")
    asked: dict[str, Any] = {"since": since, "before": before, "order": order, "by": by, "zone": zone}
    return _asked(log, "funnel_lives", meant, within, lost_after=lost_after, **asked)


def _asked(
    log: EventLog,
    question: str,
    steps: Steps,
    within: str | timedelta | None,
    *,
    order: str,
    since: Instant | None,
    before: Instant | None,
    **asked: Any,
) -> DuckDBPyRelation:
    """Return the answer of one of the three questions about a funnel."""
    from workbench.sql import literal

    if order not in {"loose", "strict"}:
        raise LogError(f"order= is 'loose' or 'strict', not {order!r}")
    span = None if within is None else duration(within)
    asked |= {"steps": steps.states, "span": span, "strict": order == "strict", **window(since, before)}
    if steps.tracks is not None:
        return log.ask(f"linked/{question}", tracks=steps.tracks, per_life=True, **asked)
    answer = steps.log.ask(question, per_life=True, **asked)
    chosen = steps.field is not None and "field" in answer.columns
    return answer.filter(f"field = {literal(steps.field)}") if chosen else answer


def variants(
    log: EventLog,
    machines: Machines | None = None,
    match: Match | None = None,
    *,
    loops: str = "keep",
    since: Instant | None = None,
    before: Instant | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return the sequences of states that lives take, the most frequent first.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them: tells which sequences fit.
    match
        Type -> name of its machine, where the model does not say it.
    loops
        "keep", or "collapse": a block of states that follows itself is told once (a b a b c as a b c).
    since, before
        Only lives whose first event lies in this window (since <= first < before).
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); variant BIGINT (rank within the type,
        from 1); states VARCHAR[] (empty for lives that never had a state); aggregates BIGINT; share DOUBLE (0 to 1,
        of the type's lives); median_seconds DOUBLE (from a life's first event to its last; exact); coverage DOUBLE (0
        to 1, the share of this variant and all before it); with machines fitting BIGINT (aggregates that begin in the
        initial state and whose every step is a transition; NULL where no machine speaks for the type); happy BOOLEAN
        (the most frequent sequence; with a machine, of those that fit and end in a final state). Ordered by type and
        rank; equally frequent sequences by their states.

    Raises
    ------
    LogError
        When `loops` is neither.
    UnknownNameError, MachineError
        As `conformance`.
    InstantError
        When `since` or `before` is no time.
    """
    if loops not in {"keep", "collapse"}:
        raise LogError(f"loops= is 'keep' or 'collapse', not {loops!r}")
    speaking = [] if machines is None else tracks_told(log, machines, match)
    values = {"machines": speaking, "collapse": loops == "collapse", **window(since, before)}
    found = log.ask("variants", **values, by=by, zone=zone)
    return found if machines is not None else found.select("* EXCLUDE (fitting)")
