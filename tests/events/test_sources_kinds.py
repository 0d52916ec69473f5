"""JSON documents, Parquet, SQLite, packed files, tables in hand, and files that are none of these."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import sqlite3
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import SourceError
from workbench.events.sources import land, landing, unpacking

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

EXPORTS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "logs"
needs_exports = pytest.mark.skipif(not EXPORTS.exists(), reason="shared/data/logs (real exports) is missing")
CSV = b"id,state\n1,paid\n2,sent\n"


@pytest.fixture
def read(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    connection = duckdb.connect()
    connection.execute("SET GLOBAL TimeZone = 'UTC'")

    def reading(source, content=None, **asked):
        if isinstance(source, str):
            source = tmp_path / source
            if content is not None:
                source.write_bytes(content if isinstance(content, bytes) else content.encode())
        landed = land(source, connection=connection, scratch=scratch, **asked)
        lines = connection.sql(landed.query).fetchall()
        assert [position for position, _ in lines] == list(range(1, landed.rows + 1))
        return landed, [json.loads(line) if line else None for _, line in lines]

    yield reading
    connection.close()


# JSON documents


def test_an_array_is_read_object_by_object_with_its_numbers_as_they_stand(read, tmp_path):
    landed, rows = read("a.json", '[{"id": 1, "v": 1.10},\n {"id": 2,\n  "s": "a, ]} \\" b"}]')
    assert rows == [{"id": 1, "v": 1.1}, {"id": 2, "s": 'a, ]} " b'}]
    assert (landed.kind, landed.columns) == ("json", ("id", "v", "s"))
    content = (tmp_path / "a.json").read_bytes()
    for offset, length, raw in landed.locate([1, 2]).values():
        assert content[offset : offset + length] == raw
    assert landed.locate([1])[1][2] == b'{"id": 1, "v": 1.10}'


def test_an_object_around_one_array_is_that_array(read):
    landed, rows = read("a.json", '{"links": {"a": [1]}, "data": [{"id": 1}], "total": 1}')
    assert (landed.table, rows) == ("data", [{"id": 1}])


def test_an_export_of_phpmyadmin_is_its_table(read):
    text = (
        '[\n{"type":"header","version":"5.2"},\n{"type":"database","name":"shop"},\n'
        '{"type":"table","name":"users","database":"shop","data":\n[\n{"id":"1"}\n]\n},\n'
        '{"type":"table","name":"events","database":"shop","data":\n[\n{"id":"1","note":"x]"},\n{"id":"2","note":null}\n]\n}\n]\n'
    )
    assert read("shop.json", text, table="events")[1] == [{"id": "1", "note": "x]"}, {"id": "2", "note": None}]
    assert read("shop.json", text, fits=lambda columns: "note" in columns)[0].table == "events"
    with pytest.raises(SourceError, match=r"several tables of shop.json fit: name one of events, users"):
        read("shop.json", text)


def test_a_pretty_object_alone_is_one_row_and_a_line_alone_is_a_line(read):
    assert read("a.json", '{\n "id": 1\n}\n')[1] == [{"id": 1}]
    assert read("a.json", '{"id": 1}\n')[0].kind == "ndjson"


def test_json_lines_named_json_are_lines_whatever_the_first_one_is(read):
    landed, rows = read("a.json", '[1]\n{"id":1}\n{"id":2}\n')
    assert (landed.kind, rows) == ("ndjson", [[1], {"id": 1}, {"id": 2}])


@pytest.mark.parametrize("text", ['[{"a":1},{"b":[1,{"c":"}"}]}', '[{"a":1},{"b"', '[{"a":1},', '{"data":[{"a":1}]'])
def test_a_document_that_is_cut_short_is_refused_whole(read, text):
    with pytest.raises(SourceError, match=r"a\.json is cut short"):
        read("a.json", text)


@pytest.mark.parametrize(("text", "byte"), [('[{"a":1} {"b":2}]', 9), ('[{"a":1}] x', 10), ('{\n"a" 1}', 2)])
def test_what_is_no_json_is_said_with_its_byte(read, text, byte):
    with pytest.raises(SourceError, match=f"from byte {byte} on"):
        read("a.json", text)


def test_a_value_with_a_bare_line_end_in_a_string_is_refused_alone(read):
    landed, rows = read("a.json", '[{"a":"x\ny"},\n{"a":2}]')
    assert rows == [None, {"a": 2}]
    assert [(row.raw, row.reason) for row in landed.refused] == [(b'{"a":"x\ny"}', "a bare line end inside a string")]


def test_an_array_of_many_blocks_is_read_in_order(read):
    rows = [{"id": n, "note": 'x"]}' * (n % 60)} for n in range(60_000)]
    content = json.dumps(rows).encode()
    assert len(content) > 2 * (4 << 20)
    landed, found = read("a.json", content)
    assert found == rows
    offset, length, raw = landed.locate([59_000])[59_000]
    assert json.loads(raw)["id"] == 58_999
    assert content[offset : offset + length] == raw


# Parquet, SQLite, tables in hand


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


@needs_exports
def test_a_real_array_of_eventstoredb_is_read(read):
    path = EXPORTS / "eventstoredb" / "shoppingCart-b989fe21-9469-4017-8d71-9820b8dd1164.json"
    assert read(path)[1] == json.loads(path.read_text())


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


# packed files


@pytest.mark.parametrize(("name", "pack"), [("a.csv.gz", gzip.compress), ("a.csv.zst", zstd.compress)])
def test_packed_files_are_read_all_their_parts_and_hashed_as_given(read, name, pack):
    content = pack(CSV) + pack(b"3,paid\n")
    landed, rows = read(name, content)
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    assert (landed.kind, landed.sha256, landed.size) == ("csv", hashlib.sha256(content).hexdigest(), len(content))
    assert landed.locate([3])[3] == (len(CSV), 6, b"3,paid")


@pytest.mark.parametrize(("name", "pack"), [("a.ndjson.gz", gzip.compress), ("a.ndjson.zst", zstd.compress)])
@given(seed=st.integers(0, 2**32), share=st.floats(0, 1))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_packed_file_cut_anywhere_raises(read, name, pack, seed, share):
    line = b'{"a":"%s"}\n' % hashlib.sha256(str(seed).encode()).hexdigest().encode()
    content = pack(line * (1 + seed % 5000))
    cut = 1 + int(share * (len(content) - 2))
    with pytest.raises(SourceError):
        read(name, content[:cut])


def test_packed_files_that_are_cut_or_damaged_say_what_to_do(read):
    packed = zstd.compress(os.urandom(10_000))
    with pytest.raises(SourceError, match=r"a\.csv\.zst is cut short: .* \(test it with zstd -t\)"):
        read("a.csv.zst", packed[:-3])
    with pytest.raises(SourceError, match=r"a\.csv\.gz is damaged"):
        read("a.csv.gz", gzip.compress(CSV) + b"garbage")
    with pytest.raises(SourceError, match="named like a packed file"):
        read("a.csv.gz", CSV)
    with pytest.raises(SourceError, match="packed twice"):
        read("a.csv.gz", gzip.compress(gzip.compress(CSV)))
    with pytest.raises(SourceError, match="unpacks to no byte"):
        read("a.csv.gz", gzip.compress(b""))


def test_a_file_that_unpacks_to_absurdly_much_is_refused(read, monkeypatch):
    monkeypatch.setattr(unpacking, "_SIZE", 8 << 20)
    with pytest.raises(SourceError, match="unpacks to more than"):
        read("a.csv.gz", gzip.compress(b"1,2\n" * (5 << 20)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_utf_16_with_its_mark_is_decoded_and_says_so(read, encoding):
    landed, rows = read("a.csv", "id,name\r\n1,é😀\r\n".encode(encoding))
    assert rows == [{"id": "1", "name": "é😀"}]
    assert landed.notes == ("read from UTF-16: byte offsets are those in UTF-8",)


def test_utf_16_without_a_mark_or_cut_says_to_convert_it(read):
    with pytest.raises(SourceError, match="looks like UTF-16 without a mark: convert it"):
        read("a.csv", "id,name\n1,Ann\n".encode("utf-16-le"))
    with pytest.raises(SourceError, match="not UTF-16 throughout"):
        read("a.csv", "id,name\n1,Ann\n".encode("utf-16")[:-1])


# files that cannot be read


def test_the_content_decides_and_not_the_name(read):
    assert read("export.csv", b'{"id":1}\n{"id":2}\n')[0].kind == "ndjson"
    assert read("export.ndjson", CSV)[0].kind == "csv"
    assert read("export.txt", b"CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n")[0].kind == "mysqldump"
    assert read("export.dat", gzip.compress(CSV))[0].kind == "csv"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty: it holds no byte"),
        ("a.csv", b"\n \n", "is empty: it holds nothing but white space"),
        ("a.csv", bytes(range(256)) * 20, "is a binary file"),
        ("a.csv", b"\x7fELF" + b"\0\1\2\3" * 500, "is a binary file"),
        ("a.csv", b"PK\x03\x04rest", "zip archive .*save the sheet as CSV"),
        ("a.csv", b"12345678DUCK" + b"\0" * 99, "is a DuckDB database"),
        ("a.xml", b"<?xml version='1.0'?><a/>", "is XML"),
    ],
)
def test_files_that_are_no_exports_say_so_in_one_sentence(read, name, content, said):
    with pytest.raises(SourceError, match=said) as raised:
        read(name, content)
    assert "\n" not in str(raised.value)


def test_paths_that_lead_to_no_file_say_so(read, tmp_path):
    (tmp_path / "orders.csv").write_bytes(CSV)
    with pytest.raises(SourceError, match=r"no file order.csv in .*: did you mean 'orders.csv'"):
        read("order.csv")
    with pytest.raises(SourceError, match="there is no folder"):
        read(tmp_path / "gone" / "a.csv")
    with pytest.raises(SourceError, match="is a folder: name the export files in it"):
        read(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_no_plain_file(read, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(SourceError, match="not a plain file"):
        read("pipe.csv")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="needs a user other than root, who may read every file"
)
def test_a_file_that_may_not_be_read_says_so(read, tmp_path):
    (tmp_path / "a.csv").write_bytes(CSV)
    (tmp_path / "a.csv").chmod(0)
    with pytest.raises(SourceError, match="may not be read by this user"):
        read("a.csv")


def test_a_full_disk_is_said_in_a_sentence(read, monkeypatch):
    class Full(io.BytesIO):
        def write(self, _):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(landing.os, "fdopen", lambda handle, *_, **__: (os.close(handle), Full())[1])
    with pytest.raises(SourceError, match=r"no room left in .* to read a.csv"):
        read("a.csv", CSV)


def test_a_file_mostly_in_another_encoding_is_refused_whole(read, monkeypatch):
    monkeypatch.setattr(landing, "REFUSED_LIMIT", 100)
    with pytest.raises(SourceError, match="more than 100 rows that cannot be read, the last because of 'not UTF-8'"):
        read("a.ndjson", b'{"a":"\xe9"}\n' * 200)
