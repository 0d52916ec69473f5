"""Which machine would have allowed this history?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LogError, UnknownNameError

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine, Transition


class Step(NamedTuple):
    """A step that lives took: how often, and how many of them."""

    from_state: str | None
    to_state: str
    transition: str | None
    times: int
    aggregates: int


def discover(log: EventLog, *, min_times: int = 1, min_lives: int = 1, field: str | None = None) -> Machine:
    """Return the machine that the lives of one type went by.

    Each step that was taken often enough is allowed, and nothing else: every move of the log it was discovered in is
    allowed where nothing was left out. Steps that the log names alike and that lead to one state are one transition.
    The state most lives began in is the initial one; the others bear `metadata: {entry: true}`. A state that no life
    left is final. Guards and actions are not in a log.

    Parameters
    ----------
    log
        The lives of one type: `log.of("Order")`.
    min_times, min_lives
        Steps taken less often, or by fewer lives, are left out.
    field
        The state field, where the type has two.

    Returns
    -------
    Machine
        Its transitions say in their description how often they were taken. `workbench discover LOG --out FILE` writes
        it as YAML.

    Raises
    ------
    LogError
        When the log holds several types, or no life that was in a state.
    UnknownNameError
        When the type has no such state field.
    """
    full, short, known = _one_type(log, field)
    steps = [Step(*row) for row in log.ask("rules/steps", field=known).fetchall()]
    kept = [one for one in steps if one.times >= min_times and one.aggregates >= min_lives]
    begun = [one for one in steps if one.from_state is None]
    entries = [one.to_state for one in kept if one.from_state is None] or [begun[0].to_state]
    return _machine(
        full, short, known, tuple(dict.fromkeys(entries)), [one for one in kept if one.from_state is not None]
    )


def _one_type(log: EventLog, field: str | None) -> tuple[str, str, str]:
    """Return the aggregate type of a log, its short name and its state field."""
    rows = log.sql(
        "SELECT DISTINCT aggregate_type, type, field FROM lives WHERE field IS NOT NULL ORDER BY ALL"
    ).fetchall()
    types = tuple(dict.fromkeys(short for _, short, _ in rows))
    if len(types) > 1:
        raise LogError(f"this log holds {', '.join(types)}: say which one, such as log.of({types[0]!r})")
    if not rows:
        raise LogError("no life of this log was ever in a state: there is nothing to discover a machine in")
    fields = [row[2] for row in rows]
    if field is None and len(fields) > 1:
        raise LogError(
            f"{types[0]} has the state fields {', '.join(fields)}: say which one, such as field={fields[0]!r}"
        )
    if field is not None and field not in fields:
        raise UnknownNameError.of("state field", field, fields, where=types[0])
    return rows[0][0], rows[0][1], field or fields[0]


def _machine(full: str, short: str, field: str, entries: tuple[str, ...], steps: list[Step]) -> Machine:
    from workbench.machines import Machine, State
    from workbench.machines.reach import reached

    leads: dict[str, list[str]] = {}
    for step in steps:
        leads.setdefault(str(step.from_state), []).append(step.to_state)
    every = [*entries, *(name for step in steps for name in (str(step.from_state), step.to_state))]
    names = dict.fromkeys([*reached(leads, entries), *every])
    states = tuple(
        State(name, metadata={"entry": True} if name in entries[1:] else {}, final=name not in leads) for name in names
    )
    return Machine(
        name=f"{short}StateMachine",
        model=full,
        field=field,
        initial=entries[0],
        description="Discovered in a log; TODO guards and actions, which are not in it",
        states=states,
        transitions=tuple(_transitions(steps, list(names))),
    )


def _transitions(steps: list[Step], order: list[str]) -> Iterator[Transition]:
    from workbench.machines import Transition

    # A step without a name is allowed by a named transition of its states.
    names = {(step.from_state, step.to_state): step.transition for step in reversed(steps) if step.transition}
    groups: dict[tuple[str | None, str], list[Step]] = {}
    for step in sorted(steps, key=lambda one: (order.index(str(one.from_state)), order.index(one.to_state))):
        name = step.transition or names.get((step.from_state, step.to_state))
        groups.setdefault((name, step.to_state), []).append(step)
    for (name, to_state), group in groups.items():
        times = sum(step.times for step in group)
        sources = tuple(dict.fromkeys(str(step.from_state) for step in group))
        yield Transition(name, sources, to_state, description=f"taken {times:,} times" if times > 1 else "taken once")
