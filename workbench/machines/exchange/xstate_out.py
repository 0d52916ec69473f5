"""What is a machine as XState JSON? Nothing is lost: what XState has no word for stands under `meta.statecraft`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.machines.collection import Machines
from workbench.machines.exchange.losses import no_bindings
from workbench.machines.exchange.statecraft import guard_value
from workbench.machines.guards import Guard, Name
from workbench.machines.model import Machine, State, Transition

Keys = dict[str, Any]
OURS = "statecraft"
_SAFE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}")
_OF_JAVASCRIPT = {"constructor", "prototype", "hasOwnProperty", "toString", "valueOf", "isPrototypeOf"}


def xstate_text(machines: Machines) -> tuple[str, tuple[str, ...]]:
    """Return machines as JSON for XState's `createMachine`: an object, or a list of them where there are several.

    A name keeps its spelling where it is a plain word; any other gets a generated key, and stands beside it whole.
    """
    found = [_machine(machine) for machine in machines.values()]
    lost = [
        f"{machine.name}: {state.name!r} is final and has ways out, so it is no final state for XState"
        for machine in machines.values()
        for state in machine.states
        if state.final and _has_ways_out(machine, state.name)
    ]
    text = json.dumps(found[0] if len(found) == 1 else found, indent=2, ensure_ascii=False)
    return text + "\n", (*lost, *no_bindings(machines))


def _machine(machine: Machine) -> Keys:
    keys = _keys(machine.known_states, "s")
    events = _keys(list(dict.fromkeys(t.name for t in machine.transitions if t.name is not None)), "e")
    found: Keys = {"id": machine.name if _SAFE.fullmatch(machine.name) else "machine"}
    found |= {"description": machine.description} if machine.description is not None else {}
    found |= {"initial": keys[machine.initial]} if machine.initial in keys else {}
    found["states"] = {keys[name]: _state(machine, name, keys, events) for name in machine.known_states}
    about: Keys = {"name": machine.name, "initial": machine.initial, "model": machine.model, "field": machine.field}
    about |= {"config": machine.config, "properties": machine.properties, "emits": machine.emits}
    about |= {"attributes": machine.attributes, "dialect": machine.dialect}
    return found | {"meta": {OURS: plain(about)}}


def _state(machine: Machine, name: str, keys: Mapping[str, str], events: Mapping[str, str]) -> Keys:
    state = next((state for state in machine.states if state.name == name), None)
    found: Keys = {}
    if state and state.description is not None:
        found["description"] = state.description
    if state and state.final and not _has_ways_out(machine, name):
        found["type"] = "final"
    on: dict[str, list[Keys]] = {}
    for ordinal, transition in enumerate(machine.transitions):
        for position, from_state in enumerate(transition.from_states):
            if from_state == name:
                event = f"t{ordinal}" if transition.name is None else events[transition.name]
                on.setdefault(event, []).append(_edge(transition, ordinal, position, keys))
    found |= {"on": on} if on else {}
    return found | {"meta": {OURS: plain(_about(state, name))}}


def _about(state: State | None, name: str) -> Keys:
    if state is None:
        return {"name": name, "declared": False}
    about: Keys = {"name": name, "metadata": state.metadata, "final": state.final}
    return about | ({"implied": True} if state.implied else {})


def _edge(transition: Transition, ordinal: int, position: int, keys: Mapping[str, str]) -> Keys:
    edge: Keys = {"target": keys[transition.to_state]}
    edge |= {"guard": _guard(transition.guard)} if transition.guard is not None else {}
    edge |= {"actions": list(transition.actions)} if transition.actions else {}
    edge |= {"description": transition.description} if transition.description is not None else {}
    about: Keys = {"name": transition.name, "transition": ordinal, "from": position}
    about |= {"metadata": transition.metadata} if transition.metadata else {}
    about |= {"emits": transition.emits} if transition.emits else {}
    about |= {"wildcard": True} if transition.wildcard else {}
    return edge | {"meta": {OURS: plain(about)}}


def _guard(guard: Guard) -> Any:
    if isinstance(guard, Name):
        return guard.name
    return {"type": guard.text(), "params": guard_value(guard)}


def _has_ways_out(machine: Machine, name: str) -> bool:
    return any(name in transition.from_states for transition in machine.transitions)


def _keys(names: Sequence[str], letter: str) -> dict[str, str]:
    """Return a key for each name: itself if it is a plain word, else a generated one that no name bears."""
    found = {name: name for name in names if _SAFE.fullmatch(name) and name not in _OF_JAVASCRIPT}
    for number, name in enumerate(names):
        key = f"{letter}{number}"
        while name not in found:
            if key not in names and key not in found.values():
                found[name] = key
            key += "_"
    return found


def plain(value: Any) -> Any:
    """Return a value of a machine file as dictionaries and lists."""
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value
