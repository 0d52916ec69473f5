"""Who chooses among the transitions that leave a state: the event that names one, or the state asked for?

`wiki`: an application fires a transition by its name; of several with one name, the first whose guard passes is
taken. `package`: an application asks for a state; Statecraft's package takes the first transition from here to there
and looks no further, even when its guard fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from workbench.machines.formulas import never_passes, truth_tables
from workbench.machines.guards import Guard
from workbench.machines.model import Machine, Transition

Profile = Literal["wiki", "package"]
Clash = Literal["duplicate", "same_guard", "shadowed", "overlap", "second"]


class Verdict(NamedTuple):
    """How a transition of a choice stands to an earlier one; both are ordinals within the choice."""

    clash: Clash
    earlier: int


class Conflict(NamedTuple):
    """A later and an earlier transition of one choice, and the from-states where they meet."""

    clash: Clash
    later: Transition
    earlier: Transition
    states: tuple[str, ...]


def profile_of(machine: Machine, chosen: Profile | None = None) -> Profile:
    """Return the profile asked for, else that of the machine's dialect; without any name only a state can be asked."""
    if chosen is not None:
        return chosen
    named = any(transition.name is not None for transition in machine.transitions)
    return "wiki" if machine.dialect == "flat" and named else "package"


def choices(machine: Machine, profile: Profile) -> dict[tuple[str, str | None], list[int]]:
    """Return the ordinals of the transitions among which one is chosen, by from-state and what is asked for.

    What is asked for is a transition's name in the wiki profile (None: nothing names it, so it fires by itself), the
    state to go to in the package profile.
    """
    found: dict[tuple[str, str | None], list[int]] = {}
    for ordinal, transition in enumerate(machine.transitions):
        asked = transition.name if profile == "wiki" else transition.to_state
        for state in dict.fromkeys(transition.from_states):
            found.setdefault((state, asked), []).append(ordinal)
    return found


def conflicts(machine: Machine, profile: Profile) -> list[Conflict]:
    """Return every later transition that an earlier one of its choice stands in the way of."""
    met: dict[tuple[int, int, Clash], list[str]] = {}
    for (state, _), ordinals in choices(machine, profile).items():
        if len(ordinals) == 1:
            continue
        transitions = [machine.transitions[ordinal] for ordinal in ordinals]
        for place, verdict in _verdicts(transitions, profile):
            met.setdefault((ordinals[place], ordinals[verdict.earlier], verdict.clash), []).append(state)
    return [
        Conflict(clash, machine.transitions[later], machine.transitions[earlier], tuple(states))
        for (later, earlier, clash), states in sorted(met.items(), key=lambda item: item[0])
    ]


def never_taken(machine: Machine, profile: Profile) -> set[tuple[str, int]]:
    """Return the (from-state, ordinal of transition) where a transition cannot be taken, whatever its guards say."""
    found: set[tuple[str, int]] = set()
    for (state, _), ordinals in choices(machine, profile).items():
        transitions = [machine.transitions[ordinal] for ordinal in ordinals]
        if len(ordinals) > 1:
            blocked = {place for place, verdict in _verdicts(transitions, profile) if verdict.clash in _BLOCKS}
            found.update((state, ordinals[place]) for place in blocked)
        found.update((state, o) for o, t in zip(ordinals, transitions, strict=True) if never_passes(t.guard))
    return found


_MOST_COMPARED = 100  # each with each, so more would take too long
_BLOCKS = {"shadowed", "second"}


def _verdicts(transitions: Sequence[Transition], profile: Profile) -> Iterator[tuple[int, Verdict]]:
    if profile == "package":
        return _by_order(transitions)
    guards = [transition.guard for transition in transitions]
    targets = [transition.to_state for transition in transitions]
    tables = truth_tables(guards) if len(guards) <= _MOST_COMPARED else None
    return _by_shape(guards, targets) if tables is None else _by_table(tables.rows, targets)


def _by_order(transitions: Sequence[Transition]) -> Iterator[tuple[int, Verdict]]:
    seen: dict[tuple[str | None, Guard | None], int] = {}
    for place, transition in enumerate(transitions):
        first = seen.setdefault((transition.name, transition.guard), place)
        if first != place:
            yield place, Verdict("duplicate", first)
        elif place:
            yield place, Verdict("second", 0)


def _by_table(rows: Sequence[int], targets: Sequence[str]) -> Iterator[tuple[int, Verdict]]:
    """Compare guards by what they mean; a guard that never passes meets nothing."""
    covered = 0
    alike: dict[int, int] = {}
    where: dict[tuple[int, str], int] = {}
    for place, (row, target) in enumerate(zip(rows, targets, strict=True)):
        if row == 0:
            continue
        twin = where.get((row, target), alike.get(row))
        if twin is not None:
            yield place, Verdict("duplicate" if targets[twin] == target else "same_guard", twin)
        elif not row & ~covered:
            yield place, Verdict("shadowed", _first_overlap(rows, row, place))
        elif row & covered:
            rival = next((i for i in range(place) if rows[i] & row and targets[i] != target), None)
            if rival is not None:
                yield place, Verdict("overlap", rival)
        alike.setdefault(row, place)
        where.setdefault((row, target), place)
        covered |= row


def _first_overlap(rows: Sequence[int], row: int, before: int) -> int:
    """Return the earlier guard that alone passes whenever this does, else the first that may pass with it."""
    whole = (i for i in range(before) if not row & ~rows[i])
    return next(whole, next(i for i in range(before) if rows[i] & row))


def _by_shape(guards: Sequence[Guard | None], targets: Sequence[str]) -> Iterator[tuple[int, Verdict]]:
    """Compare guards by how they are written, where there are too many, or too many names, to be worked out."""
    alike: dict[Guard | None, int] = {}
    where: dict[tuple[Guard | None, str], int] = {}
    rival_of_first = next((i for i, target in enumerate(targets) if target != targets[0]), len(targets))
    for place, (guard, target) in enumerate(zip(guards, targets, strict=True)):
        twin = where.get((guard, target), alike.get(guard))
        rival = 0 if target != targets[0] else rival_of_first
        if twin is not None:
            yield place, Verdict("duplicate" if targets[twin] == target else "same_guard", twin)
        elif None in alike:
            yield place, Verdict("shadowed", alike[None])
        elif rival < place:
            yield place, Verdict("overlap", rival)
        alike.setdefault(guard, place)
        where.setdefault((guard, target), place)
