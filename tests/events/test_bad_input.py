"""Bad input is one clear line, and nothing is lost: what can be read is, the rest is kept with its reason."""

from __future__ import annotations

import gzip
import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import workbench as wb
from workbench.cli import main
from workbench.errors import MappingError, SourceError, WorkbenchError
from workbench.events import import_into
from workbench.events.sources.unpacking import _zstd


def row(case: int, **more: object) -> str:
    return json.dumps({"case_id": case, "activity": "a", "timestamp": f"2026-01-01 10:00:{case % 60:02d}", **more})


LINES = [row(case) for case in range(200)]
NDJSON = "".join(line + "\n" for line in LINES).encode()
CSV = b"case_id,activity,timestamp\n" + b"".join(b"%d,a,2026-01-01 10:00:00\n" % case for case in range(50))
ARRAY = b"[" + b",".join(line.encode() for line in LINES) + b"]"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)

UNREADABLE: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "is empty: it holds no byte at all"),
    "spaces.csv": (b"  \n\n", "is empty: it holds nothing but white space"),
    "binary.csv": (bytes(range(256)) * 40, "is a binary file"),
    "cut.ndjson.gz": (gzip.compress(NDJSON)[:-30], "is cut short: its packed data ends too early"),
    "cut.ndjson.zst": (_zstd().compress(NDJSON)[:-30], "is cut short: its packed data ends too early"),
    "damaged.csv.gz": (b"\x1f\x8b" + b"nonsense" * 40, "is damaged: its packed data cannot be read"),
    "plain.csv.gz": (CSV, "is named like a packed file, but its first bytes are not"),
    "utf16.csv": (CSV.decode().encode("utf-16-le"), "looks like UTF-16 without a mark: convert it first"),
    "cut.json": (ARRAY[:-10], "is cut short: it ends inside its JSON document"),
    "no.sqlite": (b"SQLite format 3\0" + b"\0" * 500, "cannot be read as an SQLite database"),
    "text.sqlite": (b"hello this is not a database\n" * 3, "no mapping fits text.sqlite"),
    "no_insert.sql": (b"CREATE TABLE `t` (`id` int);\n", "holds no table with rows"),
    "no.parquet": (b"PAR1" + b"x" * 100, "is no whole Parquet file"),
    "book.csv": (b"PK\x03\x04" + b"\0" * 100, "is a zip archive (or an Excel workbook)"),
    "page.csv": (b"<?xml version='1.0'?><a/>", "is XML: export it as CSV"),
    "only_odd.ndjson": (b'[1]\n"x"\n', "only_odd.ndjson holds no row with named columns"),
    "words.txt": (b"hello world\nthis is text\n", "no mapping fits words.txt with the columns hello world"),
    "two_documents.json": (b"[{}]\n" * 2 + b"{", "cannot|cut short|no row|no mapping|empty"),
}

