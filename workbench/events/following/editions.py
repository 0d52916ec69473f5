"""What of one file was read already, and what is read of it next?"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from workbench.errors import SourceError, WorkbenchError
from workbench.events.adding import NotWrittenError, Options, add, remove
from workbench.events.following.growth import Cursor, earlier, extend, shifted
from workbench.events.following.pieces import (
    FIRST_ROWS,
    LINES,
    Reading,
    copy_piece,
    decide,
    kind_so_far,
    land_piece,
)
from workbench.events.sources.dialect import SAMPLE
from workbench.events.sources.landing import BLOCK, Asked, Landed
from workbench.sql import Database, scratch_folder

if TYPE_CHECKING:
    from workbench.events.imports import ImportReport

_KNOWN_BY = 1024  # bytes before the place reached; where others stand there, the file was written anew
State = tuple[int, int]


def identity(path: Path) -> tuple[int, int] | None:
    """Return which file has this name, None if none has."""
    with suppress(FileNotFoundError):
        state = path.stat()
        return state.st_dev, state.st_ino
    return None


class Edition:
    """One file, whatever its name: how far it was read, into which import, and how."""

    def __init__(self, path: Path, name: str, options: Options) -> None:
        self.path, self.name, self.options = path, name, options
        self.file: BinaryIO | None = None
        self.cursor, self.digest, self.known_by = Cursor(upto=0), hashlib.sha256(), b""
        self.reading: Reading | None = None
        self.notes: list[str] = []
        self.seen: State | None = None
        self.whole: tuple[State, str | None] | None = None
        self.behind = 0
        state = os.fstat(self.open().fileno())
        self.identity = state.st_dev, state.st_ino

    def open(self) -> BinaryIO:
        """Return the file, opened if it is not."""
        if self.file is None:
            try:
                self.file = self.path.open("rb")
            except OSError as error:
                raise SourceError(f"{self.path} cannot be read: {error.strerror}") from error
        return self.file

    def close(self) -> None:
        """Let go of the file."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def told(self) -> list[str]:
        """Return the notes since the last time."""
        notes, self.notes = self.notes, []
        return notes

    @property
    def size(self) -> int:
        """Bytes of the file now."""
        return os.fstat(self.open().fileno()).st_size

    @property
    def upto(self) -> int:
        """Bytes of the file that were read."""
        return self.cursor.upto or 0

    def is_same(self) -> bool:
        """Tell whether the file still ends, as far as it was read, as it did then."""
        if self.size < self.upto:
            return False
        file = self.open()
        file.seek(self.upto - len(self.known_by))
        return file.read(len(self.known_by)) == self.known_by

    def resume(self, database: Database) -> None:
        """Go on with the import that holds the most of what the file begins with, if one does."""
        digest, at, file = hashlib.sha256(), 0, self.open()
        file.seek(0)
        known_by = b""
        for cursor in earlier(database, self.name, self.options):
            upto = cursor.upto or 0
            while at < upto and (block := file.read(min(BLOCK, upto - at))):
                digest.update(block)
                known_by = (known_by + block)[-_KNOWN_BY:]
                at += len(block)
            if at == upto and known_by.endswith(b"\n") and digest.hexdigest() == cursor.proof:
                self.cursor, self.digest, self.known_by = cursor, digest.copy(), known_by

    def read(self, database: Database, *, last: bool = False) -> ImportReport | None:
        """Import a piece of what is new, None if nothing is."""
        size = self.size
        self.behind = size - self.upto
        if not self.behind:
            return None
        if self.reading is not None and self.reading.kind not in LINES:
            return self._read_whole(database, last=last)
        with scratch_folder() as scratch:
            asked = Asked(
                scratch / "piece", self.name, database.connection, scratch, self.options.table, self.options.columns
            )
            whole = copy_piece(self.open(), self.upto, size, asked.path, last=last)
            if not whole:
                waits = self.upto or kind_so_far(self.open(), size, asked) in LINES
                return None if waits else self._read_whole(database, last=last)
            self._decide(database, asked, self.upto + whole)
            if self.reading is None or self.reading.kind not in LINES:
                return self._read_whole(database, last=last)
            landed = land_piece(asked, self.reading, first=not self.upto, last=last)
            return self._extend(database, asked, landed) if landed.rows else None

    def _decide(self, database: Database, asked: Asked, size: int) -> None:
        """Choose how the file is read; begin again where its first rows, now that there are more, say otherwise."""
        if self.reading is not None and self.cursor.rows >= FIRST_ROWS and self.upto >= SAMPLE:
            return
        reading = decide(self.open(), size, asked, self.options)
        before, self.reading = self.reading, reading
        begun = self.cursor.import_id is not None
        if before is not None and begun and not reading.same_as(before):
            remove(database, self.cursor.import_id or 0)
            self.notes.append(f"{self.name} reads otherwise now that more of it is there: it is imported anew")
            self._restart(asked, size)
        elif before is None and begun and reading.mapping != self.cursor.mapping:
            self._restart(asked, size)

    def _restart(self, asked: Asked, size: int) -> None:
        self.cursor, self.digest, self.known_by = Cursor(upto=0), hashlib.sha256(), b""
        copy_piece(self.open(), 0, size, asked.path, last=True)

    def _extend(self, database: Database, asked: Asked, landed: Landed) -> ImportReport:
        used = landed.upto or 0
        digest, known_by = self.digest.copy(), self.known_by
        with asked.path.open("rb") as piece:
            while used and (block := piece.read(min(BLOCK, used))):
                digest.update(block)
                known_by = (known_by + block)[-_KNOWN_BY:]
                used -= len(block)
        upto = self.upto + (landed.upto or 0)
        of_file = shifted(replace(landed, name=self.name), self.cursor.rows, self.upto)
        of_file = replace(of_file, sha256=digest.hexdigest(), upto=upto)
        report, self.cursor = extend(database, of_file, self.cursor, self.options, asked.scratch)
        self.digest, self.known_by = digest, known_by
        self.behind = self.size - upto
        return report

    def _read_whole(self, database: Database, *, last: bool) -> ImportReport | None:
        """Import a file that does not grow line by line, as soon as it has stopped changing (or this is the `last`)."""
        now = os.fstat(self.open().fileno())
        state = now.st_size, now.st_mtime_ns
        self.behind = 0
        if self.whole is not None and self.whole[0] == state:
            if self.whole[1]:
                raise SourceError(self.whole[1])
            return None
        if state != self.seen and not last:
            self.seen = state
            return None
        try:
            report = add(database, self.path, self.options)
        except NotWrittenError:
            raise
        except WorkbenchError as error:
            self.whole = state, str(error)
            raise
        self.whole = state, None
        return report
