"""What the rules say of 131 machines of other tools is what networkx alone says of them."""

import json
from pathlib import Path

import networkx as nx
import pytest

from workbench.machines import check, read_machines
from workbench.machines.reach import reached, successors
from workbench.machines.rules.runs import components

MACHINES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "machines"
EXPECTED = json.loads((MACHINES / "expected.json").read_text()) if MACHINES.is_dir() else {}

pytestmark = pytest.mark.skipif(not MACHINES.is_dir(), reason="needs shared/data/machines beside the project")


def by_code(name):
    machines = read_machines(MACHINES / name)
    (machine,) = machines.values()
    found = {}
    for finding in check(machines):
        found.setdefault(finding.code, []).append(finding)
    return machine, found


def choices_of(found, *codes):
    return {(state, f.subjects[0]) for code in codes for f in found.get(code, ()) for state in f.subjects[1:]}


@pytest.mark.parametrize("name", EXPECTED)
def test_choices(name):
    machine, found = by_code(name)
    facts = EXPECTED[name]
    same_guard = {(state, label) for state, label, _, _ in facts["nondeterministic_same_guard"]}
    several = {(state, label) for state, label, _ in facts["nondeterministic"]}
    assert choices_of(found, "SM202") == same_guard
    apart = {(f.subjects[0]) for code in ("SM201", "SM204") for f in found.get(code, ())}
    told = choices_of(found, "SM202", "SM203", "SM204")
    assert {pair for pair in told if pair in several or pair[1] not in apart} == several
    repeated = {(f.subjects[1], f.subjects[0]) for f in found.get("SM201", ())}
    assert repeated == {(state, label) for state, _, label in facts["duplicate_edges"]}
    assert (machine.name, "SM205" in found) == (facts["name"], False)


@pytest.mark.parametrize("name", EXPECTED)
def test_endings(name):
    machine, found = by_code(name)
    facts = EXPECTED[name]

    def states(code):
        return [finding.subjects[0] for finding in found.get(code, ())]

    stuck = facts["cannot_reach_final"] if facts["finals"] else facts["cannot_terminate"]
    dead = facts["dead_ends_not_final"] or [] if facts["finals"] else []
    assert sorted(states("SM304")) == sorted(set(stuck or []) - set(dead))
    assert sorted(states("SM303") if facts["finals"] else []) == sorted(dead)
    assert sorted(states("SM306")) == sorted(set(facts["self_loop_only"]) - set(facts["finals"] or []))
    assert sorted(states("SM208")) == sorted(facts["finals_with_outgoing"] or [])
    assert sorted(states("SM310")) == sorted(set(facts["finals"] or []) & set(facts["unreachable"]))
    assert ("SM305" in found) == (not facts["finals"] and not facts["dead_ends"])
    ends = set(facts["finals"] or facts["dead_ends"])
    loops = [loop for loop in facts["bottom_cycles"] if len(loop) > 1 and ends and not ends & set(loop)]
    assert sorted(sorted(finding.subjects) for finding in found.get("SM307", ())) == sorted(loops)
    assert all(finding.witness[0] == finding.witness[-1] for finding in found.get("SM307", ()))
    assert sorted(states("SM301")) == facts["unreachable"]
    assert machine.initial == facts["initial"]


@pytest.mark.parametrize("name", EXPECTED)
def test_loops_of_one_state(name):
    machine, found = by_code(name)
    idle = {finding.subjects[1] for finding in found.get("SM206", ())}
    held = {t.to_state for t in machine.transitions if t.to_state in t.from_states and (t.guard or t.actions)}
    assert idle | held == set(EXPECTED[name]["self_loops"])
    assert idle - set(EXPECTED[name]["self_loops"]) == set()


@pytest.mark.parametrize("name", EXPECTED)
def test_naive_reachability_is_a_part_of_the_truth(name):
    machine, found = by_code(name)
    naive = set(EXPECTED[name]["unreachable_naive"]) - {machine.initial}
    assert naive <= {finding.subjects[0] for finding in found.get("SM301", ())}
    alone = {f.subjects[0] for f in found.get("SM301", ()) if "no transition leads to it" in f.message}
    itself = {f.subjects[0] for f in found.get("SM301", ()) if "only it leads to itself" in f.message}
    assert alone == naive - itself


@pytest.mark.parametrize("name", EXPECTED)
def test_the_shape_of_the_graph(name):
    (machine,) = read_machines(MACHINES / name).values()
    facts = EXPECTED[name]
    declared = set(machine.state_names)
    every = successors(machine)
    leads = {name: tuple(target for target in every[name] if target in declared) for name in machine.state_names}
    parts = components(leads)
    loops = sorted(sorted(part) for part in parts if len(part) > 1)
    assert len(parts) == facts["scc_count"]
    assert loops == sorted(map(sorted, facts["nontrivial_sccs"]))
    itself = any(name in targets for name, targets in leads.items())
    assert facts["acyclic"] == (not loops and not itself)
    assert facts["n_reachable"] == len(reached(leads, [machine.initial]))
    assert facts["n_triggers"] == len({transition.name for transition in machine.transitions})
    assert facts["weak_components"] == nx.number_weakly_connected_components(machine.graph.subgraph(declared))
