from __future__ import annotations

import pytest

from workbench.errors import LogError
from workbench.lives import replay


def test_attributes_are_merged_event_by_event(order):
    # the note (id 4) is earlier by its own time than the update (id 3), so it comes before it
    assert [(moment.event_type, moment.state, moment.attributes) for moment in replay(order)] == [
        ("model_created", "pending", {"status": "pending", "total": 100, "address": {"zip": "1", "city": "X"}}),
        (
            "state_transitioned",
            "confirmed",
            {"status": "confirmed", "total": 100, "address": {"zip": "1", "city": "X"}},
        ),
        ("noted", "confirmed", {"status": "confirmed", "total": 100, "address": {"zip": "1", "city": "X"}}),
        ("model_updated", "confirmed", {"status": "confirmed", "total": 120, "address": {"zip": "2"}}),
        ("state_transitioned", "fulfilled", {"status": "fulfilled", "total": 120, "address": {"zip": "2"}}),
    ]


def test_changes_are_old_and_new(order):
    life = replay(order)
    assert [moment.changed for moment in life][1:] == [
        {"status": ("pending", "confirmed")},
        {},
        {"address": ({"zip": "1", "city": "X"}, {"zip": "2"}), "total": (100, 120)},
        {"status": ("confirmed", "fulfilled")},
    ]
    assert life[0].changed["total"] == (None, 100)


def test_types_without_a_reducer_are_counted(order):
    assert replay(order).unknown_types == {"noted": 1}


def test_a_reducer_of_your_own_changes_attributes(order):
    def noted(attributes, event):
        return {**attributes, "notes": [*attributes.get("notes", []), event.data["text"]]}

    life = replay(order, reducers={"noted": noted})
    assert life[-1].attributes["notes"] == ["called"]
    assert life.unknown_types == {}
    assert "notes" not in life[1].attributes


def test_a_reducer_may_take_the_place_of_a_built_in_one(order):
    life = replay(order, reducers={"model_updated": lambda _, event: event.data["new_attributes"]})
    assert life[3].attributes == {"total": 120, "address": {"zip": "2"}}
    assert life[3].state == "confirmed"


def test_the_state_is_the_log_s_to_say_and_not_a_reducer_s(order):
    life = replay(order, reducers={"noted": lambda attributes, _: {**attributes, "status": "lost"}})
    assert [moment.state for moment in life] == ["pending", "confirmed", "confirmed", "confirmed", "fulfilled"]


def test_a_reducer_that_writes_into_its_argument_spoils_no_earlier_moment(order):
    def careless(attributes, event):
        attributes["address"]["zip"] = event.data["text"]
        return attributes

    life = replay(order, reducers={"noted": careless})
    assert [moment.attributes["address"]["zip"] for moment in life] == ["1", "1", "called", "2", "2"]


def test_a_reducer_that_returns_nothing_is_named(order):
    with pytest.raises(LogError, match="the reducer for 'noted' answered with NoneType at place 3"):
        replay(order, reducers={"noted": lambda *_: None})


def test_several_lives_are_refused_with_the_way_out(read):
    log = read("""
    1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "a"}}
    2 8 model_created 2026-01-01T00:00 {"attributes": {"status": "a"}}
    """)
    with pytest.raises(LogError, match=r"holds several .*log.of\('Order', '7'\)"):
        replay(log)
    assert len(replay(log.of("Order", 8))) == 1


def test_a_part_without_events_is_refused(order):
    with pytest.raises(LogError, match="holds none"):
        replay(order.until("2020-01-01"))


def test_a_life_that_begins_with_a_move_was_in_the_state_it_left(read):
    log = read("""
    1 7 model_updated      2026-01-01T01:00 {"new_attributes": {"total": 5}}
    2 7 state_transitioned 2026-01-01T02:00 {"from_state": "pending", "to_state": "paid"}
    """)
    life = replay(log)
    assert [moment.state for moment in life] == ["pending", "paid"]
    assert life[1].changed == {"status": ("pending", "paid")}


def test_a_number_is_a_state_and_stays_the_number_it_was(read):
    log = read("""
    1 7 model_created 2026-01-01T01:00 {"attributes": {"status": 1}}
    2 7 model_updated 2026-01-01T02:00 {"new_attributes": {"status": 2}}
    """)
    life = replay(log)
    assert [(moment.state, moment.attributes) for moment in life] == [("1", {"status": 1}), ("2", {"status": 2})]


def test_two_state_fields_are_replayed_side_by_side(read):
    log = read(
        """
    1 7 model_created 2026-01-01T01:00 {"attributes": {"status": "new", "payment": "open"}}
    2 7 model_updated 2026-01-01T02:00 {"new_attributes": {"payment": "paid"}}
    3 7 model_updated 2026-01-01T03:00 {"new_attributes": {"status": "done"}}
    """,
        state_field={"Order": ["status", "payment"]},
    )
    assert [dict(moment.states) for moment in replay(log)] == [
        {"status": "new", "payment": "open"},
        {"status": "new", "payment": "paid"},
        {"status": "done", "payment": "paid"},
    ]
