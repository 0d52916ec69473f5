"""A machine as a value: its graph, what it allows, its finals, and which type it speaks for."""

import pickle
import subprocess
import sys

import networkx as nx
import pytest

from workbench.errors import UnknownNameError
from workbench.machines import Machine, Machines, State, Transition
from workbench.machines.reader import read_text

TEXT = """
name: Order
model: App\\Models\\Order
initial_state: new
states: [new, paid, gone]
transitions:
  - {name: pay, from: new, to: paid, guard: IsPaid, action: Thank}
  - {name: pay, from: new, to: paid}
  - {name: drop, from: [new, paid], to: gone}
"""


@pytest.fixture
def order():
    return read_text(TEXT)["Order"]


def test_each_from_state_of_each_transition_is_an_edge_with_its_own_key(order):
    assert sorted(order.graph.edges(keys=True)) == [
        ("new", "gone", (2, 0)),
        ("new", "paid", (0, 0)),
        ("new", "paid", (1, 0)),
        ("paid", "gone", (2, 1)),
    ]
    edge = order.graph.edges["new", "paid", (0, 0)]
    assert (edge["name"], edge["guard"].text(), edge["actions"], edge["place"].line) == ("pay", "IsPaid", ("Thank",), 7)
    assert order.graph.nodes["new"] == {"initial": True, "final": False, "implied": False}


def test_graph_is_made_once_and_cannot_be_changed(order):
    assert order.graph is order.graph
    with pytest.raises(nx.NetworkXError):
        order.graph.add_node("else")


def test_states_that_are_used_but_not_declared_are_nodes_too():
    machine = Machine("M", "a", (State("a"),), (Transition("t", ("a",), "b"),))
    assert machine.graph.nodes["b"]["implied"] is None


def test_allows_gives_every_transition_between_two_states_in_order(order):
    assert [t.guard is None for t in order.allows("new", "paid")] == [False, True]
    assert [t.name for t in order.allows("paid", "gone")] == ["drop"]
    assert order.allows("gone", "new") == ()
    assert order.allows("nowhere", "new") == ()


def test_finals_are_the_declared_ones_else_the_states_without_a_way_out(order):
    assert order.finals == ("gone",)
    declared = Machine("M", "a", (State("a", final=True), State("b")), (Transition("t", ("a",), "b"),))
    assert declared.finals == ("a",)


def test_places_do_not_count_when_machines_are_compared(order):
    assert read_text("# moved down\n\n" + TEXT, "elsewhere.yaml")["Order"] == order
    assert read_text(TEXT.replace("IsPaid", "IsRich"))["Order"] != order


def test_an_unknown_state_or_machine_says_the_nearest(order):
    with pytest.raises(UnknownNameError, match="no state named 'payd' in Order: did you mean 'paid'"):
        order.state("payd")
    with pytest.raises(UnknownNameError, match="no machine named 'Ordre': did you mean 'Order'"):
        Machines([order])["Ordre"]
    assert "Ordre" not in Machines([order])
    assert Machines([order]).get("Ordre") is None


def test_short_texts_say_what_there_is(order):
    assert repr(order) == "<Machine Order of App\\Models\\Order: 3 states, 3 transitions, starts in new>"
    assert repr(Machines([order])) == "<Machines: Order; 0 event bindings, 0 findings>"
    unnamed = Transition(None, ("a", "b"), "c")
    assert unnamed.label == "a, b → c"


def machines(**models):
    return Machines([Machine(name, "a", (State("a"),), (), model=model) for name, model in models.items()])


def names(found):
    return [machine.name for machine in found]


def test_a_machine_speaks_for_its_model_by_full_or_short_name():
    both = machines(A="App\\Models\\Order", B="App\\Models\\Invoice", C=None)
    assert names(both.for_type("Order", "App\\Models\\Order")) == ["A"]
    assert names(both.for_type("Order", "Shop\\Order")) == ["A"]
    assert names(both.for_type("Invoice")) == ["B"]
    assert both.for_type("Shipment", "App\\Models\\Shipment") == []


def test_the_full_name_wins_over_the_short_one():
    both = machines(A="App\\Models\\Order", B="Order", C="App\\Models\\Order")
    assert names(both.for_type("Order", "App\\Models\\Order")) == ["A", "C"]
    assert names(both.for_type("Order", "Order")) == ["B"]


def test_match_overrules_the_models():
    both = machines(A="App\\Models\\Order", B=None)
    assert names(both.for_type("Order", "App\\Models\\Order", {"Order": "B"})) == ["B"]
    assert names(both.for_type("Order", "App\\Models\\Order", {"App\\Models\\Order": ["A", "B"]})) == ["A", "B"]
    with pytest.raises(UnknownNameError, match="no machine named 'Bee'"):
        both.for_type("Order", match={"Order": "Bee"})


def test_machines_are_hashable_and_their_values_cannot_be_set(order):
    assert len({order, read_text(TEXT)["Order"]}) == 1
    with pytest.raises(AttributeError):
        order.name = "Other"
    with pytest.raises(TypeError):
        order.states[0].metadata["color"] = "red"


def test_places_survive_a_process_boundary(order):
    assert pickle.loads(pickle.dumps(order.place)) == order.place  # noqa: S301  our own bytes


def test_reading_and_checking_load_nothing_heavy():
    code = (
        "import sys; from workbench.machines import check, read_machines; "
        "check(read_machines('machines/')).errors; "
        "print(sorted({'networkx', 'pandas', 'plotly', 'duckdb', 'ipywidgets'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
