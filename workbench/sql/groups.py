"""By which keys is an answer split? A group is a type of its own.

The prelude puts into the column `type` of events, moves and lives a STRUCT of the type's name and the values of the
keys. A question groups, joins and orders by `type` without a look inside, so none of them knows of keys; the answer
takes the STRUCT apart again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.errors import InstantError, LogError, UnknownNameError, nearest
from workbench.instants import zone_name
from workbench.sql.texts import literal, pointer

By = str | Sequence[str] | None

_PERIODS = ("hour", "day", "week", "month")
_OF_MOVES = (
    "move", "place", "version", "transition", "from_state", "from_recorded", "to_state", "entered_at", "left_at",
    "from_entered_at", "known_at", "visit", "nth", "inferred",
)  # fmt: skip
_OF_LIVES = (
    "aggregate_type", "aggregate_id", "first_at", "last_at", "events", "first_state", "current_state", "moves",
)  # fmt: skip


@dataclass(frozen=True)
class First:
    """A life's first known value, or its last: of an expression over rows, in an order; of each track, or of all."""

    rows_of: str
    value: str
    order: str
    by_track: bool = False
    last: bool = False

    def rows(self, table: str) -> tuple[str, tuple[str, ...]]:
        """Return the SELECT that tells `value`, and the columns on which a table joins it."""
        on = ("life", "field") if self.by_track and table != "events" else ("life",)
        columns = ", ".join(on)
        value = f"{'arg_max' if self.last else 'arg_min'}({self.value}, {self.order}) AS value"
        return f"SELECT {columns}, {value} FROM {self.rows_of} GROUP BY {columns}", on


@dataclass(frozen=True)
class Key:
    """One key: its name as a column, and how a row of each table tells its value."""

    text: str
    first: First
    own: Mapping[str, str] = field(default_factory=dict)  # table -> expression over the row `t` itself
    of_event: str | None = None  # expression over the event that made a move
    of_life: bool = False  # the same in all of a life
    shown: str = "{}"
    seen: str = ""  # a SELECT that has a row if the log has a value, where that is in doubt
    known: str = ""  # a SELECT of the keys that could have been meant

    @property
    def column(self) -> str:
        """The key's text, as a word that SQL takes without quotes."""
        return re.sub(r"\W+", "_", self.text)

    def of(self, table: str, alias: str, *, per_life: bool) -> tuple[str, str]:
        """Return the value for a row `t` of a table, and the join it needs."""
        if table in self.own and (self.of_life or not per_life):
            return self.shown.format(self.own[table]), ""
        rows, on = self.first.rows(table)
        met = ""
        if self.of_event and table == "moves" and not per_life:
            rows, on = f"SELECT life, place, {self.of_event} AS value FROM events", ("life", "place")
            met = " AND NOT t.inferred"
        same = " AND ".join(f"{alias}.{column} = t.{column}" for column in on)
        return self.shown.format(f"{alias}.value"), f"\nLEFT JOIN ({rows}) AS {alias} ON {same}{met}"


def keys(by: By, zone: str | None) -> tuple[Key, ...]:
    """Return what a user asked to group by; none for None or an empty list.

    Raises
    ------
    UnknownNameError
        For a key that is none; says the nearest.
    LogError
        When two keys would have the same column.
    InstantError
        When the zone is not known.

    Examples
    --------
    >>> [key.column for key in keys(["created:week", "actor", "data.reason.code"], "Europe/Paris")]
    ['created_week', 'actor', 'data_reason_code']
    """
    texts = [by] if isinstance(by, str) else list(by or ())
    place = calendar_zone(zone)
    found = {text: _key(text, place) for text in texts}
    named: dict[str, str] = {}
    for text, key in found.items():
        other = named.setdefault(key.column.casefold(), text)
        if other != text:
            raise LogError(f"by= names {other} and {text}, which would both be the column {key.column}: ask one by one")
    return tuple(found.values())


def calendar_zone(zone: str | None) -> str:
    """Return the zone that cuts calendar periods: UTC where none is given."""
    if zone is not None and zone[:1] in {"+", "-"}:
        raise InstantError(f"zone={zone!r} is an offset: write the name of a place such as 'Europe/Paris' or 'UTC'")
    return "UTC" if zone is None else zone_name(zone)


def grouped(question: str, by: Sequence[Key], *, per_life: bool) -> str:
    """Return a question over tables whose `type` is a group; `per_life` gives each move the group of its life."""
    tables = {table: _regrouped(table, by, per_life=per_life) for table in ("events", "moves", "lives")}
    ctes = ",\n".join(f"{name} AS ({body})" for name, body in tables.items())
    return f"WITH {ctes}\nSELECT * FROM (\n{question}\n)"


