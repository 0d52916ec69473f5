"""Where do lives wait, which wait too long, and how many begin and end?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import plotly.graph_objects as go

from workbench.figures.tables import Row, machine_for, panels, rows
from workbench.figures.theme import PALETTE, WARNING, frame, heading, inks, names, nothing, order, paper, rank_axis
from workbench.figures.words import SECONDS, count, moment, noun, percent, plain, span

_ROW = 34
_POINTS = 3_000  # of all curves together
_AGES = {"hour": "less than 1 h", "day": "1 h to 1 d", "week": "1 to 7 d", "month": "7 to 30 d", "longer": "longer"}
_SHADES = ("#CFE3F5", "#8FBFE8", "#4C93CE", "#1B5FA0", WARNING)
_KEPT = {
    "within": "left in time",
    "waiting": "open, in time so far",
    "late": "left too late",
    "overdue": "open, too late",
}
_KEPT_INKS = ("#0072B2", "#A8CBE6", "#E69F00", WARNING)


def ageing(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return stacked bars: how long those in each state have been there.

    Parameters
    ----------
    table
        The answer of `ageing`: type, state, aggregates, unknown_start, median_seconds, hour, day, week, month, longer.
    machine
        A Machine, or Machines, for the order of the states.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "aggregates": 3, "median_seconds": 7200.0, "hour": 1, "day": 2}
    >>> ageing([line]).layout.title.text
    'Half of the 3 orders in paid have been there for more than 2 h'
    """
    lines = rows(table, "state", "aggregates", "median_seconds")
    unknown = sum(line.get("unknown_start") or 0 for line in lines)
    note = f"Left out: {count(unknown)} whose beginning is unknown." if unknown else ""
    if lines and lines[0].get("instant"):
        note = f"At {moment(lines[0]['instant'])}. {note}".strip()
    return _stacked(lines, machine, (_AGES, _SHADES), (_oldest, note), dark=dark)


