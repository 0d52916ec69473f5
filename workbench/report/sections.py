"""What stands on the page, in which order, and which question made each number?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import workbench as wb
from workbench.cards import amount, percent
from workbench.figures.words import count
from workbench.metrics.tracks import machine_of
from workbench.report.markup import Drawing, Row, Section, folded, table
from workbench.report.route import main_path

if TYPE_CHECKING:
    from workbench.events import EventLog
    from workbench.machines import Machines, Match

_SPANS = (("10 minutes", 600), ("1 hour", 3600), ("6 hours", 21600), ("1 day", 86400), ("1 week", 604800))
_SAMPLES = 200
_TOP = 12
PAYLOADS = ("context", "data", "metadata", "attributes", "raw")


def population(log: EventLog, machines: Machines) -> list[Section]:
    """Return where the aggregates stand at the end of the log, and where they stood before."""
    now = wb.state_distribution(log).to_dicts()
    every = step(log)
    then = wb.states_over_time(log, every=every).to_dicts()
    return [
        Section(
            "Where they stand",
            f"At the log's last event, {log.last:%Y-%m-%d %H:%M:%S} UTC.",
            ("wb.state_distribution(log)",),
            parts=each_type(wb.figures.state_distribution, now, machines),
        ),
        Section(
            "Where they stood over time",
            f"How many were in each state, one sample every {every}.",
            (f'wb.states_over_time(log, every="{every}")',),
            parts=each_type(wb.figures.states_over_time, then, machines, numbers=False),
        ),
    ]


def traffic(log: EventLog, machines: Machines) -> list[Section]:
    """Return how they move and how long they stay."""
    moves = wb.transition_counts(log).to_dicts()
    stays = wb.time_in_state(log).to_dicts()
    return [
        Section(
            "How they move",
            "From which state to which, how often; hatched where no transition allows it.",
            ("wb.transition_counts(log)",),
            parts=each_type(wb.figures.transition_counts, moves, machines),
        ),
        Section(
            "How long they stay",
            "Over stays that have ended and whose beginning is known; the others are counted apart.",
            ("wb.time_in_state(log)",),
            parts=each_type(wb.figures.time_in_state, stays, machines),
        ),
    ]


def funnels(log: EventLog, machines: Machines, match: Match | None) -> Section:
    """Return one funnel for each type, along the main path of its machine."""
    parts = []
    for short in log.types:
        for machine in machines.for_type(short, log.full_type(short), match):
            part = log.of(short)
            steps = main_path(machine, wb.transition_counts(part).to_dicts())
            if len(steps) < 2:  # noqa: PLR2004  one step is no funnel
                continue
            counted = wb.funnel(part, steps).to_dicts()
            drawn = drawing(wb.figures.funnel, counted, machine, f"funnel of {short}")
            asked = f'wb.funnel(log.of("{short}"), {steps})'
            parts.append(Section(machine.name, _got_through(counted, short), (asked,), (drawn,), (table(counted),)))
    lead = "From the initial state along the move that most took, as far as it goes."
    return Section("How far they come", lead, parts=parts)


def variants(log: EventLog, machines: Machines) -> Section:
    """Return the ways that most lives took."""
    parts = []
    for short in log.types:
        found = wb.variants(log.of(short)).to_dicts()
        if not found:
            continue
        top = sum(float(row["share"] or 0) for row in found[:_TOP])
        lead = (
            f"{len(found):,} different sequences of states; the {min(_TOP, len(found))} commonest cover {percent(top)}."
        )
        whose = machine_of(log, short, machines)
        drawn = drawing(wb.figures.variants, found, whose, f"variants of {short}")
        asked = f'wb.variants(log.of("{short}"))'
        parts.append(Section(short, lead, (asked,), (drawn,), (folded("The numbers", table(found, most=_TOP)),)))
    return Section("Which ways they take", "The sequences of states, the commonest first.", parts=parts)


def trail(log: EventLog, machines: Machines, type: str, id: str) -> Section:
    """Return one aggregate's life: its lane and its events, without payloads."""
    life = log.of(type, id)
    events = wb.audit_trail(life).to_dicts()
    timeline = wb.replay(life)
    whose = machine_of(log, type, machines)
    name = f"{type} {id}"
    drawn = Drawing(
        wb.figures.replay(timeline, whose, name=name, dark=False),
        wb.figures.replay(timeline, whose, name=name, dark=True),
        name,
    )
    asked = (f'wb.audit_trail(log.of("{type}", "{id}"))', f'wb.replay(log.of("{type}", "{id}"))')
    shown = [{**event, "changed": _names(event.get("changed"))} for event in events]
    return Section(name, f"{amount(len(events), 'event')}.", asked, (drawn,), (table(shown, without=PAYLOADS),))


def step(log: EventLog) -> str:
    """Return how far apart the samples over time are, so that there are at most two hundred or a week between them."""
    first, last = log.sql("SELECT min(effective_at), max(effective_at) FROM events").fetchall()[0]
    whole = (last - first) if isinstance(first, datetime) else timedelta()
    return next((name for name, size in _SPANS if whole.total_seconds() <= size * _SAMPLES), _SPANS[-1][0])


def each_type(
    figure: Callable[..., Any], lines: Sequence[Row], machines: Machines, *, numbers: bool = True
) -> list[Section]:
    """Return a part for each type: a figure, and the numbers behind it."""
    parts = []
    for name, group in groupby(lines, key=lambda line: str(line["type"])):
        mine = list(group)
        drawn = drawing(figure, mine, machines, f"{figure.__name__.replace('_', ' ')} of {name}")
        parts.append(Section(name, "", (), (drawn,), (folded("The numbers", table(mine)),) if numbers else ()))
    return parts


def drawing(figure: Callable[..., Any], lines: Sequence[Row], machine: Any, label: str) -> Drawing:
    """Return a figure of a table, for a light and for a dark page."""
    return Drawing(figure(lines, machine, dark=False), figure(lines, machine, dark=True), label)


def _got_through(counted: Sequence[Row], type: str) -> str:
    if not counted or not counted[0]["aggregates"]:
        return f"No {type} took the first step."
    first, last = counted[0], counted[-1]
    return (
        f"{count(last['aggregates'], type)} of {first['aggregates']:,} came from {first['state']} to {last['state']}: "
        f"{percent(last['of_first'])}."
    )


def _names(changed: Any) -> str | None:
    """Return the names of what an event changed; the values are payload."""
    import json

    if isinstance(changed, str):
        try:
            changed = json.loads(changed)
        except ValueError:
            return None
    return ", ".join(map(str, changed)) if isinstance(changed, dict | list | tuple) else None
