"""From what does the answer to a why follow: the entry, its causes, the machine's verdict, the lives alike?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError, UnknownNameError
from workbench.metrics.attributes import field_history
from workbench.metrics.case.answers import told_at
from workbench.metrics.case.kinship import related
from workbench.metrics.rules.machine_fit import off_machine
from workbench.metrics.tracks import tracks_of
from workbench.metrics.trail import audit_trail
from workbench.sql import literal

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines, Match


@dataclass(frozen=True)
class Deed:
    """One event as an answer tells it; of one that is not in the log (`broken`) only the id is known."""

    type: str | None
    aggregate_id: str | None
    place: int | None
    event_id: str | None
    event_type: str | None = None
    occurred_at: datetime | None = None
    transition: str | None = None
    from_state: str | None = None
    to_state: str | None = None
    actor: str | None = None
    changed: Mapping[str, Any] | None = None
    context: Any = None
    correlation_id: str | None = None
    cause_id: str | None = None

    @property
    def broken(self) -> bool:
        """Whether the event is named as a cause and not in the log."""
        return self.place is None


@dataclass(frozen=True)
class Shared:
    """How many other lives of the type share the cause.

    `lives` there are; an event of the same kind (type of event, move, value) did the same to `alike` of them, of which
    the very event that caused this one caused `same_event`, the same root `same_root`, and an event of the same type
    as the cause, of the same type of aggregate, `same_kind`.
    """

    lives: int
    alike: int
    same_event: int
    same_root: int
    same_kind: int


def trigger_of(context: Any) -> str | None:
    """Return what an event's context says triggered it, and the reason given."""
    if not isinstance(context, Mapping):
        return None
    event = context.get("triggered_by_event", context.get("triggered_by"))
    if isinstance(event, Mapping):
        event = event.get("class", event.get("type", event.get("name")))
    name = event.replace("/", "\\").rsplit("\\", 1)[-1] if isinstance(event, str) and event else None
    reason = context.get("reason")
    if not isinstance(reason, str) or not reason:
        return name
    return f"{name} ({reason})" if name else reason


def type_of(life: EventLog) -> str:
    """Return the short name of the type of one life."""
    return str(life.sql("SELECT type FROM lives LIMIT 1").fetchall()[0][0])


Made = tuple[str, Any, datetime | None, int | None]  # field, value, since, place of the event


def entry(seen: EventLog, life: EventLog, whose: str, fields: Sequence[str], state: str | None) -> Made:
    """Return the latest entry of a state: the move that began it, not those that said it again."""
    if state is not None:
        seen.of(type_of(life)).known("state", state)
    moves = life.sql("SELECT field, to_state, entered_at, place, inferred FROM moves ORDER BY field, move").fetchall()
    tracks = {name: [move for move in moves if move[0] == name] for name in fields}
    having = [name for name, track in tracks.items() if any(state in (None, move[1]) for move in track)]
    if len(having) > 1:
        raise LogError(f"{whose} has several state fields: name one with field=, such as {having[0]!r}")
    if not having:
        never = "has no state" if state is None else f"has not been {state}"
        hint = "" if state is None else f": what keeps it from that is what why_not(..., to={state!r}) says"
        raise LogError(f"{whose} {never} up to {told_at(life.last)}{hint}")
    track = tracks[having[0]]
    wanted = track[-1][1] if state is None else state
    begun = [i for i, move in enumerate(track) if move[1] == wanted and (i == 0 or track[i - 1][1] != wanted)]
    name, value, since, place, inferred = track[begun[-1]]
    return name, value, since, None if inferred else place


def attribute(life: EventLog, whose: str, path: str) -> Made:
    """Return the event that gave an attribute the value it has."""
    names = [row[0] for row in life.sql("SELECT DISTINCT path FROM changes ORDER BY path").fetchall()]
    quoted = f'"{path}"' if path in names else path
    try:
        turns = field_history(life, quoted).project("new::VARCHAR, since, place").fetchall()
    except UnknownNameError:
        turns = []
    if not turns:
        raise UnknownNameError.of("attribute", path, names, where=whose)
    value, since, place = turns[-1]
    return path, None if value is None else json.loads(value), since, place or None


Key = tuple[str | None, str | None, int | str | None]


def events_of(seen: EventLog, type: str, id: str, field: str) -> dict[Key, Deed]:
    """Return the events related to an aggregate; of two moves of one event, that of the field."""
    found: dict[Key, Deed] = {}
    for row in sorted(related(seen, type, id).to_dicts(), key=lambda row: row.get("field") == field):
        names = ("type", "aggregate_id", "place", "event_id", "event_type", "occurred_at", "from_state", "to_state")
        deed = Deed(**{name: row[name] for name in names}, actor=row["actor"], cause_id=row["cause"])
        found[deed.type, deed.aggregate_id, deed.place if deed.place is not None else deed.event_id] = deed
    return found


