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
from collections.abc import Hashable, Iterable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from yaml.error import MarkedYAMLError

from workbench.errors import InstantError, MappingError, UnknownNameError, did_you_mean, nearest
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
_LISTS = {"needs": "a column or a list of columns", "header": "a column's name", "hand_set": "an event type"}
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


def read_mapping(given: str | Path | Table[str, str] | Mapping, *, above: tuple[str, ...] = ()) -> Mapping:
    """Return a mapping by name, from a YAML file, or from columns named by hand.

    Parameters
    ----------
    given
        A name of `mappings()`, a path, or `{"case": ..., "activity": ..., "time": ..., "resource": ...}`
        (`"case=id,activity=step,time=at"` on the command line).
    above
        The mapping files that extend this one.

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
            return parse_mapping(path.read_text(encoding="utf-8"), where=str(path), above=above)
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


class _Texts(yaml.BaseLoader):
    """Builds texts, lists and dicts only, so that a state called `on` or `12:30` stays text; each key once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        found = super().construct_mapping(node, deep)
        if len(found) < len(node.value):
            keys = [key.value for key, _ in node.value]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise MarkedYAMLError(problem=f"the key {twice!r} stands twice", problem_mark=node.start_mark)
        return found


def parse_mapping(text: str, *, where: str, above: tuple[str, ...] = ()) -> Mapping:
    """Return the mapping a YAML text describes; every scalar is taken as its text."""
    try:
        raw = yaml.load(text, Loader=_Texts)  # noqa: S506  it builds nothing but texts, lists and dicts
    except (yaml.YAMLError, RecursionError) as error:
        raise MappingError(f"the mapping {where} cannot be read: {_fault(error)}") from error
    if not isinstance(raw, dict):
        raise MappingError(f"the mapping {where} must be a mapping of {', '.join(_KEYS)}")
    for key in raw:
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS, f": expected one of {', '.join(_KEYS)}")
            raise MappingError(f"the mapping {where} has an unknown key {key!r}{hint}")
    return _build(raw, where, (*above, where))


def _fault(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return "it is nested too deeply" if isinstance(error, RecursionError) else " ".join(str(error).split())
    return f"{getattr(error, 'problem', 'a mistake')} (line {mark.line + 1}, column {mark.column + 1})"


def _build(raw: dict[str, Any], where: str, above: tuple[str, ...]) -> Mapping:
    _check_kinds(raw, where, above)
    own = Mapping(name=raw.get("name", Path(where).stem))
    base = read_mapping(raw["extends"], above=above) if "extends" in raw else own
    payload = raw.get("payload", base.payload)
    columns = dict(base.columns)
    for name, value in raw.get("columns", {}).items():
        if name not in CANONICAL:
            raise MappingError(f"the mapping {where} names {name!r}; {_nearest_column(name)}")
        columns[name] = _values(value, payload, where)
    for required in ("aggregate_id", "aggregate_type", *(() if "state" in columns else ("event_type", "occurred_at"))):
        if not columns.get(required):
            raise MappingError(f"the mapping {where} does not say where {required!r} is")
    states = dict(base.states)
    for event_type, rule in raw.get("states", {}).items():
        states[event_type] = _rule(event_type, rule, payload, where)
    links = {
        _value(path, payload, where): _type_named(of_type, where) for path, of_type in raw.get("links", {}).items()
    }
    needs = tuple(tuple(item) if isinstance(item, list) else (item,) for item in raw.get("needs", ()))
    reducers = read_reducers(raw.get("reducers", {}), columns, lambda item: _value(item, payload, where), where)
    return Mapping(
        name=own.name, about=raw.get("about", base.about), needs=needs or base.needs,
        payload=payload, zone=raw.get("zone", base.zone), header=tuple(raw.get("header", base.header)),
        columns=columns, state_field=raw.get("state_field", base.state_field), states=states,
        links={**base.links, **links}, reducers={**base.reducers, **reducers},
        hand_set=tuple(raw.get("hand_set", base.hand_set)),
    )  # fmt: skip


def _check_kinds(raw: dict[str, Any], where: str, above: tuple[str, ...]) -> None:
    for key, value in raw.items():
        kind = list if key in _LISTS else dict if key in _TABLES else str
        if not isinstance(value, kind) or (kind is str and key != "about" and not value):
            wanted = {dict: "a mapping", list: "a list", str: "a text"}[kind]
            raise MappingError(f"the mapping {where} has {value!r} at {key!r}, where {wanted} was expected")
    for key, wanted in _LISTS.items():
        for item in raw.get(key, ()):
            either = item if key == "needs" and isinstance(item, list) and item else [item]
            if not all(isinstance(name, str) and name for name in either):
                raise MappingError(f"the mapping {where} has {item!r} in {key!r}, where {wanted} was expected")
    if raw.get("extends") in {*above, Path(where).name}:
        raise MappingError(f"the mapping {where} extends itself")
    if "zone" in raw:
        try:
            zone_name(raw["zone"])
        except InstantError as error:
            raise MappingError(f"the mapping {where} has a zone that is none: {error}") from error


def _nearest_column(name: str) -> str:
    near = nearest(name, CANONICAL)
    return f"did you mean {near!r}?" if near else f"the columns to map are {', '.join(CANONICAL)}"


def _rule(event_type: str, rule: Any, payload: str | None, where: str) -> StateRule:
    if isinstance(rule, dict) and "to" in rule and rule.keys() <= {"to", "from"}:
        return StateRule(_values(rule["to"], payload, where), _values(rule.get("from", []), payload, where))
    if isinstance(rule, list | dict) or rule.startswith("$"):
        return StateRule(_values(rule, payload, where))
    if not rule:
        raise MappingError(f"the mapping {where} has no state for {event_type!r}: write one, or [] if it means none")
    return StateRule((Value(constant=rule),))


def _type_named(of_type: Any, where: str) -> str:
    if not isinstance(of_type, str) or not of_type:
        raise MappingError(f"the mapping {where} has a link to {of_type!r}, where an aggregate type was expected")
    return of_type


def _values(given: Any, payload: str | None, where: str) -> tuple[Value, ...]:
    items = given if isinstance(given, list) else [given]
    return tuple(_value(item, payload, where) for item in items)


def _value(item: Any, payload: str | None, where: str) -> Value:
    if isinstance(item, dict) and len(item) == 1:
        ((kind, said),) = item.items()
        if kind == "value" and isinstance(said, str):
            return Value(constant=said)
        if kind == "namespace_of" and isinstance(said, str) and said:
            return Value(path=(said,), namespace=True)
    steps = re.findall(r'"[^"]*"|[^.]+', item) if isinstance(item, str) else []
    if not steps or ".".join(steps) != item:
        raise MappingError(f"the mapping {where} has {item!r} where a column, a path or {{value: text}} was expected")
    keys = [step.strip('"') for step in steps]
    if keys[0] == "$":
        if payload is None:
            raise MappingError(f"the mapping {where} uses {item!r} but names no `payload` column")
        keys[0] = payload
    return Value(path=tuple(keys))
