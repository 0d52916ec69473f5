"""Which machine speaks for which lives?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import MachineError, UnknownNameError

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match


class SpokenTrack(NamedTuple):
    """A state field of a type, and the machine that speaks for it; one of both may be missing."""

    type: str | None
    field: str | None
    machine: Machine | None


def tracks_of(log: EventLog, machines: Machines, match: Match | None = None) -> list[SpokenTrack]:
    """Return each state field of each type with its machine, then the machines that no life belongs to.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    """
    _check(log, machines, match or {})
    rows = log.sql("SELECT type, min(aggregate_type), field FROM lives GROUP BY type, field ORDER BY ALL").fetchall()
    fields: dict[tuple[str, str], list[str | None]] = {}
    for short, full, field in rows:
        fields.setdefault((short, full), []).append(field)
    told: list[SpokenTrack] = []
    used: set[str] = set()
    for (short, full), found in fields.items():
        names: list[str | None] = [name for name in found if name] or [None]
        for field in names:
            machine = machines.for_track(short, full, field, match, alone=len(names) == 1)
            used |= {machine.name} if machine else set()
            told.append(SpokenTrack(short, field, machine))
    return told + [SpokenTrack(None, None, machine) for name, machine in machines.items() if name not in used]


def machine_of(log: EventLog, type: str, machines: Machines | None) -> Machine | None:
    """Return the first machine that speaks for a type; None where none does, or where there are no machines."""
    return None if machines is None else next(iter(machines.for_type(type, log.full_type(type))), None)


def _check(log: EventLog, machines: Machines, match: Match) -> None:
    if not isinstance(machines, Mapping):
        raise MachineError(f"machines= takes what wb.read_machines returns, not {type(machines).__name__}")
    for asked, names in match.items():
        log.full_type(asked)
        for name in names if isinstance(names, list | tuple) else [names]:
            if name not in machines:
                raise UnknownNameError.of("machine", name, machines, where=f"match for {asked!r}")
