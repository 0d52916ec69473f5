"""How any export becomes one shape: JSON lines, one object a row, nothing lost."""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import SourceError
from workbench.events.sources.delimited import land_delimited
from workbench.events.sources.document import land_document
from workbench.events.sources.files import check_readable, digest, kind_of, packed_name
from workbench.events.sources.frames import is_path, land_rows_in_hand, shown_name
from workbench.events.sources.landing import Asked, Landed, Progress, Refused
from workbench.events.sources.mysqldump import land_mysqldump
from workbench.events.sources.ndjson import land_ndjson
from workbench.events.sources.parquet import land_parquet
from workbench.events.sources.sqlite import land_sqlite
from workbench.events.sources.unpacking import PACKED, decode_utf16, unpack

if TYPE_CHECKING:
    import duckdb

__all__ = ["Landed", "Refused", "land"]

_READERS: dict[str, Callable[[Asked], Landed]] = {
    "ndjson": land_ndjson,
    "csv": land_delimited,
    "json": land_document,
    "parquet": land_parquet,
    "sqlite": land_sqlite,
    "mysqldump": land_mysqldump,
}


def land(
    source: Any,
    *,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    table: str | None = None,
    columns: Sequence[str] | None = None,
    fits: Callable[[Sequence[str]], bool] | None = None,
    progress: Progress | None = None,
) -> Landed:
    """Return a source as JSON lines that `connection` can read, every row that cannot be one refused.

    Parameters
    ----------
    source : path, DataFrame, relation, polars or Arrow table, or iterable of dicts
        An export file, packed (gzip, zstd) or plain; or rows in hand, which are not changed.
    scratch : Path
        An existing folder of the caller's; every copy goes there.
    table, fits : str and callable, optional
        The table of a dump or database; else the only one whose columns `fits` accepts.
    columns : sequence of str, optional
        Names for the columns of a file that has no header, or instead of its header.
    progress : callable, optional
        Called now and then with bytes (or rows) done and in all.

    Raises
    ------
    SourceError
        When the source cannot be read as rows at all.
    """
    path, name = (Path(source), Path(source).name) if is_path(source) else (Path(), shown_name(source))
    asked = Asked(path, name, connection, scratch, table, tuple(columns or ()) or None, fits, progress)
    try:
        landed = _land_file(asked) if is_path(source) else land_rows_in_hand(source, asked)
    except OSError as error:
        raise SourceError(_trouble(asked, error)) from error
    if table is not None and landed.table is None:
        raise SourceError(f"{name} has no tables to choose from, so none named {table!r}: leave the table out")
    return landed


def _land_file(asked: Asked) -> Landed:
    """Read a file by its content, unpacked first where it is packed; its sha256 is of the bytes as given."""
    size = check_readable(asked.path)
    kind, plain = kind_of(asked.path, asked.name), asked
    notes: tuple[str, ...] = ()
    if kind == "ndjson":
        return land_ndjson(asked)
    with ThreadPoolExecutor(1) as beside:
        sha256 = beside.submit(digest, asked.path)
        if kind in PACKED:
            plain = replace(asked, path=unpack(asked, kind))
            kind = kind_of(plain.path, packed_name(asked.name))
        if kind == "utf-16":
            plain = replace(asked, path=decode_utf16(plain))
            kind, notes = kind_of(plain.path, asked.name), ("read from UTF-16: byte offsets are those in UTF-8",)
        if kind not in _READERS:
            raise SourceError(f"{asked.name} is packed twice ({kind}): unpack it first")
        landed = _READERS[kind](plain)
        upto = landed.upto if plain is asked else None
        return replace(landed, sha256=sha256.result(), size=size, notes=(*landed.notes, *notes), upto=upto)


def _trouble(asked: Asked, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"no room left in {asked.scratch} to read {asked.name}: free some space or set TMPDIR to a larger disk"
    return f"{asked.name} cannot be read: {error.strerror or error}"
