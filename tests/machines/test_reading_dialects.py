"""What the reader makes of a machine file: both dialects, and all that may be left out."""

from read_machine import only

from workbench.machines import And, Name, Not, Or
from workbench.machines.reader import read_text


def test_flat_machine_is_read_whole():
    machine = only(r"""
name: Order
model: App\Models\Order
initial_state: new
description: an order
config: {event_timeout: 30, enabled: true}
states:
  - new
  - name: paid
    description: Paid in full
    metadata: {color: "#009E73", timeout: 1.5, tags: [a, 1]}
  - {name: gone, final: true}
transitions:
  - name: pay
    from: new
    to: paid
    guard: PaymentConfirmedEvent
    actions: [Reserve, Notify]
  - name: drop
    from: [new, paid]
    to: gone
    action: Release
properties:
  - {never: limbo}
""")
    assert (machine.name, machine.model, machine.field) == ("Order", "App\\Models\\Order", "status")
    assert machine.state_names == ("new", "paid", "gone")
    assert dict(machine.config) == {"event_timeout": 30, "enabled": True}
    assert dict(machine.state("paid").metadata) == {"color": "#009E73", "timeout": 1.5, "tags": ("a", 1)}
    assert [state.final for state in machine.states] == [False, False, True]
    pay, drop = machine.transitions
    assert (pay.guard, pay.actions) == (Name("PaymentConfirmedEvent"), ("Reserve", "Notify"))
    assert (drop.from_states, drop.to_state, drop.actions) == (("new", "paid"), "gone", ("Release",))
    assert [dict(p) for p in machine.properties] == [{"never": "limbo"}]


def test_states_left_out_are_implied_in_the_order_they_are_named():
    machine = only("""
name: Order
initial: new
transitions:
  - {name: ship, from: paid, to: shipped}
  - {name: pay, from: new, to: paid}
""")
    assert machine.state_names == ("new", "paid", "shipped")
    assert all(state.implied for state in machine.states)
    assert machine.model is None
    assert machine.state("shipped").place.line == 5


def test_star_means_every_state_the_target_included():
    machine = only("""
name: Order
initial_state: new
states: [new, paid, gone]
transitions:
  - {name: drop, from: '*', to: gone}
""")
    assert machine.transitions[0].from_states == ("new", "paid", "gone")
    assert machine.transitions[0].wildcard


def test_star_is_a_state_where_it_is_declared_as_one():
    machine = only("""
name: Sky
initial_state: '*'
states: ['*', dark]
transitions: [{name: burn_out, from: '*', to: dark}]
""")
    assert machine.transitions[0].from_states == ("*",)


def test_guard_expressions_nest():
    machine = only("""
name: Order
initial_state: new
transitions:
  - name: pay
    from: new
    to: paid
    guard: {and: [A, {or: [B, {not: C}]}, {not: {and: [D, E]}}]}
""")
    expected = And((Name("A"), Or((Name("B"), Not(Name("C")))), Not(And((Name("D"), Name("E"))))))
    guard = machine.transitions[0].guard
    assert guard == expected
    assert guard.text() == "A and (B or not C) and not (D and E)"
    assert guard.names() == ("A", "B", "C", "D", "E")


def test_null_guards_actions_and_models_are_absent():
    machine = only("""
{"name": "Order", "model": null, "initial": "new", "field": "state", "metadata": {"exported_by": "statecraft"},
 "states": ["new", "paid"],
 "transitions": [{"from": "new", "to": "paid", "guard": null, "action": null}]}
""")
    assert (machine.model, machine.field) == (None, "state")
    assert (machine.transitions[0].guard, machine.transitions[0].actions) == (None, ())


def test_merge_keys_are_written_out_and_own_keys_win():
    machine = only("""
name: Order
initial_state: new
x-defaults: &defaults {guard: IsManager, to: paid}
transitions:
  - {name: pay, from: new, <<: *defaults}
  - {name: drop, from: new, <<: *defaults, to: gone}
""")
    assert [(t.to_state, t.guard.text()) for t in machine.transitions] == [("paid", "IsManager"), ("gone", "IsManager")]


def test_several_documents_of_one_file_are_several_machines():
    machines = read_text("name: A\ninitial_state: x\n---\nname: B\ninitial_state: y\n---\nevent_bindings: []\n")
    assert list(machines) == ["A", "B"]


def test_event_bindings_are_read_beside_machines():
    machines = read_text(r"""
event_bindings:
  - event: App\Events\Paid
    target_models: [App\Models\Order, App\Models\Invoice]
    conditions: ["order.id == invoice.order_id"]
    parallel: true
  - {event: Sent, target_models: Order}
""")
    paid, sent = machines.bindings
    assert (paid.event, paid.parallel, paid.place.line) == ("App\\Events\\Paid", True, 3)
    assert paid.target_models == ("App\\Models\\Order", "App\\Models\\Invoice")
    assert paid.conditions == ("order.id == invoice.order_id",)
    assert (sent.target_models, sent.conditions, sent.parallel) == (("Order",), (), False)
