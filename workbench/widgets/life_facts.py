"""What is told of each moment of a life? Its event, its facts and who set them, its kin, and the steps out of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workbench.metrics import related, transition_counts
from workbench.widgets.wire import micros, plain

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.lives import Timeline
    from workbench.machines import Machine

_BUDGET = 120_000  # characters of JSON that travel with the view; what lies beyond is asked for
_MOST_KIN = 200
_MOST_EVENTS = 5_000


def events_told(life: Timeline) -> list[dict[str, Any]]:
    """Return one line an event: place, version, at (microseconds), event_type, state, actor, transition, event_id.

    What is None is left out; of a life of more than 5,000 events the first so many.
    """
    lines = (
        {
            "place": moment.place,
            "version": moment.version,
            "at": micros(moment.occurred_at),
            "event_type": moment.event_type,
            "state": moment.state,
            "actor": moment.actor,
            "transition": moment.transition,
            "event_id": moment.event_id,
        }
        for moment in life[:_MOST_EVENTS]
    )
    return [{name: value for name, value in line.items() if value is not None} for line in lines]


def details(life: Timeline, place: int) -> dict[str, Any]:
    """Return what is told of one moment: changed, attributes (each with the place that set it), data and metadata."""
    moment = life[place - 1]
    setters = set_by(life, place)
    told = {
        "changed": [[name, old, new] for name, (old, new) in moment.changed.items()],
        "attributes": [[name, value, setters.get(name)] for name, value in moment.attributes.items()],
        "data": moment.data,
        "metadata": moment.metadata,
        "occurred_at": moment.occurred_at,
    }
    return {name: plain(value) for name, value in told.items()}


def within_budget(life: Timeline) -> dict[str, Any]:
    """Return the details of the first moments by place, as many as may travel with a view."""
    found: dict[str, Any] = {}
    left = _BUDGET
    for moment in life[:_MOST_EVENTS]:
        told = details(life, moment.place)
        left -= len(json.dumps(told))
        if left < 0:
            break
        found[str(moment.place)] = told
    return found


def set_by(life: Timeline, place: int) -> dict[str, int]:
    """Return the place whose event gave each attribute the value it has at `place`."""
    return {name: moment.place for moment in life[:place] for name in moment.changed}


def kin_of(log: EventLog, life: Timeline) -> list[dict[str, Any]]:
    """Return the events that concern this life beside its own: who, when, what, by which link; 200 at most."""
    names = ("type", "aggregate_id", "place", "occurred_at", "event_type", "to_state", "event_id", "cause", "link")
    rows = related(log, life.type, life.aggregate_id).project(", ".join((*names, "broken"))).fetchall()
    told = (dict(zip((*names, "broken"), row, strict=True)) for row in rows[:_MOST_KIN])
    return [{name: plain(value) for name, value in line.items() if value is not None} for line in told]


def steps_out(log: EventLog, machine: Machine | None, states: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return state -> the steps out of it: transition, to, guard, actions as the machine has them; times of others."""
    taken = {
        (source, target): (times, share)
        for source, target, times, share in transition_counts(log)
        .project("from_state, to_state, times, of_from")
        .fetchall()
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for state in states:
        declared = [one for one in machine.transitions if state in one.from_states] if machine else []
        steps: list[dict[str, Any]] = [
            {
                "transition": one.name,
                "to": one.to_state,
                "guard": one.guard.text() if one.guard else None,
                "actions": list(one.actions),
            }
            for one in declared
        ]
        known = {step["to"] for step in steps}
        steps += [
            {"transition": None, "to": target, "off": machine is not None}
            for source, target in taken
            if source == state and target not in known
        ]
        for step in steps:
            step["times"], step["share"] = taken.get((state, step["to"]), (0, 0.0))
        found[state] = sorted(steps, key=lambda step: -step["times"])
    return found
