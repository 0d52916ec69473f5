"""Bound machines explored on the fly agree with a naive product, worked out here from names alone."""

from dataclasses import replace
from itertools import permutations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.machines import Binding, Machine, Machines, State, Transition
from workbench.machines.guards import Name
from workbench.machines.joint import explore, joint_behaviour, systems, wire
from workbench.machines.joint.exploration import _Explorer

NAMES = ("A", "B", "C")
STATES = ("s", "t", "u")
EVENTS = ("E", "F", "G")


def bound_machines(seed):
    """Machines with free transitions t0, t1 and two for each event, which emit later events only."""
    random = Random(seed)

    def transition(name, events):
        return Transition(
            name=name,
            from_states=tuple(random.sample(STATES, random.choice([1, 1, 2]))),
            to_state=random.choice(STATES),
            guard=random.choice([None, None, None, Name("G1")]),
            emits=tuple(random.sample(events, random.randint(0, len(events)))),
        )

    machines = []
    for name in NAMES:
        free = [transition(f"t{n}", EVENTS) for n in range(2)]
        fired = [transition(event, EVENTS[n + 1 :]) for n, event in enumerate(EVENTS) for _ in range(2)]
        final = random.choice([*STATES, None])
        states = tuple(State(s, final=s == final) for s in STATES)
        machines.append(Machine(name, "s", states, (*free, *fired), model=name))
    bindings = [
        Binding(
            event=random.choice(EVENTS),
            target_models=(random.choice(NAMES),),
            parallel=random.random() < 0.5,
            conditions=random.choice([(), (), ("event.ok",)]),
        )
        for _ in range(random.randint(2, 6))
    ]
    return Machines(machines, [replace(binding, transitions=(binding.event,)) for binding in bindings])


class Naive:
    """The same semantics, spelled out: one external step, then bindings first in, first out."""

    def __init__(self, machines, members, *, closed, refusing):
        self.machines, self.members, self.closed, self.refusing = machines, members, closed, refusing
        self.heard = {}
        for binding in machines.bindings:
            (name,), (label,) = binding.target_models, binding.transitions
            if any(t.name == label for t in machines[name].transitions):
                self.heard.setdefault(binding.event, []).append((name, label, binding))
        self.bound = {(name, label) for each in self.heard.values() for name, label, _ in each}
        self.emitted = {event for m in machines.values() for t in m.transitions for event in t.emits}

    def fire(self, state, queue, name, transition):
        after = dict(state)
        after[name] = transition.to_state
        return after, queue + tuple(e for e in transition.emits if self.heard.get(e))

    def deliver(self, state, queue, name, label, binding):
        """Every (state, queue, fired) after one machine was handed an event."""
        able = [t for t in self.machines[name].transitions if t.name == label and state[name] in t.from_states]
        found = [(*self.fire(state, queue, name, t), True) for t in able]
        sure = any(not binding.conditions and t.guard is None for t in able)
        if not able or (self.refusing and not sure):
            found.append((state, queue, False))
        return found

    def settle(self, state, queue):
        """Every joint state after all events were delivered, and whether anything fired."""
        ends, seen, waiting = set(), set(), [(state, queue, False)]
        while waiting:
            state, queue, fired = waiting.pop()
            key = (tuple(state[name] for name in self.members), queue, fired)
            if key in seen or len(queue) > 30:
                continue
            seen.add(key)
            if not queue:
                ends.add((key[0], fired))
                continue
            handed = self.heard[queue[0]]
            free = [n for n, (_, _, binding) in enumerate(handed) if binding.parallel]
            for order in permutations(free):
                moved = dict(zip(free, order, strict=True))
                branches = [(state, queue[1:], fired)]
                for n in range(len(handed)):
                    name, label, binding = handed[moved.get(n, n)]
                    branches = [
                        (s, q, f or now)
                        for before, rest, f in branches
                        for s, q, now in self.deliver(before, rest, name, label, binding)
                    ]
                waiting.extend(branches)
        return ends

    def onward(self, at):
        state = dict(zip(self.members, at, strict=True))
        for name in self.members:
            for t in self.machines[name].transitions:
                if state[name] in t.from_states and not (self.closed and (name, t.name) in self.bound):
                    after, queue = self.fire(state, (), name, t)
                    ends = {end for end, _ in self.settle(after, queue)}
                    yield from ends or {at}
        for event in self.heard:
            if event not in self.emitted and any(name in self.members for name, _, _ in self.heard[event]):
                yield from (end for end, fired in self.settle(state, (event,)) if fired)

    def explored(self):
        layers = [{("s",) * len(self.members)}]
        seen, edges = set(layers[0]), {}
        while layers[-1]:
            edges.update({at: set(self.onward(at)) for at in layers[-1]})
            layers.append({after for at in layers[-1] for after in edges[at]} - seen)
            seen |= layers[-1]
        return layers[:-1], edges


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32), st.booleans(), st.booleans())
def test_exploration_agrees_with_the_naive_product(seed, closed, refusing):
    machines = bound_machines(seed)
    for system in systems(wire(machines), "closed" if closed else "open"):
        found = explore(system, refusing=refusing)
        members = [machine.name for machine in system.machines]
        layers, edges = Naive(machines, members, closed=closed, refusing=refusing).explored()

        def named(state, system=system):
            return tuple(system.shown(state).values())

        walker = _Explorer(system, refusing=refusing)
        met = {named(state): {named(after) for after, _ in walker._after(state)} for state in found.came}
        assert met == edges
        assert found.complete
        depth = {state: steps for steps, layer in enumerate(layers) for state in layer}
        for state in found.came:
            steps, at = 0, state
            while found.came[at] is not None:
                at, steps = found.came[at][0], steps + 1
            assert steps == depth[named(state)]
        finals = {name: set(machines[name].finals) for name in members}
        waiting = {name for name in members if not finals[name]} if any(finals.values()) else set()
        stuck = {
            state
            for state, after in edges.items()
            if not after and any(at not in finals[n] and n not in waiting for n, at in zip(members, state, strict=True))
        }
        assert {named(state) for state in found.deadlocks} == stuck


