"""What can be read of a log? Its tables, its names, and the answer of any question asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb

from workbench.cards import amount, card, table
from workbench.errors import LogError, UnknownNameError
from workbench.events.aggregates import Aggregates
from workbench.events.known_names import known_name
from workbench.instants import Instant, instant
from workbench.sql import (
    By,
    Database,
    Key,
    Slice,
    answered,
    calendar_zone,
    complaint,
    grouped,
    in_hours,
    kept_changes,
    keys,
    prelude,
    render,
    single_select,
    stored,
    text,
    unpacked,
)


class Reading:
    """A log as it is read: all of it, or a part. What is a part of it, and how it changes, `EventLog` adds."""

    def __init__(self, database: Database, part: Slice | None = None) -> None:
        self._database = database
        self._slice = Slice() if part is None else part

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The DuckDB connection the log is read on; it belongs to one thread (see `fork`)."""
        return self._database.connection

    @property
    def path(self) -> Path | None:
        """The file the log is stored in; None in memory."""
        return self._database.path

    @property
    def events(self) -> duckdb.DuckDBPyRelation:
        """One row an event, in replay order."""
        return self.sql("FROM events ORDER BY life, place")

    @property
    def moves(self) -> duckdb.DuckDBPyRelation:
        """One row a stay in a state."""
        return self.sql("FROM moves ORDER BY life, field, move")

    @property
    def lives(self) -> duckdb.DuckDBPyRelation:
        """One row an aggregate (a track of it, where it has several)."""
        return self.sql("FROM lives ORDER BY life, field")

    @property
    def variants(self) -> duckdb.DuckDBPyRelation:
        """The sequence of states behind each path."""
        return self.sql("FROM variants ORDER BY path")

    @property
    def changes(self) -> duckdb.DuckDBPyRelation:
        """One row a change of an attribute: place, path, old and new value; kept in the log once they are many."""
        return self.sql("FROM changes ORDER BY life, place, path")

    @property
    def rosters(self) -> duckdb.DuckDBPyRelation:
        """An application's current rows, where they were given."""
        return self.sql("FROM rosters ORDER BY aggregate_type, aggregate_id")

    @property
    def imports(self) -> duckdb.DuckDBPyRelation:
        """One row an import; never sliced."""
        return self.sql("FROM imports ORDER BY import_id")

    @property
    def rejected(self) -> duckdb.DuckDBPyRelation:
        """Every refused row with its bytes and reason; never sliced."""
        return self.sql("FROM rejected ORDER BY import_id, position")

    @property
    def types(self) -> tuple[str, ...]:
        """The short names of the aggregate types, sorted."""
        return tuple(row[0] for row in self.sql("SELECT DISTINCT type FROM lives ORDER BY type").fetchall())

    @property
    def last(self) -> datetime | None:
        """The instant of the last event (UTC), or None for a log without events."""
        # Of whole lives the table tells it at once; of beginnings the events do.
        table = "max(effective_at) FROM events" if self._slice.until else "max(last_at) FROM lives"
        found: datetime | None = self.sql(f"SELECT {table}").fetchall()[0][0]
        return found

    @property
    def has_tracks(self) -> bool:
        """Whether some type has two state fields."""
        database, writes = self._database, self._database.writes.count
        if database.tracks is None or database.tracks[0] != writes:
            database.tracks = writes, self._two_fields(stored(database.name, "lives"))
        return database.tracks[1] and (not self._slice or self._two_fields("lives"))

    def _two_fields(self, lives: str) -> bool:
        rows = self._relation(
            f"SELECT 1 FROM {lives} WHERE field IS NOT NULL GROUP BY type HAVING min(field) <> max(field) LIMIT 1"
        )
        return bool(rows.fetchall())

    def instant(self, value: Instant | None = None) -> datetime:
        """Return what a user's time means; None is the log's last event.

        Raises
        ------
        LogError
            When there is no event to take the time from.
        """
        if value is not None:
            return instant(value)
        last = self.last
        if last is None:
            raise LogError("this log holds no event, so it has no last instant: name one with at=")
        return last

    def full_type(self, name: str) -> str:
        """Return the aggregate type that a short or full name means.

        Raises
        ------
        UnknownNameError
            With the nearest right name; an ambiguous short name lists what it could be.
        """
        return self._aggregates().full_type(name)

    def known(self, kind: str, name: str) -> str:
        """Return the name of a "state", "actor", "event type" or "attribute" of this log.

        Raises
        ------
        UnknownNameError
            With the nearest right name.
        """
        return known_name(self, kind, name)

    def _aggregates(self) -> Aggregates:
        return Aggregates(self.connection, self._database.name)

    def _lives_of(self, part: Reading) -> str:
        """Return the SELECT of a part's lives, right wherever it stands."""
        same = part._database.path is not None and part._database.path == self._database.path
        if not (same or part._database is self._database):
            raise LogError("this is a part of another log: take both from the same log, such as log.where(...)")
        sql = prelude(part._slice, self._database.name, changes=kept_changes(self._database, part._slice, ""))
        return f"{sql}SELECT DISTINCT life FROM {'lives' if sql else stored(self._database.name, 'lives')}"

    @property
    def python(self) -> str:
        """The code that takes this part from the whole log, such as `log.of('Order', '42')`; "log" for the whole."""
        return "log" + "".join(self._slice.said)

    @property
    def part_sql(self) -> str:
        """The tables of this part as SQL over those of the whole log, called "log"; empty for the whole."""
        return prelude(self._slice, "log")

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """Return the answer of one SELECT over this log's tables: events, moves, lives, variants, rosters, changes.

        Raises
        ------
        LogError
            For anything but one reading statement, or one that DuckDB refuses.
        """
        return self._relation(single_select(query, self.connection))

    def ask(
        self,
        question: str,
        *,
        by: By = None,
        zone: str | None = None,
        per_life: bool = False,
        parts: Mapping[str, Reading] | None = None,
        tables: Mapping[str, str] | None = None,
        **values: Any,
    ) -> duckdb.DuckDBPyRelation:
        """Return the answer of `workbench/sql/<question>.sql` for this log; every type grouped by the keys of `by`.

        The column `field` is left out where no type has two state fields.

        Parameters
        ----------
        question
            The name of the file.
        by
            A key or several: `created:hour|day|week|month` (of the life's first event), `attributes.<path>` (the
            life's first known value; `attributes.<path>@last` its latest), `actor` and `data.<path>` (of the event
            that made the move), or a column of `moves` or `lives`. They are the first columns after type and field,
            their names with _ for what is no letter or digit; a life or a move without a value is in the group
            NULL, the last of its type. A question about lives takes the first known value of each life.
        zone
            Where calendar periods are cut, such as "Europe/Paris"; UTC if left out.
        per_life
            The question follows each life through its moves: they are all of the life's one group.
        parts
            Parts of this log; the question reads the lives of each from a table of that name.
        tables
            Further tables the question reads: name -> SELECT, which may read those named before it.
        values
            What stands for `$name` in the file; `$zone` and `$by_move` (one life may have moves in several groups)
            are always there.
        """
        split = self._keys(by, zone)
        values |= {"zone": calendar_zone(zone), "by_move": not (per_life or all(key.of_life for key in split))}
        asked = render(self._timed(text(question), values), **values)
        given = [f"{name} AS MATERIALIZED ({self._lives_of(part)})" for name, part in (parts or {}).items()]
        given += [f"{name} AS ({select}\n)" for name, select in (tables or {}).items()]
        if given:
            asked = f"WITH {', '.join(given)}\nSELECT * FROM (\n{asked}\n)"
        if split:
            answer = self._relation(grouped(asked, split, per_life=per_life))
            answer = answer.select(unpacked(answer.columns, split))
        else:
            answer = self._relation(asked)
        return answer.select("* EXCLUDE (field)") if "field" in answer.columns and not self.has_tracks else answer

    def _timed(self, question: str, values: Mapping[str, Any]) -> str:
        """Return a question with its durations in business hours, where the log is counted in them."""
        if self._slice.hours is None:
            return question
        ends = self.sql(
            "SELECT min(entered_at) FROM moves UNION ALL "
            "SELECT unnest([min(effective_at), max(effective_at)]) FROM events"
        )
        instants = [found for found in (*(row[0] for row in ends.fetchall()), values.get("instant")) if found]
        return in_hours(question, self._slice.hours, min(instants), max(instants)) if instants else question

    def _keys(self, by: By, zone: str | None) -> tuple[Key, ...]:
        """Return the keys to group by, each known to this log."""
        found = keys(by, zone)
        for key in found:
            if key.seen and not self._relation(key.seen).fetchall():
                names = [row[0] for row in self._relation(key.known).fetchall()]
                raise UnknownNameError.of("key", key.text, names, where="this log")
        return found

    def _relation(self, query: str) -> duckdb.DuckDBPyRelation:
        try:
            changes = kept_changes(self._database, self._slice, query)
            sql = prelude(self._slice, self._database.name, changes=changes)
            # The newline ends a comment that the user's text may end with.
            return answered(self._database, f"{sql}SELECT * FROM ({query}\n)" if sql else query)
        except duckdb.ConnectionException as error:
            raise LogError("this log has been closed: open it again") from error
        except duckdb.ResourceInUseException as error:
            raise LogError("another thread reads this log: give each thread a log.fork() of its own") from error
        except duckdb.Error as error:
            raise LogError(f"the query cannot be answered: {complaint(error)}") from error

    def close(self) -> None:
        """Close the connection; a log in memory is gone then."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        events, aggregates, first, last = self.sql(
            "SELECT count(*), count(DISTINCT life), min(effective_at), max(effective_at) FROM events"
        ).fetchall()[0]
        if not events:
            return "<EventLog without events>"
        held = f"{amount(events, 'event')}, {amount(aggregates, 'aggregate')}"
        return f"<EventLog {held}, {first:%Y-%m-%d} to {last:%Y-%m-%d}>"

    def _repr_html_(self) -> str:
        rows = self.sql(
            "SELECT type, count(DISTINCT life), sum(events)::BIGINT, min(first_at), max(last_at) "
            "FROM (SELECT DISTINCT life, type, events, first_at, last_at FROM lives) GROUP BY type ORDER BY type"
        ).fetchall()
        columns = ("type", "aggregates", "events", "first (UTC)", "last (UTC)")
        lines = ([*counts, f"{first:%Y-%m-%d %H:%M}", f"{last:%Y-%m-%d %H:%M}"] for *counts, first, last in rows)
        return card(repr(self)[1:-1], table(columns, lines), note=self._part_said())

    def _part_said(self) -> str:
        """Return what part of a log this is, and whose hours it counts in, where it is not simply the whole."""
        parts = ["a part: whole lives" if self._slice.choices else ""]
        parts += [f"only what was known at {self._slice.until} UTC" if self._slice.until else ""]
        parts += ["times in business hours" if self._slice.hours else ""]
        return "; ".join(filter(None, parts))
