"""How is a growing file cut into pieces of whole rows, and how is each piece read as the whole file would be?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from workbench.events.adding import Options
from workbench.events.choice import choose
from workbench.events.sources.delimited import land_rows, read_grid
from workbench.events.sources.files import kind_of
from workbench.events.sources.grid import Grid
from workbench.events.sources.landing import BLOCK, Asked, Landed, keys_of
from workbench.events.sources.lines import first_lines
from workbench.events.sources.ndjson import land_ndjson

PIECE = 32 << 20  # bytes: a tick reads no more, so that its memory is bounded
FIRST_ROWS = 100  # of a file: its columns, and so its mapping, are known from them
LINES = ("ndjson", "csv")


@dataclass(frozen=True)
class Reading:
    """How a file is read; decided by its first bytes, and again while these still come."""

    kind: str
    grid: Grid | None
    columns: tuple[str, ...]
    mapping: str

    def same_as(self, other: Reading) -> bool:
        """Tell whether rows read the one way would be the same the other way."""
        alike = [(None if one.grid is None else _shape(one.grid), one.kind, one.mapping) for one in (self, other)]
        return alike[0] == alike[1]


def _shape(grid: Grid) -> tuple[object, ...]:
    return grid.dialect, grid.names, grid.start, grid.headerless


def copy_piece(file: BinaryIO, start: int, size: int, target: Path, *, last: bool) -> int:
    """Copy the next whole lines of a file, about a piece's worth; return their bytes, 0 while no line has ended.

    A line longer than that is copied whole, block by block. `last` takes what has no line end too.
    """
    file.seek(start)
    copied = whole = 0
    with target.open("wb") as copy:
        while start + copied < size and (block := file.read(min(BLOCK, size - start - copied))):
            copy.write(block)
            newline = block.rfind(b"\n")
            if newline >= 0:
                whole = copied + newline + 1
            copied += len(block)
            if copied >= PIECE and whole:
                break
        whole = copied if last and start + copied >= size else whole
        copy.truncate(whole)
    return whole


def kind_so_far(file: BinaryIO, size: int, asked: Asked) -> str:
    """Return which kind of file begins like this one."""
    head = _head_of(asked)
    file.seek(0)
    head.write_bytes(file.read(min(size, BLOCK)))
    return kind_of(head, asked.name)


def _head_of(asked: Asked) -> Path:
    return asked.scratch / "head"


def decide(file: BinaryIO, size: int, asked: Asked, options: Options) -> Reading:
    """Return how a file is to be read, from its first whole lines (`size` bytes of it are such)."""
    kind = kind_so_far(file, size, asked)
    if kind not in LINES:
        return Reading(kind, None, (), "")
    head = _head_of(asked)
    at_head = replace(asked, path=head)
    grid = read_grid(at_head) if kind == "csv" else None
    columns = grid.names if grid else keys_of(first_lines(head, FIRST_ROWS))
    mapping, _ = choose(options.mapping, columns, source=asked.name, headerless=bool(grid and grid.headerless))
    return Reading(kind, grid, columns, mapping.name)


def land_piece(asked: Asked, reading: Reading, *, first: bool, last: bool) -> Landed:
    """Return the rows of a copied piece; of a CSV the rows that are whole, `upto` says where the next begins."""
    if reading.grid is None:
        return replace(land_ndjson(asked), columns=reading.columns)
    grid = replace(reading.grid, path=asked.path, start=reading.grid.start if first else 0)
    return land_rows(asked, grid, growing=not last)
