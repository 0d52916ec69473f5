"""Funnels whose steps are of several types, or of one of two state fields."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench as wb
from workbench.errors import LogError, UnknownNameError

# Order 1: paid 10:00; parcel 11 packed 10:00 and lost, parcel 12 packed 11:00 and sent 12:00; done 12:00
# Order 2: paid 10:00; parcel 21 had been packed before that, and is sent 13:00
# Order 3: paid 10:00; no parcel
ORDERS = """
1  1 model_created      2026-01-05T09:00 {"attributes": {"status": "new"}}
2  1 state_transitioned 2026-01-05T10:00 {"from_state": "new", "to_state": "paid"}
3  1 state_transitioned 2026-01-05T12:00 {"from_state": "paid", "to_state": "done"}
4  2 state_transitioned 2026-01-05T10:00 {"from_state": "new", "to_state": "paid"}
5  3 state_transitioned 2026-01-05T10:00 {"from_state": "new", "to_state": "paid"}
"""
PARCELS = """
11 11 model_created      2026-01-05T10:00 {"attributes": {"status": "packed", "order_id": 1}}
12 11 state_transitioned 2026-01-05T10:30 {"from_state": "packed", "to_state": "lost"}
13 12 model_created      2026-01-05T11:00 {"attributes": {"status": "packed", "order_id": 1}}
14 12 state_transitioned 2026-01-05T12:00 {"from_state": "packed", "to_state": "sent"}
15 21 model_created      2026-01-05T09:00 {"attributes": {"status": "packed", "order_id": 2}}
16 21 state_transitioned 2026-01-05T13:00 {"from_state": "packed", "to_state": "sent"}
17 99 model_created      2026-01-05T10:00 {"attributes": {"status": "packed", "order_id": 98}}
"""
STEPS = ["Order:paid", "Parcel:packed", "Parcel:sent", "Order:done"]
HOUR = 3600.0


@pytest.fixture(scope="session")
def parcels(read):
    return read({"Order": ORDERS, "Parcel": PARCELS})


def test_the_first_of_several_linked_aggregates_makes_the_step(parcels):
    # Order 1 is packed in the second it is paid, and sent from its other parcel in the second it is done.
    assert wb.funnel(parcels, STEPS).fetchall() == [
        ("Order", 1, "Order:paid", 3, 1.0, 1.0, None),
        ("Order", 2, "Parcel:packed", 1, 1 / 3, 1 / 3, 0.0),
        ("Order", 3, "Parcel:sent", 1, 1 / 3, 1.0, 2 * HOUR),
        ("Order", 4, "Order:done", 1, 1 / 3, 1.0, 0.0),
    ]
    assert wb.funnel(parcels, ["Order:paid", "Parcel:sent"]).project("aggregates, median_seconds").fetchall() == [
        (3, None),
        (2, 2.5 * HOUR),
    ]


def test_the_parcel_s_case_is_its_own(parcels):
    told = wb.funnel(parcels, ["Parcel:packed", "Order:done"]).project("type, state, aggregates").fetchall()
    assert told == [("Parcel", "Parcel:packed", 4), ("Parcel", "Order:done", 2)]


def test_time_windows_and_keys_are_those_of_the_case(parcels):
    steps = ["Order:paid", "Parcel:sent"]
    counts = "list(aggregates ORDER BY step)"
    assert wb.funnel(parcels, steps, within="2 hours").aggregate(counts).fetchall() == [([3, 1],)]
    assert wb.funnel(parcels, steps, since="2026-01-05 10:01").aggregate(counts).fetchall() == [([0, 0],)]
    by_id = wb.funnel(parcels, steps, by="aggregate_id").project("aggregate_id, step, aggregates").fetchall()
    assert by_id == [("1", 1, 1), ("1", 2, 1), ("2", 1, 1), ("2", 2, 1), ("3", 1, 1), ("3", 2, 0)]


def test_strict_is_the_very_next_state_of_the_case(parcels):
    strict = wb.funnel(parcels, ["Order:paid", "Parcel:sent"], order="strict").project("aggregates").fetchall()
    assert strict == [(3,), (1,)]


def test_who_is_lost_and_who_stands_behind_a_number(parcels):
    lost = wb.funnel_lost(parcels, STEPS).project("step, state, reached, lost, next_state, current_state, aggregates")
    assert lost.fetchall() == [
        (1, "Order:paid", 3, 2, None, "Order:paid", 1),
        (1, "Order:paid", 3, 2, "Parcel:sent", "Parcel:sent", 1),
    ]
    lives = wb.funnel_lives(parcels, STEPS, lost_after=1).project("type, aggregate_id, step, started_at::VARCHAR")
    assert lives.fetchall() == [("Order", "2", 1, "2026-01-05 10:00:00"), ("Order", "3", 1, "2026-01-05 10:00:00")]


def test_where_no_link_leads_a_correlation_does(read):
    orders = ORDERS.replace('"to_state": "paid"}', '"to_state": "paid", "context": {"correlation_id": "c1"}}', 1)
    parcel = """
    11 11 model_created 2026-01-05T11:00 {"attributes": {"status": "packed"}, "context": {"correlation_id": "c1"}}
    """
    log = read({"Order": orders, "Parcel": parcel})
    assert wb.funnel(log, STEPS[:2]).project("aggregates").fetchall() == [(3,), (1,)]
    alone = read({"Order": ORDERS, "Parcel": parcel.replace("correlation", "other")})
    with pytest.raises(LogError, match="nothing links Order and Parcel in this log: no event names another"):
        wb.funnel(alone, STEPS[:2])


TWO_FIELDS = """
1 7 model_created 2026-01-01T10:00 {"attributes": {"status": "new", "payment": "new"}}
2 7 model_updated 2026-01-02T10:00 {"new_attributes": {"payment": "paid"}}
3 8 model_created 2026-01-01T10:00 {"attributes": {"status": "new", "payment": "new"}}
4 8 model_updated 2026-01-02T10:00 {"new_attributes": {"status": "paid"}}
5 8 model_updated 2026-01-03T10:00 {"new_attributes": {"payment": "paid"}}
"""


def test_a_field_chooses_where_two_have_the_state(read):
    log = read(TWO_FIELDS, state_field={"Order": ["status", "payment"]})
    with pytest.raises(
        LogError, match=r"several state fields of Order .payment, status.: a step may say which, such as"
    ):
        wb.funnel(log, ["new", "paid"])
    for steps in (["payment:new", "payment:paid"], ["Order.payment:new", "paid"]):
        told = wb.funnel(log, steps).project("field, state, aggregates").fetchall()
        assert told == [("payment", "new", 2), ("payment", "paid", 2)]
    assert wb.funnel_lives(log, ["status:new", "status:paid"], lost_after=1).project("aggregate_id").fetchall() == [
        ("7",)
    ]
    both = wb.funnel(log, ["status:paid", "payment:paid"]).project("state, aggregates, median_seconds").fetchall()
    assert both == [("Order.status:paid", 1, None), ("Order.payment:paid", 1, 24 * HOUR)]


def test_a_state_whose_name_holds_a_colon_is_a_state(read):
    log = read("""
    1 7 model_created      2026-01-01T10:00 {"attributes": {"status": "Order:new"}}
    2 7 state_transitioned 2026-01-01T11:00 {"from_state": "Order:new", "to_state": "new"}
    """)
    expected = [("Order:new", 1), ("new", 1)]
    assert wb.funnel(log, ["Order:new", "new"]).project("state, aggregates").fetchall() == expected
    assert wb.funnel(log, ["Order:Order:new", "new"]).project("state, aggregates").fetchall() == expected


@pytest.mark.parametrize(
    ("steps", "error", "said"),
    [
        (["Order:paid", "Parcel:snt"], UnknownNameError, "named 'Parcel:snt' in this log: did you mean 'Parcel:sent'"),
        (["Ordr:paid"], UnknownNameError, "did you mean 'Order:paid'"),
        (["status:packed", "status:paid"], None, ""),
        (["paid", "sent"], LogError, "belong to several types"),
    ],
)  # fmt: skip
def test_a_step_that_is_none_is_said(parcels, steps, error, said):
    if error is None:
        assert wb.funnel(parcels, steps).project("state").fetchall() == [("Parcel:packed",), ("Order:paid",)]
        return
    with pytest.raises(error, match=said):
        wb.funnel(parcels, steps)


def test_a_step_of_several_aggregates_names_them(shop):
    with pytest.raises(
        LogError, match="the step 'status:pending' may be of several aggregates or fields: write 'Order"
    ):
        wb.funnel(shop, ["status:pending"])


MOVE = st.tuples(st.sampled_from(["Order", "Parcel"]), st.integers(1, 3), st.sampled_from("ab"))
STEP = st.tuples(st.sampled_from(["Order", "Parcel"]), st.sampled_from("ab"))


@settings(max_examples=15)
@given(
    moves=st.lists(MOVE, min_size=1, max_size=14),
    links=st.lists(st.integers(1, 3), min_size=3, max_size=3),
    more=st.lists(STEP, min_size=1, max_size=3),
)
def test_every_case_is_followed_greedily(moves, links, more):
    rows = [
        {
            "id": number,
            "aggregate_type": of_type,
            "aggregate_id": which,
            "event_type": "model_updated",
            "event_data": {"new_attributes": {"status": state, "order_id": links[which - 1]}}
            if of_type == "Parcel"
            else {"new_attributes": {"status": state}},
            "occurred_at": f"2026-01-05 10:00:{number:02d}",
        }
        for number, (of_type, which, state) in enumerate(moves, 1)
    ]
    steps = [("Order", "a"), ("Parcel", "b"), *more]
    reached = [0] * len(steps)
    for order in (1, 2, 3):
        case = [
            (of_type, state)
            for of_type, which, state in moves
            if (which if of_type == "Order" else links[which - 1]) == order
        ]
        ahead = iter(case)
        for number, step in enumerate(steps):
            if step not in ahead:
                break
            reached[number] += 1
    texts = [":".join(step) for step in steps]
    with wb.read_events(rows, mapping="event_store") as log:
        known = {f"{of_type}:{state}" for of_type, _, state in moves}
        if known >= set(texts):
            assert [row[0] for row in wb.funnel(log, texts).project("aggregates").fetchall()] == reached
        else:
            with pytest.raises(UnknownNameError):
                wb.funnel(log, texts)
