from __future__ import annotations

import json

import pytest

from workbench.errors import LogError
from workbench.instants import instant
from workbench.metrics import audit_trail, event_types, find


def test_event_types_are_counted_by_aggregate(orders):
    table = event_types(orders)
    assert table.columns == [
        "type", "event_type", "schema_version", "events", "aggregates", "first", "last", "changes_state",
    ]  # fmt: skip
    assert table.fetchall() == [
        ("Order", "state_transitioned", None, 6, 4, instant("2026-01-05 08:00"), instant("2026-01-07 09:30"), True),
        ("Order", "model_updated", None, 3, 2, instant("2026-01-05 07:00"), instant("2026-01-07 08:00"), True),
        ("Order", "model_created", None, 1, 1, instant("2026-01-05 09:00"), instant("2026-01-05 09:00"), True),
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
