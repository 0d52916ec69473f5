"""Which ways do lives take through their states?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from workbench.errors import LogError
from workbench.instants import Instant, duration
from workbench.metrics.states import one_track
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["funnel", "variants"]


def funnel(
    log: EventLog,
    steps: Sequence[str],
    within: str | timedelta | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how many aggregates go through these states in this order.

    Greedy: an aggregate's first entry of the first state, then its first later entry of each next state; later
    by the order of its moves, so that equal times count. Other states may lie between.

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
        When `steps` is empty or a text, or its states belong to several types or state fields.
    InstantError
        When `within`, `since` or `before` cannot be understood.
    """
    named = _named(steps)
    one_track(log, named)
    span = None if within is None else duration(within)
    return log.ask("funnel", steps=named, span=span, **window(since, before), by=by, zone=zone, per_life=True)


def variants(log: EventLog, *, by: By = None, zone: str | None = None) -> DuckDBPyRelation:
    """Return the sequences of states that lives take, the most frequent first.

    Parameters
    ----------
    log
        A log, or a part of one.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); variant BIGINT (rank within the type,
        from 1); states VARCHAR[] (empty for lives that never had a state); aggregates BIGINT; share DOUBLE (0 to 1,
        of the type's lives); median_seconds DOUBLE (from a life's first event to its last; exact). Ordered by
        type and rank; equally frequent sequences by their states.
    """
    return log.ask("variants", by=by, zone=zone)


def _named(steps: Sequence[str]) -> list[str]:
    if isinstance(steps, str) or not steps:
        raise LogError(f"a funnel needs a list of states such as ['pending', 'paid'], not {steps!r}")
    return [str(step) for step in steps]