# What is read, what of it is refused: (row, its bytes, reason).
READABLE: dict[str, tuple[bytes, int, list[tuple[int, bytes, str]]]] = {
    "bom.csv": (b"\xef\xbb\xbf" + CSV, 50, []),
    "bom.ndjson": (b"\xef\xbb\xbf" + NDJSON, 200, []),
    "utf16.csv": (CSV.decode().encode("utf-16"), 50, []),
    "crlf.csv": (CSV.replace(b"\n", b"\r\n"), 50, []),
    "crlf.ndjson": (NDJSON.replace(b"\n", b"\r\n"), 200, []),
    "array.json": (ARRAY, 200, []),
    "odd.ndjson": (
        b'[1]\n"x"\n5\n' + NDJSON + b'\n{broken\n{"case_id":NaN}\n',
        206,
        [
            (1, b"[1]", "not a JSON object"),
            (2, b'"x"', "not a JSON object"),
            (3, b"5", "not a JSON object"),
            (204, b"", "empty line"),
            (205, b"{broken", "not valid JSON"),
            (206, b'{"case_id":NaN}', "NaN or Infinity is not JSON"),
        ],
    ),
    "twice.ndjson": (
        NDJSON + b'{"case_id":1,"case_id":2,"activity":"a"}\n',
        201,
        [(201, b'{"case_id":1,"case_id":2,"activity":"a"}', "a key stands twice: case_id")],
    ),
    "twice_at_once.ndjson": (
        b'{"case_id":1,"case_id":2,"activity":"a","timestamp":"2026-01-01"}\n' + NDJSON,
        201,
        [(1, b'{"case_id":1,"case_id":2,"activity":"a","timestamp":"2026-01-01"}', "a key stands twice: case_id")],
    ),
    "ragged.csv": (
        CSV + b"1,a\n1,a,2026-01-01,more\n",
        52,
        [
            (51, b"1,a", "row has 2 fields, the header 3"),
            (52, b"1,a,2026-01-01,more", "row has 4 fields, the header 3"),
        ],
    ),
    "latin1.ndjson": (NDJSON + b'{"activity":"caf\xe9"}\n', 201, [(201, b'{"activity":"caf\xe9"}', "not UTF-8")]),
    "latin1.csv": (CSV + b"1,caf\xe9,2026-01-01\n", 51, [(51, b"1,caf\xe9,2026-01-01", "not UTF-8")]),
    "nul.csv": (CSV + b"1,a\0b,2026-01-01\n", 51, [(51, b"1,a\0b,2026-01-01", "a NUL byte")]),
    "quote.csv": (
        CSV + b'1,"open,2026-01-01\n2,b,2026-01-01\n',
        52,
        [(51, b'1,"open,2026-01-01', "a quote that is never closed")],
    ),
    "deep.ndjson": (NDJSON + row(1, x=1).replace("1}", "[" * 50_000 + "]" * 50_000 + "}").encode() + b"\n", 201, []),
}


