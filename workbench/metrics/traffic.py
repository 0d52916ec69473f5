"""How often do aggregates move from one state to another, and how many a day?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.instants import Instant
from workbench.metrics.periods import calendar_step, check_periods
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.sql import By

__all__ = ["transition_counts", "transition_rates"]


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
        the next); p99_seconds DOUBLE, mean_seconds DOUBLE (as the others). Ordered by type, the most frequent first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.
    """
    return log.ask("transition_counts", **window(since, before), by=by, zone=zone)


def transition_rates(
    log: EventLog,
    every: str | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how many moves a day go from each state to each other, in each period, and whether they become more.

    Observed is from the log's first event to its last, or the window's part of it, for all types and groups alike: so
    the rates of groups add up. A self loop is the pair of a state with itself: an event that states it again.

    Parameters
    ----------
    log
        A log, or a part of one.
    every
        A calendar period such as "1 week", as `states_over_time` takes it; without it all that was observed is one.
    since, before
        Only moves in this window (since <= entered < before).
    by
        Keys to group by, such as "actor": see `EventLog.ask`.
    zone
        Whose calendar cuts the periods, such as "Europe/Paris"; UTC if left out.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); from_state VARCHAR; to_state VARCHAR;
        period TIMESTAMP (UTC, its beginning); times BIGINT (0 in a period without such a move); days DOUBLE (of the
        period that were observed); per_day DOUBLE; low DOUBLE, high DOUBLE (its 95 % interval); trend DOUBLE (the rate
        in the second half of all that was observed over that in the first: 1.2 is a fifth more, NULL when all
        moves came later); trend_low DOUBLE, trend_high DOUBLE (its 95 % interval; NULL: no upper end). Each row of a
        pair tells the same trend. Rates of nothing observed (all events at one instant) are NULL. Ordered by type, the
        most frequent pair first, then by period.

    Raises
    ------
    InstantError
        When `every` is no calendar step, or too many lie in the log's time, or `since` or `before` is no time.

    Examples
    --------
    >>> import workbench as wb
    >>> log = wb.read_events("sample_events/shop.ndjson").of("Order")
    >>> weeks = transition_rates(log, "1 week").filter("from_state = 'pending' AND to_state = 'confirmed'")
    >>> weeks.project("period::DATE::VARCHAR, times").fetchall()[:2]
    [('2026-01-05', 80), ('2026-01-12', 82)]

    Notes
    -----
    The interval of a rate is Byar's approximation to the exact one of a Poisson count (Breslow and Day, Statistical
    Methods in Cancer Research II, 1987): within 1 % of it from 5 moves on. That of the trend is Wilson's (JASA 22,
    1927) of the later among all moves. Both take moves to come one by one: where they come in batches, noise is more.
    """
    ends = window(since, before)
    if every is not None:
        check_periods(log, every, ends=ends)
    step = None if every is None else calendar_step(every)[0]
    return log.ask("transition_rates", every=step, **ends, by=by, zone=zone)
