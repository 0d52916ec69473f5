from __future__ import annotations

import json

import pytest

from workbench.errors import InstantError, LogError, UnknownNameError
from workbench.instants import instant
from workbench.metrics import audit_trail, event_types, find


def test_event_types_are_counted_by_aggregate(orders):
    table = event_types(orders)
    assert table.columns == [
        "type", "event_type", "schema_version", "events", "aggregates", "first", "last", "changes_state", "replayed",
    ]  # fmt: skip
    assert table.fetchall() == [
        ("Order", "state_transitioned", None, 6, 4, instant("2026-01-05 08:00"), instant("2026-01-07 09:30"), True, 6),
        ("Order", "model_updated", None, 3, 2, instant("2026-01-05 07:00"), instant("2026-01-07 08:00"), True, 3),
        ("Order", "model_created", None, 1, 1, instant("2026-01-05 09:00"), instant("2026-01-05 09:00"), True, 1),
    ]


def test_an_event_type_that_moves_nothing_says_so(read):
    log = read('1 7 model_updated 2026-01-01T00:00 {"new_attributes": {"total": 1}}')
    assert event_types(log).fetchall()[0][7] is False


def test_a_text_is_found_in_payloads_whatever_its_case(orders):
    table = find(orders, "PI_3n")
    assert table.columns == ["type", "aggregate_id", "found_in", "events", "first", "exact"]
    assert table.fetchall() == [("Order", "42", "data", 1, instant("2026-01-05 11:00"), False)]


def test_the_aggregate_of_that_very_id_comes_first(read):
    log = read("""
    1 142 model_created 2026-01-01T00:00 {"attributes": {"status": "a"}}
    2 7   model_created 2026-01-02T00:00 {"attributes": {"status": "a", "parent": 42}}
    3 42  model_created 2026-01-03T00:00 {"attributes": {"status": "a"}}
    """)
    assert [row[1:4] for row in find(log, "42").fetchall()] == [("42", "id", 0), ("7", "data", 1), ("142", "id", 0)]


def test_text_that_json_escapes_is_found_as_it_is_read(read):
    log = read([
        {"id": 1, "aggregate_type": "Order", "aggregate_id": "7", "event_type": "noted",
         "event_data": {"note": 'say "hé/llo" C:\\tmp'}, "occurred_at": "2026-01-01 00:00:00"},
    ])  # fmt: skip
    assert [len(find(log, text).fetchall()) for text in ('"hé/llo"', "C:\\tmp", "hello")] == [1, 1, 0]


def test_an_actor_and_a_correlation_are_found(read):
    log = read("""
    1 7 model_updated 2026-01-01T00:00 {"new_attributes": {"n": 1}, "user_id": 31, "context": {"correlation_id": "c-9"}}
    """)
    assert find(log, "c-9").fetchall()[0][2] == "data, correlation"
    assert find(log, "31").fetchall()[0][2] == "data, actor"


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_not_looked_for(orders, text):
    with pytest.raises(LogError, match="needs a text"):
        find(orders, text)


def test_the_trail_of_one_order(orders):
    table = audit_trail(orders.of("Order", 42))
    assert table.columns == [
        "type", "aggregate_id", "place", "version", "occurred_at", "event_type", "transition", "from_state",
        "to_state", "actor", "changed", "context", "cause", "correlation_id", "event_id",
    ]  # fmt: skip
    rows = table.fetchall()
    assert [(row[2], row[5], row[7], row[8], row[9]) for row in rows] == [
        (1, "model_created", None, "pending", None),
        (2, "state_transitioned", "pending", "confirmed", "3"),
        (3, "model_updated", None, None, None),
        (4, "state_transitioned", "confirmed", "fulfilled", "4"),
    ]
    assert [json.loads(row[10]) for row in rows] == [
        {"id": [None, 42], "status": [None, "pending"], "total": [None, 100]},
        {"status": ["pending", "confirmed"]},
        {"note": [None, "pi_3Nx"], "total": [100, 120]},
        {"status": ["confirmed", "fulfilled"]},
    ]


