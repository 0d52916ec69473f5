"""Where was everybody at any instant of the log? The view of time travel, in the page itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.report.markup import Section
from workbench.widgets import time_travel
from workbench.widgets.exporting import fragment

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines


def travel(log: EventLog, machines: Machines) -> list[Section]:
    """Return the view of the type that moved most; none for a log without moves."""
    if not log.sql("SELECT 1 FROM moves LIMIT 1").fetchall():
        return []
    view = time_travel(log, machines)
    view.still = "travel"  # the same page each time
    html = f"<div class='view'>{fragment(view)}</div>"
    view.close()
    lead = "Drag along the time, or use the arrow keys: how many were in each state, and what moved."
    return [Section(view.title, lead, ("wb.widgets.time_travel(log, machines)",), html=html)]
