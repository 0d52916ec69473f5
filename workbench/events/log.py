"""What is a log, and which parts of it can be held?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import duckdb

from workbench.cards import card, table
from workbench.errors import LogError, UnknownNameError
from workbench.events.aggregates import Aggregates
from workbench.events.conditions import Conditions, Names
from workbench.events.imports import ImportReport
from workbench.events.known_names import known_name
from workbench.instants import Instant, instant
from workbench.sql import (
    Asked,
    By,
    Choice,
    Database,
    Key,
    Slice,
    calendar_zone,
    grouped,
    hours,
    in_hours,
    kept_changes,
    keys,
    literal,
    prelude,
    render,
    single_select,
    stored,
    text,
    unpacked,
)

if TYPE_CHECKING:
    from workbench.events.choice import Given
    from workbench.events.fields import StateField
    from workbench.events.following import Follower


class EventLog:
    """An imported set of lives in DuckDB, or a part of one: whole lives, or beginnings of lives.

    Made by `read_events` and `open_log`. Questions are functions that take it.
    """

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
        found: datetime | None = self.sql("SELECT max(effective_at) FROM events").fetchall()[0][0]
        return found

    @property
    def has_tracks(self) -> bool:
        """Whether some type has two state fields."""
        if self._database.has_tracks is None:
            self._database.has_tracks = self._two_fields(stored(self._database.name, "lives"))
        return self._database.has_tracks and (not self._slice or self._two_fields("lives"))

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

    def of(self, type: str, *ids: object) -> EventLog:
        """Return the whole lives of a type, or of some of its aggregates.

        Raises
        ------
        UnknownNameError
            For a type or an aggregate that is not there.
        """
        aggregates = self._aggregates()
        full = aggregates.full_type(type)
        of_type = f"type = {literal(aggregates.types()[full])}"
        if not ids:
            return EventLog(self._database, self._slice.chosen(Choice(of_type, of_type)).saying("of", type))
        wanted = [str(one) for one in ids]
        which = ", ".join(map(str, aggregates.lives(full, wanted))) or "NULL"
        rosters = f"{of_type} AND aggregate_id IN ({', '.join(map(literal, wanted))})"
        chosen = self._slice.chosen(Choice(f"life IN ({which})", rosters))
        return EventLog(self._database, chosen.saying("of", type, *wanted))

    def _aggregates(self) -> Aggregates:
        return Aggregates(self.connection, self._database.name)

    def until(self, at: Instant) -> EventLog:
        """Return the beginnings of all lives: what was known at an instant, it included."""
        return EventLog(self._database, self._slice.before(instant(at)).saying("until", f"{instant(at)}"))

    def business_hours(self, week: str, zone: str | None = None, holidays: Iterable[date | str] = ()) -> EventLog:
        """Return the same log with every duration counted in business hours: each question asked of it tells these.

        What an answer tells in seconds (or hours) is business time, and a day of it is 24 such hours. Instants,
        calendar periods, and windows such as `since=` or `within=` stay those of the clock.

        Parameters
        ----------
        week
            "Mon-Fri 09:00-17:00"; several parts stand between commas: "Mon-Thu 09:00-17:00, Fri 09:00-13:00".
        zone
            Where the clock on the wall hangs, such as "Europe/Paris"; UTC if left out. Exact where it is put forward
            or back.
        holidays
            Dates there on which it is closed.

        Raises
        ------
        InstantError
            When the hours, the zone or a holiday cannot be understood.

        Examples
        --------
        `time_in_state(log.business_hours("Mon-Fri 09:00-17:00", "Europe/Paris", holidays=["2026-12-25"]))`
        """
        closed = tuple(str(day) for day in holidays)
        counted = replace(self._slice, hours=hours(week, zone, closed))
        return EventLog(self._database, counted.saying("business_hours", week, zone=zone, holidays=closed))

    def where(
        self,
        predicate: str | None = None,
        *,
        through: Names | None = None,
        ended_in: Names | None = None,
        moved: tuple[str, str] | None = None,
        variant: int | Sequence[str] | None = None,
        actor: Names | None = None,
        event_type: Names | None = None,
        attributes: Mapping[str, Any] | None = None,
        took_longer_than: str | timedelta | None = None,
        took_less_than: str | timedelta | None = None,
        began_since: Instant | None = None,
        began_before: Instant | None = None,
    ) -> EventLog:
        """Return the whole lives that meet every condition (in the part held now).

        Parameters
        ----------
        predicate
            An SQL condition over `lives`, such as "moves > 3".
        through
            A state they were in, or several states they entered in this order, others between them or not.
        ended_in
            Their last state, or one of several.
        moved
            A pair of states between which they moved directly.
        variant
            All their states in order, or the rank that `variants` gives such a sequence here.
        actor, event_type
            Of one of their events; of several names any.
        attributes
            Values by name (or path, "customer.country") that their attributes had at some time.
        took_longer_than, took_less_than
            Time from their first event to their last, such as "3 days".
        began_since, began_before
            Their first event lies in this window (since <= began < before).

        Raises
        ------
        UnknownNameError
            For a state, actor, event type or attribute that the log does not have; says the nearest.
        LogError, InstantError
            For a condition that cannot be understood.

        Examples
        --------
        >>> import workbench as wb
        >>> orders = wb.read_events("sample_events/shop.ndjson").of("Order")
        >>> orders.where(through=["confirmed", "fulfilled"], took_longer_than="3 days")
        <EventLog 333 events, 107 aggregates, 2026-01-05 to 2026-03-13>
        >>> orders.where("moves > 2").where(ended_in="cancelled", began_since="2026-02-01")
        <EventLog 45 events, 15 aggregates, 2026-02-05 to 2026-03-09>
        """
        conditions = Conditions(
            through, ended_in, moved, variant, actor, event_type, attributes,
            took_longer_than, took_less_than, began_since, began_before,
        )  # fmt: skip
        every = conditions.sql(self)
        if predicate is not None:
            own = f"SELECT life FROM lives WHERE ({predicate}\n)"
            every.append(f"life IN ({single_select(own, self.connection)})")
        asked = Asked(" AND ".join(every) or "true", self._slice)
        named = {name: value for name, value in vars(conditions).items() if value is not None}
        said = [predicate] if predicate is not None else []
        smaller = EventLog(self._database, self._slice.chosen(asked).saying("where", *said, **named))
        smaller.sql("SELECT 1 FROM lives LIMIT 0")
        return smaller

    def without(self, part: EventLog) -> EventLog:
        """Return the whole lives that are not in a part of this log.

        Raises
        ------
        LogError
            When it is no part of this log.
        """
        others = Asked(f"life NOT IN ({self._lives_of(part)})", self._slice)
        named = f".without({part.python})"
        smaller = self._slice.chosen(others)
        return EventLog(self._database, replace(smaller, said=(*smaller.said, named)))

    def _lives_of(self, part: EventLog) -> str:
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

    @property
    def whole(self) -> EventLog:
        """The log this is a part of."""
        return EventLog(self._database)

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
        parts: Mapping[str, EventLog] | None = None,
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
            return self.connection.sql(f"{sql}SELECT * FROM ({query}\n)" if sql else query)
        except duckdb.ConnectionException as error:
            raise LogError("this log has been closed: open it again") from error
        except duckdb.ResourceInUseException as error:
            raise LogError("another thread reads this log: give each thread a log.fork() of its own") from error
        except duckdb.Error as error:
            raise LogError(f"the query cannot be answered: {_said(error)}") from error

    def fork(self) -> EventLog:
        """Return the same log on a connection of its own, for another thread."""
        database = self._database
        cursor = Database(database.connection.cursor(), database.name, database.path, writable=database.writable)
        return EventLog(cursor, self._slice)

    def add(
        self,
        source: Any,
        *,
        mapping: Given = "auto",
        timezone: str | None = None,
        table: str | None = None,
        state_field: StateField = None,
        system: str | None = None,
        columns: Iterable[str] | None = None,
        type: str | None = None,
    ) -> ImportReport:
        """Import more into this log, all of it or nothing; return what became of every row.

        Parameters
        ----------
        source
            A file (CSV, NDJSON, JSON, Parquet, SQLite, mysqldump; .gz or .zst), a DataFrame, a DuckDB relation
            or a list of dicts.
        mapping
            A name of `workbench mappings`, a mapping file, columns by hand, or "auto". "roster" reads an
            application's current rows instead of events.
        timezone
            The zone of times without an offset.
        table
            The table of a dump or a SQLite file.
        state_field
            The attribute that holds the state: a name, or names by type.
        system
            The source system that event ids are unique in; the mapping's name if left out.
        columns
            The names of the columns of a CSV without a header.
        type
            The aggregate type of a roster that does not name it.

        Raises
        ------
        LogError
            When this is a part of a log, or the log was opened read only.
        SourceError, MappingError, UnknownNameError, InstantError
            When the source cannot be read; nothing has changed then.
        """
        from workbench.events.adding import Options, add

        if self._slice:
            raise LogError("this is a part of a log: add to the whole log it was taken from")
        options = Options(mapping, timezone, table, state_field, system, tuple(columns) if columns else None, type)
        return add(self._database, source, options)

    def follow(
        self,
        source: str | Path,
        *,
        mapping: Given = "auto",
        timezone: str | None = None,
        table: str | None = None,
        state_field: StateField = None,
        system: str | None = None,
        columns: Iterable[str] | None = None,
        every: float = 1.0,
    ) -> Follower:
        """Return a follower: this log grows with a source, each `tick()` of it or, once started, by itself.

        What is followed becomes one import, which grows: the same as if the source were added at the end, every row
        accounted for. A file that is truncated or replaced is read from its start again, as an import of its own;
        events that were there already are duplicates. Following a source again goes on where the log's import ends.

        Parameters
        ----------
        source
            A file of JSON lines or CSV that grows (a last line without its end waits), a folder or pattern ("in/*.csv")
            whose files come and grow, or an SQLite database. Files of other kinds are added whole when they rest.
        mapping, timezone, table, state_field, system, columns
            As `add` takes them.
        every
            Seconds from one tick to the next, once started.

        Raises
        ------
        LogError
            When this is a part of a log, or the log was opened read only.
        SourceError, MappingError, InstantError
            For what can be known to be wrong at once; what goes wrong later is said by the follower.

        Examples
        --------
        `follower = log.follow("storage/events.ndjson").start()`; later `follower.pause()`, `follower.stop()`.
        """
        from workbench.events.adding import Options
        from workbench.events.following import Follower

        if self._slice:
            raise LogError("this is a part of a log: follow with the whole log it was taken from")
        if not self._database.writable:
            raise LogError(f"{self.path} was opened read only: open it with write=True to follow a source")
        options = Options(mapping, timezone, table, state_field, system, tuple(columns) if columns else None)
        return Follower(self, source, options, every)

    def remove(self, import_id: int) -> int:
        """Undo one import; return how many events went with it."""
        from workbench.events.adding import remove

        if self._slice:
            raise LogError("this is a part of a log: remove from the whole log it was taken from")
        return remove(self._database, import_id)

    def reopen(self) -> EventLog:
        """Return the stored log as it is now, with what others have added; this one is closed."""
        from workbench.events.storing import open_database

        if self.path is None:
            raise LogError("a log in memory has no file to open again")
        path, writable = self.path, self._database.writable
        self.close()
        return EventLog(open_database(path, write=writable), self._slice)

    def write(self, path: str | Path) -> Path:
        """Write the events of this log to a .parquet, .csv or .ndjson file; return its path."""
        target = Path(path)
        formats = {".parquet": "parquet", ".csv": "csv", ".ndjson": "json", ".json": "json"}
        if target.suffix not in formats:
            raise LogError(f"{target.name} should end in .parquet, .csv or .ndjson")
        options = "" if target.suffix != ".csv" else ", HEADER"
        if not target.parent.is_dir():
            raise LogError(f"there is no folder {target.parent} to write {target.name} in")
        # Parquet would make a DOUBLE of a HUGEINT.
        events = self.sql("SELECT * REPLACE (global_position::DECIMAL(38, 0) AS global_position) FROM events")
        rows = events.order("life, place").sql_query()
        self.connection.execute(f"COPY ({rows}) TO {literal(str(target))} (FORMAT {formats[target.suffix]}{options})")
        return target

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
        return f"<EventLog {events:,} events, {aggregates:,} aggregates, {first:%Y-%m-%d} to {last:%Y-%m-%d}>"

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


def _said(error: Exception) -> str:
    return " ".join(str(error).split("\n\n", maxsplit=1)[0].split())
