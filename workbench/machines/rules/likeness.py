"""Which names are so alike that one of them may be a slip of the pen?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SEPARATORS = re.compile(r"[\s_\-]+")
_SHORTEST = 5  # letters: shorter words differ by one letter because words do
_LONGEST = 80  # letters: work grows with their square, and a machine may come from anywhere
_SERIES = 3  # more names than that, alike but for one letter, are counted by letters


def folded(name: str) -> str:
    """Return the name without upper case, spaces, `_` and `-`.

    Examples
    --------
    >>> folded("In-Progress") == folded("in_progress")
    True
    """
    return _SEPARATORS.sub("", name.casefold())


def alike(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Return pairs (earlier, later) of different names that are equal when folded, or one letter apart.

    Names that differ only in digits are a series, not a slip; so are more than three that differ in one letter.

    Examples
    --------
    >>> list(alike(["shipped", "s1", "s2", "Shipped", "shiped", "item_12", "item_13"]))
    [('shipped', 'Shipped'), ('shipped', 'shiped')]
    """
    first: dict[str, str] = {}
    order: dict[str, int] = {}
    pairs: dict[tuple[str, str], None] = {}
    for name in dict.fromkeys(names):
        order[name] = len(order)
        twin = first.setdefault(folded(name), name)
        if twin != name:
            pairs[twin, name] = None
    for one, other in _one_letter_apart(first):
        earlier, later = sorted((first[one], first[other]), key=order.__getitem__)
        pairs[earlier, later] = None
    yield from sorted(pairs, key=lambda pair: (order[pair[1]], order[pair[0]]))


def _one_letter_apart(words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Return pairs one letter apart; each word is met under what is left of it without one of its letters."""
    swapped: dict[tuple[int, str], list[str]] = {}
    whole = {word: None for word in words if _SHORTEST <= len(word) <= _LONGEST}
    for word in whole:
        for place, letter in enumerate(word):
            if letter.isdigit():
                continue
            rest = word[:place] + word[place + 1 :]
            if rest in whole:
                yield rest, word
            swapped.setdefault((place, rest), []).append(word)
    for met in swapped.values():
        if 1 < len(met) <= _SERIES:
            yield from ((one, other) for place, one in enumerate(met) for other in met[place + 1 :])
