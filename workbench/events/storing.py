"""How is a log opened, made, extended or replaced on disk?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from workbench.errors import LogError, nearest
from workbench.events.adding import Options, add_together, transaction
from workbench.events.choice import Given
from workbench.events.fields import StateField
from workbench.events.imports import ImportReport, together
from workbench.events.log import EventLog
from workbench.events.pipeline import Steps, rebuild_touched
from workbench.sql import Database, complaint, connect, install_changes, make_macros, run, text, wal

FORMAT = 4
_DUCKDB_MAGIC = b"DUCK"
_WRITER = (f"statecraft-workbench {version('statecraft-workbench')}", duckdb.__version__)


def read_events(
    source: Any,
    *,
    mapping: Given = "auto",
    timezone: str | None = None,
    table: str | None = None,
    state_field: StateField = None,
    system: str | None = None,
    columns: Iterable[str] | None = None,
) -> EventLog:
    """Return a log in memory, read from an export, a DataFrame, a DuckDB relation or a list of dicts.

    Parameters
    ----------
    source, mapping, timezone, table, state_field, system, columns
        As `EventLog.add` takes them.

    Raises
    ------
    SourceError, MappingError, UnknownNameError, InstantError
        When the source cannot be read; each says what was expected.

    Examples
    --------
    >>> log = read_events([
    ...     {"case_id": 1, "activity": "pending", "timestamp": "2026-01-01 10:00"},
    ...     {"case_id": 1, "activity": "paid", "timestamp": "2026-01-01 11:00"},
    ... ])
    >>> log
    <EventLog 2 events, 1 aggregate, 2026-01-01 to 2026-01-01>
    """
    names = tuple(columns) if columns else None
    return read_events_reported(source, Options(mapping, timezone, table, state_field, system, names))[0]


def read_events_reported(source: Any, options: Options) -> tuple[EventLog, ImportReport]:
    """Return a log in memory and what became of every row of its source."""
    database = _made(connect())
    try:
        report = add_together(database, [(source, options)])[0]
    except BaseException:
        database.close()
        raise
    return EventLog(database), report


def empty_log() -> EventLog:
    """Return a log in memory without events, to add to or to follow with."""
    return EventLog(_made(connect()))


def open_log(path: str | Path, *, write: bool = False) -> EventLog:
    """Return a stored log, read only; with `write=True` to extend it, or to make one that is not there.

    Raises
    ------
    LogError
        When there is no such log, the file is not one, another process holds it, or a newer workbench wrote it.
    """
    target = Path(path)
    if not target.exists():
        if not write:
            raise LogError(_no_such_log(target))
        _make_file(target)
    return EventLog(open_database(target, write=write))


def import_into(
    path: str | Path,
    sources: Sequence[Any],
    options: Options | None = None,
    *,
    rosters: dict[str, Any] | None = None,
    replace_file: bool = False,
) -> ImportReport:
    """Import sources and rosters into a stored log, all or nothing; return what became of every row.

    A new log is made beside its name and renamed when it is whole. `replace_file` adds in a copy and renames
    that over the log, so that processes reading it keep what they opened.
    """
    target, chosen = Path(path), options or Options()
    if not target.exists():
        with _in_place_of(target) as part, EventLog(connect(part)) as log:
            _made(log._database)  # noqa: SLF001  the log's own floor
            report = _add_all(log, sources, chosen, rosters or {})
            _fold(log)
        return report
    if not replace_file:
        with EventLog(open_database(target, write=True)) as log:
            return _add_all(log, sources, chosen, rosters or {})
    target = target.resolve()
    # Held to the end, so that nobody writes what the copy would not have.
    with EventLog(open_database(target, write=False)), _in_place_of(target) as part:
        with EventLog(_copied(target, part)) as log:
            report = _add_all(log, sources, chosen, rosters or {})
            _fold(log)
        return report


def _add_all(log: EventLog, sources: Sequence[Any], options: Options, rosters: dict[str, Any]) -> ImportReport:
    every = [(source, options) for source in sources]
    every += [(source, replace(options, mapping="roster", type=name)) for name, source in rosters.items()]
    return together(add_together(log._database, every))  # noqa: SLF001  the log's own floor


def _make_file(target: Path) -> None:
    with _in_place_of(target) as part, EventLog(connect(part)) as log:
        _made(log._database)  # noqa: SLF001
        _fold(log)


@contextmanager
def _in_place_of(target: Path) -> Iterator[Path]:
    """Give the file in which a log is made; it takes the target's place when all has gone well, else it is gone."""
    part = target.with_name(target.name + ".part")
    _check_folder(target.parent)
    _remove_stale(part, target)
    try:
        yield part
        os.replace(part, target)  # noqa: PTH105  atomic on every platform
        wal(target).unlink(missing_ok=True)  # of the file that was there: the copy holds it, DuckDB would trip over it
    except (duckdb.Error, OSError) as error:
        _remove(part)
        raise LogError(f"{target} cannot be made: {complaint(error)}") from error
    except BaseException:
        _remove(part)
        raise


