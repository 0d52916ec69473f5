"""Which ways do lives take through their states?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.instants import Instant, duration
from workbench.metrics.machine_fit import tracks_told
from workbench.metrics.states import one_track
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machines
    from workbench.metrics.tracks import Match
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

    Parameters
    ----------
    log
        A log, or a part of one.
    steps
        States in order; a state may come again.
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
        type VARCHAR; step BIGINT (from 1); state VARCHAR; aggregates BIGINT; of_first DOUBLE (0 to 1); of_previous
        DOUBLE (0 to 1); median_seconds DOUBLE (from the previous step; NULL for the first, and where none is
        known). One row a step, in order.

    Raises
    ------
    UnknownNameError
        When no life was ever in one of the states; says the nearest state.
    LogError
        When `steps` is empty or a text, its states belong to several types or state fields, or `order` is neither.
    InstantError
        When `within`, `since` or `before` cannot be understood.
    """
    return log.ask("funnel", **_followed(log, steps, within, since=since, before=before, order=order, by=by, zone=zone))


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
    return log.ask(
        "funnel_lost", **_followed(log, steps, within, since=since, before=before, order=order, by=by, zone=zone)
    )


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
    values = _followed(log, steps, within, since=since, before=before, order=order, by=by, zone=zone)
    if lost_after is not None and not 0 < lost_after <= len(values["steps"]):
        raise LogError(f"lost_after={lost_after} is no step: they are numbered from 1 to {len(values['steps'])}")
    return log.ask("funnel_lives", lost_after=lost_after, **values)


def _followed(
    log: EventLog,
    steps: Sequence[str],
    within: str | timedelta | None,
    *,
    since: Instant | None,
    before: Instant | None,
    order: str,
    by: By,
    zone: str | None,
) -> dict[str, Any]:
    """Return what the three questions about a funnel are asked with."""
    named = _named(steps)
    one_track(log, named)
    if order not in {"loose", "strict"}:
        raise LogError(f"order= is 'loose' or 'strict', not {order!r}")
    one_track(log, named)
    span = None if within is None else duration(within)
    followed = {"steps": named, "span": span, "strict": order == "strict", **window(since, before)}
    return followed | {"by": by, "zone": zone, "per_life": True}


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


def _named(steps: Sequence[str]) -> list[str]:
    if isinstance(steps, str) or not steps:
        raise LogError(f"a funnel needs a list of states such as ['pending', 'paid'], not {steps!r}")
    return [str(step) for step in steps]
