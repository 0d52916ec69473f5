"""What if some events had not happened, or others had, or at another time?"""

from __future__ import annotations

import dataclasses
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError, UnknownNameError
from workbench.events.conditions import met
from workbench.instants import Instant, instant
from workbench.lives.reruns.steps import Step, Track
from workbench.lives.reruns.tallies import Pair
from workbench.sql import literal

if TYPE_CHECKING:
    from workbench.events import EventLog

Drop = str | int | Iterable[str | int]
_AN_ID = re.compile(r"[\w:.-]+")
_EDITABLE = ("transition", "to_state")
_INSERTED = ("type", "aggregate_id", "at", "transition", "to_state", "field")
_COLUMNS = (
    "life, type, aggregate_type, aggregate_id, place, event_id, effective_at, event_type, transition, field, to_state, "
    "from_recorded, also, (import_id, event_type) IN (SELECT import_id, unnest(hand_set) FROM imports) AS updates"
)


@dataclass(frozen=True)
class Changes:
    """Events to leave out, to imagine, to see otherwise, or to put at another time."""

    drop: Drop = ()
    insert: tuple[Mapping[str, Any], ...] = ()
    edit: Mapping[Any, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    move: Mapping[Any, Instant] = dataclasses.field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.drop or self.drop == 0 or self.insert or self.edit or self.move)


@dataclass(frozen=True)
class ChangedLife:
    """A life (a track of it) as it was and as it is imagined; each pair with its place and its instant."""

    life: int
    track: Track
    aggregate_id: str
    pairs: tuple[Pair, ...]
    places: tuple[int | None, ...]
    times: tuple[datetime, ...]


@dataclass(frozen=True)
class Told:
    """What one event says of the state fields of its aggregate."""

    life: int
    type: str
    aggregate_type: str
    aggregate_id: str
    place: int | None
    event_id: str | None
    at: datetime
    event_type: str
    transition: str | None
    field: str | None
    to_state: str | None
    from_recorded: str | None = None
    also: Mapping[str, str | None] = dataclasses.field(default_factory=dict)
    updates: bool = False

    def says(self, of_field: str) -> str | None:
        """Return the state the event put a field in."""
        return self.to_state if self.field == of_field else (self.also or {}).get(of_field)

    def step(self, of_field: str, before: str | None) -> Step | None:
        """Return the move of a field that was in a state before."""
        to = self.says(of_field)
        if to is None and not (self.field == of_field and self.place is None):
            return None
        repeats = to == before and self.transition is None and self.updates
        return Step(self.transition, to, repeats)


@dataclass(frozen=True)
class Entry:
    """An event as it was and as it is imagined; one of both may be missing."""

    at: datetime
    was: Told | None
    now: Told | None


@dataclass(frozen=True)
class ImaginedLife:
    """The events of a life as they were and as they are imagined, in order."""

    life: int
    type: str
    aggregate_id: str
    entries: tuple[Entry, ...]

    @property
    def tracks(self) -> list[ChangedLife]:
        """Return its moves, track by track."""
        return list(_tracks(self.entries))


def imagined_lives(log: EventLog, changes: Changes) -> list[ImaginedLife]:
    """Return the lives that the changes touch.

    Raises
    ------
    UnknownNameError, LogError
        For an event, an aggregate or a key that is not there.
    """
    dropped = {(event.life, event.place) for event in _dropped(log, changes.drop)}
    edited = {(e.life, e.place): _edited(e, told) for e, told in _named(log, changes.edit)}
    moved = {(e.life, e.place): dataclasses.replace(e, at=instant(when)) for e, when in _named(log, changes.move)}
    imagined = [_imagined(log, told) for told in changes.insert]
    lives = {life for life, _ in (*dropped, *edited, *moved)} | {event.life for event in imagined}
    found: list[ImaginedLife] = []
    for life, events in _events_of(log, lives).items():
        entries = [_entry(event, dropped, edited, moved) for event in events]
        for key, event in moved.items():
            if key[0] == life and key not in dropped:
                _put(entries, dataclasses.replace(edited.get(key, event), at=event.at))
        for event in imagined:
            if event.life == life:
                _put(entries, event)
        found.append(ImaginedLife(life, events[0].type, events[0].aggregate_id, tuple(entries)))
    return found


def _entry(event: Told, dropped: set[Any], edited: Mapping[Any, Told], moved: Mapping[Any, Told]) -> Entry:
    key = (event.life, event.place)
    return Entry(event.at, event, None if key in dropped or key in moved else edited.get(key, event))


def _put(entries: list[Entry], event: Told) -> None:
    """Put an event after all that happened up to its instant."""
    place = max((place + 1 for place, entry in enumerate(entries) if entry.at <= event.at), default=0)
    entries.insert(place, Entry(event.at, None, event))


def _tracks(entries: Sequence[Entry]) -> Iterator[ChangedLife]:
    events = [event for entry in entries for event in (entry.was, entry.now) if event is not None]
    fields = dict.fromkeys(name for event in events for name in (event.field, *(event.also or {})) if name is not None)
    whose = events[0]
    for name in fields:
        pairs = [*_beginnings(entries, name), *_pairs(entries, name)]
        told = [(pair, entry) for pair, entry in pairs if pair != (None, None)]
        if told:
            yield ChangedLife(
                whose.life,
                Track(whose.type, whose.aggregate_type, name),
                whose.aggregate_id,
                tuple(pair for pair, _ in told),
                tuple(entry.was.place if entry.was else None for _, entry in told),
                tuple(entry.at for _, entry in told),
            )