def chain_of(event: Deed, events: Mapping[Key, Deed]) -> list[Deed]:
    """Return the event's cause, that one's cause and so on, as far as the log has them and each once."""
    by_id = {deed.event_id: deed for deed in events.values() if deed.event_id is not None}
    found: list[Deed] = []
    cause = by_id.get(event.cause_id) if event.cause_id is not None else None
    while cause is not None and cause not in found and cause != event:
        found.append(cause)
        cause = by_id.get(cause.cause_id) if cause.cause_id is not None else None
    return found


def detailed(seen: EventLog, deeds: Sequence[Deed]) -> list[Deed]:
    """Return the events with what they changed and in which context."""
    details: dict[Key, dict[str, Any]] = {}
    whole = [deed for deed in deeds if not deed.broken]
    for of_type in dict.fromkeys(str(deed.type) for deed in whole):
        mine = [deed for deed in whole if deed.type == of_type]
        table = audit_trail(seen.of(of_type, *dict.fromkeys(deed.aggregate_id for deed in mine)))
        places = ", ".join(f"({literal(deed.aggregate_id)}, {deed.place})" for deed in mine)
        for told in table.filter(f"(aggregate_id, place) IN ({places})").to_dicts():
            details[of_type, told["aggregate_id"], told["place"]] = told
    return [_with(deed, details.get((deed.type, deed.aggregate_id, deed.place))) for deed in deeds]


def _with(deed: Deed, told: Mapping[str, Any] | None) -> Deed:
    if told is None:
        return deed
    changed, context = (None if told[name] is None else json.loads(told[name]) for name in ("changed", "context"))
    moved = {} if deed.to_state is not None else {name: told[name] for name in ("from_state", "to_state")}
    named = {name: told[name] for name in ("transition", "correlation_id")}
    return replace(deed, changed=changed, context=context, **named, **moved)


def judged(
    life: EventLog, machines: Machines | None, match: Match | None, made: Made, *, is_state: bool
) -> tuple[str | None, bool | None, str]:
    """Return the machine asked, whether it allows the move, and how so."""
    if machines is None:
        return None, None, "no machine was asked"
    field, value, _, place = made
    asked = [track.machine for track in tracks_of(life, machines, match) if track.type and track.field == field]
    if not is_state:
        return None, None, "machines say nothing of attributes"
    if not asked or asked[0] is None:
        return None, None, f"no machine speaks for the {field} of this type"
    machine = asked[0]
    refused = off_machine(life, machines, match)
    where = "inferred" if place is None else f"place = {place} AND NOT inferred"
    if "field" in refused.columns:
        where += f" AND field = {literal(field)}"
    for why_not, *_ in refused.filter(where).project("why").fetchall():
        return machine.name, False, str(why_not)
    if place is None:
        return machine.name, True, f"it begins in {value}"
    left = life.sql(
        f"SELECT from_state FROM moves WHERE NOT inferred AND place = {place} AND field = {literal(field)}"
    ).fetchall()[0][0]
    by = [f"{t.label}, {f'guarded by {t.guard}' if t.guard else 'no guard'}" for t in machine.allows(left, value)]
    return machine.name, True, "; ".join(by) or f"it begins in {value}"


def origin_of(seen: EventLog, event: Deed) -> Deed | None:
    """Return the first event of an event's correlation, unless that is the event itself."""
    if event.correlation_id is None:
        return None
    names = ("type", "aggregate_id", "place", "event_id", "event_type", "occurred_at")
    rows = seen.sql(
        f"SELECT {', '.join(names)} FROM events WHERE correlation_id = {literal(event.correlation_id)} "
        "ORDER BY effective_at, global_position, aggregate_type, length(aggregate_id), aggregate_id, place LIMIT 1"
    ).fetchall()
    first = detailed(seen, [Deed(*rows[0])])[0]
    same = (first.type, first.aggregate_id, first.place) == (event.type, event.aggregate_id, event.place)
    return None if same else first


def shared_of(seen: EventLog, event: Deed, chain: Sequence[Deed], field: str, *, is_state: bool) -> Shared:
    """Return how many other lives share the cause of an event."""
    known = [deed for deed in chain if not deed.broken]
    cause = known[0] if known and chain[0] == known[0] else None
    root = known[-1] if cause else None
    counts = seen.ask(
        "causes/shared",
        life=_life(seen, event), place=event.place,
        cause_life=_life(seen, cause), cause_place=cause and cause.place,
        root_life=_life(seen, root), root_place=root and root.place,
        track=field if is_state else None, attribute=None if is_state else field.split(".", maxsplit=1)[0],
    ).fetchall()[0]  # fmt: skip
    return Shared(*counts)


def _life(seen: EventLog, deed: Deed | None) -> int | None:
    if deed is None:
        return None
    return int(seen.of(str(deed.type), deed.aggregate_id).sql("SELECT life FROM lives LIMIT 1").fetchall()[0][0])
