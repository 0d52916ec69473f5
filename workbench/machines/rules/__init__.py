"""The rules by theme; importing this package registers them all."""

from __future__ import annotations

from workbench.machines.registry import RULES, Rule, Rules
from workbench.machines.rules import (
    choice,
    feasibility,
    firing,
    known,
    metadata,
    naming,
    reachability,
    reading,
    structure,
    termination,
)

__all__ = [
    "RULES",
    "Rule",
    "Rules",
    "choice",
    "feasibility",
    "firing",
    "known",
    "metadata",
    "naming",
    "reachability",
    "reading",
    "structure",
    "termination",
]
