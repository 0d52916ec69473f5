"""Are the guards and actions a machine names those the application has?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import nearest
from workbench.machines.findings import Complaint, Place
from workbench.machines.model import Machine, Transition
from workbench.machines.registry import rule
from workbench.machines.rules.likeness import alike
from workbench.machines.rules.lines import Lines
from workbench.machines.settings import Settings

if TYPE_CHECKING:
    from workbench.machines.collection import Machines

_MOST_HINTS = 20  # to look for the nearest name takes its time
_KEYS = {"guard": ("guard", "guards"), "action": ("action", "actions")}


@rule("SM401", "warning")
def unknown_guard_or_action(machine: Machine, settings: Settings) -> Iterator[Complaint]:
    """A guard or an action is not among those the application is known to have, or is nearly called like another.

    The settings say which it has: `guards: [...]` and `actions: [...]`. A name without a namespace stands for any
    class so called. Without them, only names that are nearly equal are found.

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut, guard: IsCalmOutside}
          - {name: lock, from: shut, to: locked, guard: IsCalmOutsde}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut, locked]
        transitions:
          - {name: close, from: open, to: shut, guard: IsCalmOutside}
          - {name: lock, from: shut, to: locked, guard: IsCalmOutside}
    """
    lines, searched = Lines(machine), 0
    for kind, known in (("guard", settings.guards), ("action", settings.actions)):
        used = _used([machine], kind)
        like = _nearly_equal(used) if known is None else {}
        for name, transitions in used.items():
            if known is not None and not _is_among(name, known):
                searched += 1
                near = nearest(name, known) if searched <= _MOST_HINTS else None
                hint = f"did you mean {near!r}?" if near else f"add it to `{kind}s` in the settings, or mend the name"
                message = f"the {kind} {name!r} is not among the {kind}s the settings name: {hint}"
            elif name in like:
                message = f"the {kind} {name!r} is nearly called like {like[name]!r}: is it the same?"
            else:
                continue
            for transition in transitions:
                yield Complaint(lines.of(transition, *_KEYS[kind]), message, (name, transition.label))


@rule("SM402", "warning", scope="machines")
def unused_guard_or_action(machines: Machines, settings: Settings) -> Iterator[Complaint]:
    """The settings name a guard or an action that no machine uses.

    It may be left over, or a transition may have lost it. Looked at over all machines that are checked together.

    Settings::

        guards: [IsWindy, IsNight]

    Incorrect::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut, guard: IsWindy}

    Correct::

        name: Door
        initial_state: open
        states: [open, shut]
        transitions:
          - {name: close, from: open, to: shut, guard: {and: [IsWindy, IsNight]}}
    """
    if not machines:
        return
    for kind, known in (("guard", settings.guards), ("action", settings.actions)):
        used = tuple(_used(machines.values(), kind))
        for name in dict.fromkeys(known or ()):
            if not _is_among(name, used):
                near = nearest(name, used)
                hint = f"; {near!r} is used" if near else ""
                message = f"no machine uses the {kind} {name!r} that the settings name{hint}: remove it, or use it"
                yield Complaint(_place(settings.file, name), message, (name,))


def _nearly_equal(used: Iterable[str]) -> dict[str, str]:
    """Return the names, without their namespace nearly equal to an earlier one's, with that one; no expressions."""
    first: dict[str, str] = {}
    for name in used:
        if _last_part(name).isidentifier():
            first.setdefault(_last_part(name), name)
    return {first[later]: first[earlier] for earlier, later in alike(first)}


def _used(machines: Iterable[Machine], kind: str) -> Mapping[str, list[Transition]]:
    found: dict[str, list[Transition]] = {}
    for machine in machines:
        for transition in machine.transitions:
            guards = () if transition.guard is None else transition.guard.names()
            for name in dict.fromkeys(guards if kind == "guard" else transition.actions):
                found.setdefault(name, []).append(transition)
    return found


def _is_among(name: str, known: Iterable[str]) -> bool:
    own, last = name.lstrip("\\"), _last_part(name)
    return any(
        own == other.lstrip("\\") or (last == _last_part(other) and ("\\" not in own or "\\" not in other.lstrip("\\")))
        for other in known
    )


def _last_part(name: str) -> str:
    return name.rsplit("\\", 1)[-1]


def _place(file: str, name: str) -> Place:
    try:
        lines = Path(file).read_text(encoding="utf-8").split("\n") if file else []
    except (OSError, ValueError):
        lines = []
    written = {name, name.replace("\\", "\\\\")}
    for number, line in enumerate(lines, 1):
        for text in written:
            if text in line:
                return Place(file, number, line.index(text) + 1)
    return Place(file or "settings", 1, 1)
