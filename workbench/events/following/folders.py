"""How is a folder followed: files that come, each of which may grow?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import SourceError, WorkbenchError
from workbench.events.adding import NotWrittenError, Options
from workbench.events.following.files import FollowedFile
from workbench.events.following.tables import FollowedTable
from workbench.events.imports import together
from workbench.events.sources.files import kind_of
from workbench.events.sources.frames import is_path
from workbench.sql import Database

if TYPE_CHECKING:
    from workbench.events.following.growth import Growing
    from workbench.events.imports import ImportReport

PATIENCE = 0.5  # seconds: what of a folder takes longer waits for the next tick
_LOOKS = 2  # at a file that has not changed: some kinds are read only once they have stopped changing


def followed(source: object, options: Options) -> Growing:
    """Return a source as something to follow: a file, a folder or the files of a pattern, a table of SQLite.

    Raises
    ------
    SourceError
        When it is nothing that grows.
    """
    if not is_path(source):
        raise SourceError(
            f"a {type(source).__name__} cannot be followed: name a file that grows, a folder, or an SQLite database"
        )
    path = Path(str(source))
    if path.is_dir():
        return FollowedFolder(path, "*", options)
    if not path.exists() and any(mark in path.name for mark in "*?["):
        return FollowedFolder(path.parent, path.name, options)
    return FollowedPath(path, options)


class FollowedPath:
    """A file or an SQLite database, whichever stands there when it first does."""

    def __init__(self, path: Path, options: Options, *, hold: bool = True) -> None:
        self.path, self.options, self.hold = path, options, hold
        self.found: FollowedFile | FollowedTable | None = None

    @property
    def notes(self) -> list[str]:
        """What happened to it, in sentences."""
        return self.found.notes if self.found else []

    @property
    def behind(self) -> int:
        """Return how many bytes are known to wait."""
        return self.found.behind if self.found else 0

    def take(self, database: Database, *, last: bool = False) -> ImportReport | None:
        """Import a piece of what is new, None if nothing is."""
        if self.found is None:
            if self.path.is_file() and not self.path.stat().st_size:
                return None
            is_table = self.path.is_file() and kind_of(self.path, self.path.name) == "sqlite"
            made = FollowedTable(self.path, self.options) if is_table else None
            self.found = made or FollowedFile(self.path, self.options, hold=self.hold)
        return self.found.take(database, last=last)

    def move(self, path: Path) -> None:
        """Take note of the name that the file has now; its import keeps the first one."""
        self.path = path
        if self.found:
            self.found.path = path
            if isinstance(self.found, FollowedFile) and self.found.edition:
                self.found.edition.path = path

    def close(self) -> None:
        """Let go of what is held."""
        if self.found:
            self.found.close()


@dataclass
class _Looked:
    """What was found when a file of a folder was last looked at, and how often it has been the same since."""

    file: FollowedPath
    state: tuple[int, int] = (-1, -1)
    times: int = 0
    trouble: str | None = None


class FollowedFolder:
    """The files of a folder, in the order of their names; a file that is renamed stays the same."""

    def __init__(self, folder: Path, pattern: str, options: Options) -> None:
        self.folder, self.pattern, self.options = folder, pattern, options
        self.looked: dict[tuple[int, int], _Looked] = {}
        self.notes: list[str] = []

    @property
    def behind(self) -> int:
        """Return how many bytes are known to wait."""
        return sum(looked.file.behind for looked in self.looked.values())

    def close(self) -> None:
        """Hold nothing: each file is opened for its reading."""

    def take(self, database: Database, *, last: bool = False) -> ImportReport | None:
        """Import a piece of what is new in each file that changed, as far as time allows.

        Raises
        ------
        SourceError
            When the folder is not there, or a file of it cannot be read; the others are read all the same.
        """
        reports, started = [], time.monotonic()
        for looked in self._changed(last=last):
            if time.monotonic() - started > PATIENCE and not last:
                break
            again = False
            try:
                report = looked.file.take(database, last=last)
                looked.trouble = None
            except WorkbenchError as error:
                report, looked.trouble = None, str(error)
                again = isinstance(error, NotWrittenError)
            looked.times = 0 if report or again else looked.times + 1
            reports += [report] if report else []
            self.notes += looked.file.notes
            looked.file.notes.clear()
        if reports:
            return together(reports)
        for looked in self.looked.values():
            if looked.trouble:
                raise SourceError(looked.trouble)
        return None

    def _changed(self, *, last: bool) -> list[_Looked]:
        """Return the files that are new or have changed; those that are gone are forgotten."""
        try:
            paths = sorted(self.folder.iterdir())
        except OSError as error:
            raise SourceError(f"the folder {self.folder} cannot be read: {error.strerror}") from error
        there: dict[tuple[int, int], _Looked] = {}
        changed = []
        for path in paths:
            if path.name.startswith(".") or not fnmatch(path.name, self.pattern) or not path.is_file():
                continue
            stat = path.stat()
            known = stat.st_dev, stat.st_ino
            looked = self.looked.get(known) or _Looked(FollowedPath(path, self.options, hold=False))
            looked.file.move(path)
            state = stat.st_size, stat.st_mtime_ns
            if state != looked.state:
                looked.state, looked.times = state, 0
            there[known] = looked
            if last or looked.times < _LOOKS:
                changed.append(looked)
        self.looked = there
        return changed