def cells(count, length, mark=""):
    """Rings in a row, each of which sets its neighbour back."""
    machines, bindings = [], []
    for n in range(count):
        on = [
            Transition(f"t{k}", (f"s{k}",), f"s{(k + 1) % length}", emits=(f"E{mark}{n}",) * (k == 2))
            for k in range(length)
        ]
        back = Transition("back", tuple(f"s{k}" for k in range(1, length)), "s0")
        machines.append(
            Machine(f"M{mark}{n}", "s0", tuple(State(f"s{k}") for k in range(length)), (*on, back), model=f"M{mark}{n}")
        )
        bindings.append(Binding(f"E{mark}{n}", (f"M{mark}{(n + 1) % count}",), transitions=("back",)))
    return Machines(machines, bindings)


def test_past_the_limit_nothing_is_called_impossible():
    (together,) = joint_behaviour(cells(4, 6), limit=100).components
    assert not together.complete
    assert together.sure.states > 100
    (together,) = joint_behaviour(cells(4, 6), seconds=0.0).components
    assert not together.complete


def test_an_unlimited_exploration_of_few_states_is_complete():
    (together,) = joint_behaviour(cells(3, 4)).components
    assert together.complete
    assert together.sure.states <= 4**3
    assert together.widest is together.sure
    states = together.sure.states
    steps = 3 * states  # each ring can always go on, and nothing else is fired from outside
    assert repr(together) == f"<Exploration of M0, M1, M2, closed: {states} joint states, {steps} steps>"
    assert repr(cells(3, 4).joint).startswith("<Joint: 3 events emitted, 3 waited for, 1 group of machines>\n<Expl")


def test_machines_that_are_not_bound_are_explored_apart():
    machines, bindings = [], []
    for pair in "xy":
        some = cells(2, 4, pair)
        machines += some.values()
        bindings += some.bindings
    found = joint_behaviour(Machines(machines, bindings))
    assert [together.sure.states <= 16 for together in found.components] == [True, True]


def test_without_bindings_nothing_is_explored():
    machine = Machine("M", "a", (State("a"),), (Transition("t", ("a",), "a", emits=("E",)),), model="M")
    assert joint_behaviour(Machines([machine])).components == ()
    assert Machines([machine]).joint.wiring.emitted == {}


def test_one_is_told_in_the_singular():
    emits = Transition("go", ("s",), "s", emits=("E",))
    hears = Transition("on", ("s",), "s", guard=Name("E"))
    machines = [
        Machine(name, initial="s", states=(State("s"),), transitions=(one,), model=name)
        for name, one in (("A", emits), ("B", hears))
    ]
    joint = joint_behaviour(Machines(machines, [Binding("E", ("B",), transitions=("on",))]))
    assert repr(joint).splitlines() == [
        "<Joint: 1 event emitted, 1 waited for, 1 group of machines>",
        "<Exploration of A, B, closed: 1 joint state, 1 step>",
    ]
