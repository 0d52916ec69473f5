"""Where can a run of a machine get to, and where does it stop?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.machines.findings import Complaint, listed
from workbench.machines.model import Machine
from workbench.machines.reach import dead_ends, predecessors, unreachable
from workbench.machines.registry import rule
from workbench.machines.rules.runs import Runs, nearest_first

_MOST_SOURCES = 100


@rule("SM301", "error")
def unreachable_state(machine: Machine) -> Iterator[Complaint]:
    """No run can reach a state: no path leads to it from the initial state.

    A state with an incoming transition may still be unreachable, when that transition begins in a state that is.
    The witness names the states that do lead to it.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: unlock, from: locked, to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: lock, from: shut, to: locked}
          - {name: unlock, from: locked, to: shut}
    """
    lead_to = predecessors(machine)
    for name in unreachable(machine):
        sources = nearest_first(lead_to, name, _MOST_SOURCES)
        what = f"the state {name!r} cannot be reached from {machine.initial!r}: "
        if len(sources) == _MOST_SOURCES:
            why = "the states that lead to it cannot be reached either"
        elif sources:
            cannot = "which cannot be reached either" if len(sources) == 1 else "none of which can be reached"
            why = f"only {listed(sources)} can lead to it, {cannot}"
        elif name in lead_to[name]:
            why = "only it leads to itself"
        else:
            why = "no transition leads to it"
        yield Complaint(
            machine.state(name).place, f"{what}{why}; add a transition to it, or remove it", (name,), sources
        )


@rule("SM302", "warning")
def dead_transition(machine: Machine) -> Iterator[Complaint]:
    """A transition can never fire: no run reaches any of the states it begins in.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: unlock, from: locked, to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: lock, from: shut, to: locked}
          - {name: unlock, from: locked, to: shut}
    """
    never = set(unreachable(machine))
    for transition in machine.transitions:
        if never.issuperset(transition.from_states):
            begins = listed(tuple(dict.fromkeys(transition.from_states)))
            message = f"the transition {transition.label!r} can never fire: no run reaches {begins}; correct its `from`"
            yield Complaint(transition.place, message, (transition.label,), transition.from_states)


@rule("SM303", "warning")
def dead_end(machine: Machine) -> Iterator[Complaint]:
    """A state has no way out and is not declared final.

    Where the machine declares no final state at all this is only a note: its states without a way out are then
    taken as final.

    Incorrect::

        name: Door
        initial_state: open
        states:
          - open
          - jammed
          - {name: removed, final: true}
        transitions:
          - {name: jam, from: open, to: jammed}
          - {name: remove, from: open, to: removed}

    Correct::

        name: Door
        initial_state: open
        states:
          - open
          - jammed
          - {name: removed, final: true}
        transitions:
          - {name: jam, from: open, to: jammed}
          - {name: remove, from: [open, jammed], to: removed}
    """
    ends = [state for name in dead_ends(machine) if not (state := machine.state(name)).final]
    if not ends:
        return
    runs = Runs(machine)
    if machine.declared_finals:
        for state in ends:
            message = (
                f"no way leads out of the state {state.name!r}, and it is not declared final: "
                "add a way out, or write `final: true`"
            )
            yield Complaint(state.place, message, (state.name,), runs.to(state.name))
    else:
        names = tuple(state.name for state in ends)
        message = f"no state is declared final; without a way out, and so taken as final: {listed(names)}"
        yield Complaint(machine.place, message, names, severity="info")
