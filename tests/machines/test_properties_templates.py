"""Every template's automaton agrees with its formula evaluated directly, on all words up to length 6."""

from itertools import product

import pytest

from workbench.machines.properties import TEMPLATES, automaton_of

# The formulas of the literature, over positions i of a word w; evaluated here by their definition, not by automata.
WORDS = [word for length in range(7) for word in product("abc", repeat=length)]


def holds(formula, w, i=0):  # noqa: PLR0911  one line an operator
    kind, *parts = formula
    if kind == "lit":
        return i < len(w) and w[i] == parts[0]
    if kind == "no":
        return not holds(parts[0], w, i)
    if kind == "and":
        return all(holds(part, w, i) for part in parts)
    if kind == "or":
        return any(holds(part, w, i) for part in parts)
    if kind == "X":
        return i + 1 < len(w) and holds(parts[0], w, i + 1)
    if kind == "N":
        return i + 1 >= len(w) or holds(parts[0], w, i + 1)
    if kind == "F":
        return any(holds(parts[0], w, j) for j in range(i, len(w)))
    if kind == "G":
        return all(holds(parts[0], w, j) for j in range(i, len(w)))
    if kind == "U":
        return any(holds(parts[1], w, j) and all(holds(parts[0], w, k) for k in range(i, j)) for j in range(i, len(w)))
    raise AssertionError(kind)


def no(x):
    return ("no", x)


def implies(x, y):
    return ("or", no(x), y)


def weak(x, y):
    return ("or", ("U", x, y), ("G", x))


A, B = ("lit", "a"), ("lit", "b")
FA, FB = ("F", A), ("F", B)


def at_least(n):
    return ("F", ("and", A, ("X", at_least(n - 1)))) if n > 1 else FA if n else ("or", A, no(A))


RESPONSE = ("G", implies(A, FB))
PRECEDENCE = weak(no(B), A)
ALTERNATE_RESPONSE = ("G", implies(A, ("X", ("U", no(A), B))))
ALTERNATE_PRECEDENCE = ("and", PRECEDENCE, ("G", implies(B, ("N", PRECEDENCE))))
CHAIN_RESPONSE = ("G", implies(A, ("X", B)))
CHAIN_PRECEDENCE = ("and", no(B), ("G", implies(("X", B), A)))
FORMULAS = {
    **{("existence", n): at_least(n) for n in range(4)},
    **{("absence", n): no(at_least(n)) for n in range(4)},
    **{("exactly", n): ("and", at_least(n), no(at_least(n + 1))) for n in range(4)},
    ("init", 1): A,
    ("end", 1): ("F", ("and", A, ("N", ("and", A, no(A))))),
    ("choice", 1): ("or", FA, FB),
    ("exclusive_choice", 1): ("and", ("or", FA, FB), no(("and", FA, FB))),
    ("responded_existence", 1): implies(FA, FB),
    ("coexistence", 1): ("and", implies(FA, FB), implies(FB, FA)),
    ("not_coexistence", 1): no(("and", FA, FB)),
    ("response", 1): RESPONSE,
    ("precedence", 1): PRECEDENCE,
    ("succession", 1): ("and", RESPONSE, PRECEDENCE),
    ("not_succession", 1): ("G", implies(A, no(FB))),
    ("alternate_response", 1): ALTERNATE_RESPONSE,
    ("alternate_precedence", 1): ALTERNATE_PRECEDENCE,
    ("alternate_succession", 1): ("and", ALTERNATE_RESPONSE, ALTERNATE_PRECEDENCE),
    ("chain_response", 1): CHAIN_RESPONSE,
    ("chain_precedence", 1): CHAIN_PRECEDENCE,
    ("chain_succession", 1): ("and", CHAIN_RESPONSE, CHAIN_PRECEDENCE),
    ("not_chain_succession", 1): ("G", implies(A, no(("X", B)))),
}


def letters(word, arity):
    return [frozenset({"a": "A", "b": "B"}[x] for x in {letter} & set("ab"[:arity])) for letter in word]


def test_every_template_has_its_formula_here():
    assert {name for name, _ in FORMULAS} == set(TEMPLATES)
    assert len(WORDS) == 1093


@pytest.mark.parametrize(("name", "n"), FORMULAS, ids=str)
def test_automaton_agrees_with_the_formula(name, n):
    template = TEMPLATES[name]
    automaton = automaton_of(template.formula(n), "AB"[: template.arity])
    formula = FORMULAS[name, n]
    wrong = [word for word in WORDS if automaton.accepts(letters(word, template.arity)) is not holds(formula, word)]
    assert wrong == []


@pytest.mark.parametrize(("name", "n"), FORMULAS, ids=str)
def test_doomed_and_settled_words_stay_so_and_all_others_do_not(name, n):
    template = TEMPLATES[name]
    automaton = automaton_of(template.formula(n), "AB"[: template.arity])
    endings = [letters(word, template.arity) for word in WORDS if len(word) <= 4]
    for word in (word for word in WORDS if len(word) <= 3):
        begun = letters(word, template.arity)
        verdicts = {automaton.accepts(begun + ending) for ending in endings}
        at = automaton.run(begun)
        assert (at in automaton.doomed, at in automaton.settled) == (verdicts == {False}, verdicts == {True})


@pytest.mark.parametrize("name", [name for name, template in TEMPLATES.items() if not template.counts])
def test_automata_without_a_number_have_at_most_four_states(name):
    template = TEMPLATES[name]
    assert len(automaton_of(template.formula(1), "AB"[: template.arity]).steps) <= 4


def test_hand_counted_words():
    def keeps(name, word):
        template = TEMPLATES[name]
        return automaton_of(template.formula(1), "AB"[: template.arity]).accepts(letters(word, template.arity))

    assert keeps("response", "acb")
    assert not keeps("response", "bca")
    assert keeps("alternate_precedence", "acb")
    assert not keeps("alternate_precedence", "abb")
    assert keeps("chain_response", "cab")
    assert not keeps("chain_precedence", "b")
    assert keeps("not_succession", "ba")
    assert not keeps("end", "ab")


def test_a_position_may_be_both():
    both = [frozenset("AB")]
    kept = {name for name, t in TEMPLATES.items() if t.arity == 2 and automaton_of(t.formula(1), "AB").accepts(both)}
    assert kept == {
        "choice",
        "responded_existence",
        "coexistence",
        "response",
        "precedence",
        "succession",
        "alternate_precedence",
        "not_chain_succession",
    }
