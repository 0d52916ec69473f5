"""How does an answer about one case read: in sentences, in a notebook, one event in words?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workbench.cards import card, table

if TYPE_CHECKING:
    from duckdb import DuckDBPyRelation

    from workbench.events import EventLog
    from workbench.metrics.case.cause_facts import Deed

_SHOWN = 3
_LONGEST = 80
_CLOCKS = {"updated_at", "created_at"}


class Answer:
    """An answer that ends in sentences; in a notebook they stand above a table of what they rest on."""

    sentences: tuple[str, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return what the sentences rest on, as rows of one table."""
        raise NotImplementedError

    def asked_of(self, log: EventLog) -> DuckDBPyRelation | None:  # noqa: ARG002  of what SQL can tell
        """Return the same rows as a question of a log, None where no SQL tells them."""
        return None

    def __str__(self) -> str:
        return "\n".join(self.sentences)

    def _repr_html_(self) -> str:
        rows = self.rows()
        rested = table(list(rows[0]), (row.values() for row in rows)) if rows else ""
        return card(repr(self)[1:-1], *self.sentences, rested)


def told_at(when: datetime | None) -> str:
    """Return an instant as it is told, or that it is unknown.

    Examples
    --------
    >>> told_at(datetime(2026, 1, 8, 16, 30, 36))
    '2026-01-08 16:30:36 UTC'
    """
    return "an unknown time" if when is None else f"{when.isoformat(sep=' ')} UTC"


def listed(names: Iterable[str], joined: str = "and") -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    *some, last = list(names) or [""]
    return f"{', '.join(some)} {joined} {last}" if some else last


def shown(value: Any) -> str:
    """Return a value as a sentence bears it: texts as they are, all else as JSON, nothing longer than a line.

    Examples
    --------
    >>> shown({"zip": "75001"})
    '{"zip": "75001"}'
    """
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def named(deed: Deed) -> str:
    """Return an event by its id, or by its place where it has none."""
    return f"event {deed.event_id}" if deed.event_id is not None else f"its event at place {deed.place}"


def doing(deed: Deed) -> str:
    """Return what an event did, as the cause of something: "Order 42 going from confirmed to cancelled (event ...)"."""
    if deed.broken:
        return f"event {deed.event_id}, which is not in this log"
    whose = f"{deed.type} {deed.aggregate_id}"
    if deed.to_state is not None:
        left = f"going from {deed.from_state} to" if deed.from_state is not None else "beginning as"
        what = f"{whose} {left} {deed.to_state}"
    elif changes := _changes(deed):
        what = f"{whose} changing {listed(changes)}"
    else:
        what = f"{deed.event_type} of {whose}"
    return f"{what} ({named(deed)}, {told_at(deed.occurred_at)})"


def changes_of(deed: Deed) -> dict[str, Any]:
    """Return attribute -> (old, new) of an event that moves no state; clocks tell nothing."""
    changed = deed.changed if deed.to_state is None and deed.changed else {}
    return {name: values for name, values in changed.items() if name not in _CLOCKS}


def _changes(deed: Deed) -> list[str]:
    changed = changes_of(deed)
    told = [f"{name} to {shown(values[-1])}" for name, values in list(changed.items())[:_SHOWN]]
    more = len(changed) - len(told)
    return [*told, f"{more} more"] if more else told
