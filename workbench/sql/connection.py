"""How is a log opened, and how is a long statement run so that Ctrl-C stops it?"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb

from workbench.errors import LogError
from workbench.sql.complaints import complaint

MEMORY_LIMIT = "1500MB"
_STORAGE = "v1.4.0"


class Writes:
    """What the connections of one opened log share: whose turn it is to write, and how often one of them has."""

    def __init__(self) -> None:
        self.turn = threading.RLock()
        self.count = 0


class Database:
    """One opened DuckDB database and the temp directory that goes with it."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        name: str,
        path: Path | None,
        *,
        writable: bool,
        writes: Writes | None = None,
    ) -> None:
        self.connection = connection
        self.name = name
        self.path = path
        self.writable = writable
        self.writes = writes or Writes()
        self.tracks: tuple[int, bool] | None = None
        self.has_macros = path is not None
        self.at_close: list[Callable[[], object]] = []

    def fork(self) -> Database:
        """Return the same database on a connection of its own."""
        cursor = self.connection.cursor()
        return Database(cursor, self.name, self.path, writable=self.writable, writes=self.writes)

    @property
    def unfolded(self) -> int:
        """Bytes that are committed and not yet in the log's one file."""
        beside = wal(self.path) if self.path is not None else None
        return beside.stat().st_size if beside is not None and beside.exists() else 0

    @property
    def room(self) -> int:
        """Bytes that the disk of the log's one file has left."""
        return 0 if self.path is None else shutil.disk_usage(self.path.absolute().parent).free

    def close(self) -> None:
        """Close the connection, after what still writes to the log; a log in memory is gone then."""
        for stop in [*self.at_close]:  # each takes itself out
            stop()
        self.connection.close()


def connect(path: str | Path | None = None, *, write: bool = True, memory_limit: str = MEMORY_LIMIT) -> Database:
    """Return an opened database: a file, or one in memory without a path.

    Raises
    ------
    LogError
        When the file is missing, is no DuckDB database, is held by another process, is already open here
        in another mode, or comes from a newer DuckDB.
    """
    # The tiny 1.4 storage version lets older DuckDB clients open a log and run its macros.
    config: dict[str, Any] = {
        "memory_limit": memory_limit,
        "temp_directory": str(spill_folder()),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "storage_compatibility_version": _STORAGE,
    }
    target = ":memory:" if path is None else str(path)
    try:
        connection = duckdb.connect(target, read_only=not write and path is not None, config=config)
    except (duckdb.Error, OSError) as error:
        raise LogError(_why_not_opened(str(path), error, write=write)) from error
    # SET alone is lost by cursors.
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    name = str(connection.execute("SELECT current_database()").fetchall()[0][0])
    return Database(connection, name, None if path is None else Path(path), writable=write or path is None)


def _why_not_opened(path: str, error: Exception, *, write: bool) -> str:
    message = str(error)
    if "lock" in message.lower():
        way_out = "close it there"
        if write:
            way_out += ", or import with --replace, which adds in a copy and renames it over the log"
        return f"{path} is held by another process{'' if write else ', which writes to it'} ({way_out})"
    if "different configuration" in message:
        return f"{path} is already open in this process in another mode: close that log first"
    if "newer" in message.lower() or "storage version" in message.lower():
        return f"{path} was written by a newer DuckDB: upgrade duckdb ({complaint(error)})"
    if "not a valid DuckDB" in message or "not a database" in message.lower():
        return f"{path} is not a log: it is no DuckDB database file (import an export into a log first)"
    if "enough bytes" in message or "orrupt" in message or "checksum" in message.lower():
        return f"{path} is damaged or cut short: no log can be read from it"
    return f"{path} cannot be opened: {complaint(error)}"


def run(
    connection: duckdb.DuckDBPyConnection, sql: str, values: Any = None, *, to_its_end: bool = False
) -> list[tuple[Any, ...]]:
    """Return the rows of a statement; Ctrl-C interrupts it within a second and leaves the connection usable.

    DuckDB holds the main thread inside `execute`, where a signal may wait for the whole query. With `to_its_end`
    Ctrl-C waits, and comes too late if the statement succeeds.
    """
    if threading.current_thread() is not threading.main_thread():
        return _rows(connection, sql, values)
    done = threading.Event()
    outcome: dict[str, Any] = {}

    def work() -> None:
        try:
            outcome["rows"] = _rows(connection, sql, values)
        except BaseException as error:  # noqa: BLE001  handed to the waiting thread, which raises it
            outcome["error"] = error
        finally:
            done.set()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while not done.wait(0.2):
            pass
    except KeyboardInterrupt:
        # Again and again: DuckDB forgets an interrupt that comes just before a statement begins.
        while not done.wait(0.1):
            if not to_its_end:
                connection.interrupt()
        worker.join()
        if not to_its_end or "error" in outcome:
            raise
    worker.join()
    if "error" in outcome:
        raise outcome["error"]
    return list(outcome["rows"])


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Any) -> list[tuple[Any, ...]]:
    cursor = connection.execute(sql, values) if values is not None else connection.execute(sql)
    return cursor.fetchall() if cursor.description else []


def wal(path: Path) -> Path:
    """Return where DuckDB keeps what is committed and not yet in the file."""
    return path.with_name(path.name + ".wal")


def spill_folder() -> Path:
    """Return where DuckDB puts what does not fit into memory: a folder of this user's own, made when needed."""
    user = os.getuid() if hasattr(os, "getuid") else ""
    return Path(tempfile.gettempdir()) / f"workbench-spill-{user}"


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a temp folder of ours for the length of an import."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
