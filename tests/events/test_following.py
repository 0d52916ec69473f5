"""A log follows a source that grows: nothing lost, whatever happens to it, and every trouble said in a sentence."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import workbench as wb
from workbench.events.following import Follower

ROOT = Path(__file__).resolve().parents[2]


def line(number: int, state: str = "paid", order: int | None = None) -> str:
    return json.dumps(
        {
            "id": number, "aggregate_type": "Order", "aggregate_id": order or number,
            "event_type": "state_transitioned", "event_data": {"from_state": "new", "to_state": state},
            "occurred_at": f"2026-01-05 10:{number // 60:02}:{number % 60:02}",
        }
    ) + "\n"  # fmt: skip


def lines(*numbers: int) -> str:
    return "".join(map(line, numbers))


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def ids(log: wb.EventLog) -> list[int]:
    return [int(row[0]) for row in log.sql("SELECT event_id FROM events ORDER BY event_id::INT").fetchall()]


def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("not within a minute")


def until_read(follower: Follower, rows: int) -> None:
    """Tick until so many rows are loaded: a busy folder may take several ticks."""
    while follower.loaded < rows:
        follower.tick()
        assert follower.ticks < 50


@pytest.fixture
def log(tmp_path: Path):
    with wb.open_log(tmp_path / "log.duckdb", write=True) as opened:
        yield opened


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "shop.ndjson"


def test_only_what_is_new_is_read_and_a_line_without_its_end_waits(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2) + line(3)[:40])
    follower = log.follow(source)
    assert (follower.tick().loaded, follower.behind) == (2, 40)
    append(source, line(3)[40:] + line(4))
    assert (follower.tick().loaded, follower.behind) == (2, 0)
    assert follower.tick().read == 0
    assert ids(log) == [1, 2, 3, 4]
    assert log.sql("SELECT import_id, source, read, loaded FROM imports").fetchall() == [(1, "shop.ndjson", 4, 4)]


def test_late_rows_and_rows_that_came_before_are_told_apart(log: wb.EventLog, source: Path):
    source.write_text(line(10, "paid", 7) + line(30, "sent", 7))
    follower = log.follow(source)
    follower.tick()
    append(source, line(20, "packed", 7) + line(10, "paid", 7) + "nonsense\n" + line(30, "lost", 7))
    tick = follower.tick()
    assert (tick.read, tick.loaded, tick.duplicate, tick.rejected) == (4, 1, 1, 2)
    assert [row[0] for row in log.of("Order", 7).sql("SELECT to_state FROM moves ORDER BY move").fetchall()] == [
        "new", "paid", "packed", "sent",
    ]  # fmt: skip
    size = len(line(10, "paid", 7)) * 2 + len(line(20, "packed", 7)) + len(line(10, "paid", 7))
    assert log.sql("SELECT position, byte_offset, raw FROM rejected WHERE reason LIKE '%JSON%'").fetchall() == [
        (5, size, b"nonsense")
    ]


def test_a_file_that_is_not_there_is_waited_for(log: wb.EventLog, source: Path):
    follower = log.follow(source)
    tick = follower.tick()
    assert tick.trouble == f"no file shop.ndjson in {source.parent}"
    assert follower.state == "waiting"
    source.write_text("")
    assert follower.tick().trouble is None
    append(source, lines(1))
    assert follower.tick().loaded == 1
    assert follower.state == "following"


def test_a_truncated_file_is_read_from_its_start_as_an_import_of_its_own(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2, 3))
    follower = log.follow(source)
    follower.tick()
    source.write_text(lines(3, 4))
    tick = follower.tick()
    assert (tick.loaded, tick.duplicate) == (1, 1)
    assert tick.notes == ("shop.ndjson was truncated or written anew: it is read from its start again",)
    assert log.sql("SELECT import_id, read, loaded FROM imports ORDER BY ALL").fetchall() == [(1, 3, 3), (2, 2, 1)]


def test_a_file_written_anew_and_longer_is_noticed(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2))
    follower = log.follow(source)
    follower.tick()
    source.write_text(lines(5, 6, 7, 8))
    assert follower.tick().loaded == 4
    assert ids(log) == [1, 2, 5, 6, 7, 8]


def test_what_is_written_to_a_rotated_file_before_the_new_one_comes_is_read(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source)
    follower.tick()
    append(source, lines(2))
    rotated = source.rename(source.with_suffix(".1"))
    append(rotated, lines(3) + line(4).rstrip("\n"))
    assert follower.tick().loaded == 2
    assert "is gone from" in follower.tick().trouble
    source.write_text(lines(5))
    while follower.tick().read or follower.behind or ids(log)[-1] < 5:
        assert follower.ticks < 10
    assert ids(log) == [1, 2, 3, 4, 5]
    assert follower.state == "following"


def test_a_file_replaced_by_one_that_begins_alike_goes_on_in_the_same_import(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2))
    follower = log.follow(source)
    follower.tick()
    new = source.with_suffix(".new")
    new.write_text(lines(1, 2, 3))
    new.replace(source)
    assert [follower.tick().read for _ in range(3)] == [0, 1, 0]
    assert log.sql("SELECT read, loaded FROM imports").fetchall() == [(3, 3)]
    assert follower.notes == ()


def test_following_goes_on_where_an_import_or_an_earlier_follower_ended(log: wb.EventLog, source: Path):
    source.write_text(lines(1, 2))
    log.add(source)
    append(source, lines(3))
    first = log.follow(source)
    assert first.tick().read == 1
    first.stop()
    append(source, lines(4))
    assert log.follow(source).tick().read == 1
    assert log.sql("SELECT import_id, read, loaded FROM imports").fetchall() == [(1, 4, 4)]


def test_a_file_that_reads_otherwise_once_more_of_it_is_there_is_imported_anew(log: wb.EventLog, tmp_path: Path):
    sheet, row = tmp_path / "orders.csv", '{0};"2026-01-05 10:00:0{0}";"paid, not sent"\n'
    sheet.write_text("case_id;timestamp;activity\n" + row.format(1))
    follower = log.follow(sheet)
    assert follower.tick().loaded == 1
    append(sheet, row.format(2))
    assert follower.tick().loaded == 1
    with wb.read_events(sheet) as once:
        assert once.sql("SELECT aggregate_id, to_state FROM moves ORDER BY ALL").fetchall() == (
            log.sql("SELECT aggregate_id, to_state FROM moves ORDER BY ALL").fetchall()
        )


def test_the_files_of_a_folder_are_read_as_they_come_and_grow(log: wb.EventLog, tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    follower = log.follow(folder)
    assert follower.tick().trouble is None
    (folder / "b.ndjson").write_text(lines(1))
    (folder / "a.ndjson").write_text(lines(2))
    (folder / ".hidden").write_text(lines(3))
    until_read(follower, 2)
    append(folder / "a.ndjson", lines(4))
    (folder / "a.ndjson").rename(folder / "a.ndjson.1")
    (folder / "a.ndjson").write_text(lines(5))
    (folder / "c.ndjson.gz").write_bytes(gzip.compress(lines(6, 7).encode()))
    until_read(follower, 6)
    assert [follower.tick().read for _ in range(3)] == [0, 0, 0]
    assert ids(log) == [1, 2, 4, 5, 6, 7]


def test_one_bad_file_of_a_folder_is_named_and_the_others_are_read(log: wb.EventLog, tmp_path: Path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").write_bytes(b"PK\x03\x04 no events\n")
    (tmp_path / "in" / "b.ndjson").write_text(lines(1))
    follower = log.follow(tmp_path / "in" / "*")
    until_read(follower, 1)
    assert [follower.tick().trouble[:20] for _ in range(3)] == ["a.zip is a zip archi"] * 3


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


def test_a_started_follower_reads_by_itself_pauses_resumes_and_recovers(log: wb.EventLog, source: Path):
    with log.follow(source, every=0.02) as follower:
        eventually(lambda: follower.state == "waiting")
        source.write_text(lines(1))
        eventually(lambda: follower.loaded == 1)
        follower.pause()
        append(source, lines(2))
        ticks = follower.ticks
        time.sleep(0.2)
        assert (follower.state, follower.ticks) == ("paused", ticks)
        follower.resume()
        eventually(lambda: follower.loaded == 2)
        log.add([json.loads(line(9))])
        append(source, lines(3))
        eventually(lambda: follower.loaded == 3)
    assert follower.state == "stopped"
    assert ids(log) == [1, 2, 3, 9]
    with pytest.raises(wb.LogError, match="has been stopped"):
        follower.tick()


def test_a_follower_that_is_paused_as_it_is_about_to_look_does_not_look(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source, every=0.02)
    with follower._lock:
        follower.start()
        time.sleep(0.1)  # its thread waits for the lock
        follower.pause()
    time.sleep(0.1)
    assert (follower.state, follower.ticks) == ("paused", 0)
    follower.stop()


def test_closing_the_log_stops_its_followers(tmp_path: Path, source: Path):
    source.write_text(lines(1))
    log = wb.open_log(tmp_path / "log.duckdb", write=True)
    follower = log.follow(source, every=0.02).start()
    eventually(lambda: follower.loaded == 1)
    log.close()
    assert follower.state == "stopped"
    assert [thread for thread in threading.enumerate() if thread.name == "workbench-follower"] == []
    assert not (tmp_path / "log.duckdb.wal").exists()
    with wb.open_log(tmp_path / "log.duckdb") as again:
        assert ids(again) == [1]


def test_a_kernel_that_ends_takes_its_followers_with_it(tmp_path: Path, source: Path):
    source.write_text(lines(1))
    code = (
        "import sys, time, workbench as wb\n"
        "follower = wb.open_log(sys.argv[1], write=True).follow(sys.argv[2], every=0.01).start()\n"
        "while not follower.loaded: time.sleep(0.01)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "log.duckdb"), str(source)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    with wb.open_log(tmp_path / "log.duckdb") as log:
        assert ids(log) == [1]


def test_no_row_is_lost_when_the_log_is_written_to_by_another_thread_at_the_same_time(log: wb.EventLog, source: Path):
    source.write_text("")
    with log.follow(source, every=0.001) as follower:
        for number in range(1, 16):
            append(source, line(number, order=number % 3 + 1))
            try:
                log.add([json.loads(line(100 + number, order=number % 3 + 1))])
            except wb.SourceError as error:
                assert "nothing was changed" in str(error)  # noqa: PT017  either side may lose, in a sentence
                append(source, line(100 + number, order=number % 3 + 1))
        eventually(lambda: follower.trouble is None and not follower.behind and follower.read >= 15)
    assert ids(log) == [*range(1, 16), *range(101, 116)]


def test_what_can_be_known_to_be_wrong_is_said_at_once(log: wb.EventLog, source: Path, tmp_path: Path):
    for wrong, sentence in (
        ({"mapping": "event_stor"}, "event_store"),
        ({"timezone": "Mars"}, "Mars"),
        ({"mapping": "roster"}, "a roster cannot be followed"),
        ({"every": 0}, "more than 0"),
    ):
        with pytest.raises(wb.WorkbenchError, match=sentence):
            log.follow(source, **wrong)
    with pytest.raises(wb.SourceError, match="a list cannot be followed"):
        log.follow([])
    with pytest.raises(wb.LogError, match="part of a log"):
        log.until("2026-01-01").follow(source)
    log.close()
    with wb.open_log(tmp_path / "log.duckdb") as read_only, pytest.raises(wb.LogError, match="read only"):
        read_only.follow(source)


def test_an_import_that_was_removed_under_a_follower_is_not_quietly_gone_on_with(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source)
    follower.tick()
    log.remove(1)
    append(source, lines(2))
    assert follower.tick().trouble == (
        "import 1 of shop.ndjson was removed or added to meanwhile: follow it anew"
    )  # fmt: skip
    follower.stop()
    assert log.follow(source).tick().loaded == 2


@pytest.mark.skipif(os.name != "posix", reason="needs files that can be removed while they are open")
def test_a_file_that_is_removed_is_read_to_its_end(log: wb.EventLog, source: Path):
    source.write_text(lines(1))
    follower = log.follow(source)
    follower.tick()
    append(source, lines(2))
    source.unlink()
    assert follower.tick().loaded == 1
