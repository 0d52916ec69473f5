"""Which rows the INSERT statements of a dump hold, read as text and never executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from workbench.events.sources.landing import LINE_LIMIT
from workbench.events.sources.lines import TOO_LONG
from workbench.events.sources.literals import VALUE
from workbench.events.sources.window import Window

_NAME = rb'(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\w$]+)'
_FULL_NAME = rb"((?:" + _NAME + rb"\s*\.\s*)?" + _NAME + rb")"
_STRING = rb"'[^'\\]*+(?:(?:\\.|'')[^'\\]*+)*+'|" + rb'"[^"\\]*+(?:(?:\\.|"")[^"\\]*+)*+"' + rb"|`[^`]*+`"
_BLANK = re.compile(rb"(?:[\s;]+|--[^\n]*\n|\#[^\n]*\n)*")
_BEGINNING = re.compile(rb"[^\s;#-]")
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_PIECES = re.compile(
    rb"(?:[^;'\"`/\#-]++|" + _STRING + rb"|/(?=[^*])|/\*.*?\*/|-(?=[^-]|-\S)|--\s[^\n]*+\n|\#[^\n]*+\n)*+", re.DOTALL
)
_END = re.compile(rb";")
_STATEMENT = re.compile(_PIECES.pattern + rb";?", re.DOTALL)
_INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+(?:(?:IGNORE|DELAYED|LOW_PRIORITY|HIGH_PRIORITY)\s+)?(?:INTO\s+)?"
    + _FULL_NAME
    + rb"\s*(?:\(((?:\s*"
    + _NAME
    + rb"\s*,?)+)\)\s*)?VALUES?\s*(?=\()",
    re.IGNORECASE,
)
_CREATE = re.compile(
    rb"CREATE\s+(?:TEMPORARY\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?" + _FULL_NAME + rb"\s*\(", re.IGNORECASE
)
_COLUMN = re.compile(rb"\s*(" + _NAME + rb")\s+(\w+)")
_INNER = re.compile(rb"(" + _STRING + rb"|/\*.*?\*/)|([(),])", re.DOTALL)
_NOT_COLUMNS = {"primary", "key", "unique", "constraint", "index", "fulltext", "spatial", "foreign", "check", "period"}
_ZONE = re.compile(rb"\bTIME_ZONE\s*=\s*['\"]([^'\"]+)['\"]", re.IGNORECASE)
_DELIMITER = re.compile(rb"DELIMITER[ \t]+(\S+)[^\n]*(?:\n|\Z)", re.IGNORECASE)
_DELIMITED = re.compile(rb"(?:(?!DELIMITER[ \t]+;)[^\n]*\n)*", re.IGNORECASE)
_NEXT_TUPLE = re.compile(rb"\)\s*(?:,\s*(?=\()|;)")
_CLOSE = rb"\s*\)\s*(,\s*(?=\()|;|(?=[A-Za-z])|\Z)"
_ANY_TUPLE = re.compile(rb"\(\s*" + VALUE + rb"(?:\s*,\s*" + VALUE + rb")*+" + _CLOSE, re.DOTALL)
_ONE_VALUE = re.compile(VALUE, re.DOTALL)


@dataclass
class Table:
    """A table of a dump: its columns with their types, and the zone that was set when its rows were written."""

    name: str
    types: dict[str, str] = field(default_factory=dict)
    zone: str | None = None
    numbered: bool = False


class Tuple(NamedTuple):
    """One row of an INSERT: its literals, or why it could not be taken apart."""

    table: Table
    columns: tuple[str, ...]
    offset: int
    raw: bytes
    literals: tuple[bytes, ...]
    reason: str | None


Wanted = Callable[[Table, tuple[str, ...]], bool]
Inside = tuple[Table, tuple[str, ...]]


class Statements:
    """Reads a dump statement by statement."""

    def __init__(self, file: BinaryIO, wanted: Wanted, offset: int = 0) -> None:
        self.window, self.wanted = Window(file, offset), wanted
        self.tables: dict[str, Table] = {}
        self.zone: str | None = None

    def tuples(self, inside: Inside | None = None) -> Iterator[Tuple]:
        """Yield the rows of the wanted tables; `inside` says whose rows the dump is in the middle of."""
        window = self.window
        if inside is not None:
            yield from _tuples(window, *inside)
        while True:
            window.skip(_BLANK, _BEGINNING)
            if not window.left:
                return
            word = window.data[window.at : window.at + 8].upper()
            if word.startswith((b"INSERT", b"REPLACE")) and (found := window.match(_INSERT, LINE_LIMIT)):
                yield from self._insert(found)
            else:
                self._other(word)

    def _insert(self, found: re.Match[bytes]) -> Iterator[Tuple]:
        """Yield the rows of an INSERT whose table is wanted."""
        self.window.at = found.end()
        name = _plain_name(found[1])
        table = self.tables.setdefault(name.casefold(), Table(name))
        table.zone = table.zone or self.zone
        columns = tuple(map(_plain_name, re.findall(_NAME, found[2]))) if found[2] else tuple(table.types)
        if not columns:
            columns, table.numbered = _numbered(self.window), True
        if self.wanted(table, columns):
            yield from _tuples(self.window, table, columns)
        else:
            self.window.skip(_PIECES, _END)

    def _other(self, word: bytes) -> None:
        """Read past a statement, keeping what it says about zones and columns."""
        window = self.window
        if word.startswith(b"/*"):
            found = window.match(_COMMENT, LINE_LIMIT)
        elif word.startswith(b"DELIMITE"):
            found = window.match(_DELIMITER, LINE_LIMIT)
            if found and found[1] != b";":
                window.at = found.end()
                window.skip(_DELIMITED, _DELIMITER)
                return
        elif word.startswith((b"CREATE", b"SET")):
            found = window.match(_STATEMENT, LINE_LIMIT)
        else:
            before = window.offset
            window.skip(_PIECES, _END)
            window.at += window.offset == before
            return
        text = found[0] if found else b""
        # a comment or statement without an end: step over its first byte, so that the rest is still looked at
        window.at += max(1, len(text))
        self._learn(text)

    def _learn(self, text: bytes) -> None:
        if (zone := _ZONE.search(text)) and zone[1].upper() != b"SYSTEM":
            self.zone = zone[1].decode(errors="replace")
        if created := _CREATE.match(text):
            name = _plain_name(created[1])
            self.tables[name.casefold()] = Table(name, _column_types(text[created.end() :]))


def _plain_name(name: bytes) -> str:
    """Return a name without its database and its quotes."""
    last: bytes = re.findall(_NAME, name)[-1]
    quote = last[:1]
    if quote in b'`"':
        last = last[1:-1].replace(quote * 2, quote)
    return last.decode(errors="replace")


def _column_types(body: bytes) -> dict[str, str]:
    """Return the columns of a CREATE TABLE with their types in small letters."""
    types: dict[str, str] = {}
    depth, start = 1, 0
    for found in _INNER.finditer(body):
        depth += {b"(": 1, b")": -1}.get(found[2], 0)
        if depth and not (depth == 1 and found[2] == b","):
            continue
        column = _COLUMN.match(body, start, found.start())
        if column and column[1].decode(errors="replace").lower() not in _NOT_COLUMNS:
            types[_plain_name(column[1])] = column[2].decode(errors="replace").lower()
        start = found.end()
        if not depth:
            break
    return types


def _numbered(window: Window) -> tuple[str, ...]:
    """Return a name a value of the first row, for a table of which nothing is known."""
    found = window.match(_ANY_TUPLE, LINE_LIMIT)
    count = len(_ONE_VALUE.findall(found[0])) if found else 1
    return tuple(f"column_{place}" for place in range(1, count + 1))


@lru_cache(maxsize=64)
def _row_pattern(width: int) -> re.Pattern[bytes]:
    return re.compile(rb"\(\s*" + rb"\s*,\s*".join([VALUE] * width) + _CLOSE, re.DOTALL)


def _tuples(window: Window, table: Table, columns: tuple[str, ...]) -> Iterator[Tuple]:
    """Yield the rows that follow VALUES, up to the end of the statement."""
    pattern = _row_pattern(len(columns))
    while True:
        found = pattern.match(window.data, window.at)
        open_end = found is None or (found.end() == len(window.data) and not found[0].endswith(b";"))
        if open_end and not window.ended and (found or window.left <= LINE_LIMIT):
            window.grow()
            continue
        if found is None:
            row, more = _odd_tuple(window, table, columns)
            yield row
        else:
            more = found[found.re.groups].startswith(b",")
            raw = window.data[window.at : found.start(found.re.groups)]
            reason = TOO_LONG if len(raw) > LINE_LIMIT else None
            yield Tuple(table, columns, window.offset, raw, found.groups()[:-1], reason)
            window.at = found.end()
        if not more:
            return


def _odd_tuple(window: Window, table: Table, columns: tuple[str, ...]) -> tuple[Tuple, bool]:
    """Return the refused row at hand and whether another follows it; the window moves to what follows."""
    offset, whole = window.offset, _ANY_TUPLE.match(window.data, window.at)
    if whole:
        raw, end = whole[0], whole.end()
        reason = f"row has {len(_ONE_VALUE.findall(raw))} values, the table {len(columns)} columns"
        more = raw.rstrip().endswith(b",")
        window.at, raw = end, raw.rstrip().rstrip(b",;").rstrip()
        return Tuple(table, columns, offset, raw, (), reason), more
    for stop in _NEXT_TUPLE.finditer(window.data, window.at):
        more = stop[0].rstrip().endswith(b",")
        if not more or _ANY_TUPLE.match(window.data, stop.end()):
            raw = window.data[window.at : stop.start() + 1]
            window.at = stop.end()
            return Tuple(table, columns, offset, raw, (), "a value that is no literal"), more
    raw = window.data[window.at :]
    window.at = len(window.data)
    return Tuple(table, columns, offset, raw, (), "the dump ends inside this row" if window.ended else TOO_LONG), False
