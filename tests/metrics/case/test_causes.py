"""Why is an order in its state: the event, its causes over all aggregates, the machine, and who else."""

from __future__ import annotations

import pytest

import workbench as wb
from workbench.errors import LogError, UnknownNameError

MACHINE = """
name: OrderStateMachine
model: App\\Models\\Order
initial_state: pending
states: [{name: pending}, {name: paid}, {name: sent}, {name: cancelled}]
transitions:
  - {name: pay, from: [pending], to: paid, guard: PaidEvent}
  - {name: cancel, from: [pending], to: cancelled}
  - {name: send, from: [paid], to: sent}
"""


def event(id, whose, minute, left=None, to=None, *, cause=None, user=None, **more):
    of_type, aggregate = whose.split()
    context = {"causation_id": cause, **more.get("context", {})}
    data = {"from_state": left, "to_state": to} if to else more.get("data", {})
    if left is None and to:
        data = {"attributes": {"status": to, **more.get("data", {})}}
    return {
        "id": id,
        "aggregate_type": f"App\\Models\\{of_type}",
        "aggregate_id": aggregate,
        "event_type": more.get("kind", "state_transitioned" if left else "model_created"),
        "event_data": {**data, "user_id": user, "context": context},
        "occurred_at": f"2026-01-05 09:{minute:02}:00",
    }


# Orders 1 to 4 are placed by 1 to 4. Job 7 (event 10) cancels order 1 (11, through lot 9: event 12) and order 2 (13).
# Order 3 is cancelled by job 8 (event 20), order 4 by user 5 without a cause, and order 1 had been paid by user 3.
SHOP = [
    event(1, "Order 1", 0, to="pending"),
    *(event(n, f"Order {n}", 0, to="paid") for n in (2, 3, 4)),
    event(5, "Order 1", 1, "pending", "paid", cause=1, user=3),
    event(10, "Job 7", 2, kind="ran", data={"text": "nightly"}),
    event(12, "Lot 9", 3, "held", "free", cause=10),
    event(
        11, "Order 1", 4, "paid", "cancelled", cause=12,
        context={"triggered_by_event": {"class": "App\\Events\\PaymentFailed"}, "reason": "card refused"},
    ),
    event(13, "Order 2", 5, "paid", "cancelled", cause=10),
    event(20, "Job 8", 6, kind="ran"),
    event(21, "Lot 8", 6, "held", "free", cause=20),
    event(22, "Order 3", 7, "paid", "cancelled", cause=21),
    event(30, "Order 4", 8, "paid", "cancelled", user=5),
]  # fmt: skip


@pytest.fixture
def shop(read):
    return read(SHOP)


@pytest.fixture
def machines(tmp_path):
    (tmp_path / "order.yaml").write_text(MACHINE)
    return wb.read_machines(tmp_path / "order.yaml")


def test_the_event_and_its_causes_are_told_back_to_the_root(shop):
    cause = wb.why(shop, "Order", 1)
    assert (cause.field, cause.value, cause.event.event_id) == ("status", "cancelled", "11")
    assert [(d.type, d.aggregate_id, d.event_id) for d in cause.chain] == [("Lot", "9", "12"), ("Job", "7", "10")]
    assert cause.trigger == "PaymentFailed (card refused)"
    assert cause.sentences == (
        (
            "Order 1 went from paid to cancelled at 2026-01-05 09:04:00 UTC (event 11, state_transitioned); nobody is "
            "recorded as its actor."
        ),
        (
            "It was triggered by PaymentFailed (card refused) and caused by Lot 9 going from held to free (event 12, "
            "2026-01-05 09:03:00 UTC), which was caused by ran of Job 7 (event 10, 2026-01-05 09:02:00 UTC); there the "
            "chain begins."
        ),
        (
            "Whether it was allowed is not said (no machine was asked); the same happened to 3 of the other 3 Order "
            "lives, 1 by the same root and 1 by the same kind of cause (Lot state_transitioned), none by the same "
            "event."
        ),
    )


