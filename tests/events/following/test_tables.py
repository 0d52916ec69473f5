"""The rows of a table in SQLite are followed as they come."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from grown_source import ids, line

import workbench as wb


def database(path: Path, *numbers: int) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("CREATE TABLE IF NOT EXISTS event_store (id INTEGER PRIMARY KEY, aggregate_type, aggregate_id, "
                       "event_type, event_data, occurred_at)")  # fmt: skip
    for number in numbers:
        row = json.loads(line(number))
        values = [json.dumps(value) if isinstance(value, dict) else value for value in row.values()]
        connection.execute("INSERT INTO event_store VALUES (?, ?, ?, ?, ?, ?)", values)
    return connection


def test_new_rows_of_a_table_are_read_and_a_lock_is_waited_out(log: wb.EventLog, tmp_path: Path):
    path = tmp_path / "shop.sqlite"
    database(path, 1, 2).close()
    follower = log.follow(path)
    assert follower.tick().loaded == 2
    writer = database(path, 3)
    writer.execute("BEGIN EXCLUSIVE")
    tick = follower.tick()
    assert (tick.read, tick.trouble) == (0, "shop.sqlite is locked by whoever writes to it: trying again")
    writer.execute("COMMIT")
    writer.close()
    assert follower.tick().loaded == 1
    assert follower.tick().read == 0
    assert log.sql("SELECT read, loaded FROM imports").fetchall() == [(3, 3)]
    follower.stop()
    database(path, 4).close()
    assert log.follow(path).tick().read == 1


def test_a_database_that_was_replaced_is_read_from_its_start(log: wb.EventLog, tmp_path: Path):
    path = tmp_path / "shop.sqlite"
    database(path, 1, 2).close()
    follower = log.follow(path)
    follower.tick()
    path.unlink()
    assert "no file shop.sqlite" in follower.tick().trouble
    database(path, 1, 3, 4).close()
    tick = follower.tick()
    assert (tick.loaded, tick.duplicate, len(tick.notes)) == (2, 1, 1)
    assert ids(log) == [1, 2, 3, 4]


def test_a_table_without_rowids_is_refused_in_a_sentence(log: wb.EventLog, tmp_path: Path):
    with sqlite3.connect(tmp_path / "a.sqlite") as connection:
        connection.execute("CREATE TABLE event_store (id PRIMARY KEY, aggregate_type, aggregate_id, event_type, "
                           "event_data, occurred_at) WITHOUT ROWID")  # fmt: skip
        connection.execute("INSERT INTO event_store VALUES (1, 'Order', 1, 'x', '{}', '2026-01-05 10:00:00')")
    connection.close()
    trouble = log.follow(tmp_path / "a.sqlite").tick().trouble
    assert trouble == "event_store has no rowid, so its new rows cannot be told: follow a table that has one"
