"""The rules about bindings and joint behaviour: each says what is wrong on its line, with the shortest run."""

import pytest

from workbench.machines import check
from workbench.machines.cel_text import cel_fault, field_paths
from workbench.machines.reader import read_text

SALE = """
name: Order
model: App\\Models\\Order
initial_state: open
attributes: [total, items]
states: [open, paid, {name: cancelled, final: true}]
transitions:
  - {name: pay, from: open, to: paid, emits: OrderPaid}
  - {name: cancel, from: [open, paid], to: cancelled, emits: OrderCancelled}
---
name: Payment
model: App\\Models\\Payment
initial_state: new
states: [new, {name: done, final: true}, {name: void, final: true}]
transitions:
  - {name: complete, from: new, to: done}
  - {name: void, from: new, to: void}
---
event_bindings:
"""
BOUND = """  - {event: OrderPaid, target_models: [Payment], transition: complete}
  - {event: OrderCancelled, target_models: [Payment], transition: void}
"""


def found(text, *codes):
    return [f for f in check(read_text(text)) if f.code in codes or (not codes and f.code.startswith("SM5"))]


def test_an_event_that_may_be_lost_comes_with_the_shortest_run_on_the_line_of_its_binding():
    (finding,) = found(SALE + BOUND)
    assert (finding.code, finding.severity, finding.line) == ("SM508", "warning", 21)
    assert finding.witness == ("Order.pay", "OrderPaid → Payment.complete", "Order.cancel")
    assert finding.subjects == ("OrderCancelled", "Payment")
    assert "cannot fire 'void', soonest after Order.pay then" in finding.message


def test_a_deadlock_names_the_joint_state_and_the_run():
    text = SALE.replace("emits: OrderCancelled", "description: quietly") + BOUND.splitlines()[0] + "\n"
    text = text.replace("  - {name: void, from: new, to: void}\n", "").replace(", {name: void, final: true}", "")
    (finding,) = found(text)
    assert (finding.code, finding.severity) == ("SM509", "error")
    assert finding.subjects == ("Order.cancelled", "Payment.new")
    assert finding.witness == ("Order.cancel",)
    assert finding.line == 14  # the states of Payment, where `new` stands


def test_a_passive_machine_without_an_end_may_wait_for_ever():
    text = SALE.replace(
        "states: [new, {name: done, final: true}, {name: void, final: true}]", "states: [new, done, void]"
    )
    text = text.replace("  - {name: void, from: new, to: void}", "  - {name: again, from: [done, void], to: new}")
    text += "  - {event: OrderPaid, target_models: [Payment], transition: complete}\n"
    text += "  - {event: OrderCancelled, target_models: [Payment], transition: again}\n"
    assert "SM509" not in {f.code for f in check(read_text(text))}


def test_conditions_may_refuse_so_that_a_state_only_a_refusal_leads_to_is_not_called_unreachable():
    text = """
name: Order
model: Order
initial_state: open
transitions:
  - {name: pay, from: open, to: paid, emits: Paid}
  - {name: lose, from: paid, to: lost, emits: Lost}
---
name: Parcel
model: Parcel
initial_state: new
transitions:
  - {name: send, from: new, to: sent}
  - {name: lose, from: new, to: lost}
---
event_bindings:
  - {event: Paid, target_models: [Parcel], transition: sendCONDITION}
  - {event: Lost, target_models: [Parcel], transition: lose}
"""
    sure = text.replace("CONDITION", "")
    assert {(f.code, f.line) for f in found(sure, "SM507", "SM510")} == {("SM507", 18), ("SM510", 14)}
    assert found(text.replace("CONDITION", ", conditions: [event.ok]"), "SM507", "SM510") == []


