"""How do the tables of a part of a log become files that any DuckDB reads, and a log again?

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
    "moves": "life, field, move",
    "lives": "life, field",
    "variants": "path",
    "rosters": "import_id, aggregate_type, aggregate_id, attributes::VARCHAR",
    "imports": "import_id",
    "rejected": "import_id, position",
}
_HUGE = {"events": "global_position", "moves": "path", "lives": "path", "variants": "path"}
_LEFT_OUT = {
    "imports": "NULL::TIMESTAMP AS started_at, NULL::TIMESTAMP AS finished_at",
    "rejected": "unhex(sha256(raw)) AS raw",
}
TABLES = tuple(_ORDER)
DATABASE = "evidence"  # of the database in which the tables are views, here and in question.sql
_ALIAS = re.compile(r"unnamed_relation_[0-9a-f]+")


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
def opened(tables: Path, beside: Path, like: EventLog) -> Iterator[EventLog]:
    """Give the log that tables make up: views of the files, in a database of one thread, so that sums never differ.

    Times are counted in the hours of the log that it is `like`.
    """
    beside.mkdir(parents=True)
    database = connect(beside / f"{DATABASE}.duckdb")
    with EventLog(database, Slice(hours=like._slice.hours)) as log:  # noqa: SLF001  its hours alone
        run(log.connection, "SET threads = 1")
        for statement in views(f"{tables.as_posix()}/"):
            run(log.connection, statement)
        yield log


def views(folder: str) -> Iterator[str]:
    """Return the statements that make a log of the files in a folder."""
    for table in TABLES:
        huge = _HUGE.get(table)
        shown = f"* REPLACE ({huge}::HUGEINT AS {huge})" if huge else "*"
        yield f"CREATE VIEW {table} AS SELECT {shown} FROM {literal(f'{folder}{table}.parquet')}"
    yield f"CREATE VIEW changes AS {text('tables/changes').rstrip()}"


def script(answer: DuckDBPyRelation, heading: list[str]) -> str:
    """Return the SQL of an answer as a script for any DuckDB, run where the tables are."""
    names: dict[str, str] = {}
    query = _ALIAS.sub(lambda found: names.setdefault(found[0], f"answer_{len(names) + 1}"), answer.sql_query())
    comment = "\n".join(f"-- {line}" for line in heading)
    making = ";\n".join(
        ["SET TimeZone = 'UTC'", "SET threads = 1", f"ATTACH ':memory:' AS {DATABASE}", f"USE {DATABASE}"]
    )
    return f"{comment}\n\n{making};\n" + ";\n".join(views("tables/")) + f";\n\n{query.rstrip().rstrip(';')};\n"
