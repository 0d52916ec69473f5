"""A follower reads by itself, pauses and stops; every trouble is said in a sentence."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import duckdb
import pytest
from grown_source import append, ids, line, lines

import workbench as wb
from workbench.events.pipeline import add_events

ROOT = Path(__file__).resolve().parents[3]


def eventually(holds: Callable[[], bool]) -> None:
    for _ in range(3000):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("not within a minute")


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


def test_nothing_is_folded_where_the_disk_may_not_have_room_for_it(
    log: wb.EventLog, source: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workbench.events.following.follower._UNFOLDED", 1)
    monkeypatch.setattr("workbench.sql.connection.shutil.disk_usage", lambda _: MagicMock(free=10))
    beside = log.path.with_name(log.path.name + ".wal")
    source.write_text(lines(1))
    with log.follow(source, every=0.02) as follower:
        eventually(lambda: follower.ticks > 5)
        assert (follower.loaded, follower.trouble) == (1, None)
        assert beside.stat().st_size > 0


def test_a_stop_that_was_interrupted_is_gone_on_with(log: wb.EventLog, source: Path):
    follower = log.follow(source)
    follower._lock = MagicMock(__enter__=MagicMock(side_effect=[KeyboardInterrupt, None]))
    with pytest.raises(KeyboardInterrupt):
        follower.stop()
    assert follower.state == "stopped"
    follower.stop()
    with pytest.raises(duckdb.ConnectionException):
        follower._database.connection.execute("SELECT 1")


def test_what_was_written_is_folded_into_the_file_between_ticks_unless_somebody_reads(
    log: wb.EventLog, source: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workbench.events.following.follower._UNFOLDED", 1)
    beside = log.path.with_name(log.path.name + ".wal")
    source.write_text(lines(1))
    reader = log.fork()
    reader.connection.execute("BEGIN; FROM events")
    with log.follow(source, every=0.02) as follower:
        eventually(lambda: follower.loaded == 1 and follower.ticks > 3)
        assert (follower.state, follower.trouble) == ("following", None)
        assert beside.stat().st_size > 0
        reader.connection.execute("COMMIT")
        eventually(lambda: not beside.exists() or not beside.stat().st_size)
        append(source, lines(2))
        eventually(lambda: follower.loaded == 2)
    assert ids(log) == [1, 2]


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
            log.add([json.loads(line(100 + number, order=number % 3 + 1))])
        eventually(lambda: follower.read == 15)
    assert ids(log) == [*range(1, 16), *range(101, 116)]


def test_imports_and_kept_changes_wait_for_a_tick_that_writes(
    log: wb.EventLog, source: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("workbench.sql.keeping.FEW", 0)
    source.write_text(lines(1, 2))
    follower = log.follow(source)
    writing, go_on = threading.Event(), threading.Event()

    def slowly(*given: Any) -> Any:
        report = add_events(*given)
        writing.set()
        assert go_on.wait(60)
        return report

    monkeypatch.setattr("workbench.events.following.growth.add_events", slowly)
    with ThreadPoolExecutor() as threads:
        ticking = threads.submit(follower.tick)
        assert writing.wait(60)
        adding = threads.submit(log.fork().add, [json.loads(line(3))])
        asking = threads.submit(getattr, log.fork(), "changes")
        time.sleep(0.3)
        go_on.set()
        assert [ticking.result().loaded, adding.result().loaded] == [2, 1]
        asking.result()
    kept = log.sql("SELECT aggregate_id, path, new FROM changes ORDER BY ALL").fetchall()
    append(source, lines(3))
    with wb.read_events(source) as once:
        assert kept == once.sql("SELECT aggregate_id, path, new FROM changes ORDER BY ALL").fetchall()


def test_a_fork_learns_of_a_second_state_field_that_comes_later(log: wb.EventLog, source: Path):
    row = {"id": 1, "aggregate_type": "Order", "aggregate_id": 1, "event_type": "model_created"}
    row |= {"event_data": {"attributes": {"status": "new"}}, "occurred_at": "2026-01-05 10:00:00"}
    source.write_text(json.dumps(row) + "\n")
    follower, fork = log.follow(source, state_field={"Order": ["status", "payment"]}), log.fork()
    follower.tick()
    assert "field" not in wb.state_distribution(fork).columns
    row |= {"id": 2, "event_data": {"attributes": {"status": "new", "payment": "due"}}}
    append(source, json.dumps(row) + "\n")
    follower.tick()
    assert "field" in wb.state_distribution(fork).columns


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


def test_closing_the_log_stops_each_of_its_followers(tmp_path: Path):
    log = wb.open_log(tmp_path / "log.duckdb", write=True)
    followers = [log.follow(tmp_path / f"{number}.ndjson", every=0.02).start() for number in range(3)]
    log.close()
    assert [follower.state for follower in followers] == ["stopped"] * 3
    with wb.open_log(tmp_path / "log.duckdb", write=True) as again:
        assert ids(again) == []
