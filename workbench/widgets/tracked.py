"""Which state field does a view speak of, where a type has two?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.metrics.movement import tracks_moved

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine


def track_of(log: EventLog, machine: Machine | None) -> str:
    """Return the machine's state field where the lives have it, else the one with the most moves."""
    fields = [field for _, field, _ in tracks_moved(log)]
    return machine.field if machine is not None and machine.field in fields else fields[0]
