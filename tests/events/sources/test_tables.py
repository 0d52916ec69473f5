"""Parquet, SQLite and tables in hand are read with their digits, zones and nested values, and not changed."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from decimal import Decimal

import duckdb
import pytest
from real_exports import EXPORTS, needs_exports

from workbench.errors import SourceError


def test_parquet_keeps_digits_zones_and_nested_values(read, tmp_path):
    path = tmp_path / "it's [1].parquet"
    duckdb.sql(
        """SELECT 1 AS id, 19.90::DECIMAL(10, 2) AS price,
        {'a': [1, NULL]} AS nested, '{"b": 1}'::JSON AS document, 'nan'::DOUBLE AS nothing, 1.5::DOUBLE AS rate,
        'hi'::BLOB AS bytes, '\\xFF'::BLOB AS raw, TIMESTAMP '2026-01-05 10:00:00' AS local, 7 AS position,
        0.1::FLOAT AS f"""
    ).to_parquet(str(path))
    landed, rows = read(path)
    assert rows == [
        {
            "id": 1,
            "price": "19.90",
            "nested": {"a": [1, None]},
            "document": {"b": 1},
            "nothing": None,
            "rate": 1.5,
            "bytes": "hi",
            "raw": "ff",
            "local": "2026-01-05 10:00:00",
            "position": 7,
            "f": "0.1",
        }
    ]
    assert (landed.kind, landed.columns[:2]) == ("parquet", ("id", "price"))
    assert landed.locate([1])[1][:2] == (None, None)


def test_the_rows_of_parquet_keep_their_order(read, tmp_path):
    duckdb.sql("SELECT range AS id FROM range(300000)").to_parquet(str(tmp_path / "a.parquet"))
    assert [row["id"] for row in read("a.parquet")[1]] == list(range(300_000))


def test_a_parquet_file_cut_short_is_refused(read, tmp_path):
    duckdb.sql("SELECT range AS id FROM range(1000)").to_parquet(str(tmp_path / "a.parquet"))
    with pytest.raises(SourceError, match=r"b.parquet is no whole Parquet file"):
        read("b.parquet", (tmp_path / "a.parquet").read_bytes()[:-50])


def test_an_sqlite_table_is_read_without_being_changed(read, tmp_path):
    path = tmp_path / "database.sqlite"
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE TABLE events (id INTEGER PRIMARY KEY, note TEXT, data BLOB, uuid BINARY(2), price REAL)"
        )
        database.execute("CREATE TABLE users (name TEXT)")
        database.execute("INSERT INTO users VALUES ('Ann')")
        rows = [
            (1, 'a "b"\n', b'{"x": 1}', b"ab", 19.9),
            (2, None, b"\xff", None, float("inf")),
            (2**62, "é", b"", b"\0", 1e300),
        ]
        database.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", rows)
        database.execute("INSERT INTO events VALUES (3, CAST(x'ff' AS TEXT), NULL, NULL, NULL)")
    database.close()
    before = path.read_bytes()
    landed, found = read(path, fits=lambda columns: "note" in columns)
    assert found == [
        {"id": 1, "note": 'a "b"\n', "data": '{"x": 1}', "uuid": "6162", "price": 19.9},
        {"id": 2, "note": None, "data": "ff", "uuid": None, "price": "inf"},
        None,
        {"id": str(2**62), "note": "é", "data": "", "uuid": "00", "price": 1e300},
    ]
    assert (landed.kind, landed.table, [row.reason for row in landed.refused]) == ("sqlite", "events", ["not UTF-8"])
    assert path.read_bytes() == before
    with pytest.raises(SourceError, match=r"several tables of database.sqlite fit"):
        read(path)


def test_a_damaged_sqlite_file_is_refused(read):
    with pytest.raises(SourceError, match="cannot be read as an SQLite database"):
        read("a.sqlite", b"SQLite format 3\0" + b"x" * 5000)


@needs_exports
def test_blobs_of_json_in_a_real_sqlite_store_are_text(read):
    _, rows = read(EXPORTS / "python_eventsourcing" / "python-eventsourcing-9.5.6.sqlite", table="stored_events")
    assert len(rows) == 4
    assert json.loads(rows[0]["state"])["total"] == 10


def test_a_dataframe_is_read_without_being_changed(read):
    pandas = pytest.importorskip("pandas")
    times = pandas.to_datetime(["2026-01-05 10:00:00", "2026-01-05 11:00:00"])
    frame = pandas.DataFrame(
        {
            "id": [42, None],
            "rate": [1.5, None],
            "data": [{"a": 1, "b": float("nan")}, None],
            "mixed": [1, "x"],
            "local": times,
            "zoned": times.tz_localize("Europe/Paris"),
            "kind": pandas.Categorical(["a", None]),
        }
    )
    before = frame.copy(deep=True)
    landed, rows = read(frame)
    assert rows == [
        {
            "id": 42,
            "rate": 1.5,
            "data": '{"a":1,"b":null}',
            "mixed": "1",
            "local": "2026-01-05 10:00:00",
            "zoned": "2026-01-05 09:00:00+00",
            "kind": "a",
        },
        {
            "id": None,
            "rate": None,
            "data": None,
            "mixed": "x",
            "local": "2026-01-05 11:00:00",
            "zoned": "2026-01-05 10:00:00+00",
            "kind": None,
        },
    ]
    pandas.testing.assert_frame_equal(frame, before)
    assert (landed.name, landed.kind, landed.sha256) == ("DataFrame", "table", None)


def test_a_relation_of_another_connection_is_read(read):
    digits = "9" + "0" * 35 + "1"
    with duckdb.connect() as other:
        landed, rows = read(
            other.sql(f"SELECT 1 AS id, 1.10::DECIMAL(3, 2) AS v, '{digits}' AS digits, digits::HUGEINT AS huge")
        )
    assert (landed.name, rows) == ("relation", [{"id": 1, "v": "1.10", "digits": digits, "huge": digits}])


def test_dicts_are_read_as_they_are_and_what_json_cannot_say_is_refused(read):
    given_rows = [
        {"id": 1, "at": datetime(2026, 1, 5, 10, tzinfo=UTC), "v": Decimal("1.10"), "n": float("nan"), "b": b"hi"},
        ["no", "object"],
        {"id": "\ud800"},
    ]
    landed, rows = read(given_rows)
    assert rows == [
        {"id": 1, "at": "2026-01-05T10:00:00+00:00", "v": "1.10", "n": None, "b": "hi"},
        ["no", "object"],
        None,
    ]
    assert [(row.position, row.reason) for row in landed.refused] == [(3, "cannot be written as JSON")]
    assert (landed.name, landed.columns) == ("list", ("id", "at", "v", "n", "b"))


def test_what_has_no_rows_is_refused(read):
    with pytest.raises(SourceError, match="rows cannot be read from a value of type int"):
        read(5)
