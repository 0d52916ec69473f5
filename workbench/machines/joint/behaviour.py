"""How do bound machines behave together: sure runs, and everything that guards and conditions might add?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workbench.cards import amount
from workbench.machines.collection import Machines
from workbench.machines.joint.exploration import MOST_SECONDS, MOST_STATES, Exploration, explore
from workbench.machines.joint.system import Mode, System, systems
from workbench.machines.joint.wiring import Delivery, Wiring, wire


@dataclass(frozen=True, repr=False)
class Together:
    """One component: `sure` takes conditions to hold, `widest` lets them say no too; the same where there are none."""

    sure: Exploration
    widest: Exploration

    @property
    def system(self) -> System:
        """Return the machines."""
        return self.sure.system

    def __repr__(self) -> str:
        return repr(self.sure)

    @property
    def complete(self) -> bool:
        """Return whether no limit was hit."""
        return self.sure.complete and self.widest.complete


@dataclass(frozen=True, repr=False)
class Joint:
    """The wiring of some machines, and how each component of it behaves."""

    wiring: Wiring
    components: tuple[Together, ...] = ()

    def __repr__(self) -> str:
        groups = amount(len(self.components), "group of machines", "groups of machines")
        return "\n".join([f"<Joint: {self.wiring.counted}, {groups}>", *map(repr, self.components)])

    def heard(self) -> Iterator[tuple[Together, Delivery]]:
        """Yield every delivery within a component, with its component."""
        for together in self.components:
            for event in self.wiring.deliveries:
                for delivery in together.system.deliveries(event):
                    if delivery.machine in together.system.place_of:
                        yield together, delivery


def joint_behaviour(
    machines: Machines,
    *,
    mode: Mode = "closed",
    observed: Iterable[tuple[str, str, str]] = (),
    limit: int = MOST_STATES,
    seconds: float = MOST_SECONDS,
) -> Joint:
    """Return who emits what, who listens, and the joint states that leads to, apart by component.

    Parameters
    ----------
    machines
        Machines and their bindings.
    mode
        "closed": a transition that an event fires is fired by nothing else; "open": also from outside.
    observed
        Emissions a log shows: (machine or model, transition, event).
    limit, seconds
        The most joint states, and the longest time, of one exploration; past it `complete` is False.
    """
    wiring = wire(machines, observed)
    found = []
    for system in systems(wiring, mode):
        sure = explore(system, limit=limit, seconds=seconds)
        decided = any(
            delivery.sure != frozenset(delivery.transitions)
            for event in wiring.deliveries
            for delivery in system.deliveries(event)
            if delivery.machine in system.place_of
        )
        widest = explore(system, refusing=True, limit=limit, seconds=seconds) if decided else sure
        found.append(Together(sure, widest))
    return Joint(wiring, tuple(found))
