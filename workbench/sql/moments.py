"""What did an expression read of a moment: of an event, and of the attributes right after it?

A moment is told by the values at the dotted names that the expression reads, so that it need be asked only once of all
moments that are alike in them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from workbench.sql.texts import literal, pointer

Path = tuple[str, ...]
Input = Sequence[str | None]
_TIMES = {"occurred_at", "effective_at", "recorded_at"}
_OF_MOVES = {"from_state", "to_state"}
_ABSENT = "-"
# What stands where an object was expected: nothing can be read in it, whatever its value.
_SCALARS: dict[str, Any] = {"NULL": None, "ARRAY": [], "VARCHAR": "", "BOOLEAN": False}


def moment_inputs(paths: Sequence[Path], positions: str) -> str:
    """Return the SELECT of life, place and input (VARCHAR[]) at some positions.

    Parameters
    ----------
    paths
        Dotted names that begin with data, metadata, attributes, from_state, to_state or a column of events.
    positions
        A SELECT of life, place, from_state and to_state.
    """
    needed = read_in(paths)
    names = list(dict.fromkeys(path[1] for path in needed if path[0] == "attributes" and len(path) > 1))
    told = [part for path in needed for part in _parts(path, names)]
    joins = "".join(
        f"\nASOF LEFT JOIN (SELECT life, place, new FROM changes WHERE path = {literal(name)}) AS a{number} "
        f"ON a{number}.life = p.life AND a{number}.place <= p.place"
        for number, name in enumerate(names)
    )
    if ("attributes",) in needed:
        joins += (
            f"\nLEFT JOIN ({_every_attribute(positions)}) AS every ON every.life = p.life AND every.place = p.place"
        )
    return (
        f"SELECT p.life, p.place, [{', '.join(told)}]::VARCHAR[] AS input\n"
        f"FROM ({positions}) AS p JOIN events AS e ON e.life = p.life AND e.place = p.place{joins}"
    )


def read_in(paths: Sequence[Path]) -> list[Path]:
    """Return the paths without those that lie in another one."""
    return sorted({path for path in paths if not any(path[:end] in paths for end in range(1, len(path)))})


def moment_of(paths: Sequence[Path], told: Input) -> dict[str, Any]:
    """Return what is known of a moment, as nested dicts; `told` is its input for these paths.

    Examples
    --------
    >>> moment_of([("data", "amount"), ("data", "card", "zone")], ["12", None, None, "OBJECT/VARCHAR"])
    {'data': {'amount': 12, 'card': ''}}
    """
    moment: dict[str, Any] = {}
    for path, value, around in zip(read_in(paths), told[::2], told[1::2], strict=True):
        if path[0] in _TIMES:
            moment |= _time(path[0], value)
        elif value is not None:
            _put(moment, path, json.loads(value))
        elif around is not None:
            _put_around(moment, path, around.split("/"))
    return moment


def _parts(path: Path, names: list[str]) -> tuple[str, str]:
    """Return two expressions: the value at a path, and where it is absent the types of what stands around it."""
    root, *keys = path
    if root in _OF_MOVES:
        return f"coalesce(to_json(p.{root})::VARCHAR, 'null')", "NULL"
    if root == "attributes":
        if not keys:
            return "coalesce(every.attributes::VARCHAR, '{}')", "NULL"
        name, *inside = keys
        return _within(f"a{names.index(name)}.new", inside, around=["'OBJECT'"])
    if root in {"data", "metadata"}:
        return _within(f"e.{root}", keys, around=[])
    return f"to_json(e.{root})::VARCHAR", "NULL"


def _within(document: str, keys: list[str], around: list[str]) -> tuple[str, str]:
    value = f"json_extract({document}, {literal(pointer(keys))})" if keys else document
    types = [*around, *(_type(document, keys[:end]) for end in range(len(keys)))]
    around_it = f"CASE WHEN {value} IS NULL THEN concat_ws('/', {', '.join(types)}) END" if types else "NULL"
    return f"({value})::VARCHAR", around_it


def _type(document: str, keys: list[str]) -> str:
    found = f"json_type({document}, {literal(pointer(keys))})" if keys else f"json_type({document})"
    return f"coalesce({found}, {literal(_ABSENT)})"


def _every_attribute(positions: str) -> str:
    return (
        "SELECT life, place, json_group_object(path, new)::JSON AS attributes FROM ("
        "SELECT p.life, p.place, c.path, arg_max({new: c.new}, c.place).new AS new "
        f"FROM (SELECT DISTINCT life, place FROM ({positions})) AS p "
        "JOIN changes AS c ON c.life = p.life AND c.place <= p.place GROUP BY ALL"
        ") WHERE new IS NOT NULL GROUP BY life, place"
    )


def _time(name: str, told: str | None) -> dict[str, datetime]:
    with suppress(TypeError, ValueError):
        return {name: datetime.fromisoformat(json.loads(told or "")).replace(tzinfo=UTC)}
    return {}


def _put(moment: dict[str, Any], path: Path, value: Any) -> None:
    *above, last = path
    for key in above:
        moment = moment.setdefault(key, {})
    moment[last] = value


def _put_around(moment: dict[str, Any], path: Path, types: list[str]) -> None:
    """Put in the objects around an absent value, and what stands there in place of one."""
    for key, kind in zip(path, types, strict=False):
        if kind != "OBJECT":
            if kind != _ABSENT:
                moment[key] = _SCALARS.get(kind, 0)
            return
        moment = moment.setdefault(key, {})
