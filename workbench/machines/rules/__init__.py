"""The rules by theme; importing this package registers them all."""

from __future__ import annotations

from workbench.machines.registry import RULES, Rule, Rules
from workbench.machines.rules import (
    bindings,
    choice,
    feasibility,
    firing,
    history,
    joint_states,
    known,
    metadata,
    naming,
    promises,
    reachability,
    reading,
    structure,
    termination,
    together,
)

__all__ = [
    "RULES",
    "Rule",
    "Rules",
    "bindings",
    "choice",
    "feasibility",
    "firing",
    "history",
    "joint_states",
    "known",
    "metadata",
    "naming",
    "promises",
    "reachability",
    "reading",
    "structure",
    "termination",
    "together",
]
