"""What does a rule say of one life: is it concerned, did it keep the rule, and where did it break it?

A life is read as a word of hexadecimal digits, one a position: 1 where the first thing of the rule stands, 2 where the
second does; 4 is added where something came too late (or, where it must not come, in time), 8 where it may still come.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Literal, NamedTuple

from workbench.machines.properties.declared import Property
from workbench.machines.properties.templates import Half

Judgement = Literal["satisfied", "violated", "pending", "unknowable"]
THINGS = {"A": 1, "B": 2}
LATE, WAITING = 4, 8
AT_THE_END = -1
_BACK = ("earlier", "since", "previous")


class Word(NamedTuple):
    """A life in the letters of a rule; `closed` when nothing can follow, `unbegun` when its beginning is unknown."""

    letters: str
    closed: bool
    unbegun: bool

    @property
    def codes(self) -> list[int]:
        """Return the positions as numbers."""
        return [int(digit, 16) for digit in self.letters]


class Breach(NamedTuple):
    """A position of a word (counted from 0; AT_THE_END after the last one) and what is wrong there."""

    at: int
    why: str


def judgement(declared: Property, word: Word) -> Judgement | None:
    """Return what a rule says of a life; None when it asks nothing of it.

    An open life is judged when nothing that may follow could change the verdict, one without a beginning when nothing
    that may have come before could.

    Examples
    --------
    >>> from workbench.machines.properties import read_property
    >>> rule = read_property({"state": "fulfilled", "needs_before": "confirmed"})
    >>> judgement(rule, Word("2", closed=True, unbegun=False)), judgement(rule, Word("1", closed=False, unbegun=False))
    ('violated', None)
    >>> judgement(rule, Word("2", closed=True, unbegun=True))
    'unknowable'
    """
    template, codes = declared.template, word.codes
    if template.concerns and not any(code & THINGS[thing] for code in codes for thing in template.concerns):
        return None
    if any(code & LATE for code in codes):
        unsure = word.unbegun and any(half.where == "anywhere" for half in template.halves)
        return "unknowable" if unsure else "violated"
    if declared.within is not None and any(half.forbidden for half in template.halves):
        return "satisfied" if word.closed else "pending"
    found = {_after(declared, start, word) for start in _starts(declared, word)}
    return found.pop() if len(found) == 1 else "unknowable"


def breaches(declared: Property, word: Word) -> list[Breach]:
    """Return each position where a life that violates a rule breaks it."""
    if judgement(declared, word) != "violated":
        return []
    found = [
        Breach(at, _why(declared, half, late=bool(word.codes[at] & LATE)))
        for half in declared.template.halves
        for at in _broken(half, word, timed=declared.within is not None)
    ]
    # Two demands may each be open and yet contradict one another.
    return sorted(found) or [Breach(at, declared.words) for at in _of_the_whole(declared, word.codes)]


def _starts(declared: Property, word: Word) -> frozenset[int]:
    """Return the states of the automaton that what came before may have led to."""
    if not word.unbegun:
        return frozenset({0})
    automaton = declared.automaton
    every = frozenset(range(len(automaton.steps)))
    # A rule told at each occurrence is asked of the occurrences that were seen.
    return every - automaton.doomed if declared.template.halves else every


def _after(declared: Property, start: int, word: Word) -> Judgement:
    automaton = declared.automaton
    state = start
    for code in word.codes:
        state = automaton.step(state, _letter(code & 3))
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
def _letter(code: int) -> frozenset[str]:
    return frozenset(thing for thing, bit in THINGS.items() if code & bit)


def _of_the_whole(declared: Property, codes: list[int]) -> list[int]:
    if declared.rule in {"absence", "exactly"}:
        allowed = declared.times - (declared.rule == "absence")
        too_many = [at for at, code in enumerate(codes) if code & THINGS["A"]][allowed:]
        return too_many or [AT_THE_END]
    state = 0
    for at, code in enumerate(codes):
        state = declared.automaton.step(state, _letter(code & 3))
        if state in declared.automaton.doomed:
            return [at]
    return [AT_THE_END]


def _broken(half: Half, word: Word, *, timed: bool) -> list[int]:
    """Return the positions that ask for something and do not have it, or have what must not be."""
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
    """Return at each position whether what it would ask for is there; None where the word ends before that is told."""
    given, wanted = THINGS[half.given], THINGS[half.wanted]
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
    things = dict(zip("AB", (" or ".join(map(repr, group)) for group in declared.of), strict=False))
    sentence = (_FORBIDDEN if half.forbidden else _MISSING)[half.where]
    text = sentence.format(given=things[half.given], wanted=things[half.wanted])
    return f"{text}, within {_span(declared.within)}" if late and declared.within is not None else text


def _span(span: timedelta) -> str:
    if not span % timedelta(days=1):
        return f"{span.days} day" + ("s" if span.days != 1 else "")
    return str(span)
