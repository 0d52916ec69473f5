from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from workbench.errors import LogError, UnknownNameError
from workbench.metrics import actor_transitions, bursts, busy_hours, dotted_chart, four_eyes, handovers

HOUR = 3600.0


def test_who_moves_what(orders):
    table = actor_transitions(orders)
    assert table.columns == [
        "type", "actor", "from_state", "to_state", "times", "aggregates", "of_actor", "of_transition",
    ]  # fmt: skip
    # nobody is named for the beginning of 42 and for pending > confirmed of 44 and 45, confirmed > pending of 45
    assert table.fetchall() == [
        ("Order", None, "pending", "confirmed", 2, 2, 0.5, pytest.approx(2 / 3)),
        ("Order", "3", "confirmed", "fulfilled", 1, 1, pytest.approx(1 / 3), 0.5),
        ("Order", "3", "pending", "cancelled", 1, 1, pytest.approx(1 / 3), 1.0),
        ("Order", "3", "pending", "confirmed", 1, 1, pytest.approx(1 / 3), pytest.approx(1 / 3)),
        ("Order", "4", "confirmed", "fulfilled", 1, 1, 1.0, 0.5),
        ("Order", None, None, "pending", 1, 1, 0.25, 1.0),
        ("Order", None, "confirmed", "pending", 1, 1, 0.25, 1.0),
    ]
    late = actor_transitions(orders, since="2026-01-06 10:00").fetchall()
    assert [row[1:5] for row in late] == [
        ("3", "confirmed", "fulfilled", 1), ("4", "confirmed", "fulfilled", 1), (None, "confirmed", "pending", 1),
    ]  # fmt: skip


def test_who_hands_over_to_whom(orders):
    # only 42 has two events with actors: 3 at 01-05 10:00, then 4 at 01-06 10:00
    assert handovers(orders).fetchall() == [("Order", "3", "4", 1, 1, 1.0, 24 * HOUR)]
    assert handovers(orders, before="2026-01-06 10:00").fetchall() == []


def test_one_who_goes_on_alone_is_a_pair_and_a_nameless_event_is_passed_over(read):
    log = read("""
    1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "a"}, "user_id": 1}
    2 7 model_updated 2026-01-01T01:00 {"new_attributes": {"status": "b"}, "user_id": 1}
    3 7 model_updated 2026-01-01T02:00 {"new_attributes": {"status": "c"}}
    4 7 model_updated 2026-01-01T05:00 {"new_attributes": {"status": "d"}, "user_id": 2}
    """)
    assert handovers(log).fetchall() == [
        ("Order", "1", "1", 1, 1, 0.5, 1 * HOUR),
        ("Order", "1", "2", 1, 1, 0.5, 4 * HOUR),
    ]


def test_the_same_actor_in_both_states_is_found(orders, read):
    table = four_eyes(orders, "confirmed", "fulfilled")
    assert table.columns == ["type", "aggregate_id", "verdict", "actors", "first_actors", "second_actors"]
    assert table.fetchall() == [
        ("Order", "44", "unknown", [], [], ["3"]),
        ("Order", "42", "different", [], ["3"], ["4"]),
    ]
    alone = read("""
    1 7 state_transitioned 2026-01-01T00:00 {"from_state": "a", "to_state": "b", "user_id": 5}
    2 7 state_transitioned 2026-01-01T01:00 {"from_state": "b", "to_state": "c", "user_id": 5}
    """)
    assert four_eyes(alone, "b", "c").fetchall() == [("Order", "7", "same", ["5"], ["5"], ["5"])]
    with pytest.raises(UnknownNameError, match="did you mean 'fulfilled'"):
        four_eyes(orders, "confirmed", "fulfiled")
    with pytest.raises(LogError, match="two states, not 'confirmed' twice"):
        four_eyes(orders, "confirmed", "confirmed")


