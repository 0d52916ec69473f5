"""What do the reducers that a mapping declares make of an event? They are steps, kept with the import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.lives.fold import Attributes, Event, Reducer

if TYPE_CHECKING:
    from workbench.events import EventLog

_ABSENT = object()
Step = Mapping[str, str]


def declared_reducers(log: EventLog) -> dict[int, dict[str, Reducer]]:
    """Return import -> event type -> reducer, as the mappings of the log's imports declare them."""
    rows = log.sql("SELECT import_id, reducers::VARCHAR FROM imports WHERE reducers IS NOT NULL").fetchall()
    found: dict[int, dict[str, Reducer]] = {}
    for import_id, text in rows:
        steps: dict[str, list[Step]] = {}
        for step in json.loads(text):
            steps.setdefault(step["event_type"], []).append(step)
        found[import_id] = {event_type: _reducer(several) for event_type, several in steps.items()}
    return found


def _reducer(steps: Sequence[Step]) -> Reducer:
    def reduce(attributes: Attributes, event: Event) -> Attributes:
        after = dict(attributes)
        for step in steps:
            _take(step, event, after)
        return after

    return reduce


def _take(step: Step, event: Event, after: Attributes) -> None:
    if step["verb"] == "keep":
        return
    if step["verb"] == "remove":
        after.pop(step["name"], None)
        return
    value = step["value"] if "value" in step else _at(event, step)
    if step["verb"] == "set" and value is not _ABSENT:
        after[step["name"]] = value
    elif step["verb"] == "merge" and isinstance(value, dict):
        after.update(value)


def _at(event: Event, step: Step) -> Any:
    value: Any = event.metadata if step["column"] == "metadata" else event.data
    for key in step["path"].split("/")[1:]:
        name = key.replace("~1", "/").replace("~0", "~")
        if isinstance(value, dict) and name in value:
            value = value[name]
        elif isinstance(value, list) and name.isdecimal() and int(name) < len(value):
            value = value[int(name)]
        else:
            return _ABSENT
    return _ABSENT if value is None and not step["path"] else value