def test_lives_that_share_the_cause_are_counted_three_ways(shop):
    def counts(order):
        shared = wb.why(shop, "Order", order).shared
        return shared.lives, shared.alike, shared.same_event, shared.same_root, shared.same_kind

    assert counts(1) == (3, 3, 0, 1, 1)
    assert counts(2) == (3, 3, 0, 1, 0)
    assert counts(4) == (3, 3, 0, 0, 0)


def test_one_event_that_cancels_two_is_a_shared_cause(read):
    log = read([
        event(1, "Job 7", 0, kind="ran"),
        *(event(n, f"Order {n}", 1, "paid", "cancelled", cause=1) for n in (2, 3, 4)),
    ])  # fmt: skip
    shared = wb.why(log, "Order", 2).shared
    assert (shared.same_event, shared.same_root, shared.same_kind) == (2, 2, 2)


def test_a_state_of_before_is_asked_for_by_name_or_instant(shop):
    earlier = wb.why(shop, "Order", 1, state="paid")
    assert (earlier.event.event_id, earlier.event.actor) == ("5", "3")
    assert wb.why(shop, "Order", 1, at="2026-01-05 09:02").event.event_id == "5"


def test_the_latest_entry_counts_and_saying_it_again_is_none(read):
    log = read([
        event(1, "Order 1", 0, to="pending"),
        event(2, "Order 1", 1, "pending", "held"),
        event(3, "Order 1", 2, "held", "pending"),
        event(4, "Order 1", 3, "pending", "held"),
        event(5, "Order 1", 4, "held", "held"),
    ])  # fmt: skip
    assert wb.why(log, "Order", 1, state="held").event.event_id == "4"
    assert wb.why(log, "Order", 1, state="held", at="2026-01-05 09:02").event.event_id == "2"


def test_an_attribute_is_traced_to_the_event_that_set_it(read):
    log = read([
        event(1, "Order 1", 0, to="pending", data={"address": {"zip": "1", "city": "X"}}),
        event(2, "Order 1", 1, kind="model_updated", data={"new_attributes": {"address": {"zip": "2", "city": "X"}}}),
        event(3, "Order 1", 2, kind="model_updated", data={"new_attributes": {"note": "hi"}}),
        event(4, "Order 2", 2, kind="model_updated", data={"new_attributes": {"note": "hi"}}),
    ])  # fmt: skip
    assert wb.why(log, "Order", 1, field="address.zip").event.event_id == "2"
    assert wb.why(log, "Order", 1, field="address.city").event.event_id == "1"
    note = wb.why(log, "Order", 1, field="note")
    assert (note.value, note.shared.alike) == ("hi", 1)
    assert "had its note set to hi at 2026-01-05 09:02:00 UTC" in note.sentences[0]
    with pytest.raises(UnknownNameError, match="no attribute named 'nota' in Order 1: did you mean 'note'"):
        wb.why(log, "Order", 1, field="nota")


def test_a_machine_is_asked_and_says_how(shop, machines):
    paid = wb.why(shop, "Order", 1, state="paid", machines=machines)
    assert (paid.machine, paid.allowed, paid.verdict) == ("OrderStateMachine", True, "pay, guarded by PaidEvent")
    refused = wb.why(shop, "Order", 1, machines=machines)
    assert (refused.allowed, refused.verdict) == (False, "no such transition")
    assert refused.sentences[2].startswith("OrderStateMachine does not allow it (no such transition); ")
    begun = wb.why(shop, "Order", 1, state="pending", machines=machines)
    assert (begun.allowed, begun.verdict) == (True, "it begins in pending")
    assert wb.why(shop, "Lot", 9, machines=machines).verdict == "no machine speaks for the status of this type"


def test_a_beginning_before_the_first_event_has_no_event(shop):
    cause = wb.why(shop, "Lot", 9, state="held")
    assert (cause.event, cause.shared) == (None, None)
    assert cause.sentences[:2] == (
        "Lot 9 was held from before its first event, since an unknown time.",
        "No event in this log made it so.",
    )


