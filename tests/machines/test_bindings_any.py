"""Whatever machines, bindings and properties say, checking them ends, and every finding stands somewhere."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.machines import Binding, Machine, Machines, State, Transition, check
from workbench.machines.guards import And, Name, Not, Or

STATES = ("a", "b", "c", "never declared")
NAMES = ("t", "go", "App\\Events\\Paid", "")
EVENTS = ("Paid", "App\\Events\\Paid", "Other\\Paid", "t", "")
MODELS = ("M", "App\\Models\\M", "Other\\M", "N", "nobody")
CONDITIONS = ("m.x == 1", "&&", "", "m.all(x, x)", "'", "\\", "é.ü", "((((")
PROPERTIES = (
    {"never": "a"},
    {"never": "never declared"},
    {"always": "can finish"},
    {"state": "a", "leads_to": ("b", "c")},
    {"rule": "chain_succession", "of": ("t", "b"), "on": ("transition", "state")},
    {"rule": "exactly", "of": "Paid", "on": "event", "n": 0},
    {"rule": 3},
    {"of": None},
)


def anything(seed):
    random = Random(seed)

    def guard():
        kind = random.choice([None, None, "name", "and", "or", "not"])
        named = Name(random.choice(["PaidEvent", "App\\Guards\\PaidEvent", "Free", ""]))
        return {"name": named, "and": And((named, Not(named))), "or": Or(()), "not": Not(named)}.get(kind)

    def some(pool, most):
        return tuple(random.choice(pool) for _ in range(random.randint(0, most)))

    machines = [
        Machine(
            name=f"machine {n}",
            initial=random.choice((*STATES, "")),
            states=tuple(
                State(s, final=random.random() < 0.2) for s in random.sample(STATES[:3], random.randint(0, 3))
            ),
            transitions=tuple(
                Transition(
                    random.choice((*NAMES, None)),
                    some(STATES, 3),
                    random.choice(STATES),
                    guard(),
                    some(["act"], 1),
                    emits=some(EVENTS, 2),
                )
                for _ in range(random.randint(0, 5))
            ),
            model=random.choice((*MODELS, None)),
            properties=some(PROPERTIES, 3),
            emits={"act": some(EVENTS, 2)},
            attributes=some(["x"], 1),
        )
        for n in range(random.randint(0, 4))
    ]
    bindings = [
        Binding(
            random.choice(EVENTS),
            some(MODELS, 3),
            some(CONDITIONS, 2),
            random.random() < 0.5,
            some(("machine 0.t", "M.go", "nobody.t", "."), 1),
            some(NAMES, 1),
        )
        for _ in range(random.randint(0, 4))
    ]
    return Machines(machines, bindings)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_any_machines_bindings_and_properties_are_checked(seed):
    machines = anything(seed)
    findings = check(machines)
    codes = {finding.code for finding in findings}
    assert all(finding.message and finding.line >= 1 for finding in findings)
    assert "SM802" in codes or not any("rule" in p and p["rule"] == 3 for m in machines.values() for p in m.properties)
    if not machines.bindings:
        assert not {code for code in codes if code.startswith("SM5")}
    assert check(anything(seed)).items == findings.items
