"""What does a YAML document declare beyond the machine itself: its properties and emitted events?"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from workbench.machines.findings import Place
from workbench.machines.nodes import Entries, Nodes, absent, given, shown


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
    node = given(entries, "emits")
    if node is None:
        return MappingProxyType({})
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
