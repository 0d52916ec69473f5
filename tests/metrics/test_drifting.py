"""What the application says beside what its events add up to."""

from __future__ import annotations

import json

import pytest

import workbench as wb
from workbench.errors import LogError

ORDERS = """
1 7 model_created      2026-01-01T10:00 {"attributes": {"status": "new", "total": 5, "made": "2026-01-01T09:00:00Z", "updated_at": "1"}}
2 7 state_transitioned 2026-01-02T10:00 {"from_state": "new", "to_state": "paid", "user_id": 3}
3 8 model_created      2026-01-01T10:00 {"attributes": {"status": "new", "total": 10.5}}
4 9 model_created      2026-01-01T10:00 {"attributes": {"status": "new"}}
"""  # noqa: E501
ROSTER = [
    {"id": 7, "created_at": None, "status": "lost", "total": "6", "made": "2026-01-01 09:00:00", "updated_at": "2"},
    {"id": 8, "created_at": None, "status": "new", "total": "10.50", "unheard": "x"},
    {"id": 10, "created_at": None, "status": "new"},
]


def _rows(relation):
    return relation.project("aggregate_id, what, replayed, given, place, event_id, actor").fetchall()


@pytest.fixture
def log(read):
    log = read(ORDERS)
    log.add(ROSTER, mapping="roster", type="App\\Models\\Order")
    return log


def test_rows_part_by_state_by_attribute_and_by_being_there(log):
    assert _rows(wb.drift(log)) == [
        ("10", "no events", None, '"new"', None, None, None),
        ("7", "state", '"paid"', '"lost"', 2, "2", "3"),
        ("7", "total", "5", '"6"', 1, "1", None),
        ("9", "no row", '"new"', None, None, None, None),
    ]
    assert [row[1] for row in _rows(wb.drift(log.of("Order", 7), ignore=[]))] == ["state", "total", "updated_at"]


def test_a_later_roster_takes_the_place_of_an_earlier_one(log):
    log.add([{"id": 7, "created_at": None, "status": "paid", "total": "5"}], mapping="roster", type="Order")
    assert _rows(wb.drift(log.of("Order", 7))) == []


@pytest.mark.parametrize(
    "dump",
    [
        {"live_metrics:Order:states": {"new": "-1", "paid": 1}, "live_metrics:Order:transitions": {"new:paid": 1}},
        {"live_metrics:Order:states:new": -1, "live_metrics:Order:states:paid": 1},
    ],
)
def test_live_counters_count_no_creation(read, dump, tmp_path):
    log = read(ORDERS)
    expected = [(None, "counter states new", "2.0", "-1.0", None, None, None)]
    told = [(row[0], row[1], str(float(row[2])), *row[3:]) for row in _rows(wb.drift(log, dump))]
    assert told == expected
    (tmp_path / "counters.json").write_text(json.dumps(dump))
    assert len(_rows(wb.drift(log, str(tmp_path / "counters.json")))) == 1


def test_a_counter_of_a_name_that_several_types_share_is_its_model_s(read):
    other = '1 7 model_created 2026-01-01T10:00 {"attributes": {"status": "sold"}}'
    log = read({"Shop\\Order": ORDERS, "Old\\Order": other.replace("1 7", "99 7")})
    counters = {
        "live_metrics:Order:states": {"new": 2, "paid": 1, "gone": 4},
        "live_metrics:Parcel:states": {"sent": 1},
    }
    rows = wb.drift(log, counters).project("type, what").fetchall()
    assert rows == [
        ("Order", "counter states gone"),
        ("Order", "counter states sold"),
        ("Parcel", "counter states sent"),
    ]


def test_without_an_attribute_to_ignore_all_are_compared(log):
    assert [row[1] for row in _rows(wb.drift(log.of("Order", 7), ignore=None))] == ["state", "total", "updated_at"]
    assert wb.snapshot_check(log, ignore=None).fetchall() == []


@pytest.mark.parametrize("dump", [None, [], {"x": 1}, {"live_metrics:Order:states": 1.5}, "/nowhere.json", {}])
def test_nothing_to_compare_with_is_said(read, dump):
    with pytest.raises(LogError):
        wb.drift(read(ORDERS), dump)


def _snapshots(read, first, second):
    return read(f"""
    1 7 model_created      2026-01-01T10:00 {{"attributes": {{"status": "new", "total": 5}}}}
    2 7 state_transitioned 2026-01-02T10:00 {{"from_state": "new", "to_state": "paid", "model_snapshot": {json.dumps(first)}}}
    3 7 model_updated      2026-01-03T10:00 {{"new_attributes": {{"total": 6}}}}
    4 7 state_transitioned 2026-01-04T10:00 {{"from_state": "paid", "to_state": "sent", "model_snapshot": {json.dumps(second)}}}
    """)  # noqa: E501


@pytest.mark.parametrize(
    ("first", "second", "side", "told"),
    [
        ({"status": "paid", "total": 5}, {"status": "sent", "total": 6}, "after", (2, 0, None, None)),
        ({"status": "new", "total": 5}, {"status": "paid", "total": 6}, "before", (2, 0, None, None)),
        ({"status": "paid", "total": 5}, {"status": "sent", "total": 7, "x": 1}, "after", (2, 1, 4, ["total", "x"])),
        ({"status": "paid"}, {"status": "sent", "total": 6}, "after", (2, 1, 2, ["total"])),
    ],
)
def test_snapshots_are_held_against_the_attributes_on_their_side_of_the_move(read, first, second, side, told):
    log = _snapshots(read, first, second)
    rows = wb.snapshot_check(log).project("side, snapshots, differing, place, what").fetchall()
    assert rows == [(side, *told)]
    moment = wb.replay(log)[3 if side == "after" else 2]
    assert (moment.attributes == second) is (told[2] != 4)
