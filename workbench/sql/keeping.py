"""Where do the changes of attributes stand: kept once they were asked for, or worked out as they are asked?

In the catalog `changes` is a view over events, moves and imports, right for every client at any time. The first
question that needs the changes of more than a few events makes a table of it: in a log that can be written in the
view's place, where each import renews the lives it touches; else in a database in memory beside the log, which
every cursor of it sees (a temp table would reach none).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import duckdb

from workbench.sql.connection import Database, run
from workbench.sql.macros import questions
from workbench.sql.slices import Asked, Choice, Slice, prelude, stored
from workbench.sql.texts import literal, text

FEW = 20_000  # events whose changes are worked out in the blink of an eye
_NAME = "changes"
_BESIDE = "workbench_kept"


def kept_changes(database: Database, part: Slice, query: str) -> str | None:
    """Return the table of the changes for a query, made now if they are many; "" if there is none, None if unasked."""
    conditions = [choice.condition for choice in part.choices if isinstance(choice, Asked)]
    if not any(map(_asking().search, [query, *conditions])):
        return None
    found = _kept(database)
    return found or ("" if _are_few(database, part) else keep_changes(database) or "")


@cache
def _asking() -> re.Pattern[str]:
    """Match what reads the changes: their own name, or a question's that does, for it may be called as a macro."""
    names = [_NAME, *(question for question in questions() if re.search(rf"\b{_NAME}\b", text(question)))]
    return re.compile(rf"(?i)\b({'|'.join(names)})\b")


def keep_changes(database: Database) -> str | None:
    """Make a table of all changes; return its name, or None where another connection is at it."""
    connection, changes = database.connection, text("tables/changes")
    try:
        if database.writable:
            with database.writes.turn, _all_or_nothing(connection):
                run(connection, f"DROP VIEW {_NAME}")
                run(connection, f"CREATE TABLE {_NAME} AS {changes}")
        else:
            with contextlib.suppress(duckdb.BinderException):  # IF NOT EXISTS loses to another thread just then
                run(connection, f"ATTACH IF NOT EXISTS ':memory:' AS {_BESIDE} (READ_WRITE)")
            run(connection, f"CREATE TABLE {stored(_BESIDE, _NAME)} AS {changes}")
    except (duckdb.CatalogException, duckdb.TransactionException):
        pass
    return _kept(database)


def keeps_changes(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether the log itself holds a table of its changes."""
    where = f"table_name = '{_NAME}' AND database_name = current_database() AND schema_name = 'main'"
    return bool(run(connection, f"SELECT 1 FROM duckdb_tables() WHERE {where}"))


def renew_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Work out the changes of the lives in `seen` again, where they are kept."""
    if not keeps_changes(connection):
        return
    database = str(run(connection, "SELECT current_database()")[0][0])
    touched = "life IN (SELECT life FROM seen)"
    run(connection, f"DELETE FROM {_NAME} WHERE {touched}")
    tables = ", ".join(
        f"{table} AS MATERIALIZED (FROM {stored(database, table)} WHERE {touched})"
        for table in ("events", "moves", "lives")
    )
    run(connection, f"INSERT INTO {_NAME} WITH {tables} FROM (\n{text('tables/changes')}\n)")


def install_changes(connection: duckdb.DuckDBPyConnection) -> None:
    """Put the view into a log; a table of it that another version made is dropped."""
    if keeps_changes(connection):
        run(connection, f"DROP TABLE {_NAME}")
    run(connection, f"CREATE OR REPLACE VIEW {_NAME} AS {text('tables/changes')}")


def _kept(database: Database) -> str | None:
    rows = run(
        database.connection,
        f"SELECT database_name FROM duckdb_tables() WHERE table_name = '{_NAME}' AND schema_name = 'main' "
        f"AND database_name IN ({literal(database.name)}, '{_BESIDE}')",
    )
    return stored(str(rows[0][0]), _NAME) if rows else None


def _are_few(database: Database, part: Slice) -> bool:
    named = replace(part, choices=tuple(choice for choice in part.choices if isinstance(choice, Choice)))
    counted = f"{prelude(named, database.name)}SELECT count(*) FROM (SELECT 1 FROM events LIMIT {FEW + 1})"
    return int(run(database.connection, counted)[0][0]) <= FEW


@contextlib.contextmanager
def _all_or_nothing(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.execute("BEGIN TRANSACTION")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(duckdb.Error):  # a failed COMMIT has rolled back already
            connection.execute("ROLLBACK")
        raise
