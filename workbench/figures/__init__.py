"""Charts: from the table a question answered to a plain Plotly figure that states its finding; nothing is queried."""

from workbench.figures.comparing import compare_transitions, distinguish
from workbench.figures.contents import event_types, quality
from workbench.figures.curves import survival
from workbench.figures.dots import dotted_chart
from workbench.figures.drawing import machine
from workbench.figures.durations import life_durations, throughput, time_in_state
from workbench.figures.fitness import conformance, drift, holds, off_machine, snapshot_check
from workbench.figures.journeys import funnel, variants
from workbench.figures.lanes import replay
from workbench.figures.loads import bottlenecks, weighted_time
from workbench.figures.oversight import four_eyes, unused, violations
from workbench.figures.population import state_distribution, states_over_time, what_if
from workbench.figures.rates import flow, transition_rates
from workbench.figures.rhythm import actor_transitions, bursts, busy_hours, handovers
from workbench.figures.streams import alignments, funnel_lost, sankey
from workbench.figures.theme import safe_colors
from workbench.figures.traffic import eventually_follows, transition_counts
from workbench.figures.waiting import ageing, late_stays, rework, time_limits

__all__ = [
    "actor_transitions",
    "ageing",
    "alignments",
    "bottlenecks",
    "bursts",
    "busy_hours",
    "compare_transitions",
    "conformance",
    "distinguish",
    "dotted_chart",
    "drift",
    "event_types",
    "eventually_follows",
    "flow",
    "four_eyes",
    "funnel",
    "funnel_lost",
    "handovers",
    "holds",
    "late_stays",
    "life_durations",
    "machine",
    "off_machine",
    "quality",
    "replay",
    "rework",
    "safe_colors",
    "sankey",
    "snapshot_check",
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
    "what_if",
]
