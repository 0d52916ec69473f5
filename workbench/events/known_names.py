"""Does a log have a state, actor, event type or attribute of a name, and which of its own is nearest?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import UnknownNameError
from workbench.sql import literal

if TYPE_CHECKING:
    from workbench.events.reading import Reading

_COLUMNS = {
    "state": ("moves", "to_state"),
    "actor": ("events", "actor"),
    "event type": ("events", "event_type"),
    "attribute": ("changes", "path"),
}
_NEAREST = 100


def known_name(log: Reading, kind: str, name: str) -> str:
    """Return the name if the log has it, else say the nearest."""
    table, column = _COLUMNS[kind]
    if not log.sql(f"SELECT 1 FROM {table} WHERE {column} = {literal(name)} LIMIT 1").fetchall():
        near = log.sql(
            f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} "
            f"ORDER BY jaro_winkler_similarity({column}, {literal(name)}) DESC, {column} LIMIT {_NEAREST}"
        ).fetchall()
        raise UnknownNameError.of(kind, name, [row[0] for row in near], where="this log")
    return name
