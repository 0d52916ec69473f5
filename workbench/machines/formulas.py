"""Can a guard ever pass, can it ever fail, and do two guards pass together? Truth tables over their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

from workbench.machines.guards import And, Guard, Name, Not

MOST_NAMES = 15


class Tables(NamedTuple):
    """Truth tables of several guards over the same names, a bit for each way these can turn out."""

    rows: tuple[int, ...]
    always: int


def truth_tables(guards: Sequence[Guard | None]) -> Tables | None:
    """Return the truth table of each guard over the names of all; a missing guard always passes.

    None when there are more than 15 names: then nothing is claimed.

    Examples
    --------
    >>> tables = truth_tables([Name("A"), Not(Name("A")), And((Name("A"), Name("B")))])
    >>> a, not_a, both = tables.rows
    >>> (a & not_a, a | not_a == tables.always, both & ~a)
    (0, True, 0)
    """
    names = dict.fromkeys(name for guard in guards if guard is not None for name in guard.names())
    if len(names) > MOST_NAMES:
        return None
    always = (1 << (1 << len(names))) - 1
    columns = {name: always // ((1 << (1 << place)) + 1) for place, name in enumerate(names)}
    return Tables(tuple(always if guard is None else _table(guard, columns, always) for guard in guards), always)


def never_passes(guard: Guard | None) -> bool:
    """Tell whether a guard fails whatever its names turn out to be."""
    tables = None if guard is None or isinstance(guard, Name) else truth_tables([guard])
    return tables is not None and tables.rows[0] == 0


def always_passes(guard: Guard | None) -> bool:
    """Tell whether a guard passes whatever its names turn out to be."""
    if guard is None or isinstance(guard, Name):
        return guard is None
    tables = truth_tables([guard])
    return tables is not None and tables.rows[0] == tables.always


def _table(guard: Guard, columns: dict[str, int], always: int) -> int:
    if isinstance(guard, Name):
        return columns[guard.name]
    if isinstance(guard, Not):
        return always ^ _table(guard.part, columns, always)
    parts: Iterable[int] = (_table(part, columns, always) for part in guard.parts)
    return reduce(and_, parts, always) if isinstance(guard, And) else reduce(or_, parts, 0)
