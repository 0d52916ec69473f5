"""How one JSON document of many objects is read: an array, an object around one, or phpMyAdmin's export."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from workbench.errors import SourceError
from workbench.events.sources.landing import (
    RAW_LIMIT,
    Asked,
    Checkpoint,
    Landed,
    Sheet,
    Spot,
    find_again,
    keys_of,
    open_sheet,
)
from workbench.events.sources.lines import first_lines, flaw
from workbench.events.sources.tables import Choice
from workbench.events.sources.window import Window

_HELD = 256 << 20
_BETWEEN = re.compile(rb'("(?:[^"\\]|\\.)*+")|[ \t\r\n]+', re.DOTALL)
_BOM = b"\xef\xbb\xbf"
_SPACE = re.compile(rb"[ \t\r\n]*")
_STEP = re.compile(rb'[^{}\[\]"]*+(?:"(?:[^"\\]|\\.)*+"[^{}\[\]"]*+)*+([{}\[\]]?)', re.DOTALL)
_SCALAR = re.compile(rb'"(?:[^"\\]|\\.)*+"|[^\s,\]}"]++', re.DOTALL)
_KEY = re.compile(rb'("(?:[^"\\]|\\.)*+")\s*:\s*', re.DOTALL)
_PHPMYADMIN = re.compile(rb'\[\s*\{\s*"type"\s*:\s*"header"')
_PEEK = 1024


class Element(NamedTuple):
    """One value of the document with its bytes."""

    offset: int
    body: bytes


class Document:
    """Walks through one JSON document without holding it."""

    def __init__(self, window: Window, name: str) -> None:
        self.window, self.name = window, name

    def next(self) -> bytes:
        """Return the next byte that is not white space, or nothing at the end."""
        while True:
            found = _SPACE.match(self.window.data, self.window.at)
            self.window.at = found.end() if found else self.window.at
            if self.window.left or not self.window.grow():
                return self.window.data[self.window.at : self.window.at + 1]

    def expect(self, wanted: bytes) -> bytes:
        """Move past one of some bytes and return it."""
        byte = self.next()
        if not byte:
            raise SourceError(f"{self.name} is cut short: it ends inside its JSON document; export it again")
        if byte not in wanted:
            shown = " or ".join(repr(chr(each)) for each in wanted)
            raise SourceError(f"{self.name} is no JSON from byte {self.window.offset} on: expected {shown}")
        self.window.at += 1
        return byte

    def value(self) -> Element:
        """Move past one value and return its bytes."""
        first = self.next()
        offset = self.window.offset
        if first not in b"{[":
            return Element(offset, self._matched(_SCALAR)[0])
        return Element(offset, self._bracketed())

    def key(self) -> str:
        """Move past a key and its colon."""
        self.next()
        try:
            return str(json.loads(self._matched(_KEY)[1]))
        except ValueError:
            return "?"

    def _matched(self, pattern: re.Pattern[bytes]) -> re.Match[bytes]:
        found = self.window.match(pattern, _HELD)
        if found is None or (found.end() == len(self.window.data) and not self.window.ended):
            raise SourceError(f"{self.name} is no JSON from byte {self.window.offset} on: expected a key or a value")
        self.window.at = found.end()
        return found

    def _bracketed(self) -> bytes:
        window, depth, done = self.window, 0, 0
        while True:
            found = _STEP.match(window.data, window.at + done)
            done = found.end() - window.at if found else done
            bracket = found[1] if found else b""
            if bracket:
                depth += 1 if bracket in b"{[" else -1
                if not depth:
                    body = window.data[window.at : window.at + done]
                    window.at += done
                    return body
            elif window.left > _HELD:
                raise SourceError(
                    f"{self.name} holds a value of more than {_HELD >> 20} MB at byte {window.offset}: write JSON lines"
                )
            elif not window.grow():
                raise SourceError(f"{self.name} is cut short: it ends inside its JSON document; export it again")

    def elements(self) -> Iterator[Element]:
        """Yield the values of the array whose bracket was just read, up to its end."""
        if self.next() == b"]":
            self.window.at += 1
            return
        while True:
            yield self.value()
            if self.expect(b",]") == b"]":
                return

    def arrays(self) -> Iterator[str]:
        """Yield the name of each array of rows, standing before its bracket; the caller reads the array."""
        if self.next() == b"{":
            self.window.at += 1
            yield from self._members()
            return
        if not self.window.match(_PHPMYADMIN, _PEEK):
            yield ""
            return
        self.expect(b"[")
        while True:
            self.expect(b"{")
            yield from self._table()
            if self.expect(b",]") == b"]":
                return

    def _members(self) -> Iterator[str]:
        """Yield the arrays of an object whose bracket was just read."""
        while self.next() != b"}":
            key = self.key()
            if self.next() == b"[":
                yield key
            else:
                self.value()
            if self.expect(b",}") == b"}":
                return
        self.window.at += 1

    def _table(self) -> Iterator[str]:
        """Yield the array of one object of phpMyAdmin's, by the name that stands before it."""
        name = ""
        while True:
            key = self.key()
            if self.next() == b"[":
                yield name or key
            else:
                body = self.value().body
                name = str(json.loads(body)) if key == "name" else name
            if self.expect(b",}") == b"}":
                return


