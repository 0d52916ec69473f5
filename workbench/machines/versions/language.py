"""Does one version of a machine do all that the other does, and if not, which is the shortest run that shows it?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from workbench.machines.exploring.runs import steps_from
from workbench.machines.model import Machine

Letters = Literal["transitions", "states"]
MOST_PAIRS = 100_000
_Sets = frozenset[str]
_Node = tuple[str, _Sets]


@dataclass(frozen=True)
class Inclusion:
    """Whether every run of one machine is one of another; guards are taken to pass.

    Attributes
    ----------
    holds
        True, False, or None where it is not known: a machine without an initial state, or too many possibilities.
    over
        What a run is told by: the names of its transitions, or the states it enters, the initial one first.
    word
        The shortest run that only the first can do; of several the first in the order of the file.
    ends
        That the second can do it too, but may not end there: asked where both declare final states.
    """

    holds: bool | None
    over: Letters
    word: tuple[str, ...] = ()
    ends: bool = False


def letters_for(*machines: Machine) -> Letters:
    """Return what runs are told by: transition names, where every transition of these machines has one."""
    return "transitions" if all(t.name is not None for m in machines for t in m.transitions) else "states"


def inclusion(one: Machine, other: Machine, over: Letters) -> Inclusion:
    """Return whether `other` does all that `one` does, and the shortest run that it cannot do.

    A run may stop anywhere, as a life may be under way; where both machines declare final states, a run that may end
    in the one must also be able to end in the other. Several transitions of one name are followed together, by
    subset construction.
    """
    if one.initial not in one.known_states or other.initial not in other.known_states:
        return Inclusion(None, over)
    if over == "states" and one.initial != other.initial:
        return Inclusion(holds=False, over=over, word=(one.initial,))
    return _Pursuit(one, other, over).outcome()


class _Pursuit:
    """Runs of one machine, shortest first, each with the states the other may be in after the same letters."""

    def __init__(self, one: Machine, other: Machine, over: Letters) -> None:
        self.over = over
        self.leads, self.answers = dict(_moves(one, over)), dict(_moves(other, over))
        ends = (frozenset(one.declared_finals), frozenset(other.declared_finals))
        self.ends = ends if all(ends) else None
        self.start = (one.initial, frozenset({other.initial}))
        self.came: dict[_Node, tuple[_Node, str] | None] = {self.start: None}

    def outcome(self) -> Inclusion:
        """Return the inclusion; a node is looked at for its end when it is met, so the first witness is a shortest."""
        if self._cannot_end(self.start):
            return self._broken(self.start, ends=True)
        queue = deque([self.start])
        while queue and len(self.came) <= MOST_PAIRS:
            node = queue.popleft()
            for letter, targets in self.leads[node[0]].items():
                follows = frozenset(name for here in node[1] for name in self.answers[here].get(letter, ()))
                if not follows:
                    return self._broken(node, letter)
                for met in ((target, follows) for target in targets):
                    if met not in self.came:
                        self.came[met] = (node, letter)
                        queue.append(met)
                        if self._cannot_end(met):
                            return self._broken(met, ends=True)
        return Inclusion(None if queue else True, self.over)

    def _cannot_end(self, node: _Node) -> bool:
        return self.ends is not None and node[0] in self.ends[0] and not node[1] & self.ends[1]

    def _broken(self, node: _Node, *more: str, ends: bool = False) -> Inclusion:
        word = list(more)
        while (came := self.came[node]) is not None:
            node, letter = came
            word.insert(0, letter)
        first = [self.start[0]] if self.over == "states" else []
        return Inclusion(holds=False, over=self.over, word=(*first, *word), ends=ends)


def _moves(machine: Machine, over: Letters) -> Iterator[tuple[str, Mapping[str, tuple[str, ...]]]]:
    for name, steps in steps_from(machine).items():
        found: dict[str, dict[str, None]] = {}
        for step in steps:
            letter = step.to_state if over == "states" else str(step.transition.name)
            found.setdefault(letter, {})[step.to_state] = None
        yield name, {letter: tuple(targets) for letter, targets in found.items()}
