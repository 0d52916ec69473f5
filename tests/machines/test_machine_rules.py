"""The rules: each breaks on its own incorrect example and keeps silent on its correct one."""

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UnknownNameError
from workbench.machines import RULES, Machine, Machines, State, Transition, check
from workbench.machines.reader import read_text
from workbench.machines.registry import Rules
from workbench.machines.settings_files import settings_text


@pytest.mark.parametrize("code", [code for code in RULES if not RULES[code].log])
def test_incorrect_example_breaks_the_rule_and_the_correct_one_keeps_it(code):
    rule = RULES[code]
    settings = settings_text(rule.settings, "settings")
    broken = [finding for finding in check(read_text(rule.incorrect), settings) if finding.code == code]
    assert broken
    assert {finding.rule for finding in broken} == {rule.name}
    assert broken[0].severity == rule.severity
    kept = check(read_text(rule.correct), settings)
    assert [str(finding) for finding in kept.errors] == []
    assert code not in {finding.code for finding in kept}


@pytest.mark.parametrize("code", RULES)
def test_every_rule_says_in_one_line_what_is_wrong(code):
    rule = RULES[code]
    assert rule.summary.endswith(".")
    assert "::" not in rule.explanation
    assert rule.text.index("Incorrect::") < rule.text.index("Correct::")


def test_an_unknown_code_says_the_nearest():
    with pytest.raises(UnknownNameError, match="no rule named 'SM3010': did you mean"):
        RULES["SM3010"]


def test_two_rules_cannot_share_a_code():
    rules = Rules()
    rules.register("SM999", "info")(lambda _: ())
    with pytest.raises(ValueError, match="two rules bear the code SM999"):
        rules.register("SM999", "info")(lambda _: ())


def test_unreachable_state_names_those_that_could_lead_to_it():
    text = """
name: M
initial_state: a
states: [a, b, c, d, e]
transitions:
  - {name: t, from: b, to: c}
  - {name: t, from: c, to: b}
  - {name: t, from: e, to: e}
"""
    found = {f.subjects[0]: (f.message, f.witness) for f in check(read_text(text)) if f.code == "SM301"}
    because = {
        "b": ("only 'c' can lead to it, which cannot be reached either", ("c",)),
        "c": ("only 'b' can lead to it, which cannot be reached either", ("b",)),
        "d": ("no transition leads to it", ()),
        "e": ("only it leads to itself", ()),
    }
    remedy = "add a transition to it, or remove it"
    assert found == {
        state: (f"the state {state!r} cannot be reached from 'a': {reason}; {remedy}", witness)
        for state, (reason, witness) in because.items()
    }


def test_undeclared_state_says_the_nearest():
    text = "name: M\ninitial_state: paid\nstates: [paid]\ntransitions:\n  - {name: t, from: payd, to: paid}\n"
    (finding,) = [f for f in check(read_text(text)) if f.code == "SM103"]
    assert finding.message == "the transition 't' names the state 'payd', which is not declared: did you mean 'paid'?"
    assert (finding.line, finding.column, finding.machine) == (5, 21, "M")


STATES = st.sampled_from([f"s{n}" for n in range(9)])


@st.composite
def machines(draw):
    names = draw(st.lists(STATES, min_size=1, max_size=9, unique=True))
    some = st.sampled_from(names)
    pairs = draw(st.lists(st.tuples(st.lists(some, min_size=1, max_size=3), some), max_size=14))
    transitions = tuple(Transition(f"t{n}", tuple(sources), target) for n, (sources, target) in enumerate(pairs))
    return Machine("M", draw(some), tuple(map(State, names)), transitions)


@given(machines())
def test_unreachable_states_are_those_networkx_does_not_find_below_the_initial(machine):
    found = {finding.subjects[0] for finding in check(machine) if finding.code == "SM301"}
    assert found == set(machine.state_names) - {machine.initial} - nx.descendants(machine.graph, machine.initial)


@given(machines())
def test_a_dead_transition_leaves_only_unreachable_states_and_each_such_transition_is_found(machine):
    findings = check(machine)
    never = {finding.subjects[0] for finding in findings if finding.code == "SM301"}
    dead = {finding.subjects[0] for finding in findings if finding.code == "SM302"}
    assert dead == {t.name for t in machine.transitions if set(t.from_states) <= never}


@given(machines())
def test_a_dead_end_has_no_way_out_in_the_graph(machine):
    ends = {name for f in check(machine) if f.code == "SM303" for name in f.subjects}
    assert ends == {name for name in machine.graph if machine.graph.out_degree(name) == 0} == set(machine.finals)


def test_check_takes_a_machine_several_or_what_was_read():
    machine = Machine("M", "a", (State("a"), State("b")), ())
    assert [f.code for f in check(machine)] == [f.code for f in check([machine])] == ["SM301", "SM303"]
    assert check(Machines()).items == ()


def test_findings_of_the_reading_are_among_those_of_check():
    text = "name: A\ninitial_state: x\nstates: [x, y]\ntransitions:\n  - {from: x, to: y, gaurd: G}\n"
    assert [f.code for f in check(read_text(text))] == ["SM303", "SM005"]
