"""How long is the way from one state to another, and how many lives begin, end and come back?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.errors import LogError, UnknownNameError
from workbench.instants import Instant
from workbench.metrics.periods import calendar_step, check_periods
from workbench.metrics.states import one_track
from workbench.metrics.tracks import tracks_of
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machines, Match
    from workbench.sql import By

__all__ = ["flow", "life_durations", "rework", "throughput"]


def throughput(
    log: EventLog,
    from_state: str,
    to_state: str,
    *,
    once: bool = False,
    since: Instant | None = None,
    before: Instant | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how long aggregates take from one state to another.

    A way goes from the first entry of `from_state` since the last way ended to the next entry of `to_state`; other
    states may lie between. With one state for both, from each entry to the next. One by one: by="aggregate_id".

    Parameters
    ----------
    log
        A log, or a part of one.
    from_state, to_state
        States of one type.
    once
        Only the first way of each aggregate.
    since, before
        Only ways begun in this window (since <= entered < before).
    by, zone
        Keys of lives to group by, such as "created:week" or "aggregate_id", and the zone that cuts their calendar
        periods: see `EventLog.ask`. What a move has (an actor) is the first known of its life.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); from_state VARCHAR; to_state VARCHAR;
        aggregates BIGINT (distinct, that got there); times BIGINT (ways); open BIGINT (aggregates that set out and have
        not got there); unknown_start BIGINT (of the ways, those without a time); mean_seconds DOUBLE, min_seconds
        DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE, p99_seconds DOUBLE, max_seconds DOUBLE, p10_seconds DOUBLE,
        p25_seconds DOUBLE, p75_seconds DOUBLE (exact). No row when nobody set out.

    Raises
    ------
    UnknownNameError
        When no life was ever in one of the states; says the nearest.
    LogError
        When the states belong to several types or state fields, or `once` is neither true nor false.
    InstantError
        When `since` or `before` is no time.
    """
    one_track(log, [from_state, to_state])
    if not isinstance(once, bool):
        raise LogError(f"once= is True or False, not {once!r}")
    values = {"origin": from_state, "target": to_state, "once": once, **window(since, before)}
    return log.ask("throughput", **values, by=by, zone=zone, per_life=True)


def rework(
    log: EventLog,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return which states aggregates come back to, through the same actor or another, and what time it takes.

    Parameters
    ----------
    log
        A log, or a part of one.
    since, before
        Only entries in this window (since <= entered < before) of a state that the aggregate had been in before.
    by, zone
        Keys to group by, such as "actor" (who brought it back), and the zone that cuts their calendar periods: see
        `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; aggregates BIGINT
        (distinct, that came again); share DOUBLE (0 to 1, of those ever in the state; NULL in a window, and by keys of
        moves); times BIGINT (entries again); self_loops BIGINT (of them: the state stated again while in it); returns
        BIGINT (the others); repeats BIGINT (by the actor who had brought it there the time before); redos BIGINT (by
        another); unknown_actor BIGINT (one of the two is not told); away_seconds DOUBLE (from leaving the state to the
        return, summed; known beginnings only); median_away_seconds DOUBLE (of the returns); again_seconds DOUBLE
        (stays after the first, those that are over, summed). Ordered by type, the most aggregates first.

    Raises
    ------
    InstantError
        When `since` or `before` is no time.
    """
    return log.ask("rework", **window(since, before), by=by, zone=zone)


def life_durations(
    log: EventLog,
    at: Instant | None = None,
    *,
    ends: Sequence[str] | None = None,
    machines: Machines | None = None,
    match: Match | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how long lives took to their end, and how old those are that have not ended, by their latest state.

    Parameters
    ----------
    log
        A log, or a part of one.
    at
        The instant, itself included; UTC without a zone. Left out: the log's last event, not now.
    ends
        The states in which lives end; else the machines' final states; else the states that nobody ever left.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.
    since, before
        Only lives whose first event lies in this window (since <= first < before).
    by, zone
        Keys of lives to group by, such as "created:week", and the zone that cuts their calendar periods: see
        `EventLog.ask`. What a move has (an actor) is the first known of its life.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR (at the instant); ended
        BOOLEAN (lives end there); aggregates BIGINT; mean_seconds DOUBLE, median_seconds DOUBLE, p90_seconds DOUBLE,
        max_seconds DOUBLE (exact; from a life's first event, where it ended to its entry of that state, else to the
        instant); instant TIMESTAMP (UTC, the one asked for); p10_seconds DOUBLE, p25_seconds DOUBLE, p75_seconds
        DOUBLE (as the others). Ordered by type, ended lives first.

    Raises
    ------
    UnknownNameError
        When no life was ever in a state of `ends`, or `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    InstantError
        When `at`, `since` or `before` is no time.
    """
    values = {"endings": _endings(log, ends, machines, match), "instant": log.instant(at), **window(since, before)}
    return log.ask("life_durations", **values, by=by, zone=zone, per_life=True)


def flow(
    log: EventLog,
    every: str = "1 day",
    *,
    ends: Sequence[str] | None = None,
    machines: Machines | None = None,
    match: Match | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how many lives begin and end in each period, how many are under way, and both sums: the cumulative flow.

    Parameters
    ----------
    log
        A log, or a part of one.
    every
        "1 hour", "1 day", "1 week" (from Monday), "1 month", or a number of minutes, hours or months that divides
        the hour, day or year.
    ends
        The states in which lives end; else the machines' final states; else the states that nobody ever left.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.
    since, before
        Only periods that begin in this window (since <= period < before); the sums count what was before.
    by
        Keys of lives to group by, such as "created:week": see `EventLog.ask`.
    zone
        Whose calendar cuts the periods, such as "Europe/Paris"; UTC if left out.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); period TIMESTAMP (UTC, its beginning in
        the zone); began BIGINT (got their first state; one known only later counts from its life's first event); ended
        BIGINT; reopened BIGINT (left a state in which lives end); under_way BIGINT (at the period's end); began_so_far
        BIGINT; ended_so_far BIGINT (less those reopened): under_way = began_so_far - ended_so_far. One row a period
        from a type's first to the log's last change. Ordered by type and period.

    Raises
    ------
    UnknownNameError
        When no life was ever in a state of `ends`, or `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    InstantError
        When `every` is no such step, or too many lie in the log's time, or `since` or `before` is no time.
    """
    step, _ = calendar_step(every)
    check_periods(log, every)
    return log.ask(
        "flow",
        endings=_endings(log, ends, machines, match),
        step=step,
        **window(since, before),
        by=by,
        zone=zone,
        per_life=True,
    )


def _endings(
    log: EventLog, ends: Sequence[str] | None, machines: Machines | None, match: Match | None
) -> list[dict[str, str]]:
    """Return the states in which lives end, with the type and field of each."""
    tracks = log.sql(
        "SELECT type, field, to_state, max(left_at) IS NULL FROM moves GROUP BY type, field, to_state ORDER BY ALL"
    ).fetchall()
    if ends is not None:
        named = [ends] if isinstance(ends, str) else list(ends)
        known = {state for _, _, state, _ in tracks}
        for state in named:
            if state not in known:
                raise UnknownNameError.of("state", state, known, where="this log")
        found = [track[:3] for track in tracks if track[2] in named]
    elif machines is not None:
        found = [
            (track.type, track.field, state)
            for track in tracks_of(log, machines, match)
            if track.type and track.field and track.machine
            for state in track.machine.finals
        ]
    else:
        found = [track[:3] for track in tracks if track[3]]
    return [{"type": of_type, "field": field, "state": state} for of_type, field, state in found]
