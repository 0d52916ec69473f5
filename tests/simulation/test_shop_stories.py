"""The sample shop tells the stories its README promises, those and no others, and is made again byte for byte."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

import workbench as wb
from workbench.simulation.shop import write_shop


@pytest.fixture(scope="module")
def machines(root: Path):
    return wb.read_machines(root / "machines")


@pytest.fixture(scope="module")
def log(sample_events: Path) -> Iterator[wb.EventLog]:
    with wb.read_events(sample_events / "shop.ndjson") as log:
        yield log


@pytest.fixture(scope="module")
def readme(sample_events: Path) -> str:
    return " ".join((sample_events / "README.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def made_again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    write_shop(folder)
    return folder


def test_the_files_are_made_again_byte_for_byte(sample_events: Path, made_again: Path):
    names = {path.name for path in sample_events.iterdir()} - {"README.md"}
    assert names == {path.name for path in made_again.iterdir()}
    other = [name for name in names if (sample_events / name).read_bytes() != (made_again / name).read_bytes()]
    # Another DuckDB signs a Parquet file otherwise; its rows are compared below.
    assert [name for name in other if not name.endswith(".parquet")] == []


def test_the_parquet_file_is_made_again_row_for_row(sample_events: Path, made_again: Path):
    kept, made = (duckdb.sql(f"FROM '{folder}/devices.parquet'").fetchall() for folder in (sample_events, made_again))
    assert kept == made
    assert len(kept) == 1291


def test_the_recorded_command_writes_the_files(root: Path, tmp_path: Path, made_again: Path):
    subprocess.run([sys.executable, "-m", "workbench.simulation.shop", str(tmp_path)], cwd=root, check=True)
    assert (tmp_path / "shop.ndjson").read_bytes() == (made_again / "shop.ndjson").read_bytes()


def test_the_samples_stay_a_few_megabytes(sample_events: Path):
    assert sum(path.stat().st_size for path in sample_events.iterdir()) < 6_000_000


def test_order_42_was_cancelled_because_its_card_was_refused(log: wb.EventLog, readme: str):
    trail = wb.audit_trail(log.of("Order", 42)).select("event_id, to_state, cause, actor, occurred_at").fetchall()
    assert [(row[0], row[1], row[2], row[3]) for row in trail] == [
        ("379", "pending", None, None),
        ("430", "confirmed", "379", None),
        ("434", None, "430", None),
        ("436", "cancelled", "435", None),
    ]
    assert str(trail[-1][4]) == "2026-01-08 16:30:36"
    chain = log.sql("SELECT event_id, type, aggregate_id, to_state, causation_id, data FROM events").fetchall()
    by_id = {row[0]: row for row in chain}
    assert by_id["435"][1:5] == ("InventoryItem", "5042", "available", "434")
    assert by_id["437"][1:5] == ("Fulfillment", "42", "cancelled", "436")
    assert json.loads(by_id["434"][5])["new_attributes"]["payment_status"] == "refused"
    for told in ("event 430", "event 434", "lot 5042 (event 435, caused by 434)", "16:30:36", "event 437"):
        assert told in readme


def test_its_payment_is_found_by_its_number(log: wb.EventLog):
    intent = wb.replay(log.of("Order", 42))[-1].attributes["payment_intent_id"]
    found = wb.find(log, intent).select("type, aggregate_id").distinct().order("type").fetchall()
    assert found == [("InventoryItem", "5042"), ("Order", "42")]


def test_three_orders_were_fulfilled_without_confirmation_and_nothing_else_is_off(log, machines, readme: str):
    off = wb.off_machine(log, machines).select("aggregate_id, from_state, to_state, actor, why").fetchall()
    assert off == [
        ("317", "pending", "fulfilled", "5", "no such transition"),
        ("588", "pending", "fulfilled", "3", "state set without a transition"),
        ("731", "pending", "fulfilled", "5", "no such transition"),
    ]
    assert "317, 588 and 731" in readme


def test_one_weeks_orders_waited_twice_as_long(log: wb.EventLog):
    orders = log.of("Order")
    medians = {}
    for week in range(10):
        monday = date(2026, 1, 5) + timedelta(weeks=week)
        table = wb.time_in_state(orders, since=monday, before=monday + timedelta(weeks=1))
        (row,) = table.filter("state = 'pending'").select("median_seconds, stays").fetchall()
        assert row[1] > 70
        medians[monday] = row[0] / 3600
    slow = medians.pop(date(2026, 2, 9))
    assert 3.9 < slow < 4.1
    assert all(1.9 < median < 2.1 for median in medians.values())


def test_a_batch_of_17_devices_is_stuck_in_connecting(log: wb.EventLog):
    stuck = wb.state_at(log).filter("type = 'SmartDevice' AND state = 'connecting'").select("aggregate_id, since")
    rows = stuck.fetchall()
    assert len(rows) == 17
    assert min(row[1] for row in rows) >= wb.replay(log.of("SmartDevice", 1)).at("2026-03-03 02:10").occurred_at
    assert {str(row[1])[:15] for row in rows} == {"2026-03-03 02:1"}
    assert {str(row[1])[15] for row in rows} <= set("0123")
    batch = log.sql(
        "SELECT aggregate_id FROM events WHERE type = 'SmartDevice' AND event_type = 'model_created' "
        "AND data ->> '$.attributes.batch' = 'B7'"
    ).fetchall()
    assert {row[0] for row in rows} == {row[0] for row in batch}
    longest = log.sql(
        "SELECT max(left_at - entered_at) FROM moves WHERE type = 'SmartDevice' AND to_state = 'connecting'"
    ).fetchall()[0][0]
    assert longest < timedelta(minutes=10)


def test_forty_ids_are_missing_and_there_is_nothing_else_to_doubt(log: wb.EventLog):
    doubts = wb.quality(log).select('"check", count, example').fetchall()
    assert doubts == [("hole in the positions", 40, "5000 to 5039 missing")]
    assert log.sql("SELECT read, loaded, duplicate, rejected FROM imports").fetchall() == [(8783, 8783, 0, 0)]


def test_the_readme_counts_right(log: wb.EventLog, readme: str):
    counts = dict(log.sql("SELECT type, count(*) FROM lives GROUP BY type").fetchall())
    assert "8,783 events of 900 orders" in readme
    assert "48 devices, 80 subscriptions" in readme
    assert counts == {"Order": 900, "InventoryItem": 798, "Fulfillment": 798, "SmartDevice": 48, "Subscription": 80}


@pytest.mark.parametrize("name", ["orders.csv", "shop_dump.sql", "devices.parquet"])
def test_the_other_exports_of_the_table_hold_nothing_new(sample_events: Path, name: str):
    with wb.read_events(sample_events / "shop.ndjson") as log:
        report = log.add(sample_events / name)
        assert (report.mapping, report.duplicate, report.loaded, report.rejected) == ("event_store", report.read, 0, 0)
        assert report.read > 200


def test_the_history_table_agrees_with_the_events(sample_events: Path, log: wb.EventLog):
    told = (
        "SELECT aggregate_id, from_state, to_state, entered_at FROM moves "
        "WHERE type = 'Order' AND from_state IS NOT NULL ORDER BY ALL"
    )
    with wb.read_events(sample_events / "history.csv") as history:
        moves = history.sql(told).fetchall()
    ids = {row[0] for row in moves}
    assert len(ids) == 90
    assert [row for row in log.sql(told).fetchall() if row[0] in ids] == moves


def test_the_roster_agrees_with_the_events(sample_events: Path):
    with wb.read_events(sample_events / "shop.ndjson") as log:
        log.add(sample_events / "roster_orders.csv", mapping="roster", type="App\\Models\\Order")
        assert wb.quality(log).select('"check"').fetchall() == [("hole in the positions",)]
        assert log.sql("SELECT count(*) FROM rosters").fetchall() == [(900,)]


def test_the_other_shop_obeys_its_machine(sample_events: Path, machines):
    with wb.read_events(sample_events / "tusk_events.ndjson") as log:
        match = {"Order": "TuskOrderStateMachine"}
        assert wb.off_machine(log, machines, match=match).fetchall() == []
        assert wb.quality(log).fetchall() == []
        states = wb.state_distribution(log).select("state, aggregates").order("state").fetchall()
        assert states == [("cancelled", 33), ("paid", 87)]


@pytest.fixture(scope="module")
def parcels(sample_events: Path) -> Iterator[wb.EventLog]:
    columns = {"case": "parcel", "activity": "scan", "time": "scanned_at", "version": "scan_no", "resource": "scanner"}
    with wb.read_events(sample_events / "parcels.csv", mapping=columns, timezone="Europe/Berlin") as log:
        yield log


def test_the_carriers_file_has_the_faults_its_story_tells(parcels: wb.EventLog, readme: str):
    assert parcels.sql("SELECT read, loaded, duplicate, rejected FROM imports").fetchall() == [(1001, 950, 41, 10)]
    doubts = dict(wb.quality(parcels).select('"check", count').fetchall())
    assert doubts == {
        "time running back": 7,
        "version gap": 4,
        "rejected: no value for aggregate_id": 3,
        "rejected: no value for occurred_at": 4,
        "rejected: occurred_at is not a time: 0000-00-00 00:00:00": 2,
        "rejected: row has 3 fields, the header 6": 1,
    }
    behind = parcels.sql("SELECT DISTINCT actor FROM events WHERE occurred_at < effective_at").fetchall()
    assert behind == [("S17",)]
    assert "10 that cannot be read" in readme


def test_the_parcels_that_seem_lost_are_those_whose_delivery_was_refused(parcels: wb.EventLog, readme: str):
    lost = wb.state_at(parcels).filter("state <> 'delivered'").select("aggregate_id, state").fetchall()
    assert lost == [(f"PX-000{number}", "on_the_road") for number in (611, 616, 672, 725)]
    refused = parcels.sql("SELECT decode(raw) FROM rejected WHERE contains(decode(raw), ';delivered;')").fetchall()
    assert sorted(line.split(";")[0] for (line,) in refused) == ["", "PX-000611", "PX-000672", "PX-000725"]
    assert "611, 616, 672 and 725" in readme


def test_parcels_wait_twice_as_long_at_one_depot(parcels: wb.EventLog, readme: str):
    waits = wb.time_in_state(parcels, by="data.depot").filter("state = 'at_depot'")
    hours = waits.select("data_depot, round(median_seconds / 3600, 1)").fetchall()
    assert dict(hours) == {"Lyon": 19.7, "Leipzig": 9.2, "Turin": 8.9}
    assert "longer than 19.7 hours, at the others than 8.9 and 9.2" in readme
