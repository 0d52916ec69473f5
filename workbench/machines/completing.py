"""What does a machine file probably lack, and which edit of its text would add it?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

import yaml

from workbench.errors import nearest
from workbench.machines.completing_edits import Edit, Text
from workbench.machines.dialects import INITIAL_KEYS
from workbench.machines.model import Machine
from workbench.machines.reach import dead_ends, predecessors, reached, unreachable
from workbench.machines.reader import read_text
from workbench.machines.rules.runs import components

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ROUNDS = 10  # a state that is added may itself lack something


@dataclass(frozen=True)
class Completion:
    """What a machine probably lacks: the rule that says so, the line, a sentence, and the edits that would add it."""

    code: str
    machine: str
    line: int
    sentence: str
    edits: tuple[Edit, ...] = ()


def completions(text: str, file: str = "<text>") -> tuple[Completion, ...]:
    """Return what the machines of a YAML text probably lack.

    An initial state (SM101), states that are used but not declared (SM103; where a declared one is nearly named so,
    that name), the transition that would lead to an unreachable state (SM301), final marks of states without a way out
    (SM303). They are guesses: the file's order decides where several would do.

    Examples
    --------
    >>> door = "{name: Door, initial_state: open, states: [open], transitions: [{from: open, to: closed}]}"
    >>> print(completions(door)[0].sentence)
    declare the state 'closed'
    """
    source = Text(text)
    machines = read_text(text, file).values()
    return tuple(one for machine in machines for one in _of_machine(machine, source.root(machine.place), source))


def completed(text: str, file: str = "<text>") -> tuple[str, tuple[Completion, ...]]:
    """Return the text with what it lacks written in, and what that was; a state that is added may lack more itself."""
    done: list[Completion] = []
    for _ in range(_ROUNDS):
        found = [one for one in completions(text, file) if one.edits]
        if not found:
            break
        first = [one for one in found if one.code == min(other.code for other in found)]
        text = Text(text).edited(edit for one in first for edit in one.edits)
        done += first
    return text, tuple(done)


def patch(text: str, file: str) -> str:
    """Return what `completed` changes as a unified diff, which `git apply` and `patch -p1` take."""
    after, _ = completed(text, file)
    lines = unified_diff(_LINE.findall(text), _LINE.findall(after), f"a/{file}", f"b/{file}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _of_machine(machine: Machine, root: yaml.MappingNode | None, text: Text) -> Iterator[Completion]:
    if root is None:
        return
    yield from _initial(machine, root, text)
    yield from _states(machine, root, text)
    yield from _ways_in(machine, root, text)
    yield from _finals(machine, root, text)


def _initial(machine: Machine, root: yaml.MappingNode, text: Text) -> Iterator[Completion]:
    if machine.initial in machine.state_names or not machine.states:
        return
    near = nearest(machine.initial, machine.state_names) if machine.initial else None
    entered = {to_state for one, to_state in machine.pairs if one != to_state}
    begin = near or next((name for name in machine.state_names if name not in entered), machine.state_names[0])
    if machine.initial:
        edits = text.replaced(root, INITIAL_KEYS, begin)
    else:
        edits = text.key_added(root, "initial" if machine.dialect == "package" else "initial_state", begin)
    yield Completion("SM101", machine.name, machine.initial_place.line, f"begin in {begin!r}", edits)


def _states(machine: Machine, root: yaml.MappingNode, text: Text) -> Iterator[Completion]:
    declared, told = set(machine.state_names), set[str]()
    for transition in machine.transitions:
        for name, place in transition.ends:
            if name in declared:
                continue
            near = nearest(name, machine.state_names)
            if near:
                what = f"write {near!r} for {name!r}"
                yield Completion("SM103", machine.name, place.line, what, text.renamed(place, name, near))
            elif name not in told:
                told.add(name)
                edits = text.state_added(root, name)
                yield Completion("SM103", machine.name, place.line, f"declare the state {name!r}", edits)


def _ways_in(machine: Machine, root: yaml.MappingNode, text: Text) -> Iterator[Completion]:
    """Yield a transition to each group of states that cannot be reached, from the state declared before it."""
    never = set(unreachable(machine))
    lead_to = predecessors(machine)
    leads = {name: tuple(one for one in lead_to[name] if one in never) for name in machine.state_names if name in never}
    named = any(transition.name is not None for transition in machine.transitions)
    for group in components(leads):
        before = set(reached(lead_to, group)) - set(group)
        if before & never:
            continue
        order = [name for name in machine.state_names if name in group]
        place = machine.state_names.index(order[0])
        earlier = [name for name in machine.state_names[:place] if name not in never and name not in machine.finals]
        begin = earlier[-1] if earlier else machine.initial
        what = f"lead to {order[0]!r}, perhaps from {begin!r}"
        edits = text.transition_added(root, f"to_{order[0]}" if named else None, begin, order[0])
        yield Completion("SM301", machine.name, machine.state(order[0]).place.line, what, edits)


def _finals(machine: Machine, root: yaml.MappingNode, text: Text) -> Iterator[Completion]:
    if machine.dialect == "package":
        return
    for name in dead_ends(machine):
        state = machine.state(name)
        if not state.final and not state.implied:
            edits = text.made_final(root, name)
            yield Completion("SM303", machine.name, state.place.line, f"declare {name!r} final", edits)
