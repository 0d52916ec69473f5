"""What holds at one instant, and which moves lie around it, so that a browser can go on by itself?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.metrics import state_distribution
from workbench.metrics.movement import moves_near, pairs_moved
from workbench.widgets.tracked import of_field
from workbench.widgets.wire import MICROSECOND, micros

if TYPE_CHECKING:
    from workbench.events import EventLog


class Columns(NamedTuple):
    """The states and the ways (from, to) that numbers are told of, in this order."""

    states: Sequence[str]
    ways: Sequence[tuple[str, str]]


def counted_at(
    log: EventLog, field: str, at: datetime, trailing: timedelta, columns: Columns
) -> tuple[list[int], list[int]]:
    """Return the aggregates in each state at an instant, and how often each way was taken within `trailing` of it."""
    inside = dict(of_field(state_distribution(log, at), field).select("state, aggregates").fetchall())
    since = at - trailing + MICROSECOND
    taken = {(source, target): n for source, target, n in pairs_moved(log, field, since, at + MICROSECOND)}
    return [inside.get(state, 0) for state in columns.states], [taken.get(way, 0) for way in columns.ways]


def surroundings(
    log: EventLog,
    field: str,
    at: datetime,
    trailing: timedelta,
    columns: Columns,
    *,
    most: int,
) -> dict[str, Any]:
    """Return what holds at an instant, and up to `most` moves on either side of it.

    at, times, lo and hi in microseconds since 1970; population by state, traffic by way; of each move ids, from (-1
    where a life begins) and to by their column; lo and hi, between which all moves are here, None where it has no end.
    """
    population, traffic = counted_at(log, field, at, trailing, columns)
    column = {state: n for n, state in enumerate(columns.states)}
    rows = moves_near(log, field, at, most)
    times = [micros(row[0]) for row in rows]
    earlier = sum(time <= micros(at) for time in times)
    later = len(times) - earlier
    return {
        "at": micros(at),
        "population": population,
        "traffic": traffic,
        "times": times,
        "ids": [row[1] for row in rows],
        "from": [-1 if row[2] is None else column[row[2]] for row in rows],
        "to": [column[row[3]] for row in rows],
        "lo": times[0] if earlier == most else None,
        "hi": max((time for time in times if time < times[-1]), default=micros(at)) if later == most else None,
    }
