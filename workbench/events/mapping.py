"""How do an export's columns and JSON paths become the canonical columns?

A mapping is a YAML file (`mappings/*.yaml` holds ours). `columns` says for each canonical column where its
value is: `name` of a source column, `name.key.key` inside a JSON column, `$.key` inside the `payload` column,
a list (the first that is there), or `{value: text}`. `states` says which event type means which state: a path
(`$.to_state`), `{to: path, from: path}`, or a state's name; `*` speaks for the types not named. `links` says
which values are ids of other aggregates: a column or path, and the type it names (`$.data.order_id: Order`).
`reducers` says what event types of your own do to attributes: see `declared.py`. `hand_set` lists the event types that
update attributes: where one moves the state and names no transition, the state was set by hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from workbench.errors import MappingError, UnknownNameError, did_you_mean, nearest
from workbench.events.declared import Steps, read_reducers
from workbench.instants import zone_name

CANONICAL = (
    "event_id", "global_position", "aggregate_type", "aggregate_id", "version", "event_type", "schema_version",
    "occurred_at", "recorded_at", "actor", "correlation_id", "causation_id", "data", "metadata", "field",
    "transition", "created_at", "state",
)  # fmt: skip
_KEYS = ("name", "about", "extends", "needs", "header", "payload", "zone", "columns", "state_field", "states",
         "links", "reducers", "hand_set")  # fmt: skip
_TABLES = {"columns", "states", "links", "reducers"}
_SHORT = {"case": "aggregate_id", "activity": "event_type", "time": "occurred_at", "resource": "actor",
          "type": "aggregate_type", "id": "aggregate_id"}  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One place a value may come from: a path (column first), a constant, or a segment of a class name."""

    path: tuple[str, ...] = ()
    constant: str | None = None
    namespace: bool = False


@dataclass(frozen=True)
class StateRule:
    """Which state an event type means, and the state it says it left."""

    to: tuple[Value, ...]
    from_: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Mapping:
    """How one export format becomes events."""

    name: str
    about: str = ""
    needs: tuple[tuple[str, ...], ...] = ()
    payload: str | None = None
    zone: str | None = None
    header: tuple[str, ...] = ()
    columns: Table[str, tuple[Value, ...]] = field(default_factory=dict)
    state_field: str = "status"
    states: Table[str, StateRule] = field(default_factory=dict)
    links: Table[Value, str] = field(default_factory=dict)
    reducers: Table[str, Steps] = field(default_factory=dict)
    hand_set: tuple[str, ...] = ()

    def fits(self, columns: Iterable[str]) -> bool:
        """Tell whether a source with these columns has all that the mapping needs."""
        there = set(columns)
        return bool(self.needs) and all(any(name in there for name in either) for either in self.needs)

    @property
    def is_roster(self) -> bool:
        """Tell whether this maps an application's current rows rather than events."""
        return "state" in self.columns


def mappings() -> dict[str, Mapping]:
    """Return the mappings that come with the workbench, by name."""
    return {mapping.name: mapping for mapping in _shipped()}


@cache
def _shipped() -> tuple[Mapping, ...]:
    folder = files("workbench.events").joinpath("mappings")
    texts = {
        entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".yaml")
    }
    return tuple(parse_mapping(text, where=name) for name, text in sorted(texts.items()))


def read_mapping(given: str | Path | Table[str, str] | Mapping) -> Mapping:
    """Return a mapping by name, from a YAML file, or from columns named by hand.

    Parameters
    ----------
    given
        A name of `mappings()`, a path, or `{"case": ..., "activity": ..., "time": ..., "resource": ...}`
        (`"case=id,activity=step,time=at"` on the command line).

    Raises
    ------
    UnknownNameError
        For a name that is neither a mapping nor a file.
    MappingError
        For a file that cannot be understood.
    """
    if isinstance(given, Mapping):
        return given
    if isinstance(given, Table):
        return _by_hand(given)
    known = mappings()
    if str(given) in known:
        return known[str(given)]
    if "=" in str(given):
        return _by_hand(dict(part.split("=", 1) for part in str(given).split(",") if "=" in part))
    path = Path(given)
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        try:
            return parse_mapping(path.read_text(encoding="utf-8"), where=str(path))
        except FileNotFoundError as error:
            raise UnknownNameError.of("mapping file", path, known) from error
        except (OSError, UnicodeDecodeError) as error:
            raise MappingError(f"the mapping {path} is not a text file that can be read") from error
    raise UnknownNameError.of("mapping", given, known)


def _by_hand(columns: Table[str, str]) -> Mapping:
    generic = mappings()["generic"]
    named: dict[str, tuple[Value, ...]] = dict(generic.columns)
    for short, column in columns.items():
        canonical = _SHORT.get(short, short)
        if canonical not in CANONICAL:
            raise UnknownNameError.of("column to map", short, (*CANONICAL, *_SHORT))
        named[canonical] = (Value((column,)),)
    state = named.pop("state", named["event_type"])
    needs = tuple((named[key][0].path[0],) for key in ("aggregate_id", "event_type", "occurred_at"))
    return replace(generic, name="by hand", columns=named, states={"*": StateRule(state)}, needs=needs)


