"""What is a machine in Statecraft's own two forms, and what can the form of its package not say?"""

from __future__ import annotations

from typing import Any

from workbench.machines.collection import Machines
from workbench.machines.exchange.losses import package_cannot_say
from workbench.machines.exchange.yaml_text import lines_of
from workbench.machines.guards import And, Guard, Name, Not
from workbench.machines.model import Binding, Machine, State, Transition

Keys = dict[str, Any]


def flat_text(machines: Machines) -> tuple[str, tuple[str, ...]]:
    """Return machines and their bindings in the flat form, one YAML document each; it can say everything."""
    documents = [_flat(machine) for machine in machines.values()]
    if machines.bindings:
        documents.append(_bindings(machines))
    return _documents(documents), ()


def package_text(machines: Machines) -> tuple[str, tuple[str, ...]]:
    """Return machines in the form the Statecraft package loads, and a sentence for each thing it cannot say."""
    documents = [_package(machine) for machine in machines.values()]
    if machines.bindings:
        documents = [*documents[:-1], dict(*documents[-1:]) | _bindings(machines)]
    return _documents(documents), package_cannot_say(machines)


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
        keys["states"] = [state_keys(state) for state in declared]
    if machine.transitions:
        keys["transitions"] = [transition_keys(transition) for transition in machine.transitions]
    return keys | _ours(machine)


def state_keys(state: State) -> Keys:
    """Return a state as an entry of `states`."""
    keys: Keys = {"name": state.name} | _given(description=state.description, metadata=state.metadata)
    return keys if state.final == (state.metadata.get("final") is True) else keys | {"final": state.final}


def transition_keys(transition: Transition) -> Keys:
    """Return a transition as an entry of `transitions`."""
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


def _bindings(machines: Machines) -> Keys:
    return {"event_bindings": [_binding(binding) for binding in machines.bindings]}


def _binding(binding: Binding) -> Keys:
    keys: Keys = {"event": binding.event, "target_models": binding.target_models}
    keys |= _given(conditions=binding.conditions, emitted_by=binding.emitted_by, transition=binding.transitions)
    return keys | ({"parallel": True} if binding.parallel else {})


def _given(**values: Any) -> Keys:
    return {key: value for key, value in values.items() if value is not None and value not in ("", (), {})}
