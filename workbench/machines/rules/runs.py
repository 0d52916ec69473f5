"""How does a run get to a state, and which states lead round to themselves?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from workbench.machines.model import Machine
from workbench.machines.reach import successors

Edges = Mapping[str, Iterable[str]]


class Runs:
    """The shortest runs from a machine's initial state, worked out when the first is asked for."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine

    @cached_property
    def _before(self) -> dict[str, str]:
        edges = successors(self.machine)
        before = {self.machine.initial: ""}
        queue = [self.machine.initial]
        for state in queue:
            for target in edges.get(state, ()):
                if target not in before:
                    before[target] = state
                    queue.append(target)
        return before

    def to(self, state: str) -> tuple[str, ...]:
        """Return the states of a shortest run to a state, both ends included; empty where no run leads there."""
        if state not in self._before:
            return ()
        run = [state]
        while run[-1] != self.machine.initial:
            run.append(self._before[run[-1]])
        return tuple(reversed(run))


def nearest_first(edges: Edges, start: str, most: int) -> tuple[str, ...]:
    """Return the first few other states that a path leads to from a state, nearest first."""
    seen = {start: None}
    for state in (queue := [start]):
        for target in edges.get(state, ()):
            if target not in seen:
                seen[target] = None
                queue.append(target)
                if len(queue) > most:
                    return tuple(queue[1:])
    return tuple(queue[1:])


def components(edges: Mapping[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return the strongly connected components, by Tarjan's algorithm without recursion; those led to come first."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found = []
    for root in edges:
        work = [] if root in index else [(root, 0)]
        while work:
            state, place = work.pop()
            if place == 0:
                index[state] = low[state] = len(index)
                stack.append(state)
                on_stack.add(state)
            targets = edges.get(state, ())
            while place < len(targets) and targets[place] in index:
                if targets[place] in on_stack:
                    low[state] = min(low[state], index[targets[place]])
                place += 1
            if place < len(targets):
                work += [(state, place + 1), (targets[place], 0)]
                continue
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[state])
            if low[state] == index[state]:
                part = [stack.pop()]
                while part[-1] != state:
                    part.append(stack.pop())
                found.append(tuple(reversed(part)))
                on_stack.difference_update(part)
    return found


def loop_through(edges: Edges, among: Iterable[str]) -> tuple[str, ...]:
    """Return a shortest loop through the first of these states that stays among them, begun and ended by it."""
    inside = dict.fromkeys(among)
    start = next(iter(inside))
    before: dict[str, str] = {}
    queue = [start]
    for state in queue:
        for target in edges.get(state, ()):
            if target == start:
                loop = [start, state]
                while loop[-1] != start:
                    loop.append(before[loop[-1]])
                return tuple(reversed(loop))
            if target in inside and target not in before:
                before[target] = state
                queue.append(target)
    return ()
