"""Where do lives spend their time, and what does it add up to?"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from workbench.figures.layouts import Ledger
from workbench.figures.tables import Part, Row, panels, rows, subject
from workbench.figures.theme import Ink, nothing, paper
from workbench.figures.words import moment, noun, number, percent, plain, span, word


def bottlenecks(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars: which share of all time is spent in each state, how many are inside at once, how long a stay takes.

    Parameters
    ----------
    table
        The answer of `bottlenecks`: type, rank, state, mean_inside, mean_stay_seconds, total_seconds, share.
    machine
        A Machine, or Machines, for the colours of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Order", "rank": 1, "state": "paid", "mean_inside": 4.5, "mean_stay_seconds": 7200.0}
    >>> bottlenecks([line | {"total_seconds": 86400.0, "share": 0.75}]).layout.title.text.replace("<br>", " ")
    'Orders spend most of their time in paid: 75 % of it; on average 4.5 are there at once'
    """
    lines = rows(table, "rank", "state", "mean_inside", "mean_stay_seconds", "share")
    parts, more = panels(lines)
    if not parts:
        return nothing("no life spent time in a state", dark=dark)
    said = [_bottleneck(part) for part in parts]
    note = "Beside each: share of the time · inside at once, on average · time of a stay." + more
    ledger = Ledger(parts, said, f"Where {subject(parts)} spend their time", note, dark=dark)
    for part in ledger:
        shown = ledger.fit(part.rows)
        ink = part.inks(machine)
        own = [ink[line["state"]] if line["rank"] else Ink(paper(dark=dark).grid) for line in shown]
        spots = ledger.add(line["state"] for line in shown)
        said = [_of_stay(line) for line in shown]
        values = [100 * (line["share"] or 0) if line["rank"] else 0 for line in shown]
        hovers = [f"<b>{plain(line['state'])}</b><br>{text}" for line, text in zip(shown, said, strict=True)]
        ledger.bars(spots, values, own, hovers)
        ledger.beside(spots, values, said)
    return ledger.close(title="share of the time", ticksuffix=" %", rangemode="tozero")


def weighted_time(table: object, machine: Any = None, *, dark: bool | None = None) -> go.Figure:
    """Return bars: what the hours in each state add up to, weighted by a number of the machine.

    Parameters
    ----------
    table
        The answer of `weighted_time`: type, state, weight, hours, weighted_hours, share; of a key such as
        "aggregate_id" a panel a group.
    machine
        A Machine, or Machines, for the colours of the states.
    dark
        Draw on a dark page; if left out, where the template that Plotly draws by default is a dark one.

    Examples
    --------
    >>> line = {"type": "Device", "state": "on", "weight": 5.0, "hours": 10.0, "weighted_hours": 50.0, "share": 0.8}
    >>> weighted_time([line]).layout.title.text
    'on makes up 80 % of the weighted hours of devices: 50 of 50'
    """
    lines = rows(table, "state", "weight", "hours", "weighted_hours")
    parts, more = panels(lines)
    if not parts:
        return nothing("no hours were spent in a state with a weight", dark=dark)
    said = [_weightiest(part) for part in parts]
    when = f"Until {moment(lines[0]['instant'])}. " if lines[0].get("instant") else ""
    note = f"{when}Beside each: weighted hours = hours x weight.{more}"
    ledger = Ledger(parts, said, f"What the hours of {subject(parts)} add up to", note, dark=dark)
    for part in ledger:
        shown = ledger.fit(part.rows)
        ink = part.inks(machine)
        spots = ledger.add(line["state"] for line in shown)
        said = list(map(_product, shown))
        values = [line["weighted_hours"] for line in shown]
        hovers = [f"<b>{plain(line['state'])}</b><br>{text}" for line, text in zip(shown, said, strict=True)]
        ledger.bars(spots, values, [ink[line["state"]] for line in shown], hovers)
        ledger.beside(spots, values, said)
    return ledger.close(title="weighted hours", rangemode="tozero")


def _bottleneck(part: Part) -> str:
    ranked = [line for line in part.rows if line["rank"]]
    who = noun(part.type).capitalize()
    if not ranked:
        return f"{who} have left no state yet"
    top = min(ranked, key=lambda line: line["rank"])
    share = percent(top["share"])
    inside = number(top["mean_inside"])
    return (
        f"{who} spend most of their time in {word(top['state'])}: {share} of it; on average {inside} are there at once"
    )


def _of_stay(line: Row) -> str:
    told = [percent(line["share"])] if line["rank"] else ["nobody ever left"]
    told += [f"{number(line['mean_inside'])} inside"] if line["mean_inside"] is not None else []
    told += (
        [f"{span(line['mean_stay_seconds'])} a stay"] if line["rank"] and line["mean_stay_seconds"] is not None else []
    )
    return "  ·  ".join(told)


def _weightiest(part: Part) -> str:
    whole = sum(line["weighted_hours"] for line in part.rows)
    top = max(part.rows, key=lambda line: line["weighted_hours"])
    share = top["share"] if top.get("share") is not None else top["weighted_hours"] / (whole or 1)
    said = f"{word(top['state'])} makes up {percent(share)} of the weighted hours of {noun(part.type)}"
    return f"{said}: {number(top['weighted_hours'])} of {number(whole)}"


def _product(line: Row) -> str:
    return f"{number(line['weighted_hours'])} = {number(line['hours'])} x {number(line['weight'])}"
