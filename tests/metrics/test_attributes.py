"""Attributes of all aggregates at an instant, and the events that made them so."""

from __future__ import annotations

import json

import pytest

import workbench as wb
from workbench.errors import LogError, UnknownNameError


def _told(log, at=None, **options):
    rows = wb.attributes_at(log, at, **options).project("aggregate_id, state, attributes, source").fetchall()
    return {row[0]: (row[1], json.loads(row[2]), row[3]) for row in rows}


def test_every_aggregate_that_had_begun_has_its_attributes(orders):
    # 45 has no event yet: its move of the next day tells that it was pending from its creation on.
    assert _told(orders, "2026-01-05 10:00") == {
        "42": ("confirmed", {"id": 42, "status": "confirmed", "total": 100}, "events"),
        "44": ("confirmed", {"total": 5, "status": "confirmed"}, "events"),
        "45": ("pending", {"status": "pending"}, "events"),
    }


def test_without_an_instant_the_last_event_is_meant(orders):
    told = _told(orders)
    assert told["42"] == ("fulfilled", {"id": 42, "status": "fulfilled", "total": 120, "note": "pi_3Nx"}, "events")
    assert told["43"][:2] == ("cancelled", {"status": "cancelled"})


def test_named_attributes_only(orders):
    told = _told(orders, names=["total", "note"])
    assert {number: attributes for number, (_, attributes, _) in told.items()} == {
        "42": {"total": 120, "note": "pi_3Nx"}, "43": {}, "44": {"total": 5}, "45": {},
    }  # fmt: skip
    with pytest.raises(UnknownNameError, match="no attribute named 'totl' in this log: did you mean 'total'"):
        wb.attributes_at(orders, names=["totl"])


@pytest.mark.parametrize(
    ("snapshots", "source"),
    [
        (("new", "paid"), "snapshot before the move"),
        (("paid", "sent"), "snapshot after the move"),
        (("new", "sent"), "snapshot"),
    ],
)
def test_without_a_creation_the_latest_snapshot_tells_and_a_vote_which_side_it_is_of(read, snapshots, source):
    first, second = snapshots
    log = read(f"""
    1 7 state_transitioned 2026-01-01T10:00 {{"from_state": "new", "to_state": "paid", "model_snapshot": {{"status": "{first}", "total": 5}}}}
    2 7 state_transitioned 2026-01-02T10:00 {{"from_state": "paid", "to_state": "sent", "model_snapshot": {{"status": "{second}", "total": 6}}}}
    """)  # noqa: E501
    assert _told(log, "2026-01-01 12:00") == {"7": ("paid", {"status": "paid", "total": 5}, source)}
    assert _told(log) == {"7": ("sent", {"status": "sent", "total": 6}, source)}
    assert wb.replay(log)[-1].attributes == {"status": "sent", "total": 6}


def test_a_snapshot_is_the_source_only_while_a_value_is_as_it_told_it(read):
    log = read("""
    1 7 note_written       2026-01-01T10:00 {"model_snapshot": {"status": "new", "total": 5}}
    2 7 model_updated      2026-01-02T10:00 {"new_attributes": {"total": 6}, "model_snapshot": {"total": 5}}
    3 7 state_transitioned 2026-01-03T10:00 {"from_state": "new", "to_state": "paid", "model_snapshot": {"status": "paid"}}
    4 8 model_updated      2026-01-01T10:00 {"new_attributes": {"total": 6, "note": 1}, "model_snapshot": {"note": 1}}
    5 9 model_updated      2026-01-01T10:00 {"new_attributes": {"total": 6}}
    """)  # noqa: E501
    one = log.of("Order", 7)
    told = [_told(one, day, **names)["7"][1:] for day in ("2026-01-01 11:00", "2026-01-02 11:00") for names in (
        {}, {"names": ["total"]})]  # fmt: skip
    assert told == [
        ({"status": "new", "total": 5}, "snapshot after the move"),
        ({"total": 5}, "snapshot after the move"),
        ({"status": "new", "total": 6}, "snapshot after the move"),
        ({"total": 6}, "events"),
    ]
    assert _told(log)["7"] == ("paid", {"status": "paid", "total": 6}, "events")
    assert [_told(log)[number][2] for number in ("8", "9")] == ["snapshot after the move", "events"]


def test_reducers_fold_only_the_lives_that_have_such_an_event(orders):
    def noted(attributes, event):
        return attributes | {"total": event.data["new_attributes"].get("total", 0) * 2, "z": {"b": 1, "a": [1.5, "é"]}}

    told = _told(orders, "2026-01-06 12:00", reducers={"model_updated": noted, "never_seen": noted})
    nested = {"b": 1, "a": [1.5, "é"]}
    assert told == {
        "42": ("fulfilled", {"id": 42, "status": "fulfilled", "total": 240, "z": nested}, "reducers"),
        "43": ("cancelled", {"status": "cancelled"}, "events"),
        "44": ("confirmed", {"status": "confirmed", "total": 10, "z": nested}, "reducers"),
        "45": ("confirmed", {"status": "confirmed", "created_at": "2026-01-05 09:30:00"}, "snapshot"),
    }
    assert (
        wb.replay(orders.of("Order", 42), {"model_updated": noted}).at("2026-01-06 12:00").attributes == told["42"][1]
    )
    named = _told(orders, "2026-01-06 12:00", names=["z"], reducers={"model_updated": noted})
    assert [attributes for _, attributes, _ in named.values()] == [{"z": nested}, {}, {"z": nested}, {}]
    with pytest.raises(UnknownNameError, match="no attribute named 'zz'"):
        wb.attributes_at(orders, names=["zz"], reducers={"model_updated": noted})


