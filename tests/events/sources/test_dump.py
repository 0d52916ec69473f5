"""A mysqldump: its rows come back exactly, its zone beside them, and nothing in it is executed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.errors import SourceError

EXPORTS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "logs" / "mariadb_exports"
needs_exports = pytest.mark.skipif(not EXPORTS.exists(), reason="shared/data/logs/mariadb_exports is missing")
HEAD = "CREATE TABLE `events` (\n  `id` bigint NOT NULL,\n  `note` text,\n  PRIMARY KEY (`id`)\n);\n"


@pytest.fixture
def read(read):
    def reading(content, name="dump.sql", **asked):
        return read(content, **asked) if isinstance(content, Path) else read(name, content, **asked)

    return reading


@needs_exports
@pytest.mark.parametrize("name", ["dump.sql", "s.sql"])
def test_a_dump_and_its_json_lines_hold_the_same_payloads(read, name):
    _, rows = read(EXPORTS / name)
    _, lines = read(EXPORTS / "e.ndjson")
    assert [json.loads(row["event_data"]) for row in rows] == [row["event_data"] for row in lines]
    assert [str(row["aggregate_id"]) for row in rows] == ["1", "1", "9223372036854775808"]
    assert [row["occurred_at"] for row in rows] == [row["occurred_at"] for row in lines]


@needs_exports
def test_the_zone_of_a_dump_speaks_of_its_timestamps(read):
    landed, _ = read(EXPORTS / "dump.sql")
    assert (landed.zone, landed.zoned_columns) == ("+00:00", ("occurred_at", "created_at", "updated_at"))
    assert (landed.kind, landed.table) == ("mysqldump", "event_store")


def test_a_datetime_is_in_no_zone(read):
    landed, _ = read(
        "SET time_zone = '+02:00';\nCREATE TABLE t (id int, made timestamp(6) NULL, seen datetime, comment varchar(9)"
        " DEFAULT 'a timestamp, b timestamp');\nINSERT INTO t VALUES (1,NULL,NULL,NULL);\n"
    )
    assert (landed.zone, landed.zoned_columns) == ("+02:00", ("made",))


def test_every_way_to_write_a_value_is_read(read):
    _, rows = read(
        "CREATE TABLE t (a int, b decimal(5,2), c text, d text, e blob, f binary(2), g bit(3), h text, i bigint);\n"
        "INSERT INTO t VALUES (-7,19.90,'it''s \\'so\\' \\\"here\\\" \\% \\_ \\n \\Z',NULL,_binary 'hi',0x00ff,b'101',"
        '"say ""a""",12345678901234567890),\n ( 1 , 1e3 , x\'c3a9\' , null , _binary \'\\0\' ,'
        " _binary 'ab' , 0b1 , N'n' , TRUE ) ;\n"
    )
    assert rows == [
        {
            "a": -7,
            "b": "19.90",
            "c": "it's 'so' \"here\" \\% \\_ \n \x1a",
            "d": None,
            "e": "hi",
            "f": "00ff",
            "g": 5,
            "h": 'say "a"',
            "i": "12345678901234567890",
        },
        {"a": 1, "b": "1e3", "c": "é", "d": None, "e": "00", "f": "6162", "g": 1, "h": "n", "i": 1},
    ]


def test_what_only_looks_like_rows_is_none(read):
    landed, rows = read(
        "-- it's a comment; INSERT INTO events VALUES (8,'x');\n"
        "# INSERT INTO events VALUES (8,'x');\n"
        "/* INSERT INTO events VALUES (8,'x'); */\n"
        + HEAD
        + "DELIMITER ;;\nCREATE TRIGGER t BEFORE INSERT ON u FOR EACH ROW BEGIN\n"
        "INSERT INTO events VALUES (9,'x');\nEND ;;\n"
        "DELIMITER ;\nINSERT INTO other VALUES ('INSERT INTO events VALUES (7,1);'),('; -- x');\n"
        "DROP TABLE events;\nINSERT INTO events VALUES (1,'-- no comment; /* nor this'),(2,'(3,4),');\n",
        table="events",
    )
    assert rows == [{"id": 1, "note": "-- no comment; /* nor this"}, {"id": 2, "note": "(3,4),"}]
    assert landed.refused == ()


def test_a_list_of_columns_names_the_values(read):
    _, rows = read(
        HEAD
        + "INSERT IGNORE INTO `shop`.`events` (`note`, `id`) VALUES ('a',1);\nREPLACE INTO events VALUES (2,'b');\n"
    )
    assert rows == [{"note": "a", "id": 1}, {"id": 2, "note": "b"}]


def test_rows_of_an_unknown_table_are_numbered_or_named(read):
    landed, rows = read("INSERT INTO events VALUES (1,'a');\n")
    assert (landed.headerless, rows) == (True, [{"column_1": 1, "column_2": "a"}])
    landed, rows = read("INSERT INTO events VALUES (1,'a');\n", columns=("id", "note"))
    assert (landed.headerless, rows) == (False, [{"id": 1, "note": "a"}])


