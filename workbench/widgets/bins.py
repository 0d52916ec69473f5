"""How full was every state, and how often had each move been made, at evenly spaced instants? Whole numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from workbench.metrics import moves_over_time, state_distribution
from workbench.widgets.tracked import of_field
from workbench.widgets.wire import MICROSECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.events import EventLog

YEAR_ONE = datetime(1, 1, 1)  # noqa: DTZ001  the log's own clock is UTC without a zone
_MOST_EDGES = 1200
_MOST_BYTES = 120_000  # of a view's 250 kB on the wire
_OF_AN_INSTANT = 1_000_000  # microseconds; where all is one instant, a finer grid tells no more
_TRAILING = 72  # the trailing window is at least this part of what is visible
_FEWEST = 24
_SECOND = 1_000_000
_DAY = 86_400 * _SECOND
STRIDES = (
    *(step * 10**power for power in range(6) for step in (1, 2, 5)),
    *(step * _SECOND for step in (1, 2, 5, 10, 15, 30)),
    *(step * 60 * _SECOND for step in (1, 2, 5, 10, 15, 30)),
    *(step * 3600 * _SECOND for step in (1, 2, 3, 6, 12)),
    *(step * _DAY for step in (1, 2, 7, 14, 28, 56, 112, 224, 448, 896, 1792)),
)  # microseconds; each a round time, in which the ones before it mostly fit

Pair = tuple[str | None, str]


@dataclass(frozen=True)
class Bins:
    """Counts at `edges` instants, `stride` microseconds apart from `start`; each edge shows what happened up to it.

    `population` has one row an edge and one column a state; `passed` one column a pair: how often it was taken from the
    first edge to this one.
    """

    start: datetime
    stride: int
    population: NDArray[np.uint32]
    passed: NDArray[np.uint32]

    @property
    def edges(self) -> int:
        """How many instants are counted at."""
        return len(self.population)

    def at(self, edge: int) -> datetime:
        """Return the instant of an edge."""
        return self.start + edge * self.stride * MICROSECOND

    def packed(self) -> bytes:
        """Return all counts as unsigned 32-bit integers, little endian: populations edge by edge, then passages."""
        return self.population.astype("<u4").tobytes() + self.passed.astype("<u4").tobytes()


def stride_for(since: datetime, until: datetime, columns: int) -> int:
    """Return the shortest round stride (microseconds) in which so many columns of counts stay small on the wire."""
    most = max(_FEWEST, min(_MOST_EDGES, _MOST_BYTES // (4 * max(columns, 1))))
    span: int = (until - since) // MICROSECOND
    if span == 0:
        return _OF_AN_INSTANT
    longest = STRIDES[-1]
    beyond = -(-span // (longest * (most - 2))) * longest
    found: int = next((stride for stride in STRIDES if span <= stride * (most - 2)), beyond)
    return found


def trail_for(stride: int, since: datetime, until: datetime) -> int:
    """Return how many strides the trailing window is long in which traffic is counted: a round length of time."""
    least = max((until - since) // MICROSECOND // _TRAILING, stride)
    found = next((one for one in STRIDES if one >= least and one % stride == 0), -(-least // stride) * stride)
    return int(found // stride)


def bins(
    log: EventLog,
    field: str,
    span: tuple[datetime, datetime],
    states: Sequence[str],
    pairs: Sequence[Pair],
    *,
    stride: int,
) -> Bins:
    """Return the counts of one track from the last edge before a span to the first from its end on.

    Parameters
    ----------
    log
        The lives of one type.
    field
        Its state field.
    span
        The instants to cover, both included.
    states, pairs
        All states and moves there are, in the order of the columns.
    stride
        Microseconds between two edges.
    """
    since, until = span
    first = (since - YEAR_ONE) // MICROSECOND
    start = YEAR_ONE + max((first - 1) // stride, 0) * stride * MICROSECOND
    edges = -(-((until - start) // MICROSECOND) // stride) + 1
    end = start + edges * stride * MICROSECOND
    moved = moves_over_time(log, stride * MICROSECOND, start + MICROSECOND, end)
    passed = np.zeros((edges, len(pairs)), dtype=np.int64)
    change = np.zeros((edges, len(states)), dtype=np.int64)
    column, row = {pair: n for n, pair in enumerate(pairs)}, {state: n for n, state in enumerate(states)}
    counted = of_field(moved, field).select("instant, from_state, to_state, times").fetchall()
    for instant, source, target, times in counted:
        edge = (instant - start) // MICROSECOND // stride
        change[edge, row[target]] += times
        if source is not None:
            change[edge, row[source]] -= times
        if (source, target) in column:
            passed[edge, column[source, target]] += times
    there = of_field(state_distribution(log, start), field)
    for state, aggregates in there.select("state, aggregates").fetchall():
        change[0, row[state]] += aggregates
    return Bins(start, stride, _unsigned(change), _unsigned(passed))


def _unsigned(changes: NDArray[np.int64]) -> NDArray[np.uint32]:
    return np.cumsum(changes, axis=0).astype(np.uint32)
