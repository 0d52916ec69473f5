"""How often was each part of a machine used, and how long did it last?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workbench.machines import Machine, Machines
from workbench.metrics import time_in_state, transition_counts
from workbench.metrics.tracks import tracks_of
from workbench.widgets.tracked import of_field

if TYPE_CHECKING:
    from workbench.events import EventLog

Pair = tuple[str, str]


@dataclass(frozen=True)
class Usage:
    """What a log did of a machine.

    `moves` holds, by pair of states, times and the median of the seconds before; `stays`, by state, stays, those that
    are open, and the median of the closed ones. `asked` tells whether a log was asked.
    """

    moves: dict[Pair, tuple[int, float | None]] = field(default_factory=dict)
    stays: dict[str, tuple[int, int, float | None]] = field(default_factory=dict)
    asked: bool = False


def usage_of(log: EventLog, machine: Machine) -> Usage:
    """Return what the lives that a machine speaks for did of it."""
    types = [one.type for one in tracks_of(log, Machines([machine])) if one.machine and one.type is not None]
    if not types:
        return Usage(asked=True)
    part = log.of(types[0])
    counted, timed = of_field(transition_counts(part), machine.field), of_field(time_in_state(part), machine.field)
    moves = counted.project("from_state, to_state, times, median_seconds").fetchall()
    stays = timed.project("state, stays, open, median_seconds").fetchall()
    return Usage(
        {(source, to): (times, median) for source, to, times, median in moves},
        {state: (all_, open_, median) for state, all_, open_, median in stays},
        asked=True,
    )
