"""What must still happen for a rule to be kept: formulas of linear time over finite words, and one step of them.

A formula is a nested tuple in negation normal form. A letter is the set of propositions that hold at a position, so
that one position may be both A and B.
"""

from __future__ import annotations

from typing import Any

Formula = tuple[Any, ...]
Letter = frozenset[str]

TRUE: Formula = ("true",)
FALSE: Formula = ("false",)
LAST: Formula = ("last",)  # the word ends here
GOES_ON: Formula = ("goes_on",)  # another position follows
_SETTLED = {"true": TRUE, "goes_on": TRUE, "false": FALSE, "last": FALSE}


def is_(name: str) -> Formula:
    """Return: now is a position of `name`."""
    return ("is", name)


def not_(name: str) -> Formula:
    """Return: now is no position of `name`."""
    return ("not", name)


def all_of(*parts: Formula) -> Formula:
    """Return: all parts hold."""
    return _joined("and", TRUE, FALSE, parts)


def any_of(*parts: Formula) -> Formula:
    """Return: at least one part holds."""
    return _joined("or", FALSE, TRUE, parts)


def eventually(part: Formula) -> Formula:
    """Return: the part holds now or later."""
    return ("until", TRUE, part)


def always(part: Formula) -> Formula:
    """Return: the part holds now and at every later position."""
    return ("unless", part, FALSE)


def until(before: Formula, then: Formula) -> Formula:
    """Return: `then` comes, and `before` holds at every position up to it."""
    return ("until", before, then)


def unless(before: Formula, then: Formula) -> Formula:
    """Return: `before` holds at every position up to the first `then`, or to the end."""
    return ("unless", before, then)


def next_(part: Formula) -> Formula:
    """Return: there is a next position, and the part holds there."""
    return ("next", part)


def next_if_any(part: Formula) -> Formula:
    """Return: the part holds at the next position, or there is none."""
    return ("next_if_any", part)


def advanced(formula: Formula, letter: Letter) -> Formula:
    """Return what must hold of the rest of a word, after a position where the names in `letter` hold."""
    kind = formula[0]
    if kind in _SETTLED:
        return _SETTLED[kind]
    if kind in {"is", "not"}:
        return TRUE if (formula[1] in letter) is (kind == "is") else FALSE
    if kind in {"and", "or"}:
        parts = (advanced(part, letter) for part in formula[1])
        return all_of(*parts) if kind == "and" else any_of(*parts)
    if kind in {"next", "next_if_any"}:
        return all_of(formula[1], GOES_ON) if kind == "next" else any_of(formula[1], LAST)
    before, then = formula[1:]
    return any_of(advanced(then, letter), all_of(advanced(before, letter), formula))


def holds_at_the_end(formula: Formula) -> bool:
    """Tell whether the rest of a word may be empty."""
    kind = formula[0]
    if kind == "and":
        return all(map(holds_at_the_end, formula[1]))
    if kind == "or":
        return any(map(holds_at_the_end, formula[1]))
    return kind in {"true", "not", "unless", "next_if_any", "last"}


def _joined(kind: str, neutral: Formula, absorbing: Formula, parts: tuple[Formula, ...]) -> Formula:
    flat: set[Formula] = set()
    for part in parts:
        flat.update(part[1] if part[0] == kind else (part,))
    flat.discard(neutral)
    if absorbing in flat:
        return absorbing
    other = "or" if kind == "and" else "and"
    kept = {p for p in flat if not (p[0] == other and any(q in p[1] for q in flat))}
    if len(kept) == 1:
        return next(iter(kept))
    return (kind, frozenset(kept)) if kept else neutral
