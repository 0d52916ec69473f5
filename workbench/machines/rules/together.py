"""What goes wrong only when bound machines run together? Each answer comes with the shortest run."""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.machines.collection import Machines
from workbench.machines.findings import Complaint, Severity, listed
from workbench.machines.joint.wiring import Delivery, Port, Wiring
from workbench.machines.names import short_name
from workbench.machines.reach import reached
from workbench.machines.registry import rule


@rule("SM506", "error", scope="machines")
def event_cycle(machines: Machines) -> Iterator[Complaint]:
    """Transitions set each other off in a ring, by the events they emit.

    An error where one event, once emitted, never stops firing them; a warning where a state, a guard or a condition
    does stop it.

    Incorrect::

        name: Lamp
        model: Lamp
        initial_state: idle
        transitions:
          - {name: start, from: idle, to: running, emits: Started}
          - {name: tick, from: running, to: running, emits: Ticked}
          - {name: tock, from: running, to: running, emits: Tocked}
        event_bindings:
          - {event: Started, target_models: [Lamp], transition: tick}
          - {event: Ticked, target_models: [Lamp], transition: tock}
          - {event: Tocked, target_models: [Lamp], transition: tick}

    Correct::

        name: Lamp
        model: Lamp
        initial_state: idle
        transitions:
          - {name: start, from: idle, to: running, emits: Started}
          - {name: tick, from: running, to: running, emits: Ticked}
          - {name: tock, from: running, to: running}
          - {name: stop, from: running, to: dark}
        event_bindings:
          - {event: Started, target_models: [Lamp], transition: tick}
          - {event: Ticked, target_models: [Lamp], transition: tock}
    """
    wiring = machines.joint.wiring
    endless = {
        label: together.sure.run_of(seen)
        for together in machines.joint.components
        for seen in together.sure.endless.values()
        for label in together.sure.run_of(seen)
    }
    for ring in _rings(wiring):
        labels = [wiring.label(port) for port in ring]
        run = next((run for label, run in endless.items() if label.split(" → ", 1)[-1] in labels), ())
        ends = "without an end" if run else "until a state, a guard or a condition stops them"
        message = f"the events of {listed(labels)} set each other off in a ring, {ends}"
        severity: Severity | None = None if run else "warning"
        yield Complaint(wiring.transition(ring[0]).place, message, tuple(labels), run or tuple(labels), severity)


def _rings(wiring: Wiring) -> Iterator[list[Port]]:
    """Yield the transitions of each ring, in the order in which they set each other off as far as one can be told."""
    leads: dict[Port, list[Port]] = {}
    for port, events in wiring.emitted.items():
        heard = [delivery for event in events for delivery in wiring.deliveries.get(event, ())]
        targets = [Port(delivery.machine, ordinal) for delivery in heard for ordinal in delivery.transitions]
        leads[port] = [target for target in targets if target in wiring.emitted]
    after = {port: reached(leads, targets) for port, targets in leads.items()}
    told: set[Port] = set()
    for port, found in after.items():
        if port in found and port not in told:
            ring = [port, *(other for other in found if other != port and port in after[other])]
            told.update(ring)
            yield ring


@rule("SM507", "warning", scope="machines")
def dead_binding(machines: Machines) -> Iterator[Complaint]:
    """A binding never fires anything: whenever its event occurs, its target is in another state.

    Incorrect::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: Paid}
        ---
        name: Parcel
        model: Parcel
        initial_state: new
        transitions:
          - {name: pack, from: new, to: packed}
          - {name: send, from: packed, to: sent}
        event_bindings:
          - {event: Paid, target_models: [Parcel], transition: send}
          - {event: Sold, emitted_by: Parcel.send, target_models: [Parcel], transition: pack}

    Correct::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: Paid}
        ---
        name: Parcel
        model: Parcel
        initial_state: new
        transitions:
          - {name: pack, from: new, to: packed}
          - {name: send, from: packed, to: sent}
        event_bindings:
          - {event: Paid, target_models: [Parcel], transition: pack}
    """
    for together, delivery in machines.joint.heard():
        if together.complete and delivery not in together.widest.fired:
            event, met = short_name(delivery.event), delivery in together.widest.dropped
            when = f"whenever {event!r} occurs, {delivery.machine!r} is in no state for it"
            why = when if met else f"{event!r} never occurs"
            message = f"the binding never fires {_fires(machines, delivery)}: {why}"
            yield Complaint(delivery.binding.place, message, (delivery.event, delivery.machine))


@rule("SM508", "warning", scope="machines")
def dropped_event(machines: Machines) -> Iterator[Complaint]:
    """An event is emitted while its target is in a state in which it fires nothing, and so is lost.

    The witness is the shortest run to it. Let the transition begin in that state too, or keep the event from being
    emitted then; where losing it is meant, say so with `# workbench: ignore SM508`.

    Incorrect::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: cancel, from: open, to: cancelled, emits: Cancelled}
        ---
        name: Payment
        model: Payment
        initial_state: new
        transitions:
          - {name: complete, from: new, to: done}
          - {name: void, from: new, to: voided}
        event_bindings:
          - {event: Cancelled, target_models: [Payment], transition: void}

    Correct::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: cancel, from: open, to: cancelled, emits: Cancelled}
        ---
        name: Payment
        model: Payment
        initial_state: new
        transitions:
          - {name: complete, from: new, to: done}
          - {name: void, from: [new, done], to: voided}
        event_bindings:
          - {event: Cancelled, target_models: [Payment], transition: void}
    """
    for together, delivery in machines.joint.heard():
        seen = together.sure.dropped.get(delivery)
        if seen is not None and (delivery in together.widest.fired or not together.complete):
            run = together.sure.run_of(seen)
            message = (
                f"{short_name(delivery.event)!r} can be lost: it may be emitted while {delivery.machine!r} cannot "
            )
            message += f"fire {_fires(machines, delivery)}, soonest after {' then '.join(run)}"
            yield Complaint(delivery.binding.place, message, (delivery.event, delivery.machine), run)


@rule("SM512", "warning", scope="machines")
def order_dependent_fan_out(machines: Machines) -> Iterator[Complaint]:
    """An event is handed to several machines in parallel, and where that ends depends on who is first.

    Incorrect::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: Paid}
          - {name: ship, from: paid, to: shipped}
          - {name: hold, from: paid, to: held}
        event_bindings:
          - {event: Paid, target_models: [Order], transition: ship, parallel: true}
          - {event: Paid, target_models: [Order], transition: hold, parallel: true}

    Correct::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: Paid}
          - {name: ship, from: paid, to: shipped}
          - {name: hold, from: shipped, to: held}
        event_bindings:
          - {event: Paid, target_models: [Order], transition: ship}
          - {event: Paid, target_models: [Order], transition: hold}
    """
    for together in machines.joint.components:
        for event, (seen, (one, other)) in together.sure.ordered.items():
            place = next(d.binding.place for d in together.system.deliveries(event) if d.binding.parallel)
            run = together.sure.run_of(seen)
            what = f"where {short_name(event)!r} leads depends on who is handed it first"
            message = f"{what}: {one}, or {other}; soonest after {' then '.join(run)}"
            yield Complaint(place, message, (event,), run)


def _fires(machines: Machines, delivery: Delivery) -> str:
    transitions = machines[delivery.machine].transitions
    return " or ".join(repr(transitions[ordinal].label) for ordinal in delivery.transitions)
