"""The yardstick: how long does it take to read the columns a question reads, and do next to nothing with them?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

COLUMNS = {
    "transition_counts": ("moves", "type, from_state, to_state, entered_at, from_entered_at, nth"),
    "time_in_state": ("moves", "type, to_state, entered_at, left_at"),
    "variants": ("lives", "type, path, first_at, last_at"),
    "state_distribution": ("moves", "type, to_state, entered_at, left_at"),
    "states_over_time": ("moves", "type, to_state, entered_at, left_at"),
    "funnel": ("moves", "life, type, move, to_state, entered_at"),
    "transition_counts_until": ("moves", "type, from_state, to_state, entered_at, from_entered_at, nth, known_at"),
    "variants_until": ("moves", "life, type, path, known_at, left_at, began_at"),
}


def load(log: Path) -> duckdb.DuckDBPyConnection:
    """Return a plain connection on the stored log."""
    return duckdb.connect(str(log / "shop.duckdb"), read_only=True)


def _scan(table: str, columns: str) -> Any:
    def scan(con: duckdb.DuckDBPyConnection, _: dict[str, Any]) -> list[list[Any]]:
        con.execute(f"SELECT bit_xor(hash({columns})) FROM {table}").fetchall()
        return []

    return scan


QUESTIONS = {question: _scan(table, columns) for question, (table, columns) in COLUMNS.items()}
