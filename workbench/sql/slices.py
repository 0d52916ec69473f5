"""Which part of a log does a question see?

A slice is whole lives, or beginnings of lives. Its prelude redefines every canonical table as a CTE, so
that one question answers for the log or for any part of it. CTEs rather than views: a view named like its
table recurses, and cursors lose it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from workbench.sql.hours import Hours
from workbench.sql.texts import literal, text


@dataclass(frozen=True)
class Choice:
    """Which lives: a condition over `life` and `type`, and the same for rosters (over `type` and `aggregate_id`)."""

    lives: str
    rosters: str


@dataclass(frozen=True)
class Asked:
    """Which lives: those that meet an SQL condition over the table `lives` of the part it was asked of."""

    condition: str
    of: Slice


@dataclass(frozen=True)
class Slice:
    """The lives that meet every choice, or their beginnings up to an instant; the hours their times are counted in.

    `said` is how it was asked for in Python, step by step.
    """

    choices: tuple[Choice | Asked, ...] = ()
    until: datetime | None = None
    hours: Hours | None = None
    said: tuple[str, ...] = field(default=(), compare=False)

    def chosen(self, choice: Choice | Asked) -> Slice:
        """Return the slice with one more choice."""
        return replace(self, choices=(*self.choices, choice))

    def before(self, instant: datetime) -> Slice:
        """Return the slice cut at an instant, or at the earlier of two."""
        return replace(self, until=instant if self.until is None else min(self.until, instant))

    def saying(self, method: str, *given: object, **named: object) -> Slice:
        """Return the slice with one more step told: the method that was called, and what was given to it."""
        told = [*map(_code, given)]
        told += [f"{name}={_code(value)}" for name, value in named.items() if value not in (None, ())]
        return replace(self, said=(*self.said, f".{method}({', '.join(told)})"))

    def __bool__(self) -> bool:
        """Tell whether this is less than the whole log."""
        return bool(self.choices) or self.until is not None


def _code(value: object) -> str:
    if isinstance(value, timedelta):
        return repr(f"{value.total_seconds():.15g} seconds")
    return repr(str(value)) if isinstance(value, date) else repr(value)


def stored(database: str, table: str) -> str:
    """Return the qualified name of a stored table, whatever slice surrounds it."""
    return f'"{database.replace(chr(34), chr(34) * 2)}".main.{table}'


def prelude(part: Slice, database: str, *, changes: str | None = None) -> str:
    """Return `WITH events AS (...), moves AS (...), ...` for a slice, or nothing for the whole log.

    The lives that a condition chooses are a table of their own, computed once however many tables are cut by it.
    `changes` names the table that holds those of the whole log; "" if there is none, and they are worked out from
    the part's own events; None if nobody asks for them, for planning that takes longer than many a question.
    """
    if not part and not changes:
        return ""
    chosen = [
        f"{_chosen(number)} AS MATERIALIZED (WITH {_tables(choice.of, database, changes)} "
        f"SELECT life FROM lives WHERE ({choice.condition}\n))"
        for number, choice in enumerate(part.choices)
        if isinstance(choice, Asked)
    ]
    return "WITH " + ",\n".join([*chosen, _tables(part, database, changes)]) + "\n"


def _chosen(number: int) -> str:
    return f"chosen_lives_{number}"


def _tables(part: Slice, database: str, changes: str | None) -> str:
    choices = [_choice(number, choice, database) for number, choice in enumerate(part.choices)]
    tables = _whole_lives(choices, database) if part.until is None else _beginnings(choices, part.until, database)
    if changes is not None:
        tables["changes"] = _kept_changes(choices, part.until, changes) if changes else text("tables/changes")
    return ",\n".join(f"{name} AS NOT MATERIALIZED ({body})" for name, body in tables.items())


def _choice(number: int, choice: Choice | Asked, database: str) -> Choice:
    """Return a choice as conditions; one that was asked reads the table of the lives it chose."""
    if isinstance(choice, Choice):
        return choice
    lives = f"life IN (SELECT life FROM {_chosen(number)})"
    rows = stored(database, "lives")
    return Choice(
        lives, f"(aggregate_type, aggregate_id) IN (SELECT (aggregate_type, aggregate_id) FROM {rows} WHERE {lives})"
    )


def _whole_lives(choices: list[Choice], database: str) -> dict[str, str]:
    which = _all(choice.lives for choice in choices)
    return {
        "events": f"FROM {stored(database, 'events')} WHERE {which}",
        "moves": f"FROM {stored(database, 'moves')} WHERE {which}",
        "lives": f"FROM {stored(database, 'lives')} WHERE {which}",
        "variants": f"FROM {stored(database, 'variants')} WHERE path IN (SELECT path FROM lives)",
        "rosters": f"FROM {stored(database, 'rosters')} WHERE {_all(choice.rosters for choice in choices)}",
    }


def _kept_changes(choices: list[Choice], until: datetime | None, kept: str) -> str:
    which = _all(choice.lives for choice in choices)
    if until is None:
        return f"FROM {kept} WHERE {which}"
    t = literal(until)
    replaced = f"CASE WHEN replaced_at <= {t} THEN replaced_at END AS replaced_at"
    return f"SELECT * REPLACE ({replaced}) FROM {kept} WHERE known_at <= {t} AND {which}"


def _all(conditions: Iterable[str]) -> str:
    return " AND ".join(f"({condition})" for condition in conditions) or "true"


def _beginnings(choices: list[Choice], until: datetime, database: str) -> dict[str, str]:
    t = literal(until)
    which = _all(choice.lives for choice in choices)
    rosters = _all([*(choice.rosters for choice in choices), f"created_at <= {t}"])
    return {
        "events": f"FROM {stored(database, 'events')} WHERE effective_at <= {t} AND {which}",
        "moves": (
            f"SELECT * REPLACE (CASE WHEN left_at <= {t} THEN left_at END AS left_at) "
            f"FROM {stored(database, 'moves')} WHERE known_at <= {t} AND {which}"
        ),
        "lives": _lives_at(t, which, database),
        "variants": _variants_at(),
        "rosters": f"FROM {stored(database, 'rosters')} WHERE {rosters}",
    }


def _lives_at(t: str, which: str, database: str) -> str:
    """Lives with an event up to t: their state is the move open at t, the rest follows from it."""
    lives, events = stored(database, "lives"), stored(database, "events")
    newest = "SELECT * FROM moves WHERE left_at IS NULL"
    seen = (
        f"SELECT life, max(effective_at) AS last_at, count(*) AS events FROM {events} "
        f"WHERE effective_at <= {t} AND {which} GROUP BY life"
    )
    columns = "l.life, l.aggregate_type, l.type, l.aggregate_id"
    return f"""
    SELECT {columns}, n.field, l.first_at, e.last_at, e.events, l.first_state,
        n.to_state AS current_state, n.move::BIGINT AS moves, n.path
    FROM {lives} AS l JOIN ({newest}) AS n ON n.life = l.life AND n.field = l.field
    JOIN ({seen}) AS e ON e.life = l.life
    UNION ALL
    SELECT {columns}, NULL, l.first_at, e.last_at, e.events, NULL, NULL, 0, NULL
    FROM (SELECT DISTINCT life, aggregate_type, type, aggregate_id, first_at
        FROM {lives} WHERE first_at <= {t} AND {which}) AS l
    JOIN ({seen}) AS e ON e.life = l.life
    ANTI JOIN (SELECT life FROM moves) AS m ON m.life = l.life"""


def _variants_at() -> str:
    """Tell the sequence behind each path by one life that has it."""
    return """
    SELECT p.path, list(m.to_state ORDER BY m.move) AS states
    FROM (SELECT path, min((life, field)) AS one FROM moves WHERE left_at IS NULL GROUP BY path) AS p
    JOIN moves AS m ON m.life = p.one[1] AND m.field = p.one[2]
    GROUP BY p.path"""
