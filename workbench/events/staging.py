"""What does a mapping make of a source's rows? One SELECT: canonical columns, or the reason why not."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.events.documents import Documents
from workbench.events.fields import Fields
from workbench.events.mapping import Mapping, StateRule, Value
from workbench.sql import literal

_TEXTS = (
    "event_id", "aggregate_type", "aggregate_id", "event_type", "schema_version", "actor", "correlation_id",
    "causation_id", "field", "transition",
)  # fmt: skip
# DuckDB's casts drop what follows the seconds: "03:05:00 PM" would be five past three at night.
_YEAR = r"(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3})"
_OFFSET = r"Z|z|UTC|[+-](0\d|1[0-5])(:?[0-5]\d)?"
_TIME = rf"{_YEAR}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?({_OFFSET}))?)?"
_YEARS = "TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999'"  # which an offset may lead out of


@dataclass(frozen=True)
class Clock:
    """The zone of times without an offset: of all columns, or of some (`zoned`) with another for the rest."""

    zone: str
    zoned: tuple[str, ...] = ()
    zone_of_zoned: str | None = None

    def of(self, values: tuple[Value, ...]) -> str:
        """Return the zone in which the times of the first of these columns are written."""
        columns = [value.path[0] for value in values if value.path]
        return self.zone_of_zoned if self.zone_of_zoned and set(columns[:1]) & set(self.zoned) else self.zone


class Staging:
    """The SELECT that turns a source's JSON lines into canonical columns."""

    def __init__(self, mapping: Mapping, fields: Fields, clock: Clock, usual_keys: list[str]) -> None:
        self.mapping, self.fields, self.clock, self.usual_keys = mapping, fields, clock, usual_keys
        self.documents = Documents()
        for name, values in mapping.columns.items():
            self._want(values, as_json=name in ("data", "metadata", "state"))
        for rule in mapping.states.values():
            self._want((*rule.to, *rule.from_), as_json=True)
        self._want(tuple(mapping.links), as_json=True)

    def _want(self, values: tuple[Value, ...], *, as_json: bool) -> None:
        for value in values:
            for path in self._paths(value):
                self.documents.want(path, as_json=as_json)

    def _paths(self, value: Value) -> list[tuple[str, ...]]:
        if not value.path:
            return []
        if not any("{field}" in key for key in value.path):
            return [value.path]
        return [_filled(value.path, name) for name in self.fields.names]

    def select(self, query: str) -> str:
        """Return the SELECT: position, the canonical columns, `reason` (NULL for a good row), `no_offset`."""
        columns = {name: self._text(name) for name in _TEXTS}
        columns |= {"data": self._data("data"), "metadata": self._data("metadata")}
        columns |= {f"{name}_text": self._text(name) for name in ("version", "global_position")}
        times = ("occurred_at", "recorded_at", "created_at")
        columns |= {f"{name}_text": self._text(name) for name in times}
        taken = ",\n".join(f'{sql} AS "{name}"' for name, sql in columns.items())
        made = ", ".join([self._states(), self._links(), *(f"{self._time(name)} AS {name}" for name in times)])
        return f"""
        SELECT position, event_id, {_whole("global_position_text", "HUGEINT")} AS global_position,
            aggregate_type, aggregate_id, {_whole("version_text", "BIGINT")} AS version, event_type, schema_version,
            occurred_at, recorded_at,
            actor, correlation_id, causation_id, data, metadata, state_field AS field,
            {_state_text("to_json")} AS to_state, {_state_text("from_json")} AS from_recorded, also,
            nullif(linked, []) AS links, transition, created_at, {_no_offset("occurred_at_text")} AS no_offset,
            {self._odd_hour()} AS odd_hour,
            {self._reason()} AS reason
        FROM (SELECT *, {made} FROM (SELECT *, {taken} FROM ({self.documents.select(query)})))"""

    def _text(self, name: str) -> str:
        values = [self._one(value) for value in self.mapping.columns.get(name, ())]
        texts = [
            f"nullif({sql}, '')" if name in ("aggregate_id", "aggregate_type", "event_type") else sql for sql in values
        ]
        return f"coalesce({', '.join(texts)})" if texts else "NULL::VARCHAR"

    def _one(self, value: Value) -> str:
        if value.constant is not None:
            return literal(value.constant)
        sql = self.documents.text(value.path)
        if value.namespace:
            before_events, last = (rf"([^\\]+)\\{end}" for end in (r"Events?\\", r"[^\\]+$"))
            return (
                f"coalesce(nullif(regexp_extract({sql}, {literal(before_events)}, 1), ''), "
                f"regexp_extract({sql}, {literal(last)}, 1))"
            )
        return sql

    def _data(self, name: str) -> str:
        values = self.mapping.columns.get(name, ())
        parts = ["TRY(json(line))" if v.constant == "*" else self.documents.document(v.path) for v in values]
        return f"coalesce({', '.join(parts)})" if parts else "NULL::JSON"

    def _time(self, name: str) -> str:
        return instant_sql(f"{name}_text", self.clock.of(self.mapping.columns.get(name, ())))

    def _odd_hour(self) -> str:
        """Tell whether a local time is in an hour that its zone has twice or not at all."""
        zone = self.clock.of(self.mapping.columns.get("occurred_at", ()))
        if zone == "UTC" or zone[0] in "+-":
            return "false"
        utc = instant_sql("occurred_at_text", zone)
        shifts = ("", "- INTERVAL 1 HOUR", "+ INTERVAL 1 HOUR")
        here, before, after = (f"timezone({literal(zone)}, timezone('UTC', {utc} {shift}))" for shift in shifts)
        said = "TRY_CAST(occurred_at_text AS TIMESTAMP)"
        return f"{_no_offset('occurred_at_text')} AND ({here} <> {said} OR {here} IN ({before}, {after}))"

    def _states(self) -> str:
        name, to, left, also = self._track_of(self.fields.of_all)
        for type_name, names in self.fields.by_type.items():
            mine = (
                f"(aggregate_type = {literal(type_name)} OR ends_with(aggregate_type, {literal(chr(92) + type_name)}))"
            )
            theirs = zip(self._track_of(names), (name, to, left, also), strict=True)
            name, to, left, also = (f"CASE WHEN {mine} THEN {this} ELSE {other} END" for this, other in theirs)
        return (
            f"coalesce(field, {name}) AS state_field, {to} AS to_json, {left} AS from_json, "
            f"({also})::MAP(VARCHAR, VARCHAR) AS also"
        )

    def _track_of(self, names: tuple[str, ...]) -> tuple[str, str, str, str]:
        """Return the first field, the state an event says of it and the one it left, and what it says of the others."""
        first = names[0]
        also = self._also(names[1:]) if len(names) > 1 else "NULL"
        return literal(first), self._by_event("to", first), self._by_event("from_", first), also

    def _also(self, names: tuple[str, ...]) -> str:
        pairs = ", ".join(
            f"{{'k': {literal(name)}, 'v': {_state_text(self._by_event('to', name, only_field=True))}}}"
            for name in names
        )
        return f"nullif(map_from_entries(list_filter([{pairs}], lambda pair: pair.v IS NOT NULL)), MAP {{}})"

    def _links(self) -> str:
        """Return the aggregates that an event names: by each declared path that holds an id."""
        kind = "STRUCT(name VARCHAR, type VARCHAR, aggregate_id VARCHAR)[]"
        named = ", ".join(
            f"{{'name': {literal(value.path[-1])}, 'type': {literal(of_type)}, "
            f"'aggregate_id': {_id_text(self.documents.json(value.path))}}}"
            for value, of_type in self.mapping.links.items()
        )
        if not named:
            return f"NULL::{kind} AS linked"
        told = f"list_filter([{named}], lambda link: link.aggregate_id IS NOT NULL)"
        return f"list_sort(list_distinct({told})) AS linked"

    def _by_event(self, side: str, name: str, *, only_field: bool = False) -> str:
        cases, otherwise = [], "NULL::JSON"
        for event_type, rule in self.mapping.states.items():
            sql = self._side(rule, side, name, only_field=only_field)
            if event_type == "*":
                otherwise = sql
            else:
                cases.append(f"WHEN {literal(event_type)} THEN {sql}")
        return f"CASE event_type {' '.join(cases)} ELSE {otherwise} END" if cases else otherwise

    def _side(self, rule: StateRule, side: str, name: str, *, only_field: bool) -> str:
        parts = []
        for value in rule.to if side == "to" else rule.from_:
            if only_field and not any("{field}" in key for key in value.path):
                continue
            if value.constant is not None:
                parts.append(f"to_json({literal(value.constant)})")
            else:
                parts.append(self.documents.json(_filled(value.path, name)))
        return f"coalesce({', '.join(parts)})" if parts else "NULL::JSON"

    def _reason(self) -> str:
        checks = [
            ('"at:" IS NULL', "'not valid JSON'"),
            ("NOT starts_with(ltrim(line), '{')", "'not a JSON object'"),
            (_HAS_NAN, "'NaN or Infinity is not JSON'"),
            (_twice(self.usual_keys), "'a key stands twice: ' || " + _which_twice()),
        ]
        checks += [
            (f"{name} IS NULL", f"'no value for {name}'") for name in ("aggregate_type", "aggregate_id", "event_type")
        ]
        checks += [
            ("occurred_at_text IS NULL", "'no value for occurred_at'"),
            (
                f"occurred_at IS NULL OR occurred_at NOT BETWEEN {_YEARS}",
                "'occurred_at is not a time: ' || left(occurred_at_text, 60)",
            ),
            (
                f"version_text IS NOT NULL AND {_whole('version_text', 'BIGINT')} IS NULL",
                "'version is not a whole number: ' || left(version_text, 60)",
            ),
            (_no_state("to_json"), "'the state is neither text nor a number: ' || left(to_json::VARCHAR, 60)"),
            (_no_state("from_json"), "'the state left is neither text nor a number: ' || left(from_json::VARCHAR, 60)"),
        ]
        if self.mapping.is_roster:
            unread = "created_at_text IS NOT NULL AND created_at IS NULL"
            checks.append((unread, "'created_at is not a time: ' || left(created_at_text, 60)"))
        payload = (self.mapping.payload,) if self.mapping.payload else ()
        if payload and self.documents.holds(payload):
            raw = f'struct_extract("at:", {literal(self.mapping.payload)})'
            text = f"starts_with({raw}::VARCHAR, '\"') AND ({raw} ->> '$') <> ''"
            broken = f"{text} AND {self.documents.json(payload)} IS NULL"
            checks.append((broken, f"'{self.mapping.payload} is text that is not JSON'"))
        return "CASE " + " ".join(f"WHEN {test} THEN {reason}" for test, reason in checks) + " END"


