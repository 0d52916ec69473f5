"""How a Parquet file is read: in place, each row as an object of JSON that keeps every digit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import duckdb

from workbench.errors import SourceError
from workbench.events.sources.landing import RAW_LIMIT, Asked, Landed, Spot, path_literal, text_literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AS_TEXT = ("DECIMAL", "HUGEINT", "UHUGEINT", "FLOAT")


def land_parquet(asked: Asked, kind: str = "parquet") -> Landed:
    """Return the rows of a Parquet file as objects, read in place."""
    file = f"read_parquet({path_literal(asked.path)}, file_row_number=true)"
    try:
        described = asked.connection.execute(f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {file}").fetchall()
        counted = asked.connection.execute(f"SELECT count(*) FROM {file}").fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0].partition("Error: ")[2].partition(" '")[0]
        raise SourceError(f"{asked.name} is no whole Parquet file ({reason}): write it again") from error
    pairs = ", ".join(f"{text_literal(name)}, {_expression(name, type_)}" for name, type_, *_ in described)
    query = f"SELECT file_row_number + 1 AS position, json_object({pairs})::VARCHAR AS line FROM {file}"
    return Landed(
        name=asked.name,
        kind=kind,
        query=query,
        rows=counted[0][0],
        refused=(),
        sha256=None,
        size=asked.path.stat().st_size,
        zone=None,
        columns=tuple(name for name, *_ in described),
        headerless=False,
        locate=partial(_find, asked.connection, query),
    )


def _expression(name: str, type_: str) -> str:
    """Return the SQL of a column's value in JSON: no digit is rounded, NaN is null, a blob is text or hex digits."""
    column = '"' + name.replace('"', '""') + '"'
    if type_ == "DOUBLE":
        other = f"CASE WHEN NOT isnan({column}) THEN to_json({column}::VARCHAR) END"
        return f"CASE WHEN isfinite({column}) THEN to_json({column}) ELSE {other} END"
    if type_ == "BLOB":
        return f"coalesce(TRY(decode({column})), lower(hex({column})))"
    if type_.startswith(_AS_TEXT) and not type_.endswith("]"):
        value = f"{column}::VARCHAR"
        return f"nullif({value}, 'nan')" if type_ == "FLOAT" else value
    return column


def _find(connection: DuckDBPyConnection, query: str, positions: Sequence[int]) -> dict[int, Spot]:
    """Return rows of a source that has no bytes of its own as the JSON they became, without an offset."""
    wanted = ", ".join(str(int(position)) for position in positions) or "NULL"
    found = connection.execute(f"SELECT position, line FROM ({query}) WHERE position IN ({wanted})").fetchall()
    return {position: (None, None, line.encode()[:RAW_LIMIT]) for position, line in found}
