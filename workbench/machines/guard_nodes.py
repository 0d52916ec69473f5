"""Which guard does a YAML node mean: a name, or names joined by and, or and not?"""

from __future__ import annotations

import yaml

from workbench.machines.dialects import GUARD_KEYS, Grammar
from workbench.machines.guards import And, Guard, Name, Not, Or
from workbench.machines.nodes import Entries, Nodes, given


def read_guard(nodes: Nodes, entries: Entries, grammar: Grammar) -> Guard | None:
    """Return the guard of a transition, from `guard` or, as an extension of the flat dialect, from `guards`."""
    parts = []
    single = given(entries, "guard")
    if single is not None:
        parts.append(_guard(nodes, single))
    several = given(entries, "guards") if "guards" in grammar.transition_keys else None
    if several is not None:
        nodes.complain("SM007", entries["guards"].key, "`guards` is read as: all of them must pass")
        items = several.value if isinstance(several, yaml.SequenceNode) else [several]
        parts.extend(_guard(nodes, item) for item in items)
    found = tuple(part for part in parts if part is not None)
    return found[0] if len(found) == 1 else And(found) if found else None


def _guard(nodes: Nodes, node: yaml.Node) -> Guard | None:
    if isinstance(node, yaml.ScalarNode):
        name = nodes.text(node, "a guard")
        return None if name is None else Name(name)
    if isinstance(node, yaml.SequenceNode):
        nodes.complain("SM004", node, "a list is no guard: write `and: [...]`, `or: [...]` or one name")
        return None
    entries = nodes.entries(node)
    nodes.only(entries, GUARD_KEYS, "a guard")
    chosen = [key for key in GUARD_KEYS if key in entries]
    if len(chosen) != 1:
        many = f"not {len(chosen)}: {' and '.join(chosen)}" if chosen else "not none"
        nodes.complain("SM004", node, f"a guard joins its parts by exactly one of and, or, not, {many}")
    if not chosen:
        return None
    value = entries[chosen[0]].value
    if chosen[0] == "not":
        part = _guard(nodes, value)
        return None if part is None else Not(part)
    parts = tuple(part for item in nodes.items(value, f"`{chosen[0]}` of a guard") if (part := _guard(nodes, item)))
    return And(parts) if chosen[0] == "and" else Or(parts)
