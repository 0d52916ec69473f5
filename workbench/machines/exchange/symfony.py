"""Which machines does a Symfony workflow configuration declare? Those of type state_machine; nets are refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from workbench.errors import MachineError
from workbench.machines.collection import Machines
from workbench.machines.documents import compose_documents
from workbench.machines.guards import Name
from workbench.machines.model import Machine, State, Transition
from workbench.machines.nodes import Entries, Nodes, given

_SETTINGS = {"enabled"}
_PROPERTY = "status"


def is_symfony(text: str) -> bool:
    """Return whether a YAML text looks like a Symfony configuration of workflows."""
    return re.search(r"^\s*workflows:", text, re.MULTILINE) is not None and "state_machine:" not in text


def read_symfony(text: str, file: str) -> Machines:
    """Return the machines of `framework: workflows:`, each with the places of the file.

    Raises
    ------
    MachineError
        When the text is no such configuration, or a workflow is a net (`type: workflow`), in which several places
        are held at once.
    """
    documents, broken = compose_documents(text)
    if broken:
        raise MachineError(f"{file}:{broken.line}:{broken.column}: {broken.message}")
    nodes = Nodes(file)
    found = [_machine(nodes, name, node) for document in documents for name, node in _workflows(nodes, document)]
    if not found:
        raise MachineError(f"{file}: no workflow here: expected them under framework: workflows:")
    return Machines(found, (), nodes.findings)


def _workflows(nodes: Nodes, document: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    at = nodes.entries(document)
    for key in ("framework", "workflows", "workflows"):
        if key in at:
            at = nodes.entries(at[key].value)
    for name, entry in at.items():
        if isinstance(entry.value, yaml.MappingNode) and name not in _SETTINGS:
            yield name, entry.value


def _machine(nodes: Nodes, name: str, node: yaml.Node) -> Machine:
    entries = nodes.entries(node)
    kind = nodes.optional(entries, "type", "the type") or "state_machine"
    if kind != "state_machine":
        place = nodes.place(entries["type"].value)
        raise MachineError(f"{place}: {name} is of type {kind!r}, a net of several places at once, not a state_machine")
    initial = _texts(nodes, entries, "initial_marking") or _texts(nodes, entries, "initial_place")
    transitions = tuple(_transitions(nodes, entries))
    places = _places(nodes, entries)
    used = dict.fromkeys([*initial[:1], *(one for t in transitions for one, _ in t.ends)])
    states = places or tuple(State(one, implied=True) for one in used)
    store = nodes.mapping(entries, "marking_store", "the marking store")
    supports = _texts(nodes, entries, "supports")
    return Machine(
        name=name,
        initial=initial[0] if initial else states[0].name if states else "",
        states=states,
        transitions=transitions,
        model=supports[0] if supports else None,
        field=str(store.get("property", _PROPERTY)),
        config=nodes.mapping(entries, "metadata", "the metadata"),
        path=nodes.file,
        place=nodes.place(node),
    )


def _places(nodes: Nodes, entries: Entries) -> tuple[State, ...]:
    node = given(entries, "places")
    if node is None:
        return ()
    found = []
    for name, place, about in _named(nodes, node):
        metadata = nodes.mapping(about, "metadata", "the metadata of a place")
        description = metadata.get("description")
        found.append(
            State(name, description if isinstance(description, str) else None, metadata, place=nodes.place(place))
        )
    return tuple(found)


def _transitions(nodes: Nodes, entries: Entries) -> Iterator[Transition]:
    if "transitions" not in entries:
        return
    for name, node, about in _named(nodes, entries["transitions"].value):
        begins = _texts(nodes, about, "from")
        guard = nodes.optional(about, "guard", "a guard")
        for end in _texts(nodes, about, "to") if begins else ():
            yield Transition(
                name,
                begins,
                end,
                guard=None if guard is None else Name(guard),
                metadata=nodes.mapping(about, "metadata", "the metadata of a transition"),
                place=nodes.place(node),
            )


def _named(nodes: Nodes, node: yaml.Node) -> Iterator[tuple[str, yaml.Node, Entries]]:
    """Yield the name, node and keys of each item of a mapping by name, or of a list of names or of mappings."""
    if isinstance(node, yaml.MappingNode):
        for name, entry in nodes.entries(node).items():
            yield name, entry.key, nodes.entries(entry.value)
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        about: Mapping[str, Any] = nodes.entries(item)
        given = nodes.optional(about, "name", "a name") if about else nodes.text(item, "a name")
        if given is not None:
            yield given, item, about


def _texts(nodes: Nodes, entries: Entries, key: str) -> tuple[str, ...]:
    return nodes.names(entries, key, f"`{key}`")
