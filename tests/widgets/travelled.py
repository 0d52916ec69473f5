"""Logs of a few moves to travel through."""

from __future__ import annotations

import workbench as wb


def moved(*lines: tuple[int, str | None, str, str], type: str = "Order") -> wb.EventLog:
    """Return a log of moves: aggregate, from, to, time."""
    rows = [
        {
            "id": number,
            "aggregate_type": type,
            "aggregate_id": aggregate,
            "event_type": "state_transitioned",
            "event_data": {"from_state": source, "to_state": target} if source else {"to_state": target},
            "occurred_at": time,
        }
        for number, (aggregate, source, target, time) in enumerate(lines, 1)
    ]
    return wb.read_events(rows, mapping="event_store")