def unpacked(columns: Sequence[str], by: Sequence[Key]) -> str:
    """Return the select list that takes groups apart: type, field, the keys, the question's other columns.

    Raises
    ------
    LogError
        When a key is a column that the question has anyway.
    """
    theirs = {column.casefold() for column in columns}
    for key in by:
        if key.column.casefold() in theirs:
            raise LogError(f"by={key.text!r}: the answer already has a column {key.column}, leave the key out")
    first = ["type", *(["field"] if "field" in columns else [])]
    told = ["struct_extract(type, 'type') AS type", *first[1:]]
    told += [f'struct_extract(type, {literal(key.column)}) AS "{key.column}"' for key in by]
    return ", ".join([*told, f"* EXCLUDE ({', '.join(first)})"])


def _regrouped(table: str, by: Sequence[Key], *, per_life: bool) -> str:
    values = [(key.column, *key.of(table, f"k{number}", per_life=per_life)) for number, key in enumerate(by)]
    group = ", ".join(f"{literal(column)}: {value}" for column, value, _ in values)
    joins = "".join(join for _, _, join in values)
    return f"SELECT t.* REPLACE ({{'type': t.type, {group}}} AS type) FROM {table} AS t{joins}"


def _key(text: str, zone: str) -> Key:
    kind, sign, rest = re.match(r"([^:.]*)([:.]?)(.*)", str(text), re.DOTALL).groups()  # type: ignore[union-attr]  # matches anything
    if kind == "created" and sign == ":" and rest in _PERIODS:
        first = First("lives", "first_at", "coalesce(field, '')")
        own = {"moves": "t.began_at", "lives": "t.first_at"}
        return Key(text, first, own, of_life=True, shown=_period(rest, zone))
    if kind == "data" and sign == "." and all(rest.split(".")):
        return _payload(text, rest)
    if kind == "attributes" and sign == "." and all(rest.removesuffix("@last").split(".")):
        return _attribute(text, rest.removesuffix("@last"), last=rest.endswith("@last"))
    if text == "actor":
        return Key(text, First("events", "actor", "place"), {"events": "t.actor", "moves": "t.actor"})
    if text in _OF_LIVES:
        first = First("lives", text, "coalesce(field, '')", by_track=True)
        return Key(text, first, {"lives": f"t.{text}"}, of_life=True)
    if text in _OF_MOVES:
        return Key(text, First("moves", text, "(move, field)", by_track=True), {"moves": f"t.{text}"})
    every = [
        *(f"created:{period}" for period in _PERIODS),
        "actor",
        "attributes.<path>",
        "data.<path>",
        *_OF_MOVES,
        *_OF_LIVES,
    ]
    if str(text).isidentifier() and nearest(text, every) is None:
        raise UnknownNameError(f"no key named {text!r} in by=: did you mean 'attributes.{text}'?")
    raise UnknownNameError.of("key", text, every, where="by=")


def _payload(text: str, path: str) -> Key:
    """Return the key of a path into the payload of events; one that no event has is no key."""
    value = f"data ->> {literal(_pointer(path))}"
    above, _, _ = path.rpartition(".")
    beside = f"json_keys(data, {literal(_pointer(above))})"
    return Key(
        text,
        First("events", value, "place"),
        {"events": f"t.{value}"},
        of_event=value,
        seen=f"SELECT 1 FROM events WHERE {value} IS NOT NULL LIMIT 1",
        known=f"SELECT DISTINCT {literal(f'data.{above}.' if above else 'data.')} || unnest({beside}) FROM events",
    )


def _attribute(text: str, path: str, *, last: bool) -> Key:
    """Return the key of an attribute, or of a path into it; one that no life has is no key."""
    name, _, inside = path.partition(".")
    above, _, _ = path.rpartition(".")
    rows = f"changes WHERE path = {literal(name)}"
    value = f"new ->> {literal(_pointer(inside) or '$')}"
    known = "SELECT DISTINCT 'attributes.' || path FROM changes"
    if inside:
        beside = f"json_keys(new, {literal(_pointer(above.removeprefix(name)))})"
        known += f" UNION SELECT DISTINCT {literal(f'attributes.{above}.')} || unnest({beside}) FROM {rows}"
    return Key(
        text,
        First(rows, value, "place", last=last),
        of_life=True,
        seen=f"SELECT 1 FROM {rows} AND {value} IS NOT NULL LIMIT 1",
        known=known,
    )


def _pointer(path: str) -> str:
    """Return the JSON pointer of a dotted path."""
    return pointer(part for part in path.split(".") if part)


def _period(unit: str, zone: str) -> str:
    """Return the expression of the period in which an instant `{}` lies: the first date, or the instant of an hour."""
    local = "{0}" if zone == "UTC" else f"timezone({literal(zone)}, timezone('UTC', {{0}}))"
    if unit == "hour":  # as far before the instant as it is past the local hour: right also when the hour comes twice
        return f"({{0}} - ({local} - date_trunc('hour', {local})))"
    return f"date_trunc('{unit}', {local})::DATE"
