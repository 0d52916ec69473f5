"""Which machine is drawn for what a log did? The declared one, and what history added to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbench.machines import Machine
from workbench.machines.coordinates import coordinates
from workbench.machines.model import State, Transition
from workbench.machines.svg import drawable

if TYPE_CHECKING:
    from collections.abc import Sequence

    Pair = tuple[str | None, str]


@dataclass(frozen=True)
class Shown:
    """A machine to draw, and which of its states and transitions only history knows."""

    machine: Machine
    off_states: frozenset[str]
    off_transitions: frozenset[int]

    @property
    def ways(self) -> list[tuple[str, str, bool]]:
        """From and to state of each way, in the order of the machine, and whether only history knows it."""
        strange = [self.machine.transitions[n] for n in self.off_transitions]
        off = {(source, one.to_state) for one in strange for source in one.from_states}
        return [(*pair, pair in off) for pair in self.machine.pairs]

    def drawing(self, colors: Mapping[str, str]) -> dict[str, Any] | None:
        """Return its coordinates; None where it is too large to be drawn."""
        if not drawable(self.machine):
            return None
        return coordinates(
            self.machine, colors=colors, off_states=self.off_states, off_transitions=self.off_transitions
        )


def with_strange(machine: Machine, moved: Iterable[tuple[str, str]]) -> Shown:
    """Return the machine as it is declared, and a nameless transition for each move that none of its own allows."""
    strange = [pair for pair in moved if not machine.allows(*pair)]
    ends = dict.fromkeys(state for pair in strange for state in pair)
    states = [State(name, implied=True) for name in ends if name not in machine.state_names]
    added = [Transition(None, (source,), to) for source, to in strange]
    drawn = replace(machine, states=(*machine.states, *states), transitions=(*machine.transitions, *added))
    known = len(machine.transitions)
    return Shown(drawn, frozenset(one.name for one in states), frozenset(range(known, known + len(added))))


def shown_machine(name: str, machine: Machine | None, moved: Sequence[tuple[str | None, str, int]]) -> Shown:
    """Return a machine with one way between any two states: what is declared, then what history adds.

    Parameters
    ----------
    name
        What the lives are of, where no machine speaks for them.
    machine
        The declared one, if any: transitions that join the same states are drawn as one.
    moved
        from_state (None where a life begins), to_state, times, most first.
    """
    seen = {state: None for source, target, _ in moved for state in (source, target) if state is not None}
    taken = [(source, target) for source, target, _ in moved if source is not None]
    if machine is None:
        begun = [target for source, target, _ in moved if source is None] or list(seen)
        states = tuple(State(state) for state in sorted(seen, key=lambda one: one != begun[0]))
        transitions = tuple(_by_target(((source, target), "") for source, target in taken))
        return Shown(
            Machine(name=name, initial=begun[0], states=states, transitions=transitions), frozenset(), frozenset()
        )
    declared = {pair: " / ".join(dict.fromkeys(one.name or "" for one in ways)) for pair, ways in machine.pairs.items()}
    known = list(_by_target(declared.items(), machine))
    added = list(_by_target((pair, "") for pair in taken if pair not in declared))
    extra = [state for state in seen if state not in machine.state_names]
    drawn = Machine(
        name=machine.name,
        initial=machine.initial,
        states=(*machine.states, *(State(state) for state in extra)),
        transitions=(*known, *added),
    )
    return Shown(drawn, frozenset(extra), frozenset(range(len(known), len(known) + len(added))))


def _by_target(named: Iterable[tuple[tuple[str, str], str]], machine: Machine | None = None) -> Iterable[Transition]:
    """Return pairs as transitions, those of one name and one target together."""
    groups: dict[tuple[str, str], list[str]] = {}
    for (source, target), name in named:
        groups.setdefault((name, target), []).append(source)
    for (name, target), sources in groups.items():
        rule = machine.allows(sources[0], target) if machine else ()
        guard, actions = (rule[0].guard, rule[0].actions) if len(rule) == 1 else (None, ())
        yield Transition(name or None, tuple(sources), target, guard=guard, actions=actions)
