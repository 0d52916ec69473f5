"""What can still happen from a state, and what no longer can?"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.machines.exploring.runs import known_state, shortest_paths, steps_from
from workbench.machines.guards import Guard
from workbench.machines.model import Machine, Transition
from workbench.machines.reach import predecessors, reached, successors


@dataclass(frozen=True)
class Ahead:
    """What lies ahead of a state, guards taken to pass.

    Attributes
    ----------
    state
        The state asked about.
    next
        The transitions that may fire now.
    states
        Those a run of one step or more can still reach, nearest first; the state itself only if it can come back.
    transitions
        Those that can still fire, in the order of the file.
    finals
        The final states that can still be reached, this one included where it is final.
    must
        The states that every run from here to a final state passes, the final state included, in the order passed.
    stuck
        The states ahead, this one included, from which no final state can be reached any more.
    never
        The states that can no longer be reached.
    guards
        The guards on the transitions that can still fire, each once.
    """

    state: str
    next: tuple[Transition, ...]
    states: tuple[str, ...]
    transitions: tuple[Transition, ...]
    finals: tuple[str, ...]
    must: tuple[str, ...]
    stuck: tuple[str, ...]
    never: tuple[str, ...]
    guards: tuple[Guard, ...]

    @property
    def can_finish(self) -> bool:
        """Return whether a final state can still be reached, or is reached already."""
        return bool(self.finals)


def can_still_happen(machine: Machine, state: str | None = None) -> Ahead:
    """Return what can still happen from a state (the initial one when left out).

    Raises
    ------
    UnknownNameError
        When the machine has no state of that name.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> order = read_machines("machines/order.yaml")["OrderStateMachine"]
    >>> can_still_happen(order, "fulfilled").never
    ('pending', 'confirmed', 'fulfilled', 'cancelled')
    """
    start = known_state(machine, machine.initial if state is None else state)
    leads = successors(machine)
    after = reached(leads, leads.get(start, ()))
    here = dict.fromkeys((start, *after))
    fires = tuple(t for t in machine.transitions if any(name in here for name in t.from_states))
    finals = tuple(name for name in machine.finals if name in here)
    can_finish = set(reached(predecessors(machine), machine.finals))
    return Ahead(
        state=start,
        next=tuple(step.transition for step in steps_from(machine).get(start, ())),
        states=after,
        transitions=fires,
        finals=finals,
        must=_on_every_way(machine, start, finals),
        stuck=tuple(name for name in here if name not in can_finish) if machine.finals else (),
        never=tuple(name for name in machine.state_names if name not in after),
        guards=tuple(dict.fromkeys(t.guard for t in fires if t.guard is not None)),
    )


def _on_every_way(machine: Machine, start: str, finals: tuple[str, ...]) -> tuple[str, ...]:
    """Return the states without which no final state could be reached, in the order a shortest run passes them."""
    if not finals or start in finals:
        return ()
    leads = successors(machine)
    some = next(run for name, run in shortest_paths(machine, start).items() if name in finals)
    found = []
    for name in dict.fromkeys(some.states[1:]):
        without = {one: tuple(t for t in targets if t != name) for one, targets in leads.items()}
        if not set(reached(without, [start])).intersection(finals):
            found.append(name)
    return tuple(found)
