"""Which event bindings does a YAML document declare: which event concerns which models, and when?"""

from __future__ import annotations

import yaml

from workbench.machines.dialects import BINDING_KEYS
from workbench.machines.findings import Place
from workbench.machines.model import Binding
from workbench.machines.nodes import Entries, Nodes, absent, shown


def read_bindings(nodes: Nodes, entries: Entries) -> list[Binding]:
    """Return the bindings at `event_bindings`; those without an event or a model are left out, with a finding."""
    if "event_bindings" not in entries:
        return []
    items = nodes.items(entries["event_bindings"].value, "`event_bindings`")
    return [binding for item in items if (binding := _binding(nodes, item))]


def _binding(nodes: Nodes, node: yaml.Node) -> Binding | None:
    if not isinstance(node, yaml.MappingNode):
        nodes.complain("SM004", node, f"a binding is a mapping with `event` and `target_models`, not {shown(node)}")
        return None
    entries = nodes.entries(node)
    nodes.only(entries, BINDING_KEYS, "a binding")
    event = nodes.optional(entries, "event", "the event of a binding")
    models = _texts(nodes, entries, "target_models", "a target model")
    if event is None and ("event" not in entries or absent(entries["event"].value)):
        nodes.complain("SM004", node, "the binding has no `event`")
    if "target_models" not in entries or not (models or _holds_something(entries)):
        nodes.complain("SM004", node, "the binding has no `target_models`: name the models the event concerns")
    if event is None or not models:
        return None
    return Binding(
        event=event,
        target_models=models,
        conditions=_texts(nodes, entries, "conditions", "a condition"),
        parallel=nodes.flag(entries, "parallel", "`parallel`"),
        emitted_by=_texts(nodes, entries, "emitted_by", "a transition that emits the event"),
        transitions=_texts(nodes, entries, "transition", "a transition the event fires"),
        place=nodes.place(node),
        condition_places=_places(nodes, entries, "conditions"),
    )


def _holds_something(entries: Entries) -> bool:
    node = entries["target_models"].value
    return bool(node.value) and not absent(node)


def _texts(nodes: Nodes, entries: Entries, key: str, what: str) -> tuple[str, ...]:
    if key not in entries or absent(entries[key].value):
        return ()
    return tuple(text for text, _ in nodes.texts(entries[key].value, what))


def _places(nodes: Nodes, entries: Entries, key: str) -> tuple[Place, ...]:
    if key not in entries or absent(entries[key].value):
        return ()
    value = entries[key].value
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    return tuple(nodes.place(item) for item in items if isinstance(item, yaml.ScalarNode) and item.value)
