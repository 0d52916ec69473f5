"""Properties proved of machines: hand-made machines, and every run up to length 7 of the collected ones."""

import json
from itertools import combinations
from pathlib import Path

import pytest

from workbench.errors import MachineError
from workbench.machines import read_machines
from workbench.machines.properties import TEMPLATES, Property, holds, prove, read_property
from workbench.machines.reader import read_text

MACHINES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "machines"
SHOP = """
name: Order
initial_state: pending
states: [pending, paid, shipped, {name: done, final: true}, {name: lost, final: true}]
transitions:
  - {name: pay, from: pending, to: paid}
  - {name: ship, from: paid, to: shipped}
  - {name: rush, from: pending, to: shipped, guard: IsTrusted}
  - {name: finish, from: shipped, to: done}
  - {name: lose, from: [paid, shipped], to: lost, guard: IsMissing}
  - {name: retry, from: shipped, to: shipped}
"""


def proof(keys, text=SHOP):
    (machine,) = read_text(text).values()
    return prove(machine, read_property(keys))


@pytest.mark.parametrize(
    ("keys", "verdict", "certain", "run", "guards"),
    [
        ({"never": "lost"}, "violated", False, "pending pay paid lose lost", ["IsMissing"]),
        ({"never": ["shipped"]}, "violated", True, "pending pay paid ship shipped", []),
        (
            {"state": "shipped", "needs_before": "paid"},
            "violated",
            False,
            "pending rush shipped",
            ["IsTrusted"],
        ),
        ({"state": "done", "needs_before": "shipped"}, "holds", True, "", []),
        ({"state": "paid", "leads_to": "done"}, "violated", False, "pending pay paid lose lost", ["IsMissing"]),
        ({"state": "paid", "leads_to": ["done", "lost"]}, "holds", True, "", []),
        (
            {"state": "shipped", "at_most": 1},
            "violated",
            True,
            "pending pay paid ship shipped retry shipped",
            [],
        ),
        ({"state": "paid", "at_most": 1}, "holds", True, "", []),
        ({"transition": "ship", "needs_before": "pay"}, "holds", True, "", []),
        (
            {"transition": "finish", "needs_before": "pay"},
            "violated",
            False,
            "pending rush shipped finish done",
            ["IsTrusted"],
        ),
        ({"transition": "finish", "needs_before": "shipped", "on": "state"}, "holds", True, "", []),
        ({"rule": "precedence", "of": ["pay", "paid"], "on": ["transition", "state"]}, "holds", True, "", []),
        ({"rule": "init", "of": "pending"}, "holds", True, "", []),
        ({"rule": "end", "of": [["done", "lost"]]}, "holds", True, "", []),
        ({"reachable": "done"}, "holds", True, "pending pay paid ship shipped finish done", []),
        ({"reachable": "lost"}, "holds", False, "pending pay paid lose lost", ["IsMissing"]),
        ({"reachable": "rush", "on": "transition"}, "holds", False, "pending rush shipped", ["IsTrusted"]),
        ({"reachable": "nowhere"}, "violated", True, "", []),
        ({"always": "can finish"}, "holds", True, "", []),
        ({"never": "refund", "on": "event"}, "unknowable", True, "", []),
        ({"never": "lost", "when": "data.amount > 1"}, "unknowable", True, "", []),
        ({"state": "paid", "leads_to": "done", "within": "2 days"}, "unknowable", True, "", []),
    ],
)
def test_verdict_with_the_shortest_run_and_its_guards(keys, verdict, certain, run, guards):
    found = proof(keys)
    assert (found.verdict, found.run, found.guards) == (verdict, tuple(run.split()), tuple(guards))
    assert found.certain is certain


def test_a_run_without_guards_is_preferred_since_it_makes_the_violation_certain():
    text = """
name: M
initial_state: a
transitions: [{from: a, to: c, guard: G}, {from: a, to: b}, {from: b, to: c}]
"""
    found = proof({"never": "c"}, text)
    assert (found.certain, found.run) == (True, ("a", "a → b", "b", "b → c", "c"))


def test_what_is_broken_for_good_is_broken_although_the_run_never_ends():
    text = """
name: M
initial_state: a
states: [a, limbo, {name: z, final: true}]
transitions: [{name: fall, from: a, to: limbo}, {name: turn, from: limbo, to: limbo}, {name: end, from: a, to: z}]
"""
    assert proof({"never": "limbo"}, text).run == ("a", "fall", "limbo")
    assert proof({"state": "limbo", "leads_to": "z"}, text).verdict == "holds"
    stuck = proof({"always": "can finish"}, text)
    assert (stuck.verdict, stuck.run) == ("violated", ("a", "fall", "limbo"))
    assert stuck.reason == "from 'limbo' no way leads to an end"


