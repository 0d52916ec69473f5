"""What holds of the rules whatever the machine: they never fail, and agree with networkx and with brute force."""

import itertools
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.machines import RULES, And, Machine, Name, Not, Or, State, Transition, check
from workbench.machines.findings import Place
from workbench.machines.formulas import always_passes, never_passes, truth_tables
from workbench.machines.profiles import conflicts, never_taken
from workbench.machines.reader import read_text
from workbench.machines.rules.likeness import alike
from workbench.machines.rules.runs import Runs, components, loop_through
from workbench.machines.settings import Settings

CASES = Path(__file__).parent / "cases"
NAMES = st.sampled_from("ABC").map(Name)
GUARDS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        inner.map(Not), *(st.lists(inner, max_size=3).map(lambda parts, k=kind: k(tuple(parts))) for kind in (And, Or))
    ),
    max_leaves=5,
)
# No reader gives an empty name to a state: an empty initial state is that of a file without one.
WORDS = st.text(min_size=1, max_size=8) | st.sampled_from(["on", "null", "__proto__", "#fff", "s1", "s2", "-1", "😀"])
VALUES = (
    st.none() | st.booleans() | st.integers(-2, 99) | st.floats(allow_nan=False) | WORDS | st.sampled_from(["", (), {}])
)
KEYS = st.sampled_from(["color", "timeout_seconds", "watts", "final"])


@st.composite
def machines(draw, *, guards=True):
    names = draw(st.lists(st.sampled_from([f"s{n}" for n in range(8)]) | WORDS, min_size=1, max_size=8, unique=True))
    some = st.sampled_from(names)
    transitions = draw(
        st.lists(
            st.builds(
                Transition,
                st.sampled_from(["t", "u", "v", None]),
                st.lists(some, min_size=1, max_size=3).map(tuple),
                some,
                st.none() | GUARDS if guards else st.none(),
                st.lists(st.sampled_from(["Act", "act!"]), max_size=1).map(tuple),
            ),
            max_size=12,
        )
    )
    finals = draw(st.sets(some, max_size=2))
    states = tuple(
        State(name, metadata=draw(st.dictionaries(KEYS, VALUES, max_size=2)), final=name in finals) for name in names
    )
    config = draw(st.dictionaries(st.just("event_timeout"), VALUES, max_size=1))
    dialect = draw(st.sampled_from(["flat", "package"]))
    return Machine("M", draw(some), states, tuple(transitions), config=config, dialect=dialect)


CONFIGURED = st.builds(
    Settings,
    profile=st.sampled_from([None, "wiki", "package"]),
    guards=st.none() | st.just(("A", "X\\B")),
    actions=st.none() | st.just(("Act",)),
)


def found(machine, code, settings=None):
    return [finding for finding in check(machine, settings) if finding.code == code]


def subjects(machine, code):
    return {finding.subjects[0] for finding in found(machine, code)}


# -- no rule fails --------------------------------------------------------------------------------------------------


@given(machines(), CONFIGURED)
def test_no_machine_makes_a_rule_fail_and_every_finding_is_told(machine, configured):
    for finding in check(machine, configured):
        assert finding.code in RULES
        assert finding.message
        assert finding.severity in {"error", "warning", "info"}
        assert all(isinstance(name, str) for name in (*finding.subjects, *finding.witness))


@settings(max_examples=40)
@given(st.text(alphabet="abst:-[]{}#'\"*&!\n ,/", max_size=120))
def test_no_text_makes_the_check_fail(text):
    check(read_text("name: A\ninitial_state: s\nstates: [s]\ntransitions:\n" + text))


# -- reachability and endings, by networkx --------------------------------------------------------------------------


@given(machines())
def test_no_way_to_an_end_is_what_networkx_finds(machine):
    graph = machine.graph
    finals = {state.name for state in machine.states if state.final}
    dead = {name for name in graph if graph.out_degree(name) == 0}
    reachable = {machine.initial} | nx.descendants(graph, machine.initial)
    ends = finals or (dead if dead & reachable else set())
    leading = ends.union(*(nx.ancestors(graph, end) for end in ends)) if ends else set(graph)
    assert subjects(machine, "SM304") == set(graph) - leading - dead
    assert bool(found(machine, "SM305")) == (not finals and not dead)
    assert subjects(machine, "SM306") == {n for n in graph if set(graph.successors(n)) == {n} and n not in finals}
    assert subjects(machine, "SM208") == {n for n in finals if graph.out_degree(n)}
    assert subjects(machine, "SM310") == finals - reachable


