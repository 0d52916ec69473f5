"""What is a machine in Statecraft's own two forms, and what can the form of its package not say?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.machines.collection import Machines
from workbench.machines.exchange.yaml_text import lines_of
from workbench.machines.guards import And, Guard, Name, Not
from workbench.machines.model import Binding, Machine, State, Transition

Keys = dict[str, Any]


def flat_text(machines: Machines) -> tuple[str, tuple[str, ...]]:
    """Return machines and their bindings in the flat form, one YAML document each; it can say everything."""
    documents = [_flat(machine) for machine in machines.values()]
    if machines.bindings:
        documents.append({"event_bindings": [_binding(binding) for binding in machines.bindings]})
    return _documents(documents), ()


def package_text(machines: Machines) -> tuple[str, tuple[str, ...]]:
    """Return machines in the form the Statecraft package loads, and a sentence for each thing it cannot say."""
    documents: list[Keys] = []
    lost: list[str] = []
    for machine in machines.values():
        documents.append(_package(machine))
        lost += package_cannot_say(machine)
    if machines.bindings:
        documents.append({"event_bindings": [_binding(binding) for binding in machines.bindings]})
    return _documents(documents), tuple(lost)


def package_cannot_say(machine: Machine) -> list[str]:
    """Return a sentence for each thing of a machine that the package form drops or changes."""
    states, transitions = machine.states, machine.transitions
    described = [machine.description, *(one.description for one in states), *(one.description for one in transitions)]
    found = {
        "it has no model, and the package loads none without": machine.model is None,
        _named("the names of transitions", [t.name for t in transitions if t.name is not None]): any(
            t.name is not None for t in transitions
        ),
        _named("final marks of states", [s.name for s in states if s.final]): any(s.final for s in states),
        _named("metadata of states", [s.name for s in states if s.metadata]): any(s.metadata for s in states),
        _named("metadata of transitions", [t.label for t in transitions if t.metadata]): any(
            t.metadata for t in transitions
        ),
        "descriptions": any(described),
        "config": bool(machine.config),
        _named("events of transitions", [t.label for t in transitions if t.emits]): any(t.emits for t in transitions),
    }
    said = [f"{machine.name}: {text}" for text, holds in found.items() if holds]
    for transition in transitions:
        if len(transition.actions) > 1:
            kept, *rest = transition.actions
            said.append(f"{machine.name}: {transition.label} runs only {kept!r}, not {', '.join(map(repr, rest))}")
    for (one, other), several in machine.pairs.items():
        if len(several) > 1:
            said.append(
                f"{machine.name}: of the {len(several)} transitions {one} → {other} the package finds the first"
            )
    return said


def guard_value(guard: Guard) -> Any:
    """Return a guard as a name, or as a mapping of and, or or not."""
    if isinstance(guard, Name):
        return guard.name
    if isinstance(guard, Not):
        return {"not": guard_value(guard.part)}
    return {"and" if isinstance(guard, And) else "or": [guard_value(part) for part in guard.parts]}


def _documents(documents: list[Keys]) -> str:
    return "\n---\n".join("\n".join(lines_of(document)) for document in documents) + "\n"


def _flat(machine: Machine) -> Keys:
    keys: Keys = {"name": machine.name}
    keys |= _given(model=machine.model, description=machine.description)
    keys |= {"field": machine.field} if machine.field != "status" else {}
    keys |= _given(initial_state=machine.initial, config=machine.config)
    declared = [state for state in machine.states if not state.implied]
    if declared:
        keys["states"] = [_state(state) for state in declared]
    if machine.transitions:
        keys["transitions"] = [_transition(transition) for transition in machine.transitions]
    return keys | _ours(machine)


def _state(state: State) -> Keys:
    keys: Keys = {"name": state.name} | _given(description=state.description, metadata=state.metadata)
    return keys if state.final == (state.metadata.get("final") is True) else keys | {"final": state.final}


def _transition(transition: Transition) -> Keys:
    begins = "*" if transition.wildcard else list(transition.from_states)
    keys: Keys = {} if transition.name is None else {"name": transition.name}
    keys |= {"from": begins, "to": transition.to_state}
    keys |= {} if transition.guard is None else {"guard": guard_value(transition.guard)}
    return keys | _given(
        actions=transition.actions,
        emits=transition.emits,
        description=transition.description,
        metadata=transition.metadata,
    )


def _package(machine: Machine) -> Keys:
    keys: Keys = {"name": machine.name} | _given(model=machine.model, initial=machine.initial)
    keys["field"] = machine.field
    keys["states"] = list(machine.state_names)
    keys["transitions"] = [
        {"from": from_state, "to": transition.to_state}
        | ({} if transition.guard is None else {"guard": guard_value(transition.guard)})
        | ({"action": transition.actions[0]} if transition.actions else {})
        for transition in machine.transitions
        for from_state in transition.from_states
    ]
    return {"state_machine": keys} | _ours(machine)


def _ours(machine: Machine) -> Keys:
    return _given(properties=machine.properties, emits=machine.emits, attributes=machine.attributes)


def _binding(binding: Binding) -> Keys:
    keys: Keys = {"event": binding.event, "target_models": binding.target_models}
    keys |= _given(conditions=binding.conditions, emitted_by=binding.emitted_by, transition=binding.transitions)
    return keys | ({"parallel": True} if binding.parallel else {})


def _given(**values: Any) -> Keys:
    return {key: value for key, value in values.items() if value is not None and value not in ("", (), {})}


def _named(what: str, names: list[Any] | Mapping[str, Any]) -> str:
    shown = ", ".join(str(name) for name in list(dict.fromkeys(names))[:5])
    return f"{what} ({shown}{', ...' if len(dict.fromkeys(names)) > 5 else ''})"  # noqa: PLR2004  a line's worth
