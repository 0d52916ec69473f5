"""The questions as the workbench asks them, of a stored log."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import workbench as wb
from workbench.instants import instant

Rows = list[list[Any]]


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
        transition_counts_until,
        variants_until,
        replay_one,
    )
}
