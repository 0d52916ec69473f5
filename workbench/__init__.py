"""What did an event-sourced, state-machine-driven application do? Every public name, each loaded on first use.

>>> import workbench as wb
>>> wb.__version__
'0.1.0'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from workbench import figures, widgets
    from workbench.errors import (
        InstantError,
        LogError,
        MachineError,
        MappingError,
        SourceError,
        UnknownNameError,
        WorkbenchError,
    )
    from workbench.events import EventLog, ImportReport, open_log, read_events
    from workbench.lives import Moment, Timeline, replay
    from workbench.lives.reruns import Diff, Profile, WhatIf, diff, profile, read_profile, what_if
    from workbench.machines import Finding, Findings, Machine, Machines, check, read_machines
    from workbench.metrics import (
        Cause,
        Hindrance,
        actor_transitions,
        ageing,
        alignments,
        attributes_at,
        audit_trail,
        blame,
        bottlenecks,
        bursts,
        busy_hours,
        conformance,
        discover,
        distinguish,
        drift,
        event_types,
        eventually_follows,
        field_history,
        find,
        flow,
        four_eyes,
        funnel,
        funnel_lives,
        funnel_lost,
        handovers,
        holds,
        late_stays,
        life_durations,
        off_machine,
        quality,
        related,
        repairs,
        rework,
        snapshot_check,
        state_at,
        state_distribution,
        states_over_time,
        survival,
        throughput,
        time_in_state,
        time_limits,
        transition_counts,
        unused,
        variants,
        violations,
        weighted_time,
        why,
        why_not,
    )
    from workbench.simulation import simulate

__version__ = "0.1.0"

__all__ = [
    "Cause",
    "Diff",
    "EventLog",
    "Finding",
    "Findings",
    "Hindrance",
    "ImportReport",
    "InstantError",
    "LogError",
    "Machine",
    "MachineError",
    "Machines",
    "MappingError",
    "Moment",
    "Profile",
    "SourceError",
    "Timeline",
    "UnknownNameError",
    "WhatIf",
    "WorkbenchError",
    "__version__",
    "actor_transitions",
    "ageing",
    "alignments",
    "attributes_at",
    "audit_trail",
    "blame",
    "bottlenecks",
    "bursts",
    "busy_hours",
    "check",
    "conformance",
    "diff",
    "discover",
    "distinguish",
    "drift",
    "event_types",
    "eventually_follows",
    "field_history",
    "figures",
    "find",
    "flow",
    "four_eyes",
    "funnel",
    "funnel_lives",
    "funnel_lost",
    "handovers",
    "holds",
    "late_stays",
    "life_durations",
    "off_machine",
    "open_log",
    "profile",
    "quality",
    "read_events",
    "read_machines",
    "read_profile",
    "related",
    "repairs",
    "replay",
    "rework",
    "simulate",
    "snapshot_check",
    "state_at",
    "state_distribution",
    "states_over_time",
    "survival",
    "throughput",
    "time_in_state",
    "time_limits",
    "transition_counts",
    "unused",
    "variants",
    "violations",
    "weighted_time",
    "what_if",
    "why",
    "why_not",
    "widgets",
]

_ROOMS = {
    "errors": (
        "InstantError",
        "LogError",
        "MachineError",
        "MappingError",
        "SourceError",
        "UnknownNameError",
        "WorkbenchError",
    ),
    "events": ("EventLog", "ImportReport", "open_log", "read_events"),
    "lives": ("Moment", "Timeline", "replay"),
    "lives.reruns": ("Diff", "Profile", "WhatIf", "diff", "profile", "read_profile", "what_if"),
    "machines": ("Finding", "Findings", "Machine", "Machines", "check", "read_machines"),
    "metrics": (
        "Cause",
        "Hindrance",
        "actor_transitions",
        "ageing",
        "alignments",
        "attributes_at",
        "audit_trail",
        "blame",
        "bottlenecks",
        "bursts",
        "busy_hours",
        "conformance",
        "discover",
        "distinguish",
        "drift",
        "event_types",
        "eventually_follows",
        "field_history",
        "find",
        "flow",
        "four_eyes",
        "funnel",
        "funnel_lives",
        "funnel_lost",
        "handovers",
        "holds",
        "late_stays",
        "life_durations",
        "off_machine",
        "quality",
        "related",
        "repairs",
        "rework",
        "snapshot_check",
        "state_at",
        "state_distribution",
        "states_over_time",
        "survival",
        "throughput",
        "time_in_state",
        "time_limits",
        "transition_counts",
        "unused",
        "variants",
        "violations",
        "weighted_time",
        "why",
        "why_not",
    ),
    "simulation": ("simulate",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in {"figures", "widgets"}:
        return import_module(f"workbench.{name}")
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'workbench' has no attribute {name!r}", name=name, obj=import_module("workbench"))
    value = getattr(import_module(f"workbench.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
