"""What is appended to the orders while a dashboard looks at them, and what it shows of them then."""

from __future__ import annotations

import json
from pathlib import Path

import workbench as wb


def moved(order: str, number: int, state: str, at: str) -> str:
    row = {
        "id": number, "aggregate_type": "Order", "aggregate_id": order, "event_type": "state_transitioned",
        "event_data": {"from_state": "pending", "to_state": state}, "occurred_at": f"2026-01-05 {at}",
    }  # fmt: skip
    return json.dumps(row) + "\n"


def append(path: Path, *lines: str) -> None:
    with path.open("a") as file:
        file.write("".join(lines))


def states(view: wb.widgets.Live) -> dict[str, tuple[int, int]]:
    rows = view.data()["states"][["state", "aggregates", "change"]].to_numpy().tolist()
    return {state: (number, change) for state, number, change in rows}
