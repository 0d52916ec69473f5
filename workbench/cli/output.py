"""How does an answer reach the terminal, a spreadsheet or a program: table, CSV or one JSON document?"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.text import Text

from workbench.cards import visible
from workbench.cli.grid import layout
from workbench.cli.values import cell, field, heading, is_number, plain

if TYPE_CHECKING:
    import duckdb

_WIDEST_UNSEEN = 160
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
        rows = _readable(relation).limit(limit + 1).fetchall()
        said = " · ".join(filter(None, (caption, _left_out(relation, rows, limit))))
        table(relation.columns, rows[:limit], caption=said)


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], *, caption: str = "") -> None:
    """Write rows as a table that fits the terminal; where no column could keep a readable width, as blocks."""
    width = _width()
    if not rows:
        say(_EMPTY)
    else:
        kept, aside = _fitting(columns, rows, width)
        if _natural(columns, rows, kept) > width and len(kept) > 1 and _repeats(columns[kept[0]], rows, kept[0]):
            _by_type(columns, rows, kept, width)
        else:
            _write(columns, rows, kept, width)
        caption = " · ".join(filter(None, (caption, aside)))
    if caption:
        Console().print(Text(visible(caption), style="dim"), soft_wrap=True)


def records(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as a table, their keys as its heading."""
    table(list(rows[0]) if rows else [], [list(row.values()) for row in rows])


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
    yield from _readable(relation).iter_rows()


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
    if _natural(columns, rows, every) <= width:
        return every, ""
    empty = [index for index in every if all(row[index] is None for row in rows)]
    same = [i for i in every if i not in empty and len(rows) > 1 and len({cell(row[i]) for row in rows}) == 1]
    kept = [index for index in every if index not in empty and index not in same]
    if not kept:
        return every, ""
    said = [f"{heading(columns[index])}: {cell(rows[0][index], columns[index])} throughout" for index in same]
    return kept, " · ".join([*said, *(["empty: " + ", ".join(columns[index] for index in empty)] if empty else [])])


def _natural(columns: Sequence[str], rows: Sequence[Sequence[Any]], kept: Sequence[int]) -> int:
    sizes = [max([len(columns[i]), *(len(cell(row[i], columns[i])) for row in rows)]) for i in kept]
    return sum(sizes) + 2 * (len(kept) - 1)


def _repeats(column: str, rows: Sequence[Sequence[Any]], index: int) -> bool:
    return column == "type" and 2 * len({row[index] for row in rows}) <= len(rows)


def _by_type(columns: Sequence[str], rows: Sequence[Sequence[Any]], kept: Sequence[int], width: int) -> None:
    """Write a table for each type: its name, said once, leaves the other columns more room."""
    for number, (name, group) in enumerate(groupby(rows, key=lambda row: cell(row[kept[0]]))):
        if number:
            say()
        title(name or "(no type)")
        _write(columns, list(group), kept[1:], width)


def _write(columns: Sequence[str], rows: Sequence[Sequence[Any]], kept: Sequence[int], width: int) -> None:
    cells = [[cell(row[index], columns[index]) for index in kept] for row in rows]
    names = [heading(columns[index]) for index in kept]
    numbers = [is_number([row[index] for row in rows]) for index in kept]
    head, body = layout(names, cells, numbers, width)
    for line in head:
        title(line)
    for line in body:
        say(line)
    if not body:
        _blocks(names, cells)


def _width() -> int:
    """Return how wide a table may be: the terminal; what goes into a file or a pipe may be wider, a line a row."""
    console = Console()
    return console.width if console.is_terminal or "COLUMNS" in os.environ else max(console.width, _WIDEST_UNSEEN)


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
