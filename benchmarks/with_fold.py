"""The attributes of every aggregate at an instant by a fold in Python, event by event, JSON read by orjson."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

Rows = list[list[Any]]
Event = tuple[str, str, str, bytes]
NAME = "status"


def load(log: Path) -> list[Event]:
    """Return the events in the order of the store, their payloads as text: (aggregate, type, time, payload)."""
    events = []
    with (log / "export.ndjson").open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            payload = orjson.dumps(row["event_data"])
            events.append((str(row["aggregate_id"]), row["event_type"], row["occurred_at"], payload))
    return events


def _folded(events: list[Event], at: str) -> dict[str, dict[str, Any]]:
    lives: dict[str, dict[str, Any]] = {}
    for aggregate, kind, when, payload in events:
        if when > at:
            continue
        data = orjson.loads(payload)
        life = lives.setdefault(aggregate, {})
        if kind == "model_created":
            life.update(data.get("attributes") or {})
        elif kind == "model_updated":
            life.update(data.get("new_attributes") or {})
        elif "to_state" in data:
            life["status"] = data["to_state"]
    return lives


def attributes_at(events: list[Event], settings: dict[str, Any]) -> Rows:
    """Return the number of aggregates whose attributes are known at an instant, all written out as JSON."""
    return [["aggregates", len([orjson.dumps(life) for life in _folded(events, settings["at"]).values()])]]


def one_attribute_at(events: list[Event], settings: dict[str, Any]) -> Rows:
    """Return the number of aggregates that have one attribute at an instant: the fold has to make all."""
    return [["aggregates", len([life[NAME] for life in _folded(events, settings["at"]).values() if NAME in life])]]


QUESTIONS = {f.__name__: f for f in (attributes_at, one_attribute_at)}
