"""Which states can a machine ever be in?"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from workbench.machines.model import Machine

Node = TypeVar("Node", bound=Hashable)


def successors(machine: Machine) -> Mapping[str, tuple[str, ...]]:
    """Return for each state the states its transitions lead to, in the order of the file, each once."""
    found: dict[str, dict[str, None]] = {name: {} for name in machine.state_names}
    for from_state, to_state in machine.pairs:
        found.setdefault(from_state, {})[to_state] = None
    return {name: tuple(targets) for name, targets in found.items()}


def predecessors(machine: Machine) -> Mapping[str, tuple[str, ...]]:
    """Return for each state the states whose transitions lead to it, in the order of the file, each once."""
    found: dict[str, dict[str, None]] = {name: {} for name in machine.state_names}
    for from_state, to_state in machine.pairs:
        found.setdefault(to_state, {})[from_state] = None
    return {name: tuple(sources) for name, sources in found.items()}


def reached(edges: Mapping[Node, Iterable[Node]], starts: Iterable[Node]) -> tuple[Node, ...]:
    """Return the nodes, such as states, to which a path leads from one of `starts`, these included, nearest first."""
    seen = dict.fromkeys(starts)
    queue = deque(seen)
    while queue:
        for target in edges.get(queue.popleft(), ()):
            if target not in seen:
                seen[target] = None
                queue.append(target)
    return tuple(seen)


def unreachable(machine: Machine) -> tuple[str, ...]:
    """Return the states no path leads to from where lives begin, in the order of the file.

    None, where nothing is known of the initial state: it is missing, or neither declared nor ever left.
    """
    leads = successors(machine)
    if machine.initial not in leads:
        return ()
    seen = set(reached(leads, machine.entries))
    return tuple(name for name in machine.state_names if name not in seen)


def dead_ends(machine: Machine) -> tuple[str, ...]:
    """Return the states no transition leaves for a declared state, in the order of the file."""
    leads, declared = successors(machine), frozenset(machine.state_names)
    return tuple(name for name in machine.state_names if declared.isdisjoint(leads[name]))
