"""Which event bindings does a YAML document declare: which event concerns which models, and when?"""

from __future__ import annotations

import yaml

from workbench.machines.dialects import BINDING_KEYS
from workbench.machines.findings import Place
from workbench.machines.model import Binding
from workbench.machines.nodes import Entries, Nodes, given, shown


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
    models = nodes.names(entries, "target_models", "a target model")
    if given(entries, "event") is None:
        nodes.complain("SM004", node, "the binding has no `event`")
    targets = given(entries, "target_models")
    if targets is None or not targets.value:
        nodes.complain("SM004", node, "the binding has no `target_models`: name the models the event concerns")
    if event is None or not models:
        return None
    return Binding(
        event=event,
        target_models=models,
        conditions=nodes.names(entries, "conditions", "a condition"),
        parallel=nodes.flag(entries, "parallel", "`parallel`"),
        emitted_by=nodes.names(entries, "emitted_by", "a transition that emits the event"),
        transitions=nodes.names(entries, "transition", "a transition the event fires"),
        place=nodes.place(node),
        condition_places=_places(nodes, entries, "conditions"),
    )


def _places(nodes: Nodes, entries: Entries, key: str) -> tuple[Place, ...]:
    value = given(entries, key)
    if value is None:
        return ()
    items = value.value if isinstance(value, yaml.SequenceNode) else [value]
    return tuple(nodes.place(item) for item in items if isinstance(item, yaml.ScalarNode) and item.value)