def _pairs(entries: Sequence[Entry], name: str) -> Iterator[tuple[Pair, Entry]]:
    states: list[str | None] = [None, None]
    for entry in entries:
        steps = [event.step(name, states[side]) if event else None for side, event in enumerate((entry.was, entry.now))]
        states = [step.to_state if step else state for step, state in zip(steps, states, strict=True)]
        yield (steps[0], steps[1]), entry


def _beginnings(entries: Sequence[Entry], name: str) -> Iterator[tuple[Pair, Entry]]:
    """Return the state that each side's first move says it left."""
    firsts = []
    for side in ("was", "now"):
        events = [getattr(entry, side) for entry in entries]
        first = next((event for event in events if event and event.says(name) is not None), None)
        recorded = first.from_recorded if first is not None and first.field == name else None
        firsts.append(None if recorded is None else Step(None, recorded))
    yield (firsts[0], firsts[1]), entries[0]


def _events_of(log: EventLog, lives: Iterable[int]) -> dict[int, list[Told]]:
    which = f"life IN (SELECT unnest(from_json({literal(json.dumps(sorted(lives)))}, '[\"BIGINT\"]')))"
    found: dict[int, list[Told]] = defaultdict(list)
    for event in _read(log, which):
        found[event.life].append(event)
    return found


def _read(log: EventLog, which: str) -> list[Told]:
    return [
        Told(*row)
        for row in log.sql(f"SELECT {_COLUMNS} FROM events WHERE ({which}\n) ORDER BY life, place").fetchall()
    ]


def _dropped(log: EventLog, drop: Drop) -> list[Told]:
    """Return the events to leave out: by their ids, or by a condition on `events`."""
    if isinstance(drop, str) and not _AN_ID.fullmatch(drop):
        met(log, drop, "events")
        found = _read(log, drop)
        if not found:
            raise LogError(f"no event meets drop={drop!r}")
        return found
    if not isinstance(drop, str | int | Iterable):
        raise LogError(f"drop takes event ids or a condition on events, not {drop!r}")
    ids = [drop] if isinstance(drop, str | int) else list(drop)
    return [event for event, _ in _named(log, dict.fromkeys(ids))]


def _named(log: EventLog, told: Mapping[Any, Any]) -> list[tuple[Told, Any]]:
    """Return the event of each id, with what is told of it."""
    if not isinstance(told, Mapping):
        raise LogError(f"edit and move take dicts by event id, not {type(told).__name__}")
    if not told:
        return []
    wanted = {str(one): value for one, value in told.items()}
    ids = literal(json.dumps(list(wanted)))
    found = _read(log, f"event_id IN (SELECT unnest(from_json({ids}, '[\"VARCHAR\"]')))")
    by_id: dict[str, Told] = {}
    for event in found:
        name = str(event.event_id)
        if name in by_id:
            raise LogError(f"several events bear the id {name!r}: ask about a part, such as log.of({event.type!r})")
        by_id[name] = event
    for name in wanted:
        if name not in by_id:
            known = [
                str(row[0])
                for row in log.sql("SELECT event_id FROM events WHERE event_id IS NOT NULL LIMIT 1000").fetchall()
            ]
            raise UnknownNameError.of("event", name, known)
    return [(by_id[name], value) for name, value in wanted.items()]


def _edited(event: Told, told: Mapping[str, Any]) -> Told:
    _known("edit", told, _EDITABLE)
    if event.field is None and told.get("to_state") is not None:
        raise LogError(f"event {event.event_id} states no state that could be edited: insert a move instead")
    return dataclasses.replace(event, **told)


def _imagined(log: EventLog, told: Mapping[str, Any]) -> Told:
    _known("insert", told, _INSERTED)
    if missing := [name for name in _INSERTED[:3] if told.get(name) is None]:
        raise LogError(f"insert needs {' and '.join(missing)}: which aggregate, and when")
    if told.get("transition") is None and told.get("to_state") is None:
        raise LogError("insert needs a transition, a to_state or both: what happened")
    one = log.of(str(told["type"]), told["aggregate_id"])
    rows = one.sql("SELECT life, type, aggregate_type, aggregate_id, field FROM lives ORDER BY field").fetchall()
    fields = [row[4] for row in rows if row[4] is not None]
    name = told.get("field", fields[0] if len(fields) == 1 else None)
    if name is None:
        known = f" ({', '.join(fields)})" if fields else ""
        raise LogError(f"insert needs field: which state field of {told['type']} {told['aggregate_id']} moves{known}")
    if fields and name not in fields:
        raise UnknownNameError.of("state field", name, fields, where="insert (field)")
    life, of_type, full, aggregate_id, _ = rows[0]
    at, transition, to_state = instant(told["at"]), told.get("transition"), told.get("to_state")
    return Told(life, of_type, full, aggregate_id, None, None, at, "inserted", transition, name, to_state)


def _known(argument: str, told: Mapping[str, Any], names: Iterable[str]) -> None:
    if not isinstance(told, Mapping):
        raise LogError(f"{argument} takes dicts of {', '.join(names)}, not {type(told).__name__}")
    for name in told:
        if name not in names:
            raise UnknownNameError.of("key", name, names, where=argument)
