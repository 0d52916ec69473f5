"""Which steps may a walk take from each state, how likely is each, and how long does it take?

Everything is numbered from 1 over all machines, so that the SQL needs only small integers.
"""

from __future__ import annotations

import json
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import WorkbenchError

if TYPE_CHECKING:
    from workbench.machines.guards import Guard
    from workbench.machines.model import Machine, Transition

STOP = 0.04
_PEOPLE = frozenset(
    (
        *("approve", "assign", "cancel", "close", "complete", "edit", "enter", "fulfil", "fulfill", "open", "pay"),
        *("publish", "reject", "reopen", "resolve", "return", "review", "schedule", "ship", "start", "submit"),
    )
)
_TROUBLE = ("abandon", "cancel", "error", "expire", "fail", "refus", "reject", "release", "suspend", "void")
_DESK_SECONDS, _DESK_SPREAD = 4 * 3600, 1.2
_SYSTEM_SECONDS, _SYSTEM_SPREAD = 600, 1.4
_PROFILES = {"Order": 1, "InventoryItem": 2, "Fulfillment": 3, "SmartDevice": 4}


@dataclass(frozen=True)
class Plan:
    """The machines as numbered tables and lists of JSON texts, ready for the SQL."""

    walkers: tuple[tuple[int, str, int, bool, bool], ...]  # machine, name, initial state, of an order's case, after it
    edges: tuple[tuple[int, int, int, float, float, float, float, bool], ...]
    forbidden: tuple[tuple[int, int], ...]  # state, a state no transition leads to from there
    states: tuple[str, ...]
    types: tuple[str, ...]
    keys: tuple[str, ...]  # JSON text of the state field
    profiles: tuple[int, ...]
    cases: tuple[bool, ...]
    triggers: tuple[str, ...]
    limbo: int

    @property
    def state_fields(self) -> dict[str, str]:
        """Return the state field of each aggregate type."""
        return {type_: json.loads(key) for type_, key in zip(self.types, self.keys, strict=True)}


def plan(machines: Any) -> Plan:
    """Return the numbered steps of the machines: a Machines mapping, one machine, or several.

    Raises
    ------
    WorkbenchError
        Without a machine, or when two machines speak for one model.
    """
    walked = _machines_of(machines)
    bound = _bound_models(machines)
    numbers: dict[tuple[int, str], int] = {}
    for ordinal, machine in enumerate(walked, 1):
        for name in (machine.initial, *machine.state_names):
            numbers.setdefault((ordinal, name), len(numbers) + 1)
    limbo = "limbo"
    while any(name == limbo for _, name in numbers):
        limbo += "_"
    edges: list[tuple[int, int, int, float, float, float, float, bool]] = []
    triggers: list[str] = []
    forbidden: list[tuple[int, int]] = []
    for ordinal, machine in enumerate(walked, 1):
        of = {name: number for (owner, name), number in numbers.items() if owner == ordinal}
        _add_steps(machine, of, edges, triggers)
        forbidden += [(of[a], of[b]) for a in of for b in of if a != b and not machine.allows(a, b)]
    cases = tuple(_type_of(machine) in bound for machine in walked)
    return Plan(
        walkers=tuple(
            (ordinal, machine.name, numbers[ordinal, machine.initial], shared, shared and not _is_order(machine))
            for ordinal, (machine, shared) in enumerate(zip(walked, cases, strict=True), 1)
        ),
        edges=tuple(edges),
        forbidden=tuple(forbidden),
        states=(*(json.dumps(name) for _, name in numbers), json.dumps(limbo)),
        types=tuple(_type_of(machine) for machine in walked),
        keys=tuple(json.dumps(machine.field) for machine in walked),
        profiles=tuple(_PROFILES.get(_short(_type_of(machine)), 0) for machine in walked),
        cases=cases,
        triggers=tuple(triggers),
        limbo=len(numbers) + 1,
    )


