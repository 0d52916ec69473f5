"""What differs between two instants, two versions of one aggregate, two aggregates."""

from __future__ import annotations

import pytest

import workbench as wb
from workbench.errors import InstantError, LogError, UnknownNameError

COLUMNS = "aggregate_id, what, path, old, new, place, actor"


def _told(log, *instants, columns=COLUMNS, **options):
    return wb.compare(log, *instants, **options).project(columns).fetchall()


def test_each_aggregate_is_compared_with_what_it_was(orders):
    # 42 had been confirmed and is fulfilled; 44 was fulfilled by hand; 45 was pending since a time its move told.
    assert _told(orders, "2026-01-05 10:00", "2026-01-07 08:00") == [
        ("42", "state", "status", '"confirmed"', '"fulfilled"', 4, "4"),
        ("42", "attribute", "note", None, '"pi_3Nx"', 3, None),
        ("42", "attribute", "total", "100", "120", 3, None),
        ("43", "state", "status", None, '"cancelled"', 1, "3"),
        ("44", "state", "status", '"confirmed"', '"fulfilled"', 3, "3"),
        ("45", "state", "status", '"pending"', '"confirmed"', 1, None),
        ("45", "attribute", "created_at", None, '"2026-01-05 09:30:00"', 1, None),
    ]


def test_without_at_the_last_event_is_meant_and_said(orders):
    rows = wb.compare(orders, "2026-01-07 09:00").project("aggregate_id, new, set_at::VARCHAR, instant::VARCHAR")
    assert rows.fetchall() == [("45", '"pending"', "2026-01-07 09:30:00", "2026-01-07 09:30:00")]


def test_back_in_time_old_and_new_change_sides_and_nobody_made_what_was_not(orders):
    assert _told(orders.of("Order", 42), "2026-01-05 11:00", "2026-01-05 09:00") == [
        ("42", "state", "status", '"confirmed"', '"pending"', 1, None),
        ("42", "attribute", "note", '"pi_3Nx"', None, None, None),
        ("42", "attribute", "total", "120", "100", 1, None),
    ]


def test_a_nested_value_is_taken_apart(read):
    log = read("""
    1 7 model_created 2026-01-01T10:00 {"attributes": {"to": {"zip": "1", "a.b": 1, "": 0}, "items": [1, {"n": 2}], "x": {}}}
    2 7 model_updated 2026-01-02T10:00 {"new_attributes": {"to": {"": 0, "a.b": 2}, "items": [1, {"n": 3}, 4], "x": [1], "y": null}}
    """)  # noqa: E501
    expected = [
        ("items.1.n", "2", "3"),
        ("items.2", None, "4"),
        ('to."a.b"', "1", "2"),
        ("to.zip", '"1"', None),
        ("x", "{}", "[1]"),
    ]
    assert _told(log, "2026-01-01 12:00", columns="path, old, new") == expected
    assert _told(log, versions=(1, 2), columns="path, old, new") == expected


def test_two_fields_of_state_are_two_rows(read):
    log = read(
        """
    1 7 model_created 2026-01-01T10:00 {"attributes": {"status": "new", "payment": "due"}}
    2 7 model_updated 2026-01-02T10:00 {"new_attributes": {"status": "sent", "payment": "paid"}}
    """,
        state_field={"Order": ["status", "payment"]},
    )
    expected = [("state", "payment", '"due"', '"paid"'), ("state", "status", '"new"', '"sent"')]
    assert _told(log, "2026-01-01 12:00", columns="what, path, old, new") == expected
    assert _told(log, versions=(1, 2), columns="what, path, old, new") == expected


def test_two_versions_of_one_aggregate(orders):
    one = orders.of("Order", 42)
    assert _told(one, versions=(1, 3)) == _told(one, "2026-01-05 09:00", "2026-01-05 11:00")
    assert _told(one, versions=(2, 2)) == []
    with pytest.raises(UnknownNameError, match="Order 42 has no place 9: there are 4, from 1 to 4"):
        wb.compare(one, versions=(1, 9))


def test_two_aggregates_at_an_instant(orders):
    assert _told(orders.of("Order", 44, 42), at="2026-01-05 11:00") == [
        ("44", "attribute", "id", "42", None, None, None),
        ("44", "attribute", "note", '"pi_3Nx"', None, None, None),
        ("44", "attribute", "total", "120", "5", 1, None),
    ]
    with pytest.raises(InstantError, match="Order 42 is not known at 2026-01-05 08:30"):
        wb.compare(orders.of("Order", 44, 42), at="2026-01-05 08:30")


def test_what_differs_can_be_grouped(orders):
    rows = wb.compare(orders, "2026-01-05 10:00", by="created:day").project("type, created_day::VARCHAR, aggregate_id")
    assert rows.fetchall()[0] == ("Order", "2026-01-05", "42")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "compare needs then= .the instant to compare with., or versions= of one aggregate"),
        ({"versions": (1,)}, r"versions=\(1,\) is no pair of numbers"),
        ({"versions": ("a", "b")}, "is no pair of numbers"),
        ({"versions": (1, 2), "then": "2026-01-05"}, "not then= and versions= at once"),
        ({"versions": (1, 2), "at": "2026-01-05"}, "not at= and versions= at once"),
        ({"versions": (1, 2), "by": "actor"}, "give then= as well"),
        ({"versions": (1, 2)}, "replay folds one life"),
    ],
)
def test_what_cannot_be_compared_is_said(orders, options, said):
    with pytest.raises(LogError, match=said):
        wb.compare(orders, **options)