_HAS_NAN = (
    "(contains(line, 'NaN') OR contains(line, 'Infinity')) AND "
    "regexp_matches(regexp_replace(line, '\"(\\\\.|[^\"\\\\])*\"', '', 'g'), 'NaN|Infinity')"
)


def _whole(text: str, type_name: str) -> str:
    # A plain cast takes 1.7 for 2 and 0x10 for 16.
    return f"CASE WHEN regexp_full_match({text}, '-?[0-9]+') THEN TRY_CAST({text} AS {type_name}) END"


def _twice(usual: list[str]) -> str:
    # The keys of nearly every row are those of the first: only the others are looked at closely.
    keys = "json_keys(line)"
    unusual = f"{keys} <> {literal(usual)}::VARCHAR[] AND " if len(usual) == len(set(usual)) else ""
    return f"{unusual}len({keys}) <> len(list_distinct({keys}))"


def _which_twice() -> str:
    return (
        "list_filter(json_keys(line), lambda key: len(list_filter(json_keys(line), lambda other: other = key)) > 1)[1]"
    )


def _filled(path: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(key.replace("{field}", name) for key in path)


def _state_text(sql: str) -> str:
    return f"CASE WHEN starts_with({sql}::VARCHAR, '\"') THEN {sql} ->> '$' ELSE {sql}::VARCHAR END"


def _id_text(sql: str) -> str:
    return f"CASE WHEN left({sql}::VARCHAR, 1) NOT IN ('{{', '[', 't', 'f', 'n') THEN nullif({sql} ->> '$', '') END"


def _no_state(sql: str) -> str:
    return f"{sql} IS NOT NULL AND left({sql}::VARCHAR, 1) IN ('{{', '[', 't', 'f')"


def _no_offset(text: str) -> str:
    return f"NOT ({_has_offset(text)})"


def _has_offset(text: str) -> str:
    signs = " OR ".join(f"left(right({text}, {length}), 1) IN ('+', '-')" for length in (6, 5, 3))
    return f"(length({text}) > 16 AND (right({text}, 1) IN ('Z', 'z') OR {signs} OR right({text}, 3) = 'UTC'))"


def instant_sql(text: str, zone: str) -> str:
    """Return the one SQL that makes a UTC TIMESTAMP of a text; NULL where it is no time.

    Text with an offset goes by it, text without one is local time in `zone`. A plain cast to TIMESTAMP would
    drop an offset without a word.
    """
    is_time = f"regexp_full_match({text}, {literal(_TIME)})"
    offset = f"TRY_CAST(regexp_replace({text}, ' (Z|z|[+-][0-9:]+)$', '\\1') AS TIMESTAMPTZ)::TIMESTAMP"
    local = f"TRY_CAST({text} AS TIMESTAMP)"
    if zone[0] in "+-":
        seconds = (int(zone[1:3]) * 3600 + int(zone[4:6]) * 60) * (-1 if zone[0] == "-" else 1)
        local = f"({local} - to_seconds({seconds}))"
    elif zone != "UTC":
        local = f"timezone({literal(zone)}, {local})::TIMESTAMP"
    return f"CASE WHEN NOT ({is_time}) THEN NULL WHEN {_has_offset(text)} THEN {offset} ELSE {local} END"
