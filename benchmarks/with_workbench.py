"""The questions as the workbench asks them, of a stored log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import workbench as wb
from benchmarks.logs import MACHINE
from workbench.instants import instant

Rows = list[list[Any]]
EDITED = MACHINE.with_name("order_edited.yaml")


def load(log: Path) -> wb.EventLog:
    """Return the stored log, opened read only."""
    return wb.open_log(log / "shop.duckdb")


def _rows(relation: Any, *columns: str) -> Rows:
    names = list(relation.columns)
    return [[row[names.index(column)] for column in columns] for row in relation.fetchall()]


def transition_counts(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return from, to, times, median seconds before."""
    return _rows(wb.transition_counts(log), "from_state", "to_state", "times", "median_seconds")


def transition_counts_alone(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return from, to, times: the same question, its times are there anyway."""
    return _rows(wb.transition_counts(log), "from_state", "to_state", "times")


def time_in_state(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return state, closed stays, mean seconds."""
    rows = _rows(wb.time_in_state(log), "state", "stays", "open", "mean_seconds")
    return [[state, stays - still, mean] for state, stays, still, mean in rows if stays > still]


def variants(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return the states of each variant and its number of aggregates."""
    return [[" > ".join(states), count] for states, count in _rows(wb.variants(log), "states", "aggregates")]


def state_distribution(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return state and aggregates at an instant."""
    return _rows(wb.state_distribution(log, at=settings["at"]), "state", "aggregates")


def states_over_time(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return instant, state, aggregates for every day that the others answer for."""
    days = set(settings["days"])
    rows = _rows(wb.states_over_time(log, every="1 day"), "instant", "state", "aggregates")
    return [[str(day), state, count] for day, state, count in rows if count and str(day) in days]


def funnel(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return state, aggregates, median seconds since the step before."""
    return _rows(wb.funnel(log, settings["steps"]), "state", "aggregates", "median_seconds")


def eventually_follows(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return from, to and how many pairs of entries."""
    return _rows(wb.eventually_follows(log), "from_state", "to_state", "times")


def rework(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return state and how many aggregates came to it more than once."""
    return _rows(wb.rework(log), "state", "aggregates")


def life_durations(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return the number of lives: the durations by latest state come along."""
    rows = _rows(wb.life_durations(log, ends=settings["steps"][-1:]), "aggregates")
    return [["lives", sum(row[0] for row in rows)]]


def throughput(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return how many ways from the second step to the last there are, and their mean seconds."""
    rows = _rows(wb.throughput(log, settings["steps"][1], settings["steps"][-1]), "times", "mean_seconds")
    return [["ways", *row] for row in rows]


def conformance(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return how many lives keep to the machine."""
    return [["fitting", *row] for row in _rows(wb.conformance(log, wb.read_machines(MACHINE)), "lives_fitting")]


def what_if(log: wb.EventLog, _: dict[str, Any]) -> Rows:
    """Return the moves of all lives under the machine and under one without a way back from `returned`."""
    old = wb.read_machines(MACHINE)
    new = wb.read_machines(EDITED)
    return [[str(wb.what_if(log, new, instead_of=old).sentence)]]


def transition_counts_until(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return from, to, times of the log as it was at an instant."""
    return transition_counts_alone(log.until(settings["at"]), settings)


def variants_until(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return variants of the log as it was at an instant."""
    return variants(log.until(settings["at"]), settings)


def replay_one(log: wb.EventLog, settings: dict[str, Any]) -> Rows:
    """Return the state of one order at an instant, by the fold."""
    life = wb.replay(log.of("Order", 42))
    return [[moment.state] for moment in life if moment.effective_at <= instant(settings["at"])][-1:]


QUESTIONS = {
    f.__name__: f
    for f in (
        transition_counts,
        transition_counts_alone,
        time_in_state,
        variants,
        state_distribution,
        states_over_time,
        funnel,
        eventually_follows,
        rework,
        life_durations,
        throughput,
        conformance,
        what_if,
        transition_counts_until,
        variants_until,
        replay_one,
    )
}
