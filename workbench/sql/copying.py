"""How do rows become a file that is whole, or none?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from workbench.errors import SourceError
from workbench.sql.complaints import complaint
from workbench.sql.connection import run
from workbench.sql.texts import literal
from workbench.writing import whole_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def copy_out(connection: DuckDBPyConnection, query: str, target: Path, form: str) -> None:
    """Write the rows of a query to a file, whole or not at all; Ctrl-C stops it.

    Raises
    ------
    SourceError
        When the file cannot be written, and why.
    """
    with place_to_copy(target) as place:
        run(connection, f"COPY ({query}) TO {place} ({form}, USE_TMP_FILE false)")


@contextmanager
def place_to_copy(target: Path) -> Iterator[str]:
    """Give the place, as SQL, of a COPY that writes a file whole or not at all."""
    try:
        with whole_file(target) as part:
            yield literal(str(part))
    except duckdb.IOException as error:
        raise SourceError(f"{target} cannot be written: {complaint(error).rpartition(': ')[2]}") from error
