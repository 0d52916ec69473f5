"""How a table of an SQLite database is read: by the standard library, never written to."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
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


class _Text(bytes):
    """Bytes of a TEXT value, told apart from a BLOB."""

    __slots__ = ()


def land_sqlite(asked: Asked) -> Landed:
    """Return the rows of one table as objects; a text that is not UTF-8 refuses its row."""
    choice = Choice(asked)
    try:
        with closing(_opened(asked)) as database, open_sheet(asked) as sheet:
            found = {
                name: columns for name, columns in _tables(database, asked) if choice.is_meant(name, tuple(columns))
            }
            name = choice.settle()
            _write(asked, database, sheet, name, found[name])
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
    )


def _opened(asked: Asked) -> sqlite3.Connection:
    """Open read only; a write-ahead log beside a file in a folder that is not ours to write is left aside."""
    address = f"file:{quote(str(asked.path.resolve()))}?mode=ro"
    database = sqlite3.connect(address, uri=True)
    try:
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        database.close()
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


def _write(asked: Asked, database: sqlite3.Connection, sheet: Sheet, name: str, columns: dict[str, str]) -> None:
    """Write the rows in the order of the table's own key."""
    database.text_factory = _Text
    total = database.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()[0]
    keys = [json.dumps(column, ensure_ascii=False).encode() for column in columns]
    heads = [(b"," if place else b"{") + key + b":" for place, key in enumerate(keys)]
    readers = [partial(_json, fixed=type_.startswith("binary")) for type_ in columns.values()]
    listed = ", ".join(map(_quoted, columns))
    try:
        rows = database.execute(f"SELECT {listed} FROM {_quoted(name)} ORDER BY rowid")
    except sqlite3.OperationalError:  # a view, or a table WITHOUT ROWID, which is kept in the order of its key
        rows = database.execute(f"SELECT {listed} FROM {_quoted(name)}")
    for row in rows:
        _write_row(sheet, heads, readers, row)
        if sheet.rows % 10_000 == 0:
            asked.tell(sheet.rows, total)


def _write_row(
    sheet: Sheet, heads: list[bytes], readers: Sequence[Callable[[Any], bytes]], row: tuple[Any, ...]
) -> None:
    try:
        cells = zip(heads, readers, row, strict=True)
        line = b"".join([head + reader(value) for head, reader, value in cells]) + b"}\n"
        line.decode()
    except UnicodeDecodeError:
        sheet.refuse(None, None, repr(row).encode(), "not UTF-8")
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
