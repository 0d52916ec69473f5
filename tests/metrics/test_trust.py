from __future__ import annotations

import json

import pytest

from workbench.events import read_events
from workbench.metrics import quality, quality_events


def found(log) -> dict[tuple, tuple]:
    return {row[:2]: row[2:4] for row in quality(log).fetchall()}


def test_unknown_beginnings_and_holes_are_told_with_an_example(orders):
    table = quality(orders)
    assert table.columns == ["type", "check", "count", "example", "explanation"]
    assert found(orders) == {
        ("Order", "unknown beginning"): (2, "Order 43, place 1: in pending since unknown"),
        (None, "hole in the positions"): (1, "7 missing"),
    }
    assert all(row[4] for row in table.fetchall())


def test_a_log_without_doubt_has_no_rows(read):
    assert quality(read('1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "a"}}')).fetchall() == []


def test_a_recorded_from_state_that_the_replay_contradicts(read):
    log = read("""
    1 7 model_created      2026-01-01T01:00 {"attributes": {"status": "a"}}
    2 7 state_transitioned 2026-01-01T02:00 {"from_state": "b", "to_state": "c"}
    """)
    assert found(log) == {
        ("Order", "recorded from-state differs"): (1, "Order 7, place 2: recorded b, replayed a"),
    }


VERSIONED = """
aggregate_type,aggregate_id,version,event_type,timestamp
Order,7,1,a,2026-01-01T01:00:00Z
Order,7,2,b,2026-01-01T03:00:00Z
Order,7,5,c,2026-01-01T02:00:00Z
Order,8,2,a,2026-01-01T04:00:00Z
Order,9,1,a,2026-01-01T04:00:00Z
Order,9,2,b,2026-01-01T04:00:00Z
"""


@pytest.fixture
def versioned(tmp_path):
    export = tmp_path / "versioned.csv"
    export.write_text(VERSIONED.lstrip(), encoding="utf-8")
    return read_events(
        export,
        mapping={"type": "aggregate_type", "case": "aggregate_id", "activity": "event_type", "time": "timestamp"},
    )


def test_gaps_in_versions_and_times_running_back(versioned):
    assert found(versioned) == {
        ("Order", "version gap"): (2, "Order 7, place 3: version 5 follows 2"),
        ("Order", "time running back"): (1, "Order 7, place 3: 2026-01-01 02:00:00 after 2026-01-01 03:00:00"),
    }


def test_the_events_behind_each_number_are_listed(versioned, orders):
    table = quality_events(versioned)
    assert table.columns == ["type", "aggregate_id", "place", "check", "detail"]
    assert [row[1:] for row in table.fetchall()] == [
        ("7", 3, "time running back", "2026-01-01 02:00:00 after 2026-01-01 03:00:00"),
        ("7", 3, "version gap", "version 5 follows 2"),
        ("8", 1, "version gap", "version 2 follows nothing"),
    ]
    assert quality_events(orders).select("aggregate_id, place").fetchall() == [("43", 1), ("44", 2)]


def test_a_life_with_versions_on_some_events_only():
    rows = [
        {
            "aggregate_type": "Order",
            "case_id": 7,
            "activity": kind,
            "timestamp": f"2026-01-0{n}",
            "version": n if n > 1 else None,
        }
        for n, kind in enumerate("abc", 1)
    ]
    log = read_events(
        rows,
        mapping={
            "type": "aggregate_type",
            "case": "case_id",
            "activity": "activity",
            "time": "timestamp",
            "version": "version",
        },
    )
    assert found(log)["Order", "version on some events only"] == (1, "Order 7, place 1: 2 of 3 events have one")


def test_rejected_rows_are_told_of_the_whole_log_only(tmp_path):
    rows = [
        {"id": n, "aggregate_type": "Order", "aggregate_id": n, "event_type": "model_created",
         "event_data": {"attributes": {"status": "a"}}, "occurred_at": "2026-01-01 00:00:00"}
        for n in (1, 2)
    ]  # fmt: skip
    export = tmp_path / "export.ndjson"
    export.write_text("\n".join([*map(json.dumps, rows), "[1]", "[2]"]) + "\n", encoding="utf-8")
    log = read_events(export, mapping="event_store")
    told = [row for row in quality(log).fetchall() if row[1].startswith("rejected")]
    assert sum(row[2] for row in told) == 2
    assert told[0][3] == "export.ndjson, row 3"
    assert found(log.of("Order", 1)) == {}


def test_ties_that_only_the_source_decided(tmp_path):
    export = tmp_path / "ties.csv"
    export.write_text("case,activity,time\n7,a,2026-01-01\n7,b,2026-01-02\n7,c,2026-01-02\n", encoding="utf-8")
    log = read_events(export, mapping="generic")
    assert {key: row[0] for key, row in found(log).items()} == {("Case", "tie decided by position"): 2}
