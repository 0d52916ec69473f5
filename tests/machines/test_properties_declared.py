"""What an entry of `properties:` means, and what is said of one that means nothing."""

import re
from datetime import timedelta

import pytest

from workbench.errors import MachineError
from workbench.machines.properties import read_property
from workbench.machines.properties.conditions import Condition


@pytest.mark.parametrize(
    ("keys", "rule", "of", "on", "times"),
    [
        ({"never": "limbo"}, "absence", (("limbo",),), ("state",), 1),
        ({"never": ("a", "b"), "on": "transition"}, "absence", (("a", "b"),), ("transition",), 1),
        ({"state": "b", "needs_before": "a"}, "precedence", (("a",), ("b",)), ("state", "state"), 1),
        ({"event": "b", "needs_before": "a", "on": "state"}, "precedence", (("a",), ("b",)), ("state", "event"), 1),
        ({"state": "a", "leads_to": "b"}, "response", (("a",), ("b",)), ("state", "state"), 1),
        ({"transition": "a", "at_most": 0}, "absence", (("a",),), ("transition",), 1),
        ({"transition": "a", "at_most": 3}, "absence", (("a",),), ("transition",), 4),
        ({"rule": "exactly", "of": "a", "n": 2}, "exactly", (("a",),), ("state",), 2),
        ({"rule": "init", "of": ("a", "b")}, "init", (("a", "b"),), ("state",), 1),
        ({"rule": "chain response", "of": ("a", "b")}, "chain_response", (("a",), ("b",)), ("state", "state"), 1),
        (
            {"rule": "precedence", "of": ("Paid", ("b", "c")), "on": ("event", "state")},
            "precedence",
            (("Paid",), ("b", "c")),
            ("event", "state"),
            1,
        ),
        (
            {"rule": "response", "of": ("a", "a"), "on": ("event", "state")},
            "response",
            (("a",),) * 2,
            ("event", "state"),
            1,
        ),
        ({"reachable": "a"}, "reachable", (("a",),), ("state",), 1),
        ({"always": "can finish"}, "can_finish", (), (), 1),
        ({"rule": "always can finish"}, "can_finish", (), (), 1),
    ],
)
def test_entry_means(keys, rule, of, on, times):
    found = read_property(keys)
    assert (found.rule, found.of, found.on, found.times) == (rule, of, on, times)


def test_the_entry_of_the_contract_keeps_its_name_condition_and_time():
    found = read_property(
        {
            "name": "paid in full",
            "rule": "precedence",
            "of": ("PaymentProcessed", "confirmed"),
            "on": ("event", "state"),
            "when": "data.amount >= attributes.total",
            "within": "7 days",
        }
    )
    assert (found.name, found.when, found.within) == (
        "paid in full",
        ("data.amount >= attributes.total", None),
        timedelta(days=7),
    )
    assert found.letter(event="PaymentProcessed") == {"A"}
    assert found.letter(state="confirmed", event="PaymentProcessed") == {"A", "B"}
    assert found.letter(state="PaymentProcessed", event=["x", "confirmed"]) == set()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"never": "limbo"}, "'limbo' never occurs"),
        ({"state": "a", "at_most": 1}, "'a' occurs at most once"),
        ({"state": "a", "at_most": 3}, "'a' occurs at most 3 times"),
        ({"rule": "existence", "of": "a", "n": 2}, "'a' occurs at least 2 times"),
        ({"state": "a", "leads_to": ("b", "c")}, "after 'a' comes 'b' or 'c'"),
        ({"reachable": "a"}, "'a' can be reached"),
    ],
)
def test_entry_in_words(keys, words):
    assert read_property(keys).words == read_property(keys).name == words


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({}, "not none"),
        ({"never": "a", "leads_to": "b"}, "not never and leads_to"),
        ({"nver": "a"}, "unknown key 'nver' of a property: did you mean 'never'"),
        ({"never": True}, "`never` must be a name or a list of names, not True: write it in quotes"),
        ({"never": ()}, "empty list"),
        ({"never": "a", "state": "b"}, "say `on: state`"),
        ({"never": "a", "of": "b"}, "`of` belongs to `rule`"),
        ({"leads_to": "a"}, "needs one of state, transition or event"),
        ({"state": "a", "event": "b", "leads_to": "c"}, "needs one of state, transition or event"),
        ({"state": "a", "leads_to": "a"}, "'a' stands on both sides of response"),
        ({"state": "a", "at_most": -1}, "a number from 0 to 100, not -1"),
        ({"state": "a", "at_most": "two"}, "not 'two'"),
        ({"rule": "respons", "of": ("a", "b")}, "no rule named 'respons': did you mean 'response'"),
        ({"rule": "zzz"}, "no rule named 'zzz': there is existence, "),
        ({"rule": "response", "of": "a"}, "the rule response needs `of: [A, B]`, not 'a'"),
        ({"rule": "response"}, "not nothing"),
        ({"rule": "response", "of": ("a", "b"), "n": 2}, "takes no `n`"),
        ({"rule": "response", "of": ("a", "b"), "state": "c"}, "write `of` with `rule`"),
        ({"rule": "init", "of": "a", "on": "events"}, "`on` is state, transition or event, not 'events'"),
        ({"rule": "response", "of": ("a", "b"), "on": ("state",)}, "or one of these for each"),
        ({"always": "finish"}, "followed by `can finish`, not by 'finish'"),
        ({"never": "a", "within": "soon"}, "`within`: 'soon' is not a duration"),
        ({"never": "a", "name": ("b",)}, "`name` of a property must be a text"),
    ],
)
def test_an_entry_that_means_nothing_is_told_why(keys, message):
    with pytest.raises(MachineError, match=re.escape(message)):
        read_property(keys)


def test_a_condition_that_is_no_cel_is_told_where():
    pytest.importorskip("cel")
    with pytest.raises(MachineError, match=r"`when` is no CEL expression: .* at character 5 of 'a &&'"):
        read_property({"never": "a", "when": "a &&"})


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("data.amount >=", "it ends too early at character 15 of 'data.amount >='"),
        ("data.items[", "it ends too early at character 1 of"),
        ("data.amount = 3", "unexpected '=' at character 13 of"),
        ("data.a == 1\n&& data.b >> 2", "unexpected '>' at character 12 of line 2 of"),
        ("(" * 100 + "1", "it is nested deeper than 96 at character 97 of '" + "(" * 80 + "...'"),
        ("data.items.frob()", "`when` calls frob(), which is not there: those of CEL and its standard extensions are"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said_in_words_of_its_own(when, said):
    pytest.importorskip("cel")
    with pytest.raises(MachineError, match=re.escape(said)):
        read_property({"never": "a", "when": when})


def test_a_function_that_fails_is_named_without_its_insides():
    pytest.importorskip("cel")
    assert Condition("duration(data.x) > duration('1s')").answer({"data": {"x": "y"}}) == (None, "duration() fails")
