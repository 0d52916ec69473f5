"""Exploring: where can a machine go, by which ways, and what do all of them have in common?"""

from __future__ import annotations

from workbench.machines.exploring.ahead import Ahead, can_still_happen
from workbench.machines.exploring.dominance import bridge_states, immediate_dominators, must_pass
from workbench.machines.exploring.runs import Run, Step, shortest_paths
from workbench.machines.exploring.tours import covering_paths
from workbench.machines.exploring.wayfinding import Ways, simple_paths, ways

__all__ = [
    "Ahead",
    "Run",
    "Step",
    "Ways",
    "bridge_states",
    "can_still_happen",
    "covering_paths",
    "immediate_dominators",
    "must_pass",
    "shortest_paths",
    "simple_paths",
    "ways",
]
