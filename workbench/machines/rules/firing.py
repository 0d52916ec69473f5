"""What does firing a transition change, and can it fire at all?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.machines.findings import Complaint, listed
from workbench.machines.formulas import always_passes, never_passes
from workbench.machines.model import Machine
from workbench.machines.reach import successors
from workbench.machines.registry import rule
from workbench.machines.rules.lines import Lines
from workbench.machines.rules.runs import Runs


@rule("SM206", "info")
def idle_loop(machine: Machine) -> Iterator[Complaint]:
    """A transition leads back to the state it begins in, without a guard and without an action: it does nothing.

    `from: '*'` is not looked at: it holds the target by the way.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: [shut, open], to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: knock, from: shut, to: shut, action: Ring}
    """
    for transition in machine.transitions:
        state = transition.to_state
        if state not in transition.from_states or transition.guard or transition.actions or transition.wildcard:
            continue
        place = dict(reversed(transition.ends[:-1]))[state] if len(transition.from_states) > 1 else transition.place
        message = (
            f"the transition {transition.label!r} leads from {state!r} to {state!r} and does nothing on the way: "
            "give it an action, or take the state out of its `from`"
        )
        yield Complaint(place, message, (transition.label, state))


@rule("SM207", "warning")
def constant_guard(machine: Machine) -> Iterator[Complaint]:
    """A guard built of and, or and not never passes, or always does, whatever its names turn out to be.

    Guards of more than 15 names are not worked out.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut, guard: {or: [IsNight, {not: IsNight}]}}
          - {name: open, from: shut, to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut, guard: {or: [IsNight, {not: IsWarm}]}}
          - {name: open, from: shut, to: open}
    """
    lines = Lines(machine)
    for transition in machine.transitions:
        guard = transition.guard
        if never_passes(guard):
            what = "never passes: the transition cannot fire; mend the guard"
        elif guard is not None and always_passes(guard):
            what = "always passes: leave it out, or mend it"
        else:
            continue
        message = f"the guard of {transition.label!r}, {str(guard)!r}, {what}"
        names = () if guard is None else guard.names()
        yield Complaint(lines.of(transition, "guard", "guards"), message, (transition.label, *names))


@rule("SM208", "warning")
def final_with_way_out(machine: Machine) -> Iterator[Complaint]:
    """A state is declared final, yet transitions leave it.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, {name: removed, final: true}]
        transitions:
          - {name: remove, from: open, to: removed}
          - {name: put_back, from: removed, to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, removed]
        transitions:
          - {name: remove, from: open, to: removed}
          - {name: put_back, from: removed, to: open}
    """
    leads, lines = successors(machine), Lines(machine)
    for state in machine.states:
        if state.final and leads[state.name]:
            ways = tuple(dict.fromkeys(t.label for t in machine.transitions if state.name in t.from_states))
            message = (
                f"the state {state.name!r} is declared final, yet {listed(ways)} "
                f"{'leaves' if len(ways) == 1 else 'leave'} it: drop `final`, or what leaves it"
            )
            yield Complaint(lines.of(state, "final"), message, (state.name, *ways), (state.name, leads[state.name][0]))


@rule("SM209", "info")
def way_back_to_the_beginning(machine: Machine) -> Iterator[Complaint]:
    """A transition leads back into the initial state: such a life begins anew without being created anew.

    Incorrect::

        name: Door
        initial_state: ordered
        states: [ordered, open, shut]
        transitions:
          - {name: install, from: ordered, to: open}
          - {name: close, from: open, to: shut}
          - {name: dismount, from: shut, to: ordered}

    Correct::

        name: Door
        initial_state: ordered
        states: [ordered, open, shut]
        transitions:
          - {name: install, from: ordered, to: open}
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
    """
    runs = Runs(machine)
    for transition in machine.transitions:
        others = tuple(name for name in dict.fromkeys(transition.from_states) if name != machine.initial)
        if transition.to_state == machine.initial and others:
            message = (
                f"the transition {transition.label!r} leads from {listed(others)} back to the initial state "
                f"{machine.initial!r}: time and counts taken from the beginning then span several rounds"
            )
            run = next((run for name in others if (run := runs.to(name))), ())
            witness = (*run, machine.initial) if run else ()
            yield Complaint(transition.to_place, message, (transition.label, *others), witness)
