"""Does every life come to an end, and does the machine say where?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.machines.findings import Complaint, Severity, listed
from workbench.machines.model import Machine
from workbench.machines.profiles import profile_of
from workbench.machines.reach import dead_ends, predecessors, reached, successors, unreachable
from workbench.machines.registry import rule
from workbench.machines.rules.runs import Runs, components, loop_through
from workbench.machines.settings import Settings


@rule("SM304", "error")
def no_way_to_an_end(machine: Machine) -> Iterator[Complaint]:
    """A state has ways out, but none of them ever leads to a final state.

    Where the machine declares no final state, those without a way out are taken as final if a run can reach one,
    and this is a warning.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, jammed, {name: removed, final: true}]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: jam, from: shut, to: jammed}
          - {name: shake, from: jammed, to: jammed, action: Shake}
          - {name: remove, from: [open, shut], to: removed}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, jammed, {name: removed, final: true}]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: jam, from: shut, to: jammed}
          - {name: shake, from: jammed, to: jammed, action: Shake}
          - {name: remove, from: [open, shut, jammed], to: removed}
    """
    finals = _ends(machine)
    if not finals:
        return
    declared = bool(machine.declared_finals)
    ends = set(reached(predecessors(machine), finals)).union(dead_ends(machine))
    runs = Runs(machine)
    for state in machine.states:
        if state.name not in ends:
            what = "final states" if declared else "states without a way out"
            message = (
                f"from {state.name!r} no run ever comes to an end: none of the {what} ({listed(finals, 4)}) "
                "can be reached; add a transition towards one of them"
            )
            severity: Severity = "error" if declared else "warning"
            yield Complaint(state.place, message, (state.name,), runs.to(state.name), severity)


@rule("SM305", "info")
def no_end_at_all(machine: Machine) -> Iterator[Complaint]:
    """No state is final and every state has a way out: a life never ends.

    That may be meant: a device, a subscription. Then say so: `# workbench: ignore SM305`.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
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
    if machine.states and not machine.finals:
        message = "no state is final and every state has a way out: a life of this machine never ends; is that meant?"
        loop = next((loop_through(successors(machine), part) for part in _loops(machine)), ())
        yield Complaint(machine.place, message, (), loop)


@rule("SM306", "warning")
def only_self_loops(machine: Machine) -> Iterator[Complaint]:
    """Every way out of a state leads straight back into it: it is left by nothing, though it looks as if it were.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, jammed]
        transitions:
          - {name: jam, from: open, to: jammed}
          - {name: shake, from: jammed, to: jammed, action: Shake}

    Correct::

        name: Door
        initial_state: open
        states: [open, jammed]
        transitions:
          - {name: jam, from: open, to: jammed}
          - {name: shake, from: jammed, to: jammed, action: Shake}
          - {name: mend, from: jammed, to: open}
    """
    leads, runs = successors(machine), Runs(machine)
    for state in machine.states:
        if leads[state.name] == (state.name,) and not state.final:
            message = (
                f"every way out of the state {state.name!r} leads back into it: add one that leaves, "
                "or declare it final without any"
            )
            yield Complaint(state.place, message, (state.name,), runs.to(state.name))


@rule("SM307", "info")
def loop_without_exit(machine: Machine) -> Iterator[Complaint]:
    """Several states lead to each other and to nothing else, while the machine has final states elsewhere.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked, removed]
        transitions:
          - {name: remove, from: open, to: removed}
          - {name: close, from: open, to: shut}
          - {name: lock, from: shut, to: locked}
          - {name: unlock, from: locked, to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked, removed]
        transitions:
          - {name: remove, from: [open, shut], to: removed}
          - {name: close, from: open, to: shut}
          - {name: lock, from: shut, to: locked}
          - {name: unlock, from: locked, to: shut}
    """
    finals = _ends(machine)
    if not finals:
        return
    leads = successors(machine)
    order = {name: place for place, name in enumerate(machine.state_names)}
    for part in _loops(machine):
        inside = set(part)
        leaves = any(target not in inside for name in part for target in leads[name])
        if leaves or inside.intersection(finals) or not inside.issubset(order):
            continue
        names = tuple(sorted(part, key=order.__getitem__))
        message = f"{listed(names)} lead to each other and to no other state: once there, a life never ends"
        yield Complaint(machine.state(names[0]).place, message, names, loop_through(leads, names))


@rule("SM309", "error")
def endless_by_itself(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """Transitions that nothing names and no guard holds back lead round in a circle: they would fire for ever.

    In the `wiki` profile a transition fires when its name is called; one without a name, in a machine that has names,
    fires by itself.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {from: shut, to: open}
          - {from: open, to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {from: shut, to: open, guard: IsWindy}
    """
    if profile_of(machine, settings.profile) != "wiki" or all(t.name is None for t in machine.transitions):
        return
    unheld = [t for t in machine.transitions if t.name is None and t.guard is None]
    edges: dict[str, dict[str, None]] = {}
    for transition in unheld:
        for name in transition.from_states:
            edges.setdefault(name, {})[transition.to_state] = None
    leads = {name: tuple(targets) for name, targets in edges.items()}
    for part in components(leads):
        loop = loop_through(leads, part)
        if not loop:
            continue
        inside = set(part)
        first = next(t for t in unheld if t.to_state in inside and inside.intersection(t.from_states))
        message = f"{' → '.join(loop)}: these transitions have no name and no guard, so they fire for ever; name one"
        yield Complaint(first.place, message, tuple(dict.fromkeys(loop)), loop)


def _ends(machine: Machine) -> tuple[str, ...]:
    """Return the declared final states, else those without a way out; none where no run can reach one of these."""
    return machine.finals if machine.declared_finals or not set(machine.finals).issubset(unreachable(machine)) else ()


def _loops(machine: Machine) -> list[tuple[str, ...]]:
    return [part for part in components(successors(machine)) if len(part) > 1]
