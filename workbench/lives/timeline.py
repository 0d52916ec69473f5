"""What was an aggregate right after each of its events?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from typing import Any, NamedTuple, overload

from workbench.cards import Html, amount, card, clipped, marked, table, visible
from workbench.errors import InstantError, UnknownNameError
from workbench.instants import Instant, instant

_ROWS = 200
_LONGEST = 400  # of an attribute's value


@dataclass(frozen=True)
class Moment:
    """An aggregate right after one of its events; place 0 is the stay before the first event, where it is known."""

    place: int
    version: int | None
    occurred_at: datetime
    effective_at: datetime
    event_type: str | None
    state: str | None
    attributes: dict[str, Any]
    changed: dict[str, tuple[Any, Any]]
    actor: str | None = None
    transition: str | None = None
    data: Any = None
    metadata: Any = None
    event_id: str | None = None
    states: Mapping[str, str] = field(default_factory=dict)  # by state field, where an aggregate has several

    def __repr__(self) -> str:
        number = f"place {self.place}" if self.version is None else f"version {self.version}"
        return visible(f"<Moment {number}, {self.event_type or 'before the first event'}, {self.state or 'no state'}>")

    def _repr_html_(self) -> str:
        number = f"place {self.place}" if self.version is None else f"version {self.version}"
        by = f" by {self.actor}" if self.actor is not None else ""
        said = f"{number}: {self.event_type or 'before the first event'} at {self.occurred_at} UTC{by}"
        changed = [[name, old, new] for name, (old, new) in self.changed.items()]
        attributes = [
            [marked(name) if name in self.changed else name, _short(value, _LONGEST)]
            for name, value in self.attributes.items()
        ]
        tables = (table(("changed", "from", "to"), changed), table(("attribute", "value"), attributes))
        return card(self.state or "no state", *tables, note=said)


class Change(NamedTuple):
    """One attribute that one event changed; None stands for absent."""

    place: int
    version: int | None
    occurred_at: datetime
    event_type: str | None
    attribute: str
    old: Any
    new: Any


class Opening(NamedTuple):
    """The stay in a state before its first move, which alone tells of it."""

    state: str
    since: datetime
    untold: bool  # no earlier event told the attribute of that name


class Timeline(Sequence[Moment]):
    """The moments of one life by place: `life[0]`, `life[-1]`, `life.version(3)`, `life.at("2026-02-01")`.

    `type` and `aggregate_id` say whose life it is; `unknown_types` counts the events of types without a reducer,
    which changed no attribute but the state fields they name; `opening` is the stay before the first event.
    """

    def __init__(
        self,
        type: str,
        aggregate_id: str,
        moments: Sequence[Moment],
        *,
        unknown_types: Mapping[str, int] | None = None,
        openings: Mapping[str, Opening] | None = None,
    ) -> None:
        self.type = type
        self.aggregate_id = aggregate_id
        self.unknown_types: dict[str, int] = dict(unknown_types or {})
        self._moments = tuple(moments)
        self._openings = dict(openings or {})

    @property
    def opening(self) -> Moment | None:
        """The stay that only the first move speaks of, if it began before the first event; else None."""
        first = self._moments[0]
        early = {name: opening for name, opening in self._openings.items() if opening.since < first.effective_at}
        if not early:
            return None
        states = {name: opening.state for name, opening in early.items()}
        attributes = {name: opening.state for name, opening in early.items() if opening.untold}
        since = min(opening.since for opening in early.values())
        return Moment(0, None, since, since, None, next(iter(states.values())), attributes, {}, states=states)

    @overload
    def __getitem__(self, index: int) -> Moment: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Moment, ...]: ...
    def __getitem__(self, index: int | slice) -> Moment | tuple[Moment, ...]:
        return self._moments[index]

    def __len__(self) -> int:
        return len(self._moments)

    def __iter__(self) -> Iterator[Moment]:
        return iter(self._moments)

    def at(self, t: Instant) -> Moment:
        """Return the moment that was current at an instant, it included: after the last event up to then.

        Parameters
        ----------
        t
            UTC without a zone. The clock is the effective one, which never runs back.

        Raises
        ------
        InstantError
            When `t` is no time, or earlier than anything known of this life.
        """
        when = instant(t)
        upto = [moment for moment in self._moments if moment.effective_at <= when]
        current = upto[-1] if upto else self.opening
        if current is None or when < current.effective_at:
            raise InstantError(
                f"{self._name} is not known at {when} UTC: its first event is at {self._moments[0].effective_at} UTC"
            )
        return self._opened(current, when)

    def version(self, number: int) -> Moment:
        """Return the moment of the store's version, or of the place where the store numbers none.

        Raises
        ------
        UnknownNameError
            When there is no such version; says which there are.
        """
        numbered = {m.place if m.version is None else m.version: m for m in reversed(self._moments)}
        if number not in numbered:
            kind = "place" if all(moment.version is None for moment in self._moments) else "version"
            raise UnknownNameError(
                f"{self._name} has no {kind} {number}: "
                f"there are {len(numbered)}, from {min(numbered)} to {max(numbered)}"
            )
        return numbered[number]

    def changes(self) -> tuple[Change, ...]:
        """Return every change of an attribute, in order of replay, then by attribute."""
        return tuple(
            Change(moment.place, moment.version, moment.occurred_at, moment.event_type, attribute, old, new)
            for moment in self._moments
            for attribute, (old, new) in moment.changed.items()
        )

    def _opened(self, moment: Moment, when: datetime) -> Moment:
        """Return the moment with the states that begin before their first move, without an event of their own."""
        late = {
            name: state
            for name, (state, since, _) in self._openings.items()
            if name not in moment.states and since <= when and moment.place > 0
        }
        if not late:
            return moment
        states = {**late, **moment.states}
        state = moment.state or next(iter(late.values()))
        return replace(moment, state=state, states=states)

    @property
    def _name(self) -> str:
        return f"{self.type} {self.aggregate_id}"

    def __repr__(self) -> str:
        first, last = self._moments[0], self._moments[-1]
        span = f"{first.effective_at:%Y-%m-%d %H:%M} to {last.effective_at:%Y-%m-%d %H:%M}"
        now = last.state or "without a state"
        return visible(f"<Timeline of {self._name}: {amount(len(self), 'moment')}, {span} UTC, now {now}>")

    def _repr_html_(self) -> str:
        columns = (
            "version" if self[0].version is not None else "place",
            "at (UTC)",
            "event",
            "state",
            "actor",
            "changed",
        )
        moved = table(columns, map(_row, self._moments), most=_ROWS)
        unknown = [f"{many:,} {name}" for name, many in self.unknown_types.items()]
        note = f"No reducer knows: {', '.join(unknown)}." if unknown else ""
        return card(repr(self)[1:-1], moved, note)


def _row(moment: Moment) -> list[object]:
    changes = "<br>".join(
        escape(f"{name}: {_short(new)}" if old is None else f"{name}: {_short(old)} → {_short(new)}")
        for name, (old, new) in moment.changed.items()
    )
    number = moment.place if moment.version is None else moment.version
    state = marked(moment.state) if moment.state is not None else None
    return [number, moment.occurred_at, moment.event_type, state, moment.actor, Html(changes)]


def _short(value: Any, most: int = 40) -> str:
    return clipped(json.dumps(value, ensure_ascii=False, default=str), most)