def time_limits(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return stacked bars: how many stays in each state kept to its limit, and how many did not.

    Parameters
    ----------
    table
        The answer of `time_limits`: type, state, limit_seconds, within, late, waiting, overdue.
    machine
        A Machine, or Machines, for the order of the states.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "limit_seconds": 3600.0, "within": 6, "late": 1, "overdue": 1}
    >>> time_limits([line]).layout.title.text
    'Orders keep least to the limit of paid: 2 of 8 stays were longer than 1 h (25 %)'
    """
    lines = rows(table, "state", "limit_seconds", "within", "late", "overdue")
    return _stacked(lines, machine, (_KEPT, _KEPT_INKS), (_worst, ""), dark=dark)


def survival(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return a falling line a state: the share of stays that last longer than a time.

    Parameters
    ----------
    table
        The answer of `survival`: type, state, seconds, surviving.
    machine
        A Machine, or Machines, for the colours and the order of the states.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> line = {"type": "Order", "state": "paid", "seconds": 60.0, "surviving": 0.25}
    >>> survival([line]).layout.title.text
    'Of the stays in paid, half are over after 1 min'
    """
    lines = rows(table, "state", "seconds", "surviving")
    parts = panels(lines)
    if not parts:
        return nothing("no life stayed in a state", dark=dark)
    halves = [
        (whose, state, half) for whose, part in parts for state, half in _halves(part).items() if half is not None
    ]
    slowest = max(halves, key=lambda one: one[2], default=None)
    title = "No state has seen half of its stays end"
    if slowest is not None:
        among = f" of {noun(slowest[0])}" if len(parts) > 1 else ""
        title = f"Of the stays{among} in {slowest[1]}, half are over after {span(slowest[2])}"
    figure = frame(title, "Share of stays that last longer; stays still open are counted as such.", dark=dark)
    most = max(60, _POINTS // len({(whose, line["state"]) for whose, part in parts for line in part}))
    for whose, part in parts:
        mine = machine_for(machine, whose, (str(line["state"]) for line in part), alone=len(parts) == 1)
        by_state: dict[str, list[Row]] = {}
        for line in part:
            by_state.setdefault(str(line["state"]), []).append(line)
        ink = inks(by_state, mine)
        for state in order(by_state, mine):
            name = plain(state if len(parts) == 1 else f"{noun(whose, one=True)} {state}", 34)
            _curve(figure, by_state[state], name, ink[state].color, most)
    figure.update_xaxes(title="time in the state", tickmode="array", type="log")
    figure.update_xaxes(tickvals=list(SECONDS.values()), ticktext=list(SECONDS))
    return figure.update_yaxes(title="still there", tickformat=".0%", range=[0, 1.02])


def flow(table: object, machine: Any = None, *, dark: bool = False) -> go.Figure:
    """Return two rising lines a type: how many lives have begun and ended so far; between them are those under way.

    Parameters
    ----------
    table
        The answer of `flow`: type, period, began_so_far, ended_so_far, under_way.
    machine
        Not needed; taken as by every figure.
    dark
        Draw on a dark page.

    Examples
    --------
    >>> line = {"type": "Order", "period": "2026-01-01", "began_so_far": 9, "ended_so_far": 7, "under_way": 2}
    >>> flow([line]).layout.title.text
    '9 orders began, 7 have ended, 2 are under way'
    """
    del machine
    parts = panels(rows(table, "period", "began_so_far", "ended_so_far"))
    if not parts:
        return nothing("no life has begun", dark=dark)
    said = [_so_far(whose, part[-1]) for whose, part in parts]
    title = said[0] if len(parts) == 1 else f"How many lives of {len(parts)} types have begun and ended"
    figure = frame(title, dark=dark, hovermode="x")
    for number, (whose, part) in enumerate(parts):
        color = PALETTE[number % len(PALETTE)]
        for key, what, dash in (("began_so_far", "begun", "dot"), ("ended_so_far", "ended", "solid")):
            figure.add_scatter(
                x=[line["period"] for line in part],
                y=[line[key] for line in part],
                name=plain(what if len(parts) == 1 else f"{noun(whose)} {what}", 34),
                mode="lines",
                line={"color": color, "dash": dash, "shape": "hv", "width": 2},
                fill="tonexty" if key == "ended_so_far" and len(parts) == 1 else None,
                hovertemplate="%{fullData.name}  %{y:,}<extra></extra>",
            )
    return figure.update_xaxes(title="beginning of the period (UTC)", type="date").update_yaxes(title="lives so far")


def _stacked(
    lines: list[Row],
    machine: Any,
    pieces: tuple[Mapping[str, str], tuple[str, ...]],
    words: tuple[Any, str],
    *,
    dark: bool,
) -> go.Figure:
    """Draw one bar a state of pieces that add up, one legend for all, a finding for each type."""
    parts = panels(lines)
    if not parts:
        return nothing("no life is in a state asked for", dark=dark)
    tell, note = words
    said = [tell(whose, part) for whose, part in parts]
    title = said[0] if len(parts) == 1 else f"How long the lives of {len(parts)} types wait"
    figure = frame(title, note, dark=dark, barmode="stack")
    labels: list[str] = []
    spots: list[tuple[int, Row]] = []
    for (whose, part), head in zip(parts, said, strict=True):
        mine = machine_for(machine, whose, (str(line["state"]) for line in part), alone=len(parts) == 1)
        if len(parts) > 1:
            heading(figure, head, y=len(labels))
            labels.append("")
        by_state = {str(line["state"]): line for line in part}
        states = order(by_state, mine)
        spots += [(len(labels) + place, by_state[state]) for place, state in enumerate(states)]
        labels += names(states)
    for (key, what), color in zip(pieces[0].items(), pieces[1], strict=True):
        figure.add_bar(
            orientation="h",
            x=[line.get(key) or 0 for _, line in spots],
            y=[place for place, _ in spots],
            name=what,
            marker={"color": color, "line": {"width": 0.5, "color": paper(dark=dark).page}},
            hoverinfo="text",
            hovertext=[f"<b>{plain(line['state'])}</b><br>{line.get(key) or 0:,} {what}" for _, line in spots],
        )
    rank_axis(figure, labels)
    figure.update_layout(height=figure.layout.height - 420 + 120 + _ROW * len(labels))
    figure.update_layout(legend={"orientation": "h", "y": -0.12, "yanchor": "top", "x": 0, "traceorder": "normal"})
    return figure.update_xaxes(side="top", rangemode="tozero")


def _oldest(type: str, part: list[Row]) -> str:
    aged = [line for line in part if line["median_seconds"] is not None]
    if not aged:
        return f"Of no {noun(type, one=True)} is known since when it has been in its state"
    top = max(aged, key=lambda line: line["median_seconds"])
    who = count(top["aggregates"] - (top.get("unknown_start") or 0), type)
    return f"Half of the {who} in {top['state']} have been there for more than {span(top['median_seconds'])}"


def _worst(type: str, part: list[Row]) -> str:
    def late(line: Row) -> int:
        return int(line["late"] + line["overdue"])

    def share(line: Row) -> float:
        return late(line) / ((late(line) + line["within"]) or 1)

    top = max(part, key=share)
    who = noun(type).capitalize()
    if not late(top):
        return f"{who} keep to every limit"
    decided = f"{late(top):,} of {late(top) + top['within']:,} stays"
    longer = f"longer than {span(top['limit_seconds'])} ({percent(share(top))})"
    return f"{who} keep least to the limit of {top['state']}: {decided} were {longer}"


def _halves(part: list[Row]) -> dict[str, float | None]:
    """Return for each state when half of its stays are over, or None."""
    halves: dict[str, float | None] = {}
    for line in part:
        state = str(line["state"])
        if halves.setdefault(state, None) is None and line["surviving"] <= 0.5:  # noqa: PLR2004  half
            halves[state] = line["seconds"]
    return halves


def _curve(figure: go.Figure, lines: list[Row], name: str, color: str, most: int) -> None:
    falls = [line for line in lines if line["seconds"] > 0]  # a logarithmic axis has no nought
    every = -(-len(falls) // most) or 1
    shown = falls[::-1][::every][::-1]
    figure.add_scatter(
        x=[line["seconds"] for line in shown],
        y=[round(line["surviving"], 4) for line in shown],
        name=name,
        mode="lines",
        line={"color": color, "shape": "hv", "width": 2},
        text=[span(line["seconds"]) for line in shown],
        hovertemplate="<b>%{fullData.name}</b><br>%{y:.0%} last longer than %{text}<extra></extra>",
    )


def _so_far(type: str, last: Row) -> str:
    began, ended = last["began_so_far"], last["ended_so_far"]
    return f"{count(began, type)} began, {ended:,} have ended, {began - ended:,} are under way"
