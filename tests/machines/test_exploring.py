"""Exploring a machine: shortest runs, every way, what all ways pass, what lies ahead, runs that test everything."""

import json
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UnknownNameError
from workbench.machines import Machine, State, Transition, read_machines
from workbench.machines.exploring import (
    bridge_states,
    can_still_happen,
    covering_paths,
    immediate_dominators,
    must_pass,
    shortest_paths,
    simple_paths,
    ways,
)
from workbench.machines.reader import read_text

MACHINES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "machines"
EXPECTED = json.loads((MACHINES / "expected.json").read_text()) if MACHINES.is_dir() else {}

DIAMOND = """
name: Parcel
initial_state: packed
states: [packed, sent, held, home, lost, {name: kept, final: true}]
transitions:
  - {name: send, from: packed, to: sent}
  - {name: hold, from: packed, to: held, guard: Doubtful}
  - {name: free, from: held, to: sent}
  - {name: ring, from: [sent, held], to: home, guard: Paid}
  - {name: keep, from: home, to: kept}
  - {name: lose, from: sent, to: lost}
  - {name: seek, from: lost, to: lost}
"""


@pytest.fixture
def parcel():
    return read_text(DIAMOND)["Parcel"]


def texts(runs):
    return [str(run) for run in runs]


def test_the_shortest_run_to_each_state_says_its_steps_and_its_guards(parcel):
    runs = shortest_paths(parcel)
    assert {name: len(run) for name, run in runs.items()} == {
        "packed": 0, "sent": 1, "held": 1, "home": 2, "lost": 2, "kept": 3,
    }  # fmt: skip
    assert str(runs["kept"]) == "packed -send-> sent -ring-> home -keep-> kept"
    assert [str(guard) for guard in runs["kept"].guards] == ["Paid"]
    assert runs["home"].states == ("packed", "sent", "home")
    assert list(shortest_paths(parcel, "lost")) == ["lost"]


def test_every_way_is_listed_shortest_first(parcel):
    assert texts(ways(parcel, "packed", "home")) == [
        "packed -send-> sent -ring-> home",
        "packed -hold-> held -ring-> home",
        "packed -hold-> held -free-> sent -ring-> home",
    ]
    assert texts(ways(parcel, "lost", "lost")) == ["lost -seek-> lost"]
    assert texts(ways(parcel, "lost", "home")) == []


def test_a_cap_is_said_never_silent(parcel):
    some = ways(parcel, "packed", "home", most=2)
    assert (len(some), some.complete, str(some).splitlines()[-1]) == (2, False, "... and more")
    assert ways(parcel, "packed", "home", most=3).complete
    assert not simple_paths(parcel, most=5).complete


def test_what_every_run_passes(parcel):
    assert must_pass(parcel)["kept"] == ("packed", "home")
    assert must_pass(parcel)["lost"] == ("packed", "sent")
    assert bridge_states(parcel) == ("sent", "home")


def test_what_can_still_happen(parcel):
    ahead = can_still_happen(parcel, "held")
    assert [t.name for t in ahead.next] == ["free", "ring"]
    assert ahead.states == ("sent", "home", "lost", "kept")
    assert [t.name for t in ahead.transitions] == ["free", "ring", "keep", "lose", "seek"]
    assert (ahead.finals, ahead.must, ahead.stuck) == (("kept",), ("home", "kept"), ("lost",))
    assert ahead.never == ("packed", "held")
    assert [str(guard) for guard in ahead.guards] == ["Paid"]
    assert ahead.can_finish
    assert not can_still_happen(parcel, "lost").can_finish


def test_covering_runs_take_every_transition_and_none_begins_another(parcel):
    assert texts(covering_paths(parcel)) == [
        "packed -hold-> held -free-> sent",
        "packed -hold-> held -ring-> home",
        "packed -send-> sent -ring-> home -keep-> kept",
        "packed -send-> sent -lose-> lost -seek-> lost",
    ]


