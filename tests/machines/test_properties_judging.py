"""What a rule says of a life that is closed, open, or without a beginning, and where it broke the rule."""

from itertools import product

import pytest

from workbench.machines.properties import TEMPLATES, Property, Word, breaches, judgement

# Digits: nothing, the first thing, the second, both at once.
SHORT = ["".join(word) for length in range(5) for word in product("0123", repeat=length)]
CLOSED = ["".join(word) for length in range(7) for word in product("012", repeat=length)]


def rule(name: str, times: int = 2) -> Property:
    template = TEMPLATES[name]
    return Property(name, name, (("a",), ("b",))[: template.arity], ("state",) * template.arity, times)


def word(letters: str, *, closed: bool = True, unbegun: bool = False) -> Word:
    return Word(letters, closed, unbegun)


def keeps(declared: Property, letters: str) -> bool:
    return declared.automaton.accepts(
        frozenset("AB"[bit] for bit in (0, 1) if int(digit) >> bit & 1) for digit in letters
    )


def letters_of(declared: Property) -> list[str]:
    return [w for w in SHORT if declared.template.arity > 1 or not set(w) & {"2", "3"}]


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_closed_life_keeps_a_rule_exactly_when_its_word_does(name):
    declared = rule(name)
    for letters in [*letters_of(declared), *(w for w in CLOSED if declared.template.arity > 1 or "2" not in w)]:
        said = judgement(declared, word(letters))
        assert keeps(declared, letters) is (said != "violated"), letters
        assert said in {None, "satisfied", "violated"}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_violated_life_has_a_breach_and_no_other_has(name):
    declared = rule(name)
    for letters in letters_of(declared):
        for closed in (True, False):
            found = breaches(declared, word(letters, closed=closed))
            assert bool(found) is (judgement(declared, word(letters, closed=closed)) == "violated"), letters
            assert all(breach.at < len(letters) for breach in found)


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_open_life_is_pending_until_no_way_on_changes_the_verdict(name):
    declared = rule(name)
    for letters in (w for w in letters_of(declared) if len(w) < 3):
        onward = {judgement(declared, word(letters + more)) for more in letters_of(declared)}
        said = judgement(declared, word(letters, closed=False))
        if said in {"satisfied", "violated"}:
            assert onward == {said}, letters
        elif said == "pending":
            assert onward == {"satisfied", "violated"}, letters


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_life_without_a_beginning_is_judged_when_every_beginning_gives_the_same(name):
    declared = rule(name)
    befores = [w for w in letters_of(declared) if len(w) < 4]
    for letters in (w for w in letters_of(declared) if len(w) < 3):
        said = judgement(declared, word(letters, unbegun=True))
        if said not in {"satisfied", "violated"}:
            continue
        for before in befores:
            full = word(before + letters)
            if said == "satisfied" and declared.template.halves:  # what the beginning itself broke was not seen
                assert all(breach.at < len(before) for breach in breaches(declared, full)), (before, letters)
            else:
                assert judgement(declared, full) == said, (before, letters)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_letter_that_may_or_may_not_stand_there_is_judged_when_both_ways_say_the_same(name):
    declared = rule(name)
    for letters in (w for w in letters_of(declared) if len(w) == 3):
        for unsure in product((0, 16, 32) if declared.template.arity > 1 else (0, 16), repeat=3):
            codes = [int(letter) & ~(bit >> 4) | bit for letter, bit in zip(letters, unsure, strict=True)]
            ways = ["".join(map(str, way)) for way in product(*({code & 3, code & 3 | code >> 4} for code in codes))]
            for closed in (True, False):
                said = {judgement(declared, word(way, closed=closed)) for way in ways}
                unknown = word("".join(chr(48 + code) for code in codes), closed=closed)
                assert judgement(declared, unknown) == (said.pop() if len(said) == 1 else "unknowable"), unknown
                assert bool(breaches(declared, unknown)) is (judgement(declared, unknown) == "violated"), unknown


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_life_with_holes_is_judged_when_nothing_in_them_changes_the_verdict(name):
    declared = rule(name)
    fillings = [w for w in letters_of(declared) if len(w) < 3]
    for letters in fillings:
        said = judgement(declared, Word(letters, closed=True, unbegun=False, holed=True))
        filled = {
            keeps(declared, before + letters[:at] + between + letters[at:])
            for before, between in product(fillings, repeat=2)
            for at in range(len(letters) + 1)
        }
        assert said == "unknowable" or filled == {said == "satisfied"}, letters
        assert said != "unknowable" or len(filled) > 1 or declared.template.halves, letters


def test_breaches_stand_at_the_occurrence_that_was_left_alone():
    def at(name: str, letters: str) -> list[int]:
        return [breach.at for breach in breaches(rule(name), word(letters))]

    assert at("response", "1021") == [3]
    assert at("precedence", "2012") == [0]
    assert at("alternate_response", "112") == [0]
    assert at("alternate_precedence", "1220") == [2]
    assert at("chain_response", "1012") == [0]
    assert at("chain_precedence", "0212") == [1]
    assert at("not_succession", "1022") == [2, 3]
    assert at("not_coexistence", "201") == [2]
    assert at("coexistence", "101") == [0, 2]
    assert at("absence", "1011") == [2, 3]
    assert at("exactly", "010") == [-1]
    assert at("init", "01") == [0]
    assert at("exclusive_choice", "0102") == [3]
    assert at("choice", "") == [-1]
