"""What does a mapping say its own event types do to an aggregate's attributes?

    reducers:
      OrderPaid: {merge: $.payload, set: {paid_at: $.at, paid_by: {value: card}}, remove: [due]}
      "*": {merge: $.attributes}

`merge` lays an object's keys over the attributes, `set` gives one a value (where the path is there), `remove` takes
one away; in this order. `*` speaks for the types that are neither named nor known anyway. A log keeps the steps with
the import, so that SQL and the fold, now and later, read the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from workbench.errors import MappingError, did_you_mean
from workbench.sql import pointer

if TYPE_CHECKING:
    from workbench.events.mapping import Value

Step = dict[str, str]
Steps = tuple[Step, ...]
_VERBS = ("merge", "set", "remove")
_KEPT = ("data", "metadata")


def read_reducers(
    raw: Mapping[str, Any], columns: Mapping[str, tuple[Value, ...]], value: Callable[[Any], Value], where: str
) -> dict[str, Steps]:
    """Return event type -> the steps it takes; `value` reads a path as the rest of the mapping does.

    Raises
    ------
    MappingError
        For a verb that is none, and for a path into what no log keeps of an event.
    """

    def step(verb: str, item: Any, **named: str) -> Step:
        source = value(item)
        if source.constant is not None and verb == "set":
            return {"verb": verb, **named, "value": source.constant}
        place = _kept(source.path, columns)
        if place is None:
            raise MappingError(
                f"the mapping {where} reads {item!r} in a reducer; of an event a log keeps what the mapping calls "
                "data or metadata"
            )
        return {"verb": verb, **named, "column": place[0], "path": place[1]}

    found: dict[str, Steps] = {}
    for event_type, rule in raw.items():
        _check(rule, event_type, where)
        merges = rule.get("merge", [])
        steps = [step("merge", item) for item in ([merges] if isinstance(merges, str) else merges)]
        steps += [step("set", item, name=name) for name, item in rule.get("set", {}).items()]
        steps += [{"verb": "remove", "name": name} for name in rule.get("remove", [])]
        found[event_type] = tuple(steps or [{"verb": "keep"}])
    return found


def as_rows(reducers: Mapping[str, Steps]) -> list[Step]:
    """Return the steps of all types in one list, as `imports.reducers` holds them."""
    return [{"event_type": event_type, **step} for event_type, steps in reducers.items() for step in steps]


def _check(rule: Any, event_type: str, where: str) -> None:
    if not isinstance(rule, dict):
        raise MappingError(
            f"the mapping {where} has {rule!r} as the reducer of {event_type!r}, where a mapping of merge, set and "
            "remove was expected"
        )
    for verb, given in rule.items():
        if verb not in _VERBS:
            hint = did_you_mean(verb, _VERBS, f": expected {', '.join(_VERBS)}")
            raise MappingError(f"the mapping {where} has an unknown {verb!r} in the reducer of {event_type!r}{hint}")
        fits = {
            "merge": isinstance(given, str | list),
            "set": isinstance(given, dict),
            "remove": isinstance(given, list) and all(isinstance(name, str) and name for name in given),
        }
        if not fits[verb]:
            wanted = {"merge": "a path", "set": "a mapping of name to path", "remove": "a list of names"}[verb]
            raise MappingError(
                f"the mapping {where} has {given!r} at {verb!r} in the reducer of {event_type!r}, where {wanted} was "
                "expected"
            )


def _kept(path: Sequence[str], columns: Mapping[str, tuple[Value, ...]]) -> tuple[str, str] | None:
    """Return the canonical column that holds a path of the source, and the JSON pointer within it."""
    for name in _KEPT:
        for value in columns.get(name, ()):
            if value.constant == "*":  # the whole row
                return name, pointer(path)
            if value.path and tuple(path[: len(value.path)]) == value.path:
                return name, pointer(path[len(value.path) :])
    return None