@dataclass(frozen=True)
class Desk:
    """A folder with a log, and the command line at work in it."""

    folder: Path
    log: Path
    before: list[tuple[object, ...]]
    say: Callable[..., tuple[int, str, str]]

    def events(self) -> list[tuple[object, ...]]:
        with wb.open_log(self.log) as log:
            return [*log.events.fetchall(), *log.imports.fetchall(), *log.rejected.fetchall()]

    def file(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    def say(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        return (code, *capsys.readouterr())

    log = tmp_path / "log.duckdb"
    import_into(log, [[{"case_id": -1, "activity": "a", "timestamp": "2026-01-01 10:00"}]])
    desk = Desk(tmp_path, log, [], say)
    desk.before.extend(desk.events())
    return desk


def refused(desk: Desk, sentence: str, source: Path, *more: object) -> None:
    """The command line says one line with this in it, exits 2, and the log is as before."""
    code, out, err = desk.say("import", source, "--into", desk.log, *more)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("workbench: ")
    assert any(part in err for part in sentence.split("|"))
    assert "Traceback" not in err
    assert desk.events() == desk.before


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_refused_in_one_line(desk: Desk, name: str) -> None:
    content, sentence = UNREADABLE[name]
    path = desk.file(name, content)
    with pytest.raises(WorkbenchError) as told:
        wb.read_events(path)
    assert "\n" not in str(told.value)
    assert any(part in str(told.value) for part in sentence.split("|"))
    assert name.removesuffix(".gz") in str(told.value)
    refused(desk, sentence, path)


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_is_and_every_other_row_is_kept_with_its_reason(desk: Desk, name: str) -> None:
    content, rows, rejected = READABLE[name]
    path = desk.file(name, content)
    with wb.read_events(path) as log:
        counts = log.imports.project("read, loaded, duplicate, rejected").fetchall()
        kept = log.rejected.project("position, raw, reason, byte_offset").fetchall()
    assert counts == [(rows, rows - len(rejected), 0, len(rejected))]
    assert [(position, raw, reason) for position, raw, reason, _ in kept] == rejected
    assert [content[offset : offset + len(raw)] for _, raw, _, offset in kept] == [raw for _, raw, _ in rejected]
    code, out, err = desk.say("import", path, "--into", desk.log, "--format", "json")
    assert (code, err) == (0, "")
    assert json.loads(out)["read"] == rows
    assert sum(json.loads(out)["reasons"].values()) == len(rejected)


def test_two_columns_of_one_name_both_keep_their_values(desk: Desk) -> None:
    path = desk.file("twice.csv", b"case_id,activity,activity,timestamp\n1,a,b,2026-01-01\n")
    with wb.read_events(path) as log:
        assert json.loads(log.events.project("data").fetchall()[0][0]) == {
            "case_id": "1",
            "activity": "a",
            "activity_2": "b",
            "timestamp": "2026-01-01",
        }


def test_a_header_without_rows_is_an_import_of_nothing(desk: Desk) -> None:
    path = desk.file("header.csv", CSV.split(b"\n", 1)[0] + b"\n")
    code, out, err = desk.say("import", path, "--into", desk.log, "--format", "json")
    assert (code, json.loads(out)["read"], err) == (1, 0, "")


def test_no_file_is_said_with_the_nearest_there_is(desk: Desk) -> None:
    desk.file("shop.ndjson", NDJSON)
    refused(desk, "did you mean", desk.folder / "shp.ndjson")
    refused(desk, "no such file: ", desk.folder / "missing" / "shop.ndjson")
    with pytest.raises(WorkbenchError, match=r"no file shp.ndjson in .*: did you mean 'shop.ndjson'"):
        wb.read_events(desk.folder / "shp.ndjson")


def test_a_folder_is_no_source(desk: Desk) -> None:
    (desk.folder / "exports").mkdir()
    refused(desk, "exports is a folder: name the export files in it", desk.folder / "exports")


def test_a_pipe_is_no_source(desk: Desk) -> None:
    os.mkfifo(desk.folder / "pipe.csv")
    refused(desk, "is not a plain file", desk.folder / "pipe.csv")


def test_a_file_that_may_not_be_read_is_said_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.file("secret.csv", CSV)
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda file, mode, **more: file != path and allowed(file, mode, **more))
    with pytest.raises(SourceError, match=r"secret\.csv may not be read by this user: change its permissions"):
        wb.read_events(path)
    assert desk.say("import", path, "--into", desk.log)[0] == 2


def test_one_bad_source_of_several_leaves_none_behind(desk: Desk) -> None:
    good, bad = desk.file("good.ndjson", NDJSON), desk.file("bad.csv", b"")
    refused(desk, "bad.csv is empty", good, bad)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--mapping", "evnt_store"], "no mapping named 'evnt_store': did you mean 'event_store'?"),
        (["--mapping", "nothing.yaml"], "no mapping file named 'nothing.yaml'"),
        (["--mapping", "case=a,activity=b,time=c"], "does not fit shop.ndjson: it needs a column a, b, c"),
        (["--mapping", "cas=case_id"], "no column to map named 'cas': did you mean 'case'?"),
        (["--timezone", "Europe/Pariss"], "no time zone named 'Europe/Pariss': did you mean 'Europe/Paris'?"),
        (["--timezone", "+2:00"], "'+2:00' is no offset from UTC: write it as +02:00"),
        (["--timezone=-99:99"], "'-99:99' is no offset from UTC"),
        (["--state-field", ""], "state_field is empty"),
        (["--roster", "Order=rows.csv"], "no such file: rows.csv"),
        (["--rooster", "Order=rows.csv"], "no such option --rooster: did you mean --roster?"),
    ],
)
def test_a_wrong_option_says_the_nearest_right_one(desk: Desk, options: list[str], sentence: str) -> None:
    path = desk.file("shop.ndjson", NDJSON)
    code, out, err = desk.say("import", path, "--into", desk.log, *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err
    assert desk.events() == desk.before


def test_a_yaml_alias_bomb_is_refused_as_a_machine_and_as_a_mapping(desk: Desk) -> None:
    bomb = desk.file("bomb.yaml", BOMB.encode())
    code, out, err = desk.say("check", bomb)
    assert (code, err) == (1, "")
    assert "SM001 with its aliases written out this holds more than 1,000,000 values" in out
    inside = desk.file("inside.yaml", b"extends: generic\ncolumns:\n" + b"".join(
        b"  " + line.encode() + b"\n"
        for line in BOMB.replace("a:", "actor:").replace("b:", "event_id:").replace("c:", "version:").splitlines()[:3]
    ))  # fmt: skip
    path = desk.file("shop.ndjson", NDJSON)
    refused(desk, "bomb.yaml has an unknown key 'a'", path, "--mapping", bomb)
    refused(desk, "where a column, a path or {value: text} was expected", path, "--mapping", inside)


def test_a_row_that_says_it_is_sql_stays_text(desk: Desk) -> None:
    evil = "'); DROP TABLE events; --"
    path = desk.file(f"{evil}.ndjson", (row(1, activity=evil, resource=evil) + "\n").encode())
    with wb.read_events(path, system=evil) as log:
        assert log.events.project("to_state, actor").fetchall() == [(evil, evil)]
        assert log.imports.project("source, system").fetchall() == [(f"{evil}.ndjson", evil)]
        assert log.of("Case", "1").sql("SELECT count(*) FROM events").fetchall() == [(1,)]


def test_an_unknown_column_of_a_mapping_by_hand_in_python_is_said_so(desk: Desk) -> None:
    with pytest.raises(MappingError, match="needs a column order_no; the source has case_id, activity, timestamp"):
        wb.read_events(
            desk.file("shop.csv", CSV), mapping={"case": "order_no", "activity": "activity", "time": "timestamp"}
        )


@pytest.mark.soak
@pytest.mark.parametrize("name", ["long.ndjson", "long.csv"])
def test_a_line_of_200_mb_is_refused_alone(desk: Desk, name: str) -> None:
    around = (NDJSON, NDJSON.replace(b"10:00", b"11:00")) if name.endswith("ndjson") else (CSV, CSV.split(b"\n", 1)[1])
    path = desk.file(name, around[0])
    with path.open("ab") as file:
        file.write(b'{"case_id":"' if name.endswith("ndjson") else b"")
        for _ in range(200):
            file.write(b"x" * (1 << 20))
        file.write(b'"}\n' if name.endswith("ndjson") else b"\n")
        file.write(around[1].replace(b"10:00:00", b"11:00:00"))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with wb.read_events(path) as log:
        counts = log.imports.project("read, loaded, rejected").fetchall()
        kept = log.rejected.project("reason, byte_length, octet_length(raw)").fetchall()
    rows = 401 if name.endswith("ndjson") else 101
    assert counts == [(rows, rows - 1, 1)]
    assert kept[0][0] == "longer than 16 MB"
    assert kept[0][1] >= 200 << 20
    assert kept[0][2] == 1 << 16
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500_000


@pytest.mark.parametrize("name", ["odd.ndjson", "bom.csv", "array.json"])
def test_a_table_named_in_a_file_without_tables_is_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(READABLE[name][0])
    with pytest.raises(SourceError, match=f"{name} has no tables to choose from, so none named 'orders'"):
        wb.read_events(path, table="orders")


@pytest.mark.parametrize("wrong", [{"mapping": "event_stor"}, {"timezone": "Europe/Pari"}])
def test_what_is_wrong_whatever_the_source_holds_is_said_before_it_is_read(tmp_path, wrong):
    with pytest.raises(WorkbenchError, match="did you mean"):
        wb.read_events(tmp_path / "not_there.ndjson", **wrong)