def test_events_by_hour_of_the_week_on_the_clock_of_a_zone(orders):
    table = busy_hours(orders)
    assert table.columns == ["type", "weekday", "hour", "events", "aggregates", "share"]
    rows = table.fetchall()
    assert len(rows) == 168
    # Monday 2026-01-05: 44 at 07 and 08; 42 at 09, 10 and 11; 43 at 12. Tuesday: 45 at 09, 42 at 10. Wednesday: 44, 45.
    assert {row[1:5] for row in rows if row[3]} == {
        (1, 7, 1, 1), (1, 8, 1, 1), (1, 9, 1, 1), (1, 10, 1, 1), (1, 11, 1, 1), (1, 12, 1, 1),
        (2, 9, 1, 1), (2, 10, 1, 1), (3, 8, 1, 1), (3, 9, 1, 1),
    }  # fmt: skip
    assert sum(row[5] for row in rows) == pytest.approx(1)
    tokyo = busy_hours(orders, zone="Asia/Tokyo").fetchall()
    assert {row[1:3] for row in tokyo if row[3]} >= {(1, 16), (1, 21), (2, 18)}


def _ticks(name: int, minutes: list[int], start: int) -> list[dict]:
    return [
        {
            "id": start + number, "aggregate_type": "Order", "aggregate_id": str(start + number),
            "event_type": "model_created", "event_data": {"attributes": {"status": "a"}, "user_id": name},
            "occurred_at": f"2026-01-05 {minute // 60:02}:{minute % 60:02}:{number % 60:02}",
        }
        for number, minute in enumerate(minutes)
    ]  # fmt: skip


def test_a_burst_is_far_more_than_the_usual_window(read):
    steady = _ticks(1, [10 * n for n in range(60)], 1)  # one event a window
    hasty = _ticks(2, [*[60 * n for n in range(6)], *[601] * 21], 1000)  # one in each of six windows, then 21 at once
    once = _ticks(3, [701] * 11, 2000)  # one window only: the others' usual number, 1, is its measure
    rows = [row for row in bursts(read(steady + hasty + once)).fetchall() if row[1] == "actor"]
    assert [(row[2], str(row[3]), *row[4:]) for row in rows] == [
        ("2", "2026-01-05 10:00:00", 21, 21, 1.0, 21.0, 7),
        ("3", "2026-01-05 11:40:00", 11, 11, 1.0, 11.0, 1),
    ]
    assert [row[2] for row in bursts(read(steady + hasty + once), factor=11).fetchall() if row[1] == "actor"] == ["2"]
    with pytest.raises(LogError, match="write 1 or more"):
        bursts(read(steady), factor=0.5)


def test_each_move_is_a_cell_of_its_life_and_time_while_there_is_room(orders):
    table = dotted_chart(orders)
    assert table.columns == ["type", "first_life", "last_life", "since", "before", "state", "moves"]
    rows = table.fetchall()
    # by their first events: 44, 42, 43, 45; when 43 and 44 became pending is not known
    assert [(*row[1:3], row[5], row[6]) for row in rows] == [
        (1, 1, "confirmed", 1), (1, 1, "fulfilled", 1),
        (2, 2, "pending", 1), (2, 2, "confirmed", 1), (2, 2, "fulfilled", 1),
        (3, 3, "cancelled", 1),
        (4, 4, "pending", 1), (4, 4, "confirmed", 1), (4, 4, "pending", 1),
    ]  # fmt: skip
    entered = [
        "05 08:00",
        "07 08:00",
        "05 09:00",
        "05 10:00",
        "06 10:00",
        "05 12:00",
        "05 09:30",
        "06 09:30",
        "07 09:30",
    ]
    for row, at in zip(rows, entered, strict=True):
        assert row[3] <= datetime.fromisoformat(f"2026-01-{at}:00") < row[4]
    assert {row[4] - row[3] for row in rows} == {timedelta(hours=49.5) // 512 + timedelta(microseconds=1)}


def test_where_there_is_less_room_cells_are_put_together_four_by_four(orders):
    assert [row[1:3] + row[5:] for row in dotted_chart(orders, cells=1).fetchall()] == [(1, 4, "confirmed", 9)]
    for cells in range(1, 9):
        rows = dotted_chart(orders, cells=cells).fetchall()
        assert len(rows) <= cells
        assert sum(row[6] for row in rows) == 9
    with pytest.raises(LogError, match="write 1 or more"):
        dotted_chart(orders, cells=0)


def test_lives_are_ranked_by_their_length_where_that_is_asked(orders):
    rows = dotted_chart(orders, order="length").fetchall()
    assert [row[5] for row in rows if row[1] == 4] == ["cancelled"]  # 43, the one event
    with pytest.raises(LogError, match="'began' or 'length', not 'age'"):
        dotted_chart(orders, order="age")
