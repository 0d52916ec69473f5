"""How is a question asked so that its answer can be handed on with all that it rests on?

Most questions are one SELECT over the tables of a part of a log. `why` and `why_not` answer with sentences about one
case; what they rest on is told as rows, by SQL where it can. A question about one case looks through the whole log,
and rests on the lives that it names.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.errors import LogError, UnknownNameError
from workbench.events import EventLog
from workbench.lives.reruns.tables import rows as as_sql
from workbench.metrics.case.answers import Answer
from workbench.metrics.named import questions
from workbench.sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

CASES = ("why", "why_not")
_KINDS = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", datetime: "TIMESTAMP"}


@dataclass(frozen=True)
class Answered:
    """The table of an answer, the log it is asked of, and the answer itself where it is one about a case."""

    table: DuckDBPyRelation
    log: EventLog
    case: Answer | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The sentences in which an answer about a case ends."""
        return self.case.sentences if self.case else ()


def takes(name: str) -> Mapping[str, inspect.Parameter]:
    """Return what a question takes besides the log.

    Raises
    ------
    UnknownNameError
        When there is no such question; says the nearest.
    """
    from workbench import metrics

    known = {*questions(), *CASES}
    if name not in known:
        raise UnknownNameError.of("question", name, known)
    return dict(list(inspect.signature(getattr(metrics, name)).parameters.items())[1:])


def checked(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a question, if it takes them.

    Raises
    ------
    LogError, UnknownNameError
        For a value it does not take, one that is missing, or one that is another part of a log.
    """
    known = takes(name)
    for option, value in values.items():
        if option not in known:
            raise UnknownNameError.of("value", option, known, where=f"the question {name}")
        if isinstance(value, EventLog):
            raise LogError(f"evidence rests on one part of a log: {name} with {option}= compares it with another")
        if isinstance(value, Mapping) and any(map(callable, value.values())):
            raise LogError(f"{option}= are functions, which no evidence can hold: declare reducers in the mapping")
    missing = [option for option, one in known.items() if one.default is one.empty and option not in values]
    if missing:
        raise LogError(f"{name} needs {' and '.join(missing)}")
    return dict(values)


def answered(log: EventLog, name: str, values: Mapping[str, Any]) -> Answered:
    """Return the answer of a question."""
    from workbench import metrics

    found = getattr(metrics, name)(log, **values)
    if isinstance(found, Answer):
        return Answered(_as_table(log, found.rows()), log, found)
    return Answered(found, log)


def narrowed(answer: Answered, values: Mapping[str, Any]) -> EventLog:
    """Return the lives that the answer about one case names, and its own."""
    whose = {(str(values["type"]), str(values["id"]))}
    if {"type", "aggregate_id"} <= set(answer.table.columns):
        whose |= set(answer.table.project("type, aggregate_id").fetchall())
    pairs = ", ".join(f"({literal(type)}, {literal(id)})" for type, id in sorted(whose))
    return answer.log.where(f"(type, aggregate_id) IN ({pairs}) OR (aggregate_type, aggregate_id) IN ({pairs})")


def again(log: EventLog, answer: Answered, name: str, values: Mapping[str, Any]) -> Answered:
    """Return the same answer, asked of less; where that does not say the same, the rows themselves."""
    repeated = answer.case.asked_of(log) if answer.case else answered(log, name, values).table
    rows = answer.table.fetchall()
    if repeated is not None and repeated.fetchall() == rows:
        return replace(answer, table=repeated, log=log)
    kinds = dict(zip(answer.table.columns, map(str, answer.table.types), strict=True))
    told = [dict(zip(kinds, map(_plain, row), strict=True)) for row in rows]
    return replace(answer, table=_rows(log, told, kinds), log=log)


def _as_table(log: EventLog, told: list[dict[str, Any]]) -> DuckDBPyRelation:
    kinds = {name: _kind(row[name] for row in told) for name in (told[0] if told else {"nothing": None})}
    return _rows(log, [{name: _plain(value) for name, value in row.items()} for row in told], kinds)


def _rows(log: EventLog, told: list[dict[str, Any]], kinds: dict[str, str]) -> DuckDBPyRelation:
    quoted = ", ".join(f'"{name}"' for name in kinds)
    return log.connection.sql(f"SELECT {quoted} FROM {as_sql(told, kinds)}")


def _kind(values: Any) -> str:
    kinds = {_KINDS.get(type(value), "VARCHAR") for value in values if value is not None}
    return kinds.pop() if len(kinds) == 1 else "VARCHAR"


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, datetime) else value
