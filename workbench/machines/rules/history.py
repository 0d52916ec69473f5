"""Does a log bear out what the machine declares, and the machine what the log did?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.cards import amount
from workbench.errors import nearest
from workbench.machines.findings import Complaint, Place, listed
from workbench.machines.history import History, Refused
from workbench.machines.model import Machine
from workbench.machines.registry import rule

# The machine allows what such an event says it did: the log has a gap there, the machine no fault.
_GAP = "recorded from-state differs from the replayed one"


@rule("SM701", "info", scope="history")
def state_never_visited(machine: Machine, history: History) -> Iterator[Complaint]:
    """No life of the log was ever in a state.

    Looked at with `check --log LOG` only, as the other rules of this theme: the log is not old enough, the state is
    new, or nobody needs it.

    Log::

        door/1: [open, shut, open]

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: lock, from: shut, to: locked}
          - {name: unlock, from: locked, to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
    """
    for name in history.unvisited:
        message = f"none of the {amount(history.lives, 'life', 'lives')} of the log was ever in the state {name!r}"
        yield Complaint(machine.state(name).place, message, (name,))


@rule("SM702", "info", scope="history")
def transition_never_used(machine: Machine, history: History) -> Iterator[Complaint]:
    """No move of the log used a transition, or none used it from one of its from-states.

    A move uses the transition the log names; where it names none, every transition that leads there.

    Log::

        door/1: [open, shut, open]

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: knock, from: shut, to: shut}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
    """
    lives = amount(history.lives, "life", "lives")
    for ordinal in history.unused:
        transition = machine.transitions[ordinal]
        message = f"none of the {lives} of the log used the transition {transition.label!r}"
        yield Complaint(transition.place, message, (transition.label,))
    for ordinal, source in history.unused_sources:
        transition = machine.transitions[ordinal]
        place = dict(transition.ends[:-1]).get(source, transition.place)
        message = f"none of the {lives} of the log used the transition {transition.label!r} from {source!r}"
        yield Complaint(place, message, (transition.label, source))


@rule("SM703", "warning", scope="history")
def move_without_transition(machine: Machine, history: History) -> Iterator[Complaint]:
    """The log holds moves that no transition of the machine allows.

    Where the machine allows what an event says it did, and only the state replayed before it is another, the log
    has a gap and the machine no fault: `quality` and `off_machine` list these.

    Log::

        door/1: [open, shut, locked]
        door/2: [open, locked]

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, {name: locked, final: true}]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: lock, from: shut, to: locked}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, {name: locked, final: true}]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: lock, from: [open, shut], to: locked}
    """
    for refused in history.refused:
        if refused.from_state is not None and refused.from_state not in machine.finals and refused.why != _GAP:
            place = _place(machine, refused.from_state)
            by = f" by {refused.transition!r}" if refused.transition is not None else ""
            message = f"{_moves(refused)} {refused.from_state!r} to {refused.to_state!r}{by}: {refused.why}"
            yield _complaint(machine, refused, place, message)


@rule("SM704", "warning", scope="history")
def life_begins_elsewhere(machine: Machine, history: History) -> Iterator[Complaint]:
    """Lives of the log begin in another state than the machine's.

    A log that was cut at its beginning shows them too. A state marked `metadata: {entry: true}` is a further
    beginning.

    Log::

        door/1: [open, shut]
        door/2: [shut, open, shut]

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
        states: [open, {name: shut, metadata: {entry: true}}]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
    """
    for refused in history.refused:
        if refused.from_state is None:
            begin = "begins" if refused.aggregates == 1 else "begin"
            message = (
                f"{amount(refused.aggregates, 'life', 'lives')} of the log {begin} in {refused.to_state!r}, "
                f"such as {refused.example!r}; the machine begins in {listed(machine.entries)}"
            )
            yield _complaint(machine, refused, machine.initial_place, message)


@rule("SM705", "warning", scope="history")
def move_out_of_a_final_state(machine: Machine, history: History) -> Iterator[Complaint]:
    """The log holds moves out of a state that is final in the machine.

    Log::

        door/1: [open, removed]
        door/2: [open, removed, open]

    Incorrect::

        name: Door
        initial_state: open
        states: [open, {name: removed, final: true}]
        transitions:
          - {name: remove, from: open, to: removed}

    Correct::

        name: Door
        initial_state: open
        states: [open, removed]
        transitions:
          - {name: remove, from: open, to: removed}
          - {name: mount, from: removed, to: open}
    """
    for refused in history.refused:
        if refused.from_state in machine.finals and refused.why != _GAP:
            message = f"{_moves(refused)} {refused.from_state!r}, which is final, to {refused.to_state!r}"
            yield _complaint(machine, refused, _place(machine, refused.from_state), message)


def _complaint(machine: Machine, refused: Refused, place: Place, message: str) -> Complaint:
    near = nearest(refused.to_state, machine.state_names) if refused.to_state not in machine.state_names else None
    hint = f"; did it mean {near!r}?" if near else ""
    subjects = (refused.from_state, refused.to_state, refused.transition, refused.why)
    return Complaint(place, message + hint, tuple(name for name in subjects if name is not None), (refused.example,))


def _moves(refused: Refused) -> str:
    lives = amount(refused.aggregates, "life", "lives")
    lead = "leads" if refused.moves == 1 else "lead"
    return f"{amount(refused.moves, 'move')} of {lives}, such as {refused.example!r}, {lead} from"


def _place(machine: Machine, state: str | None) -> Place:
    return machine.state(state).place if state in machine.state_names else machine.place
