from __future__ import annotations

import pytest

from workbench.errors import InstantError, UnknownNameError
from workbench.instants import instant
from workbench.lives import replay


def test_a_timeline_is_a_sequence(order):
    life = replay(order)
    assert (len(life), life[0].place, life[-1].place) == (5, 1, 5)
    assert [moment.place for moment in life[1:3]] == [2, 3]
    assert repr(life) == "<Timeline of Order 42: 5 moments, 2026-01-05 09:00 to 2026-01-06 10:00 UTC, now fulfilled>"
    assert repr(life[1]) == "<Moment place 2, state_transitioned, confirmed>"


@pytest.mark.parametrize(
    ("when", "place"), [("2026-01-05 09:00", 1), ("2026-01-05 09:59", 1), ("2026-01-05 10:00", 2), ("2030-01-01", 5)]
)
def test_at_an_instant_the_last_event_up_to_it_counts(order, when, place):
    assert replay(order).at(when).place == place


def test_of_several_events_at_one_instant_the_last_counts(read):
    log = read("""
    1 7 model_created      2026-01-01T00:00 {"attributes": {"status": "a"}}
    2 7 state_transitioned 2026-01-01T00:00 {"from_state": "a", "to_state": "b"}
    """)
    assert replay(log).at("2026-01-01").state == "b"


def test_a_clock_that_runs_back_is_held(tmp_path):
    from workbench.events import read_events

    export = tmp_path / "clock.csv"
    export.write_text(
        "case,activity,time,version\n7,a,2026-01-01T10:00:00Z,1\n7,b,2026-01-01T09:00:00Z,2\n", encoding="utf-8"
    )
    life = replay(read_events(export, mapping="generic"))
    assert life.at("2026-01-01 10:00").state == "b"
    with pytest.raises(InstantError):
        life.at("2026-01-01 09:30")
    assert life[1].occurred_at == instant("2026-01-01 09:00")
    assert life.version(2).state == "b"


def test_before_the_first_event_nothing_is_known(order):
    with pytest.raises(InstantError, match="Order 42 is not known at 2026-01-01 00:00:00 UTC: its first event is at"):
        replay(order).at("2026-01-01")


def test_before_the_first_event_a_known_creation_opens_the_life(read):
    log = read("""
    1 7 state_transitioned 2026-01-02T00:00 {"from_state": "a", "to_state": "b", "model_snapshot": {"created_at": "2026-01-01 00:00:00"}}
    """)  # noqa: E501
    life = replay(log)
    opening = life.at("2026-01-01 12:00")
    assert (opening.place, opening.state, opening.event_type) == (0, "a", None)
    assert life.at("2026-01-02").state == "b"
    with pytest.raises(InstantError):
        life.at("2025-12-31")


def test_version_is_the_place_where_the_store_numbers_none(order):
    life = replay(order)
    assert life.version(3) is life[2]
    with pytest.raises(UnknownNameError, match="Order 42 has no place 6: there are 5, from 1 to 5"):
        life.version(6)


def test_version_is_the_store_s_own(tmp_path):
    from workbench.events import read_events

    export = tmp_path / "numbered.csv"
    export.write_text(
        "case,activity,time,version\n7,a,2026-01-01T10:00:00Z,11\n7,b,2026-01-01T11:00:00Z,12\n", encoding="utf-8"
    )
    life = replay(read_events(export, mapping="generic"))
    assert life.version(12) is life[1]
    with pytest.raises(UnknownNameError, match="no version 1: there are 2, from 11 to 12"):
        life.version(1)


def test_changes_are_listed_one_by_one(order):
    changes = replay(order).changes()
    assert [(c.place, c.attribute, c.old, c.new) for c in changes][3:] == [
        (2, "status", "pending", "confirmed"),
        (4, "address", {"zip": "1", "city": "X"}, {"zip": "2"}),
        (4, "total", 100, 120),
        (5, "status", "confirmed", "fulfilled"),
    ]


def test_the_page_shows_text_as_text(read):
    log = read('1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "<b>a</b>", "note": "<script>"}}')
    page = replay(log)._repr_html_()
    assert "<script>" not in page
    assert "&lt;b&gt;a&lt;/b&gt;" in page