def test_an_unknown_state_says_the_nearest(parcel):
    with pytest.raises(UnknownNameError, match="no state named 'hom' in Parcel: did you mean 'home'"):
        ways(parcel, "packed", "hom")
    with pytest.raises(UnknownNameError, match="did you mean 'held'"):
        can_still_happen(parcel, "Held!")


def test_a_machine_that_begins_nowhere_has_no_runs():
    machine = Machine("M", "gone", (State("a"),), ())
    assert (dict(shortest_paths(machine)), dict(must_pass(machine)), covering_paths(machine)) == ({}, {}, ())
    assert len(simple_paths(machine)) == 0


@pytest.mark.skipif(not MACHINES.is_dir(), reason="needs shared/data/machines beside the project")
@pytest.mark.parametrize("name", EXPECTED)
def test_answers_equal_what_networkx_says_of_machines_of_other_tools(name):
    facts = EXPECTED[name]
    (machine,) = read_machines(MACHINES / name).values()
    runs = shortest_paths(machine)
    assert {state: len(run) for state, run in runs.items()} == facts["depth"]
    assert max(map(len, runs.values())) == facts["eccentricity"]
    assert dict(immediate_dominators(machine)) == facts["dominators"]
    assert sorted(bridge_states(machine)) == facts["bridge_states"]
    ahead = {name: set(can_still_happen(machine, name).states) - {name} for name in machine.state_names}
    assert sum(len(states.intersection(ahead)) for states in ahead.values()) == facts["closure_pairs"]
    if facts["simple_path_count"] is not None:
        found = simple_paths(machine, most=100_000)
        distinct = {tuple((s.from_state, s.label, s.transition.guard, s.to_state) for s in run.steps) for run in found}
        assert (len(distinct), found.complete) == (facts["simple_path_count"], True)
    covered = {(step.ordinal, step.from_state) for run in covering_paths(machine) for step in run.steps}
    expected = {(n, s) for n, t in enumerate(machine.transitions) for s in t.from_states if s in runs}
    assert covered == expected


NAMES = st.sampled_from([f"s{n}" for n in range(7)])
TRANSITIONS = st.builds(
    Transition, st.sampled_from(["a", "b", None]), st.lists(NAMES, min_size=1, max_size=3).map(tuple), NAMES
)
DRAWN = st.lists(TRANSITIONS, max_size=10).map(
    lambda found: Machine("M", "s0", tuple(State(f"s{n}") for n in range(7)), tuple(found))
)


@given(DRAWN, NAMES, NAMES)
def test_ways_are_the_simple_paths_of_networkx(machine, start, end):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(machine.state_names)
    for ordinal, transition in enumerate(machine.transitions):
        for source in transition.from_states:
            graph.add_edge(source, transition.to_state, key=ordinal)
    found = ways(machine, start, end, most=10_000)
    assert found.complete
    mine = sorted(tuple((s.from_state, s.to_state, s.ordinal) for s in run.steps) for run in found)
    if start == end:
        theirs = [path for cycle in nx.simple_cycles(nx.DiGraph(graph)) if start in cycle for path in [cycle]]
        assert {frozenset(s for s, _, _ in way) for way in mine} == {frozenset(cycle) for cycle in theirs}
    else:
        theirs = sorted(tuple(path) for path in nx.all_simple_edge_paths(graph, start, end))
        assert mine == theirs
    assert [len(run) for run in found] == sorted(len(run) for run in found)


@given(DRAWN)
def test_no_run_reaches_a_state_past_one_it_must_pass(machine):
    expected = nx.immediate_dominators(nx.DiGraph(machine.graph), "s0")
    assert dict(immediate_dominators(machine)) == {name: one for name, one in expected.items() if name != "s0"}
    for run in simple_paths(machine):
        passed = [run.states.index(name) for name in must_pass(machine)[run.end]]
        assert passed == sorted(passed)


@given(DRAWN)
def test_no_covering_run_begins_another(machine):
    runs = covering_paths(machine)
    assert all(one.steps != other.steps[: len(one)] for one in runs for other in runs if one is not other)
    assert all(a.to_state == b.from_state for run in runs for a, b in pairwise(run.steps))
