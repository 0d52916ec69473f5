"""The questions as one would write them in bare DuckDB: window functions over raw events, sorted by case and order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

Rows = list[list[Any]]

TRANSITION_COUNTS = """
    WITH pairs AS (
        SELECT "case", state, lag(state) OVER life AS before,
               date_diff('microsecond', lag("time") OVER life, "time") / 1e6 AS seconds
        FROM raw WINDOW life AS (PARTITION BY "case" ORDER BY id)
    )
    SELECT before, state, count(*), median(seconds), quantile_cont(seconds, 0.9), count(DISTINCT "case")
    FROM pairs WHERE before IS NOT NULL GROUP BY ALL
"""
TIME_IN_STATE = """
    WITH stays AS (
        SELECT state, date_diff('microsecond', "time", lead("time") OVER life) / 1e6 AS seconds
        FROM raw WINDOW life AS (PARTITION BY "case" ORDER BY id)
    )
    SELECT state, count(seconds), avg(seconds), quantile_cont(seconds, [0.5, 0.9]) FROM stays GROUP BY ALL
    HAVING count(seconds) > 0
"""
VARIANTS = """
    WITH lives AS (
        SELECT string_agg(state, ' > ' ORDER BY id) AS states,
               date_diff('microsecond', min("time"), max("time")) / 1e6 AS seconds
        FROM raw GROUP BY "case"
    )
    SELECT states, count(*), median(seconds) FROM lives GROUP BY ALL
"""
STATE_DISTRIBUTION = """
    WITH last AS (SELECT arg_max(state, id) AS state FROM raw WHERE "time" <= $at GROUP BY "case")
    SELECT state, count(*) FROM last GROUP BY ALL
"""
STATES_OVER_TIME = """
    WITH stays AS (SELECT state, "time", lead("time") OVER (PARTITION BY "case" ORDER BY id) AS left_at FROM raw),
    changes AS (
        SELECT state, "time" AS instant, 1 AS change FROM stays
        UNION ALL SELECT state, left_at, -1 FROM stays WHERE left_at IS NOT NULL
    ),
    daily AS (
        SELECT state, date_trunc('day', instant - INTERVAL 1 MICROSECOND) + INTERVAL 1 DAY AS day, sum(change) AS change
        FROM changes GROUP BY ALL
    ),
    running AS (SELECT day, state, sum(change) OVER (PARTITION BY state ORDER BY day) AS aggregates FROM daily),
    grid AS (SELECT day, state FROM (SELECT unnest($days::TIMESTAMP[]) AS day), (SELECT DISTINCT state FROM daily))
    SELECT grid.day, grid.state, aggregates::BIGINT
    FROM grid ASOF JOIN running ON grid.state = running.state AND grid.day >= running.day
    WHERE aggregates > 0
"""
STEP = """
    CREATE OR REPLACE TEMP TABLE {after} AS
    SELECT "case", min_by(raw."time", raw.id) AS "time", min(raw.id) AS id, any_value(before."time") AS since
    FROM raw JOIN {before} AS before USING ("case") WHERE state = $state AND raw.id > before.id GROUP BY "case"
"""


def load(log: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection on the raw events, stored once sorted by case and order."""
    return duckdb.connect(str(log / "raw.duckdb"), read_only=True)


def _rows(con: duckdb.DuckDBPyConnection, text: str, columns: int, **values: Any) -> Rows:
    return [list(row[:columns]) for row in con.execute(text, values).fetchall()]


def transition_counts(con: duckdb.DuckDBPyConnection, _: dict[str, Any]) -> Rows:
    """Return from, to, times, median seconds before."""
    return _rows(con, TRANSITION_COUNTS, 4)


def time_in_state(con: duckdb.DuckDBPyConnection, _: dict[str, Any]) -> Rows:
    """Return state, closed stays, mean seconds."""
    return _rows(con, TIME_IN_STATE, 3)


def variants(con: duckdb.DuckDBPyConnection, _: dict[str, Any]) -> Rows:
    """Return the states of each variant and its number of aggregates."""
    return _rows(con, VARIANTS, 2)


def state_distribution(con: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> Rows:
    """Return state and aggregates at an instant."""
    return _rows(con, STATE_DISTRIBUTION, 2, at=settings["at"])


def states_over_time(con: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> Rows:
    """Return instant, state, aggregates for every day: entered less left, summed up."""
    return [[str(day), *rest] for day, *rest in _rows(con, STATES_OVER_TIME, 3, days=settings["days"])]


def funnel(con: duckdb.DuckDBPyConnection, settings: dict[str, Any]) -> Rows:
    """Return state, aggregates, median seconds since the step before."""
    con.execute(
        'CREATE OR REPLACE TEMP VIEW s0 AS SELECT DISTINCT "case", -1 AS id, NULL::TIMESTAMP AS "time" FROM raw'
    )
    rows: Rows = []
    for number, state in enumerate(settings["steps"]):
        con.execute(STEP.format(before=f"s{number}", after=f"s{number + 1}"), {"state": state})
        spans = f"SELECT count(*), median(date_diff('microsecond', since, \"time\") / 1e6) FROM s{number + 1}"
        rows += [[state, *row] for row in con.execute(spans).fetchall()]
    return rows


QUESTIONS = {
    f.__name__: f for f in (transition_counts, time_in_state, variants, state_distribution, states_over_time, funnel)
}
