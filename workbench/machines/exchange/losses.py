"""What of a machine can a form not say?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workbench.machines.collection import Machines
from workbench.machines.model import Machine

_SHOWN = 5


def not_drawn(machines: Machines, *, written: Iterable[str] = ()) -> tuple[str, ...]:
    """Return for each machine a sentence on what a picture leaves out; `written` is what stands beside it."""
    shown = set(written)
    said = []
    for machine in machines.values():
        left_out = [what for what, there in _beside_the_graph(machine).items() if there and what not in shown]
        said += [f"{machine.name}: left out: {', '.join(left_out)}"] if left_out else []
    return (*said, *no_bindings(machines))


def no_bindings(machines: Machines) -> tuple[str, ...]:
    """Return a sentence on the event bindings, if there are any and the form has no place for them."""
    events = list(dict.fromkeys(binding.event for binding in machines.bindings))
    return (f"left out: {_named('event bindings', events)}",) if events else ()


def package_cannot_say(machines: Machines) -> tuple[str, ...]:
    """Return a sentence for each thing that the form of the Statecraft package drops or changes."""
    return tuple(sentence for machine in machines.values() for sentence in _of_package(machine))


def _of_package(machine: Machine) -> Iterator[str]:
    states, transitions = machine.states, machine.transitions
    if machine.model is None:
        yield f"{machine.name}: it has no model, and the package loads none without"
    lists = {
        "the names of transitions": [t.name for t in transitions if t.name is not None],
        "final marks of states": [s.name for s in states if s.final],
        "metadata of states": [s.name for s in states if s.metadata],
        "metadata of transitions": [t.label for t in transitions if t.metadata],
        "events of transitions": [t.label for t in transitions if t.emits],
    }
    yield from (f"{machine.name}: left out: {_named(what, names)}" for what, names in lists.items() if names)
    left_out = [what for what in ("descriptions", "config") if _beside_the_graph(machine)[what]]
    yield from (f"{machine.name}: left out: {what}" for what in left_out)
    for transition in transitions:
        if len(transition.actions) > 1:
            kept, *rest = transition.actions
            yield f"{machine.name}: {transition.label} runs only {kept!r}, not {', '.join(map(repr, rest))}"
    for (one, other), several in machine.pairs.items():
        if len(several) > 1:
            yield f"{machine.name}: of the {len(several)} transitions {one} → {other} the package finds the first"


def _beside_the_graph(machine: Machine) -> dict[str, bool]:
    states, transitions = machine.states, machine.transitions
    described = (machine.description, *(s.description for s in states), *(t.description for t in transitions))
    return {
        "model": machine.model is not None,
        "descriptions": any(described),
        "actions": any(t.actions for t in transitions),
        "metadata": any(s.metadata.keys() - {"color", "final"} for s in states) or any(t.metadata for t in transitions),
        "events": bool(machine.emits) or any(t.emits for t in transitions),
        "config": bool(machine.config),
        "properties": bool(machine.properties),
        "attributes": bool(machine.attributes),
    }


def _named(what: str, names: Iterable[str]) -> str:
    distinct = list(dict.fromkeys(names))
    return f"{what} ({', '.join(distinct[:_SHOWN])}{', ...' if len(distinct) > _SHOWN else ''})"
