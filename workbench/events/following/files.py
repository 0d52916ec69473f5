"""How is a file followed that is written to, rotated, truncated, replaced or gone for a while?

What is followed in pieces is in the end the one import that it would be at once. A file that begins otherwise than
it was read is another edition, with an import of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import SourceError, WorkbenchError
from workbench.events.adding import NotWrittenError, Options
from workbench.events.following.editions import Edition, identity
from workbench.events.sources.files import check_readable
from workbench.sql import Database

if TYPE_CHECKING:
    from workbench.events.imports import ImportReport


class FollowedFile:
    """A file of JSON lines or CSV as it grows; any other kind is imported whole whenever it has stopped changing.

    Parameters
    ----------
    hold
        Keep the file open: what is written to it just before it is renamed or removed is read too.
    """

    def __init__(self, path: Path, options: Options, *, hold: bool = True) -> None:
        self.path, self.name, self.options, self.hold = path, path.name, options, hold
        self.notes: list[str] = []
        self.edition: Edition | None = None
        self.parting = False

    @property
    def behind(self) -> int:
        """Return how many bytes are known to wait."""
        return self.edition.behind if self.edition else 0

    def close(self) -> None:
        """Let go of the file."""
        if self.edition is not None:
            self.edition.close()

    def take(self, database: Database, *, last: bool = False) -> ImportReport | None:
        """Import a piece of what is new, None if nothing is; `last` takes a last line without its end too.

        Raises
        ------
        SourceError
            When the file is not there or cannot be read; what was read of it stays.
        """
        there = identity(self.path)
        edition = self.edition = self.edition or self._edition(database)
        edition.open()
        if not edition.is_same():
            self.notes.append(f"{self.name} was truncated or written anew: it is read from its start again")
            edition = self._turn_to(self._edition(database))
        try:
            report = edition.read(database, last=last)
        except NotWrittenError:
            raise
        except WorkbenchError as error:
            if there in (None, edition.identity):
                raise
            self.notes.append(f"{self.name} was replaced before it could be read to its end: {error}")
            edition = self._turn_to(self._edition(database))
            report = edition.read(database, last=last)
        self.notes += edition.told()
        if report is None and there != edition.identity:
            report = self._another(database, edition, there, last=last)
        else:
            self.parting = False
        if not self.hold:
            edition.close()
        return report

    def _another(
        self, database: Database, edition: Edition, there: tuple[int, int] | None, *, last: bool
    ) -> ImportReport | None:
        """Change over to the file that has the name now, once the old one has stopped growing."""
        if there is None:
            raise SourceError(f"{self.name} is gone from {self.path.parent}: waiting for it to come back")
        if not self.parting and not last:  # whoever writes may hold the old one for a moment longer
            self.parting = True
            return None
        report, new = None, self._edition(database)
        if new.cursor.import_id != edition.cursor.import_id or new.size < edition.size:
            self.notes.append(f"{self.name} was replaced: the new file is read from its start")
            report = edition.read(database, last=True)
            new.close()
            new = self._edition(database)
        self._turn_to(new)
        return report or new.read(database, last=last)

    def _edition(self, database: Database) -> Edition:
        if not self.path.is_file():  # to open a pipe waits for whoever writes to it
            check_readable(self.path)
        edition = Edition(self.path, self.name, self.options)
        edition.resume(database)
        return edition

    def _turn_to(self, new: Edition) -> Edition:
        self.close()
        self.edition, self.parting = new, False
        return new
