"""Which keys does each Statecraft dialect know, and what does it take for granted?

The flat dialect is that of its wiki: names, lists and metadata. The package dialect is what its published loader
reads: everything under `state_machine`, states and guards and actions as single names.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.machines.model import Dialect

BINDING_KEYS = ("event", "target_models", "conditions", "parallel", "emitted_by", "transition")
GUARD_KEYS = ("and", "or", "not")
INITIAL_KEYS = ("initial_state", "initial")
OURS = ("properties", "emits", "attributes")  # keys of ours that may stand in either dialect, or beside `state_machine`


@dataclass(frozen=True)
class Grammar:
    """The keys of a dialect; `lists` tells whether states may be mappings, and `from` and actions lists."""

    dialect: Dialect
    field: str
    lists: bool
    machine_keys: tuple[str, ...]
    state_keys: tuple[str, ...]
    transition_keys: tuple[str, ...]
    unknown: str


FLAT = Grammar(
    dialect="flat",
    field="status",
    lists=True,
    machine_keys=(
        "name",
        "model",
        "initial_state",
        "initial",
        "field",
        "description",
        "config",
        "metadata",
        "states",
        "transitions",
        "properties",
        "emits",
        "attributes",
        "event_bindings",
    ),
    state_keys=("name", "description", "metadata", "final"),
    transition_keys=(
        "name",
        "from",
        "to",
        "guard",
        "guards",
        "action",
        "actions",
        "emits",
        "description",
        "metadata",
    ),
    unknown="nothing reads it",
)

PACKAGE = Grammar(
    dialect="package",
    field="state",
    lists=False,
    machine_keys=("name", "model", "initial", "field", "states", "transitions", *OURS),
    state_keys=("name", "description", "metadata", "final"),
    transition_keys=("from", "to", "guard", "action"),
    unknown="the Statecraft package drops it",
)
