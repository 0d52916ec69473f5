"""Which transitions of a machine share a line in its drawing, and which of them lead back?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from workbench.machines.drawing import Loop, shortened
from workbench.machines.model import Machine, Transition
from workbench.machines.reach import successors

_NAMESPACE = re.compile(r"(?:\w+\\)+")


@dataclass(frozen=True)
class Bundle:
    """The from-states of one transition that lie on one side of its target, and so share a label."""

    transition: int
    from_states: tuple[str, ...]
    to_state: str
    backward: bool
    text: str

    def edges(self, ids: Mapping[str, int], label: int) -> list[tuple[int, int]]:
        """Return its edges from left to right, through the vertex of its label."""
        target, sources = ids[self.to_state], [ids[name] for name in self.from_states]
        if self.backward:
            return [(target, label), *((label, source) for source in sources)]
        return [*((source, label) for source in sources), (label, target)]


def rank_states(machine: Machine, names: list[str], attempt: int = 0) -> dict[str, int]:
    """Return a rank of the states in which as little as possible leads back: depth first from the initial state.

    The first attempt follows the order of the file, the second the reverse, any other one an order of its own.
    """
    leads = {name: _shuffled(targets, attempt) for name, targets in successors(machine).items()}
    finished: list[str] = []
    seen: set[str] = set()
    sources = {name for name in names if not any(name in targets for s, targets in leads.items() if s != name)}
    for root in [*names[:1], *sorted(sources, key=names.index), *names]:
        stack = [(root, iter(leads.get(root, ())))] if root not in seen else []
        seen.add(root)
        while stack:
            name, targets = stack[-1]
            target = next((t for t in targets if t not in seen), None)
            if target is None:
                finished.append(name)
                stack.pop()
            else:
                seen.add(target)
                stack.append((target, iter(leads.get(target, ()))))
    first = [machine.initial] if machine.initial in seen else []
    return {name: rank for rank, name in enumerate(dict.fromkeys([*first, *reversed(finished)]))}


def bundles_of(machine: Machine, rank: Mapping[str, int]) -> list[Bundle]:
    """Return the transitions as bundles: at most one on each side of the target."""
    found = []
    for ordinal, transition in enumerate(machine.transitions):
        sources = [name for name in dict.fromkeys(transition.from_states) if name != transition.to_state]
        for backward in (False, True):
            side = tuple(name for name in sources if (rank[name] > rank[transition.to_state]) is backward)
            if side:
                found.append(Bundle(ordinal, side, transition.to_state, backward, _text(transition)))
    return found


def _shuffled(targets: Sequence[str], attempt: int) -> list[str]:
    if attempt > 1:
        return Random(attempt).sample(targets, len(targets))  # noqa: S311  a reproducible order, not a secret
    return list(targets[::-1] if attempt else targets)


def loops_of(machine: Machine) -> tuple[Loop, ...]:
    """Return the transitions that lead from a state to itself."""
    found: list[Loop] = []
    for ordinal, transition in enumerate(machine.transitions):
        if transition.to_state in transition.from_states:
            nth = sum(loop.state == transition.to_state for loop in found)
            found.append(Loop(ordinal, transition.to_state, _text(transition), nth))
    return tuple(found)


def _text(transition: Transition) -> str:
    if transition.name is not None:
        return shortened(transition.name)
    return shortened(f"[{_NAMESPACE.sub('', transition.guard.text())}]") if transition.guard else ""
