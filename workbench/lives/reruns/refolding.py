"""What would the attributes of changed lives be?"""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from workbench.lives.declared import declared_reducers
from workbench.lives.fold import Attributes, Event, Reducers, changed, folded
from workbench.lives.replaying import COLUMNS, event_of
from workbench.lives.reruns.changes import ImaginedLife, Told
from workbench.sql import literal

if TYPE_CHECKING:
    from workbench.events import EventLog

ATTRIBUTES = {"type": "VARCHAR", "aggregate_id": "VARCHAR", "attribute": "VARCHAR", "before": "JSON", "after": "JSON"}


def attributes(log: EventLog, lives: Sequence[ImaginedLife]) -> list[dict[str, Any]]:
    """Return each attribute that would be another at the end of a life; state fields aside, which machines decide."""
    recorded = _recorded(log, [life.life for life in lives])
    reducers = Reducers({}, declared_reducers(log))
    return [
        {"type": life.type, "aggregate_id": life.aggregate_id, "attribute": name, "before": old, "after": new}
        for life in lives
        for name, (old, new) in _differences(life, recorded[life.life], reducers).items()
    ]


def _differences(life: ImaginedLife, recorded: Sequence[Event], reducers: Reducers) -> dict[str, tuple[Any, Any]]:
    by_place = {event.place: event for event in recorded}
    imagined = [_as_told(entry.now, by_place) for entry in life.entries if entry.now is not None]
    fields = {name for event in (*recorded, *imagined) for name in (event.field, *event.also)}
    differences = changed(_folded(recorded, reducers), _folded(imagined, reducers))
    return {name: pair for name, pair in differences.items() if name not in fields}


def _as_told(told: Told, recorded: dict[int, Event]) -> Event:
    """Return an event as it is imagined: the recorded one at another time or with another move, or one of our own."""
    move: dict[str, Any] = {"transition": told.transition, "field": told.field, "to_state": told.to_state}
    if told.place is not None:
        return dataclasses.replace(recorded[told.place], effective_at=told.at, **move)
    unknown: dict[str, Any] = dict.fromkeys(field.name for field in dataclasses.fields(Event))
    known = {"place": 0, "event_type": told.event_type, "occurred_at": told.at, "effective_at": told.at, "also": {}}
    return Event(**{**unknown, **known, **move})


def _folded(events: Sequence[Event], reducers: Reducers) -> Attributes:
    return deque(folded(events, reducers), maxlen=1).pop() if events else {}


def _recorded(log: EventLog, lives: Iterable[int]) -> dict[int, list[Event]]:
    which = literal(json.dumps(sorted(lives)))
    told = log.sql(
        f"SELECT life, {COLUMNS} FROM events WHERE life IN (SELECT unnest(from_json({which}, '[\"BIGINT\"]'))) "
        "ORDER BY life, place"
    )
    found: dict[int, list[Event]] = defaultdict(list)
    for row in told.fetchall():
        found[row[0]].append(event_of(dict(zip(told.columns[1:], row[1:], strict=True))))
    return found
