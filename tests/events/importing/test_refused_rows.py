"""A row that cannot be an event is kept with its reason; a time is read by its offset or its zone."""

import json

import pytest
from store_rows import moved

import workbench as wb
from workbench.errors import MappingError, SourceError


@pytest.mark.parametrize(
    ("time", "zone", "utc"),
    [
        ("2026-01-01T10:00:00+02:00", None, "2026-01-01 08:00:00"),
        ("2026-01-01 10:00:00", "Europe/Paris", "2026-01-01 09:00:00"),
        ("2026-07-01 10:00:00", "Europe/Paris", "2026-07-01 08:00:00"),
        ("2026-01-01T10:00:00Z", "Europe/Paris", "2026-01-01 10:00:00"),
        ("2026-01-01", "+02:00", "2025-12-31 22:00:00"),
        ("2026-03-29 02:30:00", "-05:30", "2026-03-29 08:00:00"),
    ],
)
def test_a_time_is_read_by_its_offset_or_else_in_the_zone(time, zone, utc):
    log = wb.read_events([{"case_id": 1, "activity": "a", "timestamp": time}], timezone=zone)
    assert str(log.sql("SELECT occurred_at FROM events").fetchall()[0][0]) == utc


def test_hours_a_zone_has_twice_or_not_at_all_are_counted():
    times = ["2026-03-29 02:30:00", "2026-10-25 02:30:00", "2026-10-25 12:30:00"]
    rows = [{"case_id": n, "activity": "a", "timestamp": time} for n, time in enumerate(times)]
    log = wb.read_events(rows, timezone="Europe/Paris")
    assert log.sql("SELECT ambiguous_hours FROM imports").fetchall() == [(2,)]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"occurred_at": "infinity"}, "occurred_at is not a time"),
        ({"occurred_at": "epoch"}, "occurred_at is not a time"),
        ({"occurred_at": "0000-01-01"}, "occurred_at is not a time"),
        ({"occurred_at": "0001-01-01T00:00:00+05:00"}, "occurred_at is not a time"),
        ({"occurred_at": "9999-12-31T23:00:00-05:00"}, "occurred_at is not a time"),
        ({"occurred_at": "2026-01-01T10:00:00+02:75"}, "occurred_at is not a time"),
        ({"occurred_at": None}, "no value for occurred_at"),
        ({"aggregate_id": None}, "no value for aggregate_id"),
        ({"event_data": {"to_state": True}}, "the state is neither text nor a number"),
        ({"event_data": {"to_state": {"name": "x"}}}, "the state is neither text nor a number"),
        ({"event_data": "not json"}, "event_data is text that is not JSON"),
    ],
)
def test_a_row_that_cannot_be_an_event_is_kept_with_its_reason(change, reason):
    log = wb.read_events([moved(1, "a", "b", "01 10:00:00", 1), {**moved(1, "b", "c", "01 11:00:00", 2), **change}])
    assert [row[0].split(": ")[0] for row in log.sql("SELECT reason FROM rejected").fetchall()] == [reason]


@pytest.mark.parametrize("line", ["[1]", '"x"', "{", '{"a": NaN}', '{"id": 1, "id": 2}', "12"])
def test_a_line_that_is_no_object_is_rejected_and_the_others_are_read(tmp_path, line):
    path = tmp_path / "export.ndjson"
    good = json.dumps(moved(1, "a", "b", "01 10:00:00", 1))
    path.write_text(f"{good}\n{line}\n")
    log = wb.read_events(path)
    assert log.sql("SELECT read, loaded, rejected FROM imports").fetchall() == [(2, 1, 1)]
    assert log.sql("SELECT position, byte_offset, raw FROM rejected").fetchall() == [(2, len(good) + 1, line.encode())]


def test_a_source_that_no_mapping_fits_says_what_to_do():
    with pytest.raises(MappingError, match="no mapping fits"):
        wb.read_events([{"a": 1}])


def test_an_empty_list_is_no_source():
    with pytest.raises((SourceError, MappingError)):
        wb.read_events([])


@pytest.mark.parametrize(
    "time",
    [
        "2026-01-01 03:05:00 PM",
        "2026-01-01 10:00:00 CEST",
        "2026-01-01 10:00:00 foo",
        "2026-01-01 10:00 BC",
        "1767261600",
    ],
)
def test_a_time_with_something_behind_it_is_not_read_without_it(time):
    log = wb.read_events([{"case_id": 1, "activity": "a", "timestamp": time}])
    assert log.sql("SELECT reason FROM rejected").fetchall()[0][0].startswith("occurred_at is not a time")


@pytest.mark.parametrize("offset", ["+02:00", " +02:00", "+0200", " +0200", "+02", " +02"])
def test_an_offset_is_read_however_it_is_written(offset):
    log = wb.read_events([{"case_id": 1, "activity": "a", "timestamp": f"2026-01-01 10:00:00{offset}"}])
    assert str(log.sql("SELECT occurred_at FROM events").fetchall()[0][0]) == "2026-01-01 08:00:00"


def test_a_roster_shows_in_quality_and_its_bad_times_are_rejected():
    with wb.read_events([moved(1, "pending", "paid", "02 10:00:00", 1)]) as log:
        roster = [
            {"id": 9, "created_at": "2026-01-01", "status": "pending"},
            {"id": 8, "created_at": "soon", "status": "x"},
        ]
        assert log.add(roster, mapping="roster", type="Order").rejected == 1
        assert "in the roster without events" in [row[1] for row in wb.quality(log).fetchall()]


@pytest.mark.parametrize("version", ["1.7", "0x10", "1e1", "two"])
def test_a_version_that_is_no_whole_number_is_rejected(version):
    row = {"aggregate_id": "o", "aggregate_type": "Order", "event_type": "OrderCreated", "event_data": "{}"}
    log = wb.read_events([row | {"version": version, "occurred_on": "2026-01-01"}])
    assert log.sql("SELECT reason FROM rejected").fetchall()[0][0].startswith("version is not a whole number")
