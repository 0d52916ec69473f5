"""Which events of many meet some conditions, wherever in time one looks? Pages in order of time, without a sort of all.

How many events lie in each step of time is counted once (`density`); a page then sorts only from the step it begins in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from workbench.metrics.trail import asked_for

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog

_STEPS = 1_000
_ALL = 2**62


@dataclass(frozen=True)
class Density:
    """How the events that meet some conditions lie in time: each step that holds any, how many, and the last of all."""

    starts: tuple[datetime, ...]
    events: tuple[int, ...]
    last: datetime | None = None
    before: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", (0, *accumulate(self.events)))

    @property
    def total(self) -> int:
        """How many events there are."""
        return self.before[-1]

    def at(self, position: int) -> tuple[datetime, int]:
        """Return the start of the step that holds the event at a position (from 0), and how many of it come before."""
        step = bisect_right(self.before, position) - 1
        return self.starts[step], position - self.before[step]


def density(log: EventLog, conditions: Mapping[str, Any], steps: int = _STEPS) -> Density:
    """Return how the events that meet conditions, those of `audit_trail`, lie in time."""
    rows = log.ask("exploring/density", steps=steps, **asked_for(log, **conditions)).fetchall()
    return Density(tuple(row[0] for row in rows), tuple(row[1] for row in rows), rows[-1][2] if rows else None)


def page(
    log: EventLog, conditions: Mapping[str, Any], found: Density, position: int = 0, size: int | None = None
) -> DuckDBPyRelation:
    """Return the events that meet conditions, in order of time, from a position (from 0) on.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; aggregate_id VARCHAR; place BIGINT (in its life); occurred_at TIMESTAMP (UTC, as the event says);
        event_type VARCHAR; from_state VARCHAR (replayed), to_state VARCHAR (both NULL where the event moves nothing);
        actor VARCHAR; event_id VARCHAR. Ordered by effective time, then life and place.
    """
    start, skip = found.at(position) if 0 <= position < found.total else (None, 0)
    values = asked_for(log, **conditions)
    values |= {"from": start, "skip": skip, "size": _ALL if size is None else size}
    return log.ask("exploring/page", **values)
