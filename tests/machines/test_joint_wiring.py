"""Who emits an event and what it fires: from the machines, from the bindings, from a log."""

import pytest

from workbench.machines.joint import Port, joint_behaviour, wire
from workbench.machines.names import settled_names, short_name, snake_case, waits_for
from workbench.machines.reader import read_text

SHOP = r"""
name: Order
model: App\Models\Order
initial_state: open
emits: {Bill: App\Events\OrderPaid}
transitions:
  - {name: pay, from: open, to: paid, actions: [Bill, Thank]}
  - {name: cancel, from: [open, paid], to: cancelled, emits: [OrderCancelled]}
---
name: Stock
model: App\Models\StockItem
initial_state: free
transitions:
  - {name: reserve, from: free, to: reserved, guard: OrderPaidEvent}
  - {name: hold, from: free, to: held, guard: {and: [OrderPaidEvent, IsRare]}}
  - {name: keep, from: free, to: free, guard: {not: OrderPaidEvent}}
  - {name: release, from: reserved, to: free}
---
event_bindings:
  - {event: App\Events\OrderPaid, target_models: [App\Models\StockItem]}
  - {event: App\Events\OrderCancelled, target_models: [StockItem], transition: release}
  - {event: StockLow, target_models: [Order], transition: cancel, emitted_by: [Stock.reserve, StockItem.nothing]}
"""


@pytest.fixture(scope="module")
def wiring():
    machines = read_text(SHOP)
    assert machines.findings == ()
    return wire(machines)


def test_events_are_emitted_by_transitions_by_their_actions_and_as_bindings_say(wiring):
    assert {(wiring.label(port), events) for port, events in wiring.emitted.items()} == {
        ("Order.pay", ("App\\Events\\OrderPaid",)),
        ("Order.cancel", ("App\\Events\\OrderCancelled",)),
        ("Stock.reserve", ("StockLow",)),
    }
    assert [(emitter.text, emitter.port) for emitter in wiring.named] == [
        ("Stock.reserve", Port("Stock", 0)),
        ("StockItem.nothing", None),
    ]
    assert wiring.declared
    assert wiring.outside == ()


def test_an_event_fires_what_the_binding_names_else_what_waits_for_it_by_its_guard(wiring):
    fired = {event: [(d.machine, d.transitions, d.sure) for d in each] for event, each in wiring.deliveries.items()}
    assert fired == {
        "App\\Events\\OrderPaid": [("Stock", (0, 1), {0})],
        "App\\Events\\OrderCancelled": [("Stock", (3,), {3})],
        "StockLow": [("Order", (1,), {1})],
    }


def test_a_log_may_show_who_emits():
    machines = read_text(SHOP)
    found = wire(machines, observed=[("Order", "pay", "StockLow"), ("App\\Models\\Order", "gone", "StockLow")])
    assert found.emitted[Port("Order", 0)] == ("App\\Events\\OrderPaid", "StockLow")


def test_where_nothing_says_who_emits_every_event_comes_from_outside():
    text = """
name: A
model: A
initial_state: x
transitions: [{name: go, from: x, to: y, guard: StartedEvent}]
event_bindings: [{event: Started, target_models: [A]}]
"""
    found = wire(read_text(text))
    assert (found.outside, found.declared) == (("Started",), False)


def test_run_shows_what_was_fired_from_outside_and_what_that_set_off():
    machines = read_text(SHOP)
    (together,) = joint_behaviour(machines).components
    reserved = {
        together.sure.run_to(state)
        for state in together.sure.came
        if together.system.shown(state) == {"Order": "cancelled", "Stock": "free"}
    }
    assert reserved == {
        (
            "Order.pay",
            "App\\Events\\OrderPaid → Stock.reserve",
            "StockLow → Order.cancel",
            "App\\Events\\OrderCancelled → Stock.release",
        )
    }


def test_names_with_and_without_namespace():
    assert short_name("App\\Events\\OrderPaid") == short_name("app.events.OrderPaid") == "OrderPaid"
    assert snake_case("App\\Models\\HTTPRequestLog") == "http_request_log"
    assert waits_for("App\\Guards\\OrderPaidEvent", "App\\Events\\OrderPaid")
    assert not waits_for("OrderPaidEvent", "OrderPaidLate")
    assert settled_names(["A\\Paid", "Paid", "B\\Sent", "C\\Sent", "Sent"]) == {
        "A\\Paid": "A\\Paid",
        "Paid": "A\\Paid",
        "B\\Sent": "B\\Sent",
        "C\\Sent": "C\\Sent",
        "Sent": "Sent",
    }
