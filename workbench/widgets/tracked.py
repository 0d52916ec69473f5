"""Which lives does a view speak of: by which name, and by which state field where a type has two?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.errors import LogError
from workbench.metrics.movement import tracks_moved
from workbench.sql import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.machines import Machine


def track_of(log: EventLog, machine: Machine | None) -> str:
    """Return the machine's state field where the lives have it, else the one with the most moves."""
    fields = [field for _, field, _ in tracks_moved(log)]
    if not fields:
        raise LogError("no life here was ever in a state, so there is nothing to draw")
    return machine.field if machine is not None and machine.field in fields else fields[0]


def of_field(answer: DuckDBPyRelation, field: str) -> DuckDBPyRelation:
    """Return the rows of an answer that speak of a state field; all of them where a type has only one."""
    return answer.filter(f"field = {literal(field)}") if "field" in answer.columns else answer


def short_name(log: EventLog, type: str) -> str:
    """Return the name by which a type is shown; a part that holds none of its lives has the name that was given."""
    return next(iter(log.of(type).types), type)