def test_an_unknown_model_field_or_expression_stands_on_the_line_of_its_condition():
    text = (
        SALE
        + """  - event: OrderPaid
    target_models: [Payment]
    transition: complete
    conditions:
      - order.total > 10 && payment.anything == event.whatever
      - order.totl > 10
      - ordr.total > 10
      - order.total >
"""
    )
    pytest.importorskip("cel")
    said = [(f.line, f.subjects[0], f.message.rpartition(": ")[2]) for f in found(text, "SM511")]
    assert said == [
        (25, "order.totl", "did you mean 'total'?"),
        (26, "ordr", "did you mean 'order'?"),
        (27, "order.total >", "it ends too early at character 14 of 'order.total >'"),
    ]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("order.items.contains(inventory_item.product_id)", ["order.items", "inventory_item.product_id"]),
        ("a.b == 'c.d' && size(e.f) > 1.5 || true", ["a.b", "e.f"]),
        ("order.lines.all(x, x.price > limit.low)", ["order.lines", "limit.low"]),
        ("has(a.b) && !(c in d.e)", ["a.b", "c", "d.e"]),
        ("a [ 'k.l' ].m // n.o", ["a"]),
        ('r"x.y" + a . b', ["a.b"]),
    ],
)
def test_fields_an_expression_reads(text, paths):
    assert [".".join(path) for path in field_paths(text)] == paths


def test_a_text_too_long_for_a_condition_is_refused_unread():
    assert cel_fault("a" * 3000) == "it is longer than 2000 characters"


def test_a_binding_to_an_unknown_model_says_the_nearest():
    (finding,) = found(SALE + "  - {event: OrderPaid, target_models: [App\\Models\\Paymnt]}\n", "SM503")
    assert finding.message.endswith("'App\\\\Models\\\\Paymnt': did you mean 'App\\\\Models\\\\Payment'?")


def test_unknown_transitions_of_a_binding_are_errors_and_an_unnamed_one_is_a_note():
    text = SALE + "  - {event: OrderPaid, target_models: [Payment], transition: compleet, emitted_by: Order.pai}\n"
    text += "  - {event: OrderCancelled, target_models: [Payment]}\n"
    assert [(f.severity, f.line, f.subjects) for f in found(text, "SM504")] == [
        ("error", 20, ("Order.pai",)),
        ("error", 20, ("compleet",)),
        ("info", 21, ("OrderCancelled", "Payment")),
    ]


def test_who_emits_is_asked_only_where_something_says_so():
    lone = "  - {event: WebhookCame, target_models: [Payment], transition: complete}\n"
    assert [f.subjects for f in found(SALE + lone, "SM501")] == [("WebhookCame",)]
    assert [f.subjects for f in found(SALE + lone, "SM502")] == [("OrderPaid", "pay"), ("OrderCancelled", "cancel")]
    silent = SALE.replace(", emits: OrderPaid", "").replace(", emits: OrderCancelled", "")
    assert found(silent + lone, "SM501", "SM502") == []


def test_a_ring_that_a_state_stops_is_a_warning():
    text = """
name: Door
model: Door
initial_state: open
transitions:
  - {name: shut, from: open, to: shut, emits: Shut}
  - {name: lock, from: shut, to: locked, emits: Locked}
  - {name: check, from: locked, to: shut}
event_bindings:
  - {event: Shut, target_models: [Door], transition: lock}
  - {event: Locked, target_models: [Door], transition: shut}
"""
    (finding,) = found(text, "SM506")
    assert (finding.severity, finding.subjects, finding.line) == ("warning", ("Door.shut", "Door.lock"), 6)
    begun = text.replace("initial_state: open", "initial_state: locked").replace("from: open,", "from: [open, locked],")
    (finding,) = found(begun + START, "SM506")
    assert finding.severity == "error"
    assert finding.witness[0] == "Door.check"


START = "  - {event: Checked, target_models: [Door], transition: lock, emitted_by: Door.check}\n"


def test_machines_without_bindings_say_nothing_of_them():
    assert found(SALE.partition("event_bindings")[0].rstrip("-\n") + "\n") == []


def test_properties_are_checked_and_those_that_mean_nothing_say_so_on_their_line():
    text = """
name: Order
initial_state: open
transitions:
  - {name: pay, from: open, to: paid}
  - {name: gift, from: open, to: shipped, guard: IsGift}
  - {name: ship, from: paid, to: shipped}
properties:
  - {name: paid first, state: shipped, needs_before: paid}
  - {never: shipped}
  - {never: limbo}
  - {state: shiped, leads_to: paid}
  - {rule: respond, of: [a, b]}
"""
    said = [(f.code, f.severity, f.line, f.witness) for f in found(text, "SM801", "SM802")]
    assert said == [
        ("SM801", "warning", 9, ("open", "gift", "shipped")),
        ("SM801", "error", 10, ("open", "pay", "paid", "ship", "shipped")),
        ("SM802", "warning", 12, ()),
        ("SM802", "error", 13, ()),
    ]
