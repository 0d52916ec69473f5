"""Does every run of a machine keep a property, and if not, which is the shortest that does not?"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from workbench.machines.model import Machine, Transition
from workbench.machines.properties.declared import Property
from workbench.machines.properties.templates import CAN_FINISH, REACHABLE
from workbench.machines.reach import dead_ends, reached

Verdict = Literal["holds", "violated", "unknowable"]
Node = tuple[str, int]


class Step(NamedTuple):
    """One transition fired from one state."""

    transition: Transition
    to_state: str
    letter: frozenset[str]


@dataclass(frozen=True)
class Proof:
    """What is known of a property of a machine.

    `run` alternates states and transitions, from the initial state on; `guards` are those that must pass on it.
    """

    verdict: Verdict
    certain: bool = True
    run: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    reason: str = ""


def prove(machine: Machine, declared: Property) -> Proof:
    """Return whether a machine keeps a property; guards are not evaluated.

    A run may end in a declared final state or where no way leads on. "holds" is certain, for a machine does less
    than its guards allow; "violated" is certain when a run without guards shows it, else possible. For `reachable`
    and `can_finish`, which ask for a run rather than for all, it is "holds" that guards make merely possible.

    Examples
    --------
    >>> from workbench.machines.reader import read_text
    >>> door = "{name: Door, initial_state: open, transitions: [{name: shut, from: open, to: shut}]}"
    >>> prove(read_text(door)["Door"], Property("never shut", "absence", (("shut",),), ("state",))).run
    ('open', 'shut', 'shut')
    """
    if machine.initial not in machine.state_names:
        return Proof("unknowable", reason="it is not known where the machine begins")
    if "event" in declared.on and not _emits(machine):
        return Proof("unknowable", reason="the machine does not say which events it emits; ask a log")
    if declared.when or declared.within is not None:
        said = "when" if declared.when else "within"
        return Proof("unknowable", reason=f"`{said}` is asked of logs only")
    product = _Product(machine, declared)
    if declared.rule == REACHABLE:
        return product.reaches()
    return product.can_finish() if declared.rule == CAN_FINISH else product.keeps()


def _emits(machine: Machine) -> bool:
    return any(machine.emitted_by(transition) for transition in machine.transitions)


class _Product:
    """A machine and the automaton of a property, walked together."""

    def __init__(self, machine: Machine, declared: Property) -> None:
        self.machine = machine
        self.declared = declared
        self.ends = frozenset((*machine.declared_finals, *dead_ends(machine)))

    @cached_property
    def steps(self) -> Mapping[str, tuple[Step, ...]]:
        found: dict[str, list[Step]] = {}
        for transition in self.machine.transitions:
            events = self.machine.emitted_by(transition)
            letter = self.declared.letter(state=transition.to_state, transition=transition.label, event=events)
            for name in dict.fromkeys(transition.from_states):
                found.setdefault(name, []).append(Step(transition, transition.to_state, letter))
        return {name: tuple(steps) for name, steps in found.items()}

    def keeps(self) -> Proof:
        automaton = self.declared.automaton

        def broken(node: Node) -> bool:
            state, at = node
            return at in automaton.doomed or (state in self.ends and at not in automaton.accepting)

        walk, found = self._first(broken)
        if found is not None:
            return Proof("violated", *walk.shown(found))
        ending = any(state in self.ends for state, _ in walk.before)
        if not ending and any(at not in automaton.accepting for _, at in walk.before):
            return Proof("unknowable", reason="no run of the machine ever ends")
        return Proof("holds")

    def reaches(self) -> Proof:
        walk, found = self._first(lambda node: node[1] == 1)
        if found is not None:
            return Proof("holds", *walk.shown(found))
        return Proof("violated", reason="no run leads there")

    def can_finish(self) -> Proof:
        stuck = self._stuck(guarded=True)
        walk, found = self._first(lambda node: node[0] in stuck)
        if found is not None:
            return Proof("violated", *walk.shown(found), f"from {found[0]!r} no way leads to an end")
        maybe = self._stuck(guarded=False).intersection(state for state, _ in walk.before)
        return Proof("holds", certain=not maybe)

    def _first(self, wanted: Callable[[Node], bool]) -> tuple[_Walk, Node | None]:
        """Return the nearest node that is wanted, without guards if there is one, and the walk that met it."""
        walk = _Walk(self, guarded=False)
        if (found := walk.first(wanted)) is None:
            walk = _Walk(self, guarded=True)
            found = walk.first(wanted)
        return walk, found

    def _stuck(self, *, guarded: bool) -> frozenset[str]:
        back: dict[str, list[str]] = {}
        for name, steps in self.steps.items():
            for step in steps:
                if guarded or step.transition.guard is None:
                    back.setdefault(step.to_state, []).append(name)
        ending = reached(back, self.machine.declared_finals or self.ends)
        return frozenset(self.machine.state_names).difference(ending)

    def starts(self) -> Iterator[Node]:
        for state in self.machine.entries:
            yield state, self.after(0, self.declared.letter(state=state)) if "state" in self.declared.on else 0

    def after(self, at: int, letter: frozenset[str]) -> int:
        if self.declared.rule == CAN_FINISH:
            return 0
        if self.declared.rule == REACHABLE:
            return 1 if letter else at
        return self.declared.automaton.step(at, letter)

    def onward(self, node: Node, *, guarded: bool) -> Iterator[tuple[Transition, Node]]:
        for step in self.steps.get(node[0], ()):
            if guarded or step.transition.guard is None:
                yield step.transition, (step.to_state, self.after(node[1], step.letter))


class _Walk:
    """A breadth-first walk of a product: the shortest run to each node."""

    def __init__(self, product: _Product, *, guarded: bool) -> None:
        self.product = product
        self.guarded = guarded
        self.before: dict[Node, tuple[Node, Transition] | None] = {}

    def first(self, wanted: Callable[[Node], bool]) -> Node | None:
        self.before = dict.fromkeys(self.product.starts())
        queue = deque(self.before)
        while queue:
            node = queue.popleft()
            if wanted(node):
                return node
            for transition, after in self.product.onward(node, guarded=self.guarded):
                if after not in self.before:
                    self.before[after] = (node, transition)
                    queue.append(after)
        return None

    def shown(self, node: Node) -> tuple[bool, tuple[str, ...], tuple[str, ...]]:
        """Return whether the run to a node is certain, the run, and its guards."""
        run = [node[0]]
        guards: list[str] = []
        while (came := self.before[node]) is not None:
            node, transition = came
            run += [transition.label, node[0]]
            guards += [transition.guard.text()] if transition.guard else []
        return not guards, tuple(reversed(run)), tuple(dict.fromkeys(reversed(guards)))