def _copied(target: Path, part: Path) -> Database:
    """Return a copy of a stored log; what a killed process left in its .wal is part of it."""
    shutil.copy(target, part)
    if wal(target).exists():
        shutil.copy(wal(target), wal(part))
    return open_database(part, write=True)


def _fold(log: EventLog) -> None:
    """Bring all that was written into the one file that is renamed, its .wal would stay behind."""
    run(log.connection, "CHECKPOINT")


def _remove_stale(part: Path, target: Path) -> None:
    """Remove what a killed import left behind, not what a running one is making."""
    if part.exists():
        try:
            connect(part).close()
        except LogError as error:
            if "held by another process" in str(error):
                raise LogError(f"another process is making or replacing {target}: wait until it is done") from error
    _remove(part)


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise LogError(f"there is no folder {folder} to make a log in")
    if not os.access(folder, os.W_OK):
        raise LogError(f"the folder {folder} cannot be written: make the log elsewhere")


def _remove(part: Path) -> None:
    for leftover in (part, wal(part)):
        leftover.unlink(missing_ok=True)


def _made(database: Database) -> Database:
    # In one transaction, as the disk is waited for after each.
    run(database.connection, f"BEGIN TRANSACTION; {text('schema')}")
    _install(database)
    run(database.connection, "INSERT INTO about VALUES (?, ?, ?, 1, 1)", [FORMAT, *_WRITER])
    run(database.connection, "COMMIT")
    return database


def _install(database: Database) -> None:
    install_changes(database.connection)
    if database.path is not None:
        make_macros(database)


def open_database(path: Path, *, write: bool) -> Database:
    """Return the database of a stored log, or say why the file is none."""
    if path.is_dir():
        raise LogError(f"{path} is a folder: name the log file in it")
    with path.open("rb") as file:
        if _DUCKDB_MAGIC not in file.read(16):
            raise LogError(
                f"{path} is not a log: it is no DuckDB file (import it first: workbench import {path} --into LOG)"
            )
    if write and not os.access(path, os.W_OK):
        raise LogError(f"{path} cannot be written: check the file's permissions")
    database = connect(path, write=write)
    try:
        about = run(database.connection, "SELECT format, written_by, hash_version FROM about")
    except duckdb.Error as error:
        database.close()
        raise LogError(f"{path} is a DuckDB database but not a log: it has no table `about`") from error
    if about[0][0] > FORMAT:
        database.close()
        raise LogError(
            f"{path} was written by a newer version ({about[0][1]}): upgrade statecraft-workbench to read it"
        )
    if about[0][0] < FORMAT:
        database.close()
        raise LogError(f"{path} has the tables of an older version ({about[0][1]}): import its sources again")
    if write and about[0][1:] != _WRITER:
        _renew(database)
    return database


def _renew(database: Database) -> None:
    """Bring a log that another version wrote up to this one: its macros, and its paths where hash() may differ."""
    with transaction(database):
        _install(database)
        if run(database.connection, "SELECT hash_version FROM about")[0][0] != duckdb.__version__:
            steps = Steps(database.connection, import_id=0)
            steps.step("nothing_new")
            steps.step("lives_all")
            rebuild_touched(steps)
            steps.step("forget")
        run(database.connection, "UPDATE about SET written_by = ?, hash_version = ?", list(_WRITER))


def _no_such_log(target: Path) -> str:
    folder = target.parent
    there = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    near = nearest(target.name, there)
    return f"there is no log {target}: " + (
        f"did you mean {folder / near}?" if near else "import an export into it first"
    )
