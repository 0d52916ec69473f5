"""The questions PM4Py has calls for, on its pandas backend. AGPL: this file runs in `make bench`'s own environment."""

from __future__ import annotations

import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pm4py

Rows = list[list[Any]]
warnings.filterwarnings("ignore")


def load(log: Path) -> pd.DataFrame:
    """Return the raw events as PM4Py formats them: sorted, with its own column names."""
    events = pd.read_parquet(log / "raw.parquet").sort_values(["case", "id"], kind="stable", ignore_index=True)
    return pm4py.format_dataframe(events, case_id="case", activity_key="state", timestamp_key="time")


def transition_counts(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return from, to, times, median seconds before: the directly-follows graph and its performance twin."""
    counts, _start, _end = pm4py.discover_dfg(events)
    times, _start, _end = pm4py.discover_performance_dfg(events)
    return [[a, b, int(n), float(times[a, b]["median"])] for (a, b), n in counts.items()]


def transition_counts_alone(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return from, to, times: the directly-follows graph without any time."""
    counts, _start, _end = pm4py.discover_dfg(events)
    return [[a, b, int(n)] for (a, b), n in counts.items()]


def time_in_state(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return state, closed stays, mean seconds: its edges' means weighted by their counts (no median comes of that)."""
    counts, _start, _end = pm4py.discover_dfg(events)
    times, _start, _end = pm4py.discover_performance_dfg(events)
    stays: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    for (state, after), count in counts.items():
        stays[state] += int(count)
        seconds[state] += float(times[state, after]["sum"])
    return [[state, stays[state], seconds[state] / stays[state]] for state in stays]


def variants(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return the states of each variant and its number of aggregates."""
    return [[" > ".join(states), int(count)] for states, count in pm4py.get_variants(events).items()]


QUESTIONS = {f.__name__: f for f in (transition_counts, transition_counts_alone, time_in_state, variants)}
