"""Which machine, and which event bindings, does a YAML document declare?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType

import yaml

from workbench.machines.binding_nodes import read_bindings
from workbench.machines.declaration_nodes import read_emits, read_properties
from workbench.machines.dialects import FLAT, INITIAL_KEYS, OURS, PACKAGE, Grammar
from workbench.machines.findings import Place
from workbench.machines.model import Binding, Machine, State, Transition
from workbench.machines.nodes import Entries, Nodes, absent, given, shown
from workbench.machines.transition_nodes import EVERY_STATE, expanded, read_transitions

_A_MACHINE_HAS = ("initial_state", "initial", "states", "transitions")


def read_document(nodes: Nodes, root: yaml.Node) -> tuple[Machine | None, list[Binding]]:
    """Return the machine a document declares, if it does, and its event bindings."""
    nodes.machine, nodes.coerced = None, set()
    nodes.inspect(root)
    entries = nodes.entries(root)
    if "state_machine" in entries:
        nodes.only(entries, ("state_machine", "event_bindings", *OURS), "a package-dialect file")
        inner = entries["state_machine"].value
        if not isinstance(inner, yaml.MappingNode):
            nodes.complain("SM004", inner, f"`state_machine` must hold the keys of a machine, not {shown(inner)}")
            return None, []
        beside = {key: entries[key] for key in OURS if key in entries}
        return _machine(nodes, inner, PACKAGE, beside), read_bindings(nodes, entries)
    if any(key in entries for key in _A_MACHINE_HAS):
        return _machine(nodes, root, FLAT), read_bindings(nodes, entries)
    if "event_bindings" in entries:
        nodes.only(entries, ("event_bindings",), "a file of event bindings")
        return None, read_bindings(nodes, entries)
    expected = "expected name, initial_state, states and transitions, or state_machine, or event_bindings"
    nodes.complain("SM004", root, f"this is neither a machine nor event bindings: {expected}")
    return None, []


def _machine(nodes: Nodes, root: yaml.Node, grammar: Grammar, beside: Entries = MappingProxyType({})) -> Machine:
    entries = {**beside, **nodes.entries(root)}
    name = nodes.optional(entries, "name", "the name of a machine")
    nodes.machine = name
    if given(entries, "name") is None:
        nodes.complain("SM004", root, "the machine has no name: write `name: ...`")
    model = nodes.optional(entries, "model", "the model of a machine")
    if model is None and grammar is PACKAGE:
        nodes.complain("SM004", root, "the machine has no model: the Statecraft package needs `model: ...`")
    nodes.only(entries, grammar.machine_keys, "a machine", ignored=grammar.unknown)
    initial, initial_place = _initial(nodes, root, entries)
    if "states" not in entries and grammar is PACKAGE:
        nodes.complain("SM004", root, "the machine has no states: the Statecraft package needs a list of them")
    declared = _states(nodes, entries, grammar)
    transitions = read_transitions(nodes, entries, grammar)
    properties = read_properties(nodes, entries)
    states = declared or _implied(initial, initial_place, transitions)
    return Machine(
        name=name if name is not None else Path(nodes.file).stem,
        initial=initial,
        states=states,
        transitions=tuple(expanded(nodes, transition, states, grammar) for transition in transitions),
        model=model,
        field=nodes.optional(entries, "field", "the state field") or grammar.field,
        description=nodes.optional(entries, "description", "the description"),
        config=nodes.mapping(entries, "config", "`config`"),
        properties=tuple(keys for keys, _ in properties),
        emits=read_emits(nodes, entries),
        attributes=nodes.names(entries, "attributes", "the name of an attribute"),
        dialect=grammar.dialect,
        path=nodes.file,
        place=nodes.place(root),
        initial_place=initial_place,
        property_places=tuple(place for _, place in properties),
    )


def _initial(nodes: Nodes, root: yaml.Node, entries: Entries) -> tuple[str, Place]:
    said = [entries[key].value for key in INITIAL_KEYS if key in entries]
    found = [pair for node in said for pair in nodes.texts(node, "the initial state")]
    if not said:
        nodes.complain("SM101", root, "the machine does not say where it begins: write `initial_state: ...`")
    distinct = list(dict(reversed(found)).items())[::-1]
    if len(distinct) > 1:
        names = tuple(name for name, _ in distinct)
        message = f"a machine begins in one state, not in {' and '.join(map(repr, names))}"
        nodes.complain("SM102", distinct[1][1], message, subjects=names)
    return distinct[0] if distinct else ("", nodes.place(root))


def _states(nodes: Nodes, entries: Entries, grammar: Grammar) -> tuple[State, ...]:
    if "states" not in entries:
        return ()
    node = entries["states"].value
    if isinstance(node, yaml.MappingNode):
        nodes.complain("SM004", node, "`states` must be a list: write each as `- name: ...`")
        return ()
    items = nodes.items(node, "`states`")
    if not items and (absent(node) or isinstance(node, yaml.SequenceNode)):
        nodes.complain("SM004", entries["states"].key, "the list of states is empty: name them, or leave `states` out")
    found: dict[str, State] = {}
    for item in items:
        state = _state(nodes, item, grammar)
        if state is None:
            continue
        if state.name in found:
            message = f"the state {state.name!r} is declared twice, first in line {found[state.name].place.line}"
            nodes.complain("SM104", state.place, message, subjects=(state.name,))
        found.setdefault(state.name, state)
    return tuple(found.values())


def _state(nodes: Nodes, node: yaml.Node, grammar: Grammar) -> State | None:
    if not isinstance(node, yaml.MappingNode):
        name = nodes.text(node, "a state")
        return None if name is None else State(name, place=nodes.place(node))
    if not grammar.lists:
        nodes.complain("SM004", node, "the Statecraft package takes states as plain names, not as mappings")
    entries = nodes.entries(node)
    nodes.only(entries, grammar.state_keys, "a state")
    if "name" not in entries:
        nodes.complain("SM004", node, "a state needs a `name`")
        return None
    name = nodes.text(entries["name"].value, "the name of a state")
    metadata = nodes.mapping(entries, "metadata", "the metadata of a state")
    if name is None:
        return None
    final = nodes.flag(entries, "final", "`final` of a state", default=metadata.get("final") is True)
    description = nodes.optional(entries, "description", "the description of a state")
    return State(name, description, metadata, final, place=nodes.place(entries["name"].value))


def _implied(initial: str, place: Place, transitions: Iterable[Transition]) -> tuple[State, ...]:
    found = {initial: place} if initial else {}
    for transition in transitions:
        for name, where in transition.ends:
            if name != EVERY_STATE:
                found.setdefault(name, where)
    return tuple(State(name, implied=True, place=where) for name, where in found.items())