def test_of_a_machine_that_never_ends_nothing_is_said_that_only_an_end_decides():
    text = "{name: M, initial_state: on, transitions: [{from: on, to: off}, {from: off, to: on}]}"
    found = proof({"state": "on", "leads_to": "off"}, text)
    assert (found.verdict, found.reason) == ("unknowable", "no run of the machine ever ends")
    assert proof({"state": "off", "needs_before": "on"}, text).verdict == "holds"


def test_events_are_those_the_machine_says_it_emits():
    text = """
name: M
initial_state: a
emits: {Bill: Billed}
transitions:
  - {name: t, from: a, to: b, action: Bill}
  - {name: u, from: b, to: c, emits: [Sent]}
"""
    assert proof({"event": "Sent", "needs_before": "Billed"}, text).verdict == "holds"
    assert proof({"never": "Sent", "on": "event"}, text).run == ("a", "t", "b", "u", "c")


def test_holds_is_a_table_of_the_declared_properties():
    text = SHOP + "properties:\n  - {name: no loss, never: lost}\n  - {state: done, needs_before: shipped}\n"
    found = holds(read_text(text))
    assert [(a.declared.name, a.verdict, a.certainty) for a in found] == [
        ("no loss", "violated", "possible"),
        ("'done' needs 'shipped' before it", "holds", "certain"),
    ]
    assert repr(found).splitlines()[1] == (
        "Order: no loss: possibly violated: pending → pay → paid → lose → lost if IsMissing"
    )
    table = found.df()
    assert list(table.columns[:5]) == ["property", "asked_of", "verdict", "certainty", "machine"]
    assert list(table["line"]) == [13, 14]
    assert list(table["asked_of"]) == ["machine", "machine"]
    assert "<td>no loss</td>" in found._repr_html_()
    assert len(found.violated) == 1


def test_holds_stops_at_a_property_it_cannot_understand():
    with pytest.raises(MachineError, match="<text>:13:5: no rule named 'respnse': did you mean 'response'"):
        holds(read_text(SHOP + "properties:\n  - {rule: respnse, of: [a, b]}\n"))


# --- every run up to length 7 -------------------------------------------------------------------------------------

LONGEST = 7
MOST_RUNS = 2000


def corpus():
    if not MACHINES.exists():
        return []
    expected = json.loads((MACHINES / "expected.json").read_text(encoding="utf-8"))
    small = [name for name, facts in expected.items() if facts["n_states"] <= 9 and facts["n_edges"] <= 16]
    return sorted(small)


def ends_of(machine):
    left = {name for t in machine.transitions for name in t.from_states if t.to_state in machine.state_names}
    return {s.name for s in machine.states if s.final or s.name not in left}


def runs(machine):
    """Every run of at most so many states; of a machine with very many, those of fewer."""
    found = layer = [(machine.initial,)]
    pairs = {}
    for t in machine.transitions:
        for name in t.from_states:
            pairs.setdefault(name, {})[t.to_state] = None
    for _ in range(LONGEST - 1):
        layer = [(*run, to) for run in layer for to in pairs.get(run[-1], ())]
        found = found + layer
        if len(found) > MOST_RUNS:
            break
    return found


def properties(machine):
    names = machine.state_names[-3:]
    for template in TEMPLATES.values():
        if template.arity == 1:
            for name in names:
                yield Property("p", template.name, ((name,),), ("state",), 2 if template.counts else 1)
        else:
            for a, b in combinations(names, 2):
                yield Property("p", template.name, ((a,), (b,)), ("state", "state"))


def broken_by(run, declared, ends):
    automaton = declared.automaton
    at = 0
    for state in run:
        at = automaton.step(at, declared.letter(state=state))
        if at in automaton.doomed:
            return True
    return run[-1] in ends and at not in automaton.accepting


def test_proofs_agree_with_every_run_up_to_length_seven():
    names = corpus()
    if not names:
        pytest.skip("the collected machines of shared/data/machines are missing")
    compared = disagreeing = 0
    for file in names:
        machine = next(iter(read_machines(MACHINES / file, strict=False).values()))
        ends, every = ends_of(machine), runs(machine)
        longest = max(map(len, every))
        for declared in properties(machine):
            found = prove(machine, declared)
            shortest = next((run for run in every if broken_by(run, declared, ends)), None)
            if found.verdict == "violated":
                states = found.run[::2]
                assert broken_by(states, declared, ends), (file, declared)
                disagreeing += len(states) <= longest and shortest is None
                if shortest is not None and (found.certain is False or not any(t.guard for t in machine.transitions)):
                    assert len(shortest) == len(states), (file, declared)
            else:
                disagreeing += shortest is not None
            compared += 1
    assert disagreeing == 0
    assert len(names) >= 60
    assert compared > 3000
