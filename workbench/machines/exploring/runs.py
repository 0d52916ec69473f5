"""What is a run of a machine, and which is the shortest to each state?"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from workbench.errors import UnknownNameError
from workbench.machines.guards import Guard
from workbench.machines.model import Machine, Transition


@dataclass(frozen=True)
class Step:
    """One transition taken from one of its from-states; `ordinal` counts the transitions of the file from 0."""

    from_state: str
    to_state: str
    transition: Transition
    ordinal: int

    @property
    def label(self) -> str:
        """Return the name of the transition, or nothing where it has none."""
        return self.transition.name or ""


@dataclass(frozen=True)
class Run:
    """Steps that follow each other, beginning in the state `start`; without steps the run stays there."""

    start: str
    steps: tuple[Step, ...] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """Return the states passed, the first and the last included."""
        return (self.start, *(step.to_state for step in self.steps))

    @property
    def end(self) -> str:
        """Return the state the run ends in."""
        return self.steps[-1].to_state if self.steps else self.start

    @property
    def names(self) -> tuple[str | None, ...]:
        """Return the names of the transitions taken."""
        return tuple(step.transition.name for step in self.steps)

    @property
    def guards(self) -> tuple[Guard, ...]:
        """Return the guards that must pass on the way, each once."""
        return tuple(dict.fromkeys(step.transition.guard for step in self.steps if step.transition.guard is not None))

    def then(self, step: Step) -> Run:
        """Return the run with one step more."""
        return Run(self.start, (*self.steps, step))

    def text(self) -> str:
        """Return the run as one line, such as "pending -confirm-> confirmed -> fulfilled"."""
        return self.start + "".join(f" {_arrow(step)} {step.to_state}" for step in self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    def __str__(self) -> str:
        return self.text()


def steps_from(machine: Machine) -> Mapping[str, tuple[Step, ...]]:
    """Return for each state, undeclared ones included, the steps that leave it, in the order of the file."""
    found: dict[str, list[Step]] = {name: [] for name in machine.state_names}
    for ordinal, transition in enumerate(machine.transitions):
        for from_state in dict.fromkeys(transition.from_states):
            found.setdefault(from_state, []).append(Step(from_state, transition.to_state, transition, ordinal))
        found.setdefault(transition.to_state, [])
    return MappingProxyType({name: tuple(steps) for name, steps in found.items()})


def known_state(machine: Machine, name: str) -> str:
    """Return the name if the machine declares or uses a state of that name, else say the nearest that it does."""
    if name not in machine.known_states:
        raise UnknownNameError.of("state", name, machine.known_states, where=machine.name)
    return name


def shortest_paths(machine: Machine, start: str | None = None) -> Mapping[str, Run]:
    """Return the shortest run to every state that can be reached, nearest first.

    Parameters
    ----------
    machine
        The machine; its guards are taken to pass.
    start
        Where to begin; left out, the initial state.

    Returns
    -------
    Mapping of str to Run
        State to run; of several shortest ones the first in the order of the file. `len(run)` is the distance.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> order = read_machines("machines/order.yaml")["OrderStateMachine"]
    >>> print(shortest_paths(order)["fulfilled"])
    pending -confirm_payment-> confirmed -fulfill_order-> fulfilled
    """
    leaves = steps_from(machine)
    first = machine.initial if start is None else known_state(machine, start)
    if first not in leaves:
        return MappingProxyType({})
    found = {first: Run(first)}
    queue = deque([first])
    while queue:
        name = queue.popleft()
        for step in leaves[name]:
            if step.to_state not in found:
                found[step.to_state] = found[name].then(step)
                queue.append(step.to_state)
    return MappingProxyType(found)


def _arrow(step: Step) -> str:
    return f"-{step.label}->" if step.label else "->"
