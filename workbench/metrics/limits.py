"""Which stays last longer than they may, and what do the hours cost?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError, UnknownNameError
from workbench.instants import Instant, duration
from workbench.metrics.states import one_track
from workbench.metrics.tracks import tracks_of
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match
    from workbench.sql import By

__all__ = ["late_stays", "time_limits", "weighted_time"]


def time_limits(
    log: EventLog,
    limits: Mapping[str, str | timedelta] | None = None,
    machines: Machines | None = None,
    *,
    match: Match | None = None,
    at: Instant | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    event_timeout: bool = False,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how many stays keep to the longest time that their state may last.

    `late_stays` lists those that do not.

    Parameters
    ----------
    log
        A log, or a part of one.
    limits
        State -> longest stay: {"pending": "4 hours"}. It comes before what a machine says.
    machines
        As `read_machines` returns them: a state's `timeout_seconds`.
    match
        Type -> name of its machine, where the model does not say it.
    at
        The instant until which is looked; left out: the log's last event, not now.
    since, before
        Only stays entered in this window (since <= entered < before); a stay of unknown beginning is in no window.
    event_timeout
        Hold other states that are not final to their machine's `event_timeout` (seconds too), where each of them is a
        wait for an event. It is how long an event may take; a device may well be online for longer.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; limit_seconds DOUBLE;
        source VARCHAR ('given', or the machine and its key); stays BIGINT; within BIGINT (left in time); late BIGINT
        (left too late); waiting BIGINT (still open, in time so far); overdue BIGINT (still open, too late already);
        unknown_start BIGINT (none of these four); late_share DOUBLE (0 to 1; late and overdue, of all but waiting and
        unknown_start); worst_seconds DOUBLE (the longest over its limit by so much; NULL where none is); instant
        TIMESTAMP (UTC, until which was looked). A state that nobody was in has no row. Ordered by type, the most late
        stays first.

    Raises
    ------
    LogError
        When neither limits nor machines are given, or a state of `limits` belongs to several types.
    UnknownNameError
        When no life was ever in a state of `limits`, or `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    InstantError
        When a limit, `at`, `since` or `before` cannot be understood.
    """
    bounds = _bounds(log, limits, machines, match, event_timeout=event_timeout)
    return log.ask("time_limits", bounds=bounds, instant=log.instant(at), **window(since, before), by=by, zone=zone)


def late_stays(
    log: EventLog,
    limits: Mapping[str, str | timedelta] | None = None,
    machines: Machines | None = None,
    *,
    match: Match | None = None,
    at: Instant | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    event_timeout: bool = False,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return the stays that lasted, or last by now, longer than their state may: the longest over its limit first.

    Parameters
    ----------
    log, limits, machines, match, at, since, before, event_timeout, by, zone
        As for `time_limits`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; state VARCHAR;
        since TIMESTAMP (UTC); exited_at TIMESTAMP (UTC; NULL while open); seconds DOUBLE (of the stay, so far);
        limit_seconds DOUBLE; over_seconds DOUBLE; instant TIMESTAMP (UTC, until which was looked).

    Raises
    ------
    LogError, UnknownNameError, MachineError, InstantError
        As `time_limits`.
    """
    bounds = _bounds(log, limits, machines, match, event_timeout=event_timeout)
    return log.ask("late_stays", bounds=bounds, instant=log.instant(at), **window(since, before), by=by, zone=zone)


def weighted_time(
    log: EventLog,
    machines: Machines,
    key: str,
    *,
    match: Match | None = None,
    at: Instant | None = None,
    since: Instant | None = None,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return what the hours in each state add up to, weighted by a number that the machine gives the state.

    With `power_consumption` in watts that is energy in watt-hours; per device with by="aggregate_id".

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    key
        The name in the states' metadata, such as "power_consumption". States without such a number have no row.
    match
        Type -> name of its machine, where the model does not say it.
    at
        The instant until which is counted; left out: the log's last event, not now.
    since
        Only hours from this instant on.
    by, zone
        Keys to group by, such as "aggregate_id", and the zone that cuts their calendar periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); state VARCHAR; weight DOUBLE; aggregates
        BIGINT (distinct, in the state at any time of it); hours DOUBLE (a stay of unknown beginning counts from its
        life's first event); weighted_hours DOUBLE; share DOUBLE (0 to 1, of the type's weighted hours); instant
        TIMESTAMP (UTC, until which was counted). Ordered by type, the greatest first.

    Raises
    ------
    UnknownNameError
        When no state of these machines has such a number, or `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    InstantError
        When `at` or `since` is no time.
    """
    weights = [
        {"type": track.type, "field": track.field, "state": state.name, "weight": float(weight)}
        for track in tracks_of(log, machines, match)
        if track.machine and track.field
        for state in track.machine.states
        if (weight := _number(state.metadata.get(key))) is not None
    ]
    numbers = {
        name
        for machine in machines.values()
        for state in machine.states
        for name, value in state.metadata.items()
        if _number(value) is not None
    }
    if key not in numbers:
        raise UnknownNameError.of("number", key, numbers, where="the states' metadata")
    start = window(since, None)["since"]
    return log.ask("weighted_time", weights=weights, instant=log.instant(at), since=start, by=by, zone=zone)


def _bounds(
    log: EventLog,
    limits: Mapping[str, str | timedelta] | None,
    machines: Machines | None,
    match: Match | None,
    *,
    event_timeout: bool,
) -> list[dict[str, Any]]:
    """Return the longest stay of each state that has a limit: a given one before the machine's."""
    if not limits and machines is None:
        raise LogError("say how long a stay may last: limits={'pending': '4 hours'}, or machines with timeout_seconds")
    bounds: dict[tuple[str, str, str], dict[str, Any]] = {}
    for track in [] if machines is None else tracks_of(log, machines, match):
        if track.type and track.field and track.machine:
            for state, seconds, source in _declared(track.machine, event_timeout=event_timeout):
                bounds[track.type, track.field, state] = _bound(timedelta(seconds=seconds), source)
    for state, longest in (limits or {}).items():
        bounds[*one_track(log, [state]), state] = _bound(duration(longest), "given")
    return [
        {"type": of_type, "field": field, "state": state, **bound} for (of_type, field, state), bound in bounds.items()
    ]


def _bound(longest: timedelta, source: str) -> dict[str, Any]:
    return {"microseconds": longest // timedelta(microseconds=1), "source": source}


def _declared(machine: Machine, *, event_timeout: bool) -> list[tuple[str, float, str]]:
    general = _number(machine.config.get("event_timeout")) if event_timeout else None
    found = []
    for state in machine.states:
        own = _number(state.metadata.get("timeout_seconds"))
        if own is not None and own > 0:
            found.append((state.name, own, f"{machine.name}: timeout_seconds"))
        elif general is not None and general > 0 and state.name not in machine.finals:
            found.append((state.name, general, f"{machine.name}: event_timeout"))
    return found


def _number(value: Any) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
    return value if is_number else None
