"""The attributes of every aggregate at an instant by a fold in Python, event by event, JSON read by orjson."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

Rows = list[list[Any]]
NAME = "status"


@dataclass
class Events:
    """The events up to the instant in the order of the store, their payloads one after the other as text."""

    aggregates: list[str]
    kinds: list[str]
    payloads: bytearray
    ends: array[int]


def load(log: Path) -> Events:
    """Return what the fold reads: no object is made of a payload, else five million take all memory."""
    at = orjson.loads((log / "settings.json").read_bytes())["at"]
    aggregates, kinds, payloads, ends = [], [], bytearray(), array("Q")
    names: dict[str, str] = {}
    with (log / "export.ndjson").open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            if row["occurred_at"] <= at:
                aggregate, kind = str(row["aggregate_id"]), row["event_type"]
                aggregates.append(names.setdefault(aggregate, aggregate))
                kinds.append(names.setdefault(kind, kind))
                payloads += orjson.dumps(row["event_data"])
                ends.append(len(payloads))
    return Events(aggregates, kinds, payloads, ends)


def _folded(events: Events) -> dict[str, dict[str, Any]]:
    lives: dict[str, dict[str, Any]] = {}
    payloads, start = memoryview(events.payloads), 0
    for aggregate, kind, end in zip(events.aggregates, events.kinds, events.ends, strict=True):
        data = orjson.loads(payloads[start:end])
        start = end
        life = lives.setdefault(aggregate, {})
        if kind == "model_created":
            life.update(data.get("attributes") or {})
        elif kind == "model_updated":
            life.update(data.get("new_attributes") or {})
        elif "to_state" in data:
            life["status"] = data["to_state"]
    return lives


def attributes_at(events: Events, _: dict[str, Any]) -> Rows:
    """Return the number of aggregates whose attributes are known at an instant, all written out as JSON."""
    return [["aggregates", len([orjson.dumps(life) for life in _folded(events).values()])]]


def one_attribute_at(events: Events, _: dict[str, Any]) -> Rows:
    """Return the number of aggregates that have one attribute at an instant: the fold has to make all."""
    return [["aggregates", len([life[NAME] for life in _folded(events).values() if NAME in life])]]


QUESTIONS = {f.__name__: f for f in (attributes_at, one_attribute_at)}
