"""What does one event make of an aggregate's attributes?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from workbench.errors import LogError

Attributes = dict[str, Any]


@dataclass(frozen=True)
class Event:
    """One event of a life, its JSON taken apart: what a reducer is given."""

    place: int
    version: int | None
    event_type: str
    schema_version: str | None
    occurred_at: datetime
    effective_at: datetime
    actor: str | None
    data: Any
    metadata: Any
    field: str | None
    to_state: str | None
    from_recorded: str | None
    also: Mapping[str, str]
    transition: str | None
    event_id: str | None
    correlation_id: str | None
    causation_id: str | None
    import_id: int

    @property
    def moves(self) -> Mapping[str, str]:
        """State field -> state that this event put it in."""
        first = {self.field: self.to_state} if self.field is not None and self.to_state is not None else {}
        return {**first, **self.also}


Reducer = Callable[[Attributes, Event], Mapping[str, Any]]


def created(attributes: Attributes, event: Event) -> Attributes:
    """Return the attributes with those of `model_created` over them, as Eloquent's forceFill has it."""
    return {**attributes, **_object(event.data, "attributes")}


def updated(attributes: Attributes, event: Event) -> Attributes:
    """Return the attributes with the new ones of `model_updated` over them; a nested value is replaced whole."""
    return {**attributes, **_object(event.data, "new_attributes")}


def unchanged(attributes: Attributes, event: Event) -> Attributes:  # noqa: ARG001  the shape of a reducer
    """Return the attributes as they are: `state_transitioned` sets the state field and nothing else."""
    return attributes


BUILT_IN: Mapping[str, Reducer] = MappingProxyType(
    {"model_created": created, "model_updated": updated, "state_transitioned": unchanged}
)


class Reducers:
    """Which reducer takes an event: the user's, the one its mapping declares, ours, or the mapping's for the rest."""

    def __init__(self, own: Mapping[str, Reducer], declared: Mapping[int, Mapping[str, Reducer]]) -> None:
        self.own = own
        self.declared = declared

    def of(self, event: Event) -> Reducer | None:
        """Return the reducer of an event, None for a type that nobody knows."""
        declared = self.declared.get(event.import_id, {})
        for known in (self.own, declared, BUILT_IN):
            if event.event_type in known:
                return known[event.event_type]
        return declared.get("*")


def folded(events: Iterable[Event], reducers: Reducers, attributes: Attributes | None = None) -> Iterator[Attributes]:
    """Yield the attributes right after each event of a life; a snapshot counts until a `model_created` has come."""
    current = attributes or {}
    created = False
    for event in events:
        created = created or event.event_type == "model_created"
        told = current if created else {**current, **_object(event.data, "model_snapshot")}
        current = reduced(told, event, reducers)
        yield current


def reduced(attributes: Attributes, event: Event, reducers: Reducers) -> Attributes:
    """Return the attributes right after an event: its reducer's answer, then the state fields it moved.

    Raises
    ------
    LogError
        When a reducer of the user's answers with anything but a mapping.
    """
    reducer = reducers.of(event) or unchanged
    answer = reducer(copy.deepcopy(attributes) if event.event_type in reducers.own else attributes, event)
    if not isinstance(answer, Mapping):
        raise LogError(
            f"the reducer for {event.event_type!r} answered with {type(answer).__name__} at place {event.place}: "
            "it must return the attributes as a dict"
        )
    after = dict(answer)
    for field, state in event.moves.items():
        if _text(after.get(field)) != state:
            after[field] = state
    return after


def changed(before: Attributes, after: Attributes) -> dict[str, tuple[Any, Any]]:
    """Return attribute -> (old, new) where they differ as JSON, by name; None stands for absent.

    Examples
    --------
    >>> changed({"total": 1, "paid": True}, {"total": 2, "paid": True, "note": None})
    {'total': (1, 2)}
    """
    names = sorted(before.keys() | after.keys())
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: (old, new) for name, (old, new) in pairs.items() if _json(old) != _json(new)}


def _object(data: Any, key: str) -> dict[str, Any]:
    inner = data.get(key) if isinstance(data, dict) else None
    return inner if isinstance(inner, dict) else {}


def _text(value: Any) -> str | None:
    """Return a state as the log writes it: JSON strings as they are, numbers as text."""
    return value if isinstance(value, str) or value is None else _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
