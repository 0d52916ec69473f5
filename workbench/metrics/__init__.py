"""Questions: each a function from a log (and machines) to a table, each with its SQL in `workbench/sql`."""

from workbench.metrics.actors import actor_transitions, four_eyes, handovers
from workbench.metrics.attributes import attributes_at, blame, field_history
from workbench.metrics.case.causes import Cause, why
from workbench.metrics.case.hindrances import Hindrance, why_not
from workbench.metrics.case.kinship import related
from workbench.metrics.comparisons import compare
from workbench.metrics.contrasts import compare_transitions, distinguish
from workbench.metrics.drifting import drift, snapshot_check
from workbench.metrics.durations import survival, time_in_state
from workbench.metrics.flows import flow, life_durations, rework, throughput
from workbench.metrics.journeys import funnel, funnel_lives, funnel_lost, variants
from workbench.metrics.limits import late_stays, time_limits, weighted_time
from workbench.metrics.movement import moves_over_time
from workbench.metrics.population import state_at, state_distribution, states_over_time
from workbench.metrics.present import pulse, recent_moves
from workbench.metrics.rhythm import bursts, busy_hours, dotted_chart
from workbench.metrics.rules.coverage import unused
from workbench.metrics.rules.discovery import discover
from workbench.metrics.rules.distance import alignments
from workbench.metrics.rules.keeping import holds, violations
from workbench.metrics.rules.machine_fit import conformance, off_machine
from workbench.metrics.rules.mending import repairs
from workbench.metrics.succession import eventually_follows
from workbench.metrics.traffic import transition_counts, transition_rates
from workbench.metrics.trail import audit_trail, event_types, find
from workbench.metrics.trust import quality, quality_events
from workbench.metrics.waiting import ageing, bottlenecks

__all__ = [
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
    "compare",
    "compare_transitions",
    "conformance",
    "discover",
    "distinguish",
    "dotted_chart",
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
    "moves_over_time",
    "off_machine",
    "pulse",
    "quality",
    "quality_events",
    "recent_moves",
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
    "transition_rates",
    "unused",
    "variants",
    "violations",
    "weighted_time",
    "why",
    "why_not",
]
