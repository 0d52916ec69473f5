"""What does a rule say of one life: is it concerned, did it keep the rule, and where did it break it?

A life is read as a word, a character a position: the sum of what stands there, written as `chr(48 + sum)`, so that "1"
is the first thing of the rule, "2" the second, "3" both. To these are added LATE where something came too late (or,
where it must not come, in time) and WAITING where it may still come; and where something is not known, A_OR_NOT and
B_OR_NOT for a condition that cannot be told, LATE_OR_NOT for a time that hangs on one.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from itertools import product
from typing import Literal, NamedTuple

from workbench.machines.properties.declared import Property, things_in_words
from workbench.machines.properties.templates import Half

Judgement = Literal["satisfied", "violated", "pending", "unknowable"]
THINGS = {"A": 1, "B": 2}
LATE, WAITING = 4, 8
A_OR_NOT, B_OR_NOT, LATE_OR_NOT = 16, 32, 64
AT_THE_END = -1
_ZERO = ord("0")
_UNSURE = {"A": A_OR_NOT, "B": B_OR_NOT}
_BACK = ("earlier", "since", "previous")


class Word(NamedTuple):
    """A life in the letters of a rule.

    `closed` when nothing can follow, `unbegun` when its beginning is unknown, `holed` when events are missing of which
    nothing is known.
    """

    letters: str
    closed: bool
    unbegun: bool
    holed: bool = False

    @property
    def codes(self) -> list[int]:
        """Return the positions as numbers."""
        return [ord(letter) - _ZERO for letter in self.letters]


class Breach(NamedTuple):
    """A position of a word (counted from 0; AT_THE_END after the last one) and what is wrong there."""

    at: int
    why: str


def judgement(declared: Property, word: Word) -> Judgement | None:
    """Return what a rule says of a life; None when it asks nothing of it.

    An open life is judged when nothing that may follow could change the verdict, one without a beginning when nothing
    that may have come before could, one with holes when nothing that may stand in them could, and one with unknown
    conditions when these could be either way.

    Examples
    --------
    >>> from workbench.machines.properties import read_property
    >>> rule = read_property({"state": "fulfilled", "needs_before": "confirmed"})
    >>> judgement(rule, Word("2", closed=True, unbegun=False)), judgement(rule, Word("1", closed=False, unbegun=False))
    ('violated', None)
    >>> judgement(rule, Word("2", closed=True, unbegun=True))
    'unknowable'
    """
    concerned = _is_concerned(declared, word)
    if concerned is False:
        return None
    found = _judgements(declared, word)
    return found.pop() if concerned and len(found) == 1 else "unknowable"


def breaches(declared: Property, word: Word) -> list[Breach]:
    """Return each position where a life that violates a rule breaks it."""
    if judgement(declared, word) != "violated":
        return []
    found = [
        Breach(at, _why(declared, half, late=bool(word.codes[at] & LATE)))
        for half in declared.template.halves
        if half.forbidden or not word.holed
        for at in _broken(half, word, timed=declared.within is not None)
    ]
    # Two demands may each be open and yet contradict one another.
    return sorted(found) or [Breach(at, declared.words) for at in _of_the_whole(declared, word)]


def _is_concerned(declared: Property, word: Word) -> bool | None:
    """Tell whether a rule asks something of a life, None where that is not known."""
    things = declared.template.concerns
    if not things or any(code & THINGS[thing] for code in word.codes for thing in things):
        return True
    return None if word.holed or any(code & _UNSURE[thing] for code in word.codes for thing in things) else False


def _judgements(declared: Property, word: Word) -> set[Judgement]:
    """Return every judgement that what is not known leaves open."""
    halves, codes = declared.template.halves, word.codes
    forbidden = any(half.forbidden for half in halves)
    found: set[Judgement] = {"violated"} if any(code & LATE_OR_NOT for code in codes) else set()
    if any(code & LATE for code in codes):
        may_be_there = word.unbegun and any(half.where == "anywhere" for half in halves)
        return {"unknowable"} if may_be_there or (word.holed and not forbidden) else {"violated"}
    if declared.within is not None and forbidden:
        unsure = word.holed or any(code & (A_OR_NOT | B_OR_NOT) for code in codes)
        return found | {"unknowable" if unsure else "satisfied" if word.closed else "pending"}
    return found | {_after(declared, state, word) for state in _ends(declared, word)}


def _ends(declared: Property, word: Word) -> frozenset[int]:
    """Return the states of the automaton that a life may have led to."""
    states = _starts(declared, word)
    for code in word.codes:
        states = _stepped(declared, states, code, holed=word.holed)
    return states


def _starts(declared: Property, word: Word) -> frozenset[int]:
    """Return the states of the automaton that what came before may have led to."""
    automaton = declared.automaton
    starts = frozenset({0})
    if word.unbegun:
        every = frozenset(range(len(automaton.steps)))
        # A rule told at each occurrence is asked of the occurrences that were seen.
        starts = every - automaton.doomed if declared.template.halves else every
    return automaton.onward(starts) if word.holed else starts


def _stepped(declared: Property, states: Iterable[int], code: int, *, holed: bool) -> frozenset[int]:
    automaton = declared.automaton
    after = frozenset(automaton.step(state, letter) for state, letter in product(states, _letters(code)))
    return automaton.onward(after) if holed else after


def _after(declared: Property, state: int, word: Word) -> Judgement:
    automaton = declared.automaton
    if state in automaton.doomed:
        return "violated"
    if any(code & WAITING for code in word.codes):
        return "pending"
    if state in automaton.settled:
        return "satisfied"
    if not word.closed:
        return "pending"
    return "satisfied" if state in automaton.accepting else "violated"


@cache
def _letters(code: int) -> tuple[frozenset[str], ...]:
    """Return what may stand at a position: one letter where all is known."""
    sure = {thing for thing, bit in THINGS.items() if code & bit}
    unsure = [({thing}, set[str]()) for thing, bit in _UNSURE.items() if code & bit]
    return tuple(frozenset(sure.union(*some)) for some in product(*unsure))


def _of_the_whole(declared: Property, word: Word) -> list[int]:
    if declared.rule in {"absence", "exactly"}:
        allowed = declared.times - (declared.rule == "absence")
        too_many = [at for at, code in enumerate(word.codes) if code & THINGS["A"]][allowed:]
        return too_many or [AT_THE_END]
    states = _starts(declared, word)
    for at, code in enumerate(word.codes):
        states = _stepped(declared, states, code, holed=word.holed)
        if states <= declared.automaton.doomed:
            return [at]
    return [AT_THE_END]


def _broken(half: Half, word: Word, *, timed: bool) -> list[int]:
    """Return the positions that surely ask for something and do not have it, or have what must not be."""
    missing = (word.closed or half.where in _BACK) and not (word.unbegun and half.where in (*_BACK, "anywhere"))
    found = []
    for at, (code, answer) in enumerate(zip(word.codes, _answers(half, word.codes), strict=True)):
        if half.forbidden:
            wrong = bool(code & LATE) if timed else answer is True
        else:
            wrong = bool(code & LATE) or answer is False or (answer is None and missing)
        if wrong and code & THINGS[half.given]:
            found.append(at)
    return found


def _answers(half: Half, codes: list[int]) -> list[bool | None]:
    """Return at each position whether what it would ask for is there; None where the word ends before that is told.

    What is unsure is taken as it breaks least: as there where it is wanted, as not there where it is forbidden.
    """
    given, wanted = THINGS[half.given], THINGS[half.wanted] | (0 if half.forbidden else _UNSURE[half.wanted])
    if half.where == "anywhere":
        return [any(code & wanted for code in codes) or None] * len(codes)
    answers: list[bool | None] = []
    seen: bool | None = None  # of the positions passed so far
    for code in codes if half.where in _BACK else reversed(codes):
        asks, is_there = bool(code & given), bool(code & wanted)
        if half.where in {"earlier", "later"}:
            seen = is_there or seen
            answers.append(seen)
        elif half.where == "since":
            answers.append(is_there or seen)
            seen = not asks and (is_there or seen)
        else:
            answers.append(seen)
            seen = is_there if half.where in {"next", "previous"} else is_there or (not asks and seen)
    return answers if half.where in _BACK else answers[::-1]


_MISSING = {
    "anywhere": "no {wanted} in this life",
    "later": "no {wanted} after it",
    "after": "no {wanted} after it, before the next {given}",
    "next": "no {wanted} right after it",
    "earlier": "no {wanted} before it",
    "since": "no {wanted} before it, since the last {given}",
    "previous": "no {wanted} right before it",
}
_FORBIDDEN = {"earlier": "{wanted} came before it", "previous": "{wanted} came right before it"}


def _why(declared: Property, half: Half, *, late: bool) -> str:
    things = things_in_words(declared.of, declared.when)
    sentence = (_FORBIDDEN if half.forbidden else _MISSING)[half.where]
    text = sentence.format(given=things[half.given], wanted=things[half.wanted])
    return f"{text}, within {_span(declared.within)}" if late and declared.within is not None else text


def _span(span: timedelta) -> str:
    if not span % timedelta(days=1):
        return f"{span.days} day" + ("s" if span.days != 1 else "")
    return str(span)
