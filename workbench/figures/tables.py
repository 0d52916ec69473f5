"""What a figure reads: a relation, a DataFrame or a list of dicts, once, as plain rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workbench.errors import SourceError, UnknownNameError

Row = dict[str, Any]


def rows(table: object, *columns: str) -> list[Row]:
    """Return the table's rows as dicts in the table's order, unknown values as None.

    Parameters
    ----------
    table
        A DuckDB relation, a pandas DataFrame or an iterable of mappings.
    columns
        The columns the figure cannot do without.

    Raises
    ------
    UnknownNameError
        A needed column is not there; says the nearest that is.
    SourceError
        The table is none of the three, or holds several groups: a figure shows one.

    Examples
    --------
    >>> rows([{"state": "paid", "aggregates": 3}], "state", "aggregates")
    [{'state': 'paid', 'aggregates': 3}]
    """
    names, values = _read(table)
    for column in columns:
        if names and column not in names:
            raise UnknownNameError.of("column", column, names, where="the table to draw")
    found = [{name: _known(value) for name, value in zip(names, line, strict=True)} for line in values]
    for key in _keys(names, columns):
        if len({line[key] for line in found}) > 1:
            raise SourceError(f"the table is grouped by {key}, and a figure shows one group: filter the table to one")
    return found


def panels(lines: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Return the rows of each type (and state field, where two are shown), in the table's order."""
    found: dict[tuple[str, str], list[Row]] = {}
    for line in lines:
        key = (str(line.get("type") or ""), str(line.get("field") or ""))
        found.setdefault(key, []).append(line)
    both = len({field for _, field in found}) > 1
    return [(f"{whose} {field}".strip() if both else whose, part) for (whose, field), part in found.items()]


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
    return [name for name in names[: names.index(columns[0])] if name not in {"type", "field", "variant", *columns}]


def _known(value: Any) -> Any:
    """Return None for what pandas writes for unknown (NaN, NaT, NA), else the value as Python has it."""
    if type(value).__name__ in {"NaTType", "NAType"}:
        return None
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
