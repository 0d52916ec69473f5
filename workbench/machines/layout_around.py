"""What part of a machine lies around one of its states?"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from workbench.machines.exploring.runs import known_state
from workbench.machines.model import Machine
from workbench.machines.reach import predecessors, successors


@dataclass(frozen=True)
class Part:
    """Some states of a machine with the transitions between them.

    `ordinals` are those of the transitions in the whole; `cut` counts the ways of a state that lead outside.
    """

    machine: Machine
    ordinals: tuple[int, ...]
    cut: dict[str, int]


def whole(machine: Machine) -> Part:
    """Return all of a machine as a part of itself."""
    return Part(machine, tuple(range(len(machine.transitions))), {})


def part_around(machine: Machine, state: str, steps: int) -> Part:
    """Return the states at most so many steps before or after a state, and the transitions between them."""
    leads, sources = successors(machine), predecessors(machine)
    near = {known_state(machine, state): None}
    edge = [state]
    for _ in range(steps):
        edge = [other for one in edge for other in (*leads.get(one, ()), *sources.get(one, ())) if other not in near]
        near |= dict.fromkeys(edge)
    kept = []
    for ordinal, transition in enumerate(machine.transitions):
        begins = tuple(name for name in transition.from_states if name in near)
        if begins and transition.to_state in near:
            kept.append((ordinal, dataclasses.replace(transition, from_states=begins, from_places=())))
    ways_out = [pair for pair in machine.pairs if not near.keys() >= set(pair)]
    outside = {name: sum(name in pair for pair in ways_out) for name in near}
    part = dataclasses.replace(
        machine,
        states=tuple(one for one in machine.states if one.name in near),
        transitions=tuple(transition for _, transition in kept),
    )
    return Part(part, tuple(ordinal for ordinal, _ in kept), {name: n for name, n in outside.items() if n})
