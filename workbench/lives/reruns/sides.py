"""What does a machine answer when a recorded move is asked of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from workbench.lives.reruns.steps import Step
from workbench.machines import Machine, Transition

Refused = Literal["stay", "follow"]


class Answer(NamedTuple):
    """Whether a move is allowed, the state after it, whether it hangs on a guard, whether it leads elsewhere now."""

    allowed: bool
    state: str | None
    guarded: bool = False
    elsewhere: bool = False


class Side:
    """One of the two that are run: a machine, or history itself where there is none.

    `names` gives what the records name, states and transitions alike, the name it has for the machine. A move is
    asked by its transition's name where both the records and the machine name it, else by the states it joins. Where
    history is followed, a transition that leads elsewhere now does not allow what was recorded. A beginning that is
    not the initial state is refused and kept all the same: a life has to begin somewhere.
    """

    def __init__(self, machine: Machine | None, names: Mapping[str, str], refused: Refused) -> None:
        self._machine = machine
        self._names = names
        self._stays = refused == "stay"
        self._by_name: dict[tuple[str, str], list[Transition]] = {}
        for transition in machine.transitions if machine else ():
            for state in dict.fromkeys(transition.from_states):
                if transition.name is not None:
                    self._by_name.setdefault((transition.name, state), []).append(transition)
        self._answers: dict[tuple[str | None, Step], Answer] = {}

    def answer(self, here: str | None, step: Step) -> Answer:
        """Return the answer to a step asked of a life that is `here`; None before its beginning."""
        known = self._answers.get((here, step))
        if known is None:
            known = self._answers[here, step] = self._answer(here, step)
        return known

    def called(self, name: str | None) -> str | None:
        """Return the name that a recorded one has now."""
        return None if name is None else self._names.get(name, name)

    def _answer(self, here: str | None, step: Step) -> Answer:
        to = self.called(step.to_state)
        machine = self._machine
        if machine is None or (step.repeats and here == to):
            return Answer(allowed=True, state=to)
        if here is None:
            return Answer(allowed=not machine.initial or to == machine.initial, state=to)
        ways = self._ways(machine, here, self.called(step.transition), to)
        if not ways:
            return Answer(allowed=False, state=here if self._stays or to is None else to)
        lands = to if any(way.to_state == to for way in ways) else ways[0].to_state
        elsewhere = to is not None and lands != to
        if elsewhere and not self._stays:
            return Answer(allowed=False, state=to, elsewhere=True)
        guarded = all(way.guard is not None for way in ways if way.to_state == lands)
        return Answer(allowed=True, state=lands, guarded=guarded, elsewhere=elsewhere)

    def _ways(self, machine: Machine, here: str, transition: str | None, to: str | None) -> Sequence[Transition]:
        joining = () if to is None else machine.allows(here, to)
        if transition is None:
            return joining
        return (*(way for way in joining if way.name is None), *self._by_name.get((transition, here), ()))
