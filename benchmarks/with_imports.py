"""How long does a whole import take beside bare `read_json` into a sorted table, in a file and in memory?"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

import workbench as wb
from benchmarks.logs import COLUMNS
from workbench.sql.connection import MEMORY_LIMIT

Rows = list[list[Any]]


def load(log: Path) -> Path:
    """Return the export."""
    return log / "export.ndjson"


def _bare(export: Path, database: str) -> Rows:
    """Read the same columns into one table sorted by life, under the library's own memory limit."""
    read = f"FROM read_json(?, format = 'nd', columns = {COLUMNS})"
    with duckdb.connect(database, config={"memory_limit": MEMORY_LIMIT}) as con:
        con.execute(f"CREATE TABLE bare AS {read} ORDER BY aggregate_type, aggregate_id, id", [str(export)])
        return [list(row) for row in con.execute("SELECT count(*) FROM bare").fetchall()]


def bare_file(export: Path, _: dict[str, Any]) -> Rows:
    """Return the rows read into a file."""
    with TemporaryDirectory(dir=export.parent) as folder:
        return _bare(export, f"{folder}/bare.duckdb")


def bare_memory(export: Path, _: dict[str, Any]) -> Rows:
    """Return the rows read into memory."""
    return _bare(export, ":memory:")


def import_file(export: Path, _: dict[str, Any]) -> Rows:
    """Return the rows loaded into a new log: validated, deduplicated, ordered, with moves, lives and variants."""
    with TemporaryDirectory(dir=export.parent) as folder, wb.open_log(Path(folder) / "new.duckdb", write=True) as log:
        return [[log.add(export, mapping="event_store").loaded]]


def import_memory(export: Path, _: dict[str, Any]) -> Rows:
    """Return the rows loaded into a log in memory."""
    with wb.read_events(export, mapping="event_store") as log:
        return [list(row) for row in log.events.count("*").fetchall()]


QUESTIONS = {f.__name__: f for f in (bare_file, import_file, bare_memory, import_memory)}
