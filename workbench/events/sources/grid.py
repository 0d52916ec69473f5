"""How a delimited file is divided into rows, a stray quote costing its own line and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from workbench.events.sources.dialect import Dialect, without_return
from workbench.events.sources.landing import BLOCK, LINE_LIMIT, RAW_LIMIT
from workbench.events.sources.lines import TOO_LONG


class Row(NamedTuple):
    """Bytes of a row (its line end left out) with its fields, or why it cannot be divided."""

    offset: int
    raw: bytes
    fields: tuple[bytes, ...]
    reason: str | None
    length: int


class Plain(NamedTuple):
    """Whole lines that hold neither quotes nor escapes."""

    offset: int
    body: bytes


@dataclass(frozen=True)
class Grid:
    """A delimited file, its dialect and the names of its columns; rows begin at `start`."""

    path: Path
    dialect: Dialect
    names: tuple[str, ...]
    start: int
    headerless: bool

    @property
    def specials(self) -> tuple[bytes, ...]:
        """Bytes that make a line more than its delimiters."""
        return (b'"',) * self.dialect.quoting + (b"\\",) * self.dialect.escaping


class Reader:
    """A window over the file that always holds the row being read; of a file that is growing only whole rows."""

    def __init__(self, grid: Grid, file: BinaryIO, offset: int, *, growing: bool = False) -> None:
        self.grid, self.file, self.base, self.growing = grid, file, offset, growing
        self.whole = grid.dialect.row(len(grid.names))
        self.data, self.at, self.ended = b"", 0, False
        file.seek(offset)

    @property
    def reached(self) -> int:
        """Where the row begins that was not yielded yet."""
        return self.base + self.at

    def items(self) -> Iterator[Row | Plain]:
        """Yield the rows of the file, lines without quotes and escapes many at a time."""
        while self.fill():
            cut = self.plain_until()
            if cut:
                yield Plain(self.base, self.take(cut))
            yield from self.rows()

    def fill(self) -> bool:
        """Drop what was read and read on; false at the end of the file."""
        block = self.file.read(BLOCK)
        if self.growing and not block:
            return False
        self.ended = not block
        self.data, self.base, self.at = self.data[self.at :] + block, self.base + self.at, 0
        return bool(self.data)

    def take(self, length: int) -> bytes:
        """Return the next bytes and move past them."""
        body = self.data[self.at : self.at + length]
        self.at += length
        return body

    def plain_until(self) -> int:
        """Return the length of the window's whole lines if none of them needs quotes or escapes, else 0."""
        if any(special in self.data for special in self.grid.specials):
            return 0
        return len(self.data) if self.ended else self.data.rfind(b"\n") + 1

    def rows(self) -> Iterator[Row]:
        """Yield the whole rows of the window; what may go on after it stays for the next."""
        while self.at < len(self.data):
            found = self.whole.match(self.data, self.at)
            if found:
                fields = found.groups()
                row = self._row(found.end(), (*fields[:-1], without_return(fields[-1])), None)
            else:
                odd = self._odd_row()
                if odd is None:
                    return
                row = odd
            yield row

    def _row(self, end: int, fields: Sequence[bytes], reason: str | None) -> Row:
        offset, raw = self.base + self.at, self.data[self.at : end]
        raw = raw.removesuffix(b"\n").removesuffix(b"\r")
        self.at = end
        return Row(offset, raw, tuple(fields), reason, len(raw))

    def _odd_row(self) -> Row | None:
        """Return the row at hand, most often refused, or None if its end may not have been read yet."""
        fields, end, wrong, closed = self.grid.dialect.split(self.data, self.at)
        line = self.data.find(b"\n", self.at) + 1
        if not self.ended and not (closed and line):
            if len(self.data) - self.at <= LINE_LIMIT:
                return None
            if not line:
                return self._skip_line()
            wrong = wrong or TOO_LONG
        line = line or len(self.data)
        if wrong is None and end > line and len(fields) != len(self.grid.names) and self._is_row(line):
            wrong = "a quote out of place"
        if wrong is not None:
            return self._row(line, (), wrong)
        if fields == (b"",):
            return self._row(end, (), "empty line")
        if len(fields) != len(self.grid.names):
            return self._row(end, (), f"row has {len(fields)} fields, the header {len(self.grid.names)}")
        return self._row(end, fields, None)

    def _is_row(self, start: int) -> bool:
        """Whether a whole row begins here, without a quote inside a bare field: then no quote before it was meant."""
        found = self.whole.match(self.data, start)
        return found is not None and not any(b'"' in field and not field.startswith(b'"') for field in found.groups())

    def _skip_line(self) -> Row | None:
        """Refuse a line that is too long to hold, reading past it; None where it may still grow."""
        offset, raw, length = self.base + self.at, self.data[self.at : self.at + RAW_LIMIT], len(self.data) - self.at
        self.data, self.at = b"", 0
        while block := self.file.read(BLOCK):
            stop = block.find(b"\n")
            if stop >= 0:
                self.base, self.data = offset + length + stop + 1, block[stop + 1 :]
                return Row(offset, raw, (), TOO_LONG, length + stop)
            length += len(block)
        if self.growing:
            return None
        self.base, self.ended = offset + length, True
        return Row(offset, raw, (), TOO_LONG, length)


def plain_rows(plain: Plain, grid: Grid) -> Iterator[Row]:
    """Yield plain lines as rows, one by one."""
    offset, width = plain.offset, len(grid.names)
    for line in plain.body.removesuffix(b"\n").split(b"\n"):
        raw = line.removesuffix(b"\r")
        fields = tuple(raw.split(grid.dialect.delimiter))
        reason = None
        if len(fields) != width:
            reason = f"row has {len(fields)} fields, the header {width}" if raw else "empty line"
        yield Row(offset, raw, fields, reason, len(raw))
        offset += len(line) + 1
