"""A source that grows, line by line, and what a log has of it."""

from __future__ import annotations

import json
from pathlib import Path

import workbench as wb


def line(number: int, state: str = "paid", order: int | None = None) -> str:
    return json.dumps(
        {
            "id": number, "aggregate_type": "Order", "aggregate_id": order or number,
            "event_type": "state_transitioned", "event_data": {"from_state": "new", "to_state": state},
            "occurred_at": f"2026-01-05 10:{number // 60:02}:{number % 60:02}",
        }
    ) + "\n"  # fmt: skip


def lines(*numbers: int) -> str:
    return "".join(map(line, numbers))


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def ids(log: wb.EventLog) -> list[int]:
    return [int(row[0]) for row in log.sql("SELECT event_id FROM events ORDER BY event_id::INT").fetchall()]
