"""Are names written alike, and is each written once?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from workbench.machines.findings import Complaint, Place, listed
from workbench.machines.model import Machine
from workbench.machines.registry import rule
from workbench.machines.rules.likeness import alike
from workbench.machines.rules.lines import Lines

_STYLES = {
    "snake_case": re.compile(r"[a-z0-9]+(_[a-z0-9]+)*"),
    "camelCase": re.compile(r"[a-z][a-z0-9]*([A-Z][a-z0-9]*)*"),
    "PascalCase": re.compile(r"([A-Z][a-z0-9]*)+"),
    "kebab-case": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*"),
    "UPPER_CASE": re.compile(r"[A-Z0-9]+(_[A-Z0-9]+)*"),
    "words": re.compile(r"[^\W_][^_]*"),
}
_CLASS = re.compile(r"\\?[^\W\d]\w*(\\[^\W\d]\w*)*")
_FEW = 3


@rule("SM105", "warning")
def from_state_twice(machine: Machine) -> Iterator[Complaint]:
    """A transition names one of its from-states twice.

    Perhaps another was meant: then the transition does not leave it.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, ajar, shut]
        transitions:
          - {name: push, from: open, to: ajar}
          - {name: close, from: [open, open], to: shut}
          - {name: open, from: [ajar, shut], to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, ajar, shut]
        transitions:
          - {name: push, from: open, to: ajar}
          - {name: close, from: [open, ajar], to: shut}
          - {name: open, from: [ajar, shut], to: open}
    """
    for transition in machine.transitions:
        if len(set(transition.from_states)) == len(transition.from_states):
            continue
        seen: set[str] = set()
        for name, place in transition.ends[:-1]:
            if name in seen:
                message = (
                    f"the transition {transition.label!r} names {name!r} twice in its `from`: "
                    "remove one, or write the state that was meant"
                )
                yield Complaint(place, message, (transition.label, name))
            seen.add(name)


@rule("SM106", "warning")
def names_nearly_equal(machine: Machine) -> Iterator[Complaint]:
    """The names of two states differ only in upper case, in separators, or in one letter.

    One of them may be a slip of the pen, and the machine then has a state too many. Names that differ only in digits
    (`step_1`, `step_2`), short ones, and several that differ in one letter are left alone.

    Incorrect::

        name: Door
        initial_state: in_place
        states: [in_place, removed, in-place]
        transitions:
          - {name: remove, from: in_place, to: removed}
          - {name: put_back, from: removed, to: in-place}

    Correct::

        name: Door
        initial_state: in_place
        states: [in_place, removed]
        transitions:
          - {name: remove, from: in_place, to: removed}
          - {name: put_back, from: removed, to: in_place}
    """
    for earlier, later in alike(machine.state_names):
        line = machine.state(earlier).place.line
        message = (
            f"the state {later!r} is nearly called like {earlier!r} in line {line}: "
            "if they are one state, write one name; if not, tell them further apart"
        )
        yield Complaint(machine.state(later).place, message, (later, earlier))


@rule("SM403", "info")
def mixed_naming_styles(machine: Machine) -> Iterator[Complaint]:
    """Most states, or most transitions, are named in one style, and a few in another.

    The style of most is taken for the machine's own; where there is none, nothing is said.

    Incorrect::

        name: Door
        initial_state: wide_open
        states: [wide_open, half_open, firmlyShut]
        transitions:
          - {name: pull, from: wide_open, to: half_open}
          - {name: close, from: half_open, to: firmlyShut}

    Correct::

        name: Door
        initial_state: wide_open
        states: [wide_open, half_open, firmly_shut]
        transitions:
          - {name: pull, from: wide_open, to: half_open}
          - {name: close, from: half_open, to: firmly_shut}
    """
    named = [(t.name, t.place) for t in machine.transitions if t.name is not None]
    for what, names in (("states", [(s.name, s.place) for s in machine.states]), ("transitions", named)):
        first: dict[str, Place] = {}
        for name, place in names:
            first.setdefault(name, place)
        style, odd = _odd_ones(tuple(first))
        if odd:
            message = f"most {what} are named in {style}, but not {listed(odd)}: one style is easier to remember"
            yield Complaint(first[odd[0]], message, odd)


@rule("SM404", "info")
def no_class_name(machine: Machine) -> Iterator[Complaint]:
    r"""A guard or an action bears a name that no PHP class can bear.

    Statecraft makes an object of the class so named. In machines of other tools this says nothing.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut, guard: "wind > 5", action: App\Actions\Ring}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut, guard: IsWindy, action: App\Actions\Ring}
    """
    lines = Lines(machine)
    for transition in machine.transitions:
        guards = () if transition.guard is None else transition.guard.names()
        for what, names, keys in (
            ("guard", guards, ("guard", "guards")),
            ("action", transition.actions, ("action", "actions")),
        ):
            wrong = tuple(name for name in dict.fromkeys(names) if not _CLASS.fullmatch(name))
            if wrong:
                message = f"no PHP class can be named {listed(wrong, _FEW)}, so Statecraft cannot find this {what}"
                yield Complaint(lines.of(transition, *keys), message, (transition.label, *wrong))


def _odd_ones(names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """Return the style most names are written in, and those that are not; none where no style holds for most."""
    fits = {name: {style for style, pattern in _STYLES.items() if pattern.fullmatch(name)} for name in names}
    counts = Counter(style for name in names for style in _STYLES if style in fits[name])
    if len(names) < _FEW or not counts:
        return "", ()
    style, most = counts.most_common(1)[0]
    odd = tuple(name for name in names if style not in fits[name])
    telling = sum(len(fits[name]) == 1 and style in fits[name] for name in names)
    return (style, odd) if 2 * most > len(names) and telling else ("", ())
