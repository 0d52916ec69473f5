"""Where does work wait, for how long, and what is done again?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import workbench as wb
from workbench.cards import amount
from workbench.errors import LogError
from workbench.figures.words import count
from workbench.instants import span
from workbench.report.markup import Row, Section, folded, table
from workbench.report.sections import each_type

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines, Match


def waits(log: EventLog, machines: Machines, match: Match | None) -> Section:
    """Return where lives spend their time, how old what is open has become, and what is late."""
    ranked = [row for row in wb.bottlenecks(log).to_dicts() if row["rank"] is not None]
    parts = [
        Section(
            "Bottlenecks",
            _worst(ranked),
            ("wb.bottlenecks(log)",),
            parts=each_type(wb.figures.bottlenecks, ranked, machines),
        ),
        Section(
            "How long what is open has waited",
            "By the state it is in now, at the log's last event.",
            ("wb.ageing(log)",),
            parts=each_type(wb.figures.ageing, wb.ageing(log).to_dicts(), machines),
        ),
        *_late(log, machines, match),
    ]
    return Section("Where they wait", "Where time goes, how old what is open has become, what is late.", parts=parts)


def again(log: EventLog, machines: Machines) -> Section:
    """Return what is done again: states that lives come back to."""
    found = wb.rework(log).to_dicts()
    lives = sum(int(row["aggregates"]) for row in found)
    lead = f"{count(lives)} came back to a state they had left." if found else "No life came back to a state."
    parts = each_type(wb.figures.rework, found, machines)
    return Section("What is done again", lead, ("wb.rework(log)",), parts=parts)


def hours(log: EventLog, machines: Machines) -> Section:
    """Return at which hours of which weekdays it happens."""
    parts = each_type(wb.figures.busy_hours, wb.busy_hours(log).to_dicts(), machines, numbers=False)
    return Section("When it happens", "Events by hour and weekday, UTC.", ("wb.busy_hours(log)",), parts=parts)


def _worst(ranked: list[Row]) -> str:
    if not ranked:
        return "Nothing has waited yet in a state that others leave."
    worst = max(ranked, key=lambda row: float(row["share"] or 0) * float(row["total_seconds"] or 0))
    stay, inside = span(float(worst["mean_stay_seconds"])), float(worst["mean_inside"])
    return f"Most time goes by in {worst['state']} of {worst['type']}: {stay} a stay, {inside:,.1f} inside at a time."


def _late(log: EventLog, machines: Machines, match: Match | None) -> list[Section]:
    """Return which stays outlasted what the machines allow, where they say so."""
    try:
        limits = wb.time_limits(log, machines=machines, match=match).to_dicts()
    except LogError:  # no machine says how long a stay may last
        return []
    if not limits:
        return []
    late = sum(int(row["late"] or 0) + int(row["overdue"] or 0) for row in limits)
    return [
        Section(
            "Late by what the machines declare",
            f"{amount(late, 'stay')} outlasted their limit, those still open included.",
            ("wb.time_limits(log, machines=machines)",),
            parts=each_type(wb.figures.time_limits, limits, machines, numbers=False),
            tables=(folded("The numbers", table(limits)),),
        )
    ]