def test_rows_that_are_no_list_of_literals_are_refused_alone(read):
    content = (
        HEAD + "INSERT INTO events VALUES (1,'a'),(2),\n(3,NOW()),(4,'d','e'),(5,'f')"
        " ON DUPLICATE KEY UPDATE id=VALUES(id);\n"
    )
    landed, rows = read(content)
    assert [row and row["id"] for row in rows] == [1, None, None, None, 5]
    assert [(row.raw, row.reason) for row in landed.refused] == [
        (b"(2)", "row has 1 values, the table 2 columns"),
        (b"(3,NOW())", "a value that is no literal"),
        (b"(4,'d','e')", "row has 3 values, the table 2 columns"),
    ]
    assert all(content.encode()[row.offset : row.offset + row.length] == row.raw for row in landed.refused)


def test_bytes_that_are_no_text_refuse_their_row_unless_the_column_is_binary(read):
    landed, rows = read(HEAD.encode() + b"INSERT INTO events VALUES (1,'\xe9'),(2,'ok');\n")
    assert [(row.position, row.reason) for row in landed.refused] == [(1, "not UTF-8")]
    assert rows[1] == {"id": 2, "note": "ok"}
    _, rows = read(b"CREATE TABLE t (a varbinary(9));\nINSERT INTO t VALUES ('\xe9'),(_binary 'ok');\n")
    assert rows == [{"a": "e9"}, {"a": "ok"}]


def test_a_dump_cut_inside_a_row_says_so(read):
    landed, rows = read("-- MySQL dump 10\n-- Host: db\n" + HEAD + "INSERT INTO events VALUES (1,'a'),(2,'b")
    assert rows == [{"id": 1, "note": "a"}, None]
    assert landed.refused[0].reason == "the dump ends inside this row"
    assert landed.notes == ("the dump does not end in 'Dump completed': it may have been cut short",)


def test_the_table_is_the_one_that_fits_or_the_one_named(read):
    two = (
        HEAD
        + "INSERT INTO events VALUES (1,'a');\nCREATE TABLE users (name text);\nINSERT INTO users VALUES ('Ann');\n"
    )
    assert read(two, fits=lambda columns: "note" in columns)[0].table == "events"
    assert read(two, table="USERS")[1] == [{"name": "Ann"}]
    with pytest.raises(SourceError, match=r"several tables of dump.sql fit: name one of events, users"):
        read(two)
    with pytest.raises(SourceError, match=r"no table of dump.sql fits a known mapping: it holds events, users"):
        read(two, fits=lambda _: False)
    with pytest.raises(SourceError, match=r"no table named 'event' with rows in dump.sql: did you mean 'events'"):
        read(two, table="event")
    with pytest.raises(SourceError, match="holds no table with rows"):
        read(HEAD)


def test_a_postgresql_dump_is_refused_with_the_way_out(read):
    with pytest.raises(SourceError, match="PostgreSQL dump: export the table"):
        read("--\n-- PostgreSQL database dump\n--\nSET x = 1;\n")


def escaped(text):
    """What mysql_real_escape_string makes of a text."""
    table = {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\0": "\\0", "\x1a": "\\Z"}
    return "".join(table.get(letter, letter) for letter in text)


tricky = st.text(st.sampled_from("\\'\"\n\r\0\x1a,;()`-/* %_aN\u00e9"), max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | tricky


@given(
    rows=st.lists(st.tuples(st.integers(-(10**30), 10**30), st.none() | texts), min_size=1, max_size=20),
    one_line=st.booleans(),
    doubled=st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_mysqldump_escapes_comes_back_exactly(read, rows, one_line, doubled):
    def literal(text):
        inside = escaped(text).replace("\\'", "''") if doubled else escaped(text)
        return "NULL" if text is None else f"'{inside}'"

    tuples = [f"({number},{literal(text) if text is not None else 'NULL'})" for number, text in rows]
    content = HEAD + "INSERT INTO `events` VALUES " + ("," if one_line else ",\n").join(tuples) + ";\n"
    landed, found = read(content)
    assert landed.refused == ()
    assert [(int(row["id"]), row["note"]) for row in found] == rows
    spots = landed.locate(range(1, len(rows) + 1))
    assert [raw.decode() for _, _, raw in spots.values()] == tuples
    assert all(content.encode()[offset : offset + length] == raw for offset, length, raw in spots.values())


@pytest.mark.parametrize("between", [",", ",\n", ");\nINSERT INTO `events` VALUES ("])
def test_rows_come_back_whole_over_many_blocks(read, between):
    notes = ["x'\"\\\n" * (n % 200) for n in range(12_000)]
    if between.startswith(")"):
        tuples = between.join(f"{n},'{escaped(note)}'" for n, note in enumerate(notes))
        content = HEAD + f"INSERT INTO `events` VALUES ({tuples});\n"
    else:
        content = (
            HEAD
            + "INSERT INTO `events` VALUES "
            + between.join(f"({n},'{escaped(note)}')" for n, note in enumerate(notes))
            + ";\n"
        )
    assert len(content) > 2 * (4 << 20)
    landed, rows = read(content)
    assert landed.refused == ()
    assert [row["note"] for row in rows] == notes
    offset, length, raw = landed.locate([11_000])[11_000]
    assert content.encode()[offset : offset + length] == raw
    assert raw.startswith(b"(10999,'")
