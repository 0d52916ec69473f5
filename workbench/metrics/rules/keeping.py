"""Did history keep the properties that the machines declare, and where did it break them?

A life is read as a word in the letters of a property, and each distinct word by the property's automaton, the same that
proves the property of a machine.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast, overload

from workbench.errors import MachineError
from workbench.metrics.windows import window

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.instants import Instant
    from workbench.machines import Machine, Machines, Match
    from workbench.machines.properties import Verdicts
    from workbench.sql import By


@overload
def holds(log: Machines | Machine | Iterable[Machine]) -> Verdicts: ...
@overload
def holds(
    log: EventLog, machines: Machines, match: Match | None = None, *, by: By = None, zone: str | None = None
) -> DuckDBPyRelation: ...
def holds(
    log: EventLog | Machines | Machine | Iterable[Machine],
    machines: Machines | None = None,
    match: Match | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation | Verdicts:
    """Return for each declared property whether the machine keeps it, and of how many lives history shows it.

    `holds(machines)` proves the properties of the machines alone; `holds(log, machines)` asks history too. A life is

    - concerned: the rule asks something of it, as a rule about what comes before a state does of lives in that state
    - satisfied or violated: whatever may follow, and whatever its unknown beginning was
    - pending: still open, and what follows may satisfy or break the rule
    - unknowable: the verdict depends on what came before its log begins, on a condition that cannot be told, or on
      events that are missing: rows of it were rejected (conflicts among them), or a move says it left another state
      than the one before it entered. Such a life is judged only where no event, wherever it stood, could change it

    A life is closed in a final state of its machine. `within` counts from what asks to what must come (or must not),
    and for a rule about the life as a whole from its first event; where the log ends before that time is over, the life
    is pending.

    `when` says which occurrences of the first thing a rule names count (or, as a list, of each): CEL over `data`,
    `metadata` and the columns of the event, the `from_state` and `to_state` of its move, and `attributes` as they are
    right after it. Where a field is not there, or values do not compare, it is unknown whether the occurrence counts.

    Parameters
    ----------
    log
        A log, or a part of one; or the machines alone.
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
        type VARCHAR (NULL for a machine without lives); field VARCHAR (only where the log has two state fields);
        machine VARCHAR; property VARCHAR (its name); asked_of VARCHAR (machine, log); verdict VARCHAR; lives BIGINT;
        concerned BIGINT (the sum of the next four); satisfied BIGINT; violated BIGINT; pending BIGINT; unknowable
        BIGINT (lives; NULL for a machine); rule VARCHAR (in words); doubt VARCHAR (what is not known: of how many
        events a condition cannot be told, and why; of how many lives events are missing). Of a log the verdict is the
        first that has a life of violated, unknowable, pending, holds; "vacuous" when no life is concerned. Ordered as
        the machines and their properties, each asked of its machine first. For machines alone: Verdicts.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When a property cannot be understood, or several machines speak for the same type and state field.
    """
    from workbench.machines import holds as proved

    if machines is not None:
        return _of_history(cast("EventLog", log), machines, match, by, zone)
    if hasattr(log, "ask"):
        raise MachineError("holds(log, machines) needs the machines too: what wb.read_machines returns")
    return proved(cast("Machines", log))


def _of_history(log: EventLog, machines: Machines, match: Match | None, by: By, zone: str | None) -> DuckDBPyRelation:
    from workbench.machines.properties import prove
    from workbench.metrics.rules.words import Words, asked_of, lines

    asked = asked_of(log, machines, match)
    proofs = lines({"rule": rule.number, "verdict": prove(rule.machine, rule.declared).verdict} for rule in asked)
    words = Words(log, asked)
    return words.ask("rules/holds", ("counts", "doubts"), by=by, zone=zone, per_life=True, proofs=proofs)


def violations(
    log: EventLog,
    machines: Machines,
    match: Match | None = None,
    since: Instant | None = None,
    before: Instant | None = None,
    *,
    by: By = None,
    zone: str | None = None,
) -> DuckDBPyRelation:
    """Return each event at which a life broke a property that its machine declares, with who and why.

    Parameters
    ----------
    log
        A log, or a part of one.
    machines
        As `read_machines` returns them.
    match
        Type -> name of its machine, where the model does not say it.
    since, before
        Only events in this window (since <= effective_at < before); what a life did before it still counts.
    by, zone
        Keys to group by, such as "created:week" or "data.reason" (of the event), and the zone that cuts their calendar
        periods: see `EventLog.ask`.

    Returns
    -------
    DuckDBPyRelation
        type VARCHAR; field VARCHAR (only where the log has two state fields); aggregate_id VARCHAR; machine VARCHAR;
        property VARCHAR; place BIGINT; version BIGINT (the store's own); occurred_at TIMESTAMP (UTC); event_type
        VARCHAR; from_state VARCHAR; to_state VARCHAR (of the move, where it is one); actor VARCHAR; why VARCHAR. Of a
        life that broke a rule, each event that asked for what is not there, or came where it must not; the last event
        where something is missing from the life as a whole. Ordered by type, machine, property, aggregate and place.

    Raises
    ------
    UnknownNameError
        When `match` names a type or machine that is not there.
    MachineError
        When a property cannot be understood, or several machines speak for the same type and state field.
    """
    from workbench.metrics.rules.words import Words, asked_of

    words = Words(log, [rule for rule in asked_of(log, machines, match) if not rule.shows_only])
    return words.ask("rules/violations", by=by, zone=zone, **window(since, before))