def land_document(asked: Asked) -> Landed:
    """Return the objects of a JSON document one a line, their bytes unchanged but for white space between values."""
    total, choice = asked.path.stat().st_size, Choice(asked)
    with asked.path.open("rb") as file, open_sheet(asked) as sheet:
        start = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
        document = Document(Window(file, start), asked.name)
        for name in document.arrays():
            for element in _rows_of(document, choice, name):
                _write(sheet, element)
                if sheet.rows % 10_000 == 0:
                    asked.tell(element.offset, total)
        if document.next():
            raise SourceError(f"{asked.name} goes on after its JSON document, from byte {document.window.offset} on")
        if not choice.seen:
            _write_whole(asked, sheet)
    return Landed(
        name=asked.name,
        kind="json",
        query=sheet.query,
        rows=sheet.rows,
        refused=tuple(sheet.refused),
        sha256=None,
        size=total,
        zone=None,
        columns=keys_of(first_lines(sheet.path)),
        headerless=False,
        locate=partial(find_again, partial(_spots, asked.path), tuple(sheet.checkpoints)),
        table=(choice.settle() or None) if choice.seen else None,
    )


def _rows_of(document: Document, choice: Choice, name: str) -> Iterator[Element]:
    """Yield the values of one array if it is the one that is meant, else read past it."""
    document.expect(b"[")
    elements = document.elements()
    first = next(elements, None)
    if not name:
        choice.seen, choice.chosen = [name], [name]
    if first is None:
        return
    if not name or (first.body.startswith(b"{") and choice.is_meant(name, keys_of([_one_line(first.body)]))):
        yield first
        yield from elements
    for _ in elements:
        pass


def _write(sheet: Sheet, element: Element) -> None:
    """Write one value as a line, or refuse it."""
    if not sheet.rows:
        sheet.checkpoints[0] = Checkpoint(0, element.offset)
    sheet.passed(element.offset)
    line = _one_line(element.body)
    reason = flaw(line)
    if reason is None and b"\n" in line:
        reason = "a bare line end inside a string"
    if reason is None:
        sheet.write(line + b"\n", 1, len(line))
    else:
        sheet.refuse(element.offset, len(element.body), element.body, reason)


def _one_line(body: bytes) -> bytes:
    """Return a value on one line: white space between its parts left out, its strings as they are."""
    return _BETWEEN.sub(rb"\1", body) if b"\n" in body or b"\r" in body else body


def _write_whole(asked: Asked, sheet: Sheet) -> None:
    """Take a document without an array of objects for one row."""
    with asked.path.open("rb") as file:
        document = Document(Window(file), asked.name)
        _write(sheet, document.value())


def _spots(path: Path, offset: int) -> Iterator[Spot]:
    """Yield where each row from `offset` on begins, its length and its first bytes."""
    with path.open("rb") as file:
        document = Document(Window(file, offset), path.name)
        for element in document.elements():
            yield element.offset, len(element.body), element.body[:RAW_LIMIT]
