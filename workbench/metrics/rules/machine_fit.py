"""Does history keep to the machines, and where did it stop?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.instants import Instant
from workbench.metrics.tracks import tracks_of
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match
    from workbench.sql import By

__all__ = ["conformance", "off_machine"]


def off_machine(
    log: EventLog,
    machines: Machines,
    match: Match | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return every move that no transition of its machine allows, and why not.

    A machine speaks for the type equal to its model, or given by `match`. Moves of types without a machine are
    not looked at; `conformance` lists these types. Where several reasons hold, `why` is the first of:

    - 'unknown state': the machine has no such state
    - 'starts off the initial state': the life begins elsewhere; with `inferred`, its first event says so
    - 'state set without a transition': an attribute update (of a type that the mapping lists under `hand_set`) that
      names no transition moved the state; one that states the same state again moves nothing and is not listed
    - 'recorded from-state differs from the replayed one': the machine allows what the event says it did, so an
      event is missing, doubled or out of order
    - 'event after a final state'
    - 'no transition of that name', 'that transition does not lead there': the log names the move's transition, and
      the machine its transitions: it is that one which must allow the move
    - 'no such transition'

    What the machine allows is not listed, even where the event says it left another state than the replayed one: the
    log has a gap there, history broke nothing. `quality` counts these too ('recorded from-state differs').

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it: {"order": "OrderStateMachine"}; a list of names
        where a type has several state fields.
    since, before
        Only moves entered in this window (since <= entered < before).
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; machine VARCHAR;
        place BIGINT; version BIGINT (the store's own); occurred_at TIMESTAMP (UTC, as the event says); entered_at
        TIMESTAMP (UTC, effective; NULL where unknown); event_type VARCHAR; transition VARCHAR (as recorded);
        from_state VARCHAR (replayed; NULL at the beginning); to_state VARCHAR; from_recorded VARCHAR (as the event
        says); actor VARCHAR; why VARCHAR; inferred BOOLEAN (a beginning that the event at `place` only speaks of).
        Ordered by type, aggregate and place.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    """
    told = tracks_told(log, machines, match)
    return log.ask("off_machine", machines=told, **window(since, before), by=by, zone=zone)


def conformance(
    log: EventLog,
    machines: Machines,
    match: Match | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return how far history keeps to each machine; types without a machine and machines without lives are listed too.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.
    since, before
        Only moves entered in this window (since <= entered < before), and the lives that made one.
    by, zone
        Keys to group by, such as "created:week" or ["actor", "data.reason"], and the zone that cuts their calendar
        periods: see `EventLog.ask`, each life in one group.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR (NULL for a machine without lives); field VARCHAR (only where the log has two state fields);
        machine VARCHAR (NULL for a type without a machine); lives BIGINT (that ever had a state); moves BIGINT
        (inferred beginnings included); off_machine BIGINT (moves that `off_machine` lists; NULL without a machine);
        fitness DOUBLE (0 to 1, share of moves allowed; NULL without moves or machine); lives_fitting BIGINT (lives
        without such a move); variants BIGINT (distinct sequences of states); variants_fitting BIGINT (those that
        only such lives went through). Ordered by machine; types without one last.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    """
    told = _tracks(log, machines, match)
    return log.ask("conformance", machines=told, **window(since, before), by=by, zone=zone, per_life=True)


def tracks_told(log: EventLog, machines: Machines, match: Match | None) -> list[dict[str, Any]]:
    """Return each track that has lives and a machine, as `off_machine` takes it."""
    return [track for track in _tracks(log, machines, match) if track["machine"] and track["type"]]


def _tracks(log: EventLog, machines: Machines, match: Match | None) -> list[dict[str, Any]]:
    return [_facts(*track) for track in tracks_of(log, machines, match)]


def _facts(type: str | None, field: str | None, machine: Machine | None) -> dict[str, Any]:
    pairs: list[dict[str, str | None]] = []
    if machine is not None:
        starts = machine.entries or machine.state_names
        pairs = [{"from_state": None, "to_state": start, "transition": None} for start in starts]
        pairs += [
            {"from_state": source, "to_state": transition.to_state, "transition": transition.name}
            for transition in machine.transitions
            for source in dict.fromkeys(transition.from_states)
        ]
    return {
        "type": type,
        "field": field,
        "machine": machine.name if machine else None,
        "states": sorted(machine.state_names) if machine else [],
        "finals": sorted(machine.finals) if machine else [],
        "pairs": pairs,
    }
