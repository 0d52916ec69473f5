"""What is a log, which parts of it can be held, and how does it grow?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError
from workbench.events.conditions import Conditions, Names, met
from workbench.events.imports import ImportReport
from workbench.events.reading import Reading
from workbench.instants import Instant, instant
from workbench.sql import (
    Asked,
    Choice,
    copy_out,
    hours,
    literal,
)

if TYPE_CHECKING:
    from workbench.events.choice import Given
    from workbench.events.fields import StateField
    from workbench.events.following import Follower


class EventLog(Reading):
    """An imported set of lives in DuckDB, or a part of one: whole lives, or beginnings of lives.

    Made by `read_events` and `open_log`. Questions are functions that take it.
    """

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
            every.append(f"life IN (SELECT life FROM lives {met(self, predicate, 'lives')})")
        asked = Asked(" AND ".join(every) or "true", self._slice)
        named = {name: value for name, value in vars(conditions).items() if value is not None}
        said = [predicate] if predicate is not None else []
        return EventLog(self._database, self._slice.chosen(asked).saying("where", *said, **named))

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

    @property
    def whole(self) -> EventLog:
        """The log this is a part of."""
        return EventLog(self._database)

    @property
    def all_lives(self) -> EventLog:
        """All lives of the log this is a part of, up to the same instant and in the same hours."""
        return EventLog(self._database, replace(self._slice, choices=(), said=()))

    def fork(self) -> EventLog:
        """Return the same log on a connection of its own, for another thread."""
        return EventLog(self._database.fork(), self._slice)

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
        every: float = 0.75,
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
            Seconds from one tick to the next, once started: what is shown is never much older than a second.

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
        # Parquet would make a DOUBLE of a HUGEINT.
        events = self.sql("SELECT * REPLACE (global_position::DECIMAL(38, 0) AS global_position) FROM events")
        rows = events.order("life, place").sql_query()
        copy_out(self.connection, rows, target, f"FORMAT {formats[target.suffix]}{options}")
        return target
