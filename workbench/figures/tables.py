"""What a figure reads: a relation, a DataFrame or a list of dicts, once, as plain rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workbench.errors import SourceError, UnknownNameError
from workbench.figures.theme import Ink, inks
from workbench.figures.words import moment, noun, word

Row = dict[str, Any]

GROUP = "(group)"
PANELS = 12


@dataclass(frozen=True)
class Part:
    """What one panel shows: the rows of one type, of one of its state fields, of one group."""

    type: str
    field: str
    group: str
    rows: list[Row]
    alone: bool = True
    every: tuple[frozenset[str], ...] = ()  # the states of each type of the table

    def machine(self, machine: Any, column: str = "state") -> Any:
        """Return the machine that speaks for the type, or None."""
        return machine_for(machine, self.type, (str(line[column]) for line in self.rows), alone=self.alone)

    def inks(self, machine: Any) -> Mapping[str, Ink]:
        """Return the ink of each state: a name that several panels have wears the same in each, if machines allow."""
        return inks((str(line["state"]) for line in self.rows), self.machine(machine), beside=self.every)

    def heading(self, finding: str) -> str:
        """Return a finding with what sets this panel apart before it."""
        return ": ".join(filter(None, (" · ".join(filter(None, (self.field, self.group))), finding)))


def rows(table: object, *columns: str, also: Sequence[str] = ()) -> list[Row]:
    """Return the table's rows as dicts in the table's order, unknown values as None.

    Parameters
    ----------
    table
        A DuckDB relation, a pandas DataFrame or an iterable of mappings.
    columns
        The columns the figure cannot do without; the first is the question's own first, so that those between the type
        and it are keys of `by=`.
    also
        Columns of the question that may come before its first, and may be missing.

    Raises
    ------
    UnknownNameError
        A needed column is not there; says the nearest that is.
    SourceError
        The table is none of the three.

    Examples
    --------
    >>> rows([{"state": "paid", "aggregates": 3}], "state", "aggregates")
    [{'state': 'paid', 'aggregates': 3, '(group)': ''}]
    """
    names, values = _read(table)
    for column in columns:
        if names and column not in names:
            raise UnknownNameError.of("column", column, names, where="the table to draw")
    keys = [key for key in _keys(names, columns) if key not in also]
    found = [{name: _known(value) for name, value in zip(names, line, strict=True)} for line in values]
    several = [key for key in keys if len({line[key] for line in found}) > 1]
    return [line | {GROUP: " · ".join(_said(key, line[key]) for key in several)} for line in found]


def panels(lines: Iterable[Row], most: int = PANELS) -> tuple[list[Part], str]:
    """Return the rows of each type, state field and group, in the table's order; and what of them is not drawn."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    every: dict[str, set[str]] = {}
    for line in lines:
        key = (str(line.get("type") or ""), str(line.get("field") or ""), str(line.get(GROUP) or ""))
        every.setdefault(key[0], set()).add(str(line.get("state")))
        found.setdefault(key, []).append(line)
    types = len({type for type, _, _ in found})
    both = len({(type, field) for type, field, _ in found}) > types
    alike = tuple(map(frozenset, every.values()))
    parts = [
        Part(type, field if both else "", by, part, types == 1, alike) for (type, field, by), part in found.items()
    ]
    left = len(parts) - most
    return parts[:most], "" if left <= 0 else f" And {left:,} more, which are not drawn: filter the table."


def subject(parts: Sequence[Part]) -> str:
    """Return what all panels together speak of, for a title.

    Examples
    --------
    >>> subject([Part("Order", "", "actor 3", []), Part("Order", "", "actor 4", [])])
    'orders in 2 groups'
    """
    types = list(dict.fromkeys(part.type for part in parts))
    groups = len({part.group for part in parts})
    who = noun(types[0]) if len(types) == 1 else f"lives of {len(types)} types"
    return f"{who} in {groups} groups" if groups > 1 else who


def by_state(parts: Iterable[Part]) -> list[Part]:
    """Return a panel a state, its rows the groups, so that groups can be compared: of each type and field."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    alone, every = True, tuple[frozenset[str], ...]()
    for part in parts:
        alone, every = part.alone, part.every
        for line in part.rows:
            found.setdefault((part.type, part.field, str(line["state"])), []).append(line)
    return [Part(type, field, word(state), lines, alone, every) for (type, field, state), lines in found.items()]


def machine_for(machine: Any, type: str, states: Iterable[str] = (), *, alone: bool = True) -> Any:
    """Return the machine that speaks for a type, or None.

    Parameters
    ----------
    machine
        A Machine, a mapping of them, or None.
    type
        The type the table shows.
    states
        Its states: of several machines for one type, the one that knows most of them is taken.
    alone
        The table holds one type only: a single Machine is then taken without a look at its model.
    """
    if machine is None or (alone and not isinstance(machine, Mapping)):
        return machine
    machines = list(machine.values()) if isinstance(machine, Mapping) else [machine]
    mine = [one for one in machines if _short(one.model) == _short(type)]
    known = set(states)
    return max(mine, key=lambda one: len(known & {state.name for state in one.states}), default=None)


def steps(value: object) -> list[str]:
    """Return a sequence of states from a list, an array, or text joined by arrows."""
    if value is None:
        return []
    if isinstance(value, str):
        return [part.strip() for part in value.replace("->", "→").split("→")]
    return [str(part) for part in value] if isinstance(value, Iterable) else [str(value)]


def _short(name: object) -> str:
    return str(name or "").replace("/", "\\").rsplit("\\", 1)[-1].casefold()


def _read(table: object) -> tuple[list[str], Iterable[Sequence[Any]]]:
    fetch = getattr(table, "fetchall", None)
    if fetch is not None and hasattr(table, "columns"):
        return [str(name) for name in table.columns], fetch()
    if hasattr(table, "df"):
        table = table.df()
    if hasattr(table, "itertuples") and hasattr(table, "columns"):
        return [str(name) for name in table.columns], table.itertuples(index=False, name=None)
    if isinstance(table, Iterable) and not isinstance(table, str | bytes | Mapping):
        lines = list(table)
        if all(isinstance(line, Mapping) for line in lines):
            names = list(dict.fromkeys(str(name) for line in lines for name in line))
            return names, [[line.get(name) for name in names] for line in lines]
    raise SourceError(
        f"a figure is drawn from a relation, a DataFrame or a list of dicts, not from {type(table).__name__}"
    )


def _keys(names: list[str], columns: Sequence[str]) -> list[str]:
    """Return the keys of `by=`: what stands between the type and the first column of the question itself."""
    if not columns or names[:1] != ["type"]:
        return []
    return [name for name in names[: names.index(columns[0])] if name not in {"type", "field", *columns}]


def _said(key: str, value: object) -> str:
    """Return one value of a key as a person says it: "country NL", "week of 2026-01-05", "actor 3"."""
    kind, _, rest = key.partition("_")
    if kind == "created" and isinstance(value, date):
        day = value.date() if isinstance(value, datetime) else value
        shown = {"week": f"week of {day}", "month": f"{day:%Y-%m}", "day": f"{day}"}
        return shown.get(rest, moment(value))
    name = rest if kind in {"attributes", "data"} and rest else key
    return f"{word(name, 24)} {'unknown' if value is None else word(value, 24)}"


def _known(value: Any) -> Any:
    """Return None for what pandas writes for unknown (NaN, NaT, NA), else the value as Python has it."""
    if type(value).__name__ in {"NaTType", "NAType"}:
        return None
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
