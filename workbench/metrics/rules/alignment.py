"""How little must a sequence of states be changed to be a run of its machine?

A shortest path through the machine and the sequence, walked together (Adriansyah, Aligning Observed and Modeled
Behavior, 2014): first what is left to pay from each state, from the end of the sequence backward, then one way forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from workbench.machines import Machine

FAR = 1 << 40


class Alignment(NamedTuple):
    """The cost of the cheapest alignment, and its moves: ("sync" | "log" | "model", state)."""

    cost: int
    moves: list[tuple[str, str]]


class Aligner:
    """Aligns sequences with a machine: a run begins in an entry and ends anywhere or, `complete`, in a final state."""

    def __init__(self, machine: Machine, *, complete: bool = False) -> None:
        self.machine = machine
        self.complete = complete
        self.names = list(machine.state_names)
        self.index = {name: number for number, name in enumerate(self.names)}
        self.start = len(self.names)  # the place before the first state

    @cached_property
    def leads(self) -> NDArray[np.bool_]:
        """Return which state may follow which; the last row is the start."""
        table = np.zeros((self.start + 1, self.start + 1), dtype=bool)
        for source, target in self.machine.pairs:
            if source in self.index and target in self.index:
                table[self.index[source], self.index[target]] = True
        for name in self.machine.entries:
            if name in self.index:
                table[self.start, self.index[name]] = True
        return table

    @cached_property
    def distances(self) -> NDArray[np.int64]:
        """Return how many steps lead from each state to each; FAR where no way leads."""
        far = np.where(self.leads, 1, FAR).astype(np.int64)
        np.fill_diagonal(far, 0)
        for middle in range(len(far)):
            far = np.minimum(far, far[:, middle, None] + far[None, middle, :])
        return np.minimum(far, FAR)

    @cached_property
    def to_end(self) -> NDArray[np.int64]:
        """Return how many steps lead from each state to where a run may end."""
        ends = self.machine.finals if self.complete else self.names
        numbers = [self.index[name] for name in ends if name in self.index]
        if not numbers:
            return np.full(self.start + 1, FAR, dtype=np.int64)
        shortest: NDArray[np.int64] = self.distances[:, numbers].min(axis=1)
        return shortest

    @property
    def shortest_run(self) -> int:
        """Return how many states the shortest run goes through; FAR when no run ends."""
        return int(self.to_end[self.start])

    def align(self, states: Sequence[str]) -> Alignment:
        """Return the cheapest alignment; of several the one that is in step longest, then skips the log's states."""
        left = self._left(states)
        at, place = self.start, 0
        moves: list[tuple[str, str]] = []
        while left[place][at] > 0 or place < len(states):
            target = self.index.get(states[place]) if place < len(states) else None
            cost = left[place][at]
            if target is not None and self.leads[at, target] and left[place + 1][target] == cost:
                moves.append(("sync", states[place]))
                at, place = target, place + 1
            elif place < len(states) and left[place + 1][at] == cost - 1:
                moves.append(("log", states[place]))
                place += 1
            else:
                at = next(int(n) for n in np.flatnonzero(self.leads[at]) if left[place][n] == cost - 1)
                moves.append(("model", self.names[at]))
        return Alignment(int(left[0][self.start]), moves)

    def _left(self, states: Sequence[str]) -> list[NDArray[np.int64]]:
        """Return what is left to pay at each position of the sequence, for each state of the machine."""
        left = [self.to_end]
        for state in reversed(states):
            here = left[-1] + 1
            target = self.index.get(state)
            if target is not None:
                here = np.where(self.leads[:, target], np.minimum(here, left[-1][target]), here)
            left.append((self.distances + here[None, :]).min(axis=1))
        return left[::-1]