def _machines_of(machines: Any) -> list[Machine]:
    if hasattr(machines, "transitions"):
        found: list[Machine] = [machines]
    else:
        found = list(machines.values() if isinstance(machines, Mapping) else machines)
    if not found:
        raise WorkbenchError("there is no machine to walk: give a folder with machine files, or one machine")
    without = next((machine.name for machine in found if not machine.initial), None)
    if without:
        raise WorkbenchError(f"{without} has no initial state, so no life of it can begin")
    speaks_for: dict[str, str] = {}
    for machine in found:
        other = speaks_for.setdefault(_type_of(machine), machine.name)
        if other != machine.name:
            raise WorkbenchError(
                f"{other} and {machine.name} both speak for {_type_of(machine)}: simulate one of them at a time"
            )
    return found


def _bound_models(machines: Any) -> frozenset[str]:
    """Return the models that one order's case moves through, if the bindings name an order."""
    targets = {model for binding in getattr(machines, "bindings", ()) for model in binding.target_models}
    return frozenset(targets) if any(_short(model) == "Order" for model in targets) else frozenset()


def _add_steps(machine: Machine, of: Mapping[str, int], edges: list[Any], triggers: list[str]) -> None:
    distance = _distances(machine)
    far = len(of) + 1
    finals = set(machine.finals)
    for state, number in of.items():
        ways = [(t, t.to_state) for t in machine.transitions if state in t.from_states and state not in finals]
        weights = [_weight(transition, distance.get(to, far) if distance else 0) for transition, to in ways]
        low = STOP
        for (transition, to), weight in zip(ways, weights, strict=True):
            high = 1.0 if (transition, to) == ways[-1] else low + (1 - STOP) * weight / sum(weights)
            seconds, spread, person = _pace(machine, state, transition)
            triggers.append(_trigger(transition.guard))
            edges.append((number, of[to], len(triggers), low, high, math.log(seconds), spread, person))
            low = high


def _weight(transition: Transition, distance: int) -> float:
    """Return how readily a step is taken: sooner towards a final state, seldom into trouble."""
    words = f"{transition.name or ''}_{transition.to_state}".lower()
    return 2.0**-distance * (0.15 if any(trouble in words for trouble in _TROUBLE) else 1.0)


def _distances(machine: Machine) -> dict[str, int]:
    """Return the fewest steps from each state to a final one."""
    distance = dict.fromkeys(machine.finals, 0)
    frontier = list(distance)
    while frontier:
        reached = set(frontier)
        frontier = []
        for transition in machine.transitions:
            for state in transition.from_states:
                if transition.to_state in reached and state not in distance:
                    distance[state] = distance[transition.to_state] + 1
                    frontier.append(state)
    return distance


def _pace(machine: Machine, state: str, transition: Transition) -> tuple[float, float, bool]:
    """Return the median seconds, the spread (sigma of the lognormal), and whether a person takes the step."""
    name = transition.name or f"to_{transition.to_state}"
    timeout = next((s.metadata.get("timeout_seconds") for s in machine.states if s.name == state), None)
    if isinstance(timeout, (int, float)) and timeout > 0:
        return timeout / 2, 0.8, False
    pace = 2.0 ** (zlib.crc32(f"{machine.name}/{name}".encode()) % 4 - 1)
    if transition.guard is None or name.split("_")[0] in _PEOPLE:
        return _DESK_SECONDS * pace, _DESK_SPREAD, True
    return _SYSTEM_SECONDS * pace, _SYSTEM_SPREAD, False


def _trigger(guard: Guard | None) -> str:
    """Return the JSON text of the class of the event that a guard waits for; null without one."""
    names = guard.names() if guard else ()
    if not names:
        return "null"
    short = _short(names[0])
    event = short.removesuffix("Guard").removesuffix("Event") or short
    return json.dumps(f"App\\Events\\{event}")


def _type_of(machine: Machine) -> str:
    return machine.model or machine.name


def _is_order(machine: Machine) -> bool:
    return _short(_type_of(machine)) == "Order"


def _short(name: str) -> str:
    return name.replace("/", "\\").rsplit("\\", 1)[-1]