def test_attributes_can_be_grouped(orders):
    rows = wb.attributes_at(orders, "2026-01-05 10:00", by=["created:hour", "current_state"])
    told = rows.project("created_hour::VARCHAR, current_state, aggregate_id, source").fetchall()
    assert told == [
        ("2026-01-05 07:00:00", "fulfilled", "44", "events"),
        ("2026-01-05 09:00:00", "fulfilled", "42", "events"),
        ("2026-01-06 09:00:00", "pending", "45", "events"),
    ]


def test_after_a_creation_snapshots_tell_nothing(read):
    log = read("""
    1 7 model_created      2026-01-01T10:00 {"attributes": {"status": "new", "total": 5}}
    2 7 state_transitioned 2026-01-02T10:00 {"from_state": "new", "to_state": "paid", "model_snapshot": {"status": "paid", "total": 9}}
    """)  # noqa: E501
    assert _told(log) == {"7": ("paid", {"status": "paid", "total": 5}, "events")}


def test_an_attribute_that_is_null_is_there_and_names_may_be_anything(read):
    name = 'a "b".c\\ü</script>'
    data = json.dumps({"attributes": {"status": "new", name: None, "": [1]}})
    log = read(f"1 7 model_created 2026-01-01T10:00 {data}")
    assert _told(log) == {"7": ("new", {"status": "new", name: None, "": [1]}, "events")}
    assert wb.field_history(log, "status").project("old, new").fetchall() == [(None, '"new"')]


def test_a_key_that_stands_twice_counts_as_its_last(tmp_path):
    (tmp_path / "twice.ndjson").write_text(
        '{"id":1,"aggregate_type":"Order","aggregate_id":7,"event_type":"model_created",'
        '"event_data":{"attributes":{"total":1,"total":2}},"occurred_at":"2026-01-01 10:00"}\n'
    )
    with wb.read_events(tmp_path / "twice.ndjson") as log:
        assert _told(log) == {"7": (None, {"total": 2}, "events")}
        assert wb.replay(log)[0].attributes == {"total": 2}


def test_blame_names_the_event_that_set_each_field(orders):
    rows = wb.blame(orders.of("Order", 42), "2026-01-05 23:00").project("path, value, place, event_id, actor, old")
    assert rows.fetchall() == [
        ("id", "42", 1, "1", None, None),
        ("note", '"pi_3Nx"', 3, "3", None, None),
        ("status", '"confirmed"', 2, "2", "3", '"pending"'),
        ("total", "120", 3, "3", None, "100"),
    ]


def test_the_state_before_the_first_move_is_nobody_s_event(orders):
    rows = wb.blame(orders.of("Order", 45), "2026-01-05 12:00").project("path, value, place, event_id").fetchall()
    assert rows == [("status", '"pending"', 0, None)]


def test_a_field_s_history_is_every_value_it_had(orders):
    rows = wb.field_history(orders, "total").project("aggregate_id, place, old, new, since::VARCHAR, until::VARCHAR")
    assert rows.fetchall() == [
        ("42", 1, None, "100", "2026-01-05 09:00:00", "2026-01-05 11:00:00"),
        ("42", 3, "100", "120", "2026-01-05 11:00:00", None),
        ("44", 1, None, "5", "2026-01-05 07:00:00", None),
    ]


def test_a_value_deep_in_a_field_has_a_history_of_its_own(read):
    log = read("""
    1 7 model_created 2026-01-01T10:00 {"attributes": {"to": {"zip": "1", "lines": ["a"]}}}
    2 7 model_updated 2026-01-02T10:00 {"new_attributes": {"to": {"zip": "1", "lines": ["b"]}}}
    3 7 model_updated 2026-01-03T10:00 {"new_attributes": {"to": {"zip": "2"}}}
    """)
    assert wb.field_history(log, "to.zip").project("place, old, new").fetchall() == [
        (1, None, '"1"'),
        (3, '"1"', '"2"'),
    ]
    lines = wb.field_history(log, "to.lines.0").project("place, new, until::VARCHAR").fetchall()
    assert lines == [(1, '"a"', "2026-01-02 10:00:00"), (2, '"b"', "2026-01-03 10:00:00"), (3, None, None)]


@pytest.mark.parametrize(("path", "error"), [("", LogError), ("...", LogError), ("totals", UnknownNameError)])
def test_a_field_that_nobody_has_is_refused(orders, path, error):
    with pytest.raises(error):
        wb.field_history(orders, path)


def test_an_empty_log_has_no_attributes(read):
    log = read("1 7 noted 2026-01-01T10:00 {}").until("2025-01-01")
    assert wb.attributes_at(log, at="2026-01-01").fetchall() == []
    assert wb.blame(log, at="2026-01-01").fetchall() == []
