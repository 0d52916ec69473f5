"""How a table of an SQLite database is read: by the standard library, never written to."""

from __future__ import annotations

import hashlib
import json
import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from workbench.errors import SourceError
from workbench.events.sources.escapes import json_text
from workbench.events.sources.landing import Asked, Landed, Sheet, open_sheet
from workbench.events.sources.lines import find_sheet_lines
from workbench.events.sources.literals import json_of_bytes
from workbench.events.sources.tables import Choice

_SAFE = 10**18
_PATIENCE = 0.1  # seconds: a follower comes again


class _Text(bytes):
    """Bytes of a TEXT value, told apart from a BLOB."""

    __slots__ = ()


@dataclass(frozen=True)
class Since:
    """Where the reading of a growing table goes on: after which row, and with how many rows at most."""

    limit: int
    rowid: int | None = None
    last_row: str | None = None


class ReplacedError(SourceError):
    """The row last read of a growing table is another one now, or gone."""


def land_sqlite(asked: Asked, since: Since | None = None) -> Landed:
    """Return the rows of one table as objects, all or those `since`; a text that is not UTF-8 refuses its row."""
    choice = Choice(asked)
    try:
        with closing(_opened(asked, growing=since is not None)) as database, open_sheet(asked) as sheet:
            found = {
                name: columns for name, columns in _tables(database, asked) if choice.is_meant(name, tuple(columns))
            }
            name = choice.settle()
            table = _Table(database, name, found[name], growing=since is not None)
            if since and since.rowid is not None and table.proof(since.rowid) != since.last_row:
                raise ReplacedError(f"{asked.name} was replaced: its rows are read from the first on again")
            upto = table.write(asked, sheet, since)
            last_row = None if upto is None else table.proof(upto)
    except sqlite3.Error as error:
        raise SourceError(f"{asked.name} cannot be read as an SQLite database: {error}") from error
    return Landed(
        name=asked.name,
        kind="sqlite",
        query=sheet.query,
        rows=sheet.rows,
        refused=tuple(sheet.refused),
        sha256=None,
        size=asked.path.stat().st_size,
        zone=None,
        columns=tuple(found[name]),
        headerless=False,
        locate=partial(find_sheet_lines, sheet.path),
        table=name,
        upto=upto,
        last_row=last_row,
    )


def _opened(asked: Asked, *, growing: bool) -> sqlite3.Connection:
    """Open read only; a write-ahead log beside a file in a folder that is not ours to write is left aside."""
    address = f"file:{quote(str(asked.path.resolve()))}?mode=ro"
    database = sqlite3.connect(address, uri=True, timeout=_PATIENCE if growing else 5)
    try:
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        database.close()
        if growing:  # what is being written must not be read as if it never changed
            raise
        database = sqlite3.connect(address + "&immutable=1", uri=True)
    return database


def _tables(database: sqlite3.Connection, asked: Asked) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each table that has rows (a view only when it is named) with its columns and their declared types."""
    text = (
        "SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    )
    for name, type_ in database.execute(text).fetchall():
        if type_ == "view" and (asked.table or "").casefold() != name.casefold():
            continue
        if database.execute(f"SELECT 1 FROM {_quoted(name)} LIMIT 1").fetchone():
            declared = database.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
            yield name, {column[1]: str(column[2]).lower() for column in declared}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class _Table:
    """A table whose rows are written as objects, in the order of its own key."""

    def __init__(self, database: sqlite3.Connection, name: str, columns: dict[str, str], *, growing: bool) -> None:
        database.text_factory = _Text
        self.database, self.name = database, _quoted(name)
        keys = [json.dumps(column, ensure_ascii=False).encode() for column in columns]
        self.heads = [(b"," if place else b"{") + key + b":" for place, key in enumerate(keys)]
        self.readers = [partial(_json, fixed=type_.startswith("binary")) for type_ in columns.values()]
        self.listed = ", ".join(map(_quoted, columns))
        self.rowid = next((alias for alias in ("rowid", "_rowid_", "oid") if alias not in map(str.lower, columns)), "")
        try:
            database.execute(f"SELECT {self.rowid or 'NULL'} FROM {self.name} LIMIT 0")
        except sqlite3.OperationalError:  # a view, or a table WITHOUT ROWID, which is kept in the order of its key
            self.rowid = ""
        if growing and not self.rowid:
            raise SourceError(f"{name} has no rowid, so its new rows cannot be told: follow a table that has one")

    def write(self, asked: Asked, sheet: Sheet, since: Since | None) -> int | None:
        """Write the rows; return the rowid of the last one, None without any."""
        where, last = "", since.rowid if since else None
        if self.rowid:
            after = f"WHERE {self.rowid} > {last}" if last is not None else ""
            where = f"{after} ORDER BY {self.rowid} LIMIT {since.limit if since else -1}"
        total = 0 if since else self.database.execute(f"SELECT count(*) FROM {self.name}").fetchone()[0]
        chosen = f"SELECT {self.rowid or 'NULL'}, {self.listed} FROM {self.name} {where}"
        for last, *row in self.database.execute(chosen):  # noqa: B007  the last one is returned
            _write_row(sheet, self.heads, self.readers, row)
            if sheet.rows % 10_000 == 0:
                asked.tell(sheet.rows, total)
        return last

    def proof(self, rowid: int) -> str | None:
        """Return the sha256 of a row, None where it is gone."""
        found = self.database.execute(f"SELECT {self.listed} FROM {self.name} WHERE {self.rowid} = {rowid}").fetchone()
        return None if found is None else hashlib.sha256(repr(found).encode()).hexdigest()


def _write_row(sheet: Sheet, heads: list[bytes], readers: Sequence[Callable[[Any], bytes]], row: Sequence[Any]) -> None:
    try:
        cells = zip(heads, readers, row, strict=True)
        line = b"".join([head + reader(value) for head, reader, value in cells]) + b"}\n"
        line.decode()
    except UnicodeDecodeError:
        sheet.refuse(None, None, repr(tuple(row)).encode(), "not UTF-8")
    else:
        sheet.write(line, 1, len(line))


def _json(value: bytes | float | None, *, fixed: bool) -> bytes:
    """Return a value of SQLite as JSON."""
    if value is None:
        return b"null"
    if isinstance(value, int):
        return b"%d" % value if abs(value) < _SAFE else b'"%d"' % value
    if isinstance(value, float):
        return repr(value).encode() if math.isfinite(value) else json_text(repr(value).encode())
    if isinstance(value, _Text):
        return json_text(value)
    return json_of_bytes(bytes(value), fixed=fixed)
