"""Was a view given what it takes? Each wrong thing is one sentence, said before anything is read."""

from __future__ import annotations

from workbench.errors import LogError, MachineError
from workbench.events.log import EventLog
from workbench.machines import Machines
from workbench.widgets.selections import Selection


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


def _kind(value: object) -> str:
    return type(value).__name__
