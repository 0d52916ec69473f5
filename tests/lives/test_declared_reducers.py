"""Reducers that a mapping declares: SQL and the fold take the same steps, and a stored log keeps them."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import MappingError
from workbench.events import import_into
from workbench.events.mapping import parse_mapping

MAPPING = """
name: shop
extends: event_store
reducers:
  OrderPaid: {merge: $.payload, set: {paid_at: $.at, by: {value: card}}, remove: [due]}
  model_updated: {merge: [$.new_attributes, $.more]}
  Archived: {}
  "*": {set: {note: "$.notes.0", "a.b": "$.b"}}
"""
START = datetime(2026, 1, 1)  # noqa: DTZ001  the log's own clock is UTC without a zone


def _row(number: int, kind: str, data: dict, life: object = 7) -> dict:
    return {
        "id": number, "aggregate_type": "Order", "aggregate_id": life, "event_type": kind, "event_data": data,
        "occurred_at": str(START + timedelta(hours=number)),
    }  # fmt: skip


ROWS = [
    _row(1, "model_created", {"attributes": {"status": "new", "due": 9, "note": "x"}}),
    _row(2, "OrderPaid", {"payload": {"amount": 9, "by": "cash"}, "at": "noon"}),
    _row(3, "model_updated", {"new_attributes": {"due": 1}, "more": {"due": 2}}),
    _row(4, "Archived", {"notes": ["never"], "payload": {"amount": 0}}),
    _row(5, "Rung", {"notes": ["called"], "b": None}),
]
EXPECTED = {"status": "new", "due": 2, "note": "called", "amount": 9, "by": "card", "paid_at": "noon", "a.b": None}


@pytest.fixture
def mapping():
    return parse_mapping(MAPPING, where="shop.yaml")


def _asked(log: wb.EventLog, at: object = None) -> dict[str, dict]:
    rows = wb.attributes_at(log, at).project("aggregate_id, attributes").fetchall()
    return {aggregate_id: json.loads(attributes) for aggregate_id, attributes in rows}


def test_declared_steps_are_taken_in_sql_and_in_the_fold(mapping):
    with wb.read_events(ROWS, mapping=mapping) as log:
        life = wb.replay(log)
        assert life[-1].attributes == EXPECTED
        assert _asked(log) == {"7": EXPECTED}
        assert life[1].changed == {
            "amount": (None, 9), "by": (None, "card"), "due": (9, None), "paid_at": (None, "noon"),
        }  # fmt: skip
        assert life.unknown_types == {}
        assert "due" not in _asked(log, "2026-01-01 02:00")["7"]


def test_a_stored_log_keeps_them_and_another_mapping_s_rows_stay_as_they_were(tmp_path, mapping):
    path = tmp_path / "shop.duckdb"
    with wb.open_log(path, write=True) as log:
        log.add(ROWS, mapping=mapping)
        log.add([_row(9, "OrderPaid", {"payload": {"amount": 1}}, life=8)], mapping="event_store")
    with wb.open_log(path) as log:
        assert _asked(log) == {"7": EXPECTED, "8": {}}
        known = dict(wb.event_types(log).project("event_type, events - replayed").fetchall())
        assert known == {"OrderPaid": 1, "model_created": 0, "model_updated": 0, "Archived": 0, "Rung": 0}


def test_a_reducer_of_the_user_s_comes_before_a_declared_one(mapping):
    with wb.read_events(ROWS[:2], mapping=mapping) as log:
        assert wb.replay(log, reducers={"OrderPaid": lambda *_: {"mine": 1}})[-1].attributes == {"mine": 1}


def test_an_activity_log_s_attributes_are_replayed(tmp_path):
    rows = [
        {"id": n, "subject_type": "Order", "subject_id": 7, "description": "updated", "event": kind,
         "created_at": f"2026-01-01 0{n}:00", "properties": {"attributes": told, "old": {}}}
        for n, kind, told in ((1, "created", {"status": "new", "total": 1}), (2, "updated", {"total": 2}))
    ]  # fmt: skip
    import_into(tmp_path / "log.duckdb", [rows])
    with wb.open_log(tmp_path / "log.duckdb") as log:
        assert _asked(log) == {"7": {"status": "new", "total": 2}}


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("{merg: $.x}", "unknown 'merg' in the reducer of 'Paid': did you mean 'merge'"),
        ("{set: [a]}", r"has \['a'\] at 'set' in the reducer of 'Paid', where a mapping of name to path was expected"),
        ("{remove: {a: b}}", "where a list of names was expected"),
        ("{merge: {a: b}}", "where a path was expected"),
        ("paid", "has 'paid' as the reducer of 'Paid'"),
        ("{set: {a: occurred_at}}", "reads 'occurred_at' in a reducer; of an event a log keeps"),
        ("{set: {a: ''}}", "where a column, a path or"),
    ],
)
def test_a_reducer_that_cannot_be_understood_is_said(declared, said):
    with pytest.raises(MappingError, match=said):
        parse_mapping(f"name: shop\nextends: event_store\nreducers: {{Paid: {declared}}}", where="shop.yaml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab0"), inner, max_size=2),
    max_leaves=4,
)
PLACES = st.sampled_from(["$.a", "$.a.b", "$.b.0", "$.payload", '$."a.b"'])
RULES = st.fixed_dictionaries(
    {},
    optional={
        "merge": PLACES,
        "set": st.dictionaries(st.sampled_from("abc"), PLACES, max_size=2),
        "remove": st.lists(st.sampled_from("abc"), max_size=1),
    },
)
DATA = st.dictionaries(
    st.sampled_from(["a", "b", "payload", "a.b", "attributes", "new_attributes"]), VALUES, max_size=4
)
KINDS = ["Paid", "Rung", "model_created", "model_updated"]


@settings(max_examples=15)
@given(
    rules=st.dictionaries(st.sampled_from([*KINDS, "*"]), RULES, max_size=3),
    events=st.lists(st.tuples(st.sampled_from(KINDS), DATA, st.integers(7, 8)), min_size=1, max_size=6),
)
def test_declared_in_yaml_they_say_in_sql_what_they_say_in_the_fold(rules, events):
    text = f"name: drawn\nextends: event_store\nreducers: {json.dumps(rules)}"
    rows = [_row(number, kind, data, life) for number, (kind, data, life) in enumerate(events, 1)]
    with wb.read_events(rows, mapping=parse_mapping(text, where="drawn.yaml")) as log:
        asked = _asked(log)
        for aggregate_id, attributes in asked.items():
            assert wb.replay(log.of("Order", aggregate_id))[-1].attributes == attributes
