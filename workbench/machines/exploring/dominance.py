"""Which states must every run pass on its way to another?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from workbench.machines.model import Machine
from workbench.machines.reach import predecessors, successors


def immediate_dominators(machine: Machine) -> Mapping[str, str]:
    """Return for each reachable state but the initial one the last state that every run to it passes before.

    By the iteration of Cooper, Harvey and Kennedy over a reverse postorder.
    """
    leads, sources = successors(machine), predecessors(machine)
    if machine.initial not in leads:
        return MappingProxyType({})
    order = _reverse_postorder(leads, machine.initial)
    rank = {name: place for place, name in enumerate(order)}
    found = {machine.initial: machine.initial}
    changed = True
    while changed:
        changed = False
        for name in order[1:]:
            last = _meeting([source for source in sources.get(name, ()) if source in found], found, rank)
            if found.get(name) != last:
                found[name] = last
                changed = True
    del found[machine.initial]
    return MappingProxyType({name: found[name] for name in order[1:]})


def must_pass(machine: Machine) -> Mapping[str, tuple[str, ...]]:
    """Return for each reachable state the states that every run to it passes before, in the order they are passed.

    The initial state comes first in each, and has none itself.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> order = read_machines("machines/order.yaml")["OrderStateMachine"]
    >>> must_pass(order)["fulfilled"]
    ('pending', 'confirmed')
    """
    above = immediate_dominators(machine)
    if machine.initial not in successors(machine):
        return MappingProxyType({})
    found: dict[str, tuple[str, ...]] = {machine.initial: ()}
    for name in above:
        chain, now = [], name
        while now in above:
            now = above[now]
            chain.append(now)
        found[name] = tuple(reversed(chain))
    return MappingProxyType(found)


def bridge_states(machine: Machine) -> tuple[str, ...]:
    """Return the states without which another could not be reached, the initial one aside, in the file's order."""
    above = set(immediate_dominators(machine).values()) - {machine.initial}
    return tuple(name for name in successors(machine) if name in above)


def _reverse_postorder(leads: Mapping[str, Sequence[str]], start: str) -> list[str]:
    finished: list[str] = []
    seen = {start}
    stack = [(start, iter(leads[start]))]
    while stack:
        name, targets = stack[-1]
        target = next((one for one in targets if one not in seen), None)
        if target is None:
            finished.append(name)
            stack.pop()
        else:
            seen.add(target)
            stack.append((target, iter(leads.get(target, ()))))
    return finished[::-1]


def _meeting(names: Sequence[str], found: Mapping[str, str], rank: Mapping[str, int]) -> str:
    """Return the nearest state above all of these in the tree found so far."""
    now = names[0]
    for name in names[1:]:
        one = name
        while one != now:
            if rank[one] > rank[now]:
                one = found[one]
            else:
                now = found[now]
    return now
