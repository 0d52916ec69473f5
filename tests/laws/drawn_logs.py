"""What exports do the laws hold for? Rows as dicts, in the two seeds' shapes, with all that goes wrong in stores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

import workbench as wb

Row = dict[str, Any]

START = datetime(2026, 1, 5, 9, 58)  # noqa: DTZ001  the log's own clock is UTC without a zone
TYPES = ("App\\Models\\Order", "Shop\\Order", "App\\Models\\Payment")  # two of them share a short name
IDS = ("1", "2", "10", "x'y")
STATES = ("a", "b", "c")
SLOTS = 12  # the instants that events fall on; few, so that many are equal
KINDS = ("moved", "moved", "moved", "created", "set", "updated", "noted")
_ORDINARY = 40  # draws of a property that says no number, outside of a soak
TUSK_KINDS = ("OrderCreated", "PaymentProcessed", "OrderCancelled", "Noted")


def few(examples: int) -> settings:
    """Settings of a law, each of whose examples reads logs: so many of them, and in a soak twice as many."""
    soaked = settings().max_examples > _ORDINARY
    return settings(max_examples=2 * examples if soaked else examples)


@dataclass(frozen=True)
class Export:
    """Rows in the pieces they arrive in, and how to read them."""

    mapping: str
    pieces: tuple[tuple[Row, ...], ...]
    tick: timedelta  # between two slots
    state_field: dict[str, list[str]] | None = None

    @property
    def rows(self) -> list[Row]:
        return [row for piece in self.pieces for row in piece]

    def read(self, *pieces: tuple[Row, ...] | list[Row]) -> wb.EventLog:
        """Return the log of some rows, or of all pieces one after the other."""
        first, *later = pieces or self.pieces
        log = wb.read_events(list(first), mapping=self.mapping, state_field=self.state_field)
        for piece in later:
            log.add(list(piece), mapping=self.mapping, state_field=self.state_field)
        return log

    def instant(self, slot: float) -> datetime:
        return START + slot * self.tick


def slots() -> st.SearchStrategy[float]:
    """Instants of a log: on its events, between them, before and after them all."""
    return st.integers(0, 2 * SLOTS + 3).map(lambda half: (half + SLOTS) % (2 * SLOTS + 4) / 2 - 0.5)


def exports(*, conflicts: bool = True) -> st.SearchStrategy[Export]:
    """Exports of both shapes; `conflicts` lets rows come again with the same identity and other content."""
    return st.one_of(event_store(conflicts=conflicts), tusk_events(conflicts=conflicts))


def _lives(events: st.SearchStrategy[Any]) -> st.SearchStrategy[list[tuple[str, str, list[Any]]]]:
    life = st.tuples(st.sampled_from(TYPES), st.sampled_from(IDS), st.lists(events, min_size=2, max_size=7))
    return st.lists(life, min_size=2, max_size=5, unique_by=lambda one: one[:2])


@st.composite
def event_store(draw: st.DrawFn, *, conflicts: bool = True, only_transitions: bool | None = None) -> Export:
    """The seeds' `event_store`: with ids, without, or with some; one state field or two; all events or moves only."""
    bare = draw(st.booleans()) if only_transitions is None else only_transitions
    ids = draw(st.sampled_from(("none", "all", "all", "some")))
    event = st.tuples(
        st.just("moved") if bare else st.sampled_from(KINDS),
        st.sampled_from(STATES),
        st.sampled_from((*STATES, 7)),
        st.integers(0, SLOTS),
        st.one_of(st.none(), st.integers(-2, SLOTS)),
        st.booleans(),
    )
    tick = timedelta(seconds=draw(st.sampled_from((1, 40, 25_000))))
    two_fields = draw(st.booleans())
    sensible = draw(st.booleans())  # each move leaves the state the one before entered; clocks run on, slowly
    rows = []
    for aggregate_type, aggregate_id, events in draw(_lives(event)):
        state: str | int = "a"
        passed = 0
        for number, (kind, drawn_source, target, drawn_slot, created, with_extras) in enumerate(events):
            passed += drawn_slot % 4 == 0
            source, slot = (state, passed) if sensible else (drawn_source, drawn_slot)
            state = target if kind in {"moved", "created", "set"} else state
            data = _event_data(kind, source, target, two_fields=two_fields)
            if created is not None:
                data["model_snapshot"] = {"created_at": _text(START + created * tick)}
            if with_extras:
                data |= {"user_id": 3, "context": {"correlation_id": "k-1", "causation_id": str(source)}}
            if ids == "some":  # a row without an id is the same event as an equal one with an id
                data["n"] = number
            rows.append(
                {
                    "aggregate_type": aggregate_type,
                    "aggregate_id": aggregate_id,
                    "event_type": _EVENT_TYPES[kind],
                    "event_data": data,
                    "occurred_at": _text(START + slot * tick),
                }
            )
    numbered = [
        row if ids == "none" or (ids == "some" and number % 3 == 0) else {"id": number + number // 4, **row}
        for number, row in enumerate(draw(st.permutations(rows)), 1)
    ]
    pieces = draw(_arriving(numbered, conflicts=conflicts))
    fields = {"Order": ["status", "payment"]} if two_fields else None
    return Export("event_store", pieces, tick, fields)


_EVENT_TYPES = {
    "moved": "state_transitioned",
    "created": "model_created",
    "set": "model_updated",
    "updated": "model_updated",
    "noted": "note_written",
}


def _event_data(kind: str, source: str | int, target: str | int, *, two_fields: bool) -> Row:
    second = {"payment": source} if two_fields else {}
    if kind == "moved":
        return {"from_state": source, "to_state": target}
    if kind == "created":
        return {"attributes": {"status": target, "total": 10, "order_id": 1 + (source == "b"), **second}}
    if kind == "set":
        return {"new_attributes": {"status": target}}
    if kind == "updated":
        return {"new_attributes": {"total": 1.10, "note": source, "order_id": 10, **second}}
    return {"text": f"about {source}"}


@st.composite
def tusk_events(draw: st.DrawFn, *, conflicts: bool = True) -> Export:
    """The second seed's `events`: versions order a life, and clocks run backward; some lives have no versions."""
    event = st.tuples(st.sampled_from(TUSK_KINDS), st.sampled_from(STATES), st.integers(0, SLOTS), st.integers(1, 2))
    tick = timedelta(seconds=draw(st.sampled_from((1, 40, 25_000))))
    rows = []
    for number, (aggregate_type, aggregate_id, events) in enumerate(draw(_lives(event))):
        versioned = draw(st.integers(0, 3)) > 0
        version = 0
        for kind, state, slot, step in events:
            version += step
            data = {"status": state} if kind == "OrderCreated" else {"text": state, "life": number}
            rows.append(
                {
                    "aggregate_id": aggregate_id,
                    "aggregate_type": aggregate_type,
                    "event_type": kind,
                    "event_data": {"event_type": kind, "data": data, "metadata": {"user_id": state}},
                    "version": version if versioned else None,
                    "occurred_on": _text(START + slot * tick),
                }
            )
    pieces = draw(_arriving(draw(st.permutations(rows)), conflicts=conflicts))
    return Export("tusk_events", pieces, tick)


@st.composite
def _arriving(draw: st.DrawFn, rows: list[Row], *, conflicts: bool) -> tuple[tuple[Row, ...], ...]:
    """One to three pieces; the later ones also hold some rows again, and changed ones of the same identity."""
    cuts = sorted(draw(st.lists(st.integers(1, len(rows)), max_size=2)))
    pieces = [rows[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    again = draw(st.lists(st.sampled_from(rows), max_size=2))
    if conflicts and draw(st.booleans()):
        again += [row | {"event_type": "changed"} for row in draw(st.lists(st.sampled_from(rows), max_size=1))]
    pieces[-1] = [*pieces[-1], *again]
    return tuple(tuple(piece) for piece in pieces if piece)


def _text(when: datetime) -> str:
    return when.isoformat(sep=" ")
