"""How the rows of a delimited file become JSON objects, many at a time where nothing is odd about them."""

from __future__ import annotations

import json

from workbench.events.sources.grid import Grid, Plain, Row, plain_rows
from workbench.events.sources.landing import Sheet
from workbench.events.sources.lines import longest_line, text_flaw


class Objects:
    """Writes the rows of a grid as JSON objects."""

    def __init__(self, grid: Grid, sheet: Sheet) -> None:
        self.grid, self.sheet = grid, sheet
        keys = [json.dumps(name, ensure_ascii=False).encode() for name in grid.names]
        self.heads = [(b"," if place else b"{") + key + b":" for place, key in enumerate(keys)]
        self.template = b"".join(head.replace(b"%", b"%%") + b'"%b"' for head in self.heads) + b"}\n"
        self.overhead = sum(map(len, self.heads)) + 8 * len(keys)
        self.strange = bytes(set(range(32)) - set(b"\n" + grid.dialect.delimiter))

    def write(self, row: Row) -> None:
        """Write one row, or refuse it."""
        reason = row.reason or text_flaw(row.raw)
        if reason is not None:
            self.sheet.refuse(row.offset, row.length, row.raw, reason)
            return
        value = self.grid.dialect.json
        line = b"".join([head + value(field) for head, field in zip(self.heads, row.fields, strict=True)]) + b"}\n"
        self.sheet.write(line, 1, len(line))

    def write_plain(self, plain: Plain) -> None:
        """Write many plain lines at once, or one by one where something is odd about one of them."""
        body = plain.body.replace(b"\r\n", b"\n")
        body = body if body.endswith(b"\n") else body.removesuffix(b"\r") + b"\n"
        odd = b"\n\n" in body or body.startswith(b"\n") or len(body.translate(None, self.strange)) < len(body)
        if odd or text_flaw(body) is not None or not self._write_block(body):
            for row in plain_rows(plain, self.grid):
                self.write(row)

    def _write_block(self, body: bytes) -> bool:
        """Write whole lines by one template; false (and nothing written) when one has too many or too few fields."""
        delimiter, template = self.grid.dialect.delimiter, self.template
        rows = body.replace(b"\\", b"\\\\").replace(b'"', b'\\"').split(b"\n")[:-1]
        try:
            lines = b"".join([template % (*row.split(delimiter),) for row in rows])
        except TypeError:
            return False
        for word in self.grid.dialect.nothing:
            # the bytes of a value hold no bare quote, so this is found only where a value begins
            lines = lines.replace(b':"' + word.replace(b"\\", b"\\\\") + b'"', b":null")
        self.sheet.write(lines, len(rows), 2 * longest_line(body) + self.overhead)
        return True
