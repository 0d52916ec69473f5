"""Several machines together: who emits what, who listens, and which joint states that leads to."""

from __future__ import annotations

from workbench.machines.joint.behaviour import Joint, joint_behaviour
from workbench.machines.joint.exploration import Exploration, explore
from workbench.machines.joint.system import System, systems
from workbench.machines.joint.wiring import Delivery, Port, Wiring, wire

__all__ = [
    "Delivery",
    "Exploration",
    "Joint",
    "Port",
    "System",
    "Wiring",
    "explore",
    "joint_behaviour",
    "systems",
    "wire",
]
