"""Charts: from the table a question answered to a plain Plotly figure that states its finding; nothing is queried."""

from workbench.figures.drawing import machine
from workbench.figures.durations import time_in_state
from workbench.figures.journeys import funnel, variants
from workbench.figures.lanes import replay
from workbench.figures.population import state_distribution, states_over_time
from workbench.figures.traffic import transition_counts
from workbench.figures.waiting import ageing, flow, survival, time_limits

__all__ = [
    "ageing",
    "flow",
    "funnel",
    "machine",
    "replay",
    "state_distribution",
    "states_over_time",
    "survival",
    "time_in_state",
    "time_limits",
    "transition_counts",
    "variants",
]