@given(machines())
def test_loops_without_exit_are_attracting_components(machine):
    graph = nx.DiGraph(machine.graph)
    finals = {state.name for state in machine.states if state.final}
    dead = {name for name in graph if graph.out_degree(name) == 0}
    reachable = {machine.initial} | nx.descendants(graph, machine.initial)
    ends = finals or (dead if dead & reachable else set())
    expected = {frozenset(c) for c in nx.attracting_components(graph) if len(c) > 1 and ends and not c & ends}
    told = found(machine, "SM307")
    assert {frozenset(finding.subjects) for finding in told} == expected
    for finding in told:
        assert finding.witness[0] == finding.witness[-1]
        assert all(graph.has_edge(*step) for step in itertools.pairwise(finding.witness))


@given(machines())
def test_witnesses_are_shortest_runs(machine):
    graph = nx.DiGraph(machine.graph)
    runs = Runs(machine)
    lengths = nx.single_source_shortest_path_length(graph, machine.initial)
    for name in graph:
        run = runs.to(name)
        assert len(run) == (lengths[name] + 1 if name in lengths else 0)
        assert all(graph.has_edge(*step) for step in itertools.pairwise(run))


@given(st.dictionaries(st.integers(0, 9).map(str), st.lists(st.integers(0, 9).map(str), max_size=4).map(tuple)))
def test_components_are_those_of_networkx_and_loops_are_shortest(edges):
    graph = nx.DiGraph([(a, b) for a, targets in edges.items() for b in targets])
    graph.add_nodes_from(edges)
    mine = {frozenset(part) for part in components(edges)}
    reachable = set(edges).union(*edges.values()) if edges else set()
    assert mine == {frozenset(part) for part in nx.strongly_connected_components(graph.subgraph(reachable))}
    for part in nx.strongly_connected_components(graph):
        first = next(iter(part))
        loop = loop_through(edges, [first, *part])
        cyclic = len(part) > 1 or graph.has_edge(first, first)
        assert bool(loop) == cyclic
        assert all(graph.has_edge(*step) for step in itertools.pairwise(loop))


# -- guards and choices, by brute force -----------------------------------------------------------------------------


def passes(guard, true):
    if guard is None:
        return True
    if isinstance(guard, Name):
        return guard.name in true
    if isinstance(guard, Not):
        return not passes(guard.part, true)
    return (all if isinstance(guard, And) else any)(passes(part, true) for part in guard.parts)


WORLDS = [set(names) for size in range(4) for names in itertools.combinations("ABC", size)]


@given(GUARDS, GUARDS)
def test_truth_tables_say_what_trying_says(one, other):
    tables = truth_tables([one, other, None])
    first, second, everything = tables.rows
    assert everything == tables.always
    assert never_passes(one) == (not any(passes(one, true) for true in WORLDS))
    assert always_passes(one) == all(passes(one, true) for true in WORLDS)
    assert bool(first & second) == any(passes(one, true) and passes(other, true) for true in WORLDS)
    assert (not first & ~second) == all(passes(other, true) for true in WORLDS if passes(one, true))


def test_more_than_fifteen_names_are_not_worked_out():
    names = tuple(Name(f"N{n}") for n in range(16))
    assert truth_tables([And(names)]) is None
    assert not never_passes(And((*names, Not(names[0]))))
    assert never_passes(And((*names[:15], Not(names[0]))))
    ways = [
        Transition("t", ("a",), target, And((*names, extra))) for target, extra in (("b", Name("N0")), ("c", names[1]))
    ]
    machine = Machine("M", "a", tuple(map(State, "abc")), tuple(ways))
    assert [conflict.clash for conflict in conflicts(machine, "wiki")] == ["overlap"]


@given(machines())
def test_what_is_never_taken_is_taken_in_no_world(machine):
    by_name = {}
    for ordinal, transition in enumerate(machine.transitions):
        for state in set(transition.from_states):
            by_name.setdefault((state, transition.name), []).append(ordinal)
    taken = set()
    for (state, _), ordinals in by_name.items():
        for true in WORLDS:
            first = next((o for o in ordinals if passes(machine.transitions[o].guard, true)), None)
            taken.add((state, first))
    never = never_taken(machine, "wiki")
    assert never & taken == set()
    repeated = {
        (state, machine.transitions.index(c.later)) for c in conflicts(machine, "wiki") for state in c.states
        if c.clash in {"duplicate", "same_guard"}
    }  # fmt: skip
    everywhere = {(state, ordinal) for (state, _), ordinals in by_name.items() for ordinal in ordinals}
    alike_later = {pair for pair in everywhere - taken - never if pair not in repeated}
    assert all(machine.transitions.count(machine.transitions[ordinal]) > 1 for _, ordinal in alike_later)


