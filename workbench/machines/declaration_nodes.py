"""What does a YAML document declare beyond the machine itself: its properties, emitted events and attributes?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from workbench.machines.findings import Place
from workbench.machines.nodes import Entries, Nodes, absent, shown


def read_properties(nodes: Nodes, entries: Entries) -> list[tuple[Mapping[str, Any], Place]]:
    """Return the properties as keys and values, each with its place; what is no mapping becomes a finding."""
    found: list[tuple[Mapping[str, Any], Place]] = []
    for item in nodes.items(entries["properties"].value, "`properties`") if "properties" in entries else ():
        if isinstance(item, yaml.MappingNode):
            found.append((nodes.value(item), nodes.place(item)))
        else:
            nodes.complain("SM004", item, f"a property is a mapping of keys to values, not {shown(item)}")
    return found


def read_emits(nodes: Nodes, entries: Entries) -> Mapping[str, tuple[str, ...]]:
    """Return the events each action emits, by the name of the action."""
    if "emits" not in entries or absent(entries["emits"].value):
        return MappingProxyType({})
    node = entries["emits"].value
    if not isinstance(node, yaml.MappingNode):
        nodes.complain("SM004", node, f"`emits` maps the name of an action to the events it emits, not {shown(node)}")
        return MappingProxyType({})
    return MappingProxyType(
        {
            action: tuple(text for text, _ in nodes.texts(entry.value, f"an event of {action!r}"))
            for action, entry in nodes.entries(node).items()
            if not absent(entry.value)
        }
    )


def read_attributes(nodes: Nodes, entries: Entries) -> tuple[str, ...]:
    """Return the names of the attributes the model is said to have; none, where the file does not say."""
    if "attributes" not in entries or absent(entries["attributes"].value):
        return ()
    return tuple(text for text, _ in nodes.texts(entries["attributes"].value, "the name of an attribute"))