def test_a_broken_chain_says_so(read):
    cause = wb.why(read([event(5, "Order 1", 0, "paid", "cancelled", cause=999)]), "Order", 1)
    assert [deed.broken for deed in cause.chain] == [True]
    assert cause.sentences[1] == "It was caused by event 999, which is not in this log."
    assert cause.sentences[2].endswith("; there is no other Order life here.")


def test_a_cause_that_is_not_there_may_still_be_shared(read):
    log = read([event(n, f"Order {n}", 0, "paid", "cancelled", cause=999) for n in (5, 6)])
    cause = wb.why(log, "Order", 5)
    assert (cause.shared.alike, cause.shared.same_event) == (1, 1)
    assert cause.sentences[2].endswith("; the same happened to 1 of the other 1 Order lives, 1 by the same event.")


def test_a_circle_ends_and_is_said(read):
    log = read([event(1, "Order 1", 0, "a", "b", cause=2), event(2, "Order 2", 1, "a", "b", cause=1)])
    cause = wb.why(log, "Order", 1)
    assert [deed.event_id for deed in cause.chain] == ["2"]
    assert cause.sentences[1].endswith("which names event 1 as its cause in turn: the chain goes in a circle.")


def test_without_a_cause_the_correlation_is_told(read):
    context = {"correlation_id": "c-1"}
    log = read([
        event(1, "Cart 8", 0, kind="checked_out", context=context),
        event(2, "Order 1", 1, "paid", "cancelled", context=context),
    ])  # fmt: skip
    assert wb.why(log, "Order", 1).sentences[1] == (
        "It belongs to correlation c-1, which begins with checked_out of Cart 8 (event 1, 2026-01-05 09:00:00 UTC)."
    )


def test_two_state_fields_are_told_apart(read):
    log = read([event(1, "Order 1", 0, to="pending", data={"payment": "open"})], state_field=["status", "payment"])
    with pytest.raises(LogError, match="several state fields: name one with field=, such as 'payment'"):
        wb.why(log, "Order", 1)
    assert wb.why(log, "Order", 1, field="payment").value == "open"
    assert wb.why(log, "Order", 1, state="pending").field == "status"


def test_a_state_it_has_not_been_in_leads_to_why_not(shop):
    with pytest.raises(LogError, match=r"Order 4 has not been cancelled up to 2026-01-05 09:00:00 UTC: .*why_not"):
        wb.why(shop, "Order", 4, state="cancelled", at="2026-01-05 09:07")
    with pytest.raises(UnknownNameError, match="did you mean 'cancelled'"):
        wb.why(shop, "Order", 4, state="canceled")


def test_in_a_notebook_nothing_of_the_data_is_markup(read):
    log = read([event(1, "Order 1", 0, "<b>", "<script>alert(1)</script>", user="<i>")])
    html = wb.why(log, "Order", 1)._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.mark.parametrize(
    ("rows", "asked"),
    [
        (SHOP, {}),
        (SHOP, {"state": "paid"}),
        ([event(5, "Order 1", 0, "paid", "cancelled", cause=999)], {}),
        ([event(1, "Order 1", 0, "a", "b", cause=2), event(2, "Order 2", 1, "a", "b", cause=1)], {}),
        (
            [
                event(1, "Order 1", 0, to="pending", data={"total": 1}),
                event(
                    2, "Job 7", 1, kind="model_updated", data={"new_attributes": {"note": 1, "updated_at": 2, "at": 3}}
                ),
                event(3, "Order 1", 2, kind="model_updated", data={"new_attributes": {"total": 2}}, cause=2),
            ],
            {"field": "total"},
        ),
    ],
    ids=["three events", "of one's own", "a broken end", "a circle", "an attribute"],
)
def test_sql_follows_the_same_causes(read, rows, asked):
    log = read(rows)
    cause = wb.why(log, "Order", 1, **asked)
    told = cause.asked_of(log)
    assert told.columns == list(cause.rows()[0])
    assert told.fetchall() == [tuple(row.values()) for row in cause.rows()]
