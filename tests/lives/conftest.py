"""One small order, and a reader of event_store rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from workbench.events import EventLog, read_events

Reader = Callable[..., EventLog]

ORDER = """
1 42 model_created      2026-01-05T09:00 {"attributes": {"status": "pending", "total": 100, "address": {"zip": "1", "city": "X"}}}
2 42 state_transitioned 2026-01-05T10:00 {"from_state": "pending", "to_state": "confirmed", "user_id": 3}
3 42 model_updated      2026-01-05T11:00 {"new_attributes": {"total": 120, "address": {"zip": "2"}}}
4 42 noted              2026-01-05T10:30 {"text": "called"}
5 42 state_transitioned 2026-01-06T10:00 {"from_state": "confirmed", "to_state": "fulfilled", "user_id": 4}
"""  # noqa: E501


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Read lines of: id, aggregate id, event type, time, event data; or dicts."""

    def reader(source: str | list[dict[str, Any]], **options: Any) -> EventLog:
        rows = (
            [_row(*line.split(maxsplit=4)) for line in source.strip().splitlines()]
            if isinstance(source, str)
            else source
        )
        export = tmp_path_factory.mktemp("export") / "export.ndjson"
        export.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return read_events(export, **{"mapping": "event_store", **options})

    return reader


def _row(number: str, aggregate: str, kind: str, time: str, data: str) -> dict[str, Any]:
    return {
        "id": int(number),
        "aggregate_type": "App\\Models\\Order",
        "aggregate_id": aggregate,
        "event_type": kind,
        "event_data": json.loads(data),
        "occurred_at": time.replace("T", " "),
    }


@pytest.fixture(scope="session")
def order(read: Reader) -> EventLog:
    return read(ORDER)
