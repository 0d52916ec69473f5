"""How rows in hand become JSON lines: a DataFrame, a relation, a polars or Arrow table, a list of dicts."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import SourceError
from workbench.events.sources.landing import Asked, Landed, Sheet, keys_of, open_sheet
from workbench.events.sources.lines import find_sheet_lines, first_lines, flaw
from workbench.events.sources.literals import json_of_bytes
from workbench.events.sources.parquet import land_parquet

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation
    from pandas import DataFrame, Series

_TOLD_EVERY = 10_000
_LOST_BY_PARQUET = {"HUGEINT", "UHUGEINT", "BIGNUM", "VARINT", "BIT", "TIME WITH TIME ZONE"}


def land_rows_in_hand(source: Any, asked: Asked) -> Landed:
    """Return the rows of a table in hand as objects; the table itself is left as it is.

    Raises
    ------
    SourceError
        When it is nothing that has rows.
    """
    path = asked.scratch / f"table-{id(asked):x}.parquet"
    kind = type(source).__module__.split(".")[0]
    if kind == "pandas" and hasattr(source, "columns"):
        asked.connection.from_df(_plain_frame(source)).to_parquet(str(path))
    elif kind in {"duckdb", "_duckdb"} and hasattr(source, "to_parquet"):
        _kept(source).to_parquet(str(path))
    elif kind == "polars" and hasattr(source, "lazy"):
        source.lazy().collect().write_parquet(path)
    elif kind == "pyarrow" and hasattr(source, "schema"):
        asked.connection.from_arrow(source).to_parquet(str(path))
    elif isinstance(source, Iterable) and not isinstance(source, (str, bytes, Mapping)):
        return _land_objects(source, asked)
    else:
        raise SourceError(
            f"rows cannot be read from a value of type {type(source).__name__}: give a path, a DataFrame, "
            "a relation or a list of dicts"
        )
    return land_parquet(replace(asked, path=path), "table")


def _kept(relation: DuckDBPyRelation) -> DuckDBPyRelation:
    """Return a relation whose columns Parquet keeps: what it would round becomes text."""
    names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    kept = [
        f"{name}::VARCHAR AS {name}" if str(type_) in _LOST_BY_PARQUET else name
        for name, type_ in zip(names, relation.types, strict=True)
    ]
    return relation.project(", ".join(kept))


def _plain_frame(frame: DataFrame) -> DataFrame:
    """Return a frame that DuckDB reads without guessing: mixed columns as text, whole numbers whole."""
    plain = {str(name): _plain_column(column) for name, column in frame.items()}
    return type(frame)(plain)


def _plain_column(column: Series[Any]) -> Series[Any]:
    kind = column.dtype.kind if hasattr(column.dtype, "kind") else "O"
    if kind == "f":
        known = column.dropna()
        # a column of whole numbers with a gap: pandas made it float, 42 must not become 42.0
        whole = len(known) < len(column) and bool((known % 1 == 0).all()) and bool((known.abs() < 2**53).all())
        return column.astype("Int64") if whole else column
    if kind in "biuMm" or str(column.dtype) in {"string", "str", "category"}:
        return column
    return column.map(_text_of).astype("object")


def _text_of(value: Any) -> str | None:
    """Return what one value of a mixed column says, JSON for a dict or a list."""
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, (Mapping, list, tuple, set)):
        return _json_line(value).decode()
    if isinstance(value, bytes):
        return str(json.loads(json_of_bytes(value)))
    if isinstance(value, bool):
        return str(value).lower()
    if value != value or type(value).__name__ in {"NAType", "NaTType"}:  # noqa: PLR0124  NaN differs from itself
        return None
    return str(_known(value))


def _land_objects(source: Iterable[Any], asked: Asked) -> Landed:
    """Return dicts as the objects they are; a row that JSON cannot say is refused alone."""
    with open_sheet(asked) as sheet:
        for row in source:
            _write(sheet, row)
            if sheet.rows % _TOLD_EVERY == 0:
                asked.tell(sheet.rows, len(source) if isinstance(source, list) else sheet.rows)
    return Landed(
        name=asked.name,
        kind="table",
        query=sheet.query,
        rows=sheet.rows,
        refused=tuple(sheet.refused),
        sha256=None,
        size=sheet.path.stat().st_size,
        zone=None,
        columns=keys_of(first_lines(sheet.path)),
        headerless=False,
        locate=partial(find_sheet_lines, sheet.path),
    )


def _write(sheet: Sheet, row: Any) -> None:
    try:
        line = _json_line(row)
    except (ValueError, TypeError, RecursionError, UnicodeEncodeError):
        sheet.refuse(None, None, repr(row).encode(errors="replace"), "cannot be written as JSON")
        return
    reason = flaw(line)
    if reason is None:
        sheet.write(line + b"\n", 1, len(line))
    else:
        sheet.refuse(None, None, line, reason)


def _json_line(row: Any) -> bytes:
    """Return a value as JSON, NaN as null."""
    try:
        text = json.dumps(row, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_known)
    except ValueError:
        text = json.dumps(_finite(row), ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_known)
    return text.encode()


def _finite(value: Any) -> Any:
    """Return a value with NaN as null and an infinity as text."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    return [_finite(each) for each in value] if isinstance(value, (list, tuple)) else value


def _known(value: Any) -> Any:
    """Return a value JSON does not know as one it does: times in ISO, numbers and ids as text."""
    if type(value).__name__ in {"NAType", "NaTType"}:
        return None
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return json.loads(json_of_bytes(bytes(value)))
    if isinstance(value, (Mapping, set, frozenset)):
        return dict(value) if isinstance(value, Mapping) else sorted(value, key=str)
    if hasattr(value, "item") and hasattr(value, "dtype"):
        return value.item() if not getattr(value, "shape", ()) else value.tolist()
    return str(getattr(value, "value", value))


def shown_name(source: Any) -> str:
    """Return what to call a source that has no file name.

    Examples
    --------
    >>> shown_name([{"id": 1}])
    'list'
    """
    name = type(source).__name__
    return "relation" if name == "DuckDBPyRelation" else name


def is_path(source: Any) -> bool:
    """Whether a source is the path of a file."""
    return isinstance(source, (str, Path)) or hasattr(source, "__fspath__")
