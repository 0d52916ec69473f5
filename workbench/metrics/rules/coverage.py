"""Which parts of the machines did history never use, or not for how long?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from workbench.instants import Instant
from workbench.metrics.tracks import SpokenTrack, tracks_of
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machines, Match
    from workbench.sql import By


def unused(
    log: EventLog,
    machines: Machines,
    match: Match | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return the states and transitions that history never used, or not since an instant.

    A move is taken to use the transition the log names; where it names none, every transition that leads there.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.
    since
        What was last used before this instant is listed too.
    before
        Only what happened before this instant counts as use.
    by, zone
        Keys of lives to group by, such as "created:week", and the zone that cuts their calendar periods: see
        `EventLog.ask`. What a move has (an actor) is the first known of its life.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR (NULL for a machine without lives); field VARCHAR (only where the log has two state fields);
        machine VARCHAR; element VARCHAR (state, transition, or from-state: one of several from-states of a transition
        that is used); name VARCHAR (of the state or transition); from_state VARCHAR (of a from-state); to_state
        VARCHAR (of a transition); times BIGINT (moves that used it, in all); last_used TIMESTAMP (UTC; NULL where
        never). Ordered by type, then states before transitions, in the order of the file.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    """
    elements = elements_of(log, machines, match)
    return log.ask("unused", elements=elements, **window(since, before), by=by, zone=zone, per_life=True)


def elements_of(log: EventLog, machines: Machines, match: Match | None = None) -> list[dict[str, Any]]:
    """Return the states, transitions and from-states of each machine, as `unused` takes them."""
    return [element for track in tracks_of(log, machines, match) for element in _elements(track)]


def _elements(track: SpokenTrack) -> Iterator[dict[str, Any]]:
    if track.machine is None:
        return
    keys = {"type": track.type, "field": track.field, "machine": track.machine.name}
    for ordinal, state in enumerate(track.machine.state_names):
        yield keys | _element("state", ordinal, state, to_state=state)
    for ordinal, transition in enumerate(track.machine.transitions):
        sources = tuple(dict.fromkeys(transition.from_states))
        own = {"transition": transition.name, "to_state": transition.to_state}
        yield keys | _element("transition", ordinal, transition.label, from_states=sources, **own)
        if len(sources) > 1:
            for source in sources:
                yield keys | _element("from-state", ordinal, transition.label, from_states=(source,), **own)


def _element(element: str, ordinal: int, name: str, **more: Any) -> dict[str, Any]:
    # A STRUCT is cast from all its keys.
    told = {"element": element, "ordinal": ordinal, "name": name, "transition": None, "from_states": ()}
    return told | {"to_state": None} | more
