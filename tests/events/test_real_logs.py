"""Real exports become logs, whoever wrote them; the same rows in another format are the same log."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import workbench as wb
from workbench.events import import_into

LOGS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "logs"
COLUMNS = (
    "id",
    "aggregate_type",
    "aggregate_id",
    "event_type",
    "event_data",
    "occurred_at",
    "created_at",
    "updated_at",
)
SESSIONS = {"case": "session_id", "activity": "event", "time": "timestamp", "resource": "user_id"}
PATIENTS = {"case": "patient", "activity": "handling", "time": "time", "resource": "employee"}

pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason="needs ../shared/data/logs, the exports of other programs")

# events, aggregates, duplicates
COUNTS: dict[str, tuple[dict[str, Any], int, int, int]] = {
    "running-example.csv": ({}, 42, 6, 0),
    "receipt.csv": ({}, 8_577, 1_434, 0),
    "receipt_original_columns.csv": ({}, 8_577, 1_434, 0),
    "interval_event_log.csv": ({}, 8_109, 1_266, 0),
    "patients.csv": ({"mapping": PATIENTS}, 5_442, 500, 0),
    "ecom.csv.gz": ({"mapping": SESSIONS}, 31_076, 3_605, 30),
    "LoanApp_simplified.csv.gz": ({}, 3_620, 500, 0),
    "PurchasingExample.csv.gz": ({}, 9_119, 608, 0),
}


def events_and_moves(log: wb.EventLog) -> tuple[list[Any], list[Any]]:
    """What a log says, but where its rows stood and what else they held."""
    events = log.sql(
        "SELECT aggregate_type, aggregate_id, place, version, event_type, occurred_at, effective_at, to_state, "
        "from_recorded, tied FROM events ORDER BY ALL"
    )
    moves = log.sql("SELECT * EXCLUDE (life) FROM moves ORDER BY ALL")
    return events.fetchall(), moves.fetchall()


@pytest.mark.parametrize("name", COUNTS)
def test_every_row_of_a_real_log_is_accounted_for(name: str) -> None:
    options, events, aggregates, duplicate = COUNTS[name]
    with wb.read_events(LOGS / name, **options) as log:
        read, *parts = log.imports.project("read, loaded, duplicate, rejected").fetchall()[0]
        found = log.sql("SELECT count(*), count(DISTINCT life) FROM events").fetchall()[0]
    assert read == sum(parts)
    assert parts == [events, duplicate, 0]
    assert found == (events, aggregates)


def test_both_exports_of_the_receipts_give_the_same_log() -> None:
    with (
        wb.read_events(LOGS / "receipt.csv") as plain,
        wb.read_events(LOGS / "receipt_original_columns.csv") as original,
    ):
        assert events_and_moves(plain) == events_and_moves(original)
        actors = "SELECT aggregate_id, place, actor FROM events ORDER BY ALL"
        assert plain.sql(actors).fetchall() == original.sql(actors).fetchall()


@pytest.mark.parametrize("name", ["running-example", "receipt", "interval_event_log"])
def test_what_follows_what_equals_what_pm4py_found(name: str) -> None:
    expected = json.loads((LOGS / "expected.json").read_text(encoding="utf-8"))[name]
    with wb.read_events(LOGS / f"{name}.csv") as log:
        pairs = log.sql(
            "SELECT from_state, to_state, count(*) FROM moves WHERE from_state IS NOT NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        starts = log.sql("SELECT first_state, count(*) FROM lives GROUP BY ALL ORDER BY ALL").fetchall()
        ends = log.sql("SELECT current_state, count(*) FROM lives GROUP BY ALL ORDER BY ALL").fetchall()
        bounds = log.sql("SELECT min(occurred_at), max(occurred_at) FROM events").fetchall()[0]
    assert pairs == sorted(map(tuple, expected["dfg"]))
    assert starts == sorted(map(tuple, expected["start_activities"]))
    assert ends == sorted(map(tuple, expected["end_activities"]))
    assert [f"{bound.isoformat()}+00:00" for bound in bounds] == [expected["time_min"], expected["time_max"]]


EXPORTS: dict[str, dict[str, Any]] = {
    "dump.sql": {},
    "into_outfile.csv": {"columns": COLUMNS},
    "a.tsv": {},
    "mysqldump_tab.txt": {"columns": COLUMNS},
    "s.sql": {},
}
WHOLE = "import_id, life, source, position"


@pytest.mark.parametrize("name", EXPORTS)
def test_one_table_exported_in_many_ways_is_one_log(name: str, tmp_path: Path) -> None:
    exports = LOGS / "mariadb_exports"
    with wb.read_events(exports / "e.ndjson") as lines, wb.read_events(exports / name, **EXPORTS[name]) as other:
        for table in ("events", "moves", "lives", "variants"):
            # `s.sql` gives no ids: MariaDB counts them up when it reads the rows.
            ids = "event_id, global_position" if name == "s.sql" else ""
            hidden = [c for c in (*WHOLE.split(", "), *ids.split(", ")) if c in other.sql(f"FROM {table}").columns]
            columns = f"* EXCLUDE ({', '.join(hidden)})" if hidden else "*"
            query = f"SELECT {columns} FROM {table} ORDER BY ALL"
            assert other.sql(query).fetchall() == lines.sql(query).fetchall(), table
        reasons = "SELECT position, reason FROM rejected"
        assert other.sql(reasons).fetchall() == lines.sql(reasons).fetchall() == [(3, "no value for occurred_at")]
    log = tmp_path / "log.duckdb"
    import_into(log, [exports / "e.ndjson"])
    with wb.open_log(log, write=True) as stored:
        report = stored.add(exports / name, **EXPORTS[name])
        assert (report.read, report.loaded, report.duplicate, report.rejected) == (3, 0, 2, 1)


def test_the_zone_a_dump_declares_is_not_an_assumed_one() -> None:
    with wb.read_events(LOGS / "mariadb_exports" / "dump.sql") as log:
        assert log.imports.project("zone_assumed").fetchall() == [(False,)]


def test_a_store_without_a_mapping_of_ours_is_read_by_one_of_the_users(tmp_path: Path) -> None:
    """The library `eventsourcing` keeps events in SQLite: ids in hex, times inside JSON that stands in a BLOB."""
    mapping = tmp_path / "eventsourcing.yaml"
    mapping.write_text(
        "name: eventsourcing\n"
        "needs: [originator_id, originator_version, topic, state]\n"
        "payload: state\n"
        "columns:\n"
        "  aggregate_type: {value: Order}\n"
        "  aggregate_id: originator_id\n"
        "  version: originator_version\n"
        "  event_type: topic\n"
        "  occurred_at: $.timestamp._data_\n"
        "  data: state\n"
        "states:\n"
        '  "__main__:Order.Placed": placed\n'
        '  "__main__:Order.Paid": paid\n'
    )
    source = LOGS / "python_eventsourcing" / "python-eventsourcing-9.5.6.sqlite"
    with wb.read_events(source, mapping=mapping, table="stored_events") as log:
        assert log.sql("SELECT states FROM variants").fetchall() == [(["placed", "paid"],)]
        assert log.sql("SELECT count(*), count(DISTINCT life), min(place), max(version) FROM events").fetchall() == [
            (4, 2, 1, 2)
        ]
        assert str(log.sql("SELECT min(occurred_at) FROM events").fetchall()[0][0]) == "2026-11-22 00:24:16.817336"
