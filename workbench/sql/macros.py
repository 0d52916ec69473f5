"""How can another DuckDB client ask our questions of a stored log? Each is a table macro in it.

The library itself never calls them: it renders the same files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

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


def macros() -> Iterator[str]:
    """Return the statement that makes each question a macro; its values are named parameters that may be left out."""
    for question in questions():
        body = text(question)
        named = _HOLE.sub(lambda hole: _LEFT_OUT.get(hole[1], "{}").format(hole[1]), body)
        values = ", ".join(f"{name} := NULL" for name in dict.fromkeys(_HOLE.findall(body)))
        yield f"CREATE OR REPLACE MACRO {question}({values}) AS TABLE {named}"
