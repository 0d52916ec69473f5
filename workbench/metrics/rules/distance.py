"""How far is history from what the machines allow?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from workbench.metrics.tracks import tracks_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machines, Match
    from workbench.sql import By


def alignments(
    log: EventLog,
    machines: Machines,
    match: Match | None = None,
    *,
    complete: bool = False,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return for each distinct sequence of states the cheapest way to make it a run of its machine.

    A run begins in an entry of the machine. A state that the log has and the run has not is a "log" move, one that only
    the run has a "model" move; each costs one, a "sync" move of both costs nothing. Of several cheapest alignments it
    is the one whose first difference is sync before log before model, and then the state the file names first.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.
    complete
        Runs must end in a final state; without it they may end anywhere, as lives that are still open do.
    by, zone
        Keys of lives to group by, such as "created:week", and the zone that cuts their calendar periods: see
        `EventLog.ask`, each life in one group.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); machine VARCHAR; states VARCHAR[];
        aggregates BIGINT (lives that went through them); cost BIGINT; fitness DOUBLE (0 to 1: 1 - cost / (states +
        states of the machine's shortest run)); moves STRUCT(move VARCHAR, state VARCHAR)[]. Ordered by type, the most
        frequent first. A sequence that no run can be made of is left out.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When several machines speak for the same type and state field.
    """
    from workbench.metrics.rules.alignment import FAR, Aligner

    aligners = {
        (track.type, track.field): Aligner(track.machine, complete=complete)
        for track in tracks_of(log, machines, match)
        if track.machine is not None
    }
    aligned = []
    for type, field, path, states in _paths(log):
        aligner = aligners.get((type, field))
        if aligner is not None and aligner.shortest_run < FAR:
            found = aligner.align(states)
            aligned.append(
                {
                    "type": type,
                    "field": field,
                    "machine": aligner.machine.name,
                    "path": path,
                    "cost": found.cost,
                    "longest": len(states) + aligner.shortest_run,
                    "moves": [{"move": move, "state": state} for move, state in found.moves],
                }
            )
    return log.ask("rules/alignments", aligned=json.dumps(aligned), by=by, zone=zone, per_life=True)


def _paths(log: EventLog) -> list[tuple[str, str, str, list[str]]]:
    from workbench.sql import text

    rows: list[tuple[str, str, str, list[str]]] = log.sql(text("rules/paths")).fetchall()
    return rows
