"""How is a table of SQLite followed while its application writes to it?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import SourceError
from workbench.events.adding import Options
from workbench.events.choice import any_fits
from workbench.events.following.growth import Cursor, earlier, extend, shifted
from workbench.events.sources.files import check_readable
from workbench.events.sources.landing import Asked, Landed
from workbench.events.sources.sqlite import ReplacedError, Since, land_sqlite
from workbench.sql import Database, scratch_folder

if TYPE_CHECKING:
    from workbench.events.imports import ImportReport

PIECE_ROWS = 50_000  # a tick reads no more, so that its memory is bounded


class FollowedTable:
    """A table of SQLite by its rowid: rows that come are read, rows that were read are not looked at again."""

    behind = 0

    def __init__(self, path: Path, options: Options) -> None:
        self.path, self.name, self.options = path, path.name, options
        self.notes: list[str] = []
        self.table = options.table
        self.cursor: Cursor | None = None

    def close(self) -> None:
        """Hold nothing: the database is opened for each reading."""

    def take(self, database: Database, *, last: bool = False) -> ImportReport | None:  # noqa: ARG002  rows are whole
        """Import a piece of what is new, None if nothing is.

        Raises
        ------
        SourceError
            When the database is not there, locked, or has no such table.
        """
        check_readable(self.path)
        with scratch_folder() as scratch:
            if self.cursor is None:
                self.cursor = self._resumed(database, scratch)
            try:
                landed = self._land(database, scratch, self.cursor)
            except ReplacedError:
                self.notes.append(f"{self.name} was replaced or rows were deleted: it is read from its start again")
                self.cursor = Cursor()
                landed = self._land(database, scratch, self.cursor)
            self.table = landed.table
            if not landed.rows:
                return None
            piece = shifted(landed, self.cursor.rows)
            report, self.cursor = extend(database, piece, self.cursor, self.options, scratch)
            return report

    def _resumed(self, database: Database, scratch: Path) -> Cursor:
        """Return how far an import got whose last row is still there."""
        for cursor in reversed(earlier(database, self.name, self.options)):
            try:
                self._land(database, scratch, cursor, limit=0)
            except ReplacedError:
                continue
            return cursor
        return Cursor()

    def _land(self, database: Database, scratch: Path, cursor: Cursor, limit: int = PIECE_ROWS) -> Landed:
        asked = Asked(
            self.path, self.name, database.connection, scratch, self.table,
            fits=lambda columns: any_fits(self.options.mapping, columns),
        )  # fmt: skip
        try:
            return land_sqlite(asked, Since(limit, cursor.upto, cursor.proof))
        except ReplacedError:
            raise
        except SourceError as error:
            if "locked" in str(error):
                raise SourceError(f"{self.name} is locked by whoever writes to it: trying again") from error
            raise
