"""The changes of attributes are worked out as they are asked, and kept once they are many."""

from __future__ import annotations

import threading

import duckdb
import pytest

import workbench as wb
from workbench.errors import LogError
from workbench.events import import_into
from workbench.sql import keeping

ROWS = [
    {"id": 1, "aggregate_type": "Order", "aggregate_id": 7, "event_type": "model_created",
     "event_data": {"attributes": {"status": "new", "total": 5}}, "occurred_at": "2026-01-01 10:00"},
    {"id": 2, "aggregate_type": "Order", "aggregate_id": 7, "event_type": "model_updated",
     "event_data": {"new_attributes": {"total": 6, "note": None}}, "occurred_at": "2026-01-02 10:00"},
]  # fmt: skip
LATE = {"id": 3, "aggregate_type": "Order", "aggregate_id": 7, "event_type": "model_updated",
        "event_data": {"new_attributes": {"total": 9}}, "occurred_at": "2026-01-01 12:00"}  # fmt: skip
ASKED = "SELECT place, path, old::VARCHAR, new::VARCHAR FROM changes ORDER BY place, path"
TOLD = [(1, "status", None, '"new"'), (1, "total", None, "5"), (2, "note", None, "null"), (2, "total", "5", "6")]
IS_TABLE = "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'changes'"


@pytest.fixture
def path(tmp_path):
    import_into(tmp_path / "shop.duckdb", [ROWS])
    return tmp_path / "shop.duckdb"


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(keeping, "FEW", 0)


def _kept(log: wb.EventLog) -> int:
    return log.connection.sql(IS_TABLE).fetchall()[0][0]


def test_few_changes_are_worked_out_and_not_kept(path):
    with wb.open_log(path, write=True) as log:
        assert log.sql(ASKED).fetchall() == TOLD
        assert _kept(log) == 0


@pytest.mark.usefixtures("many")
def test_a_writable_log_keeps_them_for_every_later_reader(path):
    with wb.open_log(path, write=True) as log:
        wb.state_at(log).fetchall()
        assert _kept(log) == 0
        assert log.sql(ASKED).fetchall() == TOLD
        assert _kept(log) == 1
    with duckdb.connect(path, read_only=True) as other:
        assert other.sql(IS_TABLE).fetchall() == [(1,)]
        assert other.sql(ASKED).fetchall() == TOLD


@pytest.mark.usefixtures("many")
def test_a_late_row_and_its_removal_renew_what_is_kept(path):
    with wb.open_log(path, write=True) as log:
        log.sql(ASKED)
        log.add([LATE])
        assert log.sql(ASKED).fetchall()[2:] == [
            (2, "total", "5", "9"), (3, "note", None, "null"), (3, "total", "9", "6"),
        ]  # fmt: skip
        log.remove(2)
        assert (_kept(log), log.sql(ASKED).fetchall()) == (1, TOLD)


@pytest.mark.usefixtures("many")
def test_a_type_that_becomes_ambiguous_is_renamed_in_what_is_kept():
    rows = [row | {"aggregate_type": "App\\Order"} for row in ROWS]
    with wb.read_events(rows) as log:
        log.sql(ASKED)
        log.add([row | {"id": 10, "aggregate_type": "Shop\\Order"} for row in ROWS[:1]])
        types = log.sql("SELECT DISTINCT type FROM changes ORDER BY ALL").fetchall()
        assert types == log.sql("SELECT DISTINCT type FROM lives ORDER BY ALL").fetchall()
        assert len(types) == 2
        log.remove(2)
        assert log.sql("SELECT DISTINCT type FROM changes").fetchall() == [("Order",)]


@pytest.mark.usefixtures("many")
def test_a_log_read_only_keeps_them_beside_itself_for_all_its_cursors(path):
    with wb.open_log(path) as log:
        assert log.sql(ASKED).fetchall() == TOLD
        assert _kept(log) == 1
        with log.fork() as other:
            assert other.until("2026-01-01 10:00").sql(ASKED).fetchall() == TOLD[:2]
            assert _kept(other) == 1
    with duckdb.connect(path, read_only=True) as client:
        assert client.sql(IS_TABLE).fetchall() == [(0,)]
        assert client.sql(ASKED).fetchall() == TOLD


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("write", [True, False])
def test_two_threads_may_ask_first_at_once(path, write):
    told: list[object] = []
    with wb.open_log(path, write=write) as log:
        forks = [log.fork() for _ in range(2)]
        start = threading.Barrier(2)

        def ask(part: wb.EventLog) -> None:
            start.wait()
            told.append(part.sql(ASKED).fetchall())

        threads = [threading.Thread(target=ask, args=(fork,)) for fork in forks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert told == [TOLD, TOLD]
        assert _kept(log) == 1


def test_a_qualified_name_would_pass_by_the_part(path):
    with wb.open_log(path) as log, pytest.raises(LogError, match="without a database or schema"):
        log.until("2026-01-01").sql("FROM main.changes")


def test_a_predicate_may_ask_the_changes(path):
    with wb.open_log(path) as log:
        part = log.where("life IN (SELECT life FROM changes WHERE path = 'total' AND new::INT > 5)")
        assert [len(one.events.fetchall()) for one in (part, part.until("2026-01-01 10:00"))] == [2, 1]
        assert log.until("2026-01-01 10:00").where("life IN (SELECT life FROM changes WHERE place = 2)").types == ()


@pytest.mark.parametrize("write", [True, False])
def test_a_log_of_older_tables_is_refused_with_the_way_out(path, write):
    with duckdb.connect(path) as other:
        other.execute("UPDATE about SET format = 1")
    with pytest.raises(LogError, match=r"tables of an older version .*: import its sources again"):
        wb.open_log(path, write=write)


def test_a_kept_table_of_another_version_is_worked_out_anew(path, monkeypatch):
    monkeypatch.setattr(keeping, "FEW", 0)
    with wb.open_log(path, write=True) as log:
        log.sql(ASKED)
    with duckdb.connect(path) as other:
        other.execute("UPDATE changes SET new = '1'; UPDATE about SET written_by = 'statecraft-workbench 0.0.1'")
    with wb.open_log(path, write=True) as log:
        assert _kept(log) == 0
        assert log.sql(ASKED).fetchall() == TOLD
