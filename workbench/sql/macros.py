"""How can SQL, from another DuckDB client too, ask our questions of a log? Each is a table macro in it.

The library itself never calls them: it renders the same files. A log in memory, which no other client opens, is given
them at the first call: to make them takes as long as to read a small export.
"""

from __future__ import annotations

import re
from importlib.resources import files

import duckdb

from workbench.sql.connection import Database, run
from workbench.sql.texts import text

# Without an instant the log's last event is meant, and the state of every day, as in Python.
_LEFT_OUT = {
    "instant": "coalesce({}, (SELECT max(effective_at) FROM events))",
    "step": "coalesce({}, INTERVAL 1 DAY)",
    "grain": "coalesce({}, 900000000)",
    "stride": "coalesce({}, 86400000000)",
    "zone": "coalesce({}, 'UTC')",
}
_HOLE = re.compile(r"\$([a-z_]+)\b")


def questions() -> list[str]:
    """Return the names of the questions that stand in `workbench/sql/*.sql`."""
    names = (entry.name for entry in files("workbench.sql").iterdir())
    return sorted(name.removesuffix(".sql") for name in names if name.endswith(".sql") and name != "schema.sql")


def make_macros(database: Database) -> None:
    """Make each question a macro; its values are named parameters that may be left out."""
    for question in questions():
        body = text(question)
        named = _HOLE.sub(lambda hole: _LEFT_OUT.get(hole[1], "{}").format(hole[1]), body)
        values = ", ".join(f"{name} := NULL" for name in dict.fromkeys(_HOLE.findall(body)))
        run(database.connection, f"CREATE OR REPLACE MACRO {question}({values}) AS TABLE {named}")
    database.has_macros = True


def answered(database: Database, query: str) -> duckdb.DuckDBPyRelation:
    """Return the answer of a query that may call a question as a macro."""
    try:
        return database.connection.sql(query)
    except duckdb.CatalogException:
        if database.has_macros:
            raise
        make_macros(database)
        return database.connection.sql(query)
