"""How does a part of a log become files that any DuckDB reads, and a log again?

The files hold the events, and what was rejected or given beside them. All else follows from these and is worked out
anew, by the very statements of an import: nobody need believe what he can work out.

Parquet keeps every type but HUGEINT, which it would make a DOUBLE of: those are DECIMAL(38, 0) in the files. When a
file was imported says nothing about an answer and would change its bytes, so that is left out; of a rejected row
there is only a hash, for it belongs to no part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.events import EventLog
from workbench.sql import Slice, connect, literal, run, text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

_ORDER = {
    "events": "life, place",
    "rosters": "import_id, aggregate_type, aggregate_id, attributes::VARCHAR",
    "imports": "import_id",
    "rejected": "import_id, position",
}
_HUGE = {"events": "global_position"}
_LEFT_OUT = {
    "imports": "NULL::TIMESTAMP AS started_at, NULL::TIMESTAMP AS finished_at",
    "rejected": "unhex(sha256(raw)) AS raw",
}
_FOLLOWING = ("moves", "lives", "variants")
TABLES = (*_ORDER, *_FOLLOWING, "changes")
_ANSWER = "answer"  # the table that question.sql leaves
DATABASE = "evidence"  # of the database in which the tables are views, here and in question.sql
_ALIAS = re.compile(r"unnamed_relation_[0-9a-f]+")
_CREATED = re.compile(r"^CREATE TABLE (\w+) \(.*?^\)", re.DOTALL | re.MULTILINE)


def copied(log: EventLog, folder: Path, *, changed: dict[str, str] | None = None) -> Path:
    """Write the tables of a log, each a Parquet file in a folder; `changed` replaces columns of a table."""
    folder.mkdir(parents=True)
    for table, order in _ORDER.items():
        huge = _HUGE.get(table)
        columns = [f"{huge}::DECIMAL(38, 0) AS {huge}" if huge else "", _LEFT_OUT.get(table, "")]
        replaced = ", ".join(filter(None, [*columns, (changed or {}).get(table, "")]))
        shown = f"* REPLACE ({replaced})" if replaced else "*"
        rows = log.sql(f"SELECT {shown} FROM {table} ORDER BY {order}")
        saved(log.connection, rows, folder / f"{table}.parquet", "FORMAT parquet, COMPRESSION zstd")
    return folder


def saved(connection: DuckDBPyConnection, rows: DuckDBPyRelation, path: Path, form: str) -> None:
    """Write a relation to a file, as a stream; Ctrl-C stops it."""
    run(connection, f"COPY ({rows.sql_query()}) TO {literal(str(path))} ({form})")


@contextmanager
def opened(files: Path, beside: Path, like: EventLog, *, whole: bool = True) -> Iterator[EventLog]:
    """Give the log that files make up, in a database of one thread, so that sums never differ.

    Times are counted in the hours of the log that it is `like`. Where it is not needed `whole`, nothing is worked out.
    """
    beside.mkdir(parents=True)
    database = connect(beside / f"{DATABASE}.duckdb")
    with EventLog(database, Slice(hours=like._slice.hours)) as log:  # noqa: SLF001  its hours alone
        run(log.connection, "SET threads = 1")
        making = [*_views(f"{files.as_posix()}/"), *(_following() if whole else ())]
        run(log.connection, ";\n".join(["BEGIN TRANSACTION", *making, "COMMIT"]))
        yield log


def _views(folder: str) -> Iterator[str]:
    """Return the statements that read the files in a folder."""
    for table in _ORDER:
        huge = _HUGE.get(table)
        shown = f"* REPLACE ({huge}::HUGEINT AS {huge})" if huge else "*"
        yield f"CREATE VIEW {table} AS SELECT {shown} FROM {literal(f'{folder}{table}.parquet')}"


def _following() -> Iterator[str]:
    """Return the statements that work out what follows from the events: those of an import, for all lives at once."""
    created = {found[1]: found[0] for found in _CREATED.finditer(text("schema"))}
    yield from (created[table] for table in _FOLLOWING)
    yield "CREATE VIEW seen AS SELECT DISTINCT life, aggregate_type, type, aggregate_id FROM events"
    began = "first_value(occurred_at) OVER (PARTITION BY life ORDER BY place) AS began_at"
    yield f"CREATE VIEW placed AS SELECT *, {began} FROM events"
    yield "CREATE TEMP TABLE paths_before (path HUGEINT)"
    yield from (text(f"steps/{step}").rstrip() for step in ("stays", "write_moves", "write_lives", "write_variants"))
    yield f"CREATE VIEW changes AS {text('tables/changes').rstrip()}"


def script(answer: DuckDBPyRelation, heading: list[str]) -> str:
    """Return the SQL of an answer as a script for any DuckDB, run where the tables are; it leaves a table."""
    names: dict[str, str] = {}
    query = _ALIAS.sub(lambda found: names.setdefault(found[0], f"answer_{len(names) + 1}"), answer.sql_query())
    comment = "\n".join(f"-- {line}".rstrip() for line in heading)
    making = ["SET TimeZone = 'UTC'", "SET threads = 1", f"ATTACH ':memory:' AS {DATABASE}", f"USE {DATABASE}"]
    making += [*_views("tables/"), *_following(), _kept(query), f"FROM {_ANSWER}"]
    return f"{comment}\n\n" + ";\n\n".join(making) + ";\n"


def table_of(answer: DuckDBPyRelation, connection: DuckDBPyConnection) -> DuckDBPyRelation:
    """Return an answer as the table that question.sql leaves, worked out once."""
    run(connection, _kept(answer.sql_query()))
    return connection.table(_ANSWER)


def _kept(query: str) -> str:
    return f"CREATE TABLE {_ANSWER} AS\n{query.rstrip().rstrip(';')}"
