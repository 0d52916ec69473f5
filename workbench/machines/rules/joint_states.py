"""Which joint states do bound machines get stuck in, never reach, or leave unknown?"""

# ruff: noqa: D401  the first line of a rule says what is wrong

from __future__ import annotations

from collections.abc import Iterator

from workbench.machines.collection import Machines
from workbench.machines.findings import Complaint, Place, listed
from workbench.machines.joint.behaviour import Together
from workbench.machines.reach import unreachable
from workbench.machines.registry import rule


@rule("SM509", "error", scope="machines")
def joint_deadlock(machines: Machines) -> Iterator[Complaint]:
    """Bound machines can get into states in which nothing can fire, although not all of them are final.

    A transition that an event fires is taken to be fired by nothing else; a machine without any final state may rest
    anywhere, unless all are of that kind. The witness is the shortest run to it.

    Incorrect::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: Paid}
          - {name: cancel, from: open, to: cancelled}
        ---
        name: Parcel
        model: Parcel
        initial_state: new
        states: [new, {name: sent, final: true}]
        transitions:
          - {name: send, from: new, to: sent}
        event_bindings:
          - {event: Paid, target_models: [Parcel], transition: send}

    Correct::

        name: Order
        model: Order
        initial_state: open
        transitions:
          - {name: pay, from: open, to: paid, emits: Paid}
          - {name: cancel, from: open, to: cancelled, emits: Cancelled}
        ---
        name: Parcel
        model: Parcel
        initial_state: new
        states: [new, {name: sent, final: true}, {name: dropped, final: true}]
        transitions:
          - {name: send, from: new, to: sent}
          - {name: drop, from: new, to: dropped}
        event_bindings:
          - {event: Paid, target_models: [Parcel], transition: send}
          - {event: Cancelled, target_models: [Parcel], transition: drop}
    """
    for together in machines.joint.components:
        found = together.sure
        if not found.deadlocks:
            continue
        state = found.deadlocks[0]
        shown, run = together.system.shown(state), found.run_to(state)
        name = next(name for name, at in shown.items() if not together.system.rests(name, at))
        machine = machines[name]
        place = machine.state(shown[name]).place if shown[name] in machine.state_names else machine.place
        where = ", ".join(f"{other} {at}" for other, at in shown.items())
        more = f" (one of {len(found.deadlocks)} such joint states)" if len(found.deadlocks) > 1 else ""
        message = (
            f"nothing can fire any more with {where}{more}, soonest after {' then '.join(run) or 'no step at all'}"
        )
        yield Complaint(place, message, tuple(f"{other}.{at}" for other, at in shown.items()), run)


@rule("SM510", "warning", scope="machines")
def jointly_unreachable_state(machines: Machines) -> Iterator[Complaint]:
    """A state that its machine alone can reach is never reached when the bound machines run together.

    Incorrect::

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
        event_bindings:
          - {event: Paid, target_models: [Parcel], transition: send}
          - {event: Lost, target_models: [Parcel], transition: lose}

    Correct::

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
          - {name: lose, from: [new, sent], to: lost}
        event_bindings:
          - {event: Paid, target_models: [Parcel], transition: send}
          - {event: Lost, target_models: [Parcel], transition: lose}
    """
    for together in machines.joint.components:
        for machine in together.system.machines if together.complete else ():
            alone = set(machine.state_names) - set(unreachable(machine))
            for state in machine.states:
                if state.name in alone and state.name not in together.widest.visited[machine.name]:
                    others = listed([other.name for other in together.system.machines if other is not machine])
                    what = f"the state {state.name!r} of {machine.name!r} is never reached" + (
                        f" beside {others}" if others else ""
                    )
                    message = f"{what}: the events that would lead there find the machine in another state"
                    yield Complaint(state.place, message, (state.name, machine.name))


@rule("SM513", "info", scope="machines")
def unknown_joint_behaviour(machines: Machines) -> Iterator[Complaint]:
    """The joint behaviour is too large to be explored: what was not met is unknown, not ruled out.

    The limits are 200,000 joint states and ten seconds for machines bound to one another, and 2,000 situations for
    what one event sets off.

    Incorrect::

        name: Rabbit
        model: Rabbit
        initial_state: young
        transitions:
          - {name: mate, from: young, to: alive, emits: BoyBorn}
          - {name: breed, from: alive, to: alive, emits: [BoyBorn, GirlBorn]}
        event_bindings:
          - {event: BoyBorn, target_models: [Rabbit], transition: breed}
          - {event: GirlBorn, target_models: [Rabbit], transition: breed}

    Correct::

        name: Rabbit
        model: Rabbit
        initial_state: young
        transitions:
          - {name: mate, from: young, to: alive, emits: BoyBorn}
          - {name: breed, from: alive, to: alive, emits: [BoyBorn, GirlBorn]}
          - {name: feed, from: alive, to: alive}
        event_bindings:
          - {event: BoyBorn, target_models: [Rabbit], transition: feed}
          - {event: GirlBorn, target_models: [Rabbit], transition: feed}
    """
    for together in machines.joint.components:
        if not together.complete:
            names = [machine.name for machine in together.system.machines]
            met = max(together.sure.states, together.widest.states)
            message = f"the joint behaviour of {listed(names)} is unknown beyond {met} joint states: a limit was hit"
            yield Complaint(_first_place(machines, together), message, tuple(names))


def _first_place(machines: Machines, together: Together) -> Place:
    concerned = [d.binding.place for t, d in machines.joint.heard() if t is together]
    return concerned[0] if concerned else together.system.machines[0].place
