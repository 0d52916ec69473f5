"""Do the metadata of states mean what those who read them will take them for?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from workbench.machines.findings import Complaint, listed
from workbench.machines.model import Machine
from workbench.machines.reach import successors
from workbench.machines.registry import rule
from workbench.machines.rules.colours import contrast_with_white, is_colour, normal
from workbench.machines.rules.lines import Lines

_INVISIBLE = 1.2  # contrast ratio; WCAG asks 3 of lines, but these only surround a name that has the page's own ink


@rule("SM601", "warning")
def no_colour(machine: Machine) -> Iterator[Complaint]:
    """The colour of a state is none: neither #RGB, nor #RRGGBB, nor a CSS colour name.

    Incorrect::

        name: Door
        initial_state: open
        states:
          - {name: open, metadata: {color: "#0072B"}}

    Correct::

        name: Door
        initial_state: open
        states:
          - {name: open, metadata: {color: "#0072B2"}}
    """
    lines = Lines(machine)
    for state in machine.states:
        color = state.metadata.get("color")
        if color is not None and not is_colour(color):
            message = f"the colour {color!r} of {state.name!r} is none: write '#RRGGBB' in quotes, or a CSS colour name"
            yield Complaint(lines.of(state, "color"), message, (state.name, str(color)))


@rule("SM602", "info")
def colour_hard_to_tell(machine: Machine) -> Iterator[Complaint]:
    """Two states have one colour, or a colour that cannot be seen on a white page.

    Not to be seen means a contrast below 1.2 to 1.

    Incorrect::

        name: Door
        initial_state: open
        states:
          - {name: open, metadata: {color: "#0072B2"}}
          - {name: shut, metadata: {color: "#0072b2"}}
        transitions:
          - {name: close, from: open, to: shut}

    Correct::

        name: Door
        initial_state: open
        states:
          - {name: open, metadata: {color: "#0072B2"}}
          - {name: shut, metadata: {color: "#D55E00"}}
        transitions:
          - {name: close, from: open, to: shut}
    """
    lines, first = Lines(machine), dict[str, str]()
    for state in machine.states:
        if state.color is None or not is_colour(state.color):
            continue
        other = first.setdefault(normal(state.color), state.name)
        contrast = contrast_with_white(state.color)
        if other != state.name:
            message = f"{state.name!r} has the colour {state.color} of {other!r}: in a figure nothing tells them apart"
            yield Complaint(lines.of(state, "color"), message, (state.name, other))
        if contrast is not None and contrast < _INVISIBLE:
            message = f"the colour {state.color} of {state.name!r} cannot be seen on white ({contrast} to 1): darken it"
            yield Complaint(lines.of(state, "color"), message, (state.name,))


@rule("SM603", "warning")
def timeout_without_way_out(machine: Machine) -> Iterator[Complaint]:
    """A state has a timeout, but no transition leaves it: when the time is over, nothing can happen.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, {name: jammed, metadata: {timeout_seconds: 30}}]
        transitions:
          - {name: jam, from: open, to: jammed}

    Correct::

        name: Door
        initial_state: open
        states: [open, {name: jammed, metadata: {timeout_seconds: 30}}]
        transitions:
          - {name: jam, from: open, to: jammed}
          - {name: give_up, from: jammed, to: open}
    """
    leads, lines = successors(machine), Lines(machine)
    for state in machine.states:
        if state.metadata.get("timeout_seconds") is not None and not leads[state.name]:
            message = (
                f"{state.name!r} has a timeout, but no transition leaves it: "
                "add the one to take when the time is over, or drop the timeout"
            )
            yield Complaint(lines.of(state, "timeout_seconds"), message, (state.name,))


@rule("SM604", "error")
def impossible_timeout(machine: Machine) -> Iterator[Complaint]:
    """A timeout is no positive number of seconds.

    It is a warning when an event may take longer (`event_timeout` of the machine's `config`) than the state in which
    it is awaited may last.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, {name: ajar, metadata: {timeout_seconds: 0}}]
        transitions:
          - {name: push, from: open, to: ajar}
          - {name: pull, from: ajar, to: open}

    Correct::

        name: Door
        initial_state: open
        states: [open, {name: ajar, metadata: {timeout_seconds: 30}}]
        transitions:
          - {name: push, from: open, to: ajar}
          - {name: pull, from: ajar, to: open}
    """
    lines = Lines(machine)
    longest = machine.config.get("event_timeout")
    if longest is not None and not _is_positive(longest):
        message = f"`event_timeout` is {longest!r}: write a positive number of seconds"
        yield Complaint(lines.of_machine("event_timeout"), message, ("event_timeout",))
    for state in machine.states:
        timeout = state.metadata.get("timeout_seconds")
        if timeout is None:
            continue
        place = lines.of(state, "timeout_seconds")
        if not _is_positive(timeout):
            message = f"the timeout of {state.name!r} is {timeout!r}: write a positive number of seconds"
            yield Complaint(place, message, (state.name,))
        elif _is_positive(longest) and longest > timeout:
            message = (
                f"{state.name!r} lasts at most {timeout} seconds, but an event may take {longest} (`event_timeout`): "
                "it would come too late"
            )
            yield Complaint(place, message, (state.name,), (), "warning")


@rule("SM605", "info")
def uneven_metadata(machine: Machine) -> Iterator[Complaint]:
    """A metadata key holds values of several kinds, or most states have it and a few have not.

    What reads it must expect both.

    Incorrect::

        name: Door
        initial_state: open
        states:
          - {name: open, metadata: {watts: 0}}
          - {name: shut, metadata: {watts: none}}
        transitions:
          - {name: close, from: open, to: shut}

    Correct::

        name: Door
        initial_state: open
        states:
          - {name: open, metadata: {watts: 0}}
          - {name: shut, metadata: {watts: 2}}
        transitions:
          - {name: close, from: open, to: shut}
    """
    lines = Lines(machine)
    by_name: dict[str, dict[str, Mapping[str, Any]]] = {}
    for state in machine.states:
        for key in state.metadata:
            by_name.setdefault(key, {})[state.name] = state.metadata
    for key, having in by_name.items():
        if key in {"final", "entry"}:
            continue
        kinds = {name: kind for name, metadata in having.items() if (kind := _kind(metadata[key])) is not None}
        usual = Counter(kinds.values()).most_common(1)[0][0] if kinds else ""
        odd = tuple(name for name, kind in kinds.items() if kind != usual)
        without = tuple(name for name in machine.state_names if name not in having)
        if odd:
            message = f"the metadata {key!r} are mostly {usual}, but not in {listed(odd)}: write one kind"
            yield Complaint(lines.of(machine.state(odd[0]), key), message, (key, *odd))
        elif without and len(having) > len(without):
            message = f"most states have the metadata {key!r}, but not {listed(without)}"
            yield Complaint(machine.state(without[0]).place, message, (key, *without))


def _is_positive(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _kind(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "numbers"
    return "texts" if isinstance(value, str) else "mappings" if isinstance(value, Mapping) else "lists"
