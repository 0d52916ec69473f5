"""How any export becomes one shape: JSON lines, one object a row, nothing lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.errors import SourceError
from workbench.events.sources.delimited import land_delimited
from workbench.events.sources.files import check_readable, digest, kind_of
from workbench.events.sources.landing import Asked, Landed, Progress, Refused
from workbench.events.sources.mysqldump import land_mysqldump
from workbench.events.sources.ndjson import land_ndjson

if TYPE_CHECKING:
    import duckdb

__all__ = ["Landed", "Refused", "land"]

_READERS: dict[str, Callable[[Asked], Landed]] = {
    "ndjson": land_ndjson,
    "csv": land_delimited,
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
    """Return a source as JSON lines that the connection can read, with every row that cannot be one refused.

    Parameters
    ----------
    source : path
        An export file.
    connection : duckdb connection
        On which the answer's `query` will run.
    scratch : Path
        An existing folder of the caller's; every copy goes there.
    table : str, optional
        The table of a dump or database; needed only where several fit.
    columns : sequence of str, optional
        Names for the columns of a CSV file that has no header, or instead of its header.
    fits : callable, optional
        Whether any mapping fits a table with the given columns.
    progress : callable, optional
        Called now and then with bytes done and bytes in all.

    Raises
    ------
    SourceError
        When the source cannot be read as rows at all.
    """
    path = Path(source)
    size = check_readable(path)
    asked = Asked(path, path.name, connection, scratch, table, tuple(columns) if columns else None, fits, progress)
    try:
        return _land_file(asked, size)
    except OSError as error:
        raise SourceError(_trouble(path, scratch, error)) from error


def _land_file(asked: Asked, size: int) -> Landed:
    kind = kind_of(asked.path, asked.name)
    reader = _READERS[kind]
    with ThreadPoolExecutor(1) as beside:
        sha256 = None if kind == "ndjson" else beside.submit(digest, asked.path)
        landed = reader(asked)
        return replace(landed, sha256=landed.sha256 if sha256 is None else sha256.result(), size=size)


def _trouble(path: Path, scratch: Path, error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"no room left in {scratch} to read {path.name}: free some space or set TMPDIR to a larger disk"
    return f"{path.name} cannot be read: {error.strerror or os.strerror(error.errno or 0)}"
