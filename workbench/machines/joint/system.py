"""Which machines act on one another, and what can they do next, in numbers?

A joint state is one whole number: the local states of the machines as the digits of a mixed-radix number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from workbench.machines.joint.wiring import Delivery, Port, Wiring
from workbench.machines.model import Machine

Mode = Literal["closed", "open"]
Locals = tuple[int, ...]


class Step(NamedTuple):
    """A transition fired from outside: the digit it adds, and the events it emits that somebody listens to."""

    label: str
    delta: int
    events: tuple[str, ...]


class Reaction(NamedTuple):
    """What one machine in one local state does with a delivery: (label, next local state, emitted events) each."""

    choices: tuple[tuple[str, int, tuple[str, ...]], ...]
    may_refuse: bool


@dataclass(frozen=True)
class System:
    """Machines that act on one another, as numbers."""

    wiring: Wiring
    machines: tuple[Machine, ...]
    mode: Mode = "closed"

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """Return the local states of each machine, declared or only used."""
        return tuple(machine.known_states for machine in self.machines)

    @cached_property
    def index(self) -> tuple[Mapping[str, int], ...]:
        """Return the number of each local state."""
        return tuple({name: number for number, name in enumerate(names)} for names in self.names)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Return the number of local states of each machine."""
        return tuple(map(len, self.names))

    @cached_property
    def weights(self) -> tuple[int, ...]:
        """Return what one step of each digit is worth."""
        found, weight = [], 1
        for size in self.sizes:
            found.append(weight)
            weight *= size
        return tuple(found)

    @cached_property
    def place_of(self) -> Mapping[str, int]:
        """Return the digit of each machine."""
        return {machine.name: digit for digit, machine in enumerate(self.machines)}

    @property
    def start(self) -> int:
        """Return the joint state in which all machines begin."""
        begin = (index[machine.initial] for index, machine in zip(self.index, self.machines, strict=True))
        return sum(local * weight for local, weight in zip(begin, self.weights, strict=True))

    def local(self, state: int) -> Locals:
        """Return the local states of a joint state."""
        return tuple(state // weight % size for weight, size in zip(self.weights, self.sizes, strict=True))

    def shown(self, state: int) -> dict[str, str]:
        """Return the local states of a joint state by name."""
        locals_ = self.local(state)
        return {m.name: names[n] for m, names, n in zip(self.machines, self.names, locals_, strict=True)}

    @cached_property
    def steps(self) -> tuple[tuple[tuple[Step, ...], ...], ...]:
        """Return for each machine and local state what may be fired from outside.

        In the closed mode a transition that an event fires is fired by nothing else.
        """
        return tuple(tuple(tuple(self._steps(digit, name)) for name in names) for digit, names in enumerate(self.names))

    def _steps(self, digit: int, name: str) -> Iterator[Step]:
        machine, index = self.machines[digit], self.index[digit]
        for ordinal, transition in enumerate(machine.transitions):
            port = Port(machine.name, ordinal)
            if name in transition.from_states and not (self.mode == "closed" and port in self.wiring.bound):
                delta = (index[transition.to_state] - index[name]) * self.weights[digit]
                yield Step(f"{machine.name}.{transition.label}", delta, self.heard(port))

    def heard(self, port: Port) -> tuple[str, ...]:
        """Return the events a transition emits that somebody listens to."""
        return tuple(event for event in self.wiring.emitted.get(port, ()) if self.wiring.deliveries.get(event))

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Return the events from outside that concern these machines."""
        return tuple(e for e in self.wiring.outside if any(d.machine in self.place_of for d in self.deliveries(e)))

    def deliveries(self, event: str) -> tuple[Delivery, ...]:
        """Return whom an event is handed to, in order; those without a transition to fire left out."""
        return tuple(delivery for delivery in self.wiring.deliveries[event] if delivery.transitions)

    def reaction(self, delivery: Delivery, local: int) -> Reaction:
        """Return what a machine in a local state does with a delivery."""
        digit = self.place_of[delivery.machine]
        machine, name = self.machines[digit], self.names[digit][local]
        able = [n for n in delivery.transitions if name in machine.transitions[n].from_states]
        choices = tuple(
            (
                f"{delivery.event} → {machine.name}.{machine.transitions[n].label}",
                self.index[digit][machine.transitions[n].to_state],
                self.heard(Port(machine.name, n)),
            )
            for n in able
        )
        return Reaction(choices, delivery.sure.isdisjoint(able))

    @cached_property
    def finals(self) -> tuple[frozenset[int], ...]:
        """Return the local states in which each machine may rest for good.

        A machine without any final state waits for others for ever: it may rest anywhere, unless all are of that kind.
        """
        known = [machine.finals for machine in self.machines]
        everywhere = [
            names if any(known) and not finals else finals for names, finals in zip(self.names, known, strict=True)
        ]
        return tuple(
            frozenset(index[name] for name in finals) for index, finals in zip(self.index, everywhere, strict=True)
        )

    def rests(self, name: str, local: str) -> bool:
        """Tell whether a machine may rest for good in a local state."""
        digit = self.place_of[name]
        return self.index[digit][local] in self.finals[digit]


def systems(wiring: Wiring, mode: Mode = "closed") -> list[System]:
    """Return the machines that act on one another, apart by weakly connected component.

    Machines that hear an event belong to those that emit it, and to one another. Components in which no event of one
    transition fires another, nor one event two machines, behave as their machines do alone: they are left out.
    """
    leader = {name: name for name in wiring.machines}

    def top(name: str) -> str:
        while leader[name] != name:
            name = leader[name]
        return name

    lively: list[str] = []
    for event, deliveries in wiring.deliveries.items():
        hearing = [delivery.machine for delivery in deliveries if delivery.transitions]
        emitting = [port.machine for port in wiring.emitters.get(event, ())]
        for name in [*hearing, *emitting] if hearing else []:
            leader[top(name)] = top(hearing[0])
        if hearing and (emitting or len(set(hearing)) > 1):
            lively.append(hearing[0])
    chosen = {top(name) for name in lively}
    groups: dict[str, list[Machine]] = {}
    for name, machine in wiring.machines.items():
        if top(name) in chosen:
            groups.setdefault(top(name), []).append(machine)
    return [System(wiring, tuple(group), mode) for group in groups.values() if _begin(group)]


def _begin(machines: Sequence[Machine]) -> bool:
    return all(machine.initial in machine.state_names for machine in machines)
