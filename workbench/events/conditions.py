"""Which lives are meant by "went through paid", "took longer than 3 days", "touched by actor 7"?

Each condition is SQL about one whole life, whatever its tracks: together they are joined by AND, and in any order
they choose the same lives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import duckdb

from workbench.errors import LogError
from workbench.instants import Instant, duration, instant
from workbench.sql import complaint, literal, pointer

if TYPE_CHECKING:
    from workbench.events.log import EventLog

Names = str | Sequence[str]


@dataclass(frozen=True)
class Conditions:
    """What `EventLog.where` takes besides SQL; None leaves a condition out."""

    through: Names | None = None
    ended_in: Names | None = None
    moved: tuple[str, str] | None = None
    variant: int | Sequence[str] | None = None
    actor: Names | None = None
    event_type: Names | None = None
    attributes: Mapping[str, Any] | None = None
    took_longer_than: str | timedelta | None = None
    took_less_than: str | timedelta | None = None
    began_since: Instant | None = None
    began_before: Instant | None = None

    def sql(self, log: EventLog) -> list[str]:
        """Return each condition as SQL over `lives`; `log` is the part that is asked.

        Raises
        ------
        UnknownNameError
            For a state, actor, event type or attribute that the whole log does not have: says the nearest.
        LogError, InstantError
            For a value that cannot be understood.
        """
        return [f"life IN ({lives})" for lives in (*self._by_states(log), *self._by_events(log), *self._by_time())]

    def _by_states(self, log: EventLog) -> Iterator[str]:
        if self.through is not None:
            yield _went_through(_known(log, "state", self.through))
        if self.ended_in is not None:
            yield f"SELECT life FROM lives WHERE current_state IN {_tuple(_known(log, 'state', self.ended_in))}"
        if self.moved is not None:
            pair = _known(log, "state", self.moved)
            if len(pair) != 2:  # noqa: PLR2004  from and to
                raise LogError(f"moved= takes two states such as ('pending', 'paid'), not {self.moved!r}")
            yield f"SELECT life FROM moves WHERE from_state = {literal(pair[0])} AND to_state = {literal(pair[1])}"
        if self.variant is not None:
            yield _took_variant(log, self.variant)

    def _by_events(self, log: EventLog) -> Iterator[str]:
        if self.actor is not None:
            yield f"SELECT life FROM events WHERE actor IN {_tuple(_known(log, 'actor', self.actor))}"
        if self.event_type is not None:
            yield f"SELECT life FROM events WHERE event_type IN {_tuple(_known(log, 'event type', self.event_type))}"
        for path, value in (self.attributes or {}).items():
            yield _had(log, path, value)

    def _by_time(self) -> Iterator[str]:
        took = "SELECT life FROM lives WHERE date_diff('microsecond', first_at, last_at)"
        if self.took_longer_than is not None:
            yield f"{took} > {_microseconds(self.took_longer_than)}"
        if self.took_less_than is not None:
            yield f"{took} < {_microseconds(self.took_less_than)}"
        if self.began_since is not None:
            yield f"SELECT life FROM lives WHERE first_at >= {literal(instant(self.began_since))}"
        if self.began_before is not None:
            yield f"SELECT life FROM lives WHERE first_at < {literal(instant(self.began_before))}"


def met(log: EventLog, condition: str, table: str) -> str:
    """Return a user's condition over a table as the WHERE that asks it, once DuckDB has understood it.

    Raises
    ------
    LogError
        When it is none, and why.
    """
    if not condition.strip():
        raise LogError(f"a condition is SQL over the table {table}, and not empty")
    where = f"WHERE ({condition}\n)"
    try:
        log.sql(f"SELECT life FROM {table} {where}")
    except LogError as error:
        why = complaint(error.__cause__) if isinstance(error.__cause__, duckdb.Error) else error
        raise LogError(f"the condition {condition!r} cannot be asked of {table}: {why}") from error
    return where


def _known(log: EventLog, kind: str, names: Names) -> list[str]:
    """Return the names as a list once the whole log has each, so that an order of conditions cannot matter."""
    wanted = [names] if isinstance(names, str) else [str(name) for name in names]
    if not wanted:
        raise LogError(f"name at least one {kind}")
    return [log.whole.known(kind, name) for name in wanted]


def _tuple(names: Sequence[str]) -> str:
    return "(" + ", ".join(map(literal, names)) + ")"


def _went_through(states: Sequence[str]) -> str:
    """Choose greedily: the first entry of each state after that of the one before."""
    first, *later = map(literal, states)
    reached = f"SELECT life, field, min(move) AS move FROM moves WHERE to_state = {first} GROUP BY life, field"
    for state in later:
        reached = (
            f"SELECT m.life, m.field, min(m.move) AS move FROM moves AS m JOIN ({reached}) AS r "
            f"ON m.life = r.life AND m.field = r.field AND m.move > r.move WHERE m.to_state = {state} "
            "GROUP BY m.life, m.field"
        )
    return f"SELECT life FROM ({reached})"


def _took_variant(log: EventLog, variant: int | Sequence[str]) -> str:
    """Choose the lives of a sequence of states; a number is the rank that `variants` gives it in this part."""
    if isinstance(variant, str):
        raise LogError(f"variant= takes a list of states or a number, not {variant!r}")
    if not isinstance(variant, int):
        return _of_sequence([str(state) for state in variant])
    ranked = log.ask("variants", machines=[], collapse=False, since=None, before=None)
    field = "field" if "field" in ranked.columns else "NULL"
    chosen = ranked.filter(f"variant = {int(variant)}").select(f"type, {field}, states").fetchall()
    if not chosen:
        most = ranked.aggregate("max(variant)").fetchall()[0][0] or 0
        raise LogError(f"there is no variant {variant}: they are numbered from 1 to {most}")
    return " UNION ALL ".join(
        f"{_of_sequence(states)} AND type = {literal(type)}" + (f" AND field = {literal(field)}" if field else "")
        for type, field, states in chosen
    )


def _of_sequence(states: Sequence[str]) -> str:
    if not states:
        return "SELECT life FROM lives WHERE path IS NULL"
    return f"SELECT life FROM lives WHERE path IN (SELECT path FROM variants WHERE states = {literal(list(states))})"


def _had(log: EventLog, path: str, value: Any) -> str:
    """Choose the lives whose attribute, or a value inside it, was once equal to this one."""
    if not isinstance(value, str | int | float):
        raise LogError(f"attributes= compares with a text, a number or a truth value, not {path}={value!r}")
    name, *inside = path.split(".")
    _known(log, "attribute", name)
    told = f"new ->> {literal('$' if not inside else pointer(inside))}"
    wanted = literal(value if isinstance(value, str) else json.dumps(value))
    return f"SELECT life FROM changes WHERE path = {literal(name)} AND {told} = {wanted}"


def _microseconds(span: str | timedelta) -> int:
    return duration(span) // timedelta(microseconds=1)
