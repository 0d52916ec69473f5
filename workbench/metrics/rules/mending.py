"""Which change of a machine would make history fit, and how much of it?"""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import nearest
from workbench.metrics.rules.machine_fit import tracks_told
from workbench.metrics.tracks import tracks_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match, Transition
    from workbench.sql import By


def repairs(
    log: EventLog, machines: Machines, match: Match | None = None, *, by: By = None, zone: str | None = None
) -> DuckDBPyRelation:
    """Return for each kind of step that no transition allows the smallest change that would allow it, and its gain.

    The gain is exact: so many moves, and so many lives, fit the machine once the patch is in it, and no other. Whether
    the machine or history is wrong is yours to judge; `hint` tells what speaks for the latter.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.
    by, zone
        Keys of lives to group by, such as "created:week", and the zone that cuts their calendar periods: see
        `EventLog.ask`, each life in one group.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); machine VARCHAR; suggestion VARCHAR (in
        words); moves BIGINT (that would be allowed); aggregates BIGINT (lives that would fit); first_at TIMESTAMP;
        last_at TIMESTAMP (UTC, of these moves); actors VARCHAR[]; hint VARCHAR; patch VARCHAR (YAML: the states and
        transitions to add, or to put in place of those of the same name). Ordered by gain: lives, then moves.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    """
    from workbench.sql import render, text

    by_track = {(track.type, track.field): track.machine for track in tracks_of(log, machines, match) if track.machine}
    told = tracks_told(log, machines, match)
    tables = {"off": render(text("off_machine"), machines=told, since=None, before=None)}
    changes: dict[Any, dict[str, Any]] = {}
    for type, field, _, *step in log.sql(f"WITH off AS ({tables['off']}\n) {text('rules/deviations')}").fetchall():
        machine = by_track[type, field]
        change = _change(machine, *step)
        row = {"change": len(changes), "type": type, "field": field, "machine": machine.name, **change._asdict()}
        changes.setdefault((type, field, change), row)
    return log.ask(
        "rules/gains", tables=tables, changes=json.dumps(list(changes.values())), by=by, zone=zone, per_life=True
    )


class Change(NamedTuple):
    """A step that a changed machine allows, the change in words and as YAML."""

    from_state: str | None
    to_state: str
    transition: str | None
    suggestion: str
    hint: str | None
    patch: str


def _change(machine: Machine, from_state: str | None, to_state: str, transition: str | None) -> Change:
    from workbench.machines import State
    from workbench.machines.exchange.statecraft import state_keys, transition_keys

    unknown = [n for n in dict.fromkeys((from_state, to_state)) if n is not None and n not in machine.state_names]
    hint = _hint(machine, from_state, to_state, unknown)
    if from_state is None:
        begun = State(to_state) if unknown else machine.state(to_state)
        begun = replace(begun, metadata={**begun.metadata, "entry": True})
        suggestion = f"let lives begin in {to_state!r}"
        return Change(None, to_state, None, suggestion, hint, _yaml(states=[state_keys(begun)]))
    changed, suggestion = _allowing(machine, from_state, to_state, transition)
    declared = [state_keys(State(name)) for name in unknown]
    if unknown:
        suggestion += f", and declare {' and '.join(map(repr, unknown))}"
    patch = _yaml(states=declared, transitions=[transition_keys(changed)])
    return Change(from_state, to_state, changed.name, suggestion, hint, patch)


def _yaml(**parts: list[dict[str, Any]]) -> str:
    from workbench.machines.exchange.yaml_text import lines_of

    return "\n".join(lines_of({key: entries for key, entries in parts.items() if entries}))


def _allowing(machine: Machine, from_state: str, to_state: str, name: str | None) -> tuple[Transition, str]:
    """Return what would allow a step: a transition that leads there already, from one more state, or a new one."""
    from workbench.machines import Transition

    there = [one for one in machine.transitions if one.to_state == to_state and name in (None, one.name)]
    if there:
        first = there[0]
        wider = replace(first, from_states=(*dict.fromkeys(first.from_states), from_state))
        return wider, f"let {first.label!r} leave {from_state!r} too"
    new = name or (
        None if None in {one.name for one in machine.transitions} else _unused_name(machine, from_state, to_state)
    )
    return Transition(new, (from_state,), to_state), f"add a transition from {from_state!r} to {to_state!r}"


def _unused_name(machine: Machine, from_state: str, to_state: str) -> str:
    taken = {one.name for one in machine.transitions}
    stem = f"{from_state}_to_{to_state}"
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in count(1))
    return next(name for name in numbered if name not in taken)


def _hint(machine: Machine, from_state: str | None, to_state: str, unknown: list[str]) -> str | None:
    from workbench.machines.exploring import shortest_paths

    for name in unknown:
        if near := nearest(name, machine.state_names):
            return f"{name!r} is nearly called like {near!r}: is it the same?"
    if from_state is None or unknown:
        return None
    if machine.allows(to_state, from_state):
        return f"the machine has the way back, {to_state!r} to {from_state!r}: was it undone, or are columns swapped?"
    way = shortest_paths(machine, from_state).get(to_state)
    if way is not None and len(way.states) > 2:  # noqa: PLR2004  more than from one to the other
        return f"the machine goes {' → '.join(way.states)}: are events missing, or is it a shortcut?"
    return None
