"""What may the `when` of a property read, and what does it say of a moment?

A condition is CEL over an event and the attributes right after it. What cannot be told (a field that is not there,
values that do not compare) is unknown, never true.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from workbench.errors import MachineError, did_you_mean, nearest
from workbench.machines.cel_text import cel_fault, field_paths, functions_called, functions_known, library

if TYPE_CHECKING:
    import cel

DOCUMENTS = ("data", "metadata", "attributes")
TIMES = ("occurred_at", "effective_at", "recorded_at")
COLUMNS = (
    "event_type", "actor", "transition", "from_state", "to_state", "version", "place", "event_id", "schema_version",
    "correlation_id", "causation_id", "aggregate_type", "aggregate_id",
)  # fmt: skip
READABLE = (*DOCUMENTS, *TIMES, *COLUMNS)
_INSIDE = re.compile(r"^Function '([\w.]+)' error(?:: Parsing Error: Error \{.*)?")  # what only its author knows
_UNDEFINED = re.compile(r"Undefined variable or function: '([^']*)'")


class Answer(NamedTuple):
    """What a condition says: true, false, or None where it cannot be told, and then why."""

    value: bool | None
    why: str | None = None


class Condition:
    """A condition, compiled once and asked of many moments."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.functions = {name: library()[name] for name in functions_called(text) if name in library()}

    @cached_property
    def paths(self) -> tuple[tuple[str, ...], ...]:
        """Return the dotted names it reads; all else of a moment makes no difference to it."""
        return field_paths(self.text)

    @cached_property
    def _program(self) -> cel.Program:
        import cel

        return cel.compile(self.text)

    def answer(self, moment: Mapping[str, Any]) -> Answer:
        """Return what it says of a moment; names that are not known there are left out of it.

        Examples
        --------
        >>> paid = Condition("data.amount >= attributes.total")
        >>> paid.answer({"data": {"amount": 12}, "attributes": {"total": 9.5}})
        Answer(value=True, why=None)
        >>> paid.answer({"data": {"amount": 12}, "attributes": {}})
        Answer(value=None, why="there is no 'total'")
        """
        try:
            said = self._program.execute({**self.functions, **moment})
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as error:
            return Answer(None, _reason(error))
        return Answer(said) if isinstance(said, bool) else Answer(None, f"it is {said!r}, neither true nor false")


def read_condition(text: str) -> str:
    """Return a condition that can be asked of a moment.

    Raises
    ------
    MachineError
        When it is no CEL, or reads or calls what is not there; the sentence says the nearest.
    """
    if fault := cel_fault(text):
        raise MachineError(f"`when` is no CEL expression: {fault}")
    for path in field_paths(text):
        if path[0] not in READABLE:
            near = nearest(path[0], READABLE) or f"data.{path[0]}' or 'attributes.{path[0]}"
            raise MachineError(f"`when` reads {path[0]!r}, which is not there: did you mean '{near}'?")
    for name in functions_called(text):
        if name not in functions_known():
            hint = did_you_mean(name, functions_known(), ": those of CEL and its standard extensions are")
            raise MachineError(f"`when` calls {name}(), which is not there{hint}")
    return text


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]!r}"
    if undefined := _UNDEFINED.match(str(error)):
        return f"{undefined[1]!r} is not known"
    if str(error).startswith("No such overload"):
        return "the types of its values do not go together"
    said = str(error).partition(". ")[0].partition("\n")[0]
    return _INSIDE.sub(r"\1() fails", said).rstrip(".:")
