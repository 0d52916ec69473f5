"""What would have become of five orders with other events."""

from __future__ import annotations

import pytest
from five_orders import told

import workbench as wb
from workbench.errors import LogError, UnknownNameError


def test_a_dropped_event_did_not_happen(orders):
    answer = wb.what_if(orders, drop=["3"])
    assert answer.sentence == "1 of 5 lives would part from what they were; 1 would end in another state."
    assert told(answer.lives.select("aggregate_id, place, before, after, state_after")) == [
        ("1", 3, "fulfilled", "confirmed", "confirmed")
    ]
    assert (answer.counts["before"], answer.counts["after"]) == (14, 13)
    assert [row[1:] for row in told(answer.populations) if row[4]] == [
        ("confirmed", 1, 2, 1), ("fulfilled", 2, 1, -1),
    ]  # fmt: skip
    assert wb.what_if(orders, drop=3).counts == answer.counts
    assert wb.what_if(orders, drop="aggregate_id = '1' AND place = 3").counts == answer.counts


def test_an_inserted_move_is_asked_of_the_machine_too(orders, versions):
    told_once = {"type": "Order", "aggregate_id": 5, "at": "2026-01-07", "transition": "release"}
    answer = wb.what_if(orders, machine=versions[0], insert=[told_once])
    assert told(answer.lives.select("aggregate_id, place, entered_at::VARCHAR, transition, after")) == [
        ("2", 2, "2026-01-06 09:00:00", None, "pending"),
        ("5", None, "2026-01-07 00:00:00", "release", "pending"),
    ]
    plain = wb.what_if(orders, insert=[{"type": "Order", "aggregate_id": 5, "at": "2026-01-07", "to_state": "pending"}])
    assert told(plain.lives.select("aggregate_id, state_before, state_after")) == [("5", "on_hold", "pending")]


def test_an_edited_event_says_something_else_and_a_moved_one_comes_at_another_time(orders, versions):
    edited = wb.what_if(orders, edit={"3": {"to_state": "cancelled"}})
    assert told(edited.lives.select("aggregate_id, state_before, state_after")) == [("1", "fulfilled", "cancelled")]
    # the cancellation comes before the hold: nothing leaves cancelled
    moved = wb.what_if(orders.of("Order", 4), machine=versions[0], move={"11": "2026-01-05"})
    assert (moved.counts["refused_before"], moved.counts["refused_after"]) == (0, 2)
    assert told(moved.lives.select("state_before, state_after")) == [("cancelled", "cancelled")]


PAID = """
1 1 model_created      2026-01-05T09:00 {"attributes": {"status": "pending", "total": 100, "note": null}}
2 1 model_updated      2026-01-05T10:00 {"new_attributes": {"total": 120, "paid": {"by": "card"}}}
3 1 model_updated      2026-01-05T11:00 {"new_attributes": {"total": 130}}
"""


def test_attributes_of_changed_lives_are_folded_again(read):
    log = read(PAID)
    assert told(wb.what_if(log, drop=["2"]).attributes) == [("Order", "1", "paid", '{"by":"card"}', None)]
    assert told(wb.what_if(log, move={"2": "2026-01-05 12:00"}).attributes) == [("Order", "1", "total", "130", "120")]
    assert told(wb.what_if(log, edit={"1": {"to_state": "draft"}}).attributes) == []


def test_wrong_changes_say_what_is_wrong(orders):
    with pytest.raises(LogError, match=r"drop takes event ids or a condition on events, not 1\.5"):
        wb.what_if(orders, drop=1.5)
    with pytest.raises(LogError, match="edit and move take dicts by event id, not list"):
        wb.what_if(orders, edit=["3"])
    with pytest.raises(UnknownNameError, match="no event named '99'"):
        wb.what_if(orders, drop=["99"])
    with pytest.raises(LogError, match=r"the condition 'sate = 1' cannot be asked of events: .*did you mean"):
        wb.what_if(orders, drop="sate = 1")
    with pytest.raises(LogError, match="no event meets drop="):
        wb.what_if(orders, drop="place = 99")
    with pytest.raises(UnknownNameError, match=r"no key named 'state' in edit.*did you mean 'to_state'"):
        wb.what_if(orders, edit={"3": {"state": "pending"}})
    with pytest.raises(LogError, match="insert needs at: which aggregate, and when"):
        wb.what_if(orders, insert=[{"type": "Order", "aggregate_id": 5, "to_state": "pending"}])
    with pytest.raises(LogError, match="insert needs a transition, a to_state or both"):
        wb.what_if(orders, insert=[{"type": "Order", "aggregate_id": 5, "at": "2026-01-07"}])
    with pytest.raises(LogError, match="which state 'release' leads to"):
        wb.what_if(orders, insert=[{"type": "Order", "aggregate_id": 5, "at": "2026-01-07", "transition": "release"}])
    with pytest.raises(UnknownNameError, match="Order"):
        wb.what_if(orders, insert=[{"type": "Order", "aggregate_id": 9, "at": "2026-01-07", "to_state": "pending"}])
