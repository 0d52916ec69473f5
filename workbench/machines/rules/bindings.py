"""Do the event bindings say what can happen: who emits, who listens, and which transition it fires?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.errors import did_you_mean
from workbench.machines.collection import Machines
from workbench.machines.findings import Complaint, listed
from workbench.machines.joint.conditions import faults
from workbench.machines.joint.wiring import Port, awaited, port_named, speakers
from workbench.machines.names import short_name
from workbench.machines.registry import rule


@rule("SM501", "warning", scope="machines")
def unemitted_event(machines: Machines) -> Iterator[Complaint]:
    r"""A binding waits for an event that nothing emits.

    Asked only where something says who emits what: `emits` of a transition, `emits` of a machine (an action's name to
    its events), or `emitted_by` of a binding. An event that comes from outside, such as a webhook, is none of these:
    say so with `# workbench: ignore SM501` on its line.

    Incorrect::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: OrderPaid}
        event_bindings:
          - {event: OrderPaid, target_models: [Order], transition: pay}
          - {event: OrderLost, target_models: [Order], transition: pay}

    Correct::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: OrderPaid}
          - {name: ship, from: paid, to: shipped}
        event_bindings:
          - {event: OrderPaid, target_models: [Order], transition: ship}
    """
    wiring = machines.joint.wiring
    for event in wiring.outside if wiring.declared else ():
        for binding in machines.bindings:
            if binding.event == event or (binding.event == short_name(event)):
                outside = "; if it comes from outside, ignore this here"
                hint = did_you_mean(short_name(event), map(short_name, wiring.emitters), outside)
                yield Complaint(binding.place, f"nothing emits the event {binding.event!r}{hint}", (binding.event,))


@rule("SM502", "info", scope="machines")
def unheard_event(machines: Machines) -> Iterator[Complaint]:
    r"""A transition emits an event that no binding waits for.

    Incorrect::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: [OrderPaid, MoneyCounted]}
          - {name: ship, from: paid, to: shipped}
        event_bindings:
          - {event: OrderPaid, target_models: [Order], transition: ship}

    Correct::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: OrderPaid}
          - {name: ship, from: paid, to: shipped}
        event_bindings:
          - {event: OrderPaid, target_models: [Order], transition: ship}
    """
    wiring = machines.joint.wiring
    for event, ports in wiring.emitters.items():
        if event not in wiring.deliveries:
            transition = wiring.transition(ports[0])
            message = f"the transition {transition.label!r} emits {event!r}, which no binding waits for"
            yield Complaint(transition.place, message, (event, transition.label))


@rule("SM503", "error", scope="machines")
def unknown_target_model(machines: Machines) -> Iterator[Complaint]:
    r"""A binding concerns a model that no machine speaks for.

    Incorrect::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, guard: PaymentProcessedEvent}
        event_bindings:
          - {event: PaymentProcessed, target_models: [App\Models\Ordr]}

    Correct::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, guard: PaymentProcessedEvent}
        event_bindings:
          - {event: PaymentProcessed, target_models: [App\Models\Order]}
    """
    models = [machine.model for machine in machines.values() if machine.model]
    for binding in machines.bindings if models else ():
        for model in binding.target_models:
            if not speakers(machines, model):
                hint = did_you_mean(model, models, f": there is {listed(models)}")
                yield Complaint(binding.place, f"no machine speaks for the target model {model!r}{hint}", (model,))


@rule("SM504", "error", scope="machines")
def unknown_bound_transition(machines: Machines) -> Iterator[Complaint]:
    r"""A binding names a transition that does not exist.

    A binding without `transition` fires those whose guard is named after the event (`OrderPaidEvent` or `OrderPaid`).
    Where there is no such guard, it cannot be told what the event fires; this is then only a note.

    Incorrect::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: confirm, from: open, to: paid}
        event_bindings:
          - {event: PaymentProcessed, target_models: [Order], transition: confrim}

    Correct::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: confirm, from: open, to: paid}
        event_bindings:
          - {event: PaymentProcessed, target_models: [Order], transition: confirm}
    """
    for binding in machines.bindings:
        targets = [machine for model in binding.target_models for machine in speakers(machines, model)]
        known = [transition.label for machine in targets for transition in machine.transitions]
        for name in binding.transitions if targets else ():
            if name not in known:
                where = listed([machine.name for machine in targets])
                message = f"the binding fires {name!r}, but {where} has no such transition{did_you_mean(name, known)}"
                yield Complaint(binding.place, message, (name,))
        for text in binding.emitted_by if machines else ():
            if port_named(machines, text) is None:
                message = f"no machine has the transition {text!r}: write it as machine.transition"
                yield Complaint(binding.place, message, (text,))
    for event, deliveries in machines.joint.wiring.deliveries.items():
        for delivery in deliveries:
            if not delivery.transitions and not delivery.binding.transitions:
                what = f"no guard of {delivery.machine!r} is named after {short_name(event)!r}"
                message = f"{what}: what it fires there cannot be told; name it by `transition:`"
                yield Complaint(delivery.binding.place, message, (event, delivery.machine), severity="info")


@rule("SM505", "info", scope="machines")
def undelivered_guard(machines: Machines) -> Iterator[Complaint]:
    r"""A guard is named after an event that no binding delivers to its model.

    If only bindings hand events over, the transition is never enabled. Asked of models that some binding concerns.

    Incorrect::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: confirm, from: open, to: paid, guard: PaymentProcessedEvent}
          - {name: ship, from: paid, to: shipped, guard: StockReservedEvent}
        event_bindings:
          - {event: PaymentProcessed, target_models: [Order]}

    Correct::

        name: Order
        model: App\Models\Order
        initial_state: open
        transitions:
          - {name: confirm, from: open, to: paid, guard: PaymentProcessedEvent}
          - {name: ship, from: paid, to: shipped, guard: StockReservedEvent}
        event_bindings:
          - {event: PaymentProcessed, target_models: [Order]}
          - {event: StockReserved, target_models: [Order]}
    """
    wiring = machines.joint.wiring
    bound: dict[str, list[str]] = {}
    for event, deliveries in wiring.deliveries.items():
        for delivery in deliveries:
            bound.setdefault(delivery.machine, []).append(short_name(event))
    for name, events in bound.items():
        for ordinal, transition in enumerate(machines[name].transitions):
            guards = [guard for guard in awaited(transition.guard) if guard.endswith("Event")]
            if guards and Port(name, ordinal) not in wiring.bound:
                what = f"the transition {transition.label!r} waits for {listed(guards)}, which no binding delivers"
                message = f"{what} to {machines[name].model!r}; delivered there: {listed(list(dict.fromkeys(events)))}"
                yield Complaint(transition.place, message, (transition.label, *guards))


@rule("SM511", "warning", scope="machines")
def unknown_field(machines: Machines) -> Iterator[Complaint]:
    r"""A condition of a binding is no CEL expression, or reads a model or a field that is not there.

    Models are written in snake case (`order`, `inventory_item`), the event's own as `event` or `data`. Fields are
    looked up where the machine of the model lists its `attributes`.

    Incorrect::

        name: InventoryItem
        model: App\Models\InventoryItem
        initial_state: free
        transitions:
          - {name: reserve, from: free, to: reserved, guard: OrderConfirmedEvent}
        event_bindings:
          - event: OrderConfirmed
            target_models: [InventoryItem]
            conditions: [inventory.order_id == event.order_id]

    Correct::

        name: InventoryItem
        model: App\Models\InventoryItem
        initial_state: free
        attributes: [order_id]
        transitions:
          - {name: reserve, from: free, to: reserved, guard: OrderConfirmedEvent}
        event_bindings:
          - event: OrderConfirmed
            target_models: [InventoryItem]
            conditions: [inventory_item.order_id == event.order_id]
    """
    for binding in machines.bindings if machines else ():
        places = binding.condition_places
        for ordinal, name, message in faults(machines, binding):
            place = places[ordinal] if ordinal < len(places) else binding.place
            yield Complaint(place, message, (name,))
