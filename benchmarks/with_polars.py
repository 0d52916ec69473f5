"""The questions in Polars expressions, over raw events sorted by case and order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

Rows = list[list[Any]]
SECONDS = pl.col("span").dt.total_microseconds() / 1e6


def load(log: Path) -> pl.DataFrame:
    """Return the raw events sorted by case and order, as a user would prepare them once."""
    return pl.read_parquet(log / "raw.parquet").sort("case", "id").with_columns(pl.col("case").set_sorted())


def transition_counts(events: pl.DataFrame, _: dict[str, Any]) -> Rows:
    """Return from, to, times, median seconds before."""
    same = pl.col("case") == pl.col("case").shift()
    table = (
        events.lazy()
        .with_columns(before=pl.col("state").shift(), span=pl.col("time") - pl.col("time").shift(), same=same)
        .filter("same")
        .with_columns(seconds=SECONDS)
        .group_by("before", "state")
        .agg(
            times=pl.len(),
            aggregates=pl.col("case").n_unique(),
            median=pl.col("seconds").median(),
            p90=pl.col("seconds").quantile(0.9, "linear"),
        )
        .collect()
    )
    return [[row["before"], row["state"], row["times"], row["median"]] for row in table.to_dicts()]


def time_in_state(events: pl.DataFrame, _: dict[str, Any]) -> Rows:
    """Return state, closed stays, mean seconds."""
    same = pl.col("case") == pl.col("case").shift(-1)
    table = (
        events.lazy()
        .with_columns(span=pl.col("time").shift(-1) - pl.col("time"), same=same)
        .filter("same")
        .with_columns(seconds=SECONDS)
        .group_by("state")
        .agg(
            stays=pl.len(),
            mean=pl.col("seconds").mean(),
            median=pl.col("seconds").median(),
            p90=pl.col("seconds").quantile(0.9, "linear"),
        )
        .collect()
    )
    return [[row["state"], row["stays"], row["mean"]] for row in table.to_dicts()]


def variants(events: pl.DataFrame, _: dict[str, Any]) -> Rows:
    """Return the states of each variant and its number of aggregates."""
    paths = events.lazy().group_by("case").agg(path=pl.col("state").str.join(" > "))
    table = paths.group_by("path").len().collect()
    return [list(row) for row in table.rows()]


def state_distribution(events: pl.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return state and aggregates at an instant."""
    at = pl.lit(settings["at"]).str.to_datetime()
    last = events.lazy().filter(pl.col("time") <= at).group_by("case").agg(pl.col("state").last())
    return [list(row) for row in last.group_by("state").len().collect().rows()]


def states_over_time(events: pl.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return instant, state, aggregates for every day: entered less left, summed up."""
    days = pl.DataFrame({"day": settings["days"]}).select(pl.col("day").str.to_datetime()).lazy()
    same = pl.col("case") == pl.col("case").shift(-1)
    stays = events.lazy().with_columns(left=pl.when(same).then(pl.col("time").shift(-1)))
    entered = stays.select("state", day="time", change=pl.lit(1))
    left = stays.filter(pl.col("left").is_not_null()).select("state", day="left", change=pl.lit(-1))
    changes = pl.concat([entered, left]).group_by("state", "day").agg(pl.col("change").sum()).sort("day")
    running = changes.with_columns(aggregates=pl.col("change").cum_sum().over("state"))
    grid = days.join(events.lazy().select("state").unique(), how="cross").sort("day")
    table = grid.join_asof(running, on="day", by="state").filter(pl.col("aggregates") > 0)
    return [
        [str(day), state, count] for day, state, count in table.select("day", "state", "aggregates").collect().rows()
    ]


def funnel(events: pl.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return state, aggregates, median seconds since the step before."""
    rows: Rows = []
    reached = (
        events.lazy().select("case").unique().with_columns(at=pl.lit(-1, pl.Int64), since=pl.lit(None, pl.Datetime))
    )
    for state in settings["steps"]:
        later = (
            events.lazy()
            .filter(pl.col("state") == state)
            .join(reached, on="case", maintain_order="left")
            .filter(pl.col("id") > pl.col("at"))
        )
        first = later.group_by("case", maintain_order=True).agg(pl.col("id", "time", "since").first()).collect()
        spans = (first["time"] - first["since"]).dt.total_microseconds() / 1e6
        rows.append([state, len(first), spans.median()])
        reached = first.lazy().select("case", at="id", since="time")
    return rows


def eventually_follows(events: pl.DataFrame, _: dict[str, Any]) -> Rows:
    """Return from, to and how many pairs of entries: each entry joined with all later ones of its life."""
    entries = events.lazy().select("case", "state", "id")
    pairs = entries.join(entries, on="case", suffix="_after").filter(pl.col("id") < pl.col("id_after"))
    table = pairs.group_by("state", "state_after").len().collect(engine="streaming")
    return [list(row) for row in table.rows()]


def rework(events: pl.DataFrame, _: dict[str, Any]) -> Rows:
    """Return state and how many aggregates came to it more than once."""
    entries = events.lazy().group_by("state", "case").len().filter(pl.col("len") > 1)
    return [list(row) for row in entries.group_by("state").len("aggregates").collect().rows()]


def life_durations(events: pl.DataFrame, _: dict[str, Any]) -> Rows:
    """Return the number of lives: the duration of each is worked out."""
    spans = events.lazy().group_by("case").agg(span=pl.col("time").max() - pl.col("time").min())
    return [["lives", len(spans.collect())]]


def conformance(events: pl.DataFrame, settings: dict[str, Any]) -> Rows:
    """Return how many lives keep to the machine: those none of whose pairs is not allowed."""
    allowed = pl.DataFrame(settings["pairs"], schema=["before", "state"], orient="row").lazy()
    same = pl.col("case") == pl.col("case").shift()
    moves = events.lazy().with_columns(before=pl.when(same.fill_null(value=False)).then(pl.col("state").shift()))
    refused = moves.join(allowed, on=["before", "state"], how="anti", nulls_equal=True).select("case").unique()
    lives = events.lazy().select("case").unique().join(refused, on="case", how="anti")
    return [["fitting", len(lives.collect())]]


QUESTIONS = {
    f.__name__: f
    for f in (
        transition_counts,
        time_in_state,
        variants,
        state_distribution,
        states_over_time,
        funnel,
        eventually_follows,
        rework,
        life_durations,
        conformance,
    )
}
