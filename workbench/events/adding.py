"""How is a source added to an open log: found, mapped, read, and either kept whole or not at all?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from workbench.errors import LogError, SourceError, UnknownNameError
from workbench.events.choice import Given, any_fits, choose
from workbench.events.fields import StateField, state_fields
from workbench.events.imports import ImportReport
from workbench.events.mapping import read_mapping
from workbench.events.pipeline import LANDED, WHOLE, Plan, Steps, add_events, name_types, rebuild_touched
from workbench.events.progress import Progress, on_stderr
from workbench.events.roster import add_roster
from workbench.events.sources import Landed, land
from workbench.events.staging import Clock
from workbench.instants import zone_name
from workbench.sql import Database, complaint, renew_changes, run, scratch_folder


class NotWrittenError(SourceError):
    """What was read could not be written: nothing has changed, and the next time may go well."""


@dataclass(frozen=True)
class Options:
    """What a user said about a source."""

    mapping: Given = "auto"
    timezone: str | None = None
    table: str | None = None
    state_field: StateField = None
    system: str | None = None
    columns: tuple[str, ...] | None = None
    type: str | None = None
    progress: Progress | None = None


def add(database: Database, source: Any, options: Options) -> ImportReport:
    """Import a source into an open log in one transaction."""
    return add_together(database, [(source, options)])[0]


def add_together(database: Database, sources: Sequence[tuple[Any, Options]]) -> list[ImportReport]:
    """Import several sources into an open log in one transaction, each with its own options."""
    if not database.writable:
        raise LogError(f"{database.path} was opened read only: open it with write=True to add to it")
    reports = []
    with transaction(database):
        for source, options in sources:
            with scratch_folder() as scratch:
                plan = make_plan(database.connection, source, options, scratch)
                if plan.mapping.is_roster:
                    reports.append(add_roster(database.connection, plan, options.type))
                else:
                    reports.append(add_events(database.connection, plan))
    return reports


def make_plan(connection: duckdb.DuckDBPyConnection, source: Any, options: Options, scratch: Path) -> Plan:
    """Land a source and decide how it is read."""
    # What is wrong whatever the source holds is said before a large file is read.
    if options.timezone:
        zone_name(options.timezone)
    if options.mapping != "auto":
        read_mapping(options.mapping)
    tell = options.progress or on_stderr("importing")
    landed = land(
        source,
        connection=connection,
        scratch=scratch,
        table=options.table,
        columns=options.columns,
        fits=lambda columns: any_fits(options.mapping, columns),
        progress=lambda done, whole: tell(done * LANDED // max(whole, 1), WHOLE),
    )
    return plan_of(landed, options, scratch, tell)


def plan_of(landed: Landed, options: Options, scratch: Path, tell: Progress) -> Plan:
    """Decide how the rows of a landed source are read: mapping, state fields, zone."""
    zone = zone_name(options.timezone) if options.timezone else None
    mapping, why = choose(options.mapping, landed.columns, source=landed.name, headerless=landed.headerless)
    clock = Clock(zone or mapping.zone or "UTC", landed.zoned_columns, landed.zone)
    occurred = [value.path[0] for value in mapping.columns.get("occurred_at", ()) if value.path]
    declared = landed.zone is not None and bool(set(occurred) & set(landed.zoned_columns))
    given = zone is not None or mapping.zone is not None or declared
    fields = state_fields(options.state_field, mapping.state_field)
    return Plan(landed, mapping, why, fields, clock, given, options.system or mapping.name, scratch, tell)


def remove(database: Database, import_id: int) -> int:
    """Undo one import: its events, rejected rows and roster; rebuild the lives it touched, and name the types anew."""
    if not database.writable:
        raise LogError(f"{database.path} was opened read only: open it with write=True to change it")
    connection = database.connection
    known = [row[0] for row in run(connection, "SELECT import_id FROM imports")]
    if import_id not in known:
        raise UnknownNameError.of("import", import_id, [str(number) for number in known])
    with transaction(database):
        steps = Steps(connection, import_id=import_id)
        steps.step("nothing_new")
        steps.step("lives_of_import")
        gone = steps.number(f"SELECT count(*) FROM events WHERE import_id = {import_id}")
        for table in ("events", "rejected", "rosters", "imports"):
            steps.ask(f"DELETE FROM {table} WHERE import_id = {import_id}")
        rebuild_touched(steps)
        name_types(steps)
        renew_changes(connection)
        steps.step("forget")
    return gone


@contextmanager
def transaction(database: Database) -> Iterator[None]:
    """Keep all that is done inside, or nothing of it; what else writes to this log waits for its turn."""
    with database.writes.turn:
        try:
            with _all_or_nothing(database.connection):
                yield
        finally:
            database.writes.count += 1


@contextmanager
def _all_or_nothing(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    try:
        connection.execute("BEGIN TRANSACTION")
        yield
        run(connection, "COMMIT", to_its_end=True)
    except BaseException as error:
        try:
            connection.execute("ROLLBACK")
        except duckdb.Error as second:  # a failed COMMIT has rolled back already
            error.add_note(str(second))
        if isinstance(error, (duckdb.Error, OSError)):
            raise NotWrittenError(f"the import failed and nothing was changed: {complaint(error)}") from error
        raise
