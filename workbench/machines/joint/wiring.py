"""Who emits which event, and which transitions does it fire?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from workbench.cards import amount
from workbench.machines.collection import Machines
from workbench.machines.guards import And, Guard, Name, Or
from workbench.machines.model import Binding, Machine, Transition
from workbench.machines.names import settled_names, short_name, waits_for


class Port(NamedTuple):
    """A transition of a machine: its ordinal in the file."""

    machine: str
    ordinal: int


@dataclass(frozen=True)
class Delivery:
    """One machine that a binding hands an event to.

    `transitions` are those the event may fire there; `sure` those among them on which neither a condition of the
    binding nor a guard of their own decides.
    """

    binding: Binding
    event: str
    machine: str
    transitions: tuple[int, ...]
    sure: frozenset[int]


@dataclass(frozen=True)
class Emitter:
    """A transition that a binding, or a log, says emits its event; `port` is None where there is no such transition."""

    binding: Binding | None
    text: str
    port: Port | None


@dataclass(frozen=True, repr=False)
class Wiring:
    """The events between machines.

    Attributes
    ----------
    emitted
        The events a transition emits, in order.
    deliveries
        For each event whom it is handed to, in the order of the bindings.
    named
        What the bindings say of emitters.
    declared
        Whether anything says who emits what; where nothing does, every event comes from outside.
    """

    machines: Machines
    emitted: Mapping[Port, tuple[str, ...]]
    deliveries: Mapping[str, tuple[Delivery, ...]]
    named: tuple[Emitter, ...] = ()
    declared: bool = False

    @cached_property
    def emitters(self) -> Mapping[str, tuple[Port, ...]]:
        """Return for each event the transitions that emit it."""
        found: dict[str, list[Port]] = {}
        for port, events in self.emitted.items():
            for event in events:
                found.setdefault(event, []).append(port)
        return {event: tuple(ports) for event, ports in found.items()}

    @cached_property
    def outside(self) -> tuple[str, ...]:
        """Return the events with a binding that no transition emits: they come from outside."""
        return tuple(event for event in self.deliveries if event not in self.emitters)

    @cached_property
    def bound(self) -> frozenset[Port]:
        """Return the transitions some event fires."""
        return frozenset(
            Port(delivery.machine, ordinal)
            for each in self.deliveries.values()
            for delivery in each
            for ordinal in delivery.transitions
        )

    def __repr__(self) -> str:
        return f"<Wiring: {self.counted}>"

    @property
    def counted(self) -> str:
        """How many events are emitted, and how many are waited for."""
        return f"{amount(len(self.emitters), 'event')} emitted, {len(self.deliveries)} waited for"

    def transition(self, port: Port) -> Transition:
        """Return the transition of a port."""
        return self.machines[port.machine].transitions[port.ordinal]

    def label(self, port: Port) -> str:
        """Return "machine.transition"."""
        return f"{port.machine}.{self.transition(port).label}"


def wire(machines: Machines, observed: Iterable[tuple[str, str, str]] = ()) -> Wiring:
    """Return who emits which event and whom it reaches.

    Parameters
    ----------
    machines
        Machines with their bindings; `emits` of a transition or of its actions, and `emitted_by` of a binding, say who
        emits what.
    observed
        What a log shows beyond that: (machine or model, transition, event).
    """
    if not machines.bindings:
        return Wiring(machines, {}, {})
    seen = tuple(observed)
    own = [
        (Port(m.name, n), event)
        for m in machines.values()
        for n, t in enumerate(m.transitions)
        for event in m.emitted_by(t)
    ]
    known = settled_names([*(b.event for b in machines.bindings), *(e for _, e in own), *(e for _, _, e in seen)])
    named = [Emitter(b, text, port_named(machines, text)) for b in machines.bindings for text in b.emitted_by]
    logged = [Emitter(None, f"{owner}.{name}", port_named(machines, f"{owner}.{name}")) for owner, name, _ in seen]
    events: dict[Port, dict[str, None]] = {}
    said = [*own, *((e.port, e.binding.event) for e in named if e.binding)]
    for port, event in [*said, *((e.port, event) for e, (_, _, event) in zip(logged, seen, strict=True))]:
        if port is not None:
            events.setdefault(port, {})[known[event]] = None
    deliveries: dict[str, list[Delivery]] = {}
    for binding in machines.bindings:
        reached = deliveries.setdefault(known[binding.event], [])
        for model in binding.target_models:
            reached += [_delivery(binding, known[binding.event], machine) for machine in speakers(machines, model)]
    return Wiring(
        machines,
        {port: tuple(each) for port, each in events.items()},
        {event: tuple(each) for event, each in deliveries.items()},
        tuple(named),
        declared=bool(own or named or seen),
    )


def speakers(machines: Machines, model: str) -> list[Machine]:
    """Return the machines of a model, given in full or by its last part."""
    return machines.for_type(short_name(model), model)


def port_named(machines: Machines, text: str) -> Port | None:
    """Return the transition that "Order.confirm" names, by machine or by model; None where there is none."""
    for at in (n for n in range(len(text) - 1, 0, -1) if text[n] == "."):
        owner, name = text[:at], text[at + 1 :]
        found = [machines[owner]] if owner in machines else speakers(machines, owner)
        for machine in found:
            for ordinal, transition in enumerate(machine.transitions):
                if transition.label == name:
                    return Port(machine.name, ordinal)
    return None


def _delivery(binding: Binding, event: str, machine: Machine) -> Delivery:
    if binding.transitions:
        fired = [n for n, t in enumerate(machine.transitions) if t.label in binding.transitions]
    else:
        fired = [n for n, t in enumerate(machine.transitions) if any(waits_for(g, event) for g in awaited(t.guard))]
    sure = [n for n in fired if not binding.conditions and _only(machine.transitions[n].guard, event)]
    return Delivery(binding, event, machine.name, tuple(fired), frozenset(sure))


def awaited(guard: Guard | None) -> tuple[str, ...]:
    """Return the names a guard asks for, those under a `not` left out."""
    if isinstance(guard, Name):
        return (guard.name,)
    return tuple(name for part in guard.parts for name in awaited(part)) if isinstance(guard, And | Or) else ()


def _only(guard: Guard | None, event: str) -> bool:
    if guard is None or isinstance(guard, Name):
        return guard is None or waits_for(guard.name, event)
    return isinstance(guard, And) and all(_only(part, event) for part in guard.parts)