def parse_mapping(text: str, *, where: str) -> Mapping:
    """Return the mapping a YAML text describes; every scalar is taken as its text."""
    try:
        # BaseLoader: an event type or a state called `on` or `12:30` stays text.
        raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  BaseLoader builds strings, lists and dicts only
    except yaml.YAMLError as error:
        raise MappingError(f"the mapping {where} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(raw, dict):
        raise MappingError(f"the mapping {where} must be a mapping of {', '.join(_KEYS)}")
    for key in raw:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS, f": expected one of {', '.join(_KEYS)}")
            raise MappingError(f"the mapping {where} has an unknown key {key!r}{hint}")
    return _build(raw, where)


def _build(raw: dict[str, Any], where: str) -> Mapping:
    _check_kinds(raw, where)
    base = read_mapping(raw["extends"]) if "extends" in raw else Mapping(name=raw.get("name", Path(where).stem))
    payload = raw.get("payload", base.payload)
    columns = dict(base.columns)
    for name, value in raw.get("columns", {}).items():
        if name not in CANONICAL:
            raise MappingError(f"the mapping {where} names {name!r}; {_nearest_column(name)}")
        columns[name] = _values(value, payload, where)
    for required in ("aggregate_id", "aggregate_type"):
        if required not in columns:
            raise MappingError(f"the mapping {where} does not say where {required!r} is")
    states = dict(base.states)
    for event_type, rule in raw.get("states", {}).items():
        states[event_type] = _rule(rule, payload, where)
    links = {
        _value(path, payload, where): _type_named(of_type, where) for path, of_type in raw.get("links", {}).items()
    }
    needs = tuple(tuple(item) if isinstance(item, list) else (item,) for item in raw.get("needs", ()))
    own = read_reducers(raw.get("reducers", {}), columns, lambda item: _value(item, payload, where), where)
    return Mapping(
        name=raw.get("name", Path(where).stem), about=raw.get("about", base.about), needs=needs or base.needs,
        payload=payload, zone=raw.get("zone", base.zone), header=tuple(raw.get("header", base.header)),
        columns=columns, state_field=raw.get("state_field", base.state_field), states=states,
        links={**base.links, **links}, reducers={**base.reducers, **own},
        hand_set=_hand_set(raw.get("hand_set", base.hand_set), where),
    )  # fmt: skip


def _check_kinds(raw: dict[str, Any], where: str) -> None:
    for key, value in raw.items():
        kind = list if key in {"needs", "header", "hand_set"} else dict if key in _TABLES else str
        if not isinstance(value, kind):
            wanted = {dict: "a mapping", list: "a list", str: "a text"}[kind]
            raise MappingError(f"the mapping {where} has {value!r} at {key!r}, where {wanted} was expected")
    if raw.get("extends") in (where, Path(where).name):
        raise MappingError(f"the mapping {where} extends itself")
    if "zone" in raw:
        zone_name(raw["zone"])


def _hand_set(given: Iterable[Any], where: str) -> tuple[str, ...]:
    for name in given:
        if not isinstance(name, str) or not name:
            raise MappingError(f"the mapping {where} has {name!r} in hand_set, where an event type was expected")
    return tuple(given)


def _nearest_column(name: str) -> str:
    near = nearest(name, CANONICAL)
    return f"did you mean {near!r}?" if near else f"the columns to map are {', '.join(CANONICAL)}"


def _rule(rule: Any, payload: str | None, where: str) -> StateRule:
    if isinstance(rule, dict):
        return StateRule(_values(rule.get("to", []), payload, where), _values(rule.get("from", []), payload, where))
    if isinstance(rule, list) or rule.startswith("$"):
        return StateRule(_values(rule, payload, where))
    return StateRule((Value(constant=rule),))


def _type_named(of_type: Any, where: str) -> str:
    if not isinstance(of_type, str) or not of_type:
        raise MappingError(f"the mapping {where} has a link to {of_type!r}, where an aggregate type was expected")
    return of_type


def _values(given: Any, payload: str | None, where: str) -> tuple[Value, ...]:
    items = given if isinstance(given, list) else [given]
    return tuple(_value(item, payload, where) for item in items)


def _value(item: Any, payload: str | None, where: str) -> Value:
    if isinstance(item, dict) and set(item) == {"value"}:
        return Value(constant=item["value"])
    if isinstance(item, dict) and set(item) == {"namespace_of"}:
        return Value(path=(item["namespace_of"],), namespace=True)
    if not isinstance(item, str) or not item:
        raise MappingError(f"the mapping {where} has {item!r} where a column, a path or {{value: text}} was expected")
    keys = [part.strip('"') for part in re.findall(r'"[^"]*"|[^.]+', item)]
    if keys[0] == "$":
        if payload is None:
            raise MappingError(f"the mapping {where} uses {item!r} but names no `payload` column")
        keys[0] = payload
    return Value(path=tuple(keys))
