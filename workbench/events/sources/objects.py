"""How the rows of a delimited file become JSON objects, many at a time where nothing is odd about them."""

from __future__ import annotations

import json
import re

from workbench.events.sources.escapes import json_text
from workbench.events.sources.grid import Grid, Plain, Row, plain_rows
from workbench.events.sources.landing import Sheet
from workbench.events.sources.lines import longest_line, text_flaw


class Objects:
    """Writes the rows of a grid as JSON objects."""

    def __init__(self, grid: Grid, sheet: Sheet) -> None:
        self.grid, self.sheet = grid, sheet
        keys = [json.dumps(name, ensure_ascii=False).encode() for name in grid.names]
        self.heads = [(b"," if place else b"{") + key + b":" for place, key in enumerate(keys)]
        one = b"([^\n" + re.escape(grid.dialect.delimiter) + b"]*)"
        self.line = re.compile(b"^" + re.escape(grid.dialect.delimiter).join([one] * len(keys)) + b"\n", re.MULTILINE)
        parts = (b'%s"\\g<%d>"' % (head.replace(b"\\", b"\\\\"), place) for place, head in enumerate(self.heads, 1))
        self.template = b"".join(parts) + b"}\n"
        self.overhead = sum(map(len, self.heads)) + 8 * len(keys)
        self.strange = bytes(set(range(32)) - set(b"\n" + grid.dialect.delimiter))

    def write(self, row: Row) -> None:
        """Write one row, or refuse it."""
        reason = row.reason or text_flaw(row.raw)
        if reason is not None:
            self.sheet.refuse(row.offset, row.length, row.raw, reason)
            return
        text = self.grid.dialect.text
        values = [text(field) for field in row.fields]
        pairs = zip(self.heads, values, strict=True)
        line = b"".join([head + (b"null" if value is None else json_text(value)) for head, value in pairs]) + b"}\n"
        self.sheet.write(line, 1, len(line))

    def write_plain(self, plain: Plain) -> None:
        """Write many plain lines by one substitution, or one by one where something is odd about them."""
        body = plain.body.replace(b"\r\n", b"\n")
        body = body if body.endswith(b"\n") else body.removesuffix(b"\r") + b"\n"
        if len(body.translate(None, self.strange)) == len(body) and text_flaw(body) is None:
            longest = 2 * longest_line(body) + self.overhead
            lines, rows = self.line.subn(self.template, body.replace(b"\\", b"\\\\").replace(b'"', b'\\"'))
            if rows == body.count(b"\n") and b"\n\n" not in body and not body.startswith(b"\n"):
                for word in self.grid.dialect.nothing:
                    lines = lines.replace(b':"' + word.replace(b"\\", b"\\\\") + b'"', b":null")
                self.sheet.write(lines, rows, longest)
                return
        for row in plain_rows(plain, self.grid):
            self.write(row)
