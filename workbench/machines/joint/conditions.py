"""Which models and fields does a condition of a binding read, and which of them is nobody's?"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.errors import did_you_mean
from workbench.machines.cel_text import cel_fault, field_paths
from workbench.machines.collection import Machines
from workbench.machines.model import Binding, Machine
from workbench.machines.names import short_name, snake_case

OF_THE_EVENT = ("event", "data", "metadata", "context", "attributes", "model")
OF_ANY_MODEL = ("id", "created_at", "updated_at")


def faults(machines: Machines, binding: Binding) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with the conditions of a binding: the ordinal of one, the name at fault, and a sentence."""
    models = variables(machines, binding)
    for ordinal, text in enumerate(binding.conditions):
        if (fault := cel_fault(text)) is not None:
            yield ordinal, text, f"the condition is no CEL expression: {fault}"
            continue
        for path in field_paths(text):
            if path[0] not in models and path[0] not in OF_THE_EVENT:
                hint = did_you_mean(path[0], dict.fromkeys(name for name in models if name == name.lower()))
                yield ordinal, path[0], f"the condition {text!r} reads {path[0]!r}, which is no model{hint}"
            elif len(path) > 1 and (machine := models.get(path[0])) and machine.attributes:
                known = (*machine.attributes, machine.field, *OF_ANY_MODEL)
                if path[1] not in known:
                    name = f"{path[0]}.{path[1]}"
                    message = f"the condition {text!r} reads {name!r}, but {machine.model} has no attribute {path[1]!r}"
                    yield ordinal, name, message + did_you_mean(path[1], dict.fromkeys(known))


def variables(machines: Machines, binding: Binding) -> dict[str, Machine | None]:
    """Return the names a condition may give a model, each with its machine where there is one."""
    found: dict[str, Machine | None] = {}
    for model in binding.target_models:
        found.update(dict.fromkeys((snake_case(model), short_name(model))))
    for machine in machines.values():
        if machine.model:
            found.update(dict.fromkeys((snake_case(machine.model), short_name(machine.model)), machine))
    return found
