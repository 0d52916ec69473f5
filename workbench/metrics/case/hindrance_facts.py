"""From what does the answer to a why-not follow: the ways of the machine or of others, and what is recorded?"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from workbench.errors import LogError, UnknownNameError
from workbench.metrics.case.kinship import related
from workbench.metrics.tracks import tracks_of
from workbench.sql import literal

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machine, Machines, Match


@dataclass(frozen=True)
class Awaited:
    """An event that a step waits for, by `source` ("guard" or "binding"), and how often it is recorded.

    `own` counts the aggregate's events of that name, or whose context names it; `own_since` those since it entered the
    state it is in; `related` those of the aggregates related to it.
    """

    name: str
    source: str
    own: int = 0
    own_since: int = 0
    related: int = 0


@dataclass(frozen=True)
class Way:
    """A step out of the state it is in: what guards it, what it waits for, and who else took it.

    `towards` says whether a shortest way to the state asked about begins with it; `others` counts the other lives
    that went from the one state to the other, after `median_seconds`; `triggers` are the events that made them, the
    most frequent first.
    """

    transition: str | None
    from_state: str
    to_state: str
    towards: bool
    guard: str | None = None
    waits_for: tuple[Awaited, ...] = ()
    others: int = 0
    median_seconds: float | None = None
    triggers: tuple[str, ...] = ()


class Taken(NamedTuple):
    """What other lives did between two states."""

    aggregates: int
    median_seconds: float | None
    triggers: tuple[str, ...]


class Route(NamedTuple):
    """A shortest way: its text, and its first step (transition, state)."""

    text: str
    first: tuple[str | None, str]


Pairs = Mapping[tuple[str, str], Taken]
_PLAIN = {"state_transitioned", "model_created", "model_updated", "created", "updated"}
_MOST_ROUTES = 3


def standing(life: EventLog, whose: str, field: str | None) -> tuple[str, str, datetime | None]:
    """Return the state field, the state it is in, and since when."""
    moves = life.sql(
        "SELECT field, to_state, entered_at FROM (SELECT *, to_state IS DISTINCT FROM from_state AS begins FROM moves) "
        "WHERE begins QUALIFY row_number() OVER (PARTITION BY field ORDER BY move DESC) = 1 ORDER BY field"
    ).fetchall()
    if not moves:
        raise LogError(f"{whose} has no state: no event of it states one")
    found = [move for move in moves if field in (None, move[0])]
    if not found:
        raise UnknownNameError.of("state field", field, [move[0] for move in moves], where=whose)
    if len(found) > 1:
        raise LogError(f"{whose} has several state fields: name one with field=, such as {found[0][0]!r}")
    name, state, since = found[0]
    return str(name), str(state), since


def machine_of(life: EventLog, machines: Machines | None, match: Match | None, field: str) -> Machine | None:
    """Return the machine that speaks for a state field of one life."""
    if machines is None:
        return None
    found = [track.machine for track in tracks_of(life, machines, match) if track.type and track.field == field]
    return found[0] if found else None


def taken_of(of_type: EventLog, life: int, field: str, state: str) -> Pairs:
    """Return what other lives did between each two states."""
    rows = of_type.ask("causes/steps_taken", life=life, track=field, here=state).fetchall()
    return {
        (left, entered): Taken(count, seconds, tuple(name for name in triggers or () if name not in _PLAIN))
        for left, entered, count, seconds, triggers in rows
    }


def check_state(to: str, machine: Machine | None, of_type: EventLog, field: str, whose: str) -> None:
    """Say the nearest right name when neither the machine nor the log knows a state."""
    states = of_type.sql(f"SELECT DISTINCT to_state FROM moves WHERE field = {literal(field)}")
    known = {row[0] for row in states.fetchall()}
    if machine is not None:
        known |= set(machine.state_names)
    if to not in known:
        raise UnknownNameError.of("state", to, known, where=whose)


def routes_of(machine: Machine | None, taken: Pairs, state: str, to: str) -> tuple[bool | None, str, list[Route]]:
    """Return whether it can get there, why not, and the shortest ways."""
    if machine is None:
        routes = _observed(taken, state, to)
        return None, "" if routes or state == to else f"no other life ever got from {state} to {to}", routes
    from workbench.machines.exploring import ways

    missing = next((name for name in (to, state) if name not in machine.state_names), None)
    if missing is not None or state == to:
        return missing is None, "" if missing is None else f"{machine.name} has no state {missing}", []
    runs = ways(machine, state, to, most=_MOST_ROUTES)
    shortest = [run for run in runs if len(run) == len(runs[0])]
    routes = [Route(run.text(), (run.steps[0].transition.name, run.steps[0].to_state)) for run in shortest]
    return bool(routes), "" if routes else _no_way(machine, state, to), routes


def _no_way(machine: Machine, state: str, to: str) -> str:
    if any(state in transition.from_states for transition in machine.transitions):
        return f"no way of {machine.name} leads from {state} to {to}"
    kind = "a final state" if state in machine.finals else "a dead end"
    return f"{state} is {kind} of {machine.name} and nothing leads out of it"


def _observed(taken: Pairs, state: str, to: str) -> list[Route]:
    """Return the shortest way that other lives took, the one that most of them began with."""
    found: dict[str, list[str]] = {state: [state]}
    queue = deque([state])
    while queue and to not in found:
        here = queue.popleft()
        for left, entered in sorted(taken, key=lambda pair: (-taken[pair].aggregates, pair)):
            if left == here and entered not in found:
                found[entered] = [*found[here], entered]
                queue.append(entered)
    path = found.get(to, [])
    return [Route(" -> ".join(path), (None, path[1]))] if len(path) > 1 else []


def steps_of(machine: Machine | None, taken: Pairs, state: str, routes: Sequence[Route]) -> list[Way]:
    """Return every step out of a state: those of the machine, then those that others took all the same."""
    firsts = {route.first for route in routes}
    steps: list[Way] = []
    if machine is not None:
        for transition in machine.transitions:
            if state in transition.from_states:
                towards = (transition.name, transition.to_state) in firsts
                guard = str(transition.guard) if transition.guard is not None else None
                steps.append(Way(transition.name, state, transition.to_state, towards, guard))
    declared = {step.to_state for step in steps}
    steps += [
        Way(None, state, entered, (None, entered) in firsts)
        for left, entered in taken
        if left == state and entered not in declared
    ]
    nobody = Taken(0, None, ())
    found = ((step, taken.get((state, step.to_state), nobody)) for step in steps)
    told = [
        replace(step, others=one.aggregates, median_seconds=one.median_seconds, triggers=one.triggers)
        for step, one in found
    ]
    return sorted(told, key=lambda step: not step.towards)


def waiting(
    awaited: Mapping[Way, Mapping[str, str]], seen: EventLog, life: EventLog, since: datetime | None
) -> list[Way]:
    """Return the steps with the events they wait for, and how often each is recorded."""
    wanted = sorted({name for each in awaited.values() for name in each})
    if not wanted:
        return list(awaited)
    (own, short, aggregate), *_ = life.sql("SELECT life, type, aggregate_id FROM lives LIMIT 1").fetchall()
    kin = related(seen, short, aggregate).filter("NOT broken").project("type, aggregate_id").distinct().fetchall()
    pairs = ", ".join(f"({literal(of_type)}, {literal(other)})" for of_type, other in kin)
    lives = [row[0] for row in seen.sql(f"SELECT life FROM lives WHERE (type, aggregate_id) IN ({pairs})").fetchall()]
    rows = seen.ask("causes/recorded", life=own, lives=lives, names=wanted, entered=since).fetchall()
    counts = {name: tuple(found) for name, *found in rows}
    return [
        replace(step, waits_for=tuple(Awaited(name, source, *counts.get(name, ())) for name, source in names.items()))
        for step, names in awaited.items()
    ]


def awaited_by(steps: Sequence[Way], machine: Machine, machines: Machines) -> dict[Way, dict[str, str]]:
    """Return for each step event -> source: guards named after an event, and bindings that fire the transition."""
    return {step: _awaited(step, machine, machines) for step in steps}


def _awaited(step: Way, machine: Machine, machines: Machines) -> dict[str, str]:
    from workbench.machines.joint import wire
    from workbench.machines.joint.wiring import awaited
    from workbench.machines.names import short_name

    found: dict[str, str] = {}
    wiring = wire(machines)
    for ordinal, transition in enumerate(machine.transitions):
        if transition.name != step.transition or transition.to_state != step.to_state:
            continue
        if step.from_state not in transition.from_states:
            continue
        names = [short_name(name) for name in awaited(transition.guard)]
        found |= {name.removesuffix("Event"): "guard" for name in names if name.endswith("Event") and name != "Event"}
        for event, deliveries in wiring.deliveries.items():
            if any(one.machine == machine.name and ordinal in one.transitions for one in deliveries):
                found.setdefault(short_name(event).removesuffix("Event"), "binding")
    return found
