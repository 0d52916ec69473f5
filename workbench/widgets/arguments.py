"""Was a view given what it takes? Each wrong thing is one sentence, said before anything is read."""

from __future__ import annotations

from datetime import timedelta

from workbench.errors import LogError, MachineError
from workbench.events.log import EventLog
from workbench.machines import Machines
from workbench.widgets.selections import Selection

_UNITS = (("day", 86_400), ("hour", 3_600), ("minute", 60))


def checked(log: object, machines: object = None, selection: object = None) -> None:
    """Raise unless these are a log, machines or none, and a selection or none.

    Examples
    --------
    >>> checked("export.ndjson")
    Traceback (most recent call last):
    workbench.errors.LogError: a view shows a log, as wb.read_events or wb.open_log returns it, not str
    """
    if not isinstance(log, EventLog):
        raise LogError(f"a view shows a log, as wb.read_events or wb.open_log returns it, not {_kind(log)}")
    if not isinstance(machines, Machines | None):
        raise MachineError(f"machines= takes what wb.read_machines returns, not {_kind(machines)}")
    if not isinstance(selection, Selection | None):
        raise LogError(f"selection= takes what wb.widgets.selection(log) returns, not {_kind(selection)}")


def written(span: str | timedelta) -> str:
    """Return a length of time as the text that a view shows and its browser edits.

    Examples
    --------
    >>> written(timedelta(days=30)), written(timedelta(hours=36)), written("7 days")
    ('30 days', '36 hours', '7 days')
    """
    if isinstance(span, str):
        return span
    seconds = span.total_seconds()
    unit, size = next((one for one in _UNITS if seconds % one[1] == 0), ("second", 1))
    many = f"{seconds / size:f}".rstrip("0").rstrip(".")
    return f"{many} {unit}" if many == "1" else f"{many} {unit}s"


def _kind(value: object) -> str:
    return type(value).__name__
