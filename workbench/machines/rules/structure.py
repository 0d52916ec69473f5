"""Does a machine name what it declares, and declare what it names?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.errors import did_you_mean
from workbench.machines.findings import Complaint, listed
from workbench.machines.model import Machine
from workbench.machines.registry import rule

_MOST_HINTS = 20  # to look for the nearest name takes its time


@rule("SM101", "error")
def unknown_initial(machine: Machine) -> Iterator[Complaint]:
    """The initial state is missing, or is not one of the declared states.

    Incorrect::

        name: Door
        initial_state: opened
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
    """
    if machine.initial and machine.initial not in machine.state_names:
        hint = did_you_mean(machine.initial, machine.state_names)
        message = f"the initial state {machine.initial!r} is not declared{hint}"
        yield Complaint(machine.initial_place, message, (machine.initial,))


@rule("SM102", "error", scope="reading")
def several_initials() -> tuple[Complaint, ...]:
    """More than one initial state; the first is kept.

    Incorrect::

        name: Door
        initial_state: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}

    Correct::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open, to: shut}
    """
    return ()


@rule("SM103", "error")
def undeclared_state(machine: Machine) -> Iterator[Complaint]:
    """A transition begins or ends in a state that the list of states does not name.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shutt}
          - {name: open, from: shut, to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
    """
    declared = set(machine.state_names)
    hints: dict[str, str] = {}
    for transition in machine.transitions:
        if declared.issuperset(transition.from_states) and transition.to_state in declared:
            continue
        for name, place in transition.ends:
            if name not in declared:
                if name not in hints:
                    hints[name] = did_you_mean(name, machine.state_names) if len(hints) < _MOST_HINTS else ""
                message = f"the transition {transition.label!r} names the state {name!r}, which is not declared"
                yield Complaint(place, message + hints[name], (name,))


@rule("SM104", "error", scope="reading")
def duplicate_state() -> tuple[Complaint, ...]:
    """A state is declared twice; the first is kept.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, open]
        transitions:
          - {name: close, from: open, to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
    """
    return ()


@rule("SM107", "info")
def implied_states(machine: Machine) -> Iterator[Complaint]:
    """The machine has no list of states: they are those its initial state and its transitions name.

    A misspelt name then is a state of its own, and no state has a colour, a description or a final mark.

    Incorrect::

        name: Door
        initial_state: open
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
    """
    implied = tuple(state.name for state in machine.states if state.implied)
    if implied:
        message = f"no list of states: the transitions imply {listed(implied)}"
        yield Complaint(machine.place, message, implied)
