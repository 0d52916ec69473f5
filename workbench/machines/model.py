"""What does a machine declare? States, an initial state and transitions, each with its place in the file."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from workbench.cards import amount, visible
from workbench.machines.findings import Place
from workbench.machines.guards import Guard

if TYPE_CHECKING:
    import networkx as nx

Dialect = Literal["flat", "package"]
NOWHERE = Place("", 1, 1)


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class State:
    """A state of a machine; `implied` when no `states` list names it."""

    name: str
    description: str | None = None
    metadata: Mapping[str, Any] = dataclasses.field(default_factory=_nothing, hash=False)
    final: bool = False
    implied: bool = False
    place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    @property
    def color(self) -> str | None:
        """Return metadata.color, or None."""
        color = self.metadata.get("color")
        return color if isinstance(color, str) else None


@dataclass(frozen=True)
class Transition:
    """A rule of a machine: from any of `from_states` to `to_state`; the package dialect gives it no name."""

    name: str | None
    from_states: tuple[str, ...]
    to_state: str
    guard: Guard | None = None
    actions: tuple[str, ...] = ()
    description: str | None = None
    metadata: Mapping[str, Any] = dataclasses.field(default_factory=_nothing, hash=False)
    wildcard: bool = False
    emits: tuple[str, ...] = ()
    place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)
    from_places: tuple[Place, ...] = dataclasses.field(default=(), compare=False, repr=False)
    to_place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)

    @property
    def label(self) -> str:
        """Return its name, or "from → to" when it has none."""
        return self.name if self.name is not None else f"{', '.join(self.from_states)} → {self.to_state}"

    @property
    def ends(self) -> tuple[tuple[str, Place], ...]:
        """Return the states it names, its from-states first, each with its place."""
        places = self.from_places or (self.place,) * len(self.from_states)
        return (*zip(self.from_states, places, strict=True), (self.to_state, self.to_place))


@dataclass(frozen=True)
class Binding:
    """An event that concerns other models: which, on what conditions.

    `emitted_by` names transitions that emit it ("Order.confirm"), `transitions` those it fires in the target models;
    without them the `emits` of the machines and the guards named after the event say so.
    """

    event: str
    target_models: tuple[str, ...]
    conditions: tuple[str, ...] = ()
    parallel: bool = False
    emitted_by: tuple[str, ...] = ()
    transitions: tuple[str, ...] = ()
    place: Place = dataclasses.field(default=NOWHERE, compare=False, repr=False)
    condition_places: tuple[Place, ...] = dataclasses.field(default=(), compare=False, repr=False)


@dataclass(frozen=True, repr=False)
class Machine:
    """A declared state machine. `initial` is empty only when a file without one was read with `strict=False`."""

    name: str
    initial: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    model: str | None = None
    field: str = "status"
    description: str | None = None
    config: Mapping[str, Any] = dataclasses.field(default_factory=_nothing, hash=False)
    properties: tuple[Mapping[str, Any], ...] = dataclasses.field(default=(), hash=False)
    emits: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=_nothing, hash=False)
    attributes: tuple[str, ...] = ()
    dialect: Dialect = "flat"
    path: str = dataclasses.field(default="", compare=False)
    place: Place = dataclasses.field(default=NOWHERE, compare=False)
    initial_place: Place = dataclasses.field(default=NOWHERE, compare=False)
    property_places: tuple[Place, ...] = dataclasses.field(default=(), compare=False, repr=False)

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """Return the machine as a frozen networkx graph; `.copy()` it to change it.

        A node is a state (final, implied, initial), an edge one from-state of one transition: its key is
        (ordinal of the transition, ordinal of the from-state), its attributes name, guard, actions, place.
        """
        from workbench.machines.graph import machine_graph

        return machine_graph(self)

    @cached_property
    def state_names(self) -> tuple[str, ...]:
        """Return the names of the states, in the order of the file."""
        return tuple(state.name for state in self.states)

    @cached_property
    def known_states(self) -> tuple[str, ...]:
        """Return the names of the states, declared or only used by a transition, in the order of the file."""
        used = (name for transition in self.transitions for name, _ in transition.ends)
        return tuple(dict.fromkeys([*self.state_names, *used]))

    @cached_property
    def _by_name(self) -> Mapping[str, State]:
        return {state.name: state for state in self.states}

    def state(self, name: str) -> State:
        """Return the state of this name, or say the nearest right name."""
        from workbench.errors import UnknownNameError

        if name not in self._by_name:
            raise UnknownNameError.of("state", name, self.state_names, where=self.name)
        return self._by_name[name]

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], tuple[Transition, ...]]:
        """Return the allowed (from_state, to_state) pairs, each with the transitions that allow it."""
        found: dict[tuple[str, str], list[Transition]] = {}
        for transition in self.transitions:
            for from_state in dict.fromkeys(transition.from_states):
                found.setdefault((from_state, transition.to_state), []).append(transition)
        return MappingProxyType({pair: tuple(transitions) for pair, transitions in found.items()})

    def allows(self, from_state: str, to_state: str) -> tuple[Transition, ...]:
        """Return the transitions that lead from one state to the other, in the order of the file."""
        return self.pairs.get((from_state, to_state), ())

    def emitted_by(self, transition: Transition) -> tuple[str, ...]:
        """Return the events a transition emits: its own, then those of its actions, each once."""
        of_actions = [event for action in transition.actions for event in self.emits.get(action, ())]
        return tuple(dict.fromkeys([*transition.emits, *of_actions]))

    @cached_property
    def finals(self) -> tuple[str, ...]:
        """Return the declared final states, or, when none is declared, the states without a way out."""
        from workbench.machines.reach import dead_ends

        return self.declared_finals or dead_ends(self)

    @cached_property
    def declared_finals(self) -> tuple[str, ...]:
        """Return the states that are declared final, in the order of the file; none where the file marks none."""
        return tuple(state.name for state in self.states if state.final)

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Return the states a life may begin in: the initial one, then those with `metadata: {entry: true}`."""
        marked = (state.name for state in self.states if state.metadata.get("entry") is True)
        return tuple(dict.fromkeys([*([self.initial] if self.initial else []), *marked]))

    @property
    def placed_properties(self) -> tuple[tuple[Mapping[str, Any], Place], ...]:
        """Return the properties, each with its place; those of a machine that was not read stand where it does."""
        places = self.property_places or (self.place,) * len(self.properties)
        return tuple(zip(self.properties, places, strict=True))

    def mermaid(self) -> str:
        """Return the machine as Mermaid text (stateDiagram-v2), safe for any name."""
        from workbench.machines.mermaid import mermaid

        return mermaid(self)

    def svg(self, *, around: str | None = None, steps: int = 2) -> str:
        """Return the machine as a drawing: one self-contained SVG element, light and dark.

        With `around` only the states so many `steps` before or after that one: a large machine in parts.
        """
        from workbench.machines.svg import machine_svg

        return machine_svg(self, around=around, steps=steps)

    def __repr__(self) -> str:
        of = f" of {self.model}" if self.model else ""
        begins = f", starts in {self.initial}" if self.initial else ", without an initial state"
        counted = f"{amount(len(self.states), 'state')}, {amount(len(self.transitions), 'transition')}"
        return visible(f"<Machine {self.name}{of}: {counted}{begins}>")

    def _repr_html_(self) -> str:
        from workbench.machines.html import machine_html

        return machine_html(self)

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Return the drawing and, for what knows no SVG or HTML, Mermaid text: never that alone, few can read it."""
        from workbench.machines.svg import drawable

        return {"image/svg+xml": self.svg(), "text/vnd.mermaid": self.mermaid()} if drawable(self) else {}
