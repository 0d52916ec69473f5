"""A stored log, an export to add to it, and a process of its own that imports it and meets its fate."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

import duckdb

import workbench as wb

TABLES = ("about", "imports", "events", "moves", "lives", "variants", "rosters", "rejected")


ENDLESS = "SELECT count(*) FROM range(1000000000000) AS t (i) WHERE hash(i) = 1"


# Imports in a process of its own and meets its fate at a statement (by number) or at a named moment.
CHILD = dedent("""\
    __file__ = "a file"  # else DuckDB takes this for a shell and shows how far it is, on stdout
    import os, signal, sys, threading
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from workbench.cli import main
    from workbench.events import adding, pipeline

    log, source, moment, delay = sys.argv[1:5]
    statement, statements, replace = pipeline.run, 0, os.replace

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    def counted(connection, sql, values=None):
        global statements
        statements += 1
        if moment == str(statements):
            threading.Timer(float(delay), die).start()
        if moment == f"endless {statements}":
            print("started", flush=True)
            sql, values = "ENDLESS", None
        return statement(connection, sql, values)

    def last(connection, sql, values=None, **more):
        if moment.isdigit() or moment == "before COMMIT":
            die()
        if moment == "inside COMMIT":
            threading.Timer(float(delay), die).start()
        rows = statement(connection, sql, values, **more)
        if moment in ("after COMMIT", "inside COMMIT"):
            die()
        return rows

    def renamed(*paths):
        if moment == "before rename":
            die()
        replace(*paths)
        if moment == "after rename":
            die()

    pipeline.run, adding.run, os.replace = counted, last, renamed
    code = main(["import", source, "--into", log, *sys.argv[5:]])
    print(statements)
    sys.exit(code)
    """).replace("ENDLESS", ENDLESS)


@dataclass(frozen=True)
class Shop:
    """A stored log, an export to add to it, and what the log holds before and after."""

    log: Path
    export: Path
    before: dict[str, tuple[int, str]]
    after: dict[str, tuple[int, str]]
    statements: int


def write_export(path: Path, first: int, last: int) -> None:
    """Write events first..last of a shop: five an order, six minutes apart; odd lines of an order come first."""
    duckdb.connect().execute(f"""
        COPY (
            SELECT i AS id, 'App\\Models\\Order' AS aggregate_type, i // 5 AS aggregate_id,
                'state_transitioned' AS event_type,
                {{'from_state': 's' || i % 5, 'to_state': 's' || (i % 5 + 1), 'context': {{'note': md5(i::VARCHAR)}}}}
                    AS event_data,
                strftime(TIMESTAMP '2026-01-01' + to_minutes(6 * i), '%Y-%m-%d %H:%M:%S') AS occurred_at
            FROM range({first}, {last}) AS t (i) ORDER BY i % 2, i
        ) TO '{path}' (FORMAT json)""")


def contents(path: Path, *, write: bool = False) -> dict[str, tuple[int, str]]:
    """Every row of every table, as a count and a digest; when an import ran is left out."""
    with wb.open_log(path, write=write) as log:
        return {table: _digest(log.connection, table) for table in TABLES}


def _digest(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    times = " EXCLUDE (started_at, finished_at)" if table == "imports" else ""
    return connection.execute(
        f"SELECT count(*), coalesce(md5(string_agg(t::VARCHAR, chr(10) ORDER BY t::VARCHAR)), '') "
        f"FROM (SELECT *{times} FROM {table}) AS t"
    ).fetchall()[0]


def child(log: Path, export: Path, moment: str = "never", delay: float = 0, *more: str) -> subprocess.Popen[str]:
    words = [sys.executable, "-c", CHILD, str(log), str(export), moment, str(delay), *more]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def assert_as_before(log: Path, shop: Shop) -> None:
    assert contents(log) == shop.before
    assert contents(log, write=True) == shop.before
    assert files_of(log) == [log.name]


def files_of(log: Path) -> list[str]:
    return [entry.name for entry in log.parent.iterdir() if entry.name.startswith(log.name)]
