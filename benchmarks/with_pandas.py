"""The questions by hand in pandas, over raw events sorted by case and order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

Rows = list[list[Any]]


def load(log: Path) -> pd.DataFrame:
    """Return the raw events sorted by case and order, as a user would prepare them once."""
    return pd.read_parquet(log / "raw.parquet").sort_values(["case", "id"], kind="stable", ignore_index=True)


def transition_counts(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return from, to, times, median seconds before."""
    by_case = events.groupby("case", sort=False)
    before = by_case["state"].shift()
    seconds = (events["time"] - by_case["time"].shift()).dt.total_seconds()
    pairs = pd.DataFrame({"from": before, "to": events["state"], "case": events["case"], "seconds": seconds})
    pairs = pairs.dropna(subset=["from"])
    table = pairs.groupby(["from", "to"]).agg(
        times=("seconds", "size"),
        aggregates=("case", "nunique"),
        median=("seconds", "median"),
        p90=("seconds", lambda s: s.quantile(0.9)),
    )
    return [
        [a, b, int(row.times), float(row.median)] for (a, b), row in zip(table.index, table.itertuples(), strict=True)
    ]


def time_in_state(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return state, closed stays, mean seconds."""
    seconds = (events.groupby("case", sort=False)["time"].shift(-1) - events["time"]).dt.total_seconds()
    stays = pd.DataFrame({"state": events["state"], "seconds": seconds})
    table = stays.groupby("state")["seconds"].agg(["count", "mean", "median", lambda s: s.quantile(0.9)])
    return [
        [state, int(row[0]), float(row[1])] for state, row in zip(table.index, table.to_numpy(), strict=True) if row[0]
    ]


def variants(events: pd.DataFrame, _: dict[str, Any]) -> Rows:
    """Return the states of each variant and its number of aggregates."""
    paths = events.groupby("case", sort=False)["state"].agg(" > ".join)
    return [[path, int(count)] for path, count in paths.value_counts().items()]


def state_distribution(events: pd.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return state and aggregates at an instant."""
    known = events[events["time"] <= pd.Timestamp(settings["at"])]
    last = known.groupby("case", sort=False).tail(1)
    return [[state, int(count)] for state, count in last["state"].value_counts().items()]


def funnel(events: pd.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return state, aggregates, median seconds since the step before."""
    rows: Rows = []
    reached = pd.DataFrame({"case": events["case"].unique(), "id": -1, "time": pd.NaT})
    for state in settings["steps"]:
        later = events[events["state"] == state].merge(reached, on="case", suffixes=("", "_before"))
        later = later[later["id"] > later["id_before"]].drop_duplicates("case")
        seconds = (later["time"] - later["time_before"]).dt.total_seconds().median()
        rows.append([state, len(later), None if pd.isna(seconds) else float(seconds)])
        reached = later[["case", "id", "time"]]
    return rows


QUESTIONS = {f.__name__: f for f in (transition_counts, time_in_state, variants, state_distribution, funnel)}
