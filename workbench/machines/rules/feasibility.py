"""Which states can a run get to only on paper?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from workbench.machines.findings import Complaint, listed
from workbench.machines.model import Machine
from workbench.machines.profiles import never_taken, profile_of
from workbench.machines.reach import reached, successors, unreachable
from workbench.machines.registry import rule
from workbench.machines.rules.lines import Lines
from workbench.machines.rules.runs import Runs
from workbench.machines.settings import Settings


@rule("SM310", "error")
def unreachable_final(machine: Machine) -> Iterator[Complaint]:
    """A state declared final cannot be reached: no life ever ends that way.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, {name: removed, final: true}]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, {name: removed, final: true}]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: remove, from: [open, shut], to: removed}
    """
    never, lines = set(unreachable(machine)), Lines(machine)
    finals = [state for state in machine.states if state.final]
    others = tuple(state.name for state in finals if state.name not in never)
    for state in finals:
        if state.name in never:
            rest = f"only {listed(others)} ends a life" if others else "no life of this machine can ever end"
            message = f"the final state {state.name!r} cannot be reached, so {rest}: add a transition to it, or drop it"
            yield Complaint(lines.of(state, "final"), message, (state.name,))


@rule("SM311", "warning")
def reachable_on_paper_only(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """A path leads to a state, but every path takes a transition that can never be taken.

    Its guard never passes (SM207), or an earlier transition is always taken instead (SM204). The witness is a path
    on paper.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: lock, from: shut, to: locked, guard: {and: [HasKey, {not: HasKey}]}}
          - {name: open, from: [shut, locked], to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: lock, from: shut, to: locked, guard: {and: [HasKey, {not: IsWindy}]}}
          - {name: open, from: [shut, locked], to: open}
    """
    never = never_taken(machine, profile_of(machine, settings.profile))
    if not never:
        return
    possible: dict[str, dict[str, None]] = {}
    for ordinal, transition in enumerate(machine.transitions):
        for name in transition.from_states:
            if (name, ordinal) not in never:
                possible.setdefault(name, {})[transition.to_state] = None
    on_paper = set(reached(successors(machine), machine.entries))
    really = set(reached(possible, machine.entries))
    runs = Runs(machine)
    for state in machine.states:
        if state.name in on_paper and state.name not in really:
            run = runs.to(state.name)
            here, there = next(pair for pair in pairwise(run) if pair[1] not in really)
            message = (
                f"the state {state.name!r} can be reached on paper only: no transition from {here!r} to {there!r} "
                "can ever be taken; mend its guard or the order of the transitions"
            )
            yield Complaint(state.place, message, (state.name,), run)
