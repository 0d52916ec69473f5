"""The rules by theme; importing this package registers them all."""

from __future__ import annotations

from workbench.machines.registry import RULES, Rule, Rules
from workbench.machines.rules import reachability, reading, structure

__all__ = ["RULES", "Rule", "Rules", "reachability", "reading", "structure"]
