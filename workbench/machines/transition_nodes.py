"""Which transitions does a YAML document declare?"""

from __future__ import annotations

import dataclasses

import yaml

from workbench.machines.dialects import Grammar
from workbench.machines.findings import Place
from workbench.machines.guard_nodes import read_guard
from workbench.machines.model import State, Transition
from workbench.machines.nodes import Entries, Nodes, given, shown

EVERY_STATE = "*"


def read_transitions(nodes: Nodes, entries: Entries, grammar: Grammar) -> list[Transition]:
    """Return the transitions at `transitions`; those without a beginning or an end are left out, with a finding."""
    if "transitions" not in entries:
        return []
    items = nodes.items(entries["transitions"].value, "`transitions`")
    return [transition for item in items if (transition := _transition(nodes, item, grammar))]


def _transition(nodes: Nodes, node: yaml.Node, grammar: Grammar) -> Transition | None:
    if not isinstance(node, yaml.MappingNode):
        nodes.complain("SM004", node, f"a transition is a mapping with `from` and `to`, not {shown(node)}")
        return None
    entries = nodes.entries(node)
    known = grammar.transition_keys
    nodes.only(entries, known, "a transition", ignored=grammar.unknown)
    sources = _from_states(nodes, node, entries, grammar)
    target = None
    if "to" not in entries:
        nodes.complain("SM004", node, "the transition has no `to`: name the state it leads to")
    elif isinstance(entries["to"].value, yaml.SequenceNode):
        nodes.complain("SM004", entries["to"].value, "a transition leads to one state: write one transition for each")
    else:
        target = nodes.text(entries["to"].value, "`to`")
    name = nodes.optional(entries, "name", "the name of a transition")
    guard = read_guard(nodes, entries, grammar)
    actions = _actions(nodes, entries, grammar)
    if not sources or target is None:
        return None
    return Transition(
        name=name,
        from_states=tuple(state for state, _ in sources),
        to_state=target,
        guard=guard,
        actions=actions,
        description=nodes.optional(entries, "description", "the description of a transition"),
        metadata=nodes.mapping(entries, "metadata", "the metadata of a transition"),
        emits=nodes.names(entries, "emits", "an event the transition emits") if "emits" in known else (),
        place=nodes.place(node),
        from_places=tuple(place for _, place in sources),
        to_place=nodes.place(entries["to"].value),
    )


def _from_states(nodes: Nodes, node: yaml.Node, entries: Entries, grammar: Grammar) -> list[tuple[str, Place]]:
    if "from" not in entries:
        nodes.complain("SM004", node, "the transition has no `from`: name the states it begins in")
        return []
    value = entries["from"].value
    if isinstance(value, yaml.SequenceNode):
        if not grammar.lists:
            nodes.complain(
                "SM004", value, "the Statecraft package takes one state in `from`: write one transition for each"
            )
        if not value.value:
            nodes.complain("SM004", value, "`from` is an empty list: name the states the transition begins in")
    return nodes.texts(value, "`from`")


def _actions(nodes: Nodes, entries: Entries, grammar: Grammar) -> tuple[str, ...]:
    found: list[str] = []
    for key in ("action", "actions"):
        value = given(entries, key) if key in grammar.transition_keys else None
        if value is None:
            continue
        if isinstance(value, yaml.SequenceNode) and not grammar.lists:
            nodes.complain(
                "SM004", value, "the Statecraft package runs one action a transition: a list makes it run none"
            )
        if found:
            nodes.complain(
                "SM004", entries[key].key, "both `action` and `actions`: read as one list", severity="warning"
            )
        found.extend(text for text, _ in nodes.texts(value, "an action"))
    return tuple(found)


def expanded(nodes: Nodes, transition: Transition, states: tuple[State, ...], grammar: Grammar) -> Transition:
    """Return the transition with `from: '*'` written out as all states of the machine."""
    if EVERY_STATE not in transition.from_states or not grammar.lists:
        return transition
    names = tuple(state.name for state in states)
    if EVERY_STATE in names:
        return transition
    place = transition.from_places[transition.from_states.index(EVERY_STATE)]
    nodes.complain("SM007", place, f"'*' is read as every state, {transition.to_state!r} included")
    return dataclasses.replace(transition, from_states=names, from_places=(place,) * len(names), wildcard=True)
