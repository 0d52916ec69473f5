"""Ctrl-C stops an import or a question and leaves the log usable."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from stored_shop import Shop, assert_as_before, child, contents

import workbench as wb
from workbench.events import adding, import_into


@pytest.mark.parametrize("statement", [5, pytest.param(25, marks=pytest.mark.soak)])
def test_ctrl_c_stops_an_endless_statement_of_an_import(log: Path, shop: Shop, statement: int) -> None:
    process = child(log, shop.export, f"endless {statement}")
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]
    assert (process.returncode, said) == (130, "workbench: interrupted; nothing was changed\n")
    assert_as_before(log, shop)


@pytest.fixture
def ctrl_c() -> Iterator[threading.Timer]:
    """Press Ctrl-C half a second after `start`, whatever this process was told to do about it before."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    press = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
    yield press
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_during_commit_comes_too_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ctrl_c: threading.Timer
) -> None:
    """What is being committed is committed: saying "nothing was changed" would be wrong."""
    statement = adding.run

    def slow(connection: duckdb.DuckDBPyConnection, sql: str, *values: Any, **more: bool) -> Any:
        if sql == "COMMIT":
            ctrl_c.start()
            sql += "; SELECT count(*) FROM range(1500000000) AS t (i) WHERE hash(i) = 1"
        return statement(connection, sql, *values, **more)

    monkeypatch.setattr(adding, "run", slow)
    log = tmp_path / "a.duckdb"
    report = import_into(log, [[{"case_id": 1, "activity": "a", "timestamp": "2026-01-01"}]])
    assert not ctrl_c.is_alive()
    assert report.loaded == 1
    assert contents(log)["events"][0] == 1


def test_ctrl_c_in_a_question_of_the_main_thread_leaves_the_log_usable(ctrl_c: threading.Timer) -> None:
    with wb.read_events([{"case_id": 1, "activity": "a", "timestamp": "2026-01-01"}]) as log:
        # It ends by itself: DuckDB may hold a signal until the query is over.
        answer = log.sql("SELECT count(*) FROM range(1500000000) AS t (i) WHERE hash(i) = 1")
        ctrl_c.start()
        with pytest.raises((KeyboardInterrupt, RuntimeError)):
            answer.fetchall()
        assert log.sql("SELECT count(*) FROM events").fetchall() == [(1,)]
