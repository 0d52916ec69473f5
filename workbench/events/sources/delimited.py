"""How a CSV or TSV file is read, whoever wrote it: RFC 4180, INTO OUTFILE, `mysql -B`, `mysqldump --tab`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from workbench.errors import SourceError
from workbench.events.sources.dialect import SAMPLE, Trial, sniff
from workbench.events.sources.grid import Grid, Plain, Reader, plain_rows
from workbench.events.sources.header import column_names, is_header
from workbench.events.sources.landing import (
    LINE_LIMIT,
    RAW_LIMIT,
    Asked,
    Checkpoint,
    Landed,
    Spot,
    find_again,
    open_sheet,
)
from workbench.events.sources.objects import Objects

_BOM = b"\xef\xbb\xbf"


def land_delimited(asked: Asked) -> Landed:
    """Return the rows of a CSV or TSV file as objects; a row that cannot be divided is refused alone."""
    return land_rows(asked, read_grid(asked))


def land_rows(asked: Asked, grid: Grid, *, growing: bool = False) -> Landed:
    """Return the rows of a file of known dialect; `growing` leaves one that may go on, `upto` says where it begins."""
    total = asked.path.stat().st_size
    with asked.path.open("rb") as file, open_sheet(asked) as sheet:
        sheet.checkpoints[0] = Checkpoint(0, grid.start)
        objects, reader = Objects(grid, sheet), Reader(grid, file, grid.start, growing=growing)
        for item in reader.items():
            if isinstance(item, Plain):
                objects.write_plain(item)
                sheet.passed(item.offset + len(item.body))
            else:
                sheet.passed(item.offset)
                objects.write(item)
            asked.tell(item.offset, total)
    return Landed(
        name=asked.name,
        kind="csv",
        query=sheet.query,
        rows=sheet.rows,
        refused=tuple(sheet.refused),
        sha256=None,
        size=total,
        zone=None,
        columns=grid.names,
        headerless=grid.headerless,
        locate=partial(find_again, partial(_spots, grid), tuple(sheet.checkpoints)),
        upto=reader.reached,
    )


def read_grid(asked: Asked) -> Grid:
    """Return the dialect and the column names of a file from its first rows."""
    with asked.path.open("rb") as file:
        sample = file.read(SAMPLE)
        sample += file.readline(LINE_LIMIT) if len(sample) == SAMPLE else b""
    start = len(_BOM) if sample.startswith(_BOM) else 0
    if declared := re.match(rb"sep=.\r?\n", sample[start:]):
        start += declared.end()
    trial = sniff(sample[start:], len(asked.columns) if asked.columns else None)
    return _named(asked, trial, start)


def _named(asked: Asked, trial: Trial, start: int) -> Grid:
    """Give the columns their names: the user's, the header's, or numbers."""
    first = _texts(trial, trial.first.fields)
    others = [_texts(trial, row) for row in trial.rows[1:] if len(row) == len(first)]
    header = trial.first.wrong is None and is_header(first, others, asked.columns)
    width = len(first) if header else trial.width
    if asked.columns and len(asked.columns) != width:
        raise SourceError(f"{asked.name} has {width} columns, but {len(asked.columns)} names were given for them")
    names = column_names(first if header else [None] * width)
    return Grid(
        asked.path,
        trial.dialect,
        asked.columns or names,
        start + (trial.first.end if header else 0),
        headerless=not header and asked.columns is None,
    )


def _texts(trial: Trial, fields: tuple[bytes, ...]) -> list[str | None]:
    values = [trial.dialect.text(field) for field in fields]
    return [None if value is None else value.decode(errors="replace") for value in values]


def _spots(grid: Grid, offset: int) -> Iterator[Spot]:
    """Yield where each row from `offset` on begins, its length and its first bytes."""
    with grid.path.open("rb") as file:
        for item in Reader(grid, file, offset).items():
            for row in plain_rows(item, grid) if isinstance(item, Plain) else (item,):
                yield row.offset, row.length, row.raw[:RAW_LIMIT]