def test_the_first_move_of_a_trail_leaves_the_state_it_names(orders):
    row = audit_trail(orders.of("Order", 43)).fetchall()
    assert [(r[2], r[7], r[8], json.loads(r[10])) for r in row] == [
        (1, "pending", "cancelled", {"status": ["pending", "cancelled"]})
    ]


def test_cause_and_context_are_what_the_event_recorded(read):
    log = read("""
    9 7 state_transitioned 2026-01-01T00:00 {"from_state": "a", "to_state": "b", "context": {"causation_id": "8"}}
    """)
    row = audit_trail(log).fetchall()[0]
    assert (json.loads(row[11]), row[12]) == ({"causation_id": "8"}, "8")


def test_an_event_that_changes_nothing_has_no_changes(read):
    log = read("""
    1 7 model_created 2026-01-01T00:00 {"attributes": {"status": "a", "total": 5}}
    2 7 model_updated 2026-01-02T00:00 {"new_attributes": {"total": 5}}
    3 7 model_updated 2026-01-03T00:00 {"new_attributes": ["not", "an", "object"]}
    """)
    assert [row[10] for row in audit_trail(log).fetchall()][1:] == [None, None]


def places(table):
    return [(row[1], row[2]) for row in table.fetchall()]


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"actor": 3}, [("42", 2), ("43", 1), ("44", 3)]),
        ({"actor": "3", "state": "fulfilled"}, [("44", 3)]),
        ({"event_type": "model_updated"}, [("42", 3), ("44", 1), ("44", 3)]),
        ({"state": "pending"}, [("42", 1), ("45", 2)]),
        ({"since": "2026-01-06 09:30", "before": "2026-01-07 08:00"}, [("42", 4), ("45", 1)]),
        ({"text": "PI_3n"}, [("42", 3)]),
        ({"text": "PI_3n", "actor": "4"}, []),
        ({"after": "Order:43:1", "limit": 2}, [("44", 1), ("44", 2)]),
        ({"after": "App\\Models\\Order:44:2", "actor": 3}, [("44", 3)]),
    ],
)
def test_a_trail_is_filtered(orders, chosen, told):
    assert places(audit_trail(orders, **chosen)) == told


def test_what_an_event_changed_is_the_same_on_a_page_of_its_own(orders):
    alone = audit_trail(orders, after="Order:42:2", limit=1).fetchall()
    assert alone == audit_trail(orders).fetchall()[2:3]


def test_a_correlation_is_a_filter_and_an_unknown_one_is_empty(read):
    log = read("""
    1 7 model_updated 2026-01-01T00:00 {"new_attributes": {"n": 1}, "context": {"correlation_id": "c-9"}}
    2 8 model_updated 2026-01-01T00:00 {"new_attributes": {"n": 1}, "context": {"correlation_id": "c-8"}}
    """)
    assert places(audit_trail(log, correlation="c-9")) == [("7", 1)]
    assert places(audit_trail(log, correlation="c-7")) == []


def test_a_mark_may_hold_colons(read):
    log = read("1 a:b:1 noted 2026-01-01T00:00 {}\n2 a:b:2 noted 2026-01-01T00:00 {}")
    assert places(audit_trail(log, after="Order:a:b:1:1")) == [("a:b:2", 1)]


@pytest.mark.parametrize(
    ("chosen", "error", "told"),
    [
        ({"actor": "33"}, UnknownNameError, "no actor named '33'"),
        ({"event_type": "model_update"}, UnknownNameError, "did you mean 'model_updated'"),
        ({"state": "fulfiled"}, UnknownNameError, "did you mean 'fulfilled'"),
        ({"text": " "}, LogError, "needs a text"),
        ({"limit": 0}, LogError, "limit=0"),
        ({"after": "Order 42"}, LogError, "'Order:42:3'"),
        ({"after": "Ordr:42:1"}, UnknownNameError, "did you mean 'Order'"),
        ({"since": "soon"}, InstantError, "'soon' is not a time"),
        ({"since": "0001-01-01T00:00+14:00"}, InstantError, "lies outside the years 1 to 9999"),
    ],
)
def test_what_cannot_be_a_filter_is_said(orders, chosen, error, told):
    with pytest.raises(error, match=told):
        audit_trail(orders, **chosen)
