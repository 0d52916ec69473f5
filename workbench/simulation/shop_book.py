"""What does one shop write into its event store, row by row, and which row caused which?

A story tells lives; the book keeps their rows, numbers them as an auto-increment would, and writes them out.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from statistics import NormalDist
from typing import Any

HOUR, DAY = 3600, 86400
OPENS, CLOSES = 9 * HOUR, 17 * HOUR
_SATURDAY = 5
_GOLDEN = (math.sqrt(5) - 1) / 2


def seconds(text: str) -> int:
    """Return the seconds since 1970 of a UTC time such as "2026-01-05 09:00:00"."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def clock(at: int) -> str:
    """Return the UTC text of an instant, as MySQL prints it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S")


def stamp(at: int) -> str:
    """Return the UTC text of an instant, as Laravel's JSON prints it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def office(at: int, rng: Random) -> int:
    """Return the instant itself within office hours, else one early in the next."""
    while (at // DAY + 3) % 7 >= _SATURDAY or at % DAY >= CLOSES:
        at = (at // DAY + 1) * DAY
    return at if at % DAY >= OPENS else at // DAY * DAY + OPENS + int(rng.random() * 2 * HOUR)


def long_wait(median: float, spread: float, share: float) -> int:
    """Return the lognormal seconds below which this share of all waits lies."""
    return max(3, round(median * math.exp(spread * NormalDist().inv_cdf(min(0.999, max(0.001, share))))))


def spread_evenly(number: int) -> float:
    """Return the number-th of a sequence that fills 0 to 1 evenly, whatever its length."""
    return (number * _GOLDEN) % 1


def chance(*parts: object) -> Random:
    """Return a source of chance of its own for each of the shop's lives, so that none disturbs another."""
    return Random("/".join(map(str, parts)))  # noqa: S311  a story, not a secret


def code(*parts: object) -> str:
    """Return sixteen hexadecimal digits that stand for the parts."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:16]


@dataclass(eq=False)
class Row:
    """One row of the event store; `number` is its id once the book is closed."""

    at: int
    life: Life
    event_type: str
    data: dict[str, Any]
    cause: Row | None
    number: int = 0

    def text(self) -> str:
        """Return event_data as JSON text, with the id of the row that caused it."""
        causation = str(self.cause.number) if self.cause else None
        context = {**self.data.get("context", {}), "correlation_id": self.life.matter, "causation_id": causation}
        return json.dumps({**self.data, "context": context}, separators=(",", ":"))

    def columns(self) -> dict[str, Any]:
        """Return the row as the table has it."""
        return {
            "id": self.number,
            "aggregate_type": self.life.aggregate_type,
            "aggregate_id": self.life.id,
            "event_type": self.event_type,
            "event_data": self.text(),
            "occurred_at": clock(self.at),
        }


@dataclass(eq=False)
class Book:
    """The rows of one shop up to the instant of its export."""

    end: int
    hole_at: int
    hole: int
    rows: list[Row] = field(default_factory=list)

    def close(self) -> list[Row]:
        """Return the rows in the order of their ids, which skip the hole."""
        self.rows = sorted((row for row in self.rows if row.at <= self.end), key=lambda row: row.at)
        for number, row in enumerate(self.rows, 1):
            row.number = number if number < self.hole_at else number + self.hole
        return self.rows


@dataclass(eq=False)
class Life:
    """One aggregate as its application sees it: attributes, state, and the rows it writes."""

    book: Book
    type: str
    id: int
    matter: str
    attributes: dict[str, Any]
    last: int = 0

    @property
    def aggregate_type(self) -> str:
        """Return the class of the model."""
        return f"App\\Models\\{self.type}"

    @property
    def state(self) -> str:
        """Return the state it is in now."""
        return str(self.attributes["status"])

    def create(self, at: int, state: str, cause: Row | None = None) -> Row:
        """Begin the life in this state."""
        self.attributes = {"id": self.id, "status": state, **self.attributes}
        self.attributes |= {"created_at": stamp(at), "updated_at": stamp(at)}
        return self._write(at, "model_created", {"attributes": dict(self.attributes)}, cause)

    def move(
        self,
        at: int,
        state: str,
        trigger: tuple[str, dict[str, Any]] | None = None,
        cause: Row | None = None,
        user: int | None = None,
        **context: Any,
    ) -> Row:
        """Take a transition into this state: by the event that triggered it, or by a person."""
        before, at = self.state, max(at, self.last + 1)
        self.attributes |= {"status": state, "updated_at": stamp(at)}
        data: dict[str, Any] = {"from_state": before, "to_state": state, "context": context}
        if trigger:
            data["context"] = {"triggered_by_event": {"class": f"App\\Events\\{trigger[0]}", **trigger[1]}, **context}
        data |= {"user_id": user, "timestamp": stamp(at), "model_snapshot": dict(self.attributes)}
        return self._write(at, "state_transitioned", data, cause)

    def update(self, at: int, changes: dict[str, Any], cause: Row | None = None, user: int | None = None) -> Row:
        """Change attributes; the state too when it is among them, as a hand in the database would."""
        at = max(at, self.last + 1)
        old = {name: self.attributes.get(name) for name in changes}
        self.attributes |= {**changes, "updated_at": stamp(at)}
        data = {"new_attributes": {**changes, "updated_at": stamp(at)}, "old_attributes": old, "user_id": user}
        return self._write(at, "model_updated", data, cause)

    def _write(self, at: int, event_type: str, data: dict[str, Any], cause: Row | None) -> Row:
        row = Row(at, self, event_type, data, cause)
        self.last = at
        self.book.rows.append(row)
        return row
