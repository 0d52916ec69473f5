"""Is it clear which of several transitions is taken?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.machines.findings import Complaint, Place, listed
from workbench.machines.model import Machine, Transition
from workbench.machines.profiles import Clash, Conflict, conflicts, profile_of
from workbench.machines.registry import rule
from workbench.machines.rules.runs import Runs
from workbench.machines.settings import Settings


@rule("SM201", "warning")
def duplicate_transition(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """A transition stands there twice: the same from-state, name, guard and target. Only the first is ever taken.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: close, from: open, to: shut, action: Ring}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut, action: Ring}
          - {name: open, from: shut, to: open}
    """
    runs = Runs(machine)
    for conflict in _conflicts(machine, settings, "duplicate"):
        what = f"{_name(conflict.later)} from {listed(conflict.states)} to {conflict.later.to_state!r}"
        message = f"{what} repeats the one {_at(conflict)}, which is always taken: remove one of them"
        yield _complaint(runs, conflict, message)


@rule("SM202", "error")
def same_guard_several_targets(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """Transitions of one name leave one state on the same condition for different states.

    Nothing says which is meant. Looked at in the `wiki` profile, where a transition is fired by its name; guards are
    compared by what they mean, so `not (A or B)` is `not A and not B`.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: close, from: open, to: locked}
          - {name: open, from: [shut, locked], to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut, guard: {not: IsNight}}
          - {name: close, from: open, to: locked, guard: IsNight}
          - {name: open, from: [shut, locked], to: open}
    """
    runs = Runs(machine)
    for conflict in _conflicts(machine, settings, "same_guard"):
        condition = "without a guard" if conflict.later.guard is None else "on the same condition"
        message = (
            f"in {listed(conflict.states)}, {_name(conflict.later)} leads to {conflict.later.to_state!r} {condition}, "
            f"but {_at(conflict)} to {conflict.earlier.to_state!r}: give them guards that exclude each other"
        )
        yield _complaint(runs, conflict, message)


@rule("SM203", "info")
def open_choice(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """Transitions of one name leave one state for different states, and more than one of their guards may pass.

    The first whose guard passes is taken, so their order matters. Guards that exclude each other by their form, as
    `A` and `not A` do, are no choice. Looked at in the `wiki` profile.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: locked, guard: IsNight}
          - {name: close, from: open, to: shut, guard: IsWindy}
          - {name: open, from: [shut, locked], to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: locked, guard: IsNight}
          - {name: close, from: open, to: shut, guard: {and: [IsWindy, {not: IsNight}]}}
          - {name: open, from: [shut, locked], to: open}
    """
    runs = Runs(machine)
    for conflict in _conflicts(machine, settings, "overlap"):
        message = (
            f"in {listed(conflict.states)}, {_name(conflict.later)} leads to {conflict.later.to_state!r} or, as "
            f"{_at(conflict)}, to {conflict.earlier.to_state!r}: where both guards pass, the first is taken"
        )
        yield _complaint(runs, conflict, message)


@rule("SM204", "warning")
def shadowed_transition(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """A transition is never taken: whenever its guard passes, an earlier one of the same name is taken instead.

    Looked at in the `wiki` profile, where of several transitions with one name the first whose guard passes is taken.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut}
          - {name: close, from: open, to: locked, guard: IsNight}
          - {name: open, from: shut, to: open}
          - {name: lock, from: shut, to: locked}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: locked, guard: IsNight}
          - {name: close, from: open, to: shut}
          - {name: open, from: shut, to: open}
          - {name: lock, from: shut, to: locked}
    """
    runs = Runs(machine)
    for conflict in _conflicts(machine, settings, "shadowed"):
        earlier = conflict.earlier
        why = "it has no guard" if earlier.guard is None else "whenever this guard passes, an earlier one does"
        message = (
            f"in {listed(conflict.states)}, {_name(conflict.later)} to {conflict.later.to_state!r} is never taken: the "
            f"one {_at(conflict)} comes first, and {why}; put the narrower guard first"
        )
        yield _complaint(runs, conflict, message)


@rule("SM205", "warning")
def second_between_two_states(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """Statecraft's package never looks at this transition: an earlier one leads from the same state to the same.

    The package is asked for a state, takes the first transition that leads there, and looks no further even when its
    guard fails. Looked at in the `package` profile only.

    Incorrect::

        state_machine:
          name: Door
          model: App/Models/Door
          initial: open
          states: [open, shut]
          transitions:
            - {from: open, to: shut, guard: IsWindy}
            - {from: open, to: shut, guard: IsNight}

    Correct::

        state_machine:
          name: Door
          model: App/Models/Door
          initial: open
          states: [open, shut]
          transitions:
            - {from: open, to: shut, guard: {or: [IsWindy, IsNight]}}
    """
    runs = Runs(machine)
    for conflict in _conflicts(machine, settings, "second"):
        message = (
            f"from {listed(conflict.states)} to {conflict.later.to_state!r} only the transition {_at(conflict)} is "
            "looked at, even when its guard fails: join them into one, their guards by `or`"
        )
        yield _complaint(runs, conflict, message)


def _conflicts(machine: Machine, settings: Settings, clash: Clash) -> Iterator[Conflict]:
    for conflict in conflicts(machine, profile_of(machine, settings.profile)):
        if conflict.clash == clash:
            yield conflict


def _complaint(runs: Runs, conflict: Conflict, message: str) -> Complaint:
    later = conflict.later
    run = runs.to(conflict.states[0])
    witness = (*run, later.to_state) if run else ()
    return Complaint(_place(later, conflict.states), message, (later.label, *conflict.states), witness)


def _place(transition: Transition, states: tuple[str, ...]) -> Place:
    """Return the transition's place, or that of the from-state where only some of several are concerned."""
    if not transition.from_places or set(states) == set(transition.from_states):
        return transition.place
    return transition.from_places[transition.from_states.index(states[0])]


def _name(transition: Transition) -> str:
    return f"the transition {transition.name!r}" if transition.name is not None else "a transition without a name"


def _at(conflict: Conflict) -> str:
    later, earlier = conflict.later.place, conflict.earlier.place
    return f"in line {earlier.line}" if later.file == earlier.file and earlier.line != later.line else "before it"
