"""How does an answer reach the terminal, a spreadsheet or a program: table, CSV or one JSON document?"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from workbench.cli.values import cell, field, heading, is_number, plain, visible

if TYPE_CHECKING:
    import duckdb

_CHUNK = 10_000
_NARROWEST = 12
_EMPTY = "(none)"


def say(text: str = "") -> None:
    """Write one line of an answer to stdout."""
    typer.echo(text)


def note(text: str) -> None:
    """Write one line about the answer to stderr."""
    typer.echo(visible(text), err=True)


def title(text: str) -> None:
    """Write the heading of a part of an answer."""
    Console().print(Text(visible(text), style="bold"), soft_wrap=True)


def document(value: Any) -> None:
    """Write one JSON document to stdout and nothing else."""
    say(json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def answer(relation: duckdb.DuckDBPyRelation, shape: str, *, limit: int = 50, caption: str = "") -> None:
    """Write a relation in the shape asked for; `limit` and `caption` are for the table only."""
    if shape == "json":
        _write_json(relation)
    elif shape == "csv":
        _write_csv(relation)
    else:
        rows, columns = _head(relation, limit)
        table(columns, rows[:limit], caption=" · ".join(filter(None, (caption, _left_out(relation, rows, limit)))))


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, caption: str = "") -> None:
    """Write rows as a table that fits the terminal; too wide, as blocks of one line a column."""
    console = Console()
    if not rows:
        say(_EMPTY)
    else:
        kept, aside = _fitting(columns, rows, console.width)
        cells = [[cell(row[index], columns[index]) for index in kept] for row in rows]
        names = [heading(columns[index]) for index in kept]
        numbers = [is_number([row[index] for row in rows]) for index in kept]
        if _bearable(names, cells, console.width):
            with console.capture() as drawn:
                console.print(_grid(names, cells, numbers))
            say("\n".join(line.rstrip() for line in drawn.get().splitlines()))
        else:
            _blocks(names, cells)
        caption = " · ".join(filter(None, (caption, aside)))
    if caption:
        console.print(Text(visible(caption), style="dim"), soft_wrap=True)


def objects(relation: duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    """Return a relation as a list of objects that JSON can hold."""
    return list(_objects(relation))


def _write_json(relation: duckdb.DuckDBPyRelation) -> None:
    between = "[\n"
    for item in _objects(relation):
        sys.stdout.write(between + "  " + json.dumps(item, ensure_ascii=False, allow_nan=False))
        between = ",\n"
    say("[]" if between == "[\n" else "\n]")


def _write_csv(relation: duckdb.DuckDBPyRelation) -> None:
    kinds = [str(kind) for kind in relation.types]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(relation.columns)
    for row in _rows(relation):
        writer.writerow([field(value, kind) for value, kind in zip(row, kinds, strict=True)])


def _objects(relation: duckdb.DuckDBPyRelation) -> Iterator[dict[str, Any]]:
    columns, kinds = relation.columns, [str(kind) for kind in relation.types]
    for row in _rows(relation):
        yield {name: plain(value, kind) for name, value, kind in zip(columns, row, kinds, strict=True)}


def _rows(relation: duckdb.DuckDBPyRelation) -> Iterator[tuple[Any, ...]]:
    readable = _readable(relation)
    while chunk := readable.fetchmany(_CHUNK):
        yield from chunk


def _head(relation: duckdb.DuckDBPyRelation, limit: int) -> tuple[list[tuple[Any, ...]], list[str]]:
    return _readable(relation).limit(limit + 1).fetchall(), relation.columns


def _left_out(relation: duckdb.DuckDBPyRelation, rows: Sequence[object], limit: int) -> str:
    if len(rows) <= limit:
        return ""
    every = relation.aggregate("count(*)").fetchall()[0][0]
    return f"{every - limit:,} more rows: --limit N shows more"


def _readable(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    # Fetching a TIMESTAMPTZ needs a library that we do not ship; as a UTC TIMESTAMP it needs none.
    zoned = {"TIMESTAMP WITH TIME ZONE"}
    if not zoned & {str(kind) for kind in relation.types}:
        return relation
    names = ['"' + name.replace('"', '""') + '"' for name in relation.columns]
    kinds = [str(kind) for kind in relation.types]
    return relation.project(
        ", ".join(f"timezone('UTC', {n}) AS {n}" if k in zoned else n for n, k in zip(names, kinds, strict=True)),
    )


def _fitting(columns: Sequence[str], rows: Sequence[Sequence[Any]], width: int) -> tuple[list[int], str]:
    """Return the columns to show: all when they fit, else without those that say nothing row by row."""
    every = list(range(len(columns)))
    names = [heading(name) for name in columns]
    if (
        _natural(names, [[cell(value, name) for value, name in zip(row, columns, strict=True)] for row in rows])
        <= width
    ):
        return every, ""
    empty = [index for index in every if all(row[index] is None for row in rows)]
    same = [i for i in every if i not in empty and len(rows) > 1 and len({cell(row[i]) for row in rows}) == 1]
    kept = [index for index in every if index not in empty and index not in same]
    if not kept:
        return every, ""
    said = [f"{names[index]}: {cell(rows[0][index], columns[index])} throughout" for index in same]
    return kept, " · ".join([*said, *(["empty: " + ", ".join(names[index] for index in empty)] if empty else [])])


def _natural(names: Sequence[str], cells: Sequence[Sequence[str]]) -> int:
    return sum(2 + max([len(name), *(len(row[index]) for row in cells)]) for index, name in enumerate(names))


def _bearable(names: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> bool:
    """Return whether the columns keep a readable width when long cells are folded."""
    widest = [max([len(name), *(len(row[index]) for row in cells)]) for index, name in enumerate(names)]
    least = [min(most, max(len(name), _NARROWEST)) for name, most in zip(names, widest, strict=True)]
    return sum(2 + size for size in least) <= width


def _grid(names: Sequence[str], cells: Sequence[Sequence[str]], numbers: Sequence[bool]) -> Table:
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name, right in zip(names, numbers, strict=True):
        grid.add_column(Text(visible(name)), justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in cells:
        grid.add_row(*map(Text, row))
    return grid


def _blocks(names: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    wide = max(map(len, names))
    for index, row in enumerate(cells):
        if index:
            say()
        for name, value in zip(names, row, strict=True):
            if value:
                say(f"{name:<{wide}}  {value}")


def entries(values: Mapping[str, Any]) -> None:
    """Write names and values, one pair a line; what is None is left out."""
    wide = max(map(len, values), default=0)
    for name, value in values.items():
        if value is not None:
            say(f"{name:<{wide}}  {cell(value, name)}")
