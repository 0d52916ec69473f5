"""Small logs that tests count by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from workbench.events import EventLog, read_events

# Order 42 | pending 01-05 09:00 | confirmed 10:00 | fulfilled 01-06 10:00
# Order 43 | pending (since unknown)                | cancelled 01-05 12:00
# Order 44 | pending (its first event, a note, 01-05 07:00) | confirmed 08:00 | fulfilled by hand 01-07 08:00
# Order 45 | pending 01-05 09:30 (created_at, told by its move) | confirmed 01-06 09:30 | pending 01-07 09:30
ORDERS = """
1  42 model_created      2026-01-05T09:00 {"attributes": {"id": 42, "status": "pending", "total": 100}}
2  42 state_transitioned 2026-01-05T10:00 {"from_state": "pending", "to_state": "confirmed", "user_id": 3}
3  42 model_updated      2026-01-05T11:00 {"new_attributes": {"total": 120, "note": "pi_3Nx"}}
4  42 state_transitioned 2026-01-06T10:00 {"from_state": "confirmed", "to_state": "fulfilled", "user_id": 4}
5  43 state_transitioned 2026-01-05T12:00 {"from_state": "pending", "to_state": "cancelled", "user_id": 3}
6  44 model_updated      2026-01-05T07:00 {"new_attributes": {"total": 5}}
8  44 state_transitioned 2026-01-05T08:00 {"from_state": "pending", "to_state": "confirmed"}
9  44 model_updated      2026-01-07T08:00 {"new_attributes": {"status": "fulfilled"}, "user_id": 3}
10 45 state_transitioned 2026-01-06T09:30 {"from_state": "pending", "to_state": "confirmed", "model_snapshot": {"created_at": "2026-01-05 09:30:00"}}
11 45 state_transitioned 2026-01-07T09:30 {"from_state": "confirmed", "to_state": "pending"}
"""  # noqa: E501

Reader = Callable[..., EventLog]


def rows_of(lines: str, type: str = "App\\Models\\Order") -> list[dict[str, Any]]:
    """Return event_store rows from lines of: id, aggregate id, event type, time, event data."""
    rows = []
    for line in lines.strip().splitlines():
        number, aggregate, kind, time, data = line.split(maxsplit=4)
        rows.append(
            {
                "id": int(number),
                "aggregate_type": type,
                "aggregate_id": aggregate,
                "event_type": kind,
                "event_data": json.loads(data),
                "occurred_at": time.replace("T", " "),
            }
        )
    return rows


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Read event_store rows, or lines of them (of orders, or by type), as a log in memory."""

    def reader(source: str | dict[str, str] | list[dict[str, Any]], **options: Any) -> EventLog:
        rows = rows_of(source) if isinstance(source, str) else source
        if isinstance(rows, dict):
            rows = [row for of_type, lines in rows.items() for row in rows_of(lines, of_type)]
        export = tmp_path_factory.mktemp("export") / "export.ndjson"
        export.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return read_events(export, **{"mapping": "event_store", **options})

    return reader


@pytest.fixture(scope="session")
def orders(read: Reader) -> EventLog:
    return read(ORDERS)


@pytest.fixture(scope="session")
def shop(read: Reader) -> EventLog:
    """The orders, and payments that share a state name and an id with them."""
    payments = """
    21 42 model_created      2026-01-05T09:10 {"attributes": {"status": "pending"}}
    22 42 state_transitioned 2026-01-05T09:20 {"from_state": "pending", "to_state": "paid"}
    """
    return read([*rows_of(ORDERS), *rows_of(payments, "App\\Models\\Payment")])
