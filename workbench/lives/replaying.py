"""What did one aggregate go through? One life read from a log and folded, event by event."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.lives.declared import declared_reducers
from workbench.lives.fold import Attributes, Event, Reducer, Reducers, changed, folded
from workbench.lives.timeline import Moment, Opening, Timeline

if TYPE_CHECKING:
    from workbench.events import EventLog

COLUMNS = (
    "place, version, event_type, schema_version, occurred_at, effective_at, actor, data::VARCHAR AS data, "
    "metadata::VARCHAR AS metadata, field, to_state, from_recorded, also, transition, event_id, correlation_id, "
    "causation_id, import_id"
)
_BEGINNINGS = "SELECT life, field, entered_at FROM moves WHERE inferred ORDER BY life, field"
_KEYS = 3  # columns before those of the event


def replay(log: EventLog, reducers: Mapping[str, Reducer] | None = None) -> Timeline:
    """Return the moments of one life: the aggregate right after each of its events.

    The fold knows three event types: `model_created` (its `attributes` are taken over), `model_updated` (its
    `new_attributes` over the others; a nested value is replaced whole) and `state_transitioned` (the state field is
    set). The state comes from what the log's mapping made of the event, whatever its type, and the attribute of
    that name follows it. Before the first move a life is in the state that move says it left. As long as no
    `model_created` has told a life's attributes, those of an event's `model_snapshot` are taken over too, before the
    event is applied. What the mapping declares of further types (`reducers:`) is applied as in SQL.

    Parameters
    ----------
    log
        One life: `log.of("Order", 42)`, or its beginning: `log.of("Order", 42).until(t)`.
    reducers
        Event type -> function (attributes, event) -> attributes, for event types of your own or in place of the
        three. It is given a copy of the attributes and an `Event` (event_type, data, metadata, occurred_at, actor,
        ...), and changes attributes only: which types move the state is the mapping's to say.

    Returns
    -------
    Timeline
        A sequence of Moments by place: place (from 1), version (the store's own or None), occurred_at, effective_at
        (UTC), event_type, state, attributes (name -> value), changed (name -> (old, new)), actor, transition, data,
        metadata, event_id, states (by state field). `.unknown_types` counts events that no reducer knows.

    Raises
    ------
    LogError
        When the log holds no event or several lives, or a reducer answers with no mapping.
    """
    _check_one_life(log)
    return next(timelines(log, reducers or {}))[1]


def timelines(log: EventLog, reducers: Mapping[str, Reducer]) -> Iterator[tuple[int, Timeline]]:
    """Yield the key and the timeline of each life of a log."""
    told = log.sql(f"SELECT life, type, aggregate_id, {COLUMNS} FROM events ORDER BY life, place")
    entered: dict[int, dict[str, datetime | None]] = {}
    for life, field, since in log.sql(_BEGINNINGS).fetchall():
        entered.setdefault(life, {})[field] = since
    known = Reducers(reducers, declared_reducers(log))
    names = told.columns[_KEYS:]
    for (life, of_type, aggregate_id), rows in groupby(told.fetchall(), key=lambda row: row[:_KEYS]):
        events = [event_of(dict(zip(names, row[_KEYS:], strict=True))) for row in rows]
        openings = _openings(events, entered.get(life, {}), Reducers({}, known.declared))
        moments = _moments(events, known, openings)
        unknown = Counter(event.event_type for event in events if known.of(event) is None)
        yield life, Timeline(of_type, aggregate_id, moments, unknown_types=unknown, openings=openings)


def _check_one_life(log: EventLog) -> None:
    rows = log.sql("SELECT DISTINCT type, aggregate_id FROM lives ORDER BY ALL LIMIT 2").fetchall()
    if not rows:
        raise LogError('replay needs the events of one life, and this log holds none: try log.of("Order", 42)')
    if len(rows) > 1:
        (of_type, aggregate_id), (other, other_id) = rows
        raise LogError(
            f"replay folds one life, and this log holds several ({of_type} {aggregate_id}, {other} {other_id}, ...): "
            f"choose one by log.of({of_type!r}, {aggregate_id!r})"
        )


def event_of(columns: Mapping[str, Any]) -> Event:
    """Return a row of `events`, its `COLUMNS` by name, with its JSON taken apart."""
    parsed = {name: None if columns[name] is None else json.loads(columns[name]) for name in ("data", "metadata")}
    also = {name: state for name, state in (columns["also"] or {}).items() if state is not None}
    return Event(**{**columns, **parsed, "also": also})


def _openings(events: list[Event], entered: Mapping[str, datetime | None], reducers: Reducers) -> dict[str, Opening]:
    """Return state field -> the stay before its first move, as that move and the log tell it."""
    found: dict[str, Opening] = {}
    seen: set[str] = set()
    told: set[str] = set()
    for event, attributes in zip(events, folded(events, reducers), strict=True):
        field = event.field
        if field is not None and event.to_state is not None and field not in seen and event.from_recorded is not None:
            since = entered.get(field) or events[0].effective_at
            found[field] = Opening(event.from_recorded, min(since, event.effective_at), field not in told)
        seen |= event.moves.keys()
        told |= attributes.keys()
    return found


def _moments(events: list[Event], reducers: Reducers, openings: Mapping[str, Opening]) -> list[Moment]:
    moments: list[Moment] = []
    before: Attributes = {field: opening.state for field, opening in openings.items() if opening.untold}
    states: dict[str, str] = {}
    for event, attributes in zip(events, folded(events, reducers, before), strict=True):
        known = {field: state for field, (state, since, _) in openings.items() if since <= event.effective_at}
        states = {**known, **states, **event.moves}
        moments.append(
            Moment(
                place=event.place,
                version=event.version,
                occurred_at=event.occurred_at,
                effective_at=event.effective_at,
                event_type=event.event_type,
                state=next(iter(states.values()), None),
                attributes=attributes,
                changed=changed(before, attributes),
                actor=event.actor,
                transition=event.transition,
                data=event.data,
                metadata=event.metadata,
                event_id=event.event_id,
                states=states,
            )
        )
        before = attributes
    return moments
