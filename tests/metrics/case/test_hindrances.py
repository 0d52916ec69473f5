"""What keeps an order from a state: the machine's ways, the events they wait for, and what others did."""

from __future__ import annotations

import pytest

import workbench as wb
from workbench.errors import LogError, UnknownNameError

MACHINES = """
name: OrderStateMachine
model: App\\Models\\Order
initial_state: pending
states: [{name: pending}, {name: paid}, {name: fulfilled, final: true}, {name: cancelled, final: true}]
transitions:
  - {name: pay, from: [pending], to: paid, guard: {or: [PaymentConfirmedEvent, IsFree]}}
  - {name: ship, from: [paid], to: fulfilled}
  - {name: cancel, from: [pending, paid], to: cancelled}
event_bindings:
  - {event: App\\Events\\StockArrived, target_models: [App\\Models\\Order], transition: ship}
"""

# Order 1 waits in pending since 09:00; 2 paid after 10 min, fulfilled after 20; 3 paid after 30; 4 went back by hand.
ORDERS = """
1 1 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
2 2 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
3 3 model_created      2026-01-05T09:00 {"attributes": {"status": "pending"}}
4 2 state_transitioned 2026-01-05T09:10 {"from_state": "pending", "to_state": "paid", "context": {"triggered_by_event": {"class": "App\\\\Events\\\\PaymentConfirmed"}}}
5 2 state_transitioned 2026-01-05T09:30 {"from_state": "paid", "to_state": "fulfilled"}
6 3 state_transitioned 2026-01-05T09:30 {"from_state": "pending", "to_state": "paid"}
7 1 PaymentConfirmed   2026-01-05T08:00 {"n": 1}
8 4 state_transitioned 2026-01-05T10:00 {"from_state": "cancelled", "to_state": "pending"}
"""  # noqa: E501


@pytest.fixture
def orders(read):
    return read(ORDERS)


@pytest.fixture
def machines(tmp_path):
    (tmp_path / "order.yaml").write_text(MACHINES.split("event_bindings", maxsplit=1)[0])
    (tmp_path / "bindings.yaml").write_text("event_bindings" + MACHINES.split("event_bindings")[1])
    return wb.read_machines(tmp_path)


def test_the_ways_their_guards_and_what_others_did(orders, machines):
    found = wb.why_not(orders, "Order", 1, "fulfilled", machines=machines)
    assert (found.state, found.machine, found.possible, found.reason) == ("pending", "OrderStateMachine", True, "")
    assert found.ways == ("pending -pay-> paid -ship-> fulfilled",)
    pay, cancel = found.steps
    assert (pay.transition, pay.towards, pay.others, pay.median_seconds) == ("pay", True, 2, 1200.0)
    assert pay.guard == "PaymentConfirmedEvent or IsFree"
    assert pay.triggers == ("PaymentConfirmed",)
    assert (cancel.transition, cancel.towards, cancel.others) == ("cancel", False, 0)
    (waits,) = pay.waits_for
    assert (waits.name, waits.source, waits.own, waits.own_since, waits.related) == (
        "PaymentConfirmed", "guard", 1, 0, 0,
    )  # fmt: skip
    assert found.sentences == (
        "Order 1 has been pending since 2026-01-05 09:00:00 UTC.",
        (
            "The shortest way to fulfilled is pending -pay-> paid -ship-> fulfilled; pay waits for PaymentConfirmed "
            "(recorded once for it, none of them since then; never recorded for what is related to it)."
        ),
        (
            "Of the other Order lives that were pending, 2 became paid by pay, typically after 20 min, on "
            "PaymentConfirmed."
        ),
    )


def test_a_binding_names_the_event_a_step_waits_for(orders, machines):
    (step, _) = wb.why_not(orders, "Order", 3, "fulfilled", machines=machines).steps
    assert [(one.name, one.source) for one in step.waits_for] == [("StockArrived", "binding")]


def test_nothing_leads_out_of_a_final_state(orders, machines):
    found = wb.why_not(orders, "Order", 2, "cancelled", machines=machines)
    assert (found.possible, found.ways, found.steps) == (False, (), ())
    assert found.sentences[1:] == (
        "It cannot become cancelled: fulfilled is a final state of OrderStateMachine and nothing leads out of it.",
        "No other Order life in this log ever left fulfilled.",
    )


def test_there_may_be_steps_and_yet_no_way(orders, machines):
    found = wb.why_not(orders, "Order", 3, "pending", machines=machines)
    assert (found.possible, found.reason) == (False, "no way of OrderStateMachine leads from paid to pending")
    assert [step.transition for step in found.steps] == ["ship", "cancel"]


def test_a_step_that_others_took_off_the_machine_is_shown(orders, machines):
    cancelled = wb.why_not(orders.until("2026-01-05 09:59"), "Order", 1, "paid", machines=machines)
    assert [step.to_state for step in cancelled.steps] == ["paid", "cancelled"]
    (step,) = wb.why_not(orders, "Order", 1, "paid").steps
    assert (step.transition, step.to_state, step.others) == (None, "paid", 2)


def test_without_a_machine_others_are_followed_and_that_is_said(orders):
    found = wb.why_not(orders, "Order", 1, "fulfilled")
    assert (found.machine, found.possible, found.ways) == (None, None, ("pending -> paid -> fulfilled",))
    assert found.sentences[1] == (
        "The shortest way to fulfilled is pending -> paid -> fulfilled, as others went; no machine was asked what is "
        "allowed."
    )
    never = wb.why_not(orders, "Order", 2, "pending")
    assert never.sentences[1] == "No other life ever got from fulfilled to pending."


def test_a_state_it_is_in_is_kept_by_nothing(orders, machines):
    found = wb.why_not(orders, "Order", 1, "pending", machines=machines)
    assert (found.possible, found.sentences[1]) == (True, "So it is pending: nothing keeps it from that.")


def test_as_it_was_at_an_instant(orders, machines):
    found = wb.why_not(orders, "Order", 2, "fulfilled", machines=machines, at="2026-01-05 09:15")
    assert (found.state, found.ways) == ("paid", ("paid -ship-> fulfilled",))
    assert found.steps[0].others == 0


def test_a_state_nobody_knows_and_an_aggregate_without_any_are_said(orders, read):
    with pytest.raises(UnknownNameError, match="did you mean 'fulfilled'"):
        wb.why_not(orders, "Order", 1, "fulfiled")
    with pytest.raises(LogError, match="Order 9 has no state"):
        wb.why_not(read("1 9 noted 2026-01-05T09:00 {}"), "Order", 9, "paid")


def test_a_state_that_nobody_left_yet_may_be_named_over_two_lines(read):
    log = read(
        '1 1 model_created 2026-01-05T09:00 {"attributes": {"status": "on\\nhold"}}\n'
        '2 2 model_created 2026-01-05T09:00 {"attributes": {"status": "paid"}}'
    )
    assert wb.why_not(log, "Order", 1, "paid").state == "on\nhold"


def test_in_a_notebook_nothing_of_the_data_is_markup(orders):
    html = wb.why_not(orders, "Order", 1, "fulfilled")._repr_html_()
    assert "<p>Order 1 has been pending" in html
    assert "-&gt;" in html
