"""The yardstick: how long does it take to read the columns a question reads, and do next to nothing with them?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

MOVES = {
    "transition_counts": "type, field, from_state, to_state, from_entered_at, entered_at, nth",
    "time_in_state": "type, field, to_state, entered_at, left_at",
    "state_distribution": "type, field, to_state, entered_at, began_at, left_at",
    "states_over_time": "type, field, from_state, to_state, entered_at, began_at, known_at",
    "funnel": "life, type, field, move, visit, to_state, entered_at",
}
COLUMNS = {
    **{question: {"moves": columns} for question, columns in MOVES.items()},
    "variants": {"lives": "type, field, path, first_at, last_at", "variants": "path, states"},
    "transition_counts_until": {"moves": MOVES["transition_counts"] + ", known_at, left_at"},
    "variants_until": {
        "moves": "life, field, move, to_state, path, known_at, left_at",
        "events": "life, effective_at",
        "lives": "life, aggregate_type, type, aggregate_id, field, first_at, first_state",
    },
}


def load(log: Path) -> duckdb.DuckDBPyConnection:
    """Return a plain connection on the stored log."""
    return duckdb.connect(str(log / "shop.duckdb"), read_only=True)


def _scan(tables: dict[str, str]) -> Any:
    def scan(con: duckdb.DuckDBPyConnection, _: dict[str, Any]) -> list[list[Any]]:
        for table, columns in tables.items():
            con.execute(f"SELECT bit_xor(hash({columns})) FROM {table}").fetchall()
        return []

    return scan


QUESTIONS = {question: _scan(tables) for question, tables in COLUMNS.items()}
