"""What does a log say about each machine, as `check` takes it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.metrics.rules.coverage import elements_of
from workbench.metrics.rules.machine_fit import conformance, off_machine

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match
    from workbench.machines.history import History, Refused

_KINDS = """
    machine, from_state, to_state, transition, why, count(*), count(DISTINCT (type, aggregate_id)),
    arg_min(aggregate_id, (length(aggregate_id), aggregate_id))
"""


def history_of(log: EventLog, machines: Machines, match: Match | None = None) -> dict[str, History]:
    """Return what the log says about each machine that has lives in it, by name: `check(machines, history=...)`.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.

    Returns
    -------
    dict of str to History
        Lives, what none of them used, and by kind the moves that the machine refuses. What serves one of the types
        a machine speaks for is used.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    """
    from workbench.machines.history import History

    lives: dict[str, int] = {}
    for name, count in conformance(log, machines, match).project("machine, lives").fetchall():
        if name is not None and count:
            lives[name] = lives.get(name, 0) + count
    refused = _refused(log, machines, match)
    idle = _idle(log, machines, match)
    return {
        name: History(count, *_unused(machines[name], idle[name]), tuple(refused.get(name, ())))
        for name, count in lives.items()
    }


def _refused(log: EventLog, machines: Machines, match: Match | None) -> dict[str, list[Refused]]:
    from workbench.machines.history import Refused

    kinds: dict[str, list[Refused]] = {}
    rows = off_machine(log, machines, match).aggregate(_KINDS, "machine, from_state, to_state, transition, why")
    for machine, *kind in rows.order("ALL").fetchall():
        kinds.setdefault(machine, []).append(Refused(*kind))
    return kinds


# What is idle: a state ("state", ordinal, None), or a transition from one of its from-states ("source", ordinal, name).
Idle = set[tuple[str, int, str | None]]


def _idle(log: EventLog, machines: Machines, match: Match | None) -> dict[str, Idle]:
    """Return what is idle in every type and state field that a machine speaks for."""
    elements = [one for one in elements_of(log, machines, match) if one["type"]]
    tracks: dict[tuple[str, str, str | None], Idle] = {_track(one): set() for one in elements}
    # Two transitions may have one label: the answer is asked by number.
    numbered = [one | {"name": str(number)} for number, one in enumerate(elements)]
    for name, source in (
        log.ask("unused", elements=numbered, since=None, before=None).project("name, from_state").fetchall()
    ):
        one = elements[int(name)]
        sources = one["from_states"] if one["element"] == "transition" else (source,)
        kind = "state" if one["element"] == "state" else "source"
        tracks[_track(one)] |= {(kind, one["ordinal"], each) for each in sources}
    idle: dict[str, Idle] = {}
    for (machine, *_), found in tracks.items():
        idle[machine] = idle[machine] & found if machine in idle else found
    return idle


def _track(element: dict[str, Any]) -> tuple[str, str, str | None]:
    return element["machine"], element["type"], element["field"]


def _unused(machine: Machine, idle: Idle) -> tuple[tuple[str, ...], tuple[int, ...], tuple[tuple[int, str], ...]]:
    states = tuple(name for ordinal, name in enumerate(machine.state_names) if ("state", ordinal, None) in idle)
    sources = [
        [name for name in dict.fromkeys(transition.from_states) if ("source", ordinal, name) in idle]
        for ordinal, transition in enumerate(machine.transitions)
    ]
    whole = [
        ordinal for ordinal, names in enumerate(sources) if {*names} == {*machine.transitions[ordinal].from_states}
    ]
    some = [(ordinal, name) for ordinal, names in enumerate(sources) if ordinal not in whole for name in names]
    return states, tuple(whole), tuple(some)
