"""Which aggregate does a name mean, and which is nearest when there is none?"""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb

from workbench.errors import UnknownNameError
from workbench.sql import stored


class Aggregates:
    """The aggregates of a stored log, whatever part of it is held."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, database: str) -> None:
        self._connection = connection
        self._rows = (
            f"(SELECT aggregate_type, type, aggregate_id, life FROM {stored(database, 'lives')} UNION ALL "
            f"SELECT aggregate_type, type, aggregate_id, NULL FROM {stored(database, 'rosters')})"
        )

    def types(self) -> dict[str, str]:
        """Return aggregate type -> short name."""
        types = f"SELECT aggregate_type, any_value(type) FROM {self._rows} GROUP BY aggregate_type"
        return dict(self._connection.execute(types).fetchall())

    def full_type(self, name: str) -> str:
        """Return the aggregate type that a short or full name means."""
        short_of = self.types()
        by_name = {short: full for full, short in short_of.items()} | {full: full for full in short_of}
        if name in by_name:
            return by_name[name]
        alike = sorted(short for full, short in short_of.items() if re.split(r"[\\./:]", full)[-1] == name)
        if alike:
            raise UnknownNameError(f"{name} is ambiguous: write {' or '.join(alike)}")
        raise UnknownNameError.of("aggregate type", name, short_of.values())

    def lives(self, full_type: str, wanted: Sequence[str]) -> list[int]:
        """Return the lives of some aggregates; one that only a roster knows has none."""
        found = self._connection.execute(
            f"SELECT aggregate_id, life FROM {self._rows} WHERE aggregate_type = $type AND aggregate_id IN $wanted",
            {"type": full_type, "wanted": list(wanted)},
        ).fetchall()
        missing = [aggregate_id for aggregate_id in wanted if aggregate_id not in {row[0] for row in found}]
        if missing:
            raise UnknownNameError(self._no_such(full_type, missing[0]))
        return sorted({life for _, life in found if life is not None})

    def _no_such(self, full_type: str, aggregate_id: str) -> str:
        near = self._connection.execute(
            f"SELECT aggregate_id FROM {self._rows} WHERE aggregate_type = $type GROUP BY aggregate_id "
            "ORDER BY jaro_winkler_similarity(aggregate_id, $id) DESC, aggregate_id LIMIT 3",
            {"type": full_type, "id": aggregate_id},
        ).fetchall()
        nearest = ", ".join(repr(row[0]) for row in near)
        return f"no {self.types()[full_type]} has the id {aggregate_id!r}: the nearest are {nearest}"
