"""The questions PM4Py has calls for, on its pandas backend. AGPL: this file runs in `make bench`'s own environment."""

from __future__ import annotations

import warnings
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import pm4py
from pm4py.objects.petri_net.obj import Marking, PetriNet
from pm4py.objects.petri_net.utils import petri_utils

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


def eventually_follows(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return from, to and how many pairs of entries."""
    return [[a, b, int(n)] for (a, b), n in pm4py.discover_eventually_follows_graph(events).items()]


def rework(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return state and how many aggregates came to it more than once."""
    return [[state, int(n)] for state, n in pm4py.get_rework_cases_per_activity(events).items()]


def life_durations(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return the number of lives: the duration of each is worked out."""
    return [["lives", len(pm4py.get_all_case_durations(events))]]


def throughput(events: pd.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return how many ways from the second step to the last there are, and their mean seconds."""
    ways = pm4py.filter_between(events, settings["steps"][1], settings["steps"][-1])
    spans = ways.groupby("case:concept:name", sort=False)["time:timestamp"].agg(["min", "max"])
    return [["ways", len(spans), float((spans["max"] - spans["min"]).dt.total_seconds().mean())]]


def conformance(events: pd.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return how many lives keep to the machine, by token-based replay."""
    net, begin, end = _net(settings["pairs"])
    replayed = pm4py.conformance_diagnostics_token_based_replay(events, net, begin, end)
    return [["fitting", sum(bool(life["trace_is_fit"]) for life in replayed)]]


def _net(pairs: list[list[Any]]) -> tuple[Any, Any, Any]:
    """Return the machine as a net: a place a state, a transition a pair, named by the state it enters."""
    net = PetriNet("machine")
    states = {state for pair in pairs for state in pair if state is not None}
    places = {name: PetriNet.Place(str(name)) for name in (None, *sorted(states), "end of the net")}
    net.places.update(places.values())
    steps = [(before, after, after) for before, after in pairs]
    steps += [(state, "end of the net", None) for state in sorted(states)]
    for number, (before, after, label) in enumerate(steps):
        step = PetriNet.Transition(str(number), label)
        net.transitions.add(step)
        petri_utils.add_arc_from_to(places[before], step, net)
        petri_utils.add_arc_from_to(step, places[after], net)
    return net, Marking({places[None]: 1}), Marking({places["end of the net"]: 1})


QUESTIONS = {
    f.__name__: f
    for f in (
        transition_counts,
        transition_counts_alone,
        time_in_state,
        variants,
        eventually_follows,
        rework,
        life_durations,
        throughput,
        conformance,
    )
}
