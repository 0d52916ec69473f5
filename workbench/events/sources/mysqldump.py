"""How a mysqldump is read: the rows of one table as objects, its zone beside them, nothing executed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from workbench.errors import SourceError
from workbench.events.sources.landing import RAW_LIMIT, Asked, Landed, Sheet, Spot, find_again, open_sheet
from workbench.events.sources.literals import json_of_binary, json_of_literal
from workbench.events.sources.statements import Inside, Statements, Table, Tuple
from workbench.events.sources.tables import Choice

_BLOBS = frozenset({"varbinary", "tinyblob", "blob", "mediumblob", "longblob"})
_EDGE = 4096


@dataclass
class Writer:
    """Writes the rows of one table as JSON objects."""

    sheet: Sheet
    named: tuple[str, ...] | None
    table: Table | None = None
    columns: tuple[str, ...] = ()
    names: dict[str, None] = field(default_factory=dict)
    heads: list[bytes] = field(default_factory=list)
    readers: list[Callable[[bytes], bytes]] = field(default_factory=list)
    starts: dict[int, Inside] = field(default_factory=dict)

    def write(self, row: Tuple) -> None:
        """Write one row, or refuse it."""
        if row.columns != self.columns:
            self._turn_to(row)
        self.sheet.passed(row.offset)
        if self.sheet.checkpoints[-1].offset == row.offset:
            self.starts[row.offset] = (row.table, row.columns)
        reason = row.reason
        if reason is None:
            try:
                cells = zip(self.heads, self.readers, row.literals, strict=True)
                line = b"".join([head + reader(literal) for head, reader, literal in cells]) + b"}\n"
                line.decode()
            except UnicodeDecodeError:
                reason = "not UTF-8"
            else:
                self.sheet.write(line, 1, len(line))
                return
        self.sheet.refuse(row.offset, len(row.raw), row.raw, reason)

    def _turn_to(self, row: Tuple) -> None:
        """Take up another list of columns: the first, or that of another INSERT."""
        self.table, self.columns = row.table, row.columns
        names = self.named if row.table.numbered and self.named else row.columns
        if len(names) != len(row.columns):
            raise SourceError(
                f"the rows of {row.table.name} in {self.sheet.source} have {len(row.columns)} values, "
                f"but {len(names)} names were given for them"
            )
        self.names.update(dict.fromkeys(names))
        keys = [json.dumps(name, ensure_ascii=False).encode() for name in names]
        self.heads = [(b"," if place else b"{") + key + b":" for place, key in enumerate(keys)]
        self.readers = [_reader(row.table.types.get(column, "")) for column in row.columns]


def _reader(type_: str) -> Callable[[bytes], bytes]:
    """Return what turns a literal of a column of this type into JSON."""
    if type_ == "binary":
        return partial(json_of_binary, fixed=True)
    return partial(json_of_binary, fixed=False) if type_ in _BLOBS else json_of_literal


def land_mysqldump(asked: Asked) -> Landed:
    """Return the rows of one table of a dump as objects; a row that is no list of literals is refused alone."""
    total, choice = asked.path.stat().st_size, Choice(asked)
    notes = _edges(asked)
    with asked.path.open("rb") as file, open_sheet(asked) as sheet:
        writer = Writer(sheet, asked.columns)
        statements = Statements(file, lambda table, columns: choice.is_meant(table.name, columns))
        for count, row in enumerate(statements.tuples()):
            writer.write(row)
            if count % 10_000 == 0:
                asked.tell(row.offset, total)
    name = choice.settle()
    table = writer.table or Table(name)
    timestamps = tuple(column for column, type_ in table.types.items() if type_ == "timestamp")
    return Landed(
        name=asked.name,
        kind="mysqldump",
        query=sheet.query,
        rows=sheet.rows,
        refused=tuple(sheet.refused),
        sha256=None,
        size=total,
        zone=table.zone,
        columns=tuple(writer.names),
        headerless=table.numbered and not asked.columns,
        locate=partial(find_again, partial(_spots, asked.path, name, writer.starts), tuple(sheet.checkpoints)),
        zoned_columns=timestamps if table.zone else (),
        table=name,
        notes=notes,
    )


def _edges(asked: Asked) -> tuple[str, ...]:
    """Look at the first and last bytes: whose dump it is, and whether it was written to its end."""
    with asked.path.open("rb") as file:
        head = file.read(_EDGE)
        file.seek(max(0, asked.path.stat().st_size - _EDGE))
        tail = file.read()
    if b"PostgreSQL database dump" in head:
        raise SourceError(f"{asked.name} is a PostgreSQL dump: export the table by \\copy ... TO 'file.csv' CSV HEADER")
    if head.lstrip().startswith(b"PGDMP"):
        raise SourceError(f"{asked.name} is a PostgreSQL archive: export the table by \\copy ... CSV HEADER")
    cut = b"-- Host:" in head and b"Dump completed" not in tail
    return ("the dump does not end in 'Dump completed': it may have been cut short",) if cut else ()


def _spots(path: Path, name: str, starts: dict[int, Inside], offset: int) -> Iterator[Spot]:
    """Yield where each row of the table from `offset` on begins, its length and its first bytes."""
    with path.open("rb") as file:
        statements = Statements(file, lambda table, _: table.name == name, offset)
        for row in statements.tuples(starts.get(offset)):
            yield row.offset, len(row.raw), row.raw[:RAW_LIMIT]
