"""Does a machine keep the properties its file declares?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.errors import MachineError, did_you_mean
from workbench.machines.findings import Complaint, Severity, listed
from workbench.machines.model import Machine
from workbench.machines.properties.declared import Property, read_property
from workbench.machines.properties.proving import prove
from workbench.machines.registry import rule


@rule("SM801", "error")
def violated_property(machine: Machine) -> Iterator[Complaint]:
    """A declared property is violated: a run breaks it.

    An error when a run without guards does; a warning when guards decide, because they are not evaluated. The witness
    is the shortest run, states and transitions in turn.

    Incorrect::

        name: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid}
          - {name: ship, from: [open, paid], to: shipped}
        properties:
          - {state: shipped, needs_before: paid}

    Correct::

        name: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid}
          - {name: ship, from: paid, to: shipped}
        properties:
          - {state: shipped, needs_before: paid}
    """
    for declared in _readable(machine):
        proof = prove(machine, declared)
        if proof.verdict != "violated":
            continue
        named = f"{declared.name!r} ({declared.words})" if declared.name != declared.words else declared.words
        message = f"the property is broken: {named}" + (f"; {proof.reason}" if proof.reason else "")
        message += f"; shortest run: {' → '.join(proof.run)}" if proof.run else ""
        message += f", if {listed(proof.guards)} lets it" if proof.guards else ""
        severity: Severity | None = None if proof.certain else "warning"
        yield Complaint(declared.place, message, (declared.name,), proof.run, severity)


@rule("SM802", "error")
def unreadable_property(machine: Machine) -> Iterator[Complaint]:
    """A property cannot be understood, or names a state or a transition the machine does not have.

    An unknown name is only a warning, and none at all where the property says that it never occurs.

    Incorrect::

        name: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid}
        properties:
          - {state: paid, need_before: open}

    Correct::

        name: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid}
        properties:
          - {state: paid, needs_before: open}
    """
    for keys, place in machine.placed_properties:
        try:
            declared = read_property(keys, place)
        except MachineError as error:
            yield Complaint(place, str(error))
            continue
        known = {
            "state": machine.state_names,
            "transition": tuple(transition.label for transition in machine.transitions),
        }
        for group, kind in zip(declared.of, declared.on, strict=True):
            for name in group:
                hint = did_you_mean(name, known.get(kind, ()))
                forbidden = declared.rule == "absence" and declared.times == 1 and not hint
                if kind in known and name not in known[kind] and not forbidden:
                    message = f"the property {declared.name!r} names the {kind} {name!r}, which is not there{hint}"
                    yield Complaint(place, message, (name,), severity="warning")


def _readable(machine: Machine) -> Iterator[Property]:
    for keys, place in machine.placed_properties:
        try:
            yield read_property(keys, place)
        except MachineError:  # SM802 says so
            continue