@given(machines())
def test_an_overlap_is_shown_by_a_world_where_both_pass(machine):
    for conflict in conflicts(machine, "wiki"):
        both = [passes(conflict.earlier.guard, true) and passes(conflict.later.guard, true) for true in WORLDS]
        same = [passes(conflict.earlier.guard, true) == passes(conflict.later.guard, true) for true in WORLDS]
        assert any(both)
        assert all(same) or conflict.clash not in {"duplicate", "same_guard"}
        assert (conflict.later.to_state == conflict.earlier.to_state) or conflict.clash != "duplicate"
        assert (conflict.later.to_state != conflict.earlier.to_state) or conflict.clash not in {"same_guard", "overlap"}


@given(machines())
def test_the_package_takes_the_first_from_here_to_there(machine):
    pairs = {}
    for ordinal, transition in enumerate(machine.transitions):
        for state in set(transition.from_states):
            pairs.setdefault((state, transition.to_state), []).append(ordinal)
    never = never_taken(machine, "package")
    for (state, _), (first, *later) in pairs.items():
        assert ((state, first) in never) == never_passes(machine.transitions[first].guard)
        for ordinal in later:
            one, other = machine.transitions[first], machine.transitions[ordinal]
            assert (
                (state, ordinal) in never or (one.guard, one.name) == (other.guard, other.name) or later.index(ordinal)
            )


# -- names ----------------------------------------------------------------------------------------------------------


def test_two_thousand_numbered_states_are_no_typing_errors():
    assert list(alike(f"s{n}" for n in range(2000))) == []
    assert list(alike(f"step_{n}_done" for n in range(2000))) == []


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["in_progress", "In-Progress", "in progress"], [(0, 1), (0, 2)]),
        (["shipped", "shiped", "shipper"], [(0, 1), (0, 2)]),
        (["open", "opens", "oper"], []),  # too short to be sure
        (["group_a", "group_b", "group_c", "group_d"], []),  # a series
        (["v10", "v1o"], []),
        (["confirmed", "confirmed2"], []),
        (["confirmed", "unconfirmed"], []),
    ],
)
def test_names_alike(names, pairs):
    assert list(alike(names)) == [(names[one], names[other]) for one, other in pairs]


# -- cases ----------------------------------------------------------------------------------------------------------


def test_every_rule_is_tripped_by_a_marked_line():
    marked = " ".join(
        line.partition(" #")[2] for path in CASES.glob("*.yaml") for line in path.read_text("utf-8").splitlines()
    )
    unmarked = {code for code in RULES if code not in marked}
    assert unmarked <= {"SM402"} | {code for code in RULES if code[2] in "578"}  # SM402 stands in the settings' file


def test_the_line_of_a_key_is_not_looked_for_where_there_is_no_file():
    machine = Machine("M", "a", (State("a", metadata={"color": "nope"}, place=Place("gone.yaml", 3, 5)),), ())
    (finding,) = found(machine, "SM601")
    assert (finding.file, finding.line, finding.column) == ("gone.yaml", 3, 5)


def test_many_transitions_of_one_name_are_compared_by_their_form_only():
    guards = [Not(Not(Name(f"G{n % 10}"))) if n % 2 else Name(f"G{n % 10}") for n in range(200)]
    ways = tuple(Transition("t", ("a",), f"s{n}", guard) for n, guard in enumerate(guards))
    machine = Machine("M", "a", (State("a"), *(State(f"s{n}") for n in range(200))), ways)
    clashes = [conflict.clash for conflict in conflicts(machine, "wiki")]
    assert (len(clashes), set(clashes), clashes.count("overlap")) == (199, {"overlap", "same_guard"}, 9)


def test_a_name_of_half_a_million_letters_takes_no_time():
    machine = Machine("M", "a" * 500_000, (State("a" * 500_000), State("a" * 499_999)), ())
    assert found(machine, "SM106") == []
