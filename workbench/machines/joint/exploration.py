"""Which joint states can bound machines be in, and which run leads there soonest?"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from workbench.cards import amount
from workbench.machines.joint.cascade import Cascade, cascade
from workbench.machines.joint.system import Locals, Step, System
from workbench.machines.joint.wiring import Delivery

MOST_STATES = 200_000
MOST_SECONDS = 10.0
_LOOK_AT_THE_CLOCK = 512


class Seen(NamedTuple):
    """Something met on the way: the joint state it was met in, and what fired from there on."""

    state: int
    labels: tuple[str, ...]


@dataclass(repr=False)
class Exploration:
    """What was met, breadth first, from the state in which all machines begin.

    Attributes
    ----------
    complete
        False when a limit was hit, of states, of time or of what one event sets off: what is not here is then
        unknown, not impossible.
    deadlocks
        The joint states in which nothing can fire although not every machine is in a final state.
    fired, dropped
        The deliveries that fired, and those that found their machine unable to, after a transition emitted the event.
    endless
        The events whose cascade does not end.
    ordered
        The events whose parallel deliveries end differently in different order, with two such orders.
    """

    system: System
    complete: bool = True
    deadlocks: list[int] = field(default_factory=list)
    fired: set[Delivery] = field(default_factory=set)
    dropped: dict[Delivery, Seen] = field(default_factory=dict)
    endless: dict[str, Seen] = field(default_factory=dict)
    ordered: dict[str, tuple[Seen, tuple[str, str]]] = field(default_factory=dict)
    came: dict[int, tuple[int, tuple[str, ...]] | None] = field(default_factory=dict)
    edges: int = 0

    @property
    def states(self) -> int:
        """Return the number of joint states met."""
        return len(self.came)

    @cached_property
    def visited(self) -> Mapping[str, frozenset[str]]:
        """Return for each machine the local states met."""
        found: list[set[int]] = [set() for _ in self.system.machines]
        for state in self.came:
            rest = state
            for met, size in zip(found, self.system.sizes, strict=True):
                rest, local = divmod(rest, size)
                met.add(local)
        return {
            machine.name: frozenset(names[n] for n in met)
            for machine, names, met in zip(self.system.machines, self.system.names, found, strict=True)
        }

    def __repr__(self) -> str:
        names = ", ".join(machine.name for machine in self.system.machines)
        many = amount(self.states, "joint state")
        known = many if self.complete else f"more than {many}, rest unknown"
        stuck = f", {amount(len(self.deadlocks), 'deadlock')}" if self.deadlocks else ""
        return f"<Exploration of {names}, {self.system.mode}: {known}, {amount(self.edges, 'step')}{stuck}>"

    def run_to(self, state: int) -> tuple[str, ...]:
        """Return the shortest run to a joint state: what was fired from outside, and what that set off."""
        steps: list[tuple[str, ...]] = []
        while (before := self.came[state]) is not None:
            state, labels = before
            steps.append(labels)
        return tuple(label for labels in reversed(steps) for label in labels)

    def run_of(self, seen: Seen) -> tuple[str, ...]:
        """Return the shortest run to something met on the way."""
        return self.run_to(seen.state) + seen.labels


def explore(
    system: System,
    *,
    refusing: bool = False,
    limit: int = MOST_STATES,
    seconds: float = MOST_SECONDS,
) -> Exploration:
    """Return the joint behaviour of bound machines.

    A step is one transition fired from outside, or one event that comes from outside; then bindings fire first in,
    first out; a target that is not able to is passed over. Guards are taken to pass.

    Parameters
    ----------
    system
        Machines that act on one another.
    refusing
        Let conditions of bindings, and guards of the transitions they fire, say no as well as yes.
    limit, seconds
        The most joint states and the longest time.
    """
    return _Explorer(system, refusing=refusing).explored(limit, time.monotonic() + seconds)


class _Explorer:
    """Walks the joint states; what an event sets off is worked out once for the machines it can concern."""

    def __init__(self, system: System, *, refusing: bool) -> None:
        self.system = system
        self.refusing = refusing
        self.found = Exploration(system)
        self.known: dict[tuple[tuple[str, ...], Locals], tuple[Cascade, tuple[tuple[int, tuple[str, ...]], ...]]] = {}
        self.digits: dict[tuple[str, ...], tuple[int, ...]] = {}

    def explored(self, limit: int, deadline: float) -> Exploration:
        found, start = self.found, self.system.start
        came = found.came
        came[start] = None
        queue = deque([start])
        rounds = 0
        while queue:
            rounds += 1
            if len(came) > limit or (rounds % _LOOK_AT_THE_CLOCK == 0 and time.monotonic() > deadline):
                found.complete = False
                break
            state = queue.popleft()
            stuck = True
            for after, labels in self._after(state):
                stuck = False
                found.edges += 1
                if after not in came:
                    came[after] = (state, labels)
                    queue.append(after)
            if stuck and not self._at_rest(state):
                found.deadlocks.append(state)
        return found

    def _after(self, state: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        locals_ = self.system.local(state)
        for by_local, local in zip(self.system.steps, locals_, strict=True):
            for step in by_local[local]:
                if step.events:
                    yield from self._with_events(state, step)
                else:
                    yield state + step.delta, (step.label,)
        for event in self.system.outside:
            for delta, labels in self._set_off(state, (event,), Seen(state, ()), emitted=False):
                if labels:
                    yield state + delta, labels

    def _with_events(self, state: int, step: Step) -> Iterator[tuple[int, tuple[str, ...]]]:
        fired = state + step.delta
        seen = Seen(state, (step.label,))
        outcomes = self._set_off(fired, step.events, seen, emitted=True)
        if not outcomes:
            yield state, (step.label,)
        for delta, labels in outcomes:
            yield fired + delta, (step.label, *labels)

    def _set_off(
        self, state: int, events: tuple[str, ...], seen: Seen, *, emitted: bool
    ) -> tuple[tuple[int, tuple[str, ...]], ...]:
        digits = self._concerned(events)
        locals_ = self.system.local(state)
        key = (events, tuple(locals_[digit] for digit in digits))
        new = key not in self.known
        if new:
            set_off = cascade(self.system, locals_, events, refusing=self.refusing)
            self.known[key] = (set_off, self._outcomes(set_off, locals_))
        set_off, outcomes = self.known[key]
        if new:
            self._note(set_off, events[0], seen, emitted=emitted)
        return outcomes

    def _outcomes(self, set_off: Cascade, locals_: Locals) -> tuple[tuple[int, tuple[str, ...]], ...]:
        weights = self.system.weights
        return tuple(
            (sum((b - a) * w for a, b, w in zip(locals_, after, weights, strict=True) if a != b), labels)
            for after, labels in set_off.outcomes.items()
        )

    def _concerned(self, events: tuple[str, ...]) -> tuple[int, ...]:
        if events not in self.digits:
            found: set[int] = set()
            seen = set(events)
            waiting = list(events)
            while waiting:
                for delivery in self.system.deliveries(waiting.pop()):
                    digit = self.system.place_of[delivery.machine]
                    found.add(digit)
                    for local in range(self.system.sizes[digit]):
                        for _, _, more in self.system.reaction(delivery, local).choices:
                            waiting.extend(event for event in more if event not in seen)
                            seen.update(more)
            self.digits[events] = tuple(sorted(found))
        return self.digits[events]

    def _note(self, set_off: Cascade, event: str, seen: Seen, *, emitted: bool) -> None:
        found = self.found
        found.fired |= set_off.fired
        found.complete &= set_off.finished
        for delivery, labels in set_off.dropped.items():
            if emitted or labels:
                found.dropped.setdefault(delivery, Seen(seen.state, seen.labels + labels))
        if set_off.endless is not None:
            found.endless.setdefault(event, Seen(seen.state, seen.labels + set_off.endless))
        for name, orders in set_off.ordered.items():
            found.ordered.setdefault(name, (seen, orders))

    def _at_rest(self, state: int) -> bool:
        return all(local in finals for local, finals in zip(self.system.local(state), self.system.finals, strict=True))
