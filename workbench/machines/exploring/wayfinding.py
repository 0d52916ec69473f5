"""By which ways can a machine get from one state to another?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from workbench.machines.exploring.runs import Run, Step, known_state, steps_from
from workbench.machines.model import Machine
from workbench.machines.reach import predecessors, reached

MOST_WAYS = 1000
_PATIENCE = 200_000


@dataclass(frozen=True)
class Ways(Sequence[Run]):
    """Runs, shortest first; not `complete` when there may be more than were listed."""

    runs: tuple[Run, ...]
    complete: bool

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Run, ...]: ...
    def __getitem__(self, index: int | slice) -> Run | tuple[Run, ...]:
        return self.runs[index]

    def __len__(self) -> int:
        return len(self.runs)

    def __str__(self) -> str:
        return "\n".join([*(run.text() for run in self.runs), *([] if self.complete else ["... and more"])])


def simple_paths(machine: Machine, start: str | None = None, *, most: int = MOST_WAYS) -> Ways:
    """Return every run from the initial state that enters no state twice, shortest first.

    The run without steps is one of them; two transitions between the same states make two runs.

    Parameters
    ----------
    start
        Where to begin; left out, the initial state.
    most
        Stop after so many; `.complete` tells whether these are all.
    """
    first = machine.initial if start is None else known_state(machine, start)
    leaves = steps_from(machine)
    if first not in leaves:
        return Ways((), complete=True)
    return _first(_extended(Run(first), leaves), most)


def ways(machine: Machine, from_state: str, to_state: str, *, most: int = MOST_WAYS) -> Ways:
    """Return every way to get from one state to another, shortest first.

    No state is entered twice on a way. From a state to itself: every round trip.

    Parameters
    ----------
    most
        Stop after so many; `.complete` tells whether these are all.

    Raises
    ------
    UnknownNameError
        When the machine has no state of that name.

    Examples
    --------
    >>> from workbench.machines import read_machines
    >>> order = read_machines("machines/order.yaml")["OrderStateMachine"]
    >>> print(ways(order, "pending", "cancelled"))
    pending -cancel_order-> cancelled
    pending -confirm_payment-> confirmed -cancel_order-> cancelled
    """
    start, end = known_state(machine, from_state), known_state(machine, to_state)
    useful = set(reached(predecessors(machine), [end]))
    leaves = {
        name: tuple(step for step in steps if step.to_state in useful) for name, steps in steps_from(machine).items()
    }
    return _first(_to(Run(start), end, leaves), most)


def _extended(run: Run, leaves: Mapping[str, Sequence[Step]]) -> Iterator[Run | None]:
    """Return the run and all that extend it by states it has not passed."""
    queue = deque([run])
    while queue:
        run = queue.popleft()
        yield run
        queue.extend(run.then(step) for step in leaves[run.end] if step.to_state not in run.states)


def _to(run: Run, end: str, leaves: Mapping[str, Sequence[Step]]) -> Iterator[Run | None]:
    queue = deque([run])
    while queue:
        run = queue.popleft()
        for step in leaves[run.end]:
            if step.to_state == end:
                yield run.then(step)
            elif step.to_state not in run.states:
                queue.append(run.then(step))
                yield None


def _first(runs: Iterator[Run | None], most: int) -> Ways:
    found: list[Run] = []
    for looked_at, run in enumerate(runs):
        if looked_at > _PATIENCE or (run is not None and len(found) >= most):
            return Ways(tuple(found), complete=False)
        if run is not None:
            found.append(run)
    return Ways(tuple(found), complete=True)
